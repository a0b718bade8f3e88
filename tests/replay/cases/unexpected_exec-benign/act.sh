# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same agent executes what its list names; whoever starts the agent is not judged by it.

act()
{
	# shellcheck disable=SC2016 # for the agent's shell
	run "$acme/bash" -c '"$acme/curl" --version; true'
}
