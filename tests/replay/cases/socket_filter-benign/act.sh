# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same filter, by its hash in the contract.

act()
{
	run "$acme/python3" "$agent" sleeper 2
}
