/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Is this channel new? Its first sight is a record at once; everything further only adds to its
 * entry in the map. */
#ifndef PST_LIB_CHANNEL_H
#define PST_LIB_CHANNEL_H

#include "lib/sock.h"

/* What is known of a channel at its first sight beside its key. */
struct pst_seen {
	__u64 cookie;
	__u64 opener_start_ns;
	__u32 opener_tgid;
	__u32 chan_flags;
	__u8 local[16];
	__u16 far_port; /* of an accepted peer: part of the record, never of the key */
	__u16 local_port;
	__u16 family;
	__u16 sock_type;
	__u16 protocol;
	__u16 rec_flags;	     /* PST_RF_*; NO_TASK: not in the owner's context */
	__u32 how;		     /* EMIT_* */
	__u32 peer_tgid;	     /* unix: by the peer's credentials */
	__u32 netns;		     /* the socket's; 0: the acting process's */
	const struct pst_name *name; /* of the kinds whose key has its hash; NULL: none */
};

static __always_inline int kind_listens(__u16 kind)
{
	return kind == PST_KIND_TCP_LISTEN || kind == PST_KIND_UDP_LISTEN ||
	       kind == PST_KIND_SCTP_LISTEN || kind == PST_KIND_DCCP_LISTEN ||
	       kind == PST_KIND_VSOCK_LISTEN || kind == PST_KIND_UNIX_LISTEN;
}

/* kind_is_inbound - the key's port is the local one */
static __always_inline int kind_is_inbound(__u16 kind)
{
	return kind_listens(kind) || kind == PST_KIND_TCP_ACCEPT || kind == PST_KIND_UDP_ACCEPT;
}

static const struct pst_channel no_channel;

/* channel_made - what was stamped into a new entry becomes visible to the sweep */
static __always_inline void channel_made(struct pst_channel *ch, const struct pst_seen *seen)
{
	__u64 now = bpf_ktime_get_boot_ns();

	ch->cookie = seen->cookie;
	__sync_fetch_and_or(&ch->chan_flags, seen->chan_flags); /* another may use it already */
	ch->family = seen->family;
	ch->sock_type = seen->sock_type;
	ch->protocol = seen->protocol;
	ch->last_ns = now;
	ch->first_ns = now;
}

/* task_stamp - the acting process, into a record or a map entry */
static __noinline int task_stamp(struct pst_cpu *cpu, struct pst_rec_task *out,
				 struct task_struct *task, __u32 netns)
{
	struct pst_lineage *line = lineage_of(cpu, task);

	if (line)
		*out = line->task;
	else
		task_origin(out, task);
	return task_look(out, address_of(task), netns);
}

/* channel_stamp - the process of a channel; returns the flags that say how it is known */
static __always_inline __u16 channel_stamp(struct pst_cpu *cpu, struct pst_rec_task *out,
					   const struct pst_key *key, const struct pst_seen *seen)
{
	if (seen->rec_flags & PST_RF_NO_TASK)
		return owner_stamp(out, key) ? seen->rec_flags : seen->rec_flags | PST_RF_NO_OWNER;
	task_stamp(cpu, out, bpf_get_current_task_btf(), seen->netns);
	return seen->rec_flags;
}

/* channel_fill - all of a CHANNEL record but its header. @name: seen->name; a parameter of its own,
 * since a pointer that is kept in memory does not outlive a call of a function that is not static
 */
static __always_inline void channel_fill(struct pst_rec_channel *rec, const struct pst_key *key,
					 const struct pst_seen *seen, const struct pst_name *name)
{
	int inbound = kind_is_inbound(key->kind);

	rec->cookie = seen->cookie;
	rec->owner_start_ns = 0;
	rec->owner_tgid = 0;
	if (seen->opener_tgid &&
	    (seen->opener_tgid != key->tgid || seen->opener_start_ns != key->start_ns)) {
		rec->owner_start_ns = seen->opener_start_ns;
		rec->owner_tgid = seen->opener_tgid;
	}
	rec->chan_flags = seen->chan_flags;
	__builtin_memset(rec->peer, 0, sizeof(rec->peer));
	__builtin_memcpy(rec->local, seen->local, sizeof(rec->local));
	if (kind_listens(key->kind))
		__builtin_memcpy(rec->local, key->addr, sizeof(rec->local));
	else
		__builtin_memcpy(rec->peer, key->addr, sizeof(rec->peer));
	rec->kind = key->kind;
	rec->peer_port = inbound ? seen->far_port : key->port;
	rec->local_port = inbound ? key->port : seen->local_port;
	rec->family = seen->family;
	rec->sock_type = seen->sock_type;
	rec->protocol = seen->protocol;
	rec->pad = 0;
	rec->peer_tgid = seen->peer_tgid;
	rec->hook = 0;
	rec->name_len = name ? name->len : 0;
	if (name)
		__builtin_memcpy(rec->name, name->bytes, sizeof(rec->name));
	else
		__builtin_memset(rec->name, 0, sizeof(rec->name));
}

/* channel_find - the entry of a known channel; NULL when it is new */
static __always_inline struct pst_channel *channel_find(const struct pst_key *key)
{
	return bpf_map_lookup_elem(&pst_channels, key);
}

#define CHANNEL_KNOWN 0u
#define CHANNEL_NEW 1u
#define CHANNEL_EXCESS                                                             \
	2u /* new, but the process has had its share: its entry stands for several \
	    */

/* Folded networks that one process may have beyond its share of entries. */
#define FOLD_NETWORKS 1024u

static __always_inline struct pst_lineage *key_lineage(const struct pst_key *key)
{
	__u32 tgid = key->tgid;

	return bpf_map_lookup_elem(&pst_lineages, &tgid);
}

/* is_crowded - is the last eighth of the map begun? It is for what folds: one entry of a process
 * and kind, so that no byte is lost while others could not have an entry of their own */
static __always_inline int is_crowded(void)
{
	return pst_channels_used >= pst_channels_own;
}

/* take_share - may this process have another entry, of @limit? */
static __always_inline int take_share(const struct pst_key *key, __u32 limit)
{
	struct pst_lineage *line = key_lineage(key);

	if (is_crowded()) {
		if (line)
			__sync_fetch_and_or(&line->flags, PST_LINEAGE_FOLDS);
		return 0;
	}
	if (!line)
		return 1;
	if (line->channels >= limit)
		return 0;
	__sync_fetch_and_add(&line->channels, 1);
	return 1;
}

/* owner_cgroup - of the process whose key this is; 0 when it is no longer known */
static __always_inline __u64 owner_cgroup(const struct pst_key *key)
{
	struct pst_lineage *line = key_lineage(key);

	return line && line->task.start_ns == key->start_ns ? line->task.cgroup_id : 0;
}

/* channel_make - an entry for @key, stamped. @is_new says whether it was us who made it, or whether
 * nobody could; NULL: the map is full. The error is an int: before Linux 6.4 a map operation leaves
 * the upper half of the register empty (d7ba4cc900bf), and -EEXIST would be no negative number */
static __always_inline struct pst_channel *channel_make(struct pst_cpu *cpu,
							const struct pst_key *key,
							const struct pst_seen *seen, __u32 *is_new)
{
	int err = (int)bpf_map_update_elem(&pst_channels, key, &no_channel, BPF_NOEXIST);
	struct pst_channel *ch;

	*is_new = err != -EEXIST ? CHANNEL_NEW : CHANNEL_KNOWN;
	if (!err)
		__sync_fetch_and_add(&pst_channels_used, 1);
	if (err && err != -EEXIST)
		count_loss_of(cpu, PST_LOSS_MAP, owner_cgroup(key));
	ch = bpf_map_lookup_elem(&pst_channels, key);
	if (ch && *is_new) {
		channel_stamp(cpu, &ch->task, key, seen);
		channel_made(ch, seen);
	}
	return ch;
}

static __always_inline int kind_has_peer(__u16 kind)
{
	return kind == PST_KIND_TCP_CONNECT || kind == PST_KIND_TCP_ACCEPT ||
	       kind == PST_KIND_UDP_PEER || kind == PST_KIND_UDP_ACCEPT || kind == PST_KIND_ICMP ||
	       kind == PST_KIND_RAW || kind == PST_KIND_UDPLITE || kind == PST_KIND_SCTP ||
	       kind == PST_KIND_DCCP;
}

/* fold_network - the key of all peers in one /24, or /56, at that port; 0 when it has no IP peer */
static __always_inline int fold_network(struct pst_key *key)
{
	if (!kind_has_peer(key->kind))
		return 0;
	if (addr_is_mapped(key->addr))
		key->addr[15] = 0;
	else
		__builtin_memset(key->addr + 7, 0, 9);
	return 1;
}

/* fold_kind - the one key of a kind that takes all the rest */
static __always_inline void fold_kind(struct pst_key *key)
{
	__builtin_memset(key->addr, 0, sizeof(key->addr));
	key->port = 0;
}

/* channel_fold - where among others does this peer belong? @key becomes that key; its entry, NULL
 * while there is none */
static __noinline struct pst_channel *channel_fold(struct pst_key *key)
{
	struct pst_channel *ch;

	if (fold_network(key)) {
		ch = channel_find(key);
		if (ch || take_share(key, pst_share + FOLD_NETWORKS))
			return ch;
	}
	fold_kind(key);
	return channel_find(key);
}

/* name_keep - for the samples of the channel; before its entry is made */
static __always_inline void name_keep(const struct pst_key *key, const struct pst_name *name)
{
	asm volatile("" : "+r"(name)); /* the test must be of the pointer, for the verifier */
	if (name)
		bpf_map_update_elem(&pst_names, key->addr, name, BPF_ANY);
}

/* channel_insert - an entry for a new channel. A process that has had its share gets a folded one,
 * and @key becomes the folded key. NULL: the map is full */
static __always_inline struct pst_channel *channel_insert(struct pst_cpu *cpu, struct pst_key *key,
							  const struct pst_seen *seen,
							  __u32 *is_new)
{
	int has_share = take_share(key, pst_share);
	struct pst_channel *ch = has_share ? NULL : channel_fold(key);

	if (!ch)
		ch = channel_make(cpu, key, seen, is_new);
	if (!has_share) {
		*is_new = CHANNEL_EXCESS;
		if (ch && !(ch->chan_flags & PST_CHAN_FOLDED)) {
			__sync_fetch_and_or(&ch->chan_flags, PST_CHAN_FOLDED);
			__sync_fetch_and_or(&ch->told, PST_TOLD_FIRST); /* by its samples */
		}
	}
	return ch;
}

/* channel_folded - the entry that counts for this peer among others; NULL when there is none */
static __noinline struct pst_channel *channel_folded(const struct pst_key *key)
{
	struct pst_lineage *line = key_lineage(key);
	struct pst_key folded = *key;
	struct pst_channel *ch;

	if (!line || (line->channels < pst_share && !(line->flags & PST_LINEAGE_FOLDS)))
		return NULL;
	ch = fold_network(&folded) ? channel_find(&folded) : NULL;
	if (ch && ch->chan_flags & PST_CHAN_FOLDED)
		return ch;
	fold_kind(&folded);
	ch = channel_find(&folded);
	return ch && ch->chan_flags & PST_CHAN_FOLDED ? ch : NULL;
}

/* channel_counts - the entry where this peer counts, its own or a folded one; NULL when it has none
 */
static __always_inline struct pst_channel *channel_counts(const struct pst_key *key)
{
	struct pst_channel *ch = channel_find(key);

	return ch ? ch : channel_folded(key);
}

static __always_inline void add(__u64 *counter, __u64 n)
{
	__sync_fetch_and_add(counter, n);
}

#endif
