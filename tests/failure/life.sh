# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# Beginnings and ends: a second daemon, a stale socket, signals, a sudden death. Nothing stays attached.

set_args

# kernel_ids PID - the ids of kernel programs, links and maps that a process holds
kernel_ids() { cat "/proc/$1/fdinfo/"* 2> /dev/null | awk '/^(prog_id|link_id|map_id):/ { print substr($1, 1, index($1, "_") - 1), $2 }' | sort -u; }

# alive FILE - how many of these does the kernel still have?
alive()
{
	local kind id count=0

	while read -r kind id; do
		! bpftool "$kind" show id "$id" > /dev/null 2>&1 || count=$((count + 1))
	done < "$1"
	echo "$count"
}

# attached - programs on the watched cgroup
attached() { bpftool cgroup tree "$cg" 2> /dev/null | awk '$1 ~ /^[0-9]+$/' | wc -l; }

gone() { [ "$(alive "$dir/ids")" = 0 ] && [ "$(attached)" = 0 ]; }

# ---- one daemon for one runtime folder ----

start
ends_with "a second daemon with the same runtime folder is refused" 1 "another postern runs with $dir/run" '--runtime' -- \
	"$postern" "${args[@]}" --alerts "$dir/second.json"
holds "the second one made no output" lacks test -e "$dir/second.json"
holds "the first one goes on" answers
knock $((port + 41))
within 5 alerted $((port + 41)) "$dir/alerts.json" || true
holds "and still raises alerts" alerted $((port + 41)) "$dir/alerts.json"

# ---- the end by signal ----

kernel_ids "$daemon" > "$dir/ids"
holds "a running daemon holds kernel programs" test "$(alive "$dir/ids")" -gt 10
holds "and some on its cgroup" test "$(attached)" -gt 0
stop TERM
holds "SIGTERM ends it with 0" test "$ended" = 0
holds "the last health record after SIGTERM says stopping" test "$(last_action "$dir/alerts.json")" = stopping
within 5 gone || true
holds "nothing stays attached after SIGTERM" gone
holds "the socket is removed" lacks test -e "$dir/run/postern.sock"
start
stop INT
holds "SIGINT ends it with 0" test "$ended" = 0
holds "the last health record after SIGINT says stopping" test "$(last_action "$dir/alerts.json")" = stopping
( "$postern" "${args[@]}" > "$dir/out" 2> "$dir/err" & echo $! > "$dir/pid"; wait $!; echo "status $?" > "$dir/said" ) &
sleep 0.1
kill -TERM "$(cat "$dir/pid")"
wait
holds "SIGTERM while it starts ends it too" grep -qxE 'status (0|143)' "$dir/said"

# ---- a sudden death ----

start
kernel_ids "$daemon" > "$dir/ids"
stop KILL
holds "a killed one leaves its socket" test -S "$dir/run/postern.sock"
within 10 gone || true
holds "nothing stays attached after SIGKILL" gone
ends_with "status says that nobody answers" 1 'no daemon answers at .*Connection refused' -- "$postern" status --runtime "$dir/run"
start
holds "a restart replaces the stale socket and answers" answers
knock $((port + 42))
within 5 alerted $((port + 42)) "$dir/alerts.json" || true
holds "and raises alerts" alerted $((port + 42)) "$dir/alerts.json"
stop TERM
holds "and ends with 0" test "$ended" = 0

# ---- a recording that was stopped hard ----

rm -f "$dir/stream.pst"
"$postern" record -o "$dir/stream.pst" --config "$dir/postern.json" 2> "$dir/err" &
daemon=$!
within 10 test -s "$dir/stream.pst" || true
kernel_ids "$daemon" > "$dir/ids"
stop KILL
within 10 gone || true
holds "nothing stays attached after SIGKILL of a recorder" gone
ends_with "its recording can be replayed, and the missing end is told" 0 'the recording has no end record' '"postern.health"' -- \
	"$postern" replay "$dir/stream.pst"
head -c -20 "$dir/stream.pst" > "$dir/cut.pst"
ends_with "a recording that is cut is replayed as far as it goes, and the place is told" 1 'cut in the middle of a record at byte [0-9]+' '"postern.health"' -- \
	"$postern" replay "$dir/cut.pst"

# ---- a reload of what is broken ----

rm -f "$dir/alerts.json"
start
printf '{ "format": 1, "contract": ' > "$dir/contracts/broken.json"
kill -HUP "$daemon"
within 5 grep -q contract-rejected "$dir/alerts.json" || true
holds "a broken contract at reload makes a health record with its place" jq -e -s \
	'any(.[]; .event.action == "contract-rejected" and (.error.message | test("broken.json:1:[0-9]+: error: ")))' "$dir/alerts.json"
knock $((port + 43))
within 5 alerted $((port + 43)) "$dir/alerts.json" || true
holds "and the old contracts stay" jq -e -s "any(.[]; .destination.port == $((port + 43)) and .postern.contract.id == \"acme\")" "$dir/alerts.json"
rm "$dir/contracts/broken.json"
stop TERM
rm -f "$dir/alerts.json"
