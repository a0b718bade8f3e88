# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what the parts use, and they set what it uses
# SPDX-License-Identifier: Apache-2.0
# Signed contracts: made by the commands that the help shows, verified, and refused when anything is not as it was signed.

set_args
in=$dir/signed
keys=$in/keys.d
mkdir -p "$keys" "$in/contracts" "$in/helped"
chmod 755 "$in" "$keys"
acme=$in/contracts/acme.json
sed 's/"version": 1/"version": 7/' "$dir/contracts/acme.json" > "$acme"

# ---- made as the help says ----

"$postern" contract verify --help | sed -n 's/^  openssl /openssl /p' > "$in/commands"
holds "the help shows the five commands" test "$(wc -l < "$in/commands")" = 5
mapfile -t -O 1 shown < "$in/commands"

# by_help LINE FOLDER - one of the commands, as it stands there, inside a folder
by_help() { (cd "$2" && umask 022 && eval "${shown[$1]}") > /dev/null 2>&1; }

for kind in 1 2; do
	work=$in/helped/$kind
	mkdir "$work"
	cp "$acme" "$work/acme.json"
	holds "the help's command makes a key ($kind)" by_help $kind "$work"
	holds "and its public part ($kind)" by_help 3 "$work"
	holds "and the signature ($kind)" by_help $((kind + 3)) "$work"
	ends_with "which is verified ($kind)" 0 'acme\.json: ok: signed by acme\.pub \([0-9a-f]{16}\)$' -- \
		"$postern" contract verify --keys "$work" "$work/acme.json"
	id=$(openssl pkey -pubin -in "$work/acme.pub" -outform DER | sha256sum | cut -c 1-16)
	ends_with "by the key's own digest ($kind)" 0 "\($id\)" -- "$postern" contract verify --keys "$work" "$work/acme.json"
done

# sign KEY FILE [DIGEST] - Ed25519 without a digest
sign()
{
	if [ $# = 2 ]; then
		openssl pkeyutl -sign -rawin -inkey "$1" -in "$2" -out "$2.sig"
	else
		openssl dgst "-$3" -sign "$1" -out "$2.sig" "$2"
	fi
}

# public KEY NAME - into the folder of keys, as its owner would
public() { openssl pkey -in "$1" -pubout -out "$keys/$2.pub" 2> /dev/null && chmod 644 "$keys/$2.pub"; }

verify=("$postern" contract verify --keys "$keys" "$acme")

openssl ecparam -genkey -noout -name secp384r1 -out "$in/p384.pem"
cp "$in/helped/1/key.pem" "$in/ed.pem"
cp "$in/helped/2/key.pem" "$in/p256.pem"
public "$in/ed.pem" ed
public "$in/p256.pem" p256
public "$in/p384.pem" p384
for with in "p256 sha384" "p384 sha384" "p384 sha256"; do
	read -r key digest <<< "$with"
	sign "$in/$key.pem" "$acme" "$digest"
	ends_with "a signature with $key and $digest is verified" 0 "signed by $key\.pub " -- "${verify[@]}"
done
sign "$in/p384.pem" "$acme" sha512
ends_with "one over another digest is not" 3 'acme\.json: error: its signature acme\.json\.sig is of none of the 3 keys' \
	'ed\.pub \([0-9a-f]{16}\), p256\.pub \(' -- "${verify[@]}"

# ---- nothing but what was signed ----

sign "$in/ed.pem" "$acme"
cp "$acme.sig" "$in/good.sig"
cp "$acme" "$in/good.json"
openssl base64 -in "$in/good.sig" -out "$acme.sig"
ends_with "base64 in lines is taken" 0 'signed by ed\.pub' -- "${verify[@]}"
openssl base64 -A -in "$in/good.sig" -out "$acme.sig"
ends_with "and in one line" 0 'signed by ed\.pub' -- "${verify[@]}"
cp "$in/good.sig" "$acme.sig"
printf ' ' >> "$acme"
ends_with "a blank more in the file is seen" 3 'of none of the 3 keys' 'the file or the signature was changed' -- "${verify[@]}"
cp "$in/good.json" "$acme"
ends_with "as it was signed it is taken again" 0 'signed by ed\.pub' -- "${verify[@]}"
for length in 0 1 63; do
	head -c $length "$in/good.sig" > "$acme.sig"
	ends_with "a signature of $length bytes is refused" 3 'its signature acme\.json\.sig cannot be used' -- "${verify[@]}"
done
head -c 1048576 /dev/zero > "$acme.sig"
ends_with "a signature of 1 MiB is refused" 3 'larger than any signature' -- "${verify[@]}"
sign "$in/p256.pem" "$acme" sha256
truncate -s -1 "$acme.sig"
ends_with "a cut ECDSA signature is refused" 3 'cannot be used' -- "${verify[@]}"
rm "$acme.sig"
ends_with "a file without signature is told" 3 'acme\.json: error: it is not signed: there is no acme\.json\.sig' -- "${verify[@]}"
head -c 1048577 /dev/zero > "$in/large.json"
ends_with "a missing file and one that is too large are told, and so are all" 3 'absent\.json: error: No such file' \
	'large\.json: error: the file is larger than 1 MiB' -- "$postern" contract verify --keys "$keys" "$in/absent.json" "$in/large.json"

# ---- keys that are none ----

openssl genrsa -out "$in/rsa.pem" 2048 2> /dev/null
openssl genpkey -algorithm ed448 -out "$in/ed448.pem"
openssl ecparam -genkey -noout -name secp521r1 -out "$in/p521.pem"
openssl ecparam -genkey -noout -name secp256k1 -out "$in/k1.pem"
for key in rsa ed448 p521 k1; do
	public "$in/$key.pem" "$key"
done
cp "$in/ed.pem" "$keys/private.pub"
chmod 600 "$keys/private.pub"
cp "$keys/p256.pub" "$keys/open.pub"
chmod 666 "$keys/open.pub"
sign "$in/rsa.pem" "$acme" sha256
ends_with "each key that is none is told by name and reason, and its signatures are worth nothing" 3 \
	'rsa\.pub: error: it is an RSA key' 'ed448\.pub: error: it is an Ed448 key' \
	'p521\.pub: error: it is an EC key of another curve' 'k1\.pub: error: it is an EC key of another curve' \
	'private\.pub: error: it holds a private key' 'open\.pub: error: others may write to it; .*chmod go-w' \
	'acme\.json: error: its signature .* cannot be used' -- "${verify[@]}"
sign "$in/p521.pem" "$acme" sha256
ends_with "so are those of a wrong curve" 3 'acme\.json: error: its signature' -- "${verify[@]}"
sign "$in/ed.pem" "$acme"
ends_with "the other keys still count" 0 'acme\.json: ok: signed by ed\.pub' -- "${verify[@]}"
rm "$keys"/{rsa,ed448,p521,k1,private,open}.pub
chmod 777 "$keys"
ends_with "a folder of keys that others may write to is refused" 3 'keys\.d: error: others may write to it' -- "${verify[@]}"
chmod 755 "$keys"
ends_with "a missing folder of keys is told" 3 "$in/nowhere: error: No such file" -- \
	"$postern" contract verify --keys "$in/nowhere" "$acme"
ends_with "contract check says who signed, as far as the keys of this host tell" 0 \
	'acme\.json: ok: contract acme version 7.*, not signed by a known key$' -- "$postern" contract check "$acme"

# ---- what is in force ----

strict=$in/strict.json
sed 's/{ "format": 1,/{ "format": 1, "contract": { "require_signature": true },/' "$dir/postern.json" > "$strict"
mkdir -p "$in/state"
args=(run --config "$strict" --contracts "$in/contracts" --keys "$keys" --state "$in/state" --runtime "$dir/run"
	--alerts "$in/alerts.json")
versions=$in/state/contracts.versions

# write VERSION [MORE] - the contract anew, signed
write()
{
	sed "s/\"version\": 7/\"version\": $1${2:-}/" "$in/good.json" > "$acme"
	sign "$in/ed.pem" "$acme"
}

health() { jq -r --arg action "$1" 'select(.event.dataset == "postern.health" and .event.action == $action) | .message' "$in/alerts.json"; }

rm "$acme.sig"
refuses "an unsigned contract is refused at start, where a signature is required" 3 \
	'acme\.json: error: it is not signed: there is no acme\.json\.sig, and contract\.require_signature is true' -- "$postern" "${args[@]}"
cp "$in/good.sig" "$acme.sig"
printf ' ' >> "$acme"
refuses "so is one that was changed" 3 'acme\.json: error: its signature acme\.json\.sig is of none of the 3 keys' -- "$postern" "${args[@]}"
refuses "also where none is required" 3 'of none of the 3 keys' -- "$postern" "${args[@]}" --config "$dir/postern.json"
refuses "and in a replay" 3 'of none of the 3 keys' -- "$postern" replay /dev/null --contracts "$in/contracts" --keys "$keys"

# ---- and for who asks without a daemon ----

stream=tests/replay/cases/connect-attack/stream.pst
with=(--keys "$keys" --config "$strict")
refused='acme\.json: error: it is not signed: .* contract\.require_signature is true'
rm "$acme.sig"
cp "$in/good.json" "$acme"
ends_with "what the daemon refuses is refused in a replay" 3 "$refused" -- \
	"$postern" replay "$stream" --contracts "$in/contracts" "${with[@]}"
ends_with "and on a page of profiles" 3 "$refused" -- "$postern" profile --from "$stream" --contracts "$in/contracts" "${with[@]}"
ends_with "and of vendors" 3 "$refused" -- "$postern" vendors --from "$stream" --contracts "$in/contracts" "${with[@]}"
ends_with "and in a test" 3 "$refused" -- "$postern" contract test "$acme" --against "$stream" "${with[@]}"
"$postern" contract test "$acme" --against "$stream" "${with[@]}" --unsigned > "$dir/said" 2>&1 || true
holds "a draft can be tested before it is signed" grep -q '^would have raised' "$dir/said"
ends_with "a check says it" 0 'acme\.json: note: the daemon would refuse it: it is not signed: .*require_signature is true' \
	'acme\.json: ok: ' -- "$postern" contract check "$acme" "${with[@]}"
ends_with "with --strict it is an error" 3 "$refused" -- "$postern" contract check --strict "$acme" "${with[@]}"
cp "$in/good.sig" "$acme.sig"
ends_with "signed it is on the page" 0 -- "$postern" profile --from "$stream" --contracts "$in/contracts" "${with[@]}"
printf ' ' >> "$acme"
ends_with "a signature that does not verify is refused in a test, whatever is asked for" 3 'of none of the 3 keys' -- \
	"$postern" contract test "$acme" --against "$stream" --keys "$keys" --unsigned
ends_with "and on a page, where none is required" 3 'of none of the 3 keys' -- \
	"$postern" profile --from "$stream" --contracts "$in/contracts" --keys "$keys"

write 7
start
holds "the status page says who signed" grep -qE '^contract acme version 7 signed by ed\.pub \([0-9a-f]{16}\)$' "$dir/status"
holds "and how many are" grep -qE '^contracts_signed +1$' "$dir/status"
holds "the version is kept" jq -e '.contracts == [{contract: "acme", version: 7, sha256: .contracts[0].sha256, since: .contracts[0].since}]' "$versions"
holds "for its owner alone" test "$(stat -c %a "$versions")" = 600

reloads() # NAME ACTION PATTERN - SIGHUP, and what health says of it
{
	: > "$in/alerts.json"
	kill -HUP "$daemon"
	# shellcheck disable=SC2016 # expanded by within's shell
	holds "$1" within 10 eval "health $2 | grep -qE -- '$3'"
}

sed 's/"version": 7/"version": 8/' "$in/good.json" > "$acme"
reloads "a changed contract is refused at a reload" contract-rejected 'the contracts in force stay: .*acme\.json: error: its signature .* is of none of the 3 keys'
answers
holds "and the old one stays in force" grep -qE '^contract acme version 7 signed' "$dir/status"
write 8
reloads "a higher version comes into force" contract-loaded '^1 contract is in force: acme version 8 signed by ed\.pub \([0-9a-f]{16}\)$'
write 7
reloads "a lower one does not" contract-rejected 'acme\.json: error: version 7 of contract acme is older than 8, which was in force on 20'
write 8 ', "x-note": 1'
reloads "nor does another text of the same version" contract-rejected 'version 8 of contract acme was in force on .* with another text'
stop TERM
holds "the daemon ends well" test "$ended" = 0

write 7
refuses "an older version is refused after a restart" 3 'acme\.json: error: version 7 of contract acme is older than 8' -- "$postern" "${args[@]}"
holds "who only reads writes nothing" test "$(jq '.contracts[0].version' "$versions")" = 8
"$postern" replay tests/replay/cases/connect-attack/stream.pst --contracts "$in/contracts" --keys "$keys" > "$in/replayed" 2>&1 || true
holds "a replay asks for no version" grep -q '"signed":1' "$in/replayed"

# ---- the file of versions cannot be used ----

head -c 40 "$versions" > "$in/torn"
cp "$in/torn" "$versions"
start
holds "a torn file of versions is told" grep -qE 'contracts\.versions: it is torn, .*an older version of it is not noticed; it is kept as .*\.refused-1' "$dir/err"
holds "and in health" within 10 eval "health contract-versions | grep -q 'it is torn'"
holds "it is kept aside" cmp "$in/torn" "$versions.refused-1"
holds "and made anew" test "$(jq '.contracts[0].version' "$versions")" = 7
stop TERM

# ---- or somebody else was at it ----

versions_are() { test "$(jq '.contracts[0].version' "$versions")" = "$1"; }
told() { within 10 eval "health contract-versions | grep -qE -- '$1'"; }

rm "$versions"
start
holds "a file of versions that was removed is told" grep -qE 'contracts\.versions: it was removed: profiles\.state beside it' "$dir/err"
holds "in health, too" told 'it was removed: profiles'
holds "and made anew" versions_are 7
cp "$versions" "$in/older"
write 8
reloads "a newer contract comes into force" contract-loaded 'acme version 8 signed'
holds "and is kept" versions_are 8
cp "$in/older" "$versions"
write 7
reloads "an older file of versions brings no older contract back" contract-rejected 'version 7 of contract acme is older than 8'
holds "it is told" told 'was changed or replaced, and not by this postern; the versions that it knows hold'
holds "it is kept aside" cmp "$in/older" "$versions.refused-2"
holds "what was known is written anew" versions_are 8
rm "$versions"
kill -USR1 "$daemon"
holds "it is missed when profiles are saved" told 'was removed, and not by this postern'
holds "and written anew, too" versions_are 8
stop TERM
