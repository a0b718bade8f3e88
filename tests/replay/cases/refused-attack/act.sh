# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# Nobody listens: an attempt that is refused is an attempt.

act()
{
	run "$acme/curl" -s http://203.0.113.9:8443/
}
