// SPDX-License-Identifier: Apache-2.0
/* Is this a DNS message, and which addresses does it give to the name that was asked for? The names
 * decide what a contract allows, so nothing is guessed: a record of another name than the question
 * or its aliases gives nothing. */
#include "decode/dns.h"

#include <errno.h>
#include <string.h>

#define HEADER 12u
#define NAME_MAX_BYTES 255u /* with its lengths and the root */
#define RECORD_HEAD 10u	    /* behind the name */
#define ANSWERS_MAX 128u    /* as many as a message of PST_PAYLOAD_MAX bytes holds */

#define TYPE_A 1u
#define TYPE_CNAME 5u
#define TYPE_AAAA 28u
#define TYPE_OPT 41u
#define CLASS_IN 1u

#define FLAG_ANSWER 0x8000u
#define FLAG_OPCODE 0x7800u
#define FLAG_CUT 0x0200u /* did not fit into a datagram */
#define FLAG_Z 0x0040u
#define FLAG_RCODE 0x000fu

struct name { /* as on the wire, in lower case, without pointers */
	uint8_t bytes[NAME_MAX_BYTES];
	size_t len;
};

struct record {
	struct name owner;
	uint16_t type, class_;
	uint32_t ttl_s;
	size_t data;
	size_t data_len;
};

struct message {
	const uint8_t *data;
	size_t len;
	size_t at;
	size_t answers; /* that are whole */
	size_t answer_at[ANSWERS_MAX];
	bool used[ANSWERS_MAX];
	bool has_opt;
	uint16_t records; /* but OPT */
};

static uint16_t read16(const struct message *m, size_t at)
{
	return (uint16_t)(m->data[at] << 8 | m->data[at + 1]);
}

static uint32_t read32(const struct message *m, size_t at)
{
	return (uint32_t)read16(m, at) << 16 | read16(m, at + 2);
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static int append_label(struct name *name, const uint8_t *label, size_t len)
{
	if (name->len + 1 + len + 1 > NAME_MAX_BYTES) /* the root follows */
		return -EBADMSG;
	name->bytes[name->len++] = (uint8_t)len;
	for (size_t i = 0; i < len; i++) /* at most 63 */
		name->bytes[name->len++] = lower(label[i]);
	return 0;
}

/*
 * read_name - a name that begins at @at
 * A pointer leads to before where the labels that it ends began, so that no chain of them is a
 * ring. Returns how many bytes it takes where it stands; -ENODATA when they are not all there;
 * -EBADMSG.
 */
static int read_name(const struct message *m, size_t at, struct name *out)
{
	size_t begun = at, start = at, end = 0;
	int r;

	out->len = 0;
	for (;;) { /* each round takes a label, of at most 127, or goes back */
		uint8_t len;

		if (at >= m->len)
			return -ENODATA;
		len = m->data[at];
		if (len == 0)
			break;
		if (len >= 0xc0) {
			size_t to;

			if (at + 2 > m->len)
				return -ENODATA;
			to = read16(m, at) & 0x3fffu;
			if (to < HEADER || to >= begun)
				return -EBADMSG;
			end = end ? end : at + 2;
			begun = at = to;
			continue;
		}
		if (len > 63)
			return -EBADMSG;
		if (at + 1 + len > m->len)
			return -ENODATA;
		r = append_label(out, m->data + at + 1, len);
		if (r < 0)
			return r;
		at += 1u + len;
	}
	out->bytes[out->len++] = 0;
	return (int)((end ? end : at + 1) - start);
}

static bool is_same(const struct name *a, const struct name *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* put - one byte of a label as text: itself or \ddd; 0 when it found no room */
static size_t put(char *out, size_t room, uint8_t c)
{
	if (c > ' ' && c < 0x7f && c != '.' && c != '\\' && c != '"') {
		if (room < 1)
			return 0;
		out[0] = (char)c;
		return 1;
	}
	if (room < 4)
		return 0;
	out[0] = '\\';
	out[1] = (char)('0' + c / 100);
	out[2] = (char)('0' + c / 10 % 10);
	out[3] = (char)('0' + c % 10);
	return 4;
}

/* name_text - one that is too long by its odd bytes ends in a backslash, as no whole name does */
static void name_text(const struct name *name, char out[PST_NAME_TEXT_MAX])
{
	const size_t room = PST_NAME_TEXT_MAX - 2; /* a backslash and the end */
	size_t at = 0, text = 0;

	while (name->bytes[at]) { /* a name ends in the root */
		size_t end = at + 1u + name->bytes[at], n = 1;

		if (text && text < room)
			out[text++] = '.';
		for (at++; at < end && n; at++) {
			n = put(out + text, room - text, name->bytes[at]);
			text += n;
		}
		if (!n) {
			out[text++] = '\\';
			break;
		}
	}
	out[text] = '\0';
}

/* check_data - is the data of this type well-formed? */
static int check_data(const struct message *m, const struct record *rec)
{
	struct name target;
	int r;

	if (rec->class_ != CLASS_IN)
		return 0;
	if (rec->type == TYPE_A)
		return rec->data_len == 4 ? 0 : -EBADMSG;
	if (rec->type == TYPE_AAAA)
		return rec->data_len == 16 ? 0 : -EBADMSG;
	if (rec->type != TYPE_CNAME)
		return 0;
	r = read_name(m, rec->data, &target);
	return r > 0 && (size_t)r == rec->data_len ? 0 : -EBADMSG;
}

/* read_record - the one that begins at @at; returns its length, or as read_name */
static int read_record(const struct message *m, size_t at, struct record *out)
{
	int len = read_name(m, at, &out->owner);
	size_t head;

	if (len < 0)
		return len;
	head = at + (size_t)len;
	if (head + RECORD_HEAD > m->len)
		return -ENODATA;
	out->type = read16(m, head);
	out->class_ = read16(m, head + 2);
	out->ttl_s = read32(m, head + 4);
	if (out->ttl_s > INT32_MAX)
		out->ttl_s = 0; /* RFC 2181, 8 */
	out->data_len = read16(m, head + 8);
	out->data = head + RECORD_HEAD;
	if (out->data + out->data_len > m->len)
		return -ENODATA;
	return (int)(out->data + out->data_len - at);
}

/* check_opt - RFC 6891: at most one, of the root, with whole options */
static int check_opt(struct message *m, const struct record *rec)
{
	size_t at = rec->data, end = rec->data + rec->data_len;

	if (m->has_opt || rec->owner.len != 1)
		return -EBADMSG;
	m->has_opt = true;
	while (at < end) { /* each round takes at least 4 bytes */
		if (end - at < 4)
			return -EBADMSG;
		at += 4u + read16(m, at + 2);
	}
	return at == end ? 0 : -EBADMSG;
}

#define ANSWER 0
#define AUTHORITY 1
#define ADDITIONAL 2

static int read_section(struct message *m, int section)
{
	uint16_t count = read16(m, 6 + 2 * (size_t)section);

	for (uint16_t i = 0; i < count; i++) { /* each takes at least 11 bytes */
		struct record rec;
		int r, len = read_record(m, m->at, &rec);

		if (len < 0)
			return len;
		if (rec.type == TYPE_OPT && section != ADDITIONAL)
			return -EBADMSG;
		r = rec.type == TYPE_OPT ? check_opt(m, &rec) : check_data(m, &rec);
		if (r < 0)
			return r;
		if (section == ANSWER && m->answers < ANSWERS_MAX)
			m->answer_at[m->answers++] = m->at;
		if (rec.type != TYPE_OPT)
			m->records++;
		m->at += (size_t)len;
	}
	return 0;
}

static void take_addr(const struct message *m, const struct record *rec, struct pst_dns *out)
{
	struct pst_addr *addr;

	if (rec->ttl_s < out->ttl_s)
		out->ttl_s = rec->ttl_s;
	if (out->addr_count == PST_DNS_ADDRS_MAX) {
		out->addrs_cut = true;
		return;
	}
	addr = &out->addr[out->addr_count++];
	if (rec->type == TYPE_AAAA) {
		memcpy(addr->b, m->data + rec->data, 16);
		return;
	}
	memset(addr->b, 0, 10);
	memset(addr->b + 10, 0xff, 2);
	memcpy(addr->b + 12, m->data + rec->data, 4);
}

/* take_of - the addresses of one name; true when it is an alias, whose target is then in @name */
static bool take_of(struct message *m, struct name *name, struct pst_dns *out)
{
	struct record rec, alias;
	bool is_alias = false;

	for (size_t i = 0; i < m->answers; i++) {
		if (m->used[i] || read_record(m, m->answer_at[i], &rec) < 0 ||
		    rec.class_ != CLASS_IN || !is_same(&rec.owner, name))
			continue;
		if (rec.type == TYPE_A || rec.type == TYPE_AAAA)
			take_addr(m, &rec, out);
		else if (rec.type == TYPE_CNAME && !is_alias)
			alias = rec;
		else
			continue;
		is_alias |= rec.type == TYPE_CNAME;
		m->used[i] = true;
	}
	if (!is_alias)
		return false;
	if (alias.ttl_s < out->ttl_s)
		out->ttl_s = alias.ttl_s;
	return read_name(m, alias.data, name) > 0;
}

/* follow - from the question over its aliases; each round uses up a record */
static void follow(struct message *m, struct name *name, struct pst_dns *out)
{
	out->ttl_s = UINT32_MAX;
	while (take_of(m, name, out))
		if (out->alias_count < PST_DNS_ALIASES_MAX)
			name_text(name, out->alias[out->alias_count++]);
	if (!out->addr_count)
		out->ttl_s = 0;
}

static int read_sections(struct message *m)
{
	int r = 0;

	for (int section = ANSWER; section <= ADDITIONAL && r == 0; section++)
		r = read_section(m, section);
	return r;
}

/* check_head - what the counts and flags may be */
static int check_head(const struct message *m)
{
	uint16_t flags = read16(m, 2);

	if (flags & (FLAG_OPCODE | FLAG_Z) || read16(m, 4) != 1)
		return -EBADMSG;
	if (flags & FLAG_ANSWER)
		return 0;
	return read16(m, 6) || read16(m, 8) || read16(m, 10) > 2 ? -EBADMSG : 0;
}

int pst_dns_parse(const struct pst_dns_bytes *in, struct pst_dns *out)
{
	struct message m = { .data = in->data, .len = in->len, .at = HEADER };
	struct pst_dns dns = { .answer = false };
	struct name name;
	int r;

	if (in->len < HEADER || in->total < in->len || in->total > UINT16_MAX || check_head(&m) < 0)
		return -EBADMSG;
	r = read_name(&m, m.at, &name);
	if (r < 0 || m.at + (size_t)r + 4 > m.len)
		return -EBADMSG;
	m.at += (size_t)r + 4;
	dns.answer = read16(&m, 2) & FLAG_ANSWER;
	dns.id = read16(&m, 0);
	dns.rcode = dns.answer ? read16(&m, 2) & FLAG_RCODE : 0;
	dns.qtype = read16(&m, m.at - 4);
	dns.length = (uint16_t)in->total;
	name_text(&name, dns.question);
	r = read_sections(&m);
	if (r < 0 && (r != -ENODATA || in->total == in->len))
		return -EBADMSG;
	if (!dns.answer && r == 0 && m.at != in->total)
		return -EBADMSG;
	dns.addrs_cut = r < 0 || (dns.answer && read16(&m, 2) & FLAG_CUT);
	dns.records = m.records;
	if (dns.answer && dns.rcode == 0)
		follow(&m, &name, &dns);
	dns.over_tcp = out->over_tcp;
	*out = dns;
	return 0;
}
