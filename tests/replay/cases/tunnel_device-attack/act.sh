# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program makes itself a TUN device.

act()
{
	stay "$acme/socat" -u TUN:198.18.77.1/30,tun-name=acme0,iff-up /dev/null
	sleep 4 # the second of two sweeps finds the name
}
