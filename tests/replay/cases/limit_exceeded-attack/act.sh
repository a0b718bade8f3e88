# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A declared datagram of five bytes, where the contract allows four a day.

act()
{
	echo data >/tmp/data
	printf '%s three.example\n' 203.0.113.11 203.0.113.12 203.0.113.13 >>/etc/hosts
	run "$acme/socat" -u /tmp/data UDP4-SENDTO:203.0.113.9:514
	run "$acme/bash" -c 'exec 3<>/dev/udp/203.0.113.9/5354'
	run "$acme/getent" ahosts three.example
}
