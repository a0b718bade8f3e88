# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same undeclared connection three times, by two processes: one finding that counts them.

act()
{
	serve 8443
	# shellcheck disable=SC2016 # for the agent's shell
	run "$acme/bash" -c 'for i in 1 2; do exec 3<>/dev/tcp/127.0.0.1/8443; read -r <&3; exec 3>&-; done'
	run "$acme/bash" -c 'read -r </dev/tcp/127.0.0.1/8443'
}
