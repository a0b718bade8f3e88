# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program opens a second door on loopback; one under no contract opens one that others can reach.

act()
{
	mkdir -p /opt/other
	cp "$acme/ncat" /opt/other/ncat
	listen 9300 "$acme/ncat" -l -k 127.0.0.1 9300
	listen 9301 "$acme/ncat" -l -k 127.0.0.1 9301
	listen 7070 /opt/other/ncat -4 -l -k 7070
}
