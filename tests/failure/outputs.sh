# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# Outputs that fail while it watches: full disks, closed pipes, rotated files. The watch goes on, says so, and loses nothing silently.

set_args

queued() { # NAME OP NUMBER: lines that wait, as status says
	answers && awk -v name="$1" -v op="$2" -v n="$3" \
		'$1 == "sink" && $2 == name { found = op == "=" ? $3 == n : $3 > n } END { exit !found }' "$dir/status"
}

fill_small() { dd if=/dev/zero of="$dir/small/filler" bs=4k 2> /dev/null || true; }

# ---- a full disk ----

mkdir "$dir/small"
mount -t tmpfs -o size=256k none "$dir/small"
start --alerts "$dir/small/alerts.json" --events "$dir/events.json"
knock $((port + 1))
within 5 alerted $((port + 1)) "$dir/small/alerts.json" || true
fill_small
for i in 2 3 4 5; do knock $((port + i)); done
within 10 alerted $((port + 5)) "$dir/events.json" || true
holds "with a full disk the other output gets its alerts" alerted $((port + 5)) "$dir/events.json"
within 5 queued alerts '>' 1 || true
within 5 grep -q 'No space left' "$dir/err" || true
holds "status tells how many lines wait" queued alerts '>' 1
holds "standard error tells it once" test "$(grep -c "cannot write alerts to $dir/small/alerts.json: No space left on device; make room" "$dir/err")" = 1
within 5 jq -e -s 'any(.[]; .postern.health.sink.alerts.queued > 1)' "$dir/events.json" > "$dir/said" || true
holds "a health record in the other output tells it" jq -e -s 'any(.[]; .postern.health.sink.alerts.queued > 1 and .postern.health.sink.events.queued == 0)' "$dir/events.json"
rm "$dir/small/filler"
within 10 queued alerts '=' 0 || true
for i in 1 2 3 4 5; do
	holds "the alert of channel $i is there when there is room again" alerted $((port + i)) "$dir/small/alerts.json"
done
holds "its lines are whole and none is missing" whole "$dir/small/alerts.json"
within 5 grep -q "alerts go to .* again" "$dir/err" || true
holds "standard error tells that it goes on" grep -q "alerts go to $dir/small/alerts.json again; 0 lines were dropped" "$dir/err"
fill_small
knock $((port + 6))
within 5 queued alerts '>' 0 || true
: > "$dir/small/alerts.json" # somebody makes room the quick way, while a line is half written
rm "$dir/small/filler"
within 10 alerted $((port + 6)) "$dir/small/alerts.json" || true
holds "a file that was emptied to make room begins with a whole line" whole "$dir/small/alerts.json"
holds "and has the alert that waited" alerted $((port + 6)) "$dir/small/alerts.json"
stop TERM
holds "the end is 0 when nothing was lost" test "$ended" = 0

# ---- more than the queue holds ----

rm -f "$dir/small/"* "$dir/events.json"
sed 's/"format": 1,/"format": 1, "output": { "queue_bytes": "64KiB" },/' "$dir/postern.json" > "$dir/short.json"
start --config "$dir/short.json" --alerts "$dir/small/alerts.json" --events "$dir/events.json"
fill_small
for i in {100..180}; do knock $((port + i)); done
within 10 alerted $((port + 180)) "$dir/events.json" || true
dropped() { answers && awk '$1 == "sink" && $2 == "alerts" && $6 > 0 { found = 1 } END { exit !found }' "$dir/status"; }
within 5 dropped || true
holds "what the queue cannot hold is counted in status" dropped
rm "$dir/small/filler"
within 10 queued alerts '=' 0 || true
stop TERM
holds "standard error tells how many were dropped" grep -qE "alerts go to $dir/small/alerts.json again; [1-9][0-9]* lines were dropped" "$dir/err"
holds "and so does the end, which is 1" grep -qE '^postern: [1-9][0-9]* lines of alerts could not be written' "$dir/err"
holds "the end with dropped lines is 1" test "$ended" = 1
count=$(sed -n -E 's/^postern: ([0-9]+) lines of alerts could not be written.*/\1/p' "$dir/err")
holds "written and dropped lines are all there were" jq -e -s "(.[-1].event.sequence) == length + ${count:-0}" "$dir/small/alerts.json"

# ---- a disk that stays full ----

rm -f "$dir/small/"* "$dir/events.json"
start --alerts /dev/full --events "$dir/events.json"
knock $((port + 11))
within 5 alerted $((port + 11)) "$dir/events.json" || true
holds "with /dev/full the other output gets its alerts" alerted $((port + 11)) "$dir/events.json"
stop TERM
holds "an end with lost lines is 1" test "$ended" = 1
holds "and tells how many were lost where" grep -qE '^postern: [1-9][0-9]* lines of alerts could not be written to /dev/full: No space' "$dir/err"
holds "the output that works has the last record" test "$(last_action "$dir/events.json")" = stopping
rm -f "$dir/events.json"

head -c 245760 /dev/zero > "$dir/small/filler"
( while sleep 0.02; do inside "$agent" -c ":"; done ) &
busy=$!
ends_with "a recording on a full disk ends with its reason" 1 'the recording is cut after [0-9]+ records: No space left' -- \
	timeout 15 "$postern" record -o "$dir/small/stream.pst" --config "$dir/postern.json"
kill "$busy"
wait "$busy" 2> /dev/null || true
holds "what was recorded is not lost" test -s "$dir/small/stream.pst"
umount "$dir/small"

# ---- nobody reads standard output any more ----

start --alerts "$dir/alerts.json"
knock $((port + 21))
within 5 alerted $((port + 21)) "$dir/alerts.json" || true
stop TERM
for i in {1..200}; do cat "$dir/alerts.json"; done > "$dir/long.json"
for form in compact json; do
	holds "tail -o $form into head is quiet" test "$( { "$postern" tail -n 1000 -o $form "$dir/long.json"; echo "status $?" >&3; } 3> "$dir/said" 2>&1 | head -n 1 | wc -l)" = 1
	holds "and ends with 0" grep -qx 'status 0' "$dir/said"
done
ends_with "a recording of a second" 0 '[0-9]+ records, [0-9]+ bytes' -- "$postern" record -o "$dir/stream.pst" --seconds 1 --config "$dir/postern.json"
for what in "replay $dir/stream.pst" "profile --from $dir/stream.pst -o json" "record -o - --config $dir/postern.json"; do
	# shellcheck disable=SC2086 # several words
	{ timeout 15 "$postern" $what 2> "$dir/err"; echo "status $?" > "$dir/said"; } | head -c 1 > /dev/null
	holds "${what%% *} into head is quiet" lacks test -s "$dir/err"
	holds "${what%% *} into head ends with 0" grep -qx 'status 0' "$dir/said"
done
ends_with "replay into a full disk ends with its reason" 1 'lines of alerts could not be written to .*No space left' -- \
	"$postern" replay "$dir/stream.pst" --alerts /dev/full
mkfifo "$dir/pipe"
head -n 1 "$dir/pipe" > "$dir/first" &
( "$postern" "${args[@]}" --alerts - --events "$dir/events.json" > "$dir/pipe" 2> "$dir/err" < /dev/null & echo $! > "$dir/pid" )
within 15 answers || true
wait $! || true
knock $((port + 22))
within 5 alerted $((port + 22)) "$dir/events.json" || true
holds "a watch goes on when its reader is gone" alerted $((port + 22)) "$dir/events.json"
kill "$(cat "$dir/pid")" 2> /dev/null || true
within 5 lacks kill -0 "$(cat "$dir/pid")" 2> /dev/null || true
holds "and says nothing of it" lacks grep -v 'watching with' "$dir/err"
rm -f "$dir/pipe" "$dir/events.json"
# shellcheck disable=SC2016 # expanded by the inner shell
sh -c 'exec "$@" <&- >&- 2>&-' sh "$postern" "${args[@]}" --compact --alerts "$dir/closed.json" --events "$dir/events.json" &
daemon=$!
within 15 answers || true
kill -HUP "$daemon"
printf '{' > "$dir/contracts/broken.json"
kill -HUP "$daemon"
within 5 grep -q contract-rejected "$dir/closed.json" || true
knock $((port + 23))
within 5 alerted $((port + 23)) "$dir/closed.json" || true
stop TERM
rm "$dir/contracts/broken.json"
for file in closed events; do
	holds "with closed standard streams no message gets into a file ($file)" whole "$dir/$file.json"
done

# ---- rotation ----

rm -f "$dir"/*.json.1 "$dir/alerts.json"
start
mv "$dir/alerts.json" "$dir/alerts.json.1"
kill -HUP "$daemon"
within 5 test -e "$dir/alerts.json" || true
knock $((port + 31))
within 5 alerted $((port + 31)) "$dir/alerts.json" || true
holds "SIGHUP after a rotation makes the new file" alerted $((port + 31)) "$dir/alerts.json"
holds "the old one keeps what it has" test -s "$dir/alerts.json.1"
stop TERM
cat "$dir/alerts.json.1" "$dir/alerts.json" > "$dir/both.json"
holds "no line is missing between the two" whole "$dir/both.json"
rm -f "$dir"/*.json.1 "$dir"/alerts.json "$dir"/events.json
