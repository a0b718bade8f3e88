# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same datagrams, where the entry expects them as they come.

act()
{
	local i

	echo data >/tmp/data
	for i in 1 2 3 4 5 6; do
		run "$acme/socat" -u /tmp/data UDP4-SENDTO:203.0.113.9:514
		[ "$i" -eq 6 ] || sleep 2.5
	done
}
