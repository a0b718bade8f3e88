// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who moves bytes through io_uring, past the system calls? A ring, and each sort of network
 * operation, is told once per program. The kernel's workers and polling threads belong to the
 * process whose ring it is: their tgid is its own. */
#include "lib/act.h"
#include "lib/kern_acts.h"

#define OPCODES 63u /* below the bit that says that a ring was told */
#define RING_TOLD (1ull << OPCODES)

/* enum io_uring_op is user interface: its numbers stay. SENDMSG RECVMSG ACCEPT CONNECT, SEND RECV,
 * SOCKET SEND_ZC SENDMSG_ZC, BIND LISTEN RECV_ZC */
#define NETWORK                                                                                    \
	(1ull << 9 | 1ull << 10 | 1ull << 13 | 1ull << 16 | 1ull << 26 | 1ull << 27 | 1ull << 45 | \
	 1ull << 47 | 1ull << 48 | 1ull << 56 | 1ull << 57 | 1ull << 58)

/* is_first - did this process not do that before? */
static __always_inline int is_first(struct pst_lineage *line, __u64 bit)
{
	return !(line->uring_ops & bit) && !(__sync_fetch_and_or(&line->uring_ops, bit) & bit);
}

static __always_inline struct pst_lineage *acting(struct pst_cpu *cpu)
{
	struct pst_lineage *line = lineage_of(cpu, bpf_get_current_task_btf());

	return line && !(line->flags & PST_LINEAGE_IGNORED) ? line : NULL;
}

SEC("tp_btf/io_uring_create")
int BPF_PROG(pst_uring_create, int fd, void *ring, __u32 sq, __u32 cq, __u32 flags)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_uring_create);
	struct act_seen seen = { .act = PST_ACT_URING, .number = flags, .how = EMIT_NORMAL };
	struct pst_lineage *line = cpu ? acting(cpu) : NULL;

	if (line && is_first(line, RING_TOLD))
		act_tell(cpu, &seen);
	return 0;
}

static __always_inline int submit(struct pst_cpu *cpu, __u32 opcode)
{
	struct act_seen seen = { .act = PST_ACT_URING_NETWORK, .how = EMIT_NORMAL };
	struct pst_lineage *line;
	__u64 bit;

	if (!cpu || opcode >= OPCODES)
		return 0;
	bit = 1ull << opcode;
	if (!(bit & NETWORK))
		return 0;
	line = acting(cpu);
	if (!line || !is_first(line, bit))
		return 0;
	seen.number = opcode;
	return act_tell(cpu, &seen);
}

SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(pst_uring_submit, struct io_kiocb *req)
{
	return submit(enter(PST_HIT_pst_uring_submit), BPF_CORE_READ(req, opcode));
}

SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(pst_uring_submit_sqe, struct io_kiocb *req)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_uring_submit_sqe);

	if (!bpf_core_field_exists(
		    ((struct trace_event_raw_io_uring_submit_sqe *)0)->__data_loc_op_str))
		return 0;
	return submit(cpu, BPF_CORE_READ(req, opcode));
}
