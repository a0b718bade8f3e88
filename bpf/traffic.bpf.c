// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* When does a TCP connection send? The byte counters come from the connection itself; this adds
 * only the bursts. A busy socket looks its channel up ten times a second at most: what it sends in
 * between is held and added later, so a silence is measured up to that much too long. */
#include "lib/burst.h"

#define HOLD_NS 100000000ull

SEC("tp_btf/sock_send_length")
int BPF_PROG(pst_send_length, struct sock *sk, int sent)
{
	struct pst_channel *ch;
	struct pst_socket *s;
	__u64 now;

	if (sk->sk_protocol != IPPROTO_TCP || sent <= 0 || !enter(PST_HIT_pst_send_length))
		return 0;
	s = bpf_sk_storage_get(&pst_sockets, sk, NULL, 0);
	if (!s || !(s->flags & PST_SOCK_COUNTED))
		return 0;
	now = bpf_ktime_get_boot_ns();
	if (now - s->held_ns < HOLD_NS) {
		add(&s->held_bytes, (__u64)sent);
		return 0;
	}
	s->held_ns = now;
	ch = channel_find(&s->key);
	if (!ch)
		return 0;
	burst_flush(ch, s);
	burst(ch, now, (__u64)sent);
	return 0;
}
