# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A peer that may be the declared name, for all that this build can tell.

act()
{
	serve 8080 203.0.113.9
	run "$acme/curl" -s http://203.0.113.9:8080/
}
