# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# What the parts of the failure suite share: a folder, a cgroup of its own that is watched, a daemon, and how a case is judged.

postern=$PWD/build/postern
port=21480
daemon=
memory=
again=tests/failure/run

set_up()
{
	dir=$(mktemp -d)
	cg=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)/postern-failure-$$
	trap tear_down EXIT
	chmod 755 "$dir"
	mkdir "$cg" "$dir/contracts" "$dir/none" "$dir/state" "$dir/acme"
	agent=$dir/acme/agent
	cp /bin/bash "$agent"
	printf '{ "format": 1, "contract": "acme", "version": 1, "vendor": "Acme",\n  "software": [ { "path": "%s/**" } ],\n  "channels": [ { "connect": "tcp", "to": "192.0.2.1", "port": 443 } ] }\n' \
		"$dir/acme" > "$dir/contracts/acme.json"
	printf '{ "format": 1, "sensor": { "cgroup": "%s", "sweep": "1s" }, "health": { "interval": "1s" }, "alerts": { "storm_per_hour": 1000 } }\n' \
		"$cg" > "$dir/postern.json"
}

tear_down()
{
	[ -z "$daemon" ] || kill -KILL "$daemon" 2> /dev/null || true
	wait 2> /dev/null || true
	! mountpoint -q "$dir/small" || { fsfreeze -u "$dir/small" 2> /dev/null || true; umount "$dir/small"; }
	[ -z "$memory" ] || rmdir "$memory" 2> /dev/null || true
	rmdir "$cg" 2> /dev/null || true
	rm -rf "$dir"
}

# verdict STATUS NAME REASON
verdict()
{
	if [ "$1" = 0 ]; then pass "$2"; else fail "$2" "$3" "$again"; fi
}

# holds NAME COMMAND... - a case that is one command, which succeeds
holds()
{
	local name=$1 said r=0

	shift
	said=$("$@" 2>&1) || r=$?
	verdict $r "$name" "failed: $* (status $r)"$'\n'"${said:0:600}"
}

# within SECONDS COMMAND... - until it succeeds
within()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

lacks() { ! "$@"; }

# clean FILE - no control character but the newline, and valid UTF-8
clean() { iconv -f UTF-8 -t UTF-8 "$1" > /dev/null && ! LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$1"; }

# ends_with NAME STATUS PATTERN... -- COMMAND...: its exit code, every extended regular expression in what it says, no control
# character in that, and an end within 20 seconds. What it said stays in $dir/said.
ends_with()
{
	local name=$1 wanted=$2 patterns=() missing='' r=0 pattern

	shift 2
	while [ "$1" != -- ]; do
		patterns+=("$1")
		shift
	done
	shift
	timeout -k 2 20 "$@" > "$dir/said" 2>&1 < /dev/null || r=$?
	for pattern in "${patterns[@]}"; do
		grep -qE -- "$pattern" "$dir/said" || missing+=$'\n'"it does not say: $pattern"
	done
	clean "$dir/said" 2> /dev/null || missing+=$'\n'"it prints control characters or invalid UTF-8"
	if [ "$r" = "$wanted" ] && [ -z "$missing" ]; then
		pass "$name"
	else
		fail "$name" "$(printf '%q ' "$@"): exit $r, not $wanted$missing"$'\n'"$(head -c 1500 "$dir/said" | cat -v)" "$again"
	fi
}

# refuses NAME STATUS PATTERN... -- COMMAND...: the same, and nothing was written by it
refuses()
{
	local before after

	before=$(snapshot)
	ends_with "$@"
	after=$(snapshot)
	[ "$before" = "$after" ] || fail "$1: nothing is changed" "$(diff <(echo "$before") <(echo "$after"))" "$again"
}

# snapshot - names, sizes and times of what a refused command might have written
snapshot() { find "$dir" -mindepth 1 ! -name said -printf '%P %s %T@\n' | sort; }

# watch_args - "${args[@]}" of a watch; more may be added behind
args=()
set_args()
{
	args=(run --config "$dir/postern.json" --contracts "$dir/contracts" --state "$dir/state" --runtime "$dir/run"
		--alerts "$dir/alerts.json")
}

answers() { "$postern" status --runtime "$dir/run" > "$dir/status" 2> /dev/null; }

# little_memory - make a cgroup $memory of 256 MiB, which the caller removes
little_memory()
{
	local v1

	v1=$(awk '$3 == "cgroup" && $4 ~ /(^|,)memory(,|$)/ { print $2; exit }' /proc/self/mounts)
	memory=${v1:-${cg%/*}}/postern-failure-memory-$$
	mkdir "$memory" 2> /dev/null || return 1
	if [ -n "$v1" ]; then
		echo 256M > "$memory/memory.limit_in_bytes"
	else
		[ -e "$memory/memory.max" ] && echo 256M > "$memory/memory.max"
	fi
}

# start [ARG...] - a daemon in the background, once it answers; $dir/out and $dir/err are what it prints
start()
{
	"$postern" "${args[@]}" "$@" > "$dir/out" 2> "$dir/err" < /dev/null &
	daemon=$!
	within 15 answers || fail "a daemon starts" "$(cat "$dir/err")" "$again"
}

# stop SIGNAL - sets ended to its exit code
stop()
{
	ended=0
	kill "-$1" "$daemon" 2> /dev/null || true # one that has ended by itself shows in its code
	wait "$daemon" 2> /dev/null || ended=$?
	daemon=
}

# inside COMMAND... - in the watched cgroup
inside() { ( echo "$BASHPID" > "$cg/cgroup.procs" && exec "$@" ) > /dev/null 2>&1 < /dev/null || true; }

# knock PORT - the vendor's program opens an undeclared channel, which is refused
knock() { inside "$agent" -c "exec 3<> /dev/tcp/127.0.0.1/$1"; }

# alerted PORT FILE - is there an alert about it?
alerted() { jq -e -n "[inputs | select(.event.dataset == \"postern.alert\" and .destination.port == $1)] | length > 0" "$2" > /dev/null 2>&1; }

# last_action FILE - of the last health record
last_action() { jq -r 'select(.event.dataset == "postern.health") | .event.action' "$1" | tail -n 1; }

# whole FILE - only whole JSON lines, whose sequence numbers have no hole
whole()
{
	jq -s -e '[.[].event.sequence] | . == [range(.[0]; .[0] + length)] and length > 0' "$1" > /dev/null
}
