# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# Software under no contract that has settled: loopback and the own networks are no news, nor is a known peer's repetition.

act()
{
	serve 8080 10.20.0.7
	serve 8081
	run "$acme/curl" -s http://10.20.0.7:8080/
	sleep 4
	run "$acme/curl" -s http://10.20.0.8:8080/
	run "$acme/curl" -s http://127.0.0.1:8081/
}
