# SPDX-License-Identifier: Apache-2.0
"""Can watching change what it watches? Read from the object code, which is what the kernel runs: outside enforce.bpf.c
every cgroup program returns the constant 1 on every path, every LSM program the result that it was given, none writes
into its context (that would redirect a connect), and none calls a helper that signals, overrides, or writes to user
memory."""
import functools
import re
import subprocess
import tempfile
from pathlib import Path

from tree import Rule, files

# program types whose result decides nothing; all others must be proved here before they may be used
OBSERVERS = r"(tp_btf|raw_tp|raw_tracepoint|tp|tracepoint|iter|fentry|fexit|kprobe|kretprobe|perf_event|syscall)(/|$)"

# security hooks: how many arguments stand before the result of the programs that ran earlier. 0 instead of that result
# is right where nothing is decided (void), and where newer kernels put another argument in its place: a program runs
# only when all before it allowed
LSM_ARGUMENTS = {
    "socket_create": 4, "socket_post_create": 5, "socket_connect": 3, "socket_bind": 3, "socket_listen": 2,
    "socket_sendmsg": 3, "socket_setsockopt": 3, "file_receive": 1, "tun_dev_create": 0, "ptrace_access_check": 2,
    "netlink_send": 2, "unix_stream_connect": 3, "unix_may_send": 2,
}
LSM_ZERO = {"sock_graft", "bpf", "bprm_committed_creds"}
# where a program may sleep: what it waits for, the exec has just waited for itself (IMA's lock of that file)
LSM_SLEEPABLE = {"bprm_committed_creds"}

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


CONSTANT = {"0": "zero", "1": "one"}


def loaded(known, code, given):
    """What a load brings: the result that was given, from its place in the context, or what a stack slot held."""
    stack = re.match(r"^r\d = \*\(u64 \*\)\(r10 ([+-]) (\w+)\)$", code)
    if stack:
        return known.get(stack.group(1) + str(int(stack.group(2), 0)))
    context = re.match(r"^r\d = \*\(u(?:32|64) \*\)\((r\d) \+ (\w+)\)$", code)
    if context and known.get(context.group(1)) == "ctx" and int(context.group(2), 0) == given:
        return "ret"
    return None


def written(known, code, given):
    """What the register that this instruction writes holds afterwards; None: unknown."""
    target = "r" + code[1]
    constant = re.match(r"^[rw]\d = (\w+)$", code)
    move = re.match(r"^([rw])\d = ([rw])(\d)$", code)
    if move:
        value = known.get("r" + move.group(3))
        # a result is an int: its lower half is all of it
        return value if move.group(1) == move.group(2) == "r" or value != "ctx" else None
    if constant and constant.group(1)[0].isdigit():
        return CONSTANT.get(str(int(constant.group(1), 0)))
    if re.match(r"^r\d [+-]= ", code) and str(known.get(target)).startswith("ctx"):
        return "ctx moved"
    return loaded(known, code, given)


def step(known, code, given):
    """What is known after one instruction: register or stack slot -> "one", "zero", "ctx", or "ret", the result that lies
    @given bytes into the context; all else is unknown."""
    after = dict(known)
    store = re.match(r"^\*\(u(\d+) \*\)\(r10 ([+-]) (\w+)\) = (r\d|\w+)$", code)
    if code.startswith(("call", "callx")):
        for register in range(6):
            after.pop(f"r{register}", None)
    elif store:
        place = store.group(2) + str(int(store.group(3), 0))
        after.pop(place, None)
        if store.group(1) == "64" and store.group(4) in known:
            after[place] = known[store.group(4)]
    elif re.match(r"^[rw]\d ", code):
        value = written(known, code, given)
        after.pop("r" + code[1], None)
        if value:
            after["r" + code[1]] = value
    return after


def branch(known, code, taken):
    """What the way that a jump goes adds: on one side of a test of the result it is known to be 0."""
    test = re.match(r"^if [rw](\d) ([!=]=) (?:0x)?0 goto", code)
    if test and known.get("r" + test.group(1)) == "ret" and taken == (test.group(2) == "=="):
        return dict(known, result="zero")
    return known


def meet(left, right):
    return {place: value for place, value in left.items() if right.get(place) == value}


def flow(code_of, given):
    """slot -> what is known before it, on every path that reaches it."""
    ordered = sorted(code_of)
    following = dict(zip(ordered, ordered[1:]))
    before = {ordered[0]: {"r1": "ctx"}}
    work = [ordered[0]]
    while work:
        slot = work.pop()
        code = code_of[slot]
        after = step(before[slot], code, given)
        for reached in next_slots(slot, code, following):
            known = branch(after, code, reached != following.get(slot))
            new = known if reached not in before else meet(before[reached], known)
            if before.get(reached) != new:
                before[reached] = new
                work.append(reached)
    return before


def security_hook(section):
    """The hook of an LSM program that these rules know; None of all else."""
    prefix, _, hook = section.partition("/")
    return hook if prefix == "lsm" or (prefix == "lsm.s" and hook in LSM_SLEEPABLE) else None


def may_return(section, known):
    """What is wrong with the value of r0 at an exit; None: nothing."""
    value = known.get("r0")
    if section.startswith("cgroup"):
        return None if value == "one" else "does not return the constant 1 on every path"
    if security_hook(section) in LSM_ZERO:
        return None if value == "zero" else "does not return the constant 0 on every path"
    if value == "ret" or (value == "zero" and known.get("result") == "zero"):
        return None
    return "does not return the result that it was given on every path"


def judge(section, code_of):
    """What is wrong with one program."""
    wrong = []
    hook = security_hook(section)
    decides = section.startswith("cgroup") or hook is not None
    given = 8 * LSM_ARGUMENTS.get(hook, -1)
    before = flow(code_of, given) if decides else {}
    for slot, code in sorted(code_of.items()):
        helper = re.match(r"^call (\d+|0x[0-9a-f]+)$", code)
        if helper and int(helper.group(1), 0) in FORBIDDEN_HELPERS:
            wrong.append(f"instruction {slot} calls {FORBIDDEN_HELPERS[int(helper.group(1), 0)]}")
        if slot not in before:
            continue
        bad = may_return(section, before[slot]) if code.startswith("exit") else None
        if bad:
            wrong.append(f"the exit at {slot} {bad}")
        target = re.match(r"^(?:lock )?\*\(u\d+ \*\)\((r\d) [+-] \w+\) (?:=|[+|&^]=)", code)
        if target and str(before[slot].get(target.group(1))).startswith("ctx"):
            wrong.append(f"instruction {slot} writes into the context")
    return wrong


def is_proved(section):
    """Is this a type of program of which the rules here can say that it changes nothing?"""
    hook = security_hook(section)
    return section.startswith(("cgroup", ".text")) or re.match(OBSERVERS, section) or hook in LSM_ARGUMENTS or \
        hook in LSM_ZERO


@functools.cache
def judge_object(path, _changed_ns):
    """What is wrong with the programs of one object file; all rules but one ask about the same files."""
    wrong = []
    out = subprocess.run(["llvm-objdump", "-d", str(path)], capture_output=True, text=True, check=True).stdout
    for section, name, code_of in programs(out):
        place = f"{path.name}: {name} ({section})"
        if not is_proved(section):
            wrong.append(f"{place}: a program of this type can decide, and this rule cannot prove that it does not")
        wrong += [f"{place}: {what}" for what in judge(section, code_of)]
    return wrong


def check(root):
    objects = [path for path in sorted(root.glob("build/bpf/*.o")) if not path.name.startswith("enforce.")]
    for source in files(root, "*.s.c"):
        objects.append(source.with_suffix(".o"))
        subprocess.run(["clang", "-O2", "-mcpu=v3", "-target", "bpf", "-c", source, "-o", objects[-1]], check=True)
    if not objects:
        return ["build/bpf/*.o are not built: run make"]
    return [line for path in objects for line in judge_object(path, path.stat().st_mtime_ns)]


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
LSM_UNKNOWN = HEAD + 'SEC("lsm/task_kill") int f(void *ctx)\n{\n\treturn 0;\n}\n'
LSM_SLEEPS = HEAD + 'SEC("lsm.s/socket_connect") int f(unsigned long long *ctx)\n{\n\treturn (int)ctx[3];\n}\n'
LSM_ALLOWS = HEAD + 'SEC("lsm/socket_connect") int f(void *ctx)\n{\n\treturn 0;\n}\n'
LSM_DENIES = HEAD + '''SEC("lsm/socket_bind") int f(unsigned long long *ctx)
{
	int ret = (int)ctx[3];

	if (!ret && ctx[2] == 16)
		return -1;
	return ret;
}
'''
LSM_OTHER_ARGUMENT = HEAD + 'SEC("lsm/socket_listen") int f(unsigned long long *ctx)\n{\n\treturn (int)ctx[1];\n}\n'
LSM_CHANGES = HEAD + 'SEC("lsm/file_receive") int f(unsigned long long *ctx)\n{\n\treturn (int)ctx[1] | 1;\n}\n'
LSM_VOID = HEAD + 'SEC("lsm/sock_graft") int f(unsigned long long *ctx)\n{\n\treturn (int)ctx[1];\n}\n'
LSM_GROWN = HEAD + 'SEC("lsm/bpf") int f(unsigned long long *ctx)\n{\n\treturn (int)ctx[3];\n}\n'

GIVEN = "does not return the result that it was given"

# what must pass: (section, C of the body); the compiler may turn a result that is known to be 0 into the constant
RIGHT = [
    ("cgroup/connect4", "return 1;"),
    ("lsm/socket_connect", "return (int)ctx[3];"),
    ("lsm/socket_connect", "int ret = (int)ctx[3]; if (ret) return ret; side(ctx[0]); return ret;"),
    ("lsm/socket_connect", "int ret = (int)ctx[3]; if (ret) return ret; side(ctx[0]); return 0;"),
    ("lsm/tun_dev_create", "return (int)ctx[0];"),
    ("lsm/sock_graft", "side(ctx[0]); return 0;"),
    ("lsm/bpf", "side(ctx[0]); return 0;"),
    ("lsm.s/bprm_committed_creds", "side(ctx[0]); return 0;"),
]


def check_right(root):
    """Self-test: nothing is wrong with the programs of RIGHT; a tree that brings programs is judged by those instead."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (section, body) in enumerate(RIGHT):
            (Path(folder) / f"right{number}.s.c").write_text(
                HEAD + "static long (*side)(unsigned long) = (void *)5;\n" +
                f'SEC("{section}") int f(unsigned long long *ctx)\n{{\n\tside(0);\n\t{body}\n}}\n', encoding="utf-8")
        return check(root if files(root, "*.s.c") else Path(folder))


RULES = [
    Rule("no program outside enforcement can deny", check, {"deny.s.c": DENY}, "does not return the constant 1"),
    Rule("no program outside enforcement can redirect", check, {"redirect.s.c": REDIRECT}, "writes into the context"),
    Rule("no program outside enforcement can signal or overwrite", check, {"kill.s.c": SIGNAL}, "bpf_send_signal"),
    Rule("no program of an unproved type is loaded", check, {"lsm.s.c": LSM_UNKNOWN}, "can decide"),
    Rule("no sleepable security hook is loaded unproved", check, {"sleeps.s.c": LSM_SLEEPS}, "can decide"),
    Rule("no security hook allows what another one refused", check, {"allows.s.c": LSM_ALLOWS}, GIVEN),
    Rule("no security hook denies", check, {"denies.s.c": LSM_DENIES}, GIVEN),
    Rule("no security hook returns one of its arguments", check, {"argument.s.c": LSM_OTHER_ARGUMENT}, GIVEN),
    Rule("no security hook changes the result", check, {"changes.s.c": LSM_CHANGES}, GIVEN),
    Rule("a security hook that decides nothing returns 0", check, {"void.s.c": LSM_VOID}, "the constant 0"),
    Rule("a security hook whose arguments grew returns 0", check, {"grown.s.c": LSM_GROWN}, "the constant 0"),
    Rule("programs that only watch are proved to", check_right, {"denies.s.c": LSM_DENIES}, GIVEN),
]
