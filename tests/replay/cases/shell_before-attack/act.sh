# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A bound shell that somebody opened before monitoring began.

before()
{
	listen 4445 "$acme/socat" TCP-LISTEN:4445,bind=127.0.0.1,reuseaddr "EXEC:$acme/bash,nofork"
	stay socat TCP:127.0.0.1:4445 PIPE
	sleep 1
}

act()
{
	sleep 1
}
