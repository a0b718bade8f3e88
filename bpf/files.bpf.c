// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which channels do the open files of all processes hold, in every network namespace? What was
 * there before us, what no event told, what live connections carried so far, and the filters that
 * hang on sockets. Read at the start and with each sweep. */
#include "lib/met.h"
#include "lib/watched.h"

struct pst_found pst_found = {};
__u64 pst_sweep_ns = 0;

/* A FILTER record with its instructions; one iterator runs at a time. */
struct filter_draft {
	struct pst_rec_filter rec;
	__u8 code[PST_FILTER_INSNS_MAX * 8];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct filter_draft);
} pst_filter_drafts SEC(".maps");

static __always_inline void listens(struct met *m)
{
	if (bpf_map_update_elem(&pst_ports, &m->look->port, &(__u8){ 1 }, BPF_ANY))
		count_loss(m->cpu, PST_LOSS_MAP); /* its accepted peers will look like connects */
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

/* is_unknown - was this socket's channel never made? A connected UDP socket that we saw connect is
 * none until it sends */
static __always_inline int is_unknown(const struct met *m)
{
	if (m->s->flags & PST_SOCK_PORT_LATER)
		return m->look->state == TCP_LISTEN && m->look->port.port;
	if (!is_inet(m->look->family))
		return !m->s->key.kind;
	/* MPTCP that we saw is counted where its subflows connect */
	if (m->look->transport == IPPROTO_MPTCP && m->s->opener_tgid)
		return 0;
	if (!is_stream(m->look->transport))
		return !m->s->key.kind;
	/* or it found no room in the map */
	return m->look->state != TCP_CLOSE && (!m->s->key.kind || !channel_find(&m->s->key));
}

/* is_unused - a unix socket that leads nowhere yet, and that nobody can reach: everybody makes them
 */
static __always_inline int is_unused(const struct met *m)
{
	const struct unix_sock *own = (const void *)m->sk;

	return m->look->family == AF_UNIX && !m->name->len && !BPF_CORE_READ(own, peer);
}

/* met_key - which channel is this socket? kind 0: none */
static __noinline int met_key(struct met *m, struct look *look)
{
	__builtin_memset(m->name, 0, sizeof(*m->name));
	key_owner(&look->key, m->task);
	if (is_inet(look->family))
		met_inet(m, &look->key, &look->seen);
	else if (family_look(m->sk, &look->key, &look->seen, m->name) < 0 || is_unused(m))
		look->key.kind = 0;
	return 0;
}

/* met_enter - an entry for what was looked at */
static __always_inline struct pst_channel *met_enter(struct met *m, struct look *look)
{
	struct pst_seen seen = look->seen;
	struct pst_key key = look->key;
	struct pst_channel *ch;
	__u32 is_new;

	seen.name = m->name->len ? m->name : NULL;
	met_seen(m, &key, &seen);
	name_keep(&key, seen.name);
	is_new = (__u32)channel_enter(&key, &seen);
	seen.name = m->name->len ? m->name : NULL; /* it did not outlive the call */
	ch = channel_find(&key);
	m->s->key = key;
	if (!ch)
		return NULL;
	if (is_new == CHANNEL_NEW)
		ch->rec_flags = m->look->rec_flags & PST_RF_PREEXISTING;
	ch->last_ns = bpf_ktime_get_boot_ns();
	/* a raw socket was told when it was made, and gets its key with its first packet */
	if (is_new || !(m->s->flags & PST_SOCK_LIVE))
		add(&ch->attempts, 1);
	met_tell(m, ch, &key, &seen);
	return ch;
}

/* met_open - a channel for this socket, told at once */
static __always_inline int met_open(struct met *m)
{
	struct look *look = m->look;
	struct pst_channel *ch;

	if (m->s->flags & PST_SOCK_PORT_LATER)
		met_renamed(m);
	met_key(m, look);
	if (m->s->key.tgid) { /* who holds a descriptor beside its user has not used it */
		look->key.start_ns = m->s->key.start_ns;
		look->key.tgid = m->s->key.tgid;
	}
	m->s->key.start_ns = look->key.start_ns;
	m->s->key.tgid = look->key.tgid;
	if (!look->key.kind)
		return 0;
	lineage_of(m->cpu, m->task);
	ch = met_enter(m, look);
	m->s->flags &= ~(PST_SOCK_PORT_LATER | PST_SOCK_PENDING);
	if (kind_listens(look->key.kind))
		m->s->flags |= PST_SOCK_LISTENS;
	if (!is_inet(m->look->family) || !is_stream(m->look->transport) ||
	    !is_connection(m->look->state))
		return 0;
	m->s->flags |= PST_SOCK_COUNTED;
	if (ch)
		add(&ch->established, 1);
	return 0;
}

/* filter_code - what hangs on the socket; a classic program is kept as it was attached */
static __always_inline __u32 filter_code(struct filter_draft *draft, const struct bpf_prog *prog)
{
	const struct sock_fprog_kern *classic = BPF_CORE_READ(prog, orig_prog);
	struct pst_rec_filter *rec = &draft->rec;
	__u32 count;

	__builtin_memset(rec->tag, 0, sizeof(rec->tag));
	rec->prog_id = 0;
	rec->len = 0;
	if (!classic) {
		rec->flavour = PST_FILTER_EBPF;
		rec->insns = BPF_CORE_READ(prog, len);
		rec->prog_id = BPF_CORE_READ(prog, aux, id);
		bpf_core_read(rec->tag, sizeof(rec->tag), &prog->tag);
		return 0;
	}
	rec->flavour = PST_FILTER_CLASSIC;
	rec->insns = count = BPF_CORE_READ(classic, len);
	if (count > PST_FILTER_INSNS_MAX)
		count = PST_FILTER_INSNS_MAX;
	if (!count || bpf_probe_read_kernel(draft->code, count * 8, BPF_CORE_READ(classic, filter)))
		return 0;
	rec->len = (__u16)(count * 8);
	return count * 8;
}

/* met_filter - tells a filter that was not told yet */
static __noinline int met_filter(struct met *m)
{
	struct sock *sk = m->sk;
	const struct sock___more *more = (const void *)sk;
	const struct bpf_prog *prog = BPF_CORE_READ(more, sk_filter, prog);
	struct filter_draft *draft;
	__u32 zero = 0;
	__u64 size;

	if (m->s->filter == (__u64)prog)
		return 0;
	draft = prog ? bpf_map_lookup_elem(&pst_filter_drafts, &zero) : NULL;
	if (!draft) {
		m->s->filter = 0;
		return 0;
	}
	header_unnumbered(&draft->rec.h, PST_REC_FILTER, sizeof(draft->rec));
	draft->rec.h.flags = m->look->rec_flags;
	if (!owner_stamp(&draft->rec.h.task, &m->s->key))
		draft->rec.h.flags |= PST_RF_NO_OWNER;
	draft->rec.cookie = bpf_get_socket_cookie(sk);
	draft->rec.owner_start_ns = m->s->opener_start_ns;
	draft->rec.owner_tgid = m->s->opener_tgid;
	draft->rec.family = m->look->family;
	draft->rec.sock_type = (__u16)BPF_CORE_READ(sk, sk_type);
	draft->rec.protocol = m->look->protocol;
	draft->rec.pad = 0;
	size = sizeof(draft->rec) + filter_code(draft, prog);
	if (size > sizeof(*draft))
		return 0;
	draft->rec.h.size = (__u32)size;
	if (!bpf_seq_write(m->seq, draft, (__u32)size))
		m->s->filter = (__u64)prog;
	return 0;
}

/* What one iteration may write for one file. */
#define RECORDS_MAX (sizeof(struct pst_rec_channel) + sizeof(struct filter_draft))

#define TUN_DEVICE (10u << 20 | 200u) /* character device 10:200, admin-guide/devices.txt */
#define IFF_TUN 1
#define IFF_TAP 2
#define TUNNEL_TUN 1
#define TUNNEL_TAP 2

/* tunnel_key - which device? 0 when it is not attached to one. Where tun is a module whose types
 * are not known, the sensor reads the name: it gets the descriptor in place of a peer's process */
static __always_inline int tunnel_key(struct file *file, struct pst_key *key, struct pst_name *name)
{
	const struct tun_file *tunnel = BPF_CORE_READ(file, private_data);
	const struct tun_struct *device;
	unsigned int flags;
	long got;

	if (!bpf_core_type_exists(struct tun_file))
		return 1;
	device = BPF_CORE_READ(tunnel, tun);
	if (!device)
		return 0;
	flags = BPF_CORE_READ(device, flags);
	key->port = flags & IFF_TUN ? TUNNEL_TUN : flags & IFF_TAP ? TUNNEL_TAP : 0;
	got = bpf_probe_read_kernel_str(name->bytes, 16, BPF_CORE_READ(device, dev, name));
	name->len = got > 1 ? (__u16)(got - 1) : 0;
	if (name->len)
		name_hash(name, key->addr);
	return 1;
}

static __always_inline int is_ignored(struct met *m)
{
	struct pst_lineage *line = lineage_of(m->cpu, m->task);

	return line && line->flags & PST_LINEAGE_IGNORED;
}

/* met_tunnel - a descriptor of a tunnel device is a channel without a socket */
static __noinline int met_tunnel(struct met *m, struct file *file, __u32 fd)
{
	struct pst_scratch *scratch = met_scratch();
	struct pst_key key = { .kind = PST_KIND_TUNNEL };
	struct pst_seen seen = { .rec_flags = PST_RF_NO_TASK };
	struct pst_name *name;
	struct pst_channel *ch;
	__u32 is_new = 0, zero = 0;
	struct look *look = bpf_map_lookup_elem(&pst_looks, &zero);

	if (!scratch || !look || !is_watched(m->task) || is_ignored(m))
		return 0;
	name = &scratch->iter_name;
	__builtin_memset(name, 0, sizeof(*name));
	if (!tunnel_key(file, &key, name))
		return 0;
	key_owner(&key, m->task);
	m->look = look;
	__builtin_memset(look, 0, sizeof(*look));
	look->hook = PST_HIT_pst_iter_files + 1;
	look->rec_flags = PST_RF_NO_TASK;
	if (pst_pass == PST_PASS_START)
		look->rec_flags |= PST_RF_PREEXISTING;
	else
		seen.chan_flags = PST_CHAN_LATE;
	if (name->len)
		seen.name = name;
	else
		seen.peer_tgid = fd;
	lineage_of(m->cpu, m->task);
	ch = channel_find(&key);
	if (!ch) {
		name_keep(&key, seen.name);
		is_new = (__u32)channel_enter(&key, &seen);
		seen.name = name->len ? name : NULL; /* it did not outlive the call */
		ch = channel_find(&key);
	}
	if (!ch)
		return 0;
	if (is_new == CHANNEL_NEW) {
		ch->rec_flags = m->look->rec_flags & PST_RF_PREEXISTING;
		add(&ch->attempts, 1);
	}
	met_tell(m, ch, &key, &seen);
	return 0;
}

static __always_inline int is_tunnel(struct file *file)
{
	const struct inode *inode = BPF_CORE_READ(file, f_inode);
	const struct inode___more *more = (const void *)inode;

	return (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFCHR &&
	       BPF_CORE_READ(more, i_rdev) == TUN_DEVICE;
}

/* met_age - is it older than us, or did we miss it? Of every internet socket that was made while we
 * watched the opener is known. */
static __always_inline void met_age(struct met *m, int is_known)
{
	if (is_known || m->s->flags & PST_SOCK_LIVE)
		m->look->chan_flags = m->s->flags & PST_SOCK_PORT_LATER ? 0 : PST_CHAN_LATE;
	else if (pst_pass == PST_PASS_START || is_inet(m->look->family))
		m->look->rec_flags |= PST_RF_PREEXISTING;
	else
		m->look->chan_flags = PST_CHAN_LATE;
}

/* met_socket - what is to be told of it and added to its channel */
static __noinline int met_socket(struct met *m)
{
	struct pst_scratch *scratch = met_scratch();

	m->s = bpf_sk_storage_get(&pst_sockets, m->sk, NULL,
				  is_watched(m->task) ? BPF_SK_STORAGE_GET_F_CREATE : 0);
	if (!m->s || !scratch)
		return 0;
	m->name = &scratch->iter_name;
	if (m->s->met_ns < pst_sweep_ns)
		pst_found.seen++;
	m->s->met_ns = bpf_ktime_get_boot_ns();
	m->s->netns = m->look->port.netns;
	m->s->flags &= ~PST_SOCK_MISSED;
	met_age(m, m->s->opener_tgid != 0);
	if (is_unknown(m))
		met_open(m);
	if (m->s->key.kind)
		met_again(m);
	met_filter(m);
	return 0;
}

static __always_inline int is_tcp_listener(const struct look *look)
{
	return is_inet(look->family) && is_stream(look->transport) && look->state == TCP_LISTEN;
}

SEC("iter/task_file")
int pst_iter_files(struct bpf_iter__task_file *ctx)
{
	struct met m = { .cpu = enter(PST_HIT_pst_iter_files),
			 .task = ctx->task,
			 .seq = ctx->meta->seq };
	struct bpf_iter_meta *meta = ctx->meta;
	struct file *file = ctx->file;
	struct socket *socket;

	if (!meta->seq_num)
		pst_sweep_ns = bpf_ktime_get_boot_ns();
	if (!m.cpu || !m.task || !file)
		return 0;
	socket = bpf_sock_from_file(file);
	m.sk = socket ? socket->sk : NULL;
	if (!m.sk) {
		if (!socket && pst_pass != PST_PASS_LISTENERS && is_tunnel(file))
			met_tunnel(&m, file, ctx->fd);
		return 0;
	}
	m.look = met_look(m.sk, PST_HIT_pst_iter_files);
	if (!m.look)
		return 0;
	if (is_tcp_listener(m.look))
		listens(&m);
	else if (pst_pass == PST_PASS_LISTENERS)
		return 0;
	if (!has_room_for(m.seq, RECORDS_MAX))
		return 1; /* again, with an empty buffer */
	met_socket(&m);
	return 0;
}
