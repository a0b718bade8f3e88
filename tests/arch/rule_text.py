# SPDX-License-Identifier: Apache-2.0
"""Does the text keep our promises? Licence lines, short READMEs, no path or host of the machine it was made on."""
import re
import shutil
import subprocess

from tree import BPF_LICENCE, Rule, c_files, files, scripts, text

README_LINES = 30
COLUMNS = 100


def sources(root):
    return sorted(set(c_files(root) + scripts(root) + files(root, "**/*.def", "**/*.py", "**/*.mjs", "Makefile")))


def licence_lines(root):
    wrong = []
    for path in sources(root):
        name = str(path.relative_to(root))
        wanted = BPF_LICENCE if name.startswith("bpf/") else "Apache-2.0"
        head = text(path).splitlines()[:2]
        if not any(re.search(rf"SPDX-License-Identifier: {re.escape(wanted)}\s*(\*/)?$", line) for line in head):
            wrong.append(f"{name}: its first lines do not say SPDX-License-Identifier: {wanted}")
    return wrong


def purposes(root):
    """Each C file says, right after its licence, what question it answers."""
    wrong = []
    for path in c_files(root):
        lines = text(path).splitlines()[1:2] or [""]
        if not lines[0].startswith("/*"):
            wrong.append(f"{path.relative_to(root)}: the second line is no comment about its purpose")
    return wrong


def readmes(root):
    wrong = []
    for room in sorted(path for path in root.glob("user/*") if path.is_dir()):
        readme = room / "README.md"
        if not readme.is_file():
            wrong.append(f"{room.relative_to(root)}: the room has no README.md")
        elif text(readme).count("\n") > README_LINES:
            wrong.append(f"{readme.relative_to(root)}: more than {README_LINES} lines")
    return wrong


def output_of(*command):
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def machine_words(root):
    """The checkout's own path, and the hosts of the package archives that this machine is configured for."""
    hosts = output_of("apt-get", "indextargets", "--format", "$(SITE)") + output_of("npm", "config", "get", "registry")
    words = set(re.findall(r"^\w+://([^/:\s]+)", hosts, re.M)) | {str(root.resolve()) + "/"}
    return sorted(words - {"localhost", "127.0.0.1"})


def machine(root):
    words = machine_words(root)
    return [f"{path.relative_to(root)}: names {word}, which is of this machine"
            for path in files(root, "**/*", ".ci/*", ".*") for word in words if word in text(path)]


def unfinished(root):
    words = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X:)")
    return [f"{path.relative_to(root)}:{number}: {line.strip()}"
            for path in sources(root) + files(root, "**/*.md")
            for number, line in enumerate(text(path).splitlines(), 1) if words.search(line)]


def width(line):
    """Columns, without what stands inside string literals: a text that people read is not broken."""
    return len(re.sub(r'"(\\.|[^"\\])*"', '""', line).expandtabs(8))


def columns(root):
    wrong = []
    for path in c_files(root):
        for number, line in enumerate(text(path).splitlines(), 1):
            if width(line) > COLUMNS:
                wrong.append(f"{path.relative_to(root)}:{number}: {width(line)} columns, the limit is {COLUMNS}")
    return wrong


def typedefs(root):
    return [f"{path.relative_to(root)}: {line.strip()}: a typedef hides what a thing is"
            for path in files(root, "user/**/*.[ch]", "bpf/**/*.[ch]") if path.name != "kern.h"
            for line in text(path).splitlines() if re.match(r"typedef (?!.*\(\*\w+\)\s*\()", line)]


RULES = [
    Rule("each source file names its licence", licence_lines, {"bpf/x.bpf.c": "// SPDX-License-Identifier: MIT\n"},
         BPF_LICENCE),
    Rule("each C file says what question it answers", purposes,
         {"user/base/x.c": "// SPDX-License-Identifier: Apache-2.0\nint x;\n"}, "no comment about its purpose"),
    Rule("each room has a README of at most 30 lines", readmes, {"user/base/README.md": "line\n" * 31}, "more than 30"),
    Rule("nothing names the machine that it was made on", machine, {"scripts/x": "cd FIXTURE_ROOT/scripts\n"}, "of this machine"),
    Rule("nothing is left for later", unfinished, {"user/base/x.c": "/* TO" "DO: more */\n"}, "more"),
    Rule("a line has at most 100 columns", columns, {"user/base/x.c": "\t" + "x" * 93 + "\n"}, "101 columns"),
    Rule("there are no typedefs but of function pointers", typedefs,
         {"user/base/x.h": "typedef struct x x_t;\n"}, "hides"),
]
