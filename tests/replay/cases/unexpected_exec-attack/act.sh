# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound agent executes a program of the system that its list does not name.

act()
{
	run "$acme/bash" -c '/usr/bin/curl --version; true'
}
