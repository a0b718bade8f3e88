# SPDX-License-Identifier: Apache-2.0
"""What do the checkers say that others wrote: shellcheck, clang-format, cppcheck, both compilers?"""
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from tree import Rule, c_files, files, scripts


def run(root, *command):
    """The output lines of a command that failed; nothing when it passed."""
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines() or [f"{command[0]} failed"]


def run_each(root, command, paths):
    """The output lines of the files on which the command failed, on all processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda path: run(root, *command, str(path.relative_to(root))), paths)
        return [line for lines in found for line in lines]


def shellcheck(root):
    return run_each(root, ["shellcheck", "-x", "-P", "SCRIPTDIR", "-P", str(root)], scripts(root))


def formatted(root):
    lines = run(root, "clang-format", "--dry-run", "-Werror", *map(str, c_files(root)))
    places = sorted({line.split(":")[0] for line in lines if "error:" in line})
    return [f"{os.path.relpath(place, root)}: clang-format would change it" for place in places] or lines


# a macro of libbpf, whose headers are not read
LIBBPF_OPTS = "-DLIBBPF_OPTS(type,name,...)=struct type name = {0}"


def cppcheck(root):
    return run(root, "cppcheck", "--quiet", "--std=c11", "--error-exitcode=1", "-j", str(os.cpu_count()),
               "--enable=warning,performance,portability", "--inline-suppr", "--template=gcc",
               f"--suppressions-list={root / 'tests/arch/cppcheck.suppress'}",
               "-D_GNU_SOURCE", "-DPST_VERSION=\"0\"", "-DPST_SYSCONFDIR=\"/etc\"", LIBBPF_OPTS, "-Iuser", "-Ibpf", "user")


ALL_RECORDS = """#include "abi/record.h"
#define RECORD(id, name, type) _Static_assert(sizeof(struct type) > 0, "is laid out here");
#include "abi/records.def"
"""


def padding(root):
    """The wire has no hidden holes: every byte of a record is a named field."""
    done = subprocess.run(["clang", "-x", "c", "-std=gnu17", "-fsyntax-only", "-Wpadded", "-Wall", "-Wextra", "-Werror",
                           "-Ibpf", "-"], cwd=root, input=ALL_RECORDS, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else done.stderr.splitlines()


def clang_clean(root):
    """make's own user space flags, with the other compiler. The skeleton comes from the build that is there."""
    base = ["clang", "-std=gnu17", "-fsyntax-only", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wmissing-prototypes",
            "-Wstrict-prototypes", "-Wformat=2", "-Werror", "-D_GNU_SOURCE", "-DPST_VERSION=\"0\"",
            "-DPST_SYSCONFDIR=\"/etc\"", "-Iuser", "-Ibpf", "-Itests"]
    skeleton = ["-Ibuild"] if (root / "build/postern.skel.h").is_file() else []
    return run_each(root, [*base, *skeleton], files(root, "user/**/*.c", "tests/unit/*.c"))


FORMAT = "BasedOnStyle: LLVM\n"

RULES = [
    Rule("shellcheck finds nothing", shellcheck, {"scripts/x": "#!/bin/sh\nrm -rf $1/*\n"}, "SC2086"),
    Rule("clang-format would change nothing", formatted,
         {"user/base/x.c": "int  x ;\n", ".clang-format": FORMAT}, "user/base/x.c"),
    Rule("cppcheck finds nothing", cppcheck,
         {"user/base/x.c": "int f(void)\n{\n\tint a[2] = {0};\n\treturn a[3];\n}\n", "tests/arch/cppcheck.suppress": ""},
         "arrayIndexOutOfBounds"),
    Rule("the wire header has no hidden padding", padding,
         {"bpf/abi/record.h": "struct pst_rec {\n\tchar a;\n\tlong b;\n};\n",
          "bpf/abi/records.def": "RECORD(1, X, pst_rec)\n"}, "padding"),
    Rule("user space is clean under clang too", clang_clean,
         {"user/base/x.c": "int f(long a)\n{\n\treturn a;\n}\n"}, "x.c"),
]
