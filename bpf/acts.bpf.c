// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What does a process do that is no channel, and may lead to one? Modules it makes the kernel load,
 * processes it takes hold of, network programs it loads, tunnels, filters. No program here denies:
 * each returns what it was given. */
#include "lib/act.h"
#include "lib/kern_acts.h"
#include "lib/open.h"

/* Who took hold of whom: a debugger reads the memory of one process many times a second. May
 * forget, and then tells again. */
struct hold {
	__u64 start_ns, other_start_ns;
	__u32 tgid, other_tgid;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct hold);
	__type(value, __u8);
} pst_holds SEC(".maps");

/* is_ours - the sensor itself, or its canary */
static __always_inline int is_ours(struct pst_cpu *cpu, struct task_struct *task)
{
	return (__u32)task->tgid == pst_own_tgid || is_canary(cpu, task);
}

SEC("tp_btf/module_request")
int BPF_PROG(pst_module_request, char *name)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_module_request);
	struct act_seen seen = { .act = PST_ACT_MODULE, .name = name, .how = EMIT_NORMAL };

	if (cpu && !is_ours(cpu, bpf_get_current_task_btf()))
		act_tell(cpu, &seen);
	return 0;
}

/* After the move. The hierarchy of number 0 is cgroup v2's, the only one that names units here; a
 * thread that goes alone takes no process along, but it may be the one that executes next. */
SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(pst_cgroup_attach, struct cgroup *to, const char *path, struct task_struct *moved)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_cgroup_attach);
	struct task_struct *task = bpf_get_current_task_btf();

	if (!cpu || BPF_CORE_READ(to, root, hierarchy_id) ||
	    BPF_CORE_READ(task, flags) & PF_KTHREAD || BPF_CORE_READ(moved, flags) & PF_KTHREAD ||
	    is_ours(cpu, task))
		return 0;
	act_moved(cpu, moved, to);
	return 0;
}

SEC("lsm/ptrace_access_check")
int BPF_PROG(pst_lsm_ptrace, struct task_struct *child, unsigned int mode, int ret)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_lsm_ptrace);
	struct task_struct *task = bpf_get_current_task_btf();
	struct act_seen seen = { .act = PST_ACT_PTRACE, .number = mode, .how = EMIT_NORMAL };
	struct hold hold = {};

	if (ret || !cpu || !(mode & PTRACE_MODE_ATTACH) || is_ours(cpu, task))
		return ret;
	hold.tgid = (__u32)task->tgid;
	hold.other_tgid = (__u32)BPF_CORE_READ(child, tgid);
	if (hold.tgid == hold.other_tgid)
		return ret;
	hold.start_ns = task_start(task);
	hold.other_start_ns = BPF_CORE_READ(child, group_leader, start_boottime);
	if (bpf_map_update_elem(&pst_holds, &hold, &(__u8){ 1 }, BPF_NOEXIST))
		return ret;
	seen.other_tgid = hold.other_tgid;
	seen.other_start_ns = hold.other_start_ns;
	act_tell(cpu, &seen);
	return ret;
}

/* What carries, changes or listens to packets; enum bpf_prog_type is user interface. SOCKET_FILTER,
 * SCHED_CLS, SCHED_ACT, XDP, CGROUP_SKB, LWT_IN OUT XMIT, SOCK_OPS, SK_SKB, SK_MSG, SK_REUSEPORT,
 * CGROUP_SOCK_ADDR, LWT_SEG6LOCAL, FLOW_DISSECTOR, STRUCT_OPS (queues, congestion), EXT (replaces
 * a part of another one), SK_LOOKUP, NETFILTER */
#define NETWORK_TYPES                                                                          \
	(1ull << 1 | 1ull << 3 | 1ull << 4 | 1ull << 6 | 1ull << 8 | 7ull << 10 | 1ull << 13 | \
	 1ull << 14 | 1ull << 16 | 1ull << 18 | 1ull << 19 | 1ull << 21 | 1ull << 22 |         \
	 1ull << 27 | 1ull << 28 | 1ull << 30 | 1ull << 32)

/* newer kernels gave this hook another argument, behind which the earlier result lies: constant 0
 */
SEC("lsm/bpf")
int BPF_PROG(pst_lsm_bpf, int cmd, union bpf_attr *attr)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_lsm_bpf);
	struct act_seen seen = { .act = PST_ACT_BPF_LOAD, .how = EMIT_NORMAL };
	char name[BPF_OBJ_NAME_LEN];

	if (!cpu || cmd != BPF_PROG_LOAD || is_ours(cpu, bpf_get_current_task_btf()))
		return 0;
	bpf_probe_read_kernel(&seen.number, sizeof(seen.number), &attr->prog_type);
	if (seen.number > 63 || !(1ull << seen.number & NETWORK_TYPES))
		return 0;
	bpf_probe_read_kernel(name, sizeof(name), attr->prog_name);
	name[sizeof(name) - 1] = '\0';
	seen.name = name;
	act_tell(cpu, &seen);
	return 0;
}

SEC("lsm/tun_dev_create")
int BPF_PROG(pst_lsm_tun, int ret)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_lsm_tun);
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_seen seen = { .chan_flags = PST_CHAN_BARE, .how = EMIT_URGENT };
	struct pst_key key = { .kind = PST_KIND_TUNNEL };
	struct pst_channel *ch;

	if (ret || !cpu || is_ours(cpu, task))
		return ret;
	key_owner(&key, task);
	ch = channel_open(cpu, &key, &seen);
	if (ch) {
		ch->last_ns = bpf_ktime_get_boot_ns();
		add(&ch->attempts, 1);
	}
	return ret;
}

static __always_inline __u16 flavour_of(int level, int option)
{
	if (level != SOL_SOCKET)
		return 0;
	if (option == SO_ATTACH_FILTER || option == SO_ATTACH_REUSEPORT_CBPF)
		return PST_FILTER_CLASSIC;
	if (option == SO_ATTACH_BPF || option == SO_ATTACH_REUSEPORT_EBPF)
		return PST_FILTER_EBPF;
	return 0;
}

/* filter_tell - that a filter comes; its instructions the next sweep finds at the socket */
static __noinline int filter_tell(struct pst_cpu *cpu, struct sock *sk, __u32 flavour)
{
	struct pst_socket *s = bpf_sk_storage_get(&pst_sockets, sk, NULL, 0);
	__u64 cookie = bpf_get_socket_cookie(sk);
	struct pst_rec_filter *rec = reserve(cpu, sizeof(*rec), EMIT_URGENT);

	if (!rec)
		return 0;
	header(cpu, &rec->h, PST_REC_FILTER, sizeof(*rec));
	act_stamp(cpu, &rec->h.task);
	rec->cookie = cookie;
	rec->owner_start_ns = s ? s->opener_start_ns : 0;
	rec->owner_tgid = s ? s->opener_tgid : 0;
	rec->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	rec->sock_type = (__u16)BPF_CORE_READ(sk, sk_type);
	rec->protocol = (__u16)BPF_CORE_READ(sk, sk_protocol);
	rec->flavour = (__u16)flavour;
	rec->insns = 0;
	__builtin_memset(rec->tag, 0, sizeof(rec->tag));
	rec->prog_id = 0;
	rec->len = 0;
	rec->pad = 0;
	bpf_ringbuf_submit(rec, wake_flags(cpu, EMIT_URGENT));
	return 0;
}

SEC("lsm/socket_setsockopt")
int BPF_PROG(pst_lsm_option, struct socket *sock, int level, int option, int ret)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_lsm_option);
	__u16 flavour = flavour_of(level, option);
	struct sock *sk;

	if (ret || !cpu || !flavour || is_ours(cpu, bpf_get_current_task_btf()))
		return ret;
	sk = sock->sk;
	if (sk)
		filter_tell(cpu, sk, flavour);
	return ret;
}
