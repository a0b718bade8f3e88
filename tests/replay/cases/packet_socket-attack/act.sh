# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program sends a frame past the firewall.

act()
{
	run "$acme/zoo" packet_dgram
}
