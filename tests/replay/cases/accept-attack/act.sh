# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A declared listener takes a connection from an address that its contract does not name.

act()
{
	listen 9300 "$acme/ncat" -l -k 127.0.0.1 9300
	run ncat --send-only -s 127.0.0.1 127.0.0.1 9300
	run ncat --send-only -s 127.0.0.9 127.0.0.1 9300
}
