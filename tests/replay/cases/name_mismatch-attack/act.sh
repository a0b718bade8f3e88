# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The declared name leads to the address, and the TLS greeting names another server.

options()
{
	echo --with-payload
}

act()
{
	names vault.acme.example=203.0.113.9
	listen 8443 socat TCP4-LISTEN:8443,bind=203.0.113.9,reuseaddr,fork PIPE
	run "$acme/curl" -4 -s -k --connect-to ::vault.acme.example: https://hidden.example:8443/
}
