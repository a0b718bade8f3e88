# SPDX-License-Identifier: Apache-2.0
"""Does it fit on a screen? Kernel style makes it easy to measure: a function is what stands between `{` and `}` in
column 0."""
import re

from tree import Rule, c_files, files, scripts, text, without_comments

FILE_LINES = 400
FUNCTION_LINES = 60
PARAMETERS = 4


def functions(source):
    """(first line, number of lines, head) of each function; the head is its text before the brace."""
    lines = without_comments(source).splitlines()
    found = []
    head = []
    start = None
    for number, line in enumerate(lines, 1):
        if start is not None:
            if line.startswith("}"):
                found.append((start, number - start + 1, " ".join(head)))
                start, head = None, []
        elif line == "{":
            start = number - len(head)
        elif not line.strip() or line.startswith("#") or line.rstrip().endswith((";", "}", "\\")):
            head = []
        else:
            head.append(line)
    return found


def parameters(head):
    """How many: a buffer and its size are one, a format and its arguments none; of BPF_PROG(name, ...) nothing can be said."""
    head = re.sub(r"(\*\s*\w+|\w+\[\w*\]),\s*(const )?size_t \w+", r"\1", head)
    head = re.sub(r",[^,]*,\s*(\.\.\.|va_list \w+)\s*\)", ")", head)
    match = re.search(r"\b([a-z_]\w*)\s*\(", head)
    if not match or re.search(r"\b[A-Z][A-Z_0-9]+\s*\(", head):
        return 0
    depth, count = 0, 1
    for char in head[match.end() - 1:]:
        depth += char in "([{"
        depth -= char in ")]}"
        count += char == "," and depth == 1
        if depth == 0:
            break
    return count


def file_length(root):
    wrong = []
    for path in files(root, "user/**/*", "bpf/**/*", "tests/**/*.[ch]", "tests/**/*.py", "scripts/**/*") + scripts(root):
        count = text(path).count("\n")
        if count > FILE_LINES:
            wrong.append(f"{path.relative_to(root)}: {count} lines, the limit is {FILE_LINES}: one idea per file")
    return wrong


def function_length(root):
    wrong = []
    for path in c_files(root):
        for start, count, _ in functions(text(path)):
            if count > FUNCTION_LINES:
                wrong.append(f"{path.relative_to(root)}:{start}: {count} lines, the limit is {FUNCTION_LINES}")
    return wrong


def parameter_count(root):
    wrong = []
    for path in c_files(root):
        for start, _, head in functions(text(path)):
            if parameters(head) > PARAMETERS:
                wrong.append(f"{path.relative_to(root)}:{start}: {parameters(head)} parameters: make it a struct")
    return wrong


LONG = "int f(void)\n{\n" + "\tg();\n" * 60 + "}\n"

RULES = [
    Rule("a file has at most 400 lines", file_length, {"user/base/x.c": "int x;\n" * 401}, "401 lines"),
    Rule("a function has at most 60 lines", function_length, {"user/base/x.c": LONG}, "63 lines"),
    Rule("a function has at most 4 parameters", parameter_count,
         {"user/base/x.c": "static int f(int a, int (*b)(int, int),\n\tint c, int d, int e)\n{\n}\n"}, "5 parameters"),
]
