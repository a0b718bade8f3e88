# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A TUN device of the name that the contract gives.

act()
{
	run "$acme/zoo" tun
}
