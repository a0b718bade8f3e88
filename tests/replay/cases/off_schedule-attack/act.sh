# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A declared datagram comes every three seconds, each time by another process, where the entry expects it every eight.

act()
{
	local i

	echo data >/tmp/data
	for i in 1 2 3 4 5 6; do
		run "$acme/socat" -u /tmp/data UDP4-SENDTO:203.0.113.9:514
		[ "$i" -eq 6 ] || sleep 2.5
	done
}
