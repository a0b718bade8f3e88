# SPDX-License-Identifier: Apache-2.0
"""Has the core hands? What its library takes from outside, and what of it can change."""
import fnmatch
import subprocess

from tree import Rule, text

LIBRARY = "build/libcore.a"
ALLOWED = "tests/arch/core-symbols.allow"


def nm(library):
    out = subprocess.run(["nm", "--format=sysv", str(library)], capture_output=True, text=True, check=True).stdout
    rows = [[cell.strip() for cell in line.split("|")] for line in out.splitlines() if line.count("|") == 6]
    return [(row[0], row[2], row[6]) for row in rows if row[0] != "Name"]


def library_of(root):
    """The built library; of a fixture, one that is built from its core.c."""
    source = root / "core.c"
    library = root / LIBRARY
    if source.is_file():
        library.parent.mkdir(parents=True)
        subprocess.run(["gcc", "-c", "-o", str(root / "core.o"), str(source)], check=True)
        subprocess.run(["ar", "rcs", str(library), str(root / "core.o")], check=True)
    return library


def patterns(root):
    lines = [line.split("#")[0].strip() for line in text(root / ALLOWED).splitlines()]
    return [line for line in lines if line]


def undefined(root):
    library = library_of(root)
    if not library.is_file():
        return [f"{LIBRARY} is not built: run make"]
    symbols = nm(library)
    own = {name for name, kind, _ in symbols if kind not in "Uw"}
    allowed = patterns(root)
    taken = sorted({name for name, kind, _ in symbols if kind in "Uw"} - own)
    return [f"{LIBRARY} takes {name}: the core makes no system call and keeps no clock ({ALLOWED})"
            for name in taken if not any(fnmatch.fnmatchcase(name, pattern) for pattern in allowed)]


def mutable(root):
    library = library_of(root)
    if not library.is_file():
        return [f"{LIBRARY} is not built: run make"]
    return [f"{LIBRARY}: {name} in {section} can change: state belongs into a context struct"
            for name, kind, section in nm(library)
            if kind in "bBdDC" and not section.startswith(".data.rel.ro")]


RULES = [
    Rule("the core library calls nothing that is not on the list", undefined,
         {"core.c": "int open(const char *, int);\nint f(void) { return open(\"x\", 0); }\n", ALLOWED: "mem*\n"},
         "takes open"),
    Rule("the core library has no mutable globals", mutable,
         {"core.c": "int counter = 1;\nstatic int hidden;\nint f(void) { return hidden++ + counter; }\n"}, "counter"),
]
