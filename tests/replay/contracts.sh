# shellcheck shell=bash disable=SC2154 # run sets what is used here
# SPDX-License-Identifier: Apache-2.0
# What do the contract tools say of the recordings: test, why, explain, diff? Their words, exit codes, and that what they advise is true.

# tool WANTED-STATUS ARGUMENT... - one contract action without privilege; fills $dir/said and $dir/err, prints how its end differs
tool()
{
	local want=$1

	shift
	status=0
	(cd / && exec env -i PATH="$PATH" "${drop_root[@]}" "$dir/postern" contract "$@") >"$dir/said" 2>"$dir/err" <"$dir/stdin" || status=$?
	[ "$status" -eq "$want" ] || echo "exit status $status, not $want: $(head -c 600 "$dir/err")"
}

# says WORDS... - the last tool's output has each of these
says()
{
	local words

	for words in "$@"; do
		grep -qF -- "$words" "$dir/said" "$dir/err" || echo "did not say \"$words\" but: $(head -c 1200 "$dir/said" "$dir/err")"
	done
}

# bound - ids of the findings of the last replay that a contract is about
bound()
{
	grep -F '"kind":"alert"' "$dir/out" | grep -F '"contract":{"id"' | grep -o '"finding":{"id":"f:[0-9a-f]*"' | cut -d '"' -f 6 | sort -u || true
}

# test_case CASE - as many alerts as the replay has, or none
test_case()
{
	local name=$1 folder=$dir/cases/$1 count want=6 words

	[ -d "$folder/contracts" ] && [ -f "$folder/stream.pst" ] || return 0 # what is missing is told elsewhere
	replay "$name" "$folder/stream.pst"
	count=$(bound | wc -l)
	words="would have raised $count alerts:"
	case $count in
	0) want=0 words="would have raised no alert" ;;
	1) words="would have raised 1 alert:" ;;
	esac
	set -- "$folder"/contracts/*.json --against "$folder/stream.pst"
	[ ! -f "$folder/config.json" ] || set -- "$@" --config "$folder/config.json"
	verdict "$name: contract test says how many alerts there would have been" "$(tool "$want" test "$@" && says "$words")" "$name"
}

run_why()
{
	local folder=$dir/cases/$model id entry

	replay "$model" "$folder/stream.pst"
	cp "$dir/out" "$dir/alerts"
	id=$(bound)
	verdict "contract why names the nearest entry, what kept it from allowing, and what would" "$(tool 0 why "$id" --alerts "$dir/alerts" &&
		says "$id" acme-agent '"port":8080' 'port 8443 is not 8080' '{"connect":"tcp","to":"127.0.0.1","port":8443}')"
	entry=$(sed -n 's/^    \({.*}\)$/\1/p' "$dir/said")
	sed "s|\"channels\": \[|&\n    $entry,|" "$folder/contracts/acme.json" >"$dir/allowed.json"
	verdict "the entry that it gives allows it" "$(tool 0 test "$dir/allowed.json" --against "$folder/stream.pst" && says "would have raised no alert")"
	verdict "and is the only difference" "$(tool 1 diff "$folder/contracts/acme.json" "$dir/allowed.json" &&
		says "+ may newly connect by TCP to 127.0.0.1 on port 8443" && wc -l <"$dir/said" | grep -v '^1$')"
	cp "$dir/alerts" "$dir/stdin"
	verdict "the beginning of an id is enough, also from standard input" "$(tool 0 why "${id:2:6}" --alerts - && says "$id")"
	: >"$dir/stdin"
	verdict "an event's id is one too" "$(tool 0 why "$(grep -F "$id" "$dir/alerts" | grep -o '"module":"postern","provider":"postern","id":"[^"]*' | head -n 1 | cut -d '"' -f 12)" \
		--alerts "$dir/alerts" && says "$id")"
	verdict "an unknown id is told with how many alerts were read" "$(tool 1 why f:0000 --alerts "$dir/alerts" && says "has the id 'f:0000' (2 alerts were read)")"
	verdict "a word that is no id is told" "$(tool 2 why curl --alerts "$dir/alerts" && says "'curl' is no id")"
	verdict "a missing file of alerts is told" "$(tool 1 why f:00 --alerts "$dir/none" && says "cannot read $dir/none: No such file")"
}

run_words()
{
	local contract=$dir/cases/$model/contracts/acme.json

	verdict "contract explain says what is allowed, in sentences" "$(tool 0 explain "$contract" &&
		says "Contract acme-agent, version 1, of Acme Corp." "programs below /opt/acme" "connect by TCP to 127.0.0.1 on port 8080: licence server")"
	sed 's/8080/"8080-8090"/; s/"version": 1/"version": 2/' "$contract" >"$dir/next.json"
	verdict "contract diff says what is new, and ends with 1" "$(tool 1 diff "$contract" "$dir/next.json" &&
		says "+ may newly connect by TCP to 127.0.0.1 on ports 8081-8090: licence server" "its version is 2, was 1")"
	verdict "and the other way round what is gone" "$(tool 1 diff "$dir/next.json" "$contract" &&
		says "- may no longer connect by TCP to 127.0.0.1 on ports 8081-8090: licence server")"
	verdict "as JSON too" "$(tool 1 diff -o json "$contract" "$dir/next.json" && python3 -c '
import json, sys
page = json.load(sys.stdin)
rows = page["differences"]
assert page["count"] == len(rows) == 2, page
assert rows[0]["change"] == "newly" and rows[0]["about"] == "channels" and rows[0]["line"] == 6, rows
' <"$dir/said" 2>&1)"
	verdict "contract diff of the same is silent and ends with 0" "$(tool 0 diff "$contract" "$contract" && head -c 200 "$dir/said")"
	echo '{' >"$dir/broken.json"
	verdict "a broken contract is told with its place" "$(tool 3 diff "$contract" "$dir/broken.json" && says "broken.json:")"
	verdict "contract test without a recording says what is missing" "$(tool 2 test "$contract" && says "--against FILE is missing")"
	verdict "contract test of what is no recording says so" "$(tool 1 test "$contract" --against "$contract" && says "of postern")"
}

run_contracts()
{
	local folder

	for folder in "$cases"/*/; do
		test_case "$(basename "$folder")"
	done
	run_why
	run_words
}
