#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What would a recording be without this? Copies a recording from standard input to standard output, and spoils it."""
import re
import struct
import sys
from pathlib import Path

USAGE = """usage: frames.py COMMAND [ARGUMENT]... <RECORDING >COPY

  drop NAME...        leave out every record of these types (names of bpf/abi/records.def)
  spoil NAME          overwrite the body of the first record of this type, so that no decoder may take it
  insert TYPE NAME    put a record of an unknown type (a number) before the first record of this type
  grow                append 8 bytes to every record, as a later version would
  cut NAME            end in the middle of the last record of this type
  swap                the first record as a machine of the other byte order writes it
  newer               a later version of the records
  list                no copy: how many records of which type, one line each

Tells on standard error: "at BYTE" where it changed something, or "N records"."""

ABI = Path(__file__).resolve().parents[2] / "bpf" / "abi"
HEAD = struct.Struct("<HHI")  # type, flags, size
HEADER_BYTES = 128
ABI_AT = HEADER_BYTES + 8  # behind the magic: version, byte order mark


def types():
    found = re.findall(r"^RECORD\((\d+), (\w+),", (ABI / "records.def").read_text(encoding="utf-8"), re.M)
    return {name: int(number) for number, name in found}


def sizes():
    """How long the present version writes the records that have no tail."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(ABI.glob("*.h")))
    found = re.findall(r'sizeof\(struct pst_rec_\w+\) == (\d+), "wire size of ([A-Z_]+)"', text)
    return {types()[name]: int(size) for size, name in found if name in types()}


def frames(data):
    at = 0
    while at < len(data):
        kind, _, size = HEAD.unpack_from(data, at)
        yield at, kind, data[at:at + size]
        at += size


def tell(text):
    print(text, file=sys.stderr)


def first(data, wanted):
    for at, kind, frame in frames(data):
        if kind == wanted:
            return at, frame
    sys.exit("frames: the recording has no record of that type")


def drop(data, *names):
    unwanted = {types()[name] for name in names}
    kept = [frame for _, kind, frame in frames(data) if kind not in unwanted]
    tell(f"{sum(1 for _ in frames(data)) - len(kept)} records")
    return b"".join(kept)


def spoil(data, name):
    at, frame = first(data, types()[name])
    tell(f"at {at}")
    return data[:at] + frame[:HEADER_BYTES] + b"\xff" * (len(frame) - HEADER_BYTES) + data[at + len(frame):]


def insert(data, number, name):
    at, frame = first(data, types()[name])
    tell(f"at {at}")
    body = bytearray(frame[:HEADER_BYTES])
    HEAD.pack_into(body, 0, int(number), 0, HEADER_BYTES + 40)
    return data[:at] + bytes(body) + b"\xa5" * 40 + data[at:]


def grow(data):
    """An older version's record is filled up to the present one's size first: what follows there is not unknown."""
    out, known = [], sizes()
    for _, kind, frame in frames(data):
        frame = bytearray(frame.ljust(known.get(kind, 0), b"\0") + b"\x5a" * 8)
        struct.pack_into("<I", frame, 4, len(frame))
        out.append(bytes(frame))
    return b"".join(out)


def cut(data, name):
    at = max(at for at, kind, _ in frames(data) if kind == types()[name])
    tell(f"at {at}")
    return data[:at + HEADER_BYTES // 2]


def swap(data):
    """Every number by which a reader could know the first record: type, flags, size, version, mark."""
    head = struct.pack(">HHI", *HEAD.unpack_from(data))
    mark = struct.pack(">II", *struct.unpack_from("<II", data, ABI_AT))
    return head + data[HEAD.size:ABI_AT] + mark + data[ABI_AT + 8:]


def newer(data):
    (version,) = struct.unpack_from("<I", data, ABI_AT)
    return data[:ABI_AT] + struct.pack("<I", version + 1) + data[ABI_AT + 4:]


def count(data):
    names = {number: name for name, number in types().items()}
    seen = {}
    for _, kind, _ in frames(data):
        name = names.get(kind, str(kind))
        seen[name] = seen.get(name, 0) + 1
    return "".join(f"{name} {number}\n" for name, number in sorted(seen.items())).encode()


COMMANDS = {"drop": drop, "spoil": spoil, "insert": insert, "grow": grow, "cut": cut, "swap": swap, "newer": newer,
            "list": count}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(USAGE)
    sys.stdout.buffer.write(COMMANDS[sys.argv[1]](sys.stdin.buffer.read(), *sys.argv[2:]))


main()
