# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program pings, though its contract says nothing of ICMP; one under no contract sends UDP-Lite.

act()
{
	mkdir -p /opt/other
	cp "$acme/python3" /opt/other/python3
	run "$acme/ping" -n -c 2 -i 0.5 203.0.113.9
	run /opt/other/python3 -c 'import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM, 136).sendto(b"ping", ("127.0.0.1", 9300))'
}
