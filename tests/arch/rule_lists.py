# SPDX-License-Identifier: Apache-2.0
"""Does each line of a list have its file, its test and its words for people?"""
import re

from tree import Rule, entries, files, text


def joined(root, *patterns):
    return "\n".join(text(path) for path in files(root, *patterns))


def need(wrong, condition, line, what):
    if not condition:
        wrong.append(f"{line}: {what}")


def records(root):
    wrong, seen = [], []
    wire = joined(root, "bpf/abi/*.h")
    tests = joined(root, "tests/unit/test_decode*.c", "tests/unit/*.h")
    for number, name, struct in entries(root / "bpf/abi/records.def", "RECORD"):
        line = f"records.def: {name}"
        need(wrong, re.search(rf"^struct {struct} {{", wire, re.M), line, f"bpf/abi has no struct {struct}")
        need(wrong, re.search(rf"\b(PST_REC_{name}|PST_EVENT_{name}|struct {struct})\b", tests), line,
             f"no test_decode*.c names PST_REC_{name}")
        need(wrong, number not in seen, line, f"the id {number} is taken")
        seen.append(number)
    return wrong


def hooks(root):
    wrong, seen = [], set()
    programs = joined(root, "bpf/*.bpf.c")
    canaries = joined(root, "user/sensor/*.[ch]")
    for slot, program, rank, canary, blind in entries(root / "bpf/abi/hooks.def", "HOOK"):
        line = f"hooks.def: {slot}/{program}"
        need(wrong, re.search(rf'SEC\("[^"]+"\)\s+(__weak\s+)?(int\s+)?([A-Z_]+\()?{program}\b', programs), line,
             f"no bpf/*.bpf.c has SEC(...) {program}")
        need(wrong, canary == "NONE" or re.search(rf"\b\w*{canary}\b", canaries), line,
             f"user/sensor makes no canary call {canary}")
        need(wrong, (slot, rank) not in seen, line, f"rank {rank} of the slot is taken")
        need(wrong, blind.startswith('"'), line, "what it is blind to must be a text")
        seen.add((slot, rank))
    sections = set(re.findall(r'SEC\("(?!\.|license|maps)[^"]+"\)\s+(?:int\s+)?(?:[A-Z_]+\()?(pst_\w+)', programs))
    listed = {entry[1] for entry in entries(root / "bpf/abi/hooks.def", "HOOK")}
    wrong += [f"bpf/: program {name} is attachable and not in hooks.def" for name in sorted(sections - listed)]
    return wrong


def kinds(root):
    wrong = []
    tests = joined(root, "tests/unit/*.[ch]")
    for entry in entries(root / "bpf/abi/kinds.def", "KIND"):
        need(wrong, re.search(rf'\bPST_(CHAN|KIND)_{entry[1]}\b|\b{entry[2].strip(chr(34))}\b', tests),
             f"kinds.def: {entry[1]}", "no unit test names it")
    return wrong


def coverage(root):
    wrong = []
    rows = list(entries(root / "bpf/abi/coverage.def", "COVER"))
    slots = {entry[0] for entry in entries(root / "bpf/abi/hooks.def", "HOOK")}
    for entry in entries(root / "bpf/abi/kinds.def", "KIND"):
        need(wrong, any(row[0] == entry[2].strip('"') for row in rows), f"kinds.def: {entry[1]}",
             "coverage.def does not say what sees it")
    for name, _, seen, late, why in rows:
        named = set(re.findall(r"\w+", seen + " " + late))
        need(wrong, named <= slots, f"coverage.def: {name}", f"hooks.def has no slot {sorted(named - slots)}")
        need(wrong, why != '""', f"coverage.def: {name}", "it does not say what is missed")
    return wrong


def detectors(root):
    wrong = []
    tests = joined(root, "tests/unit/*.[ch]")
    cases = joined(root, "tests/replay/**/*")
    for entry in entries(root / "user/detect/detectors.def", "DETECTOR"):
        name = entry[1]
        line = f"detectors.def: {name}"
        source = root / f"user/detect/{name}.c"
        need(wrong, source.is_file(), line, f"user/detect/{name}.c is missing")
        words = text(source) if source.is_file() else ""
        need(wrong, f"pst_detector_{name}" in words, line, f"its file does not define pst_detector_{name}")
        need(wrong, re.search(r'\.explain\s*=\s*"[^"]{40}', words), line, "it has no explain text for people")
        need(wrong, re.search(rf"\b\w*{name}\b", tests), line, "no unit test names it")
        need(wrong, name in cases, line, "no replay case names it")
    return wrong


def commands(root):
    wrong = []
    tests = joined(root, "tests/**/*.[ch]", "tests/**/*.py", "tests/**/*.sh", "tests/**/run")
    for entry in entries(root / "user/cli/commands.def", "COMMAND"):
        name = entry[0]
        line = f"commands.def: {name}"
        source = root / f"user/cli/cmd_{name}.c"
        need(wrong, source.is_file(), line, f"user/cli/cmd_{name}.c is missing")
        words = text(source) if source.is_file() else ""
        need(wrong, re.search(r'\.summary\s*=\s*"[^"]+"', words), line, "it has no help")
        need(wrong, re.search(rf"\b(postern\S*|PROGRAM\S*)\W+{name}\b|\bcmd_{name}\b|['\"]{name}['\"]", tests), line,
             "no test runs it")
    return wrong


def sinks(root):
    wrong = []
    tests = joined(root, "tests/**/*.[ch]", "tests/**/*.py", "tests/**/*.sh", "tests/**/run")
    for entry in entries(root / "user/sink/sinks.def", "SINK"):
        name = next(part for part in entry if re.fullmatch(r'"?[a-z_]+"?', part)).strip('"')
        line = f"sinks.def: {name}"
        need(wrong, (root / f"user/sink/{name}.c").is_file(), line, f"user/sink/{name}.c is missing")
        need(wrong, re.search(rf"\b\w*{name}\b", tests), line, "no test names it")
    return wrong


RULES = [
    Rule("each record has its struct and a decode test", records,
         {"bpf/abi/records.def": "RECORD(1, EXEC, pst_rec_exec)\n", "bpf/abi/record.h": "struct pst_rec_exec {\n};\n"},
         "no test_decode"),
    Rule("each hook has its program and its canary, each program its hook", hooks,
         {"bpf/abi/hooks.def": 'HOOK(exec, pst_exec, 1, EXEC, "")\n',
          "bpf/x.bpf.c": 'SEC("tp_btf/x")\nint BPF_PROG(pst_other)\n'}, "SEC(...) pst_exec"),
    Rule("each kind of channel is named by a unit test", kinds,
         {"bpf/abi/kinds.def": 'KIND(1, TCP_CONNECT, "tcp_connect")\n'}, "TCP_CONNECT"),
    Rule("each kind of channel has its row of coverage, each row slots that exist", coverage,
         {"bpf/abi/kinds.def": 'KIND(1, TCP_CONNECT, "tcp_connect")\n'}, "what sees it"),
    Rule("each detector has its file, words for people, a unit test and a replay case", detectors,
         {"user/detect/detectors.def": "DETECTOR(X, x)\n", "user/detect/x.c": "const int pst_detector_x;\n"},
         "no explain text"),
    Rule("each command has its file, help and a test", commands,
         {"user/cli/commands.def": "COMMAND(run)\n"}, "cmd_run.c is missing"),
    Rule("each sink has its file and a test", sinks,
         {"user/sink/sinks.def": "SINK(FILE, file)\n"}, "file.c is missing"),
]
