// SPDX-License-Identifier: Apache-2.0
/* What are the values of the closed lists called? The names of kinds are the wire's own. */
#include "abi/record.h"
#include "decode/event.h"

#define SAME(ours, wire) _Static_assert((int)(ours) == (int)(wire), #ours " is " #wire)

SAME(PST_TCP_CONNECT, PST_KIND_TCP_CONNECT);
SAME(PST_TCP_LISTEN, PST_KIND_TCP_LISTEN);
SAME(PST_TCP_ACCEPT, PST_KIND_TCP_ACCEPT);
SAME(PST_UDP_PEER, PST_KIND_UDP_PEER);
SAME(PST_UDP_LISTEN, PST_KIND_UDP_LISTEN);
SAME(PST_UDP_ACCEPT, PST_KIND_UDP_ACCEPT);
SAME(PST_ICMP, PST_KIND_ICMP);
SAME(PST_RAW, PST_KIND_RAW);
SAME(PST_UDPLITE, PST_KIND_UDPLITE);
SAME(PST_SCTP, PST_KIND_SCTP);
SAME(PST_SCTP_LISTEN, PST_KIND_SCTP_LISTEN);
SAME(PST_DCCP, PST_KIND_DCCP);
SAME(PST_DCCP_LISTEN, PST_KIND_DCCP_LISTEN);
SAME(PST_PACKET, PST_KIND_PACKET);
SAME(PST_XDP, PST_KIND_XDP);
SAME(PST_VSOCK, PST_KIND_VSOCK);
SAME(PST_VSOCK_LISTEN, PST_KIND_VSOCK_LISTEN);
SAME(PST_UNIX, PST_KIND_UNIX);
SAME(PST_UNIX_LISTEN, PST_KIND_UNIX_LISTEN);
SAME(PST_NETLINK, PST_KIND_NETLINK);
SAME(PST_ALG, PST_KIND_ALG);
SAME(PST_TIPC, PST_KIND_TIPC);
SAME(PST_BLUETOOTH, PST_KIND_BLUETOOTH);
SAME(PST_CAN, PST_KIND_CAN);
SAME(PST_OTHER, PST_KIND_OTHER);
SAME(PST_TUNNEL, PST_KIND_TUNNEL);
SAME(PST_ESTABLISHED, PST_RESULT_ESTABLISHED);
SAME(PST_REFUSED, PST_RESULT_REFUSED);
SAME(PST_TIMED_OUT, PST_RESULT_TIMED_OUT);
SAME(PST_FAILED, PST_RESULT_FAILED);
SAME(PST_NOT_SENT, PST_RESULT_NOT_SENT);
SAME(PST_CLOSED, PST_RESULT_CLOSED);
SAME(PST_MODULE, PST_ACT_MODULE);
SAME(PST_URING, PST_ACT_URING);
SAME(PST_URING_NETWORK, PST_ACT_URING_NETWORK);
SAME(PST_BPF_LOAD, PST_ACT_BPF_LOAD);
SAME(PST_PASSED, PST_ACT_PASSED);
SAME(PST_PTRACE, PST_ACT_PTRACE);
SAME(PST_BPF_ATTACH, PST_ACT_BPF_ATTACH);
SAME(PST_MOVED, PST_ACT_MOVED);
SAME(PST_LOST_RING, PST_LOSS_RING);
SAME(PST_LOST_MAP, PST_LOSS_MAP);
SAME(PST_LOST_SEQUENCE, PST_LOSS_SEQUENCE);
SAME(PST_LOST_STORAGE, PST_LOSS_STORAGE);
SAME(PST_LOST_SKIPPED, PST_LOSS_SKIPPED);
SAME(PST_LOST_DNS, PST_LOSS_DNS);
SAME(PST_ANSWERED, PST_HOOK_ANSWERED);
SAME(PST_SILENT, PST_HOOK_SILENT);
SAME(PST_REFUSED_BY_KERNEL, PST_HOOK_REFUSED);
SAME(PST_UNUSED, PST_HOOK_UNUSED);
SAME(PST_ATTACHED, PST_HOOK_ATTACHED);

static const char *const kinds[] = {
#define KIND(id, name, text) [id] = text,
#include "abi/kinds.def"
#undef KIND
};
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == PST_KINDS,
	       "event.h lists every kind of kinds.def");

static const char *const results[PST_RESULTS] = {
	[PST_ESTABLISHED] = "established", [PST_REFUSED] = "refused",
	[PST_TIMED_OUT] = "timed out",	   [PST_FAILED] = "failed",
	[PST_NOT_SENT] = "not sent",	   [PST_CLOSED] = "closed",
};

static const char *const acts[PST_ACTS] = {
	[PST_MODULE] = "asked for a kernel module",
	[PST_URING] = "made an io_uring",
	[PST_URING_NETWORK] = "used the network by io_uring",
	[PST_BPF_LOAD] = "loaded an eBPF program",
	[PST_PASSED] = "received a socket",
	[PST_PTRACE] = "reached into another process",
	[PST_BPF_ATTACH] = "attached an eBPF program",
	[PST_MOVED] = "put a process into another cgroup",
};

static const char *const classes[PST_CLASSES] = {
	[PST_CLASS_UNKNOWN] = "unknown",
	[PST_CLASS_TLS] = "tls",
	[PST_CLASS_QUIC] = "quic",
	[PST_CLASS_DTLS] = "dtls",
	[PST_CLASS_HTTP] = "http",
	[PST_CLASS_HTTP2] = "http2",
	[PST_CLASS_SSH] = "ssh",
	[PST_CLASS_DNS] = "dns",
	[PST_CLASS_SMTP] = "smtp",
	[PST_CLASS_FTP] = "ftp",
	[PST_CLASS_POP3] = "pop3",
	[PST_CLASS_IMAP] = "imap",
	[PST_CLASS_LDAP] = "ldap",
	[PST_CLASS_SMB] = "smb",
	[PST_CLASS_RDP] = "rdp",
	[PST_CLASS_POSTGRES] = "postgresql",
	[PST_CLASS_MYSQL] = "mysql",
	[PST_CLASS_MQTT] = "mqtt",
	[PST_CLASS_AMQP] = "amqp",
	[PST_CLASS_SOCKS] = "socks",
	[PST_CLASS_NTP] = "ntp",
	[PST_CLASS_STUN] = "stun",
	[PST_CLASS_WIREGUARD] = "wireguard",
	[PST_CLASS_TEXT] = "text",
};

static const char *const losses[PST_LOST_REASONS] = {
	[PST_LOST_RING] = "ring buffer full",
	[PST_LOST_MAP] = "map full",
	[PST_LOST_SEQUENCE] = "hole in a sequence",
	[PST_LOST_STORAGE] = "no storage for a socket's owner",
	[PST_LOST_SKIPPED] = "program already running on its cpu",
	[PST_LOST_DNS] = "DNS messages beyond the limit",
};

static const char *const hook_states[PST_HOOK_STATES] = {
	[PST_ANSWERED] = "answered",
	[PST_SILENT] = "silent",
	[PST_REFUSED_BY_KERNEL] = "refused by the kernel",
	[PST_UNUSED] = "unused",
	[PST_ATTACHED] = "attached",
};

static const char *const hash_states[PST_HASH_STATES + 1] = {
	[PST_HASHED] = "hashed",	[PST_HASH_UNVERIFIED] = "unverified",
	[PST_HASH_TOO_BIG] = "too big", [PST_HASH_GONE] = "gone",
	[PST_HASH_OFF] = "off",		[PST_HASH_MEASURED] = "measured by the kernel (IMA)",
};

static const char *const owners[PST_OWNERS] = {
	[PST_OWNER_NONE] = "none",
	[PST_OWNER_DISTRIBUTION] = "distribution",
	[PST_OWNER_VENDOR] = "vendor",
};

static const char *name_in(const char *const *names, size_t count, size_t value)
{
	return value < count && names[value] ? names[value] : "unknown";
}

const char *pst_kind_name(enum pst_kind kind)
{
	return name_in(kinds, PST_KINDS, (size_t)kind);
}

/* What a kind is, whatever its channel. */
#define LISTENS 1u
#define ACCEPTED 2u
#define HAS_IP 4u

static const unsigned char traits[PST_KINDS] = {
	[PST_TCP_CONNECT] = HAS_IP,
	[PST_TCP_LISTEN] = HAS_IP | LISTENS,
	[PST_TCP_ACCEPT] = HAS_IP | ACCEPTED,
	[PST_UDP_PEER] = HAS_IP,
	[PST_UDP_LISTEN] = HAS_IP | LISTENS,
	[PST_UDP_ACCEPT] = HAS_IP | ACCEPTED,
	[PST_ICMP] = HAS_IP,
	[PST_RAW] = HAS_IP,
	[PST_UDPLITE] = HAS_IP,
	[PST_SCTP] = HAS_IP,
	[PST_SCTP_LISTEN] = HAS_IP | LISTENS,
	[PST_DCCP] = HAS_IP,
	[PST_DCCP_LISTEN] = HAS_IP | LISTENS,
	[PST_VSOCK_LISTEN] = LISTENS,
	[PST_UNIX_LISTEN] = LISTENS,
};

static bool has_trait(enum pst_kind kind, unsigned int any_of)
{
	return (size_t)kind < PST_KINDS && traits[kind] & any_of;
}

bool pst_kind_is_inbound(enum pst_kind kind)
{
	return has_trait(kind, LISTENS | ACCEPTED);
}

bool pst_kind_is_listener(enum pst_kind kind)
{
	return has_trait(kind, LISTENS);
}

bool pst_kind_has_ip(enum pst_kind kind)
{
	return has_trait(kind, HAS_IP);
}

const char *pst_act_name(enum pst_act act)
{
	return name_in(acts, PST_ACTS, (size_t)act);
}

const char *pst_class_name(enum pst_class class_)
{
	return name_in(classes, PST_CLASSES, (size_t)class_);
}

const char *pst_result_name(enum pst_result result)
{
	return name_in(results, PST_RESULTS, (size_t)result);
}

const char *pst_loss_name(enum pst_loss_reason reason)
{
	return name_in(losses, PST_LOST_REASONS, (size_t)reason);
}

const char *pst_hook_state_name(enum pst_hook_state state)
{
	return name_in(hook_states, PST_HOOK_STATES, (size_t)state);
}

const char *pst_hash_state_name(enum pst_hash_state state)
{
	return name_in(hash_states, PST_HASH_STATES + 1, (size_t)state);
}

const char *pst_owner_name(enum pst_owner owner)
{
	return name_in(owners, PST_OWNERS, (size_t)owner);
}
