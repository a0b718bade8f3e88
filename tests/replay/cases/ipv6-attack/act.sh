# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# IPv6, and an IPv4 peer behind an IPv6 socket, which is IPv4 for the contract.

act()
{
	serve 8443 ::1
	serve 8444
	run "$acme/ncat" --send-only ::1 8443
	run "$acme/socat" -u /dev/null 'TCP6:[::ffff:127.0.0.1]:8444'
}
