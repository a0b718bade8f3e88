#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Are these the findings that the case expects, no others, and did what it needs happen? Compares JSON lines of a
replay (all records) with expect.json.

usage: findings.py EXPECT LINES [--without-results] [--dropped NAMES] [--health PATH=NUMBER]...

EXPECT holds "findings", a list of objects; "channels" and "execs", what must have been recorded beside other things, so
that a case in which nothing happened fails; and "health", figures of the last health record by their path. The last
record of a finding is compared by the keys below; a key that EXPECT leaves out must be missing in the alert as well. A
channel or exec needs to have only the keys that EXPECT names.

--without-results leaves out what only a result can tell (also the state: an update follows from a result), and health:
for recordings from which records were taken. The count is compared there too, since samples carry attempts. --dropped
says which were taken: "lost_without" of EXPECT is a list of those without which nobody can tell, and then nothing may be
told. --health expects another figure: for recordings that were spoilt."""
import argparse
import json
import sys

KEYS = {
    "rule": "rule.id",
    "process": "process.name",
    "executable": "process.executable",
    "kind": "postern.channel.kind",
    "contract": "postern.contract.id",
    "verdict": "postern.contract.verdict",
    "preexisting": "postern.preexisting",
    "result": "postern.channel.result",
    "standing": "postern.standing",
    "about": "postern.finding.about",
    "server_name": "tls.client.server_name",
    "hidden": "postern.channel.hidden",
    "home_unit": "postern.lineage.home_unit",
    "severity": "event.severity",
    "outcome": "event.outcome",
    "count": "postern.finding.count",
    "state": "postern.finding.state",
}
ONLY_RESULTS = {"result", "outcome", "state"}


def at(record, path):
    for name in path.split("."):
        if not isinstance(record, dict) or name not in record:
            return None
        record = record[name]
    return record


def peer(record):
    """Of IP. For an accepted connection whoever came, else whom or what the channel names."""
    accepted = at(record, "postern.channel.kind") == "tcp_accept"
    return at(record, "source.ip" if accepted else "destination.ip")


def described(record):
    """What EXPECT can say of a record. "end": what a channel that is no IP leads to. "nearest": the alert names the entry that came nearest; which one, others test."""
    found = {key: at(record, path) for key, path in KEYS.items()}
    found["peer"] = peer(record)
    found["port"] = at(record, "destination.port")
    found["end"] = None if found["peer"] else at(record, "destination.address")
    found["nearest"] = at(record, "postern.contract.nearest") is not None or None
    return {key: value for key, value in found.items() if value is not None}


def of_dataset(records, dataset):
    return [record for record in records if at(record, "event.dataset") == dataset]


def findings(records):
    """The latest state of each finding, in a fixed order."""
    latest = {}
    for record in of_dataset(records, "postern.alert"):
        latest[at(record, "postern.finding.id")] = described(record)
    return list(latest.values())


def unseen(expect, records):
    """What EXPECT wants to have happened, and no record tells."""
    for key, dataset in (("channels", "postern.channel"), ("execs", "postern.exec")):
        told = [described(record) for record in of_dataset(records, dataset)]
        for wanted in expect.get(key, []):
            if not any(wanted.items() <= {k: v for k, v in one.items() if k in wanted}.items() for one in told):
                yield f"not seen: {json.dumps(wanted, sort_keys=True)}"


def lines_of(found, left_out):
    kept = [{key: value for key, value in one.items() if key not in left_out} for one in found]
    return sorted(json.dumps(one, sort_keys=True) for one in kept)


def differences(expect, records, arguments):
    left_out = ONLY_RESULTS if arguments.without_results else set()
    untold = arguments.dropped in expect.get("lost_without", [])
    wanted = [] if untold else lines_of(expect["findings"], left_out)
    found = lines_of(findings(records), left_out)
    out = [f"missing: {line}" for line in wanted if wanted.count(line) > found.count(line)]
    out += [f"not expected: {line}" for line in found if found.count(line) > wanted.count(line)]
    out += unseen(expect, records)
    if arguments.without_results:
        return out
    health = of_dataset(records, "postern.health")
    if not health or at(health[-1], "event.action") != "stopping":
        return out + ["the last record is no health record of the end"]
    figures = {"events.lost": 0, "events.rejected": 0, "verdicts.unknown": 0, **expect.get("health", {}), **dict(arguments.health)}
    for path, value in figures.items():
        real = at(health[-1], f"postern.health.{path}")
        if real != value:
            out.append(f"health: {path} is {real}, not {value}")
    return out


def figure(text):
    path, _, value = text.partition("=")
    return path, int(value)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("expect")
    parser.add_argument("lines")
    parser.add_argument("--without-results", action="store_true")
    parser.add_argument("--dropped", default="")
    parser.add_argument("--health", type=figure, action="append", default=[])
    arguments = parser.parse_args()
    with open(arguments.expect, encoding="utf-8") as file:
        expect = json.load(file)
    with open(arguments.lines, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    out = differences(expect, records, arguments)
    print("\n".join(out), end="\n" if out else "")
    return 1 if out else 0


sys.exit(main())
