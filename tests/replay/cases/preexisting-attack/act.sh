# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program listened, and another was connected, before monitoring began; neither is declared.

before()
{
	listen 8443 ncat -l -k 203.0.113.9 8443
	listen 9301 "$acme/ncat" -l -k 127.0.0.1 9301
	stay "$acme/bash" -c 'exec 3<>/dev/tcp/203.0.113.9/8443; read -r -t 600 <> <(:)'
	sleep 1
}

act()
{
	sleep 1
}
