# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same two, both declared.

act()
{
	serve 8080 ::1
	serve 8081
	run "$acme/ncat" --send-only ::1 8080
	run "$acme/socat" -u /dev/null 'TCP6:[::ffff:127.0.0.1]:8081'
}
