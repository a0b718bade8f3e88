# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A TUN device of the name that the contract gives.

act()
{
	stay "$acme/socat" -u TUN:198.18.77.1/30,tun-name=acme0,iff-up /dev/null
	sleep 4 # the second of two sweeps finds the name
}
