// SPDX-License-Identifier: Apache-2.0
/* What does an entry of "channels" say of a channel that has no IP peer? Sockets' names,
 * interfaces, and numbers that have words. */
#include "contract/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "profile/words.h"

#define SOCKET_NAME_MAX 512u /* names have 108 bytes; each may be quoted, and stars are added */
#define DEVICE_NAME_MAX 15u  /* IFNAMSIZ, without the NUL */
#define DEVICE_PATTERN_MAX 31u
#define FAMILY_MAX 255
#define INET_FAMILIES "connect or listen"

static struct pst_clause *clause_of(void *into)
{
	return ((struct pst_parse_draft *)into)->clause;
}

/* A second pattern is an error of the entry, which check_does or check_places tells. */
static void set_pattern(struct pst_clause *clause, char *pattern)
{
	free(clause->pattern);
	clause->pattern = pattern;
}

static void set_number(struct pst_clause *clause, int64_t number)
{
	clause->has_number = true;
	clause->number = (uint32_t)number;
}

const char *pst_parse_other_entry(const char *word)
{
	static const struct {
		const char *word, *entry;
	} others[] = {
		{ "unix", "{\"unix\":\"/run/acme/socket\"}" },
		{ "packet", "{\"packet\":\"eth0\"}" },
		{ "netlink", "{\"netlink\":\"generic\"}" },
		{ "tunnel", "{\"tunnel\":\"tun0\"}" },
		{ "tun", "{\"tunnel\":\"tun0\"}" },
		{ "alg", "{\"family\":\"alg\"}" },
		{ "xdp", "{\"family\":\"xdp\"}" },
		{ "tipc", "{\"family\":\"tipc\"}" },
		{ "bluetooth", "{\"family\":\"bluetooth\"}" },
		{ "can", "{\"family\":\"can\"}" },
		/* nobody listens on these: who answers sends, as who asks does */
		{ "icmp", "{\"connect\":\"icmp\"}" },
		{ "raw", "{\"connect\":\"raw\"}" },
		{ "udplite", "{\"connect\":\"udplite\"}" },
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(others[i].word, word))
			return others[i].entry;
	return NULL;
}

/* What can be the name of no socket; NULL when it can be one. */
static const char *why_no_name(const char *name)
{
	size_t len = strlen(name);

	if (name[0] == '@')
		return name[1] ? NULL :
				 "a name stands behind the \"@\" of an abstract socket; "
				 "\"@**\" is any of them";
	return len && name[len - 1] == '/' ? "no socket has a name that ends in \"/\": this would "
					     "match nothing; \"/run/acme/**\" is all below" :
					     NULL;
}

static char *socket_pattern(struct pst_parse *parse, const struct pst_json_value *value)
{
	const char *name = value->string, *wrong = why_no_name(name);

	if (name[0] != '/' && name[0] != '@' && strncmp(name, "./", 2) != 0 &&
	    strcmp(name, "**") != 0) {
		pst_parse_error(parse, value,
				"the name of a socket begins with \"/\", with \"@\" when it is "
				"abstract, or with \"./\" when it is relative: \"%.64s\" would "
				"match nothing",
				name);
		return NULL;
	}
	if (wrong) {
		pst_parse_error(parse, value, "%s", wrong);
		return NULL;
	}
	pst_parse_alias(parse, value);
	return pst_parse_text(parse, value, SOCKET_NAME_MAX);
}

const struct pst_parse_form pst_parse_socket_form = {
	.pattern = "^(@[\\s\\S]+|\\.?/[\\s\\S]*[^/]|\\*\\*)$",
	.bytes_max = SOCKET_NAME_MAX,
};

void pst_parse_unix(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	clause_of(into)->does = PST_CLAUSE_UNIX;
	set_pattern(clause_of(into), socket_pattern(parse, value));
}

void pst_parse_socket_path(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	set_pattern(clause_of(into), socket_pattern(parse, value));
}

/* Stars may stand for nothing: all else must fit in the name of a device. */
static char *device_pattern(struct pst_parse *parse, const struct pst_json_value *value)
{
	const char *at;
	size_t len = 0;

	for (at = value->string; *at; at++) {
		at += *at == '\\' && at[1];
		len += *at != '*' || (at > value->string && at[-1] == '\\');
	}
	if (len <= DEVICE_NAME_MAX)
		return pst_parse_text(parse, value, DEVICE_PATTERN_MAX);
	pst_parse_error(parse, value,
			"the name of a device has at most %u bytes, this has %zu: it would match "
			"nothing",
			DEVICE_NAME_MAX, len);
	return NULL;
}

const struct pst_parse_form pst_parse_device_form = {
	.pattern = "^\\**((\\\\[\\s\\S]|[^*\\\\]|\\\\$)\\**){0,15}$",
	.bytes_max = DEVICE_PATTERN_MAX,
};

void pst_parse_packet(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	clause_of(into)->does = PST_CLAUSE_PACKET;
	set_pattern(clause_of(into), device_pattern(parse, value));
}

void pst_parse_tunnel(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	clause_of(into)->does = PST_CLAUSE_TUNNEL;
	set_pattern(clause_of(into), device_pattern(parse, value));
}

/* A word or a number of at most @max; -1 with an error. */
static int64_t number_of(struct pst_parse *parse, const struct pst_json_value *value,
			 const struct pst_words *words, int64_t max)
{
	const char *names[PST_WORDS_MAX];
	int64_t number = -1;
	size_t i;
	int word;

	if (value->type == PST_JSON_NUMBER)
		return pst_parse_integer(parse, value, (struct pst_parse_range){ 0, max },
					 &number) ?
			       -1 :
			       number;
	for (i = 0; i < words->count; i++)
		names[i] = words->list[i].name;
	word = pst_parse_word(parse, value, names, words->count);
	return word < 0 ? -1 : (int64_t)words->list[word].number;
}

const struct pst_parse_form pst_parse_netlink_form = { .range = { 0, UINT8_MAX },
						       .named = &pst_words_netlink };

void pst_parse_netlink(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	int64_t number = number_of(parse, value, &pst_words_netlink, UINT8_MAX);

	clause_of(into)->does = PST_CLAUSE_NETLINK;
	if (number >= 0)
		set_number(clause_of(into), number);
}

/* Families whose channels have entries of their own: allowed here they would allow nothing. */
static const char *own_entry(int64_t family)
{
	static const struct {
		int64_t family;
		const char *entry;
	} own[] = { { 1, "unix" },     { 2, INET_FAMILIES }, { 10, INET_FAMILIES },
		    { 16, "netlink" }, { 17, "packet" },     { 40, "connect or listen vsock" } };
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i].family == family)
			return own[i].entry;
	return NULL;
}

const struct pst_parse_form pst_parse_family_form = { .range = { 0, FAMILY_MAX },
						      .named = &pst_words_family };

void pst_parse_family(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	int64_t number = number_of(parse, value, &pst_words_family, FAMILY_MAX);
	const char *own = own_entry(number);

	clause_of(into)->does = PST_CLAUSE_FAMILY;
	if (own)
		pst_parse_error(parse, value,
				"channels of this family are declared by an entry with %s", own);
	else if (number >= 0)
		set_number(clause_of(into), number);
}

/* "88b5"; -1 when it is none */
static int64_t read_digits(const char *text)
{
	size_t len = strspn(text, "0123456789abcdefABCDEF");

	return len && len <= 4 && !text[len] ? strtol(text, NULL, 16) : -1;
}

/* "0x88b5"; -1 when it is none */
static int64_t read_hex(const char *text)
{
	return strncmp(text, "0x", 2) != 0 ? -1 : read_digits(text + 2);
}

/* Digits alone may be meant either way: nothing is guessed. */
static void complain_digits(struct pst_parse *parse, const struct pst_json_value *value)
{
	const char *text = value->string;

	if (text[strspn(text, "0123456789")]) {
		pst_parse_error(parse, value,
				"an ethertype is a number, or \"0x\" and hex digits: did you mean "
				"\"0x%s\"?",
				text);
		pst_parse_meant(parse, "0x%s", text);
	} else
		pst_parse_error(parse, value,
				"an ethertype is a number, or \"0x\" and hex digits: did you mean "
				"\"0x%s\", or %s without quotes?",
				text, text);
}

const struct pst_parse_form pst_parse_ethertype_form = {
	.range = { 1, UINT16_MAX },
	.named = &pst_words_ethertype,
	.pattern = "^0x(?=[0-9a-fA-F]{1,4}$)0*[1-9a-fA-F][0-9a-fA-F]*$",
};

void pst_parse_ethertype(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	int64_t number = value->type == PST_JSON_STRING ? read_hex(value->string) : -1;

	if (value->type == PST_JSON_STRING && read_digits(value->string) >= 0) {
		complain_digits(parse, value);
		return;
	}
	if (number < 0)
		number = number_of(parse, value, &pst_words_ethertype, UINT16_MAX);
	if (number == 0)
		pst_parse_error(parse, value, "there is no ethertype 0");
	else if (number > 0)
		set_number(clause_of(into), number);
}

const struct pst_parse_form pst_parse_protocol_form = { .range = { 0, UINT8_MAX } };

void pst_parse_protocol_number(struct pst_parse *parse, const struct pst_json_value *value,
			       void *into)
{
	int64_t number;

	if (!pst_parse_integer(parse, value, pst_parse_protocol_form.range, &number))
		set_number(clause_of(into), number);
}

const struct pst_parse_form pst_parse_cid_form = { .range = { 0, UINT32_MAX - 1 } };

void pst_parse_cid(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	int64_t number;

	if (!pst_parse_integer(parse, value, pst_parse_cid_form.range, &number))
		set_number(clause_of(into), number);
}
