# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program may read frames, but its filter waits for two bytes of the payload, as BPFDoor does.

act()
{
	run "$acme/python3" "$agent" sleeper 2
}
