#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What happens while a case is recorded? Runs inside the virtual machine of record.sh: one recording per case.
# A case's act.sh defines act; before when something must be there before the recording begins; options when it is recorded with some.
# A case's record.json is the recorder's configuration instead of the usual one.
set -eu -o pipefail

START_SECONDS=180
SWEEP_SECONDS=2.2 # after the last act: two sweeps of one second each
cgroup=/sys/fs/cgroup/case
work=$PWD
resolver=10.20.0.53
recorder=

# what a case may use
export acme=/opt/acme/bin
export agent=$work/agent.py # deeds that no ready program does: see tests/e2e

# within SECONDS COMMAND... - until it succeeds
within()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# listens PORT - does anybody, on TCP?
listens()
{
	local hex

	printf -v hex ':%04X' "$1"
	awk -v end="$hex\$" '$2 ~ end && $4 == "0A" { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6
}

# run COMMAND... - to its end; how it ends is no matter
run()
{
	"$@" >/dev/null 2>&1 </dev/null || true
}

# stay COMMAND... - until the case is over
stay()
{
	"$@" >/dev/null 2>&1 </dev/null &
}

# listen PORT COMMAND... - stay, and wait until the port is open
listen()
{
	local port=$1

	shift
	stay "$@"
	within 20 listens "$port"
}

# serve PORT [ADDRESS] - the other end of a connection: a program of the system
serve()
{
	local family=4

	[[ ${2:-} != *:* ]] || family=6
	listen "$1" socat "TCP$family-LISTEN:$1,bind=${2:-127.0.0.1},reuseaddr,fork" \
		SYSTEM:'printf "HTTP/1.0 200 OK\r\nContent-Length\: 3\r\n\r\nok\n"'
}

# names NAME=ADDRESS... - the configured resolver is there, and knows these
names()
{
	stay python3 "$agent" names "$resolver" "$@"
	within 20 grep -q ':0035 ' /proc/net/udp
}

before()
{
	true
}

options()
{
	true
}

# everything that the case started is in its cgroup, whatever its parent or session
end_all()
{
	echo 1 >"$cgroup/cgroup.kill"
	within 20 grep -q 'populated 0' "$cgroup/cgroup.events"
}

is_watching()
{
	[ -s "$1" ]
}

# in_case FUNCTION CASE - in a process of its own, inside of the case's cgroup
in_case()
{
	(
		echo "$BASHPID" >"$cgroup/cgroup.procs"
		# shellcheck source=/dev/null # one file per case
		. "cases/$2/act.sh"
		"$1"
	)
}

record()
{
	local recording=$work/recordings/$1.pst config=$work/record.json asked

	[ ! -f "cases/$1/record.json" ] || config=cases/$1/record.json
	mapfile -t asked < <(in_case options "$1")
	in_case before "$1"
	build/postern record -o "$recording" --config "$config" "${asked[@]}" &
	recorder=$!
	within "$START_SECONDS" is_watching "$recording"
	in_case act "$1"
	sleep "$SWEEP_SECONDS"
	kill -INT "$recorder"
	wait "$recorder"
	end_all
}

mkdir -p recordings "$cgroup"
echo '{ "format": 1, "sensor": { "sweep": "1s" } }' >record.json
ip address add 203.0.113.1/24 dev lo # addresses of documentation: external peers that answer or refuse at once
ip address add 10.20.0.1/16 dev lo
echo "nameserver $resolver" >/etc/resolv.conf
for name in "$@"; do
	echo "== $name"
	record "$name"
done
