# SPDX-License-Identifier: Apache-2.0
"""What is a rule, and which files of a tree does it look at?"""
import re
from pathlib import Path
from typing import Callable, NamedTuple


class Rule(NamedTuple):
    """check(root) returns what is wrong, one line each. bad is a tiny tree, path -> text, in which check must find
    something that contains wrong: a rule that cannot fail is no rule."""
    name: str
    check: Callable[[Path], list]
    bad: dict
    wrong: str


# README.md says which suite makes these and why they are not source
GENERATED = ("build", ".git", "node_modules", "golden", "__pycache__")

BPF_LICENCE = "GPL-2.0-only OR BSD-2-Clause"


def files(root, *patterns):
    """Files below root that match, without what is generated, in a fixed order."""
    found = set()
    for pattern in patterns:
        for path in root.glob(pattern):
            inside = path.relative_to(root).parts
            if path.is_file() and not path.is_symlink() and not set(inside) & set(GENERATED):
                found.add(path)
    return sorted(found)


def c_files(root):
    return files(root, "user/**/*.[ch]", "bpf/**/*.[ch]", "tests/**/*.[ch]")


def scripts(root):
    """Shell scripts, by their first line or their ending."""
    found = []
    for path in files(root, "scripts/**/*", "tests/**/*", ".ci/*"):
        first = path.open("rb").readline()
        if re.match(rb"#!.*\b(ba|da)?sh\b", first) or path.suffix == ".sh":
            found.append(path)
    return found


def text(path):
    return path.read_text(encoding="utf-8", errors="replace")


def without_comments(source):
    """C text with comments and string contents blanked; lines stay lines."""
    def blank(match):
        piece = match.group(0)
        if piece[0] in "\"'":
            return piece[0] + piece[0]
        return re.sub(r"[^\n]", " ", piece)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, source, flags=re.S)


def entries(path, macro):
    """The arguments of each MACRO(...) line of a .def file; nothing when there is no such file."""
    if not path.is_file():
        return []
    bare = re.sub(r"/\*.*?\*/", "", text(path), flags=re.S)
    return [[part.strip() for part in re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', match)]
            for match in re.findall(rf"^{macro}\((.*?)\)\s*$", bare, flags=re.M | re.S)]
