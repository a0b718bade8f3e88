# SPDX-License-Identifier: Apache-2.0
# Do the schema for editors and `postern contract check` agree on every contract, and does, with --fmt,
# `postern contract fmt` change the meaning of none?
# usage: contract_agree.py [--fmt] POSTERN SCHEMA RULES SCRATCH [CONTRACT]...
import copy
import json
import pathlib
import re
import subprocess
import sys

import jsonschema

BATCH = 1000  # one set holds 4,096
POOL = [
    None, True, False, -1, 0, 1, 2, 1.5, 255, 256, 65535, 65536, 4294967294, 4294967295, 4294967296,
    9007199254740991, 9007199254740992, 1e300,
    "", "x", "0", "1", "443", "65536", "080", "-1", "8000-8010", "9000-8000", "1-", "https", "ephemeral",
    "tcp", "TCP", "all", "alert", "*", "**", "@", "@a", "./a", "./", "/", "/a", "a/b", "/a/", "/a//b",
    "/a/./b", "/a/..", "/a/.b", "/opt/acme/**", "acme", "acme.service", "a*", "a/b.service", "eth0",
    "a23456789012345", "a234567890123456", "a2345678901234**", "a\\*", "0x88b5", "88b5", "0x0", "0x12345", "route", "alg", "xdp",
    "10.20.0.0/16", "10.20.0.1/16", "10.0.0.1", "10.0.0.256", "010.0.0.1", "10.0.0.0/33", "2001:db8::/32",
    "2001:db8::1/32", "::1", ":::", "1:2", "::/129", "@resolvers", "@local", "@private", "@x", "acme.example",
    "*.example.com", "*example.com", "-a.example", "a..example", "a.example.", "1.2.3", "a_b",
    "2GiB", "2 GiB", "2gib", "0kB", "1 ", "99999999999999999999", "999999999999999999TiB",
    "5m", "5m +-10%", "5m +-0%", "1s", "0m", "31d", "32d", "Mon-Fri 01:00-05:00", "daily 22:00-02:00",
    "Mon 24:00-25:00", "Sat,Sun 00:00-24:00", "Mon 05:00-05:00", "Mon-Fri",
    "sha256:" + "0" * 64, "sha256:" + "0" * 63, "tag:" + "a" * 16, "tag:" + "A" * 16,
    {}, {"x-a": 1}, {"a": 1}, [], [1], ["x"], [[]], [{}], [None], ["tcp", "udp"], ["/a", "/b"], ["/a", 1],
    [443, "8000-8010", "ephemeral"], [70000], ["10.0.0.1", "acme.example"], [True],
]
# Each kind of entry, with what it needs; a key of an entry is tried in the first that may have it.
ENTRIES = [
    {"connect": "tcp"}, {"listen": "tcp"}, {"connect": "raw"}, {"connect": "vsock"}, {"packet": "eth0"},
    {"listen": "unix", "path": "/run/a"}, {"connect": "icmp"}, {"listen": "vsock"}, {"unix": "/run/a"},
    {"netlink": "route"}, {"family": "alg"}, {"tunnel": "tun0"}, {"connect": "udp", "to": "a.example"},
]
RIGHT = {
    "connect": "tcp", "listen": "tcp", "unix": "/run/b", "packet": "eth1", "netlink": 4, "family": "can", "tunnel": "tun*",
    "to": "a.example", "within": "10.0.0.0/8", "on": "127.0.0.1", "from": "127.0.0.0/8", "port": 443, "protocol": 47,
    "cid": 2, "path": "/run/c", "ethertype": "arp", "why": "a reason",
}


def strip_comments(text):
    parts = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.S)
    return parts.sub(lambda found: found[0] if found[0][0] == '"' else " ", text)


def words_of(value):
    """What a schema allows or bounds is tried on both sides of its bounds."""
    found = []
    if isinstance(value, dict):
        found += value.get("enum", [])
        for bound in ("minimum", "maximum"):
            if bound in value:
                found += [value[bound] - 1, value[bound], value[bound] + 1]
        if "maxLength" in value:
            longest = value["maxLength"]
            for head in ("", "/", "@"):
                found += [head + "a" * (longest + more - len(head)) for more in (0, 1)]
            found.append("ä" * longest)
        for part in value.values():
            found += words_of(part)
    elif isinstance(value, list):
        for part in value:
            found += words_of(part)
    return found


def contract(number):
    return {
        "format": 1, "contract": f"c{number}", "version": 1, "software": [{"path": f"/opt/c{number}/**"}],
        "channels": [{"connect": "tcp"}],
    }


def spoil(place, key, values):
    """The object with each of these values at a key, and without the key."""
    for value in values:
        spoilt = dict(place)
        spoilt[key] = value
        yield spoilt
    if key in place:
        yield {name: value for name, value in place.items() if name != key}


def unknown(place):
    for key in ("unknown", "X-note", "x", "x-note"):
        yield {**place, key: 1}


def entries(schema):
    properties = schema["properties"]["channels"]["items"]["properties"]
    for key, value in properties.items():
        pool = POOL + words_of(value)
        fitting = [entry for entry in ENTRIES if key in entry]
        fitting += [entry for entry in ENTRIES if jsonschema.Draft202012Validator(
            schema["properties"]["channels"]["items"]).is_valid({**entry, key: RIGHT.get(key, "5m")})]
        for entry in fitting[:2]:
            yield from spoil(entry, key, pool)
        for entry in ENTRIES:
            for right in (RIGHT.get(key, "5m"), 70000, "a.example", "ephemeral"):
                yield {**entry, key: right}
    for entry in ENTRIES:
        yield from unknown(entry)
    yield from ({}, {"why": "nothing"}, 1, [], "tcp", None)


def corpus(schema):
    """(contract, whether it may stand in a set with the others)"""
    properties = schema["properties"]
    number = 0
    for key, value in properties.items():
        for spoilt in spoil({**contract(0), key: None}, key, POOL + words_of(value)):
            number += 1
            for other in ("contract", "software"):
                if key != other:
                    spoilt[other] = contract(number)[other]
            yield spoilt, key not in ("contract", "software")
    for spoilt in unknown(contract("x")):
        yield spoilt, False
    for outer in ("allow", "limits"):
        for key, value in properties[outer]["properties"].items():
            for inner in spoil({}, key, POOL + words_of(value)):
                number += 1
                yield {**contract(number), outer: inner}, True
        for inner in unknown({}):
            number += 1
            yield {**contract(number), outer: inner}, True
    for entry in entries(schema):
        number += 1
        yield {**contract(number), "channels": [entry]}, True
    for key, value in properties["software"]["items"]["properties"].items():
        for entry in spoil({}, key, POOL + words_of(value)):
            yield {**contract("x"), "software": [entry]}, False
    yield from (({**contract("x"), "software": [entry]}, False) for entry in unknown({"uid": 0}))
    yield from (({**contract("x"), "software": [{"uid": 0}, entry]}, False) for entry in ({}, 1, None))
    yield from ((document, False) for document in (None, 1, "x", [], {}))


def write(scratch, documents, validator):
    """What both refuse binds nobody, and can be read together with others."""
    files = []
    for index, (document, together) in enumerate(documents):
        text = document if isinstance(document, str) and "\n" in document else json.dumps(document)
        file = pathlib.Path(scratch) / f"{index}.json"
        file.write_text(text)
        files.append((file, together or not validator.is_valid(json.loads(strip_comments(text)))))
    return files


def checked(postern, files):
    """What postern says of each file."""
    together = [file for file, joins in files if joins]
    batches = [together[at:at + BATCH] for at in range(0, len(together), BATCH)]
    batches += [[file] for file, joins in files if not joins]
    said = {}
    for batch in batches:
        run = subprocess.run([postern, "contract", "check", "--format", "json", *batch], stdout=subprocess.PIPE)
        for file in json.loads(run.stdout)["files"]:
            said[pathlib.Path(file["file"])] = file
    return said


def differences(validator, files, said, rules):
    """Where schema and postern say different things and no rule tells why, and rules that no contract shows."""
    unseen = set(rules)
    for file, _ in files:
        text = file.read_text()
        messages = [error["message"] for error in said[file]["errors"]]
        broken = next(validator.iter_errors(json.loads(strip_comments(text))), None)
        if (broken is None) == said[file]["ok"]:
            continue
        known = {rule for message in messages for rule in rules if rule in message}
        unseen -= known
        if broken is not None:
            print(f"{text}\n  postern takes it, the schema does not: {broken.message[:200]} at {list(broken.path)}")
            yield file
        elif not all(any(rule in message for rule in rules) for message in messages):
            print(f"{text}\n  the schema takes it, postern does not: {messages}")
            yield file
    for rule in unseen:
        print(f"no contract shows this rule, or the schema says it: {rule}")
        yield rule


def formatted(postern, files):
    """Files whose meaning the canonical text changes, or that are not canonical then."""
    before = {file: json.loads(strip_comments(file.read_text())) for file, _ in files}
    names = [file for file, _ in files]
    for at in range(0, len(names), BATCH):
        subprocess.run([postern, "contract", "fmt", "-w", *names[at:at + BATCH]], check=True)
        again = subprocess.run([postern, "contract", "fmt", "--check", *names[at:at + BATCH]], stdout=subprocess.PIPE, text=True)
        for line in again.stdout.splitlines():
            print(line)
            yield line
    for file, document in before.items():
        if json.loads(strip_comments(file.read_text())) != document:
            print(f"{file}: fmt changed what it says: {document}")
            yield file


def main():
    fmt = sys.argv[1] == "--fmt"
    postern, schema_file, rules_file, scratch, *contracts = sys.argv[1 + fmt:]
    schema = json.loads(pathlib.Path(schema_file).read_text())
    rules = [line for line in pathlib.Path(rules_file).read_text().splitlines() if not line.startswith("#")]
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    documents = list(corpus(schema))
    for name in contracts:
        documents.append((pathlib.Path(name).read_text() + "\n", False))
    files = write(scratch, documents, validator)
    said = checked(postern, files)
    wrong = list(differences(validator, files, said, rules)) + (list(formatted(postern, files)) if fmt else [])
    valid = sum(file["ok"] for file in said.values())
    print(f"{len(files)} contracts, {valid} valid, {len(wrong)} errors")
    return 1 if wrong else 0


sys.exit(main())
