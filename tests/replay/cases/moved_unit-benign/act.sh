# shellcheck shell=bash disable=SC2016,SC2154 # acme, cgroup, serve and run: see tests/replay/inside.sh
# SPDX-License-Identifier: Apache-2.0
# The same, but it is systemd that puts the agent's child into the other unit, and so takes charge of it.

go=/tmp/moved_unit.go
child=/tmp/moved_unit.child
moved=/tmp/moved_unit.moved

before()
{
	export cgroup go child moved
	mkdir -p "$cgroup/acme.service" "$cgroup/init.scope" "$cgroup/other.service"
	rm -f "$go" "$child" "$moved"
	(
		echo "$BASHPID" >"$cgroup/init.scope/cgroup.procs"
		exec bash -c 'until [ -s "$child" ]; do sleep 0.1; done
			cat "$child" >"$cgroup/other.service/cgroup.procs"
			touch "$moved"; sleep 60'
	) >/dev/null 2>&1 </dev/null &
	(
		echo "$BASHPID" >"$cgroup/acme.service/cgroup.procs"
		exec "$acme/bash" -c 'until [ -e "$go" ]; do sleep 0.1; done
			(
				echo $BASHPID >"$child"
				until [ -e "$moved" ]; do :; done
				exec "$acme/curl" -s http://127.0.0.1:8443/
			)
			sleep 60'
	) >/dev/null 2>&1 </dev/null &
}

act()
{
	serve 8443
	touch "$go"
	sleep 3
}
