# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# A map of channels that is full: nothing crashes, what could have no entry of its own is told with its cgroup, and no byte is missing.

set_args
sed 's|"sensor": {|"sensor": { "max_channels": 256,|' "$dir/postern.json" > "$dir/keys.json"

# peers HOST: 8 bytes to each of 500 addresses, from a process of its own
peers() { inside "$agent" -c "for i in {1..250}; do for j in 1 2; do printf 12345678 > /dev/udp/127.$1.\$i.\$j/$port; done; done"; }
sent_bytes() # COUNT - by the vendor's program, as its profile says
{
	"$postern" profile --runtime "$dir/run" -o json > "$dir/profile" &&
		[ "$(jq --arg program "$agent" '[.programs[] | select(.program == $program).bytes_out] | add // 0' "$dir/profile")" = "$1" ]
}
beats() { jq -c 'select(.event.dataset == "postern.health") | .postern.health' "$dir/alerts.json"; }
map_is_full() # FILTER - is there a health record of which it is true?
{
	beats | jq -e -s --arg cgroup "$(stat -c %i "$cg")" "any(.[]; $1)" > /dev/null
}

start --config "$dir/keys.json"
peers 1
peers 2
peers 3
holds "beside a full map all bytes count" within 10 sent_bytes 12000
# shellcheck disable=SC2016 # a variable of jq
holds "what has no entry of its own is told with its cgroup" within 5 \
	map_is_full 'any(.losses[]?; .reason == "map full" and .cgroup_id == $cgroup and .count > 100)'
holds "and the map keeps to its bound" lacks map_is_full 'any(.maps[]?; .used > 256)'
stop TERM
holds "a daemon with a full map ends as it should" test "$ended" = 0
rm -rf "$dir/run" "$dir/alerts.json"
