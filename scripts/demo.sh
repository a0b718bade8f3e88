#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What does postern say about software that breaks its contract? A pretend vendor agent, real programs, loopback only.
set -eu -o pipefail

VERDICT_SECONDS=5
START_SECONDS=15
STOP_SECONDS=5
cd "$(dirname "$(readlink -f "$0")")/.."
postern=$PWD/build/postern
folder=
daemon=
started=()
missed=0

usage()
{
	cat <<-'END'
	usage: scripts/demo.sh [--postern PROGRAM]

	Copies bash, curl and socat into a temporary folder as "Acme's agent", writes a contract for it, starts postern on
	that contract and lets the agent open one declared and three undeclared channels on loopback. As root; ends all
	that it started and removes the folder.
	END
}

clean()
{
	local pid

	for pid in "${started[@]}" $daemon; do
		kill "$pid" 2>/dev/null || true
	done
	[ -z "$daemon" ] || wait "$daemon" 2>/dev/null || true
	[ -z "$folder" ] || rm -rf "$folder"
}

die()
{
	printf 'demo: %s\n' "$*" >&2
	exit 1
}

say()
{
	printf '\n\033[1m%s\033[0m\n' "$*"
}

# four ports below the ephemeral range that nobody listens on
pick_ports()
{
	local port=$((20000 + RANDOM % 8000)) taken

	taken=$(ss -H -ltn | awk '{ sub(/.*:/, "", $4); print $4 }')
	ports=()
	while [ ${#ports[@]} -lt 4 ]; do
		port=$((port + 1))
		grep -qx "$port" <<<"$taken" || ports+=("$port")
	done
}

install_agent()
{
	local program

	folder=$(readlink -f "$(mktemp -d "${TMPDIR:-/tmp}/postern-demo.XXXXXX")")
	mkdir -p "$folder"/{agent/bin,contracts,state,runtime}
	for program in bash curl socat; do
		cp "$(command -v "$program")" "$folder/agent/bin/acme-$program"
	done
	cat >"$folder/contracts/acme-agent.json" <<-END
	{
	  "format": 1,
	  "contract": "acme-agent", "version": 1, "vendor": "Acme Corp.",
	  "software": [ { "path": "$folder/agent/**" } ],
	  "children": "all",
	  "channels": [
	    { "connect": "tcp", "to": "127.0.0.1", "port": ${ports[0]}, "why": "licence server" }
	  ]
	}
	END
}

# the other ends: programs of the distribution, which no contract binds
serve()
{
	local port

	for port in "${ports[0]}" "${ports[1]}" "${ports[3]}"; do
		socat "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork" \
			SYSTEM:'printf "HTTP/1.0 200 OK\r\nContent-Length\: 3\r\n\r\nok\n"' 2>/dev/null &
		started+=("$!")
	done
}

watch()
{
	local end=$((SECONDS + START_SECONDS))

	"$postern" run --compact --contracts "$folder/contracts" --state "$folder/state" --runtime "$folder/runtime" \
		--alerts "$folder/alerts.json" >"$folder/lines" 2>&1 &
	daemon=$!
	until [ -s "$folder/alerts.json" ]; do # its first record says that it is watching
		if ! kill -0 "$daemon" 2>/dev/null; then
			wait "$daemon" && status=0 || status=$?
			cat "$folder/lines" >&2
			daemon=
			exit "$status"
		fi
		[ "$SECONDS" -lt "$end" ] || die "postern did not begin to watch within $START_SECONDS s: $(cat "$folder/lines")"
		sleep 0.1
	done
}

# stop - end the daemon as a service manager would, and show what it says then
stop()
{
	local before end=$((SECONDS + STOP_SECONDS))

	before=$(wc -l <"$folder/lines")
	kill -TERM "$daemon"
	while kill -0 "$daemon" 2>/dev/null; do
		[ "$SECONDS" -lt "$end" ] || die "postern did not end within $STOP_SECONDS s"
		sleep 0.1
	done
	daemon=
	tail -n +"$((before + 1))" "$folder/lines"
}

# line_about PORT - the line of the alert that names this port
line_about()
{
	grep -m 1 -E "[^0-9]$1([^0-9]|\$)" "$folder/lines"
}

# expect_alert PORT - show the verdict as soon as it is there
expect_alert()
{
	local end=$((SECONDS + VERDICT_SECONDS))

	until line_about "$1"; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "no alert within $VERDICT_SECONDS s"
			missed=$((missed + 1))
			return
		fi
		sleep 0.1
	done
}

expect_silence()
{
	sleep 1.5
	if line_about "$1"; then
		missed=$((missed + 1))
	else
		echo "no alert: the contract declares it"
	fi
}

act()
{
	local bin=$folder/agent/bin

	say "1. The agent asks its licence server on port ${ports[0]}, as its contract declares."
	"$bin/acme-curl" -s -m 3 -o "$folder/answer" "http://127.0.0.1:${ports[0]}/" || true
	expect_silence "${ports[0]}"

	say "2. The agent connects to port ${ports[1]}, which nobody declared."
	"$bin/acme-curl" -s -m 3 -o "$folder/answer" "http://127.0.0.1:${ports[1]}/" || true
	expect_alert "${ports[1]}"

	say "3. The agent opens a listener on port ${ports[2]}: a small side door."
	"$bin/acme-socat" "TCP-LISTEN:${ports[2]},bind=127.0.0.1" - </dev/null >/dev/null 2>&1 &
	started+=("$!")
	expect_alert "${ports[2]}"

	say "4. A shell that the agent starts, in a session of its own, connects to port ${ports[3]}."
	"$bin/acme-bash" -c "setsid bash -c 'exec 3<>/dev/tcp/127.0.0.1/${ports[3]}; read -r -t 2 <&3' &" || true
	expect_alert "${ports[3]}"
}

while [ $# -gt 0 ]; do
	case $1 in
	-h | --help)
		usage
		exit 0
		;;
	--postern)
		postern=$(readlink -f "${2:?--postern needs a program}")
		shift
		;;
	*)
		usage >&2
		exit 2
		;;
	esac
	shift
done
[ "$(id -u)" -eq 0 ] || die "must be run as root"
[ -x "$postern" ] || die "there is no $postern: run make"
for program in bash curl socat ss setsid; do
	command -v "$program" >/dev/null || die "$program is missing (scripts/setup test installs it)"
done

trap clean EXIT
trap 'exit 130' INT TERM HUP
pick_ports
install_agent
serve
say "The contract of the agent ($folder/contracts/acme-agent.json):"
cat "$folder/contracts/acme-agent.json"
watch
act
say "The end: postern sums up."
stop
if [ "$missed" -gt 0 ]; then
	die "$missed of 4 verdicts were not what they should be"
fi
