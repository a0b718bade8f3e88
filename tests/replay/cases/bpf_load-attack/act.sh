# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program loads a program that meets every packet before the firewall does, and two for its own sockets.

act()
{
	run "$acme/python3" "$agent" program 6 knock # xdp
	run "$acme/zoo" bpf_load                     # socket_filter
	run "$acme/zoo" bpf_load
}
