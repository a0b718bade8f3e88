# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program asks for a protocol that makes the kernel look for a module.

act()
{
	run "$acme/zoo" mod_req
}
