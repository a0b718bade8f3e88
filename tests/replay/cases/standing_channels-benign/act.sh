# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# Only loopback was open: nothing to list. What the system itself holds open is not the vendor's.

before()
{
	listen 7071 "$acme/ncat" -l -k 127.0.0.1 7071
	listen 6060 ncat -4 -l -k 6060
}

act()
{
	sleep 2
}
