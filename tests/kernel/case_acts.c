// SPDX-License-Identifier: Apache-2.0
/* What is no connection and may lead to one: socket filters, tunnels, modules, network programs,
 * and taking hold of another process. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hold.h"
#include "kt.h"

struct wanted {
	uint32_t tgid;
	uint16_t family;
};

static const struct sock_filter port_knock[] = {
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 2),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xbeef, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0xffff),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

#define KNOCK_INSNS (sizeof(port_knock) / sizeof(port_knock[0]))

static int attach_classic(int fd)
{
	const struct sock_fprog prog = { .len = KNOCK_INSNS,
					 .filter = (struct sock_filter *)(uintptr_t)port_knock };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

static bool is_filter(const struct pst_event *event, const void *context)
{
	const struct wanted *w = context;

	return event->type == PST_EVENT_FILTER && event->task.proc.tgid == w->tgid &&
	       event->filter.family == w->family && event->filter.hash[0];
}

static void check_classic(struct kt *kt, const struct kt_actor *me, uint16_t family)
{
	const struct wanted w = { me->child, family };
	const struct kt_actor child = kt_held(me);
	const struct pst_event *event = kt_find(kt, is_filter, &w);

	KT_NEED(kt, event);
	kt_task(kt, event, &child);
	KT_TRUE(kt, !event->filter.ebpf && event->filter.cookie != 0 && !event->preexisting);
	KT_EQUAL(kt, event->filter.insns, KNOCK_INSNS);
	KT_EQUAL(kt, event->filter.code.len, sizeof(port_knock));
	KT_TRUE(kt, event->filter.code.len == sizeof(port_knock) &&
			    memcmp(event->filter.code.data, port_knock, sizeof(port_knock)) == 0);
	KT_TRUE(kt, strncmp(event->filter.hash, "sha256:", 7) == 0);
	KT_EQUAL(kt, kt_count(kt, is_filter, &w), 1);
	KT_TRUE(kt, kt_release(me));
}

static int open_udp_with_filter(struct kt_actor *me)
{
	int fd = kt_udp("127.0.0.1", &me->port);

	return fd < 0 || attach_classic(fd) < 0;
}

static int act_a_filter_on_a_udp_socket_is_told_with_its_instructions(struct kt_actor *me)
{
	return kt_hold(me, open_udp_with_filter);
}

static void check_a_filter_on_a_udp_socket_is_told_with_its_instructions(struct kt *kt,
									 const struct kt_actor *me)
{
	check_classic(kt, me, AF_INET);
}

static int open_sniffer(struct kt_actor *me)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));

	(void)me; /* everything it needs stands in the test */
	return fd < 0 || attach_classic(fd) < 0;
}

static int act_a_sniffer_that_never_sends_is_found_with_its_filter(struct kt_actor *me)
{
	return kt_hold(me, open_sniffer);
}

static void check_a_sniffer_that_never_sends_is_found_with_its_filter(struct kt *kt,
								      const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->child, PST_PACKET, ETH_P_ALL);
	const struct kt_actor child = kt_held(me);

	KT_NEED(kt, event);
	kt_task(kt, event, &child);
	KT_EQUAL(kt, event->channel.late, kt_tier(kt) != KT_FULL);
	KT_EQUAL(kt, event->channel.family, AF_PACKET);
	KT_EQUAL(kt, event->channel.sock_type, SOCK_RAW);
	check_classic(kt, me, AF_PACKET);
}

/* "return 0": an eBPF program that drops everything */
static int load_filter(void)
{
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const char license[] = "Apache-2.0";
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insns = (uintptr_t)code;
	attr.insn_cnt = 2;
	attr.license = (uintptr_t)license;
	memcpy(attr.prog_name, "knock", sizeof("knock"));
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int open_udp_with_program(struct kt_actor *me)
{
	int fd = kt_udp("127.0.0.1", &me->port), prog = load_filter();

	return fd < 0 || prog < 0 ||
	       setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &prog, sizeof(prog)) < 0;
}

static int act_an_ebpf_filter_is_told_with_its_tag(struct kt_actor *me)
{
	return kt_hold(me, open_udp_with_program);
}

static void check_an_ebpf_filter_is_told_with_its_tag(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted w = { me->child, AF_INET };
	const struct pst_event *event = kt_find(kt, is_filter, &w);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->filter.ebpf && event->filter.prog_id != 0);
	KT_EQUAL(kt, event->filter.insns, 2);
	KT_TRUE(kt, strncmp(event->filter.hash, "tag:", 4) == 0);
	KT_TRUE(kt, kt_release(me));
}

static int open_tap(struct kt_actor *me)
{
	struct ifreq wanted = { .ifr_name = "pst%d" };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	wanted.ifr_flags = IFF_TAP | IFF_NO_PI;
	if (fd < 0)
		return KT_MISSING;
	if (ioctl(fd, TUNSETIFF, &wanted) < 0)
		return 1;
	memcpy(me->text, wanted.ifr_name, sizeof(wanted.ifr_name));
	return 0;
}

static int act_a_tunnel_is_found_with_its_device(struct kt_actor *me)
{
	return kt_hold(me, open_tap);
}

static bool is_tunnel(const struct pst_event *event, const void *tgid)
{
	return event->type == PST_EVENT_CHANNEL && event->channel.kind == PST_TUNNEL &&
	       event->channel.name.len && event->task.proc.tgid == *(const uint32_t *)tgid;
}

static void check_a_tunnel_is_found_with_its_device(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_find(kt, is_tunnel, &me->child);
	const struct kt_actor child = kt_held(me);

	KT_NEED(kt, event);
	kt_task(kt, event, &child);
	KT_TRUE(kt, event->channel.late);
	KT_EQUAL(kt, event->channel.name.len, strlen(me->text));
	KT_TRUE(kt, memcmp(event->channel.name.data, me->text, event->channel.name.len) == 0);
	KT_TRUE(kt, kt_release(me));
}

#define ODD_NETLINK 30 /* no kernel has it */

static int act_a_module_is_asked_for_by_a_process(struct kt_actor *me)
{
	(void)me; /* the kernel names what it asks for by the number */
	if (access("/proc/sys/kernel/modprobe", F_OK) < 0)
		return KT_MISSING;
	return socket(AF_NETLINK, SOCK_RAW, ODD_NETLINK) < 0 ? 0 : 1;
}

static void check_a_module_is_asked_for_by_a_process(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_act(kt, me->pid, PST_MODULE, 0);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, strcmp(event->act.name, "net-pf-16-proto-30") == 0);
}

/* Only security hooks see it: in the other tiers there is nothing to look for. */
static int act_a_hold_on_another_process_is_told(struct kt_actor *me)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		(void)pause();
		_exit(0);
	}
	me->child = (uint32_t)child;
	if (ptrace(PTRACE_ATTACH, child, NULL, NULL) < 0 || waitpid(child, &status, 0) != child)
		return 1;
	return ptrace(PTRACE_KILL, child, NULL, NULL) < 0;
}

static void check_a_hold_on_another_process_is_told(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event;

	if (kt_tier(kt) != KT_FULL) {
		KT_EQUAL(kt, kt_acts_of(kt, me->pid), 0);
		return;
	}
	event = kt_act(kt, me->pid, PST_PTRACE, 0);
	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_EQUAL(kt, event->act.other.tgid, me->child);
	KT_TRUE(kt, event->act.other.start_ns != 0);
	KT_EQUAL(kt, kt_acts_of(kt, me->pid), 1);
}

static int act_a_network_program_that_is_loaded_is_told(struct kt_actor *me)
{
	(void)me; /* nothing to be told of it */
	return load_filter() < 0;
}

static void check_a_network_program_that_is_loaded_is_told(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event;

	if (kt_tier(kt) != KT_FULL) {
		KT_EQUAL(kt, kt_acts_of(kt, me->pid), 0);
		return;
	}
	event = kt_act(kt, me->pid, PST_BPF_LOAD, 0);
	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_EQUAL(kt, event->act.number, BPF_PROG_TYPE_SOCKET_FILTER);
	KT_TRUE(kt, strcmp(event->act.name, "knock") == 0);
}

const struct kt_case kt_acts_cases[] = {
	CASE(a_filter_on_a_udp_socket_is_told_with_its_instructions),
	CASE(a_sniffer_that_never_sends_is_found_with_its_filter),
	CASE(an_ebpf_filter_is_told_with_its_tag),
	CASE(a_tunnel_is_found_with_its_device),
	CASE(a_module_is_asked_for_by_a_process),
	CASE(a_hold_on_another_process_is_told),
	CASE(a_network_program_that_is_loaded_is_told),
	{ NULL, NULL, NULL, NULL, NULL },
};
