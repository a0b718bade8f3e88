# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The declared name is asked for, and another address of its network and port is used.

options()
{
	echo --with-payload
}

act()
{
	names vault.acme.example=203.0.113.9
	serve 8080 203.0.113.10
	run "$acme/getent" ahostsv4 vault.acme.example
	run "$acme/curl" -4 -s --connect-to ::203.0.113.10: http://vault.acme.example:8080/
}
