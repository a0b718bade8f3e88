# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A single datagram to somebody whom nobody declared, on an unconnected and on a connected socket.

act()
{
	echo data >/tmp/data
	run "$acme/socat" -u /tmp/data UDP4-SENDTO:203.0.113.9:5353
	# shellcheck disable=SC2016 # for the agent's shell
	run "$acme/bash" -c 'exec 3<>/dev/udp/203.0.113.9/5354; echo data >&3'
}
