# shellcheck shell=bash disable=SC2154 # acme, serve, listen, run and stay: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# A reverse shell of the system's bash, as in every manual, and a bound one of the vendor's.

act()
{
	listen 4444 ncat -l -k 127.0.0.1 4444
	stay bash -c 'exec bash -i >&/dev/tcp/127.0.0.1/4444 0>&1'
	listen 4445 "$acme/socat" TCP-LISTEN:4445,bind=127.0.0.1,reuseaddr "EXEC:$acme/bash,nofork"
	stay ncat 127.0.0.1 4445
	sleep 1
}
