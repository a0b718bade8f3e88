// SPDX-License-Identifier: Apache-2.0
/* Which places in a network does a value name? Addresses, prefixes, sets and host names; ports and
 * ranges of them. */
#include "contract/parse.h"

#include <errno.h>
#include <stdio.h>
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

static bool is_host_name(const char *text)
{
	size_t len = strlen(text), label;

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
	static const char *const sets[] = { "@resolvers" };

	if (!pst_parse_word(parse, value, sets, 1))
		out->resolvers = true;
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
		out->names = true;
		pst_parse_not_judged(parse, value, "host name %s", value->string);
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
	if (value->type == PST_JSON_STRING)
		parse_peer(parse, value, out);
	for (item = value->type == PST_JSON_ARRAY ? value->child : NULL; item; item = item->next)
		parse_peer(parse, item, out);
}

/* One to five digits up to @end that are a port; 0 when they are none. */
static unsigned int read_port(const char *text, size_t len)
{
	unsigned int port = 0;
	size_t i;

	if (!len || len > 5 || text[0] == '0')
		return 0;
	for (i = 0; i < len; i++)
		port = port * 10 + (unsigned int)(text[i] - '0');
	return port <= UINT16_MAX ? port : 0;
}

/* "8000-8010" or "443"; -EINVAL when it is neither */
static int read_range(const char *text, struct pst_port_range *out)
{
	size_t first_len = strspn(text, DIGITS), last_len;
	unsigned int first = read_port(text, first_len), last = first;

	text += first_len;
	if (*text == '-') {
		last_len = strspn(++text, DIGITS);
		last = read_port(text, last_len);
		text += last_len;
	}
	if (!first || last < first || *text)
		return -EINVAL;
	*out = (struct pst_port_range){ .first = (uint16_t)first, .last = (uint16_t)last };
	return 0;
}

static void parse_port(struct pst_parse *parse, const struct pst_json_value *value,
		       struct pst_clause *clause)
{
	struct pst_port_range range;
	int64_t port;

	if (value->type == PST_JSON_STRING && !strcmp(value->string, "ephemeral")) {
		clause->ephemeral = true;
		pst_parse_not_judged(parse, value, "ephemeral ports");
		return;
	}
	if (value->type == PST_JSON_NUMBER) {
		if (pst_parse_integer(parse, value, (struct pst_parse_range){ 1, UINT16_MAX },
				      &port))
			return;
		range = (struct pst_port_range){ .first = (uint16_t)port, .last = (uint16_t)port };
	} else if (value->type != PST_JSON_STRING || read_range(value->string, &range)) {
		pst_parse_error(
			parse, value,
			"this must be a port from 1 to 65535, a range such as \"8000-8010\" or "
			"\"ephemeral\"");
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
