# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# No name makes this port declared.

act()
{
	serve 8443 203.0.113.9
	run "$acme/curl" -s http://203.0.113.9:8443/
}
