# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same by a contract that allows io_uring.

act()
{
	run "$acme/zoo" uring
}
