# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same, declared; the listener is a program of the system.

act()
{
	stay socat VSOCK-LISTEN:9300,fork PIPE
	sleep 1
	run "$acme/socat" -u OPEN:/etc/hostname VSOCK-CONNECT:1:9300
}
