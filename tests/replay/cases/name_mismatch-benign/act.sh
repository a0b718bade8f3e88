# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The TLS greeting names the server whose name led there.

options()
{
	echo --with-payload
}

act()
{
	names vault.acme.example=203.0.113.9
	listen 8443 socat TCP4-LISTEN:8443,bind=203.0.113.9,reuseaddr,fork PIPE
	run "$acme/curl" -4 -s -k https://vault.acme.example:8443/
}
