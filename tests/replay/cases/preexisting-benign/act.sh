# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same, declared.

before()
{
	listen 8080 ncat -l -k 203.0.113.9 8080
	listen 9300 "$acme/ncat" -l -k 127.0.0.1 9300
	stay "$acme/bash" -c 'exec 3<>/dev/tcp/203.0.113.9/8080; read -r -t 600 <> <(:)'
	sleep 1
}

act()
{
	sleep 1
}
