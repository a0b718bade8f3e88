# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A question to a server that is no resolver of this host, past the one that is.

act()
{
	echo question >/tmp/question
	run "$acme/getent" ahosts vault.acme.example
	run "$acme/socat" -u /tmp/question UDP4-SENDTO:10.20.0.54:53
}
