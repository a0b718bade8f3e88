#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Where do the recordings come from? Boots a virtual machine, lets real programs act each case there, and keeps what postern recorded.
set -eu -o pipefail

cd "$(dirname "$(readlink -f "$0")")/../.."

SERIES=6.12
TIMEOUT=1500
BYTES_MAX=300000 # of one recording
cases=tests/replay/cases

usage()
{
	cat <<-END
	usage: tests/replay/record.sh [CASE]...

	Makes the recordings of all cases, or of the named ones, anew: stream.pst in each folder of $cases.
	In a virtual machine with kernel $SERIES, so that no name, address or path of this machine is in them. Build first.
	END
}

die()
{
	printf 'record: %s\n' "$*" >&2
	exit 1
}

if [ "${1:-}" = -h ] || [ "${1:-}" = --help ]; then
	usage
	exit 0
fi
if [ $# -gt 0 ]; then names=("$@"); else mapfile -t names < <(cd "$cases" && printf '%s\n' *); fi

carried=(--file build/postern --file tests/replay/inside.sh --file tests/e2e/agent.py:agent.py --file build/zoo:/opt/acme/bin/zoo)
for name in "${names[@]}"; do
	[ -f "$cases/$name/act.sh" ] || die "there is no case $name"
	carried+=(--file "$cases/$name/act.sh:cases/$name/act.sh")
	[ ! -f "$cases/$name/record.json" ] || carried+=(--file "$cases/$name/record.json:cases/$name/record.json")
done
# the system's own programs, and copies of them as the vendor's
for program in bash curl ncat ping python3 setsid socat tcpdump; do
	path=$(PATH=/usr/bin:/bin command -v "$program") || die "$program is missing (scripts/setup test installs it)"
	carried+=(--program "$program" --file "$path:/opt/acme/bin/$program")
done
path=$(PATH=/usr/bin:/bin command -v getent) || die "getent is missing"
carried+=(--file "$path:/opt/acme/bin/getent")
for module in tun vsock_loopback; do
	carried+=(--module "$module")
done

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
scripts/vm-run "$SERIES" --timeout "$TIMEOUT" --python "${carried[@]}" --out recordings:"$out/recordings" -- bash tests/replay/inside.sh "${names[@]}"
for name in "${names[@]}"; do
	size=$(stat -c %s "$out/recordings/$name.pst")
	[ "$size" -le "$BYTES_MAX" ] || die "$name: $size bytes, more than $BYTES_MAX"
	! grep -qaF "$PWD" "$out/recordings/$name.pst" || die "$name: it names a path of this machine"
	install -m 644 "$out/recordings/$name.pst" "$cases/$name/stream.pst"
	printf '%-28s %7d bytes\n' "$name" "$size"
done
