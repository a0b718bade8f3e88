# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# The profiles outlive restarts and sudden ends: the file always loads, what cannot be used is kept aside, a full disk spoils nothing,
# and one that hangs keeps nobody waiting.

kills=${STATE_KILLS:-20} # tests/check-long: more
state=$dir/state/profiles.state
set_args

# kept FILTER - does the state file say so of the agent?
kept() { "$postern" profile "$agent" --from "$state" -o json 2> /dev/null | jq -e --arg agent "$agent" "[.past[] | select(.program == \$agent)][0] | $1" > /dev/null 2>&1; }

# field FILTER - what the state file says of the agent
field() { "$postern" profile "$agent" --from "$state" -o json | jq -r --arg agent "$agent" "[.past[] | select(.program == \$agent)][0] | $1"; }

loads() { "$postern" profiles --from "$state" > "$dir/said" 2>&1; }

# save - ask for it, until a new file is there
save()
{
	local before

	before=$(stat -c %i "$state" 2> /dev/null || echo none)
	kill -USR1 "$daemon"
	within 5 saved "$before"
}
saved() { [ -e "$state" ] && [ "$(stat -c %i "$state")" != "$1" ]; }

# writers - the processes that write the profiles now; they end with the daemon
writers() { pgrep -x postern-save -P "$daemon" || true; }

writes() { [ -n "$(writers)" ]; }

told() { jq -e -s "any(.[]; .event.action == \"$1\")" "$dir/alerts.json" > /dev/null 2>&1; }

# ---- saved on request, at the end, and read again ----

rm -rf "$dir/state" "$dir/alerts.json"
start
knock $((port + 60))
within 5 alerted $((port + 60)) "$dir/alerts.json" || true
holds "SIGUSR1 writes the profiles" save
holds "the file is its owner's alone" test "$(stat -c %a "$state")" = 600
holds "a page of the file has the channel" kept ".channels[] | select(.end == \"127.0.0.1:$((port + 60))\") | .count.attempts == 1 and .told"
first=$(field .first)
stop TERM
holds "SIGTERM ends it with 0 and writes the profiles" kept '.execs >= 1'
start
knock $((port + 60))
knock $((port + 61))
within 5 alerted $((port + 61)) "$dir/alerts.json" || true
"$postern" profile "$agent" --runtime "$dir/run" > "$dir/said" 2>&1 || true
holds "the page of the daemon has all sessions" grep -qF "over all sessions: $agent" "$dir/said"
holds "profiles names the program" bash -c "'$postern' profiles --runtime '$dir/run' | grep -qF '$agent'"
stop TERM
holds "a restart adds to what was known" kept ".channels[] | select(.end == \"127.0.0.1:$((port + 60))\") | .count.attempts == 2"
holds "a restart keeps when it was first seen" test "$(field .first)" = "$first"

# ---- sudden ends ----

n=0
failed_loads=0
while [ "$n" -lt "$kills" ]; do
	n=$((n + 1))
	start
	for _ in 1 2 3 4 5 6; do
		kill -USR1 "$daemon" 2> /dev/null || true
		sleep 0.05
	done &
	knock $((port + 60))
	sleep "0.$((RANDOM % 300 + 100))"
	[ $((n % 2)) = 0 ] || writers | xargs -r kill -KILL 2> /dev/null || true # now and then the one that writes goes first
	stop KILL
	wait
	loads || failed_loads=$((failed_loads + 1))
done
holds "after $kills times kill -9 while it saves, the file always loads" test "$failed_loads" = 0
holds "and what was saved before is still known" kept ".channels[] | select(.end == \"127.0.0.1:$((port + 60))\") | .count.attempts >= 2"
holds "and when it was first seen" test "$(field .first)" = "$first"
holds "and nothing was refused" lacks test -e "$state.refused-1"

# ---- files that cannot be used ----

cp "$state" "$dir/good.state"
rm -f "$dir/alerts.json"
truncate -s -7 "$state"
start
within 5 told state-refused || true
holds "a torn file is refused in a health record" told state-refused
holds "it is kept aside" test -s "$state.refused-1"
holds "the daemon goes on without it" answers
stop TERM
holds "and writes a new one" loads
rm -f "$dir/alerts.json"
echo '{ "not": "ours" }' > "$state"
start
within 5 told state-refused || true
holds "a foreign file is refused, and kept aside too" test -s "$state.refused-2"
holds "with the reason" jq -e -s 'any(.[]; .event.action == "state-refused" and (.error.message | test("it is no state file of postern")))' "$dir/alerts.json"
stop TERM

# ---- a full disk ----

rm -f "$dir/alerts.json" "$state".refused-*
! mountpoint -q "$dir/small" || umount "$dir/small" # of another part
mkdir -p "$dir/small"
mount -t tmpfs -o size=256k none "$dir/small"
cp "$dir/good.state" "$dir/small/profiles.state"
start --state "$dir/small"
dd if=/dev/zero of="$dir/small/filler" bs=4k 2> /dev/null || true
kill -USR1 "$daemon"
within 5 told state-unsaved || true
holds "a full disk is told in a health record" told state-unsaved
holds "the old file stays as it was" cmp -s "$dir/good.state" "$dir/small/profiles.state"
rm "$dir/small/filler"
stop TERM
holds "with room again the end writes it" bash -c "! cmp -s '$dir/good.state' '$dir/small/profiles.state'"
umount "$dir/small"

# ---- a disk that hangs ----

truncate -s 16M "$dir/disk.img"
if mkfs.ext4 -q "$dir/disk.img" 2> /dev/null && mount -o loop "$dir/disk.img" "$dir/small" 2> /dev/null; then
	state=$dir/small/profiles.state
	rm -f "$dir/alerts.json"
	start --state "$dir/small"
	knock $((port + 62))
	holds "the file is on a disk of its own" save
	cp "$state" "$dir/good.state"
	fsfreeze -f "$dir/small"
	knock $((port + 63))
	kill -USR1 "$daemon"
	holds "a disk that hangs holds who writes" within 5 writes
	knock $((port + 64))
	holds "the daemon goes on, and tells what it sees" within 5 alerted $((port + 64)) "$dir/alerts.json"
	kill -USR1 "$daemon"
	holds "and answers" answers
	holds "there are never two who write" test "$(writers | wc -l)" = 1
	before=$SECONDS
	stop TERM
	holds "its end waits, but not for ever" test $((SECONDS - before)) -ge 9 -a $((SECONDS - before)) -le 15
	holds "and says what was not written" grep -qF 'the profiles could not be saved' "$dir/err"
	holds "in a health record too" told state-unsaved
	fsfreeze -u "$dir/small"
	holds "once the disk goes on, the file is the one of before" cmp "$dir/good.state" "$state"
	holds "and it loads" loads
	umount "$dir/small"
else
	skip "a disk that hangs" "no ext4 on a loop device here"
fi
rmdir "$dir/small"
