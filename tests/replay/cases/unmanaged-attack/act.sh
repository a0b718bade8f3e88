# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# Software under no contract: one external peer while it settles, a second one after it has settled, and a refused one.

act()
{
	serve 8080 203.0.113.7
	serve 8081 203.0.113.8
	run "$acme/curl" -s http://203.0.113.7:8080/
	sleep 4
	run "$acme/curl" -s http://203.0.113.8:8081/
	run "$acme/curl" -s http://203.0.113.9:8082/
}
