# SPDX-License-Identifier: Apache-2.0
"""Who may know whom? A room includes only what stands to its left; libraries that have one keeper stay with it."""
import re

from tree import Rule, files, text

CORE = ["base", "decode", "attrib", "profile", "contract", "detect", "alert"]
MAY = {room: set(CORE[:at]) for at, room in enumerate(CORE)}
MAY["sink"] = set(CORE)
MAY["config"] = {"base"}
MAY["sensor"] = {"base", "config"}
MAY["engine"] = set(CORE) | {"sink", "config"}
MAY["ctl"] = MAY["engine"] | {"engine"}
MAY["cli"] = MAY["ctl"] | {"ctl", "sensor"}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)

# header -> who may include it: a pattern of the including file
KEPT = [
    (r"(bpf/|.*\.skel\.h)", r"user/sensor/", "only sensor/ knows libbpf and the skeleton"),
    (r"linux/bpf\.h", r"user/sensor/", "only sensor/ knows bpf(2)"),
    (r"abi/", r"user/(sensor|decode)/", "only sensor/ and decode/ know the wire"),
    (r"cjson/|cJSON", r"user/base/json\w*\.c$", "only base/json knows cJSON"),
    (r"openssl/", r"user/base/(digest|sign)\.c$", "only base/digest and base/sign know libcrypto"),
    (r"(sys/epoll|poll|sys/un|sys/mman|sys/uio|fcntl)\.h", r"user/(sensor|sink|ctl|engine|cli)/",
     "only sensor/ sink/ ctl/ engine/ and cli/ do I/O"),
]


def look(path, name, quote, include):
    room = name.split("/")[1]
    if ".." in include.split("/"):
        return "a path with .. hides who is included"
    for pattern, keeper, why in KEPT:
        if re.match(pattern, include):
            return None if re.match(keeper, name) else why
    if quote == "<":
        return None
    if "/" not in include:
        return None if (path.parent / include).is_file() else "no such file in this room; name the room"
    other = include.split("/")[0]
    if other == room or other in MAY.get(room, set()):
        return None
    return f"{room} may not know {other}"


def user_includes(root):
    wrong = []
    for path in files(root, "user/*/*.[ch]"):
        name = str(path.relative_to(root))
        if name.split("/")[1] not in MAY:
            wrong.append(f"{name}: a room that the rule does not know")
            continue
        for quote, include in INCLUDE.findall(text(path)):
            why = look(path, name, quote, include)
            if why:
                wrong.append(f"{name}: includes {include}: {why}")
    return wrong


def bpf_includes(root):
    wrong = []
    for path in files(root, "bpf/**/*.[ch]"):
        name = str(path.relative_to(root))
        allowed = r"(abi/|linux/types\.h|stdint\.h)" if name.startswith("bpf/abi/") else r"(abi/|lib/|linux/|asm/|bpf/)"
        for quote, include in INCLUDE.findall(text(path)):
            here = quote == '"' and "/" not in include and (path.parent / include).is_file()
            if not here and not re.match(allowed, include):
                wrong.append(f"{name}: includes {include}: the kernel side knows abi/, lib/ and the kernel alone")
    return wrong


RULES = [
    Rule("a room includes only what stands to its left", user_includes,
         {"user/decode/x.c": '#include "attrib/attrib.h"\n'}, "decode may not know attrib"),
    Rule("libbpf, the wire and cJSON each have one keeper", user_includes,
         {"user/engine/x.c": "#include <bpf/libbpf.h>\n"}, "only sensor/ knows libbpf"),
    Rule("the kernel side never includes user space", bpf_includes,
         {"bpf/x.bpf.c": '#include "base/text.h"\n'}, "includes base/text.h"),
]
