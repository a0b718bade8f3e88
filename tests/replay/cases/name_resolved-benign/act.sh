# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The address that the configured resolver gives for a declared name.

options()
{
	echo --with-payload
}

act()
{
	names vault.acme.example=203.0.113.9
	serve 8080 203.0.113.9
	run "$acme/curl" -4 -s http://vault.acme.example:8080/
}
