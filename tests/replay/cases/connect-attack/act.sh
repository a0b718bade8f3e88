# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# An agent talks to its declared server, and to another one on the same host.

act()
{
	serve 8080
	serve 8443
	run "$acme/curl" -s http://127.0.0.1:8080/
	run "$acme/curl" -s http://127.0.0.1:8443/
}
