# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# Software under no contract has settled; then the same bytes in another file take its place: nothing was changed.

act()
{
	serve 8080 10.20.0.7
	serve 8081
	cp "$acme/curl" "$acme/sync"
	run "$acme/sync" -s http://10.20.0.7:8080/
	sleep 4
	cp "$acme/curl" "$acme/sync.new"
	mv "$acme/sync.new" "$acme/sync"
	run "$acme/sync" -s http://10.20.0.8:8080/
	run "$acme/sync" -s http://127.0.0.1:8081/
}
