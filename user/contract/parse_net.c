// SPDX-License-Identifier: Apache-2.0
/* Which places in a network does a value name? Addresses, prefixes, sets and host names; ports and
 * ranges of them. */
#include "contract/parse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define HOST_NAME_MAX_BYTES 253u
#define LABEL_MAX 63u
#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A text with a slash or a colon, or whose last label is a number, can only be meant as an address
 * (RFC 1123, 2.1). */
static bool is_meant_as_address(const char *text)
{
	const char *dot = strrchr(text, '.');
	const char *last = dot ? dot + 1 : text;

	return strpbrk(text, "/:") || last[strspn(last, DIGITS)] == '\0';
}

/* "*." in front stands for one or more labels. */
static bool is_host_name(const char *text)
{
	size_t len = strlen(text), label;

	if (!strncmp(text, "*.", 2))
		text += 2;

	if (!len || len > HOST_NAME_MAX_BYTES)
		return false;
	for (;; text += label + 1) { /* one round per label */
		label = strspn(text, DIGITS LETTERS "-_");
		if (!label || label > LABEL_MAX || text[0] == '-' || text[label - 1] == '-')
			return false;
		if (text[label] == '.' && text[label + 1])
			continue;
		return text[label] == '\0';
	}
}

/* Addresses are told more exactly by the parser than by these. The last label of a host name is no
 * number. */
#define V4_PATTERN "((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$|/)|(?=$|/))){4}"
#define V6_PATTERN "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*"
#define PREFIX_PATTERN                                                                       \
	"^(" V4_PATTERN "(/(3[0-2]|[12]?[0-9]))?|" V6_PATTERN "(/(12[0-8]|1[01][0-9]|[1-9]?" \
	"[0-9]))?)$"
#define LABEL_PATTERN "(?!-)[a-zA-Z0-9_-]{1,63}(?<!-)"
#define NAME_PATTERN "^(\\*\\.)?(" LABEL_PATTERN "\\.)*(?![0-9]+$)" LABEL_PATTERN "$"

enum { SET_LOCAL, SET_PRIVATE, SET_RESOLVERS };
static const char *const set_words[] = {
	[SET_LOCAL] = "@local", [SET_PRIVATE] = "@private", [SET_RESOLVERS] = "@resolvers"
};
static const char *const place_words[] = { "@local", "@private" };
static const char *const port_words[] = { "ephemeral" };

const struct pst_parse_form pst_parse_prefix_form = { .pattern = PREFIX_PATTERN };
const struct pst_parse_form pst_parse_place_form = { .items = PST_TYPE_STRING,
						     .words = PST_PARSE_WORDS(place_words),
						     .pattern = PREFIX_PATTERN "|" NAME_PATTERN };
const struct pst_parse_form pst_parse_to_form = { .items = PST_TYPE_STRING,
						  .words = PST_PARSE_WORDS(set_words),
						  .pattern = PREFIX_PATTERN "|" NAME_PATTERN };
const struct pst_parse_form pst_parse_port_form = {
	.items = PST_TYPE_NUMBER | PST_TYPE_STRING,
	.range = { 1, UINT32_MAX },
	.words = PST_PARSE_WORDS(port_words),
	.pattern = "^[1-9][0-9]{0,9}(-[1-9][0-9]{0,9})?$",
};

/* The prefix that was meant when host bits are set: the same length over the cleared address. */
static void suggest_prefix(struct pst_parse *parse, const struct pst_json_value *value)
{
	const char *slash = strchr(value->string, '/');
	char addr_text[PST_ADDR_TEXT], right[PST_ADDR_TEXT];
	struct pst_addr addr;
	unsigned int bits = 0, i;

	(void)pst_text_format(addr_text, sizeof(addr_text), "%.*s", (int)(slash - value->string),
			      value->string);
	if (pst_addr_parse(addr_text, &addr) || sscanf(slash + 1, "%3u", &bits) != 1)
		return; /* not reached: pst_prefix_parse read both */
	for (i = bits + (strchr(addr_text, ':') ? 0 : 96); i < 128; i++)
		addr.b[i / 8] &= (uint8_t) ~(0x80u >> (i % 8));
	pst_parse_error(parse, value,
			"%s has bits set behind its first %u; did you mean \"%s/%u\" or \"%s\"?",
			value->string, bits, pst_addr_format(&addr, right), bits, addr_text);
	pst_parse_meant(parse, "%s/%u", right, bits);
}

int pst_parse_prefix(struct pst_parse *parse, const struct pst_json_value *value,
		     struct pst_prefix *out)
{
	int err = pst_prefix_parse(value->string, out);

	if (err == -ERANGE)
		suggest_prefix(parse, value);
	else if (err)
		pst_parse_error(parse, value,
				"\"%.64s\" is no address and no prefix such as 10.20.0.0/16 or "
				"2001:db8::/32",
				value->string);
	return err ? -EINVAL : 0;
}

static void parse_set(struct pst_parse *parse, const struct pst_json_value *value,
		      struct pst_parse_peers *out)
{
	int word = pst_parse_word(parse, value, set_words,
				  sizeof(set_words) / sizeof(set_words[0]));

	out->local |= word == SET_LOCAL;
	out->private |= word == SET_PRIVATE;
	out->resolvers |= word == SET_RESOLVERS;
}

static void parse_name(struct pst_parse *parse, const struct pst_json_value *value,
		       struct pst_parse_peers *out)
{
	char *name = pst_parse_text(parse, value, HOST_NAME_MAX_BYTES), *at;

	for (at = name; at && *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	if (name && out->names)
		out->names[out->name_count++] = name;
	else
		free(name);
}

static void parse_peer(struct pst_parse *parse, const struct pst_json_value *value,
		       struct pst_parse_peers *out)
{
	struct pst_prefix prefix;

	if (value->type != PST_JSON_STRING) {
		pst_parse_error(
			parse, value,
			"this must be an address, a prefix, a host name or \"@resolvers\", not %s",
			pst_json_type_name(value->type));
	} else if (value->string[0] == '@') {
		parse_set(parse, value, out);
	} else if (is_meant_as_address(value->string)) {
		if (!pst_parse_prefix(parse, value, &prefix) && out->prefix)
			out->prefix[out->count++] = prefix;
	} else if (is_host_name(value->string)) {
		parse_name(parse, value, out);
	} else {
		pst_parse_error(parse, value, "\"%.64s\" is no address, prefix or host name",
				value->string);
	}
}

void pst_parse_peers(struct pst_parse *parse, const struct pst_json_value *value,
		     struct pst_parse_peers *out)
{
	size_t count = value->type == PST_JSON_ARRAY ? value->children : 1;
	const struct pst_json_value *item;

	memset(out, 0, sizeof(*out));
	if (!count)
		pst_parse_error(parse, value,
				"an empty list allows nothing; leave the key out to allow any");
	out->prefix = pst_parse_room(parse, count, sizeof(*out->prefix));
	out->names = pst_parse_room(parse, count, sizeof(*out->names));
	if (value->type == PST_JSON_STRING)
		parse_peer(parse, value, out);
	for (item = value->type == PST_JSON_ARRAY ? value->child : NULL; item; item = item->next)
		parse_peer(parse, item, out);
}

/* Digits that are a port of at most @max; 0 when they are none. */
static uint32_t read_port(const char *text, size_t len, uint32_t max)
{
	uint64_t port = 0;
	size_t i;

	if (!len || len > 10 || text[0] == '0') /* 10 digits: no overflow */
		return 0;
	for (i = 0; i < len; i++)
		port = port * 10 + (uint64_t)(text[i] - '0');
	return port <= max ? (uint32_t)port : 0;
}

/* "8000-8010" or "443"; -EINVAL when it is neither */
static int read_range(const char *text, uint32_t max, struct pst_port_range *out)
{
	size_t first_len = strspn(text, DIGITS), last_len;
	uint32_t first = read_port(text, first_len, max), last = first;

	text += first_len;
	if (*text == '-') {
		last_len = strspn(++text, DIGITS);
		last = read_port(text, last_len, max);
		text += last_len;
	}
	if (!first || last < first || *text)
		return -EINVAL;
	*out = (struct pst_port_range){ .first = first, .last = last };
	return 0;
}

/* The port of a service by its name, as IANA lists it; 0 for all but the usual ones. */
static unsigned int port_of_service(const char *name)
{
	static const struct {
		const char *name;
		unsigned int port;
	} usual[] = { { "ssh", 22 },	{ "smtp", 25 },	   { "domain", 53 },
		      { "dns", 53 },	{ "http", 80 },	   { "ntp", 123 },
		      { "ldap", 389 },	{ "https", 443 },  { "syslog", 514 },
		      { "ldaps", 636 }, { "mysql", 3306 }, { "postgresql", 5432 },
		      { "redis", 6379 } };
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (!strcmp(usual[i].name, name))
			return usual[i].port;
	return 0;
}

/* "9000-8000" the other way round; empty when that is not what is wrong */
static void turn_range(const char *text, char *out, size_t out_size)
{
	size_t len = strspn(text, DIGITS);
	struct pst_port_range range;

	out[0] = '\0';
	if (text[len] != '-' ||
	    pst_text_format(out, out_size, "%s-%.*s", text + len + 1, (int)len, text) ||
	    read_range(out, UINT32_MAX, &range))
		out[0] = '\0';
}

static void complain_port(struct pst_parse *parse, const struct pst_json_value *value, uint32_t max)
{
	bool text = value->type == PST_JSON_STRING;
	unsigned int port = text ? port_of_service(value->string) : 0;
	char turned[32] = "";

	if (text)
		turn_range(value->string, turned, sizeof(turned));
	if (port) {
		pst_parse_error(parse, value,
				"ports are numbers, not names of services; did you mean %u?", port);
		pst_parse_meant(parse, "%u", port);
	} else if (turned[0]) {
		pst_parse_error(parse, value,
				"this range of ports ends before it begins; did you mean \"%s\"?",
				turned);
		pst_parse_meant(parse, "%s", turned);
	} else {
		pst_parse_error(parse, value,
				"this must be a port from 1 to %" PRIu32
				", a range such as \"8000-8010\"%s",
				max, max > UINT16_MAX ? "" : " or \"ephemeral\"");
	}
}

static void parse_port(struct pst_parse *parse, const struct pst_json_value *value,
		       struct pst_clause *clause)
{
	bool vsock = clause->protocol == PST_PROTOCOL_VSOCK;
	uint32_t max = vsock ? UINT32_MAX : UINT16_MAX;
	struct pst_port_range range;
	int64_t port;

	if (value->type == PST_JSON_STRING && !vsock && !strcmp(value->string, "ephemeral")) {
		clause->ephemeral = true;
		return;
	}
	if (value->type == PST_JSON_NUMBER) {
		if (pst_parse_integer(parse, value, (struct pst_parse_range){ 1, max }, &port))
			return;
		range = (struct pst_port_range){ .first = (uint32_t)port, .last = (uint32_t)port };
	} else if (value->type != PST_JSON_STRING || read_range(value->string, max, &range)) {
		complain_port(parse, value, max);
		return;
	}
	if (clause->ports)
		clause->ports[clause->port_count++] = range;
}

void pst_parse_ports(struct pst_parse *parse, const struct pst_json_value *value,
		     struct pst_clause *clause)
{
	size_t count = value->type == PST_JSON_ARRAY ? value->children : 1;
	const struct pst_json_value *item;

	if (!count)
		pst_parse_error(parse, value,
				"an empty list allows nothing; leave the key out to allow any");
	clause->ports = pst_parse_room(parse, count, sizeof(*clause->ports));
	if (value->type != PST_JSON_ARRAY)
		parse_port(parse, value, clause);
	for (item = value->type == PST_JSON_ARRAY ? value->child : NULL; item; item = item->next)
		parse_port(parse, item, clause);
}
