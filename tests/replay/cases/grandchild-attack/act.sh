# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A shell of the system, in a session of its own, its parents gone, connects without any program of the network.

act()
{
	serve 8443
	# shellcheck disable=SC2016 # for the agent's shell
	run "$acme/bash" -c '( setsid /bin/bash -c "read -r -t 0.5 <> <(:); exec 3<>/dev/tcp/127.0.0.1/8443" & ) & exit'
	sleep 1.5
}
