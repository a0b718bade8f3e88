# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same shell asks the declared server.

act()
{
	serve 8080
	run "$acme/bash" -c '( setsid /bin/bash -c "read -r -t 0.5 <> <(:); exec 3<>/dev/tcp/127.0.0.1/8080" & ) & exit'
	sleep 1.5
}
