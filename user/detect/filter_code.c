// SPDX-License-Identifier: Apache-2.0
/* What would pass a classic socket filter, as far as one look along its instructions can tell? */
#include "detect/filter_code.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>

#define ETHERNET 14u
#define IP4 20u /* without options; loads past them go by X, which holds the real length */
#define IP6 40u
#define ETHERTYPE_IP6 0x86ddu
#define DHCP_COOKIE 0x63825363u /* what every DHCP client's filter asks for */

enum loaded {		/* what the accumulator holds */
	      NOTHING,	/* that came from a packet */
	      TYPE,	/* ethertype */
	      PROTOCOL, /* of IP */
	      PORT,
	      HEADER,
	      PAYLOAD,
};

enum index { /* what the index register holds */
	     UNKNOWN,
	     HEADER_LENGTH, /* of IP */
	     PAST_HEADERS,
};

struct walk { /* what is known where an instruction begins */
	bool reached;
	bool is_ip6;
	enum loaded a;
	enum index x;
	bool sums;	   /* the accumulator holds the length of all headers */
	uint32_t protocol; /* of IP, once it was asked for; else 0 */
};

struct reading {
	enum pst_filter_link link;
	struct pst_filter_code *out;
	struct walk at[PST_FILTER_INSNS + 1];
};

static uint32_t ip_at(const struct reading *reading)
{
	return reading->link == PST_FILTER_AT_FRAME ? ETHERNET : 0;
}

static bool sees_ip(const struct reading *reading)
{
	return reading->link == PST_FILTER_AT_FRAME || reading->link == PST_FILTER_AT_IP;
}

/* While it is not known, the longer one: nothing is claimed of what may be a header. */
static uint32_t header_of(uint32_t protocol)
{
	return protocol == 0 || protocol == IPPROTO_TCP ? 20 : 8;
}

/* @at: from the beginning of the transport's header */
static enum loaded in_transport(const struct walk *walk, uint32_t at, uint32_t size)
{
	bool has_ports = walk->protocol == IPPROTO_TCP || walk->protocol == IPPROTO_UDP ||
			 walk->protocol == 0;

	if (at >= header_of(walk->protocol))
		return PAYLOAD;
	return has_ports && size == 2 && (at == 0 || at == 2) ? PORT : HEADER;
}

static enum loaded load_absolute(const struct reading *reading, const struct walk *walk,
				 uint32_t at, uint32_t size)
{
	const uint32_t ip = ip_at(reading), transport = ip + (walk->is_ip6 ? IP6 : IP4);

	if (at >= (uint32_t)SKF_NET_OFF && at < (uint32_t)SKF_AD_OFF)
		at = at - (uint32_t)SKF_NET_OFF + ip; /* counted from the IP header */
	else if (at >= (uint32_t)SKF_LL_OFF)
		return HEADER; /* what the kernel knows besides, or a link header */
	if (!sees_ip(reading))
		return in_transport(walk, at, size);
	if (reading->link == PST_FILTER_AT_FRAME && at == 12 && size == 2)
		return TYPE;
	if (size == 1 && at == ip + (walk->is_ip6 ? 6u : 9u))
		return PROTOCOL;
	return at < transport ? HEADER : in_transport(walk, at - transport, size);
}

static enum loaded load_indexed(const struct reading *reading, const struct walk *walk, uint32_t at,
				uint32_t size)
{
	const uint32_t ip = ip_at(reading);

	if (!sees_ip(reading) || walk->x == UNKNOWN || at < ip)
		return HEADER; /* somewhere: nothing is claimed of it */
	if (walk->x == PAST_HEADERS)
		return PAYLOAD;
	return in_transport(walk, at - ip, size);
}

static uint32_t size_of(uint16_t code)
{
	return BPF_SIZE(code) == BPF_W ? 4 : BPF_SIZE(code) == BPF_H ? 2 : 1;
}

static void load(const struct reading *reading, struct walk *walk, const struct sock_filter *insn)
{
	walk->sums = false;
	if (BPF_MODE(insn->code) == BPF_ABS)
		walk->a = load_absolute(reading, walk, insn->k, size_of(insn->code));
	else if (BPF_MODE(insn->code) == BPF_IND)
		walk->a = load_indexed(reading, walk, insn->k, size_of(insn->code));
	else
		walk->a = NOTHING; /* a constant, a length, or scratch memory */
}

/* What is added to the length of the IP header is the length of the next one. */
static void compute(struct walk *walk, const struct sock_filter *insn)
{
	if (BPF_OP(insn->code) == BPF_ADD && BPF_SRC(insn->code) == BPF_X)
		walk->sums = walk->x == HEADER_LENGTH && walk->a == HEADER;
}

static void move(struct walk *walk, const struct sock_filter *insn)
{
	if (BPF_MISCOP(insn->code) == BPF_TAX)
		walk->x = walk->sums ? PAST_HEADERS : UNKNOWN;
	else
		walk->a = NOTHING;
}

static void add_value(struct pst_filter_code *out, uint32_t value)
{
	for (size_t i = 0; i < out->magic_count; i++) {
		if (out->magic[i] == value)
			return;
	}
	out->magic_total++;
	if (out->magic_count < PST_FILTER_VALUES_MAX)
		out->magic[out->magic_count++] = value;
}

static void add_port(struct pst_filter_code *out, uint32_t port)
{
	for (size_t i = 0; i < out->port_count; i++) {
		if (out->port[i] == port)
			return;
	}
	if (out->port_count < PST_FILTER_VALUES_MAX)
		out->port[out->port_count++] = (uint16_t)port;
}

/* What the way that is taken when they are equal knows more. */
static void compare(const struct sock_filter *insn, struct walk *equal, struct pst_filter_code *out)
{
	if (equal->a == NOTHING)
		return;
	out->compares++;
	if (BPF_SRC(insn->code) != BPF_K || BPF_OP(insn->code) != BPF_JEQ)
		return;
	if (equal->a == TYPE)
		equal->is_ip6 = insn->k == ETHERTYPE_IP6;
	else if (equal->a == PROTOCOL)
		equal->protocol = insn->k;
	else if (equal->a == PORT)
		add_port(out, insn->k);
	else if (equal->a == PAYLOAD && insn->k != DHCP_COOKIE)
		add_value(out, insn->k);
}

/* Another way leads here: what both know stays known. */
static void arrive(struct reading *reading, size_t to, const struct walk *walk)
{
	struct walk *at;

	if (to >= reading->out->insns) {
		reading->out->takes_none = false; /* it goes on where we do not see it */
		return;
	}
	at = &reading->at[to];
	if (!at->reached) {
		*at = *walk;
		at->reached = true;
		return;
	}
	at->is_ip6 &= walk->is_ip6;
	at->sums &= walk->sums;
	if (at->a != walk->a)
		at->a = HEADER;
	if (at->x != walk->x)
		at->x = UNKNOWN;
	if (at->protocol != walk->protocol)
		at->protocol = 0;
}

static void jump(struct reading *reading, size_t from, const struct sock_filter *insn)
{
	struct walk other = reading->at[from], equal = other;

	if (BPF_OP(insn->code) == BPF_JA) {
		arrive(reading,
		       from + 1 + (insn->k < PST_FILTER_INSNS ? insn->k : PST_FILTER_INSNS),
		       &other);
		return;
	}
	compare(insn, &equal, reading->out);
	arrive(reading, from + 1 + insn->jt, &equal);
	arrive(reading, from + 1 + insn->jf, &other);
}

static void step(struct reading *reading, size_t at, const struct sock_filter *insn)
{
	struct walk *walk = &reading->at[at];

	switch (BPF_CLASS(insn->code)) {
	case BPF_RET:
		if (BPF_RVAL(insn->code) != BPF_K || insn->k != 0)
			reading->out->takes_none = false;
		return;
	case BPF_JMP:
		jump(reading, at, insn);
		return;
	case BPF_LD:
		load(reading, walk, insn);
		break;
	case BPF_LDX:
		walk->x = BPF_MODE(insn->code) == BPF_MSH ? HEADER_LENGTH : UNKNOWN;
		break;
	case BPF_ALU:
		compute(walk, insn);
		break;
	case BPF_MISC:
		move(walk, insn);
		break;
	default: /* stores */
		break;
	}
	arrive(reading, at + 1, walk);
}

void pst_filter_code_read(const uint8_t *code, size_t len, enum pst_filter_link link,
			  struct pst_filter_code *out)
{
	struct reading reading = { .link = link, .out = out };
	struct sock_filter insn;

	memset(out, 0, sizeof(*out));
	out->insns = len / sizeof(insn) < PST_FILTER_INSNS ? len / sizeof(insn) : PST_FILTER_INSNS;
	out->takes_none = out->insns > 0;
	reading.at[0].reached = true;
	if (link == PST_FILTER_AT_TCP || link == PST_FILTER_AT_UDP)
		reading.at[0].protocol = link == PST_FILTER_AT_TCP ? IPPROTO_TCP : IPPROTO_UDP;
	for (size_t i = 0; i < out->insns; i++) { /* jumps only lead forward: once each */
		memcpy(&insn, code + i * sizeof(insn), sizeof(insn));
		if (reading.at[i].reached)
			step(&reading, i, &insn);
	}
	out->takes_all = out->insns > 0 && !out->takes_none && out->compares == 0;
}
