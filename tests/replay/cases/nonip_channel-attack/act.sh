# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program leaves by vsock, where no IP firewall looks.

act()
{
	stay socat VSOCK-LISTEN:9300,fork PIPE
	sleep 1
	run "$acme/socat" -u OPEN:/etc/hostname VSOCK-CONNECT:1:9300
}
