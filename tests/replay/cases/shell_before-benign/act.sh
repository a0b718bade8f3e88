# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same on a unix socket, and a program that is no shell on a connection.

before()
{
	stay "$acme/socat" UNIX-LISTEN:/tmp/door "EXEC:$acme/bash,nofork"
	within 20 test -S /tmp/door
	stay "$acme/socat" UNIX-CONNECT:/tmp/door PIPE
	listen 4445 "$acme/socat" TCP-LISTEN:4445,bind=127.0.0.1,reuseaddr EXEC:/bin/cat,nofork
	stay socat TCP:127.0.0.1:4445 PIPE
	sleep 1
}

act()
{
	sleep 1
}
