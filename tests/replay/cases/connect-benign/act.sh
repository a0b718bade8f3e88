# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same agent talks to its declared server only; the system's own curl may talk to anybody.

act()
{
	serve 8080
	serve 8443
	run "$acme/curl" -s http://127.0.0.1:8080/
	run curl -s http://127.0.0.1:8443/
}
