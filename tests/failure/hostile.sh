# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# Bytes of others in names, command lines and records: every line stays one line of valid JSON, and no control character is printed.

set_args

# ---- a process with hostile name, path and arguments ----

evil=$dir/acme/$'e\n\033[31m"\\\xff\xc2\x9b'
cp /bin/bash "$evil"
start --events "$dir/events.json" --compact
inside "$evil" -c "printf '%b' 'n\\n\\033]0;\\0377\"' > /proc/\$\$/comm; exec 3<> /dev/tcp/127.0.0.1/$port; exit 0" \
	$'two\nlines' $'\033[2J' $'\xff\xfe' '"}' $'\xe2\x80\xae'
within 5 alerted "$port" "$dir/alerts.json" || true
within 5 grep -q ":$port" "$dir/out" || true
"$postern" tail -n 100 "$dir/alerts.json" > "$dir/compact"
"$postern" tail -n 100 -o json "$dir/alerts.json" > "$dir/json"
"$postern" profile --runtime "$dir/run" > "$dir/profile"
"$postern" profile --runtime "$dir/run" -o json | tr -d "\t" > "$dir/profile.json" # indented by tabs
unknown=0
"$postern" vendors --runtime "$dir/run" > "$dir/vendors"
"$postern" vendors --runtime "$dir/run" -o json | tr -d "\t" > "$dir/vendors.json"
"$postern" profile --runtime "$dir/run" -o json NOSUCH > /dev/null 2> "$dir/err" || unknown=$?
stop TERM
holds "the profile of a program that was never seen is an error" [ "$unknown" = 1 ]
holds "which is told on standard error" grep -q "'NOSUCH': no program, process or unit of that name" "$dir/err"
holds "a process with a hostile name, path and command line raises its alert" alerted "$port" "$dir/alerts.json"
holds "the alerts are whole JSON lines in sequence" whole "$dir/alerts.json"
holds "so are all records" whole "$dir/events.json"
holds "the readable line reaches standard output" grep -q ":$port" "$dir/out"
for file in alerts.json events.json out compact json profile profile.json vendors vendors.json; do
	holds "$file holds no control character and no invalid UTF-8" clean "$dir/$file"
done
# shellcheck disable=SC2016 # variables of jq
holds "tail -o json changes no record" jq -e -n --slurpfile a "$dir/alerts.json" --slurpfile b "$dir/json" '($b | length > 2) and $b - $a == []'
holds "the hostile path stands escaped in the alert" jq -e -s \
	"any(.[]; .destination.port == $port and (.process.executable | contains(\"\\\\x0a\") and contains(\"\\\\xff\")))" "$dir/alerts.json"
rm -f "$evil" "$dir"/alerts.json "$dir"/events.json

# ---- a record file with hostile bytes ----

{
	printf 'red \033[31m bell \007 csi \xc2\x9b31m bad \xff\xfe rtl \xe2\x80\xae nul \0 end\n'
	printf '{"event":{"dataset":"postern.alert","code":"\\u001b[31m"},"@timestamp":"2026-01-01T00:00:00Z","process":{"name":"\\u001b]0;x\\u0007","pid":1}}\n'
	printf '{"@timestamp":"2026-01-01T\033[31m0:00Z"}\n\n[]\nnull\n{"a":\n'
	head -c 3000000 /dev/zero | tr '\0' 'x'
	printf '\nlast line without its newline'
} > "$dir/hostile"
for form in compact json; do
	ends_with "tail -o $form of hostile bytes is escaped" 0 'red \\x1b\[31m' 'nul \\x00 end' 'last line' -- \
		"$postern" tail -n 100 -o $form "$dir/hostile"
	cp "$dir/said" "$dir/shown"
	holds "tail -o $form of hostile bytes prints no control character" clean "$dir/shown"
	holds "tail -o $form cuts a line that is longer than any record" test "$(wc -L < "$dir/shown")" -le 20000
done
head -c 100000 /dev/urandom > "$dir/hostile"
ends_with "tail takes random bytes" 0 -- "$postern" tail -n 1000 "$dir/hostile"
cp "$dir/said" "$dir/shown"
holds "and prints no control character of them" clean "$dir/shown"
ends_with "tail takes an endless file without its memory" 124 -- prlimit --as=200000000 timeout 1 "$postern" tail /dev/zero
ends_with "replay refuses random bytes" 1 'replay: .*hostile: .* at byte 0' -- "$postern" replay "$dir/hostile"
: > "$dir/hostile"
ends_with "replay refuses an empty file" 1 'the recording is empty' -- "$postern" replay "$dir/hostile"
ends_with "replay names a missing file" 1 "$dir/absent: No such file" -- "$postern" replay "$dir/absent"
