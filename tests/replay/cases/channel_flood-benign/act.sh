# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same by a contract that allows the whole network.

act()
{
	# shellcheck disable=SC2016 # for the agent's shell
	run "$acme/bash" -c 'for ((i = 1; i <= 40; i++)); do : >"/dev/tcp/127.1.7.$i/9"; done; sleep 2; :'
}
