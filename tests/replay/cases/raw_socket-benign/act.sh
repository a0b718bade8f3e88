# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program pings what its contract names; the system's ping is under no contract.

act()
{
	run "$acme/ping" -n -c 2 -i 0.5 203.0.113.9
	run ping -n -c 2 -i 0.5 203.0.113.1
}
