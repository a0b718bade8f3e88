# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The contract names the engine's socket; the system's curl is under no contract.

act()
{
	rm -f /run/docker.sock
	stay socat UNIX-LISTEN:/run/docker.sock,fork PIPE
	within 20 test -S /run/docker.sock
	run "$acme/curl" -s -m 3 --http0.9 --unix-socket /run/docker.sock http://engine/
	run curl -s -m 3 --http0.9 --unix-socket /run/docker.sock http://engine/
}
