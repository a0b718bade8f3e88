# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A declared listener; one under no contract that only this host can reach; one of the system.

act()
{
	mkdir -p /opt/other
	cp "$acme/ncat" /opt/other/ncat
	listen 9300 "$acme/ncat" -l -k 127.0.0.1 9300
	listen 7070 /opt/other/ncat -l -k 127.0.0.1 7070
	listen 6060 ncat -4 -l -k 6060
}
