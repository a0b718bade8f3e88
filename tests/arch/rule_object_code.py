# SPDX-License-Identifier: Apache-2.0
"""Can watching change what it watches? Read from the object code, which is what the kernel runs: outside enforce.bpf.c
every cgroup program returns the constant 1 on every path, none writes into its context (that would redirect a connect),
and none calls a helper that signals, overrides, or writes to user memory."""
import re
import subprocess

from tree import Rule, files

# program types whose result decides nothing; all others must be proved here before they may be used
OBSERVERS = r"(tp_btf|raw_tp|raw_tracepoint|tp|tracepoint|iter|fentry|fexit|kprobe|kretprobe|perf_event|syscall)(/|$)"

FORBIDDEN_HELPERS = {
    9: "bpf_skb_store_bytes", 36: "bpf_probe_write_user", 49: "bpf_setsockopt", 58: "bpf_override_return",
    64: "bpf_bind", 109: "bpf_send_signal", 117: "bpf_send_signal_thread", 187: "bpf_set_retval",
}

INSTRUCTION = re.compile(r"^\s*(\d+):\s+((?:[0-9a-f]{2}[ \t])+)\s*(.*)$")
LOCAL_CALL = "85 10 "  # its number is an offset, not a helper


def programs(objdump):
    """(section, name, {slot: text}) of each function of the object file."""
    section, found = "", []
    for line in objdump.splitlines():
        if line.startswith("Disassembly of section "):
            section = line[len("Disassembly of section "):].rstrip(":")
        elif re.match(r"^[0-9a-f]+ <(?!LBB\d)", line):
            found.append((section, line.split("<")[1].rstrip(">:"), {}))
        elif found and INSTRUCTION.match(line):
            slot, raw, code = INSTRUCTION.match(line).groups()
            found[-1][2][int(slot)] = "call local" if raw.startswith(LOCAL_CALL) else code.strip()
    return found


def next_slots(slot, code, slots):
    jump = re.search(r"goto ([+-]?\w+)", code)
    following = slots.get(slot)
    if code.startswith("exit"):
        return []
    if not jump:
        return [following]
    target = slot + 1 + int(jump.group(1), 0)
    return [target] if code.startswith("goto") else [target, following]


def step(known, code):
    """What is known after one instruction: register or stack slot -> "one" or "ctx"; all else is unknown."""
    after = dict(known)
    move = re.match(r"^([rw])(\d) = ([rw])(\d)$", code)
    load = re.match(r"^r(\d) = \*\(u64 \*\)\(r10 ([+-]) (\w+)\)$", code)
    store = re.match(r"^\*\(u(\d+) \*\)\(r10 ([+-]) (\w+)\) = (r\d|\w+)$", code)
    write = re.match(r"^[rw](\d) ", code)
    if code.startswith(("call", "callx")):
        for register in range(6):
            after.pop(f"r{register}", None)
    elif store:
        place = store.group(2) + str(int(store.group(3), 0))
        after.pop(place, None)
        if store.group(1) == "64" and store.group(4) in known:
            after[place] = known[store.group(4)]
    elif re.match(r"^[rw]\d = (1|0x1)$", code):
        after["r" + code[1]] = "one"
    elif write:
        target = "r" + write.group(1)
        after.pop(target, None)
        source = f"r{move.group(4)}" if move and move.group(1) == move.group(3) == "r" else None
        source = load.group(2) + str(int(load.group(3), 0)) if load else source
        if source in known:
            after[target] = known[source]
        elif re.match(r"^r(\d) [+-]= ", code) and known.get(target) == "ctx":
            after[target] = "ctx"
    return after


def meet(left, right):
    return {place: value for place, value in left.items() if right.get(place) == value}


def flow(code_of):
    """slot -> what is known before it, on every path that reaches it."""
    ordered = sorted(code_of)
    following = dict(zip(ordered, ordered[1:]))
    before = {ordered[0]: {"r1": "ctx"}}
    work = [ordered[0]]
    while work:
        slot = work.pop()
        after = step(before[slot], code_of[slot])
        for reached in next_slots(slot, code_of[slot], following):
            new = after if reached not in before else meet(before[reached], after)
            if before.get(reached) != new:
                before[reached] = new
                work.append(reached)
    return before


def judge(section, code_of):
    """What is wrong with one program."""
    wrong = []
    decides = section.startswith("cgroup")
    before = flow(code_of) if decides else {}
    for slot, code in sorted(code_of.items()):
        helper = re.match(r"^call (\d+|0x[0-9a-f]+)$", code)
        if helper and int(helper.group(1), 0) in FORBIDDEN_HELPERS:
            wrong.append(f"instruction {slot} calls {FORBIDDEN_HELPERS[int(helper.group(1), 0)]}")
        if slot not in before:
            continue
        if code.startswith("exit") and before[slot].get("r0") != "one":
            wrong.append(f"the exit at {slot} does not return the constant 1 on every path")
        target = re.match(r"^(?:lock )?\*\(u\d+ \*\)\((r\d) [+-] \w+\) (?:=|[+|&^]=)", code)
        if target and before[slot].get(target.group(1)) == "ctx":
            wrong.append(f"instruction {slot} writes into the context")
    return wrong


def check(root):
    wrong = []
    objects = [path for path in sorted(root.glob("build/bpf/*.o")) if not path.name.startswith("enforce.")]
    for source in files(root, "*.s.c"):
        objects.append(source.with_suffix(".o"))
        subprocess.run(["clang", "-O2", "-target", "bpf", "-c", source, "-o", objects[-1]], check=True)
    if not objects:
        return ["build/bpf/*.o are not built: run make"]
    for path in objects:
        out = subprocess.run(["llvm-objdump", "-d", str(path)], capture_output=True, text=True, check=True).stdout
        for section, name, code_of in programs(out):
            place = f"{path.name}: {name} ({section})"
            if not section.startswith(("cgroup", ".text")) and not re.match(OBSERVERS, section):
                wrong.append(f"{place}: a program of this type can decide, and this rule cannot prove that it does not")
            wrong += [f"{place}: {what}" for what in judge(section, code_of)]
    return wrong


HEAD = '#define SEC(n) __attribute__((section(n), used))\n'
DENY = HEAD + '''SEC("cgroup/connect4") int deny(unsigned int *ctx)
{
	return ctx[1] == 7 ? 0 : 1;
}
'''
REDIRECT = HEAD + '''SEC("cgroup/connect4") int redirect(unsigned int *ctx)
{
	ctx[1] = 0x0100007f;
	return 1;
}
'''
SIGNAL = HEAD + '''static long (*send_signal)(unsigned int) = (void *)109;
SEC("tp_btf/sched_process_exec") int kill(void *ctx)
{
	send_signal(9);
	return 0;
}
'''
LSM = HEAD + 'SEC("lsm/socket_connect") int f(void *ctx)\n{\n\treturn 0;\n}\n'

RULES = [
    Rule("no program outside enforcement can deny", check, {"deny.s.c": DENY}, "does not return the constant 1"),
    Rule("no program outside enforcement can redirect", check, {"redirect.s.c": REDIRECT}, "writes into the context"),
    Rule("no program outside enforcement can signal or overwrite", check, {"kill.s.c": SIGNAL}, "bpf_send_signal"),
    Rule("no program of an unproved type is loaded", check, {"lsm.s.c": LSM}, "can decide"),
]
