// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What was there before us, and what did live connections carry so far? The kernel's own lists of
 * tasks and of their open files, read at the start and with each sweep. Who is met first as holder
 * of a socket is its owner. */
#include "lib/burst.h"
#include "lib/bytes.h"
#include "lib/image.h"

SEC("iter/task")
int pst_iter_tasks(struct bpf_iter__task *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_iter_tasks);
	struct task_struct *task = ctx->task;
	struct pst_draft_slot *slot;
	struct pst_rec_exec *rec;
	struct pst_lineage *line;
	struct file *file;
	__u64 at;

	if (task && (__u32)task->pid == pst_own_tgid)
		pst_root_dentry = (__u64)BPF_CORE_READ(task, fs, root.dentry);
	if (!cpu || !task || task->pid != task->tgid || task->flags & PF_KTHREAD || !task->mm)
		return 0;
	line = lineage_of(cpu, task);
	file = BPF_CORE_READ(task, mm, exe_file);
	if (!file || !line || line->flags & PST_LINEAGE_IGNORED)
		return 0;
	if ((line->flags & (PST_LINEAGE_LIVE | PST_LINEAGE_LOST)) == PST_LINEAGE_LIVE)
		return 0; /* its exec was told */
	slot = draft_take(DRAFT_ITER);
	if (!slot)
		return 0;
	rec = &slot->draft.rec;
	header_unnumbered(&rec->h, PST_REC_EXEC, sizeof(*rec));
	rec->h.flags = line->flags & PST_LINEAGE_LOST ? 0 : PST_RF_PREEXISTING;
	rec->prev = no_lineage.task.image;
	task_stamp(cpu, &rec->h.task, task);
	rec->h.task.tid = rec->h.task.tgid;
	image_file(rec, file);
	image_audit(rec, task);
	image_stdio(rec, task);
	rec->args_len = 0; /* user memory of another process: the sensor adds them */
	at = image_path(slot, file);
	at = image_name(&slot->draft, at, NULL);
	at = image_cgroup(slot, at, task);
	at = sizeof(*rec) + CLAMP(at, sizeof(slot->draft.tail));
	rec->h.size = (__u32)at;
	/* when the buffer is full the kernel calls again for this task */
	if (!bpf_seq_write(ctx->meta->seq, &slot->draft, CLAMP(at, sizeof(slot->draft))))
		line->flags = (line->flags | PST_LINEAGE_LIVE) & ~PST_LINEAGE_LOST;
	draft_return(slot);
	return 0;
}

/* A socket that an iterator met. */
struct met {
	struct pst_cpu *cpu;
	struct seq_file *seq;
	struct task_struct *task;
	struct sock *sk;
	struct pst_socket *s;
	struct pst_port port;
	__u8 state;
	__u16 rec_flags;
};

static __always_inline void met_seen(struct met *m, const struct pst_key *key,
				     struct pst_seen *seen)
{
	struct sock *sk = m->sk;

	seen->cookie = bpf_get_socket_cookie(sk);
	seen->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	seen->protocol = BPF_CORE_READ(sk, sk_protocol);
	seen->sock_type = seen->protocol == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM;
	if (seen->family == AF_INET6 && addr_is_mapped(key->addr))
		seen->chan_flags = PST_CHAN_V6_SOCKET;
	seen->local_port = (__u16)m->port.port;
	seen->far_port = key->kind == PST_KIND_TCP_ACCEPT ?
				 bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)) :
				 0;
	seen->rec_flags =
		PST_RF_NO_TASK; /* stamped with its owner, not with the reader of the iterator */
	sock_local_probe(sk, seen->local);
}

/* met_tell - the record of a channel that is older than us; when the buffer is full the kernel
 * calls again for this file */
static __always_inline void met_tell(struct met *m, struct pst_channel *ch,
				     const struct pst_key *key, const struct pst_seen *seen)
{
	struct pst_rec_channel rec;

	if (ch->told & PST_TOLD_FIRST)
		return;
	__builtin_memset(&rec, 0, sizeof(rec));
	header_unnumbered(&rec.h, PST_REC_CHANNEL, sizeof(rec));
	rec.h.flags = m->rec_flags;
	rec.h.task = ch->task;
	channel_fill(&rec, key, seen);
	if (!bpf_seq_write(m->seq, &rec, sizeof(rec)))
		ch->told |= PST_TOLD_FIRST;
}

/* met_key - which channel is this socket? kind 0: none */
static __always_inline void met_key(struct met *m, struct pst_key *key)
{
	struct sock *sk = m->sk;

	key_owner(key, m->task);
	if (m->state == TCP_LISTEN) {
		key->kind = PST_KIND_TCP_LISTEN;
		key->port = (__u16)m->port.port;
		sock_local_probe(sk, key->addr);
		return;
	}
	sock_peer_probe(sk, key->addr);
	key->port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (!key->port)
		return;
	if (BPF_CORE_READ(sk, sk_protocol) == IPPROTO_UDP)
		return; /* whether it ever sent anything nobody knows: its next datagram tells */
	if (bpf_map_lookup_elem(&pst_ports, &m->port)) {
		key->kind = PST_KIND_TCP_ACCEPT;
		key->port = (__u16)m->port.port;
	} else {
		key->kind = PST_KIND_TCP_CONNECT;
	}
}

static __always_inline int is_connection(__u8 state)
{
	return state != TCP_LISTEN && state != TCP_CLOSE && state != TCP_SYN_SENT &&
	       state != TCP_SYN_RECV;
}

/* met_renamed - a listener whose port was chosen after we saw it listen: its first entry goes,
 * unless others share it */
static __always_inline void met_renamed(struct met *m)
{
	struct pst_key old = m->s->key;
	struct pst_channel *ch = channel_find(&old);

	if (!ch)
		return;
	add(&ch->closed, 1);
	if (ch->attempts <= 1)
		bpf_map_delete_elem(&pst_channels, &old);
}

/* met_open - a channel for this socket */
static __noinline int met_open(struct met *m)
{
	struct pst_seen seen = {};
	struct pst_key key = {};
	struct pst_channel *ch;
	__u32 is_new;

	if (m->s->flags & PST_SOCK_PORT_LATER)
		met_renamed(m);
	met_key(m, &key);
	m->s->key.start_ns = key.start_ns;
	m->s->key.tgid = key.tgid;
	if (!key.kind)
		return 0;
	lineage_of(m->cpu, m->task);
	met_seen(m, &key, &seen);
	ch = channel_insert(m->cpu, &key, &seen, &is_new);
	m->s->key = key;
	m->s->flags = key.kind != PST_KIND_UDP_PEER && is_connection(m->state) ? PST_SOCK_COUNTED :
										 0;
	if (!ch)
		return 0;
	if (is_new)
		ch->rec_flags = m->rec_flags & PST_RF_PREEXISTING;
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->attempts, 1);
	if (m->s->flags & PST_SOCK_COUNTED)
		add(&ch->established, 1);
	return 0;
}

/* met_again - a socket that has its channel: tell it if that was not done, add what it carried
 * since */
static __noinline int met_again(struct met *m)
{
	struct pst_channel *ch = channel_find(&m->s->key);
	struct pst_seen seen = {};
	struct tcp_sock *tp;

	if (!ch)
		return 0;
	if (!(ch->told & PST_TOLD_FIRST)) {
		met_seen(m, &m->s->key, &seen);
		met_tell(m, ch, &m->s->key, &seen);
	}
	burst_flush(ch, m->s);
	tp = bpf_skc_to_tcp_sock(m->sk);
	if (tp && m->s->flags & PST_SOCK_COUNTED && count_bytes(m->s, ch, tp))
		ch->last_ns = bpf_ktime_get_boot_ns();
	return 0;
}

/* is_unknown - was this socket's channel never made? A connected UDP socket that we saw connect is
 * none until it sends */
static __always_inline int is_unknown(const struct met *m, __u16 protocol)
{
	if (m->s->flags & PST_SOCK_PORT_LATER)
		return m->state == TCP_LISTEN && m->port.port;
	if (protocol == IPPROTO_UDP)
		return !m->s->key.tgid;
	/* or it found no room in the map */
	return m->state != TCP_CLOSE && (!m->s->key.kind || !channel_find(&m->s->key));
}

#define CGROUP_DEPTH 16 /* a watched cgroup is looked for among so many ancestors */

/* is_watched - is the task in the watched cgroup or below it? */
static __noinline int is_watched(struct task_struct *task)
{
	const struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);

	if (pst_whole_host)
		return 1;
	for (int i = 0; i < CGROUP_DEPTH && node; i++) {
		if (BPF_CORE_READ(node, id) == pst_cgroup_id)
			return 1;
		node = kernfs_parent(node);
	}
	return 0;
}

static __always_inline void listens(struct met *m)
{
	if (bpf_map_update_elem(&pst_ports, &m->port, &(__u8){ 1 }, BPF_ANY))
		count_loss(m->cpu, PST_LOSS_MAP); /* its accepted peers will look like connects */
}

SEC("iter/task_file")
int pst_iter_files(struct bpf_iter__task_file *ctx)
{
	struct met m = { .cpu = enter(PST_HIT_pst_iter_files),
			 .task = ctx->task,
			 .seq = ctx->meta->seq };
	struct file *file = ctx->file;
	struct socket *socket;
	__u16 family, protocol;
	struct sock *sk;

	if (!m.cpu || !m.task || !file)
		return 0;
	socket = bpf_sock_from_file(file);
	sk = socket ? socket->sk : NULL;
	if (!sk)
		return 0;
	family = sk->__sk_common.skc_family;
	protocol = sk->sk_protocol;
	m.state = sk->__sk_common.skc_state;
	if ((family != AF_INET && family != AF_INET6) ||
	    (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP))
		return 0;
	m.sk = sk;
	m.port.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	m.port.port = sk->__sk_common.skc_num;
	if (protocol == IPPROTO_TCP && m.state == TCP_LISTEN)
		listens(&m);
	else if (pst_pass == PST_PASS_LISTENERS)
		return 0;
	m.s = bpf_sk_storage_get(&pst_sockets, sk, NULL,
				 is_watched(m.task) ? BPF_SK_STORAGE_GET_F_CREATE : 0);
	if (!m.s)
		return 0;
	/* who opened it is known of every socket that was made while we watched */
	m.rec_flags = m.s->opener_tgid ? PST_RF_NO_TASK : PST_RF_NO_TASK | PST_RF_PREEXISTING;
	if (is_unknown(&m, protocol))
		met_open(&m);
	if (m.s->key.kind)
		met_again(&m);
	return 0;
}
