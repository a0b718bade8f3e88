# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program pings, though its contract says nothing of ICMP; one under no contract speaks a protocol of its own.

act()
{
	mkdir -p /opt/other
	cp "$acme/zoo" /opt/other/zoo
	run "$acme/ping" -n -c 2 -i 0.5 203.0.113.9
	run /opt/other/zoo raw_253
}
