// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which TCP and UDP sockets of a network namespace does no descriptor hold? The kernel's own tables
 * of sockets, read after all files were: io_uring keeps sockets in tables of its own, the kernel
 * makes some for itself, and a rootkit may hide the process that holds one. */
#include "lib/met.h"

/* met_hidden - two sweeps in turn must miss it: a socket that is made, or changes hands, between
 * the readings is none */
static __always_inline int is_missed(struct met *m)
{
	if (m->s->met_ns >= pst_sweep_ns) {
		m->s->flags &= ~PST_SOCK_MISSED;
		return 0;
	}
	if (m->s->flags & PST_SOCK_MISSED)
		return 1;
	m->s->flags |= PST_SOCK_MISSED;
	return 0;
}

/* hidden_owner - who opened it, if that is known and the process lives */
static __always_inline void hidden_owner(struct met *m, struct pst_key *key)
{
	__u32 tgid = m->s->key.tgid ? m->s->key.tgid : m->s->opener_tgid;
	__u64 start_ns = m->s->key.tgid ? m->s->key.start_ns : m->s->opener_start_ns;
	struct pst_lineage *line = bpf_map_lookup_elem(&pst_lineages, &tgid);

	if (!tgid || !line || line->task.start_ns != start_ns)
		return;
	key->tgid = tgid;
	key->start_ns = start_ns;
}

/* hidden_open - a channel for a socket that no event told and no process holds */
static __noinline int hidden_open(struct met *m)
{
	struct look *look = m->look;
	struct pst_seen seen;
	struct pst_channel *ch;
	struct pst_key key;

	hidden_owner(m, &look->key);
	met_inet(m, &look->key, &look->seen);
	if (!look->key.kind)
		return 0;
	seen = look->seen;
	seen.name = NULL; /* map memory cannot hold a pointer */
	key = look->key;
	met_seen(m, &key, &seen);
	channel_enter(&key, &seen);
	seen.name = NULL;
	ch = channel_find(&key);
	m->s->key = key;
	if (!ch)
		return 0;
	if (is_stream(m->look->transport) && is_connection(m->look->state))
		m->s->flags |= PST_SOCK_COUNTED;
	add(&ch->attempts, 1);
	met_tell(m, ch, &key, &seen);
	return 0;
}

/* met_orphan - nobody's any more, and its end is still to come */
static __always_inline void met_orphan(struct sock *sk)
{
	struct pst_socket *s = bpf_sk_storage_get(&pst_sockets, sk, NULL, 0);
	struct pst_channel *ch = s && s->key.kind ? channel_counts(&s->key) : NULL;

	if (ch)
		ch->met_ns = bpf_ktime_get_boot_ns();
}

/* met_hashed - one socket of the table. Without struct socket it is an orphan, which the kernel
 * closes, or waits to be accepted; without a file it is the kernel's own. */
static __noinline int met_hashed(struct met *m, __u32 hit)
{
	struct sock *sk = m->sk;
	const struct sock___more *more = (const void *)sk;
	const struct socket___more *socket = (const void *)BPF_CORE_READ(more, sk_socket);

	if (!socket) {
		met_orphan(sk);
		return 0;
	}
	m->s = bpf_sk_storage_get(&pst_sockets, sk, NULL,
				  pst_whole_host ? BPF_SK_STORAGE_GET_F_CREATE : 0);
	if (!m->s)
		return 0;
	if (m->s->met_ns < pst_sweep_ns && !(m->s->flags & PST_SOCK_MISSED))
		pst_found.seen++;
	if (!is_missed(m))
		return 0;
	m->look = met_look(sk, hit);
	if (!m->look)
		return 0;
	m->s->netns = m->look->port.netns;
	m->look->chan_flags = PST_CHAN_LATE;
	m->look->chan_flags |= BPF_CORE_READ(socket, file) ? PST_CHAN_HIDDEN : PST_CHAN_KERNEL;
	if (m->s->key.kind)
		return met_again(m);
	return hidden_open(m);
}

SEC("iter/tcp")
int pst_iter_tcp(struct bpf_iter__tcp *ctx)
{
	struct met m = { .cpu = enter(PST_HIT_pst_iter_tcp), .seq = ctx->meta->seq };
	struct sock_common *common = ctx->sk_common;
	struct tcp_sock *tp;

	if (!m.cpu || !common)
		return 0;
	tp = bpf_skc_to_tcp_sock(common); /* none for what only waits to be forgotten */
	if (!tp)
		return 0;
	if (!has_room_for(m.seq, sizeof(struct pst_rec_channel)))
		return 1; /* again, with an empty buffer */
	m.sk = (struct sock *)tp;
	met_hashed(&m, PST_HIT_pst_iter_tcp);
	return 0;
}

SEC("iter/udp")
int pst_iter_udp(struct bpf_iter__udp *ctx)
{
	struct met m = { .cpu = enter(PST_HIT_pst_iter_udp), .seq = ctx->meta->seq };
	struct udp_sock *up = ctx->udp_sk;

	if (!m.cpu || !up)
		return 0;
	if (!has_room_for(m.seq, sizeof(struct pst_rec_channel)))
		return 1;
	m.sk = (struct sock *)up;
	met_hashed(&m, PST_HIT_pst_iter_udp);
	return 0;
}
