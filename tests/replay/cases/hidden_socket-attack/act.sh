# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program keeps a declared socket where no descriptor shows it: in the queue of another.

act()
{
	run "$acme/python3" "$agent" adrift 9999 6
}
