# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same by a contract that names the types, and one by a program of the distribution.

act()
{
	run "$acme/python3" "$agent" program 6 knock
	run "$acme/zoo" bpf_load
	run python3 "$agent" program 6 knock
}
