# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# How is real software put under watch? Source this from the top of the tree with the suite's own arguments: it makes a folder and a
# cgroup, and takes both away at the end. --root-cgroup (in a virtual machine): watch everything; else a child cgroup.

. tests/lib/suite.sh

# shellcheck disable=SC2034 # the suites use it
postern=$PWD/build/postern
dir=$(mktemp -d)
chmod 755 "$dir"
cgroot=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
# as under systemd: what is started is a unit of its own, so that nothing is charged to whoever runs the tests
ours=$cgroot/postern-e2e-$$
cg=$ours/agents.service
home=$cgroot$(sed -n 's/^0:://p' /proc/self/cgroup)
watched=$cg
[ "${1:-}" != --root-cgroup ] || watched=
patience=5 # seconds for what follows at once
[ -n "$watched" ] || patience=20 # an emulator is slow
pids=()
again="tests/e2e/${0##*/} ${1:-}"
mkdir -p "$ours/init.scope" "$cg" "$dir/contracts" "$dir/run"
echo $$ > "$ours/init.scope/cgroup.procs"

clean() {
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
	wait 2>/dev/null || true
	echo $$ > "$home/cgroup.procs"
	rmdir "$cg" "$ours/init.scope" "$ours" 2>/dev/null || true
	rm -rf "$dir"
}
trap clean EXIT

verdict() { # STATUS NAME REASON
	if [ "$1" = 0 ]; then pass "$2"; else fail "$2" "$3" "$again"; fi
}

program() { # NAME: where the distribution has it; nothing when it is not installed
	local path
	path=$(PATH=/usr/bin:/usr/sbin:/bin command -v "$1") || return 0
	readlink -f "$path"
}

inside() { # COMMAND...: in the watched cgroup, as its own process
	( echo "$BASHPID" > "$cg/cgroup.procs"; exec "$@" ) > /dev/null 2>&1 < /dev/null
}

leave() { # COMMAND...: the same in the background until the end
	( echo "$BASHPID" > "$cg/cgroup.procs"; exec "$@" ) > /dev/null 2>&1 < /dev/null &
	pids+=("$!")
}

within() { # SECONDS COMMAND...: until it succeeds
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

listens() { # PORT: somebody listens there
	local hex
	hex=$(printf ':%04X ' "$1")
	awk -v want="$hex" '($2 " ") ~ want "$" && $4 == "0A" { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6
}

alerts() { # JQ-FILTER: alerts that match
	jq -c "select(.event.dataset == \"postern.alert\") | select($1)" "$dir/alerts.json"
}

alerted() { [ -n "$(alerts "$1")" ]; }

expect_alert() { # NAME FILTER
	if within $patience alerted "$2"; then
		pass "$1"
	else
		fail "$1" "no alert matches $2; alerts: $(alerts true | jq -c '[.rule.id, .process.name, .destination.port]' | tr '\n' ' ')" \
			"$again"
	fi
}

silent() { # NAME FILTER: what has had its time raised nothing
	if alerted "$2"; then fail "$1" "alert: $(alerts "$2" | head -c 600)" "$again"; else pass "$1"; fi
}

expect_silence() { # NAME FILTER
	sleep 1.5
	silent "$@"
}

has_started() { grep -qs '"action":"started"' "$dir/alerts.json"; }

watch() { # COMMAND...: the daemon; ends the suite when it does not start
	"$@" > "$dir/out" 2>&1 &
	daemon=$!
	pids+=("$daemon")
	if ! within $((4 * patience)) has_started; then
		fail "postern run starts" "$(cat "$dir/out")" "$again"
		finish
		exit 1
	fi
	pass "postern run starts"
	sleep 0.5
}
