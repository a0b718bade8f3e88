# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The declared server is down.

act()
{
	run "$acme/curl" -s http://203.0.113.9:8080/
}
