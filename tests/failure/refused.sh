# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# What this machine, this user or this folder does not allow: 4, 5 or 1, the reason by name, nothing written.

set_args

# ---- no BTF ----

head -c 65536 /dev/urandom > "$dir/garbage.btf"
ends_with "a missing BTF file is named" 4 "BTF.* $dir/absent\.btf: No such file" '--btf' -- "$postern" "${args[@]}" --btf "$dir/absent.btf"
ends_with "garbage instead of BTF is named" 4 "$dir/garbage\.btf" 'BTF' '--btf' -- "$postern" "${args[@]}" --btf "$dir/garbage.btf"
ends_with "check says so too" 4 'BTF +.*MISSING' -- "$postern" check --cgroup "$cg" --btf "$dir/absent.btf"
holds "no alert was written without BTF" lacks test -s "$dir/alerts.json"
rm -rf "$dir/run" "$dir/alerts.json"

# ---- a missing privilege ----

for cap in bpf perfmon net_admin; do
	name=CAP_$(echo $cap | tr '[:lower:]' '[:upper:]')
	drop=-$cap
	[ $cap = net_admin ] || drop=-$cap,-sys_admin # which includes it
	refuses "a missing $name is named by run" 5 "missing privilege: $name " 'run it as root' -- \
		setpriv --bounding-set "$drop" --inh-caps "$drop" "$postern" "${args[@]}"
	refuses "a missing $name is named by record" 5 "missing privilege: $name " -- \
		setpriv --bounding-set "$drop" --inh-caps "$drop" "$postern" record -o "$dir/stream.pst" --config "$dir/postern.json"
done
anyone=(setpriv --reuid 65534 --regid 65534 --clear-groups)
refuses "a plain user is told every missing capability" 5 CAP_BPF CAP_PERFMON CAP_NET_ADMIN 'run it as root' -- \
	"${anyone[@]}" "$postern" "${args[@]}"
refuses "a plain user is told so with the default paths too" 5 'missing privilege' -- "${anyone[@]}" "$postern" run
ends_with "check lists what a plain user lacks" 5 'CAP_BPF +MISSING' -- "${anyone[@]}" "$postern" check
ends_with "a watch outside of the initial pid namespace is refused" 5 'initial pid namespace' 'run it on the host' -- \
	unshare -p --fork --mount-proc "$postern" "${args[@]}"
rm -rf "$dir/run" "$dir/alerts.json"

# ---- a ring too large for the memory there is, a cgroup that is none ----

sed 's/"sensor": {/"sensor": { "ring_bytes": "1GiB",/' "$dir/postern.json" > "$dir/ring.json"
if little_memory; then
	# shellcheck disable=SC2016 # expanded by the inner shell
	ends_with "a ring that the kernel has no memory for is told" 1 'ring too large' 'sensor\.ring_bytes' -- \
		sh -c 'echo $$ > "$0/cgroup.procs" && exec "$@"' "$memory" "$postern" "${args[@]}" --config "$dir/ring.json"
else
	skip "a ring that the kernel has no memory for is told" "no memory cgroup can be made here"
fi
rmdir "$memory" 2> /dev/null || true
memory=
set_cgroup() { sed "s|\"cgroup\": \"[^\"]*\"|\"cgroup\": \"$1\"|" "$dir/postern.json" > "$dir/cgroup.json"; }
set_cgroup "$cg/absent"
ends_with "a missing cgroup is named" 1 "cannot open the cgroup $cg/absent: No such file" 'cgroup v2' -- \
	"$postern" "${args[@]}" --config "$dir/cgroup.json"
set_cgroup "$dir"
ends_with "a folder that is no cgroup is named" 1 "$dir" 'cgroup v2' -- "$postern" "${args[@]}" --config "$dir/cgroup.json"
rm -rf "$dir/run" "$dir/alerts.json"

# ---- folders and files ----

ends_with "the missing folder of an output is named" 1 "cannot write alerts to $dir/absent/a\.json: No such file" 'make its folder' -- \
	"$postern" "${args[@]}" --alerts "$dir/absent/a.json"
mkdir "$dir/fixed"
# shellcheck disable=SC2016 # expanded by the inner shell
ends_with "a read-only folder is told" 1 "cannot write alerts to $dir/fixed/a\.json: Read-only file system" 'name a file that may be written' -- \
	unshare -m sh -c 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"' "$dir/fixed" \
	"$postern" "${args[@]}" --alerts "$dir/fixed/a.json"
ends_with "a folder in place of an output file is told" 1 "$dir/fixed: Is a directory" -- "$postern" "${args[@]}" --alerts "$dir/fixed"
rm -rf "$dir/run"
ends_with "a file in place of the runtime folder is told" 1 "cannot make the folder $dir/postern\.json: File exists" '--runtime' -- \
	"$postern" "${args[@]}" --runtime "$dir/postern.json"
mkdir "$dir/run"
echo mine > "$dir/run/postern.sock"
ends_with "a plain file in place of the socket is told" 1 "$dir/run/postern\.sock is there and is no socket; remove it" -- "$postern" "${args[@]}"
holds "and it is still there" grep -q mine "$dir/run/postern.sock"
rm -rf "$dir/run" "$dir/alerts.json"
echo mine > "$dir/stream.pst"
refuses "record does not overwrite" 1 "cannot make $dir/stream\.pst: File exists" 'name a new file' -- \
	"$postern" record -o "$dir/stream.pst" --config "$dir/postern.json"
rm "$dir/stream.pst"
set_cgroup "$cg/absent"
refuses "a recording that cannot begin leaves no file" 1 "cannot open the cgroup" -- \
	"$postern" record -o "$dir/stream.pst" --config "$dir/cgroup.json"

# ---- nobody there ----

refuses "tail of a missing file says which, and what to do" 1 "$dir/absent: No such file" 'postern tail -f' -- "$postern" tail "$dir/absent"
refuses "tail of a folder says so" 1 "$dir: Is a directory" -- "$postern" tail "$dir"
refuses "profile of what a recording never saw says so" 1 "'NOSUCH': no program, process or unit of that name" -- \
	"$postern" profile --from tests/replay/cases/connect-attack/stream.pst NOSUCH
for command in "tail -f" status profile vendors; do
	# shellcheck disable=SC2086 # two words
	refuses "$command without a daemon says so" 1 "no daemon answers at $dir/none/postern\.sock" "is 'postern run' running" -- \
		"$postern" $command --runtime "$dir/none"
done
