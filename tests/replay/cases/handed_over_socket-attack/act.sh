# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A program of the system makes a connection and passes it to a bound one, which may use that port.

act()
{
	rm -f /tmp/passed
	listen 8080 socat TCP4-LISTEN:8080,bind=127.0.0.1,reuseaddr,fork PIPE
	stay python3 "$agent" give /tmp/passed 8080
	within 20 test -S /tmp/passed
	run "$acme/python3" "$agent" take /tmp/passed
}
