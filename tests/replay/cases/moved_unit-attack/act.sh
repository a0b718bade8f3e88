# shellcheck shell=bash disable=SC2016,SC2154 # acme, cgroup, serve and run: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# An agent moves itself into the cgroup of another unit, and talks from there.

go=/tmp/moved_unit.go

before()
{
	export cgroup go
	mkdir -p "$cgroup/acme.service" "$cgroup/other.service"
	rm -f "$go"
	(
		echo "$BASHPID" >"$cgroup/acme.service/cgroup.procs"
		exec "$acme/bash" -c 'until [ -e "$go" ]; do sleep 0.1; done
			echo $$ >"$cgroup/other.service/cgroup.procs"
			exec "$acme/curl" -s http://127.0.0.1:8443/'
	) >/dev/null 2>&1 </dev/null &
}

act()
{
	serve 8443
	touch "$go"
	sleep 3
}
