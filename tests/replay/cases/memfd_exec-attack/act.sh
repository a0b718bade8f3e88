# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program runs another one from memory.

act()
{
	run "$acme/zoo" ex_memfd
}
