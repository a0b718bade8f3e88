#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What stands in a draft, and what is left of it without one of its clauses?

usage: clauses.py list FILE        one line for each clause: a number and the entry
       clauses.py without N FILE   the contract without clause N
       clauses.py alerts FILE      rule and message of each alert among records
"""
import json
import sys


def read(path):
    """A draft's comments have lines of their own."""
    with open(path, encoding="utf-8") as file:
        return json.loads("".join(line for line in file if not line.lstrip().startswith("//")))


def clauses(contract):
    """What can be taken away: each channel, each executed program, each thing beside them."""
    for entry in contract["channels"]:
        yield contract["channels"], entry
    for path in contract.get("exec", []):
        yield contract["exec"], path
    for key, value in contract.get("allow", {}).items():
        yield contract["allow"], {key: value}


def without(contract, number):
    holder, entry = list(clauses(contract))[number]
    if isinstance(holder, dict):
        del holder[next(iter(entry))]
    else:
        holder.remove(entry)
    if not contract.get("allow", True):
        del contract["allow"]
    return contract


def alerts(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            if record["event"]["kind"] == "alert":
                yield record["rule"]["id"], record["message"]


def main(words):
    if len(words) == 2 and words[0] == "list":
        for number, (_, entry) in enumerate(clauses(read(words[1]))):
            if isinstance(entry, dict):
                entry.pop("why", None)
            print(number, json.dumps(entry))
    elif len(words) == 3 and words[0] == "without":
        json.dump(without(read(words[2]), int(words[1])), sys.stdout)
    elif len(words) == 2 and words[0] == "alerts":
        for rule, message in alerts(words[1]):
            print(rule, message)
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
