# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A shell on a unix socket and one on pipes; a program that is no shell on a connection; only stderr on one.

act()
{
	listen 4444 ncat -l -k 127.0.0.1 4444
	stay "$acme/socat" UNIX-LISTEN:/tmp/door "EXEC:$acme/bash,nofork"
	within 20 test -S /tmp/door
	stay "$acme/socat" UNIX-CONNECT:/tmp/door PIPE
	stay "$acme/socat" PIPE "EXEC:$acme/bash,pipes"
	stay "$acme/socat" TCP:127.0.0.1:4444 EXEC:/bin/cat,nofork
	stay bash -c 'exec bash -c "read -r -t 600 <> <(:)" 2>/dev/tcp/127.0.0.1/4444'
	sleep 1
}
