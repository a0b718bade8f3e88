# shellcheck shell=bash disable=SC2154 # acme, agent, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound program makes a declared connection through io_uring, without one socket call.

act()
{
	run "$acme/zoo" uring
}
