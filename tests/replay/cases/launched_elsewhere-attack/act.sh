# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program talks to the container engine, which starts what it is told.

act()
{
	rm -f /run/docker.sock
	stay socat UNIX-LISTEN:/run/docker.sock,fork PIPE
	within 20 test -S /run/docker.sock
	run "$acme/curl" -s -m 3 --http0.9 --unix-socket /run/docker.sock http://engine/
}
