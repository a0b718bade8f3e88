/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How many bytes did a TCP connection carry that its channel does not hold yet? */
#ifndef PST_LIB_BYTES_H
#define PST_LIB_BYTES_H

#include "lib/channel.h"
#include "lib/kern_family.h"

#define ADVANCE_TRIES 4

/* advance - move *@held forward to @now and return by how much. The sweep and the close may both
 * count at one time: who wins the exchange adds what lies between, so nothing is counted twice and
 * the counters only grow. */
static __always_inline __u64 advance(__u64 *held, __u64 now)
{
	__u64 old;

	for (int i = 0; i < ADVANCE_TRIES; i++) {
		old = *(volatile __u64 *)held;
		if (now <= old)
			return 0;
		if (__sync_val_compare_and_swap(held, old, now) == old)
			return now - old;
	}
	return 0;
}

/* bytes_unread - what came and nobody has read yet, a FIN among it. Read without the socket's lock:
 * a moment's mistake, which the next sweep corrects */
static __always_inline __u64 bytes_unread(const struct tcp_sock *tp)
{
	const struct tcp_sock___handover *at = (const void *)tp;
	__u32 next = BPF_CORE_READ(at, rcv_nxt);
	__s32 unread = (__s32)(next - BPF_CORE_READ(at, copied_seq));

	return unread > 0 ? (__u64)unread : 0;
}

/* count_bytes - payload only: retransmissions are taken off, and so is the FIN, which counts as one
 * received byte. @unread: which of the received bytes are for whoever comes to read them. Returns
 * how many bytes were new. */
static __always_inline __u64 count_bytes(struct pst_socket *s, struct pst_channel *ch,
					 struct tcp_sock *tp, __u64 unread)
{
	__u64 received = tp->bytes_received;
	__u64 flags = BPF_CORE_READ((struct sock *)tp, __sk_common.skc_flags);
	__u64 out, in;

	if (received && flags & 1u << SOCK_DONE_BIT) {
		received--;
		unread -= unread != 0;
	}
	received = received > unread ? received - unread : 0;
	out = advance(&s->sent, tp->bytes_sent - tp->bytes_retrans);
	in = advance(&s->received, received);
	add(&ch->bytes_out, out);
	add(&ch->bytes_in, in);
	return out + in;
}

#endif
