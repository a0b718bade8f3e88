# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A back door that was open before monitoring began stands in the inventory.

before()
{
	listen 7070 "$acme/ncat" -4 -l -k 7070
	listen 7071 "$acme/ncat" -l -k 127.0.0.1 7071
}

act()
{
	sleep 2
}
