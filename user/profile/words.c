// SPDX-License-Identifier: Apache-2.0
/* Which word stands for a number of the kernel? The one of the kernel's headers; what has no word
 * is written as a number. */
#include "profile/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define WORDS(array)                \
	{                           \
		array, COUNT(array) \
	}

static const struct pst_word netlinks[] = {
	/* linux/netlink.h */
	{ "route", 0 },	      { "usersock", 2 },       { "firewall", 3 },
	{ "sock_diag", 4 },   { "nflog", 5 },	       { "xfrm", 6 },
	{ "selinux", 7 },     { "iscsi", 8 },	       { "audit", 9 },
	{ "fib_lookup", 10 }, { "connector", 11 },     { "netfilter", 12 },
	{ "ip6_fw", 13 },     { "dnrtmsg", 14 },       { "kobject_uevent", 15 },
	{ "generic", 16 },    { "scsitransport", 18 }, { "ecryptfs", 19 },
	{ "rdma", 20 },	      { "crypto", 21 },	       { "smc", 22 },
};

static const struct pst_word families[] = {
	/* linux/socket.h */
	{ "ax25", 3 },	      { "ipx", 4 },	 { "appletalk", 5 }, { "netrom", 6 },
	{ "atmpvc", 8 },      { "x25", 9 },	 { "rose", 11 },     { "decnet", 12 },
	{ "pf_key", 15 },     { "econet", 19 },	 { "atmsvc", 20 },   { "rds", 21 },
	{ "sna", 22 },	      { "irda", 23 },	 { "pppox", 24 },    { "llc", 26 },
	{ "ib", 27 },	      { "mpls", 28 },	 { "can", 29 },	     { "tipc", 30 },
	{ "bluetooth", 31 },  { "rxrpc", 33 },	 { "isdn", 34 },     { "phonet", 35 },
	{ "ieee802154", 36 }, { "caif", 37 },	 { "alg", 38 },	     { "nfc", 39 },
	{ "kcm", 41 },	      { "qipcrtr", 42 }, { "smc", 43 },	     { "xdp", 44 },
	{ "mctp", 45 },
};

static const struct pst_word ethertypes[] = {
	/* linux/if_ether.h */
	{ "all", 0x0003 },  { "ip", 0x0800 },	 { "arp", 0x0806 },
	{ "ipv6", 0x86dd }, { "eapol", 0x888e }, { "lldp", 0x88cc },
};

static const struct pst_word programs[] = {
	/* enum bpf_prog_type of linux/bpf.h, in libbpf's words */
	{ "socket_filter", 1 },
	{ "sched_cls", 3 },
	{ "sched_act", 4 },
	{ "xdp", 6 },
	{ "cgroup_skb", 8 },
	{ "lwt_in", 10 },
	{ "lwt_out", 11 },
	{ "lwt_xmit", 12 },
	{ "sock_ops", 13 },
	{ "sk_skb", 14 },
	{ "sk_msg", 16 },
	{ "sk_reuseport", 21 },
	{ "flow_dissector", 22 },
	{ "sk_lookup", 30 },
	{ "netfilter", 32 },
	{ "cgroup_sock_addr", 18 },
	{ "lwt_seg6local", 19 },
	{ "struct_ops", 27 },
	{ "ext", 28 },
};

_Static_assert(COUNT(netlinks) <= PST_WORDS_MAX && COUNT(families) <= PST_WORDS_MAX &&
		       COUNT(programs) <= PST_WORDS_MAX,
	       "room");

const struct pst_words pst_words_netlink = WORDS(netlinks);
const struct pst_words pst_words_family = WORDS(families);
const struct pst_words pst_words_ethertype = WORDS(ethertypes);
const struct pst_words pst_words_bpf = WORDS(programs);

const char *pst_words_name(const struct pst_words *words, uint32_t number)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		if (words->list[i].number == number)
			return words->list[i].name;
	return NULL;
}
