// SPDX-License-Identifier: Apache-2.0
/* What opens no channel and may lead to one: programs for the kernel, hands in another process, a
 * module. */
#include "zoo.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int bpf_load(void)
{
	/* r0 = 0; exit */
	static const struct bpf_insn code[] = { { .code = 0xb7 }, { .code = 0x95 } };
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2 };
	int fd;

	attr.insns = (uint64_t)(uintptr_t)code;
	attr.license = (uint64_t)(uintptr_t) "GPL";
	memcpy(attr.prog_name, "zoo", 4);
	fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	return fd >= 0 ? 0 : zoo_missing();
}

static char target[8] = "before";

static int wait_for_end(int unused)
{
	(void)unused;
	return pause();
}

static int ptrace_(void)
{
	pid_t other = zoo_peer(wait_for_end, -1);
	int r = ptrace(PTRACE_ATTACH, other, NULL, NULL) == 0 && waitpid(other, NULL, 0) == other &&
				ptrace(PTRACE_DETACH, other, NULL, NULL) == 0 ?
			0 :
			1;

	return zoo_end(other) == 0 ? r : 1;
}

static int vm_writev(void)
{
	struct iovec mine = { .iov_base = (char[]){ "after" }, .iov_len = 6 };
	struct iovec its = { .iov_base = target, .iov_len = 6 };
	pid_t other = zoo_peer(wait_for_end, -1);
	int r = process_vm_writev(other, &mine, 1, &its, 1, 0) == 6 ? 0 : zoo_missing();

	return zoo_end(other) == 0 ? r : 1;
}

/* A netlink protocol that nobody has: the kernel asks for its module. */
static int mod_req(void)
{
	int fd;

	if (access("/proc/sys/kernel/modprobe", F_OK) < 0)
		return ZOO_MISSING; /* a kernel without modules */
	fd = socket(AF_NETLINK, SOCK_RAW, 31);

	return fd >= 0 || errno == EPROTONOSUPPORT ? 0 : 1;
}

const struct zoo_row zoo_act_rows[] = { { "bpf_load", bpf_load },
					{ "ptrace", ptrace_ },
					{ "vm_writev", vm_writev },
					{ "mod_req", mod_req },
					{ NULL, NULL } };
