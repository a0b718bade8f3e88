# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A name is asked of the configured resolver, which does not answer.

act()
{
	run "$acme/getent" ahosts vault.acme.example
}
