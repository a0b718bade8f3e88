# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# Software under no contract has settled; then another file takes its place, which talks to two further peers: one change and one difference.

act()
{
	serve 8080 203.0.113.7
	serve 8081 203.0.113.8
	cp "$acme/curl" "$acme/sync"
	run "$acme/sync" -s http://203.0.113.7:8080/
	sleep 4
	cp "$acme/curl" "$acme/sync.new"
	printf 'another release' >>"$acme/sync.new"
	mv "$acme/sync.new" "$acme/sync"
	run "$acme/sync" -s http://203.0.113.8:8081/
	run "$acme/sync" -s http://203.0.113.9:8082/
}
