# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The interface that the contract names; the system's tcpdump is under no contract.

act()
{
	stay tcpdump -Z root -n -i lo udp port 9
	run "$acme/zoo" packet_dgram
}
