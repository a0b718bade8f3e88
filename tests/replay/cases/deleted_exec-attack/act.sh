# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program runs a helper that it has unlinked before.

act()
{
	cp "$acme/zoo" /tmp/helper
	run "$acme/bash" -c 'exec 9</tmp/helper; rm /tmp/helper; exec /proc/self/fd/9 --exit'
}
