# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# Contracts, configurations and command lines that are wrong: every error with its place, exit 3 or 2, nothing written.

in=$dir/input
mkdir -p "$in/broken" "$in/noted"
set_args

bad() { cat > "$in/broken/bad.json"; } # the contract that the next case gives

at='bad\.json:[0-9]+:[0-9]+: error: '
caret='^ +\^$'

# ---- a broken contract at start ----

start_with_bad() # NAME PATTERN...
{
	local name=$1

	shift
	refuses "$name" 3 "$at" "$caret" "$@" -- "$postern" "${args[@]}" --contracts "$in/broken"
}

printf '{ "format": 1,\n  "contract": "acme" "version": 1 }\n' | bad
start_with_bad "a contract with a syntax error is refused at start" 'bad\.json:2:'
printf '{ "format": 1, "contract": "acme", "version": 1, "vendor": "A",\n  "software": [ { "path": "/opt/acme/**" } ],\n  "chanels": [] }\n' | bad
start_with_bad "an unknown key is told with the one that was meant" 'bad\.json:3:3:' 'did you mean "channels"'
printf '{ "format": 1, "contract": "acme",\n  "version": 1, "version": 2 }\n' | bad
start_with_bad "a key that stands twice is told with both places" 'bad\.json:2:17:.*"version".*second time.*line 2'
printf '{ "format": 1, "contract": "acme", "version": "one" }\n' | bad
start_with_bad "a wrong type is told with the right one" '"version" must be a whole number.*is a string'

entry() { printf '{ "format": 1, "contract": "acme", "version": 1, "vendor": "A",\n"software": [ { "path": "/opt/acme/**" } ], "channels": [\n%s\n] }\n' "$1" | bad; }
entry '{ "connect": "tcp", "to": "300.1.2.3", "port": 443 }'
start_with_bad "an address that is none is shown" 'bad\.json:3:27:.*"300\.1\.2\.3" is no address'
entry '{ "connect": "tcp", "to": "10.1.2.3/16", "port": 443 }'
start_with_bad "a prefix with host bits is told with what was meant" '10\.1\.2\.3/16.*did you mean "10\.1\.0\.0/16"'
entry '{ "connect": "tcp", "to": "10.0.0.1", "port": 65536 }'
start_with_bad "a port above 65535 is refused" 'from 1 to 65535'
printf '{ "format": 1, "contract": "acme", "version": "x",\n "software": [ { "path": 7, "uids": 3 } ],\n "channels": [ { "connect": "tcpp", "to": "1.2.3" } ] }\n' | bad
start_with_bad "all errors of a file are told at once" 'bad\.json:1:' 'bad\.json:2:.*' '"uids".*"uid"' 'bad\.json:3:.*' '1\.2\.3'
printf '{ "format": 2, "contract": "acme" }\n' | bad
start_with_bad "an unknown format is refused" 'format'
refuses "a missing folder of contracts is refused" 3 "cannot read the contracts in $in/nowhere: No such file" -- \
	"$postern" "${args[@]}" --contracts "$in/nowhere"
refuses "a file instead of a folder of contracts is refused" 3 "Not a directory" -- \
	"$postern" "${args[@]}" --contracts "$dir/contracts/acme.json"
refuses "replay refuses a broken contract" 3 "$at" -- "$postern" replay /dev/null --contracts "$in/broken"

# ---- contract check ----

ends_with "contract check goes through all files" 3 'acme\.json: ok' "$at" 'absent\.json: error: No such file' -- \
	"$postern" contract check "$dir/contracts/acme.json" "$in/broken/bad.json" "$in/absent.json"
ends_with "contract check of good files is 0" 0 'acme\.json: ok: contract acme version 1' -- \
	"$postern" contract check "$dir/contracts/acme.json"
sed 's/"contract": *"acme"/&, "limits": { "bytes_out_per_day": 1000000 }, "exec": "\/bin\/true"/' "$dir/contracts/acme.json" > "$in/noted/limits.json"
ends_with "what means more than it says is a note" 0 'note: .*/usr/bin' -- "$postern" contract check "$in/noted/limits.json"
ends_with "and no error with --strict either" 0 'ok: contract acme' -- "$postern" contract check --strict "$in/noted/limits.json"
ends_with "a folder is no contract file" 3 'is a folder; name its files' -- "$postern" contract check "$in/broken"

( printf '{ "format": 1, "contract": "acme"'; head -c 2097152 /dev/zero | tr '\0' ' '; printf '}' ) > "$in/big.json"
ends_with "a contract of 2 MiB is refused" 3 'big\.json: error: the file is larger than 1 MiB' -- "$postern" contract check "$in/big.json"
printf '{ "format": 1, "contract": "ac\0me" }' > "$in/nul.json"
ends_with "a NUL byte is told with its place" 3 'nul\.json:1:31: error: a NUL byte' "$caret" -- "$postern" contract check "$in/nul.json"
printf '{ "format": 1, "contract": "ac\xffme" }' > "$in/utf8.json"
ends_with "invalid UTF-8 is told with its place" 3 'utf8\.json:1:31: error: .*UTF-8' "$caret" -- "$postern" contract check "$in/utf8.json"
( printf '{ "format": 1, "x-deep": '; printf '[%.0s' {1..1000}; printf ']%.0s' {1..1000}; printf '}' ) > "$in/deep.json"
ends_with "nesting of 1000 levels is refused" 3 'deep\.json:1:[0-9]+: error: nested too deeply' -- "$postern" contract check "$in/deep.json"
printf '\xef\xbb\xbf{ "format": 1 }' > "$in/bom.json"
ends_with "a byte order mark is named" 3 'bom\.json:1:1: error: .*byte order mark' -- "$postern" contract check "$in/bom.json"
printf '{ "format": 1, "\033[31mkey": 1, "contract": "\xe2\x80\xae" }' > "$in/escape.json"
ends_with "hostile bytes of a contract are shown escaped" 3 'escape\.json:1:' -- "$postern" contract check "$in/escape.json"
: > "$in/empty.json"
ends_with "an empty contract is refused" 3 'empty\.json:1:1: error: the text is empty' -- "$postern" contract check "$in/empty.json"

# ---- configuration ----

config() { printf '%s\n' "$1" > "$in/postern.json"; }
refuse_config() # NAME PATTERN...
{
	local name=$1

	shift
	refuses "$name" 3 "$@" -- "$postern" "${args[@]}" --config "$in/postern.json"
}
config '{ "format": 1, "sensor": { "swep": "1s" } }'
refuse_config "an unknown key of the configuration is told with the one that was meant" 'postern\.json:1:28:.*did you mean "sensor\.sweep"' "$caret"
config '{ "format": 1, "sensor": { "ring_bytes": "2GiB" }, "health": { "interval": "1w" } }'
refuse_config "a ring above the range is refused, with all other errors" '"sensor\.ring_bytes" must be from [0-9]+ to [0-9]+ bytes' '"health\.interval" takes a time'
config '{ "format": 1, "sensor": { "ring_bytes": 3000000 } }'
refuse_config "a ring that is no power of two is refused" 'power of two'
config '{ "format": 1 '
refuse_config "a cut configuration is refused" 'postern\.json:[0-9]:[0-9]+: error: ' "$caret"
refuses "a missing configuration is refused" 3 'absent\.json: error: No such file' -- "$postern" "${args[@]}" --config "$in/absent.json"

# ---- the command line ----

refuses "an unknown option is told with the one that was meant" 2 'unknown option --contract-s; did you mean --contracts' -- \
	"$postern" run --contract-s "$in"
refuses "an unknown letter is named, also among others" 2 'unknown option -z' -- "$postern" tail -fz
refuses "an option without its argument is named" 2 '-n takes an argument' -- "$postern" tail -n
refuses "a number that is none is shown" 2 "not 'ten'" -- "$postern" tail -n ten
refuses "an unknown command is told with the one that was meant" 2 "unknown command 'stauts'; did you mean 'status'" -- "$postern" stauts
refuses "no command at all shows the commands" 2 'Usage: postern COMMAND' -- "$postern"
refuses "an unknown detector is told, and where they are listed" 2 "no detector is called 'nothing'" "'postern explain' lists them" -- \
	"$postern" explain nothing
refuses "a detector's name that is nearly right is told" 2 "did you mean 'changed_channels'" -- "$postern" explain changed_chanels
refuses "an operand too many is refused" 2 "'now' is one operand too many; usage: postern run" -- "$postern" run now

# ---- a full disk behind standard output ----

for command in help "contract schema" "contract explain $dir/contracts/acme.json" "contract check $dir/contracts/acme.json" \
	"vendors --from tests/replay/cases/connect-attack/stream.pst"; do
	# shellcheck disable=SC2016,SC2086 # expanded by the inner shell; several words
	ends_with "${command%% /*} into a full disk ends with its reason" 1 'standard output: ' -- \
		bash -c '"$@" > /dev/full' - "$postern" $command
done
# shellcheck disable=SC2016 # expanded by the inner shell
ends_with "into a pipe that nobody reads it is quiet" 0 -- \
	bash -c '{ sleep 0.2; "$1" contract schema; echo "status $?" >&2; } | true; exit "${PIPESTATUS[1]}"' - "$postern"
holds "and ends with 0" test "$(cat "$dir/said")" = 'status 0'
long=$(printf '/opt/%0275d ' {1..14})
# shellcheck disable=SC2086 # several words
ends_with "a request that is too long says so" 2 'these are too many names: take a pattern' -- \
	"$postern" learn --id "$(printf '%064d' 0)" --accept all $long
ends_with "a contract to compare with is read before the command runs" 3 'absent\.json: No such file' -- \
	"$postern" learn --run --contract "$in/absent.json" -- touch "$in/ran"
holds "which did not run then" lacks test -e "$in/ran"
