# SPDX-License-Identifier: Apache-2.0
"""From the call to the line: reads JSON lines of `postern tail -f` on standard input, compares with the times of the calls.

usage: latency.py CALLS  (file of "PORT NANOSECONDS" lines, wall clock); prints "median_ms p99_ms seen expected"
"""
import json
import os
import select
import sys
import time

QUIET_S = 4


def lines_of(descriptor):
    """Complete lines with the time of their arrival; an empty line once a second when nothing comes."""
    held = b""
    while True:
        if not select.select([descriptor], [], [], 1.0)[0]:
            yield time.time_ns(), b""
            continue
        part = os.read(descriptor, 65536)
        now = time.time_ns()
        if not part:
            return
        *whole, held = (held + part).split(b"\n")
        for line in whole:
            yield now, line


def read_arrivals():
    """Arrival time of the first alert of each destination port, until none came for a while."""
    arrived = {}
    last = time.time_ns()
    for now, line in lines_of(sys.stdin.fileno()):
        if now - last > QUIET_S * 1e9:
            break
        record = json.loads(line) if line else {}
        port = record.get("destination", {}).get("port")
        if port and record["event"]["dataset"] == "postern.alert":
            arrived.setdefault(port, now)
            last = now
    return arrived


def main():
    arrived = read_arrivals()
    with open(sys.argv[1], encoding="ascii") as calls:
        called = {int(port): int(when) for port, when in (line.split() for line in calls)}
    delays = sorted((arrived[p] - called[p]) / 1e6 for p in called if p in arrived)
    if not delays:
        print("0 0 0", len(called))
        return 1
    at = min(len(delays) - 1, int(len(delays) * 0.99))
    print(f"{delays[len(delays) // 2]:.2f} {delays[at]:.2f} {len(delays)} {len(called)}")
    return 0


sys.exit(main())
