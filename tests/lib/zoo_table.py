# SPDX-License-Identifier: Apache-2.0
"""What does each kernel show of each kind of channel? Reads the outputs of the kernel suites, prints one table.

usage: zoo_table.py LABEL=FILE...   FILE holds lines "# zoo TIER ROW DEGREE HOOK OUT/IN"
"""
import re
import sys

LINE = re.compile(r"^# zoo (\S+) (\S+) (seen|late|blind) (\S+) (\S+)$")


def read(label, path, table, columns):
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            match = LINE.match(line.rstrip("\r\n"))
            if not match:
                continue
            tier, row, degree, hook, _ = match.groups()
            column = f"{label} {tier}"
            if column not in columns:
                columns.append(column)
            table.setdefault(row, {})[column] = degree if degree == "blind" else f"{degree} ({hook})"


def main(arguments):
    table, columns = {}, []
    for argument in arguments:
        label, path = argument.split("=", 1)
        read(label, path, table, columns)
    if not table:
        return 1
    print("| channel | " + " | ".join(columns) + " |")
    print("| --- |" + " --- |" * len(columns))
    for row, cells in table.items():
        print(f"| {row} | " + " | ".join(cells.get(column, "not there") for column in columns) + " |")
    for column in columns:
        counts = {degree: sum(cells.get(column, "").startswith(degree) for cells in table.values())
                  for degree in ("seen", "late", "blind")}
        print(f"{column}: {counts['seen']} seen, {counts['late']} late, {counts['blind']} blind, "
              f"{len(table) - sum(counts.values())} not there")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
