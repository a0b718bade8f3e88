# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# What is not seen is said, with its reason: by check, by the heartbeat, at once when it becomes more; and whose records were lost.

set_args
keys() { sed "s|\"sensor\": {|\"sensor\": { $1,|" "$dir/postern.json" > "$dir/keys.json"; }
check() { "$postern" check -o json --config "$dir/keys.json" > "$dir/check.json" 2> "$dir/err"; }
has() { jq -e "$1" "$dir/check.json" > /dev/null; }

# ---- check ----

keys '"share": 4096'
holds "check says in JSON what it found" check
sed -n 's/^KIND([0-9]*, [A-Z0-9_]*, "\(.*\)")$/\1/p' bpf/abi/kinds.def | sort > "$dir/kinds"
jq -r '.coverage[].name' "$dir/check.json" | sort > "$dir/rows"
holds "every kind of channel has its row" test -z "$(comm -23 "$dir/kinds" "$dir/rows")"
holds "what is not seen at once says what is missed" has '[.coverage[] | select(.state != "seen" and (.missed | length) < 3)] == []'
holds "what is blind says why" has '[.coverage[] | select(.state == "blind" and .reason == "")] == []'
holds "executions, TCP and UDP are seen at once" \
	has '[.coverage[] | select(.name == ("exec", "tcp_connect", "tcp_listen", "udp_peer") and .state != "seen")] == []'

# ---- switched off ----

keys '"lsm": false, "dns": false, "first_bytes": false'
ends_with "what is switched off says by which key" 0 'lsm_tun .*\(switched off by sensor\.lsm\)' \
	'^packet +late .*\(switched off by sensor\.lsm\)' '^dns +blind .*\(switched off by sensor\.dns\)' \
	'^first_bytes +blind .*\(switched off by sensor\.first_bytes\)' -- "$postern" check --config "$dir/keys.json"
check || true
holds "and no LSM program is loaded" has '[.hooks[] | select((.slot | startswith("lsm_")) and .state != "unused")] == []'

# ---- systemd units ----

mkdir "$cg/acme.service"
inside_unit() { ( echo "$BASHPID" > "$cg/acme.service/cgroup.procs" && exec sleep 60 ) & }
inside_unit
within 5 grep -q . "$cg/acme.service/cgroup.procs"
check || true
holds "a process is seen in its unit" has '.units.in_units >= 1 and .units.processes > .units.in_units'
kill $!
wait $! 2> /dev/null || true
within 5 rmdir "$cg/acme.service" 2> /dev/null
check || true
if has '.units.in_units == 0'; then
	ends_with "check says when nobody is seen in a unit" 0 \
		'None of [0-9]+ processes is seen in a systemd unit: contracts that name one bind nobody here; units are read from cgroup v2' -- \
		"$postern" check --config "$dir/keys.json"
	mkdir "$dir/units"
	echo '{ "format": 1, "contract": "of-a-unit", "version": 1, "software": [ { "unit": "acme.service" } ], "channels": [] }' \
		> "$dir/units/acme.json"
	start --contracts "$dir/units"
	holds "and so does health, of contracts that name one" within 10 jq -e -s \
		'any(.[]; .event.action == "units-unseen" and (.error.message | test("1 contract names a systemd unit \\(of-a-unit\\)")))' \
		"$dir/alerts.json"
	stop TERM
else
	skip "what is told when nobody is seen in a unit" "this host keeps its units in cgroup v2"
fi

# ---- the hosts file, the resolvers ----

printf 'nameserver 127.0.0.53\n' > "$dir/resolv.conf"
printf '192.0.2.7 one.example two.example # note\n  2001:db8::7\tsix.example\nno address\n' > "$dir/hosts"
host_lines() # of the recording: first, address, names
{
	python3 - "$dir/stream.pst" <<-'END'
	import ipaddress, struct, sys
	data, at = open(sys.argv[1], "rb").read(), 0
	while at + 8 <= len(data):
	    kind, _, size = struct.unpack_from("<HHI", data, at)
	    if kind == 1009:
	        first, length = struct.unpack_from("<IH", data, at + 144)
	        names = data[at + 152:at + 152 + length].decode().replace("\0", " ")
	        address = ipaddress.ip_address(data[at + 128:at + 144])
	        print(f"{first} {address.ipv4_mapped or address} {names}".strip())
	    at += max(size, 8)
	END
}
resolvers() # of the recording: the addresses of the latest record of them
{
	python3 - "$dir/stream.pst" <<-'END'
	import ipaddress, re, struct, sys
	number = int(re.search(r"RECORD\((\d+), RESOLVERS,", open("bpf/abi/records.def").read()).group(1))
	data, at, latest = open(sys.argv[1], "rb").read(), 0, []
	while at + 8 <= len(data):
	    kind, _, size = struct.unpack_from("<HHI", data, at)
	    if kind == number:
	        (count,) = struct.unpack_from("<I", data, at + 128)
	        latest = [ipaddress.ip_address(data[at + 136 + 16 * i:at + 152 + 16 * i]) for i in range(count)]
	    at += max(size, 8)
	print(*(address.ipv4_mapped or address for address in latest))
	END
}
asks() { [ "$(resolvers)" = "$1" ]; }
told() { host_lines | grep -qxF "$1"; }
# shellcheck disable=SC2016 # expanded by the inner shell
unshare -m sh -c 'mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/resolv.conf" /etc/resolv.conf &&
	mount -t tmpfs none /run && mkdir -p /run/systemd/resolve && echo "nameserver 192.0.2.53" > /run/systemd/resolve/resolv.conf &&
	exec "$@"' "$dir" \
	"$postern" record -o "$dir/stream.pst" --config "$dir/postern.json" --seconds 40 > /dev/null 2> "$dir/err" < /dev/null &
daemon=$!
holds "each line of the hosts file is told" within 20 told "0 2001:db8::7 six.example"
holds "the first one says so" told "1 192.0.2.7 one.example two.example"
holds "whom the stub of systemd-resolved asks is told too" within 5 asks "127.0.0.53 192.0.2.53"
printf 'nameserver 192.0.2.54\n' > "$dir/resolv.conf"
holds "without the stub nobody else is" within 5 asks "192.0.2.54"
printf '192.0.2.8 three.example\n' > "$dir/hosts"
holds "all are told again when it changes" within 5 told "1 192.0.2.8 three.example"
: > "$dir/hosts"
holds "and that nothing is left of it" within 5 told "1 ::"
stop TERM
rm -f "$dir/stream.pst"

# ---- somebody detaches a program ----

link_of() # PROGRAM - the link by which our cgroup holds it
{
	local prog

	for prog in $(bpftool -j prog show name "$1" | jq '.. | .id? // empty'); do
		bpftool -j link show | jq --argjson prog "$prog" --argjson cgroup "$(stat -c %i "$cg")" \
			'.[] | select(.prog_id == $prog and .cgroup_id == $cgroup) | .id'
	done
}
said() { jq -e -n "[inputs | select($1)] | length > 0" "$dir/alerts.json" > /dev/null 2>&1; }
start
holds "a heartbeat says what is not seen at once" within 5 said '.event.action == "heartbeat" and .postern.health.coverage.seen > 10'
holds "a program is detached from the cgroup" bpftool link detach id "$(link_of pst_egress)"
holds "that coverage shrank is told at once" within 5 \
	said '.error.code == "COVERAGE_SHRUNK" and (.message | test("icmp late")) and (.postern.health.coverage.late | index("icmp"))'
holds "and health is degraded" within 5 said '.event.action == "heartbeat" and .postern.health.state == "degraded"'
stop TERM
rm -rf "$dir/run" "$dir/alerts.json"

# ---- losses ----

keys '"ring_bytes": "64KiB"'
start --config "$dir/keys.json"
kill -STOP "$daemon"
inside bash -c 'for i in {1..400}; do /bin/true; done'
kill -CONT "$daemon"
holds "a loss names the cgroup that it came from" within 10 \
	said "[.postern.health.losses[]? | select(.reason == \"ring buffer full\" and .cgroup_id == \"$(stat -c %i "$cg")\" and .count > 10)] != []"
# shellcheck disable=SC2016 # a variable of jq
holds "and is counted once" said '.postern.health as $h | $h.losses and ([$h.losses[].count] | add) <= $h.events.lost'
stop TERM
rm -rf "$dir/run" "$dir/alerts.json"
