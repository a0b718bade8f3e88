# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# Vendor software under no contract sends to more addresses than are kept apart.

act()
{
	run "$acme/python3" "$agent" scan 40
}
