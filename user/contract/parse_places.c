// SPDX-License-Identifier: Apache-2.0
/* Which keys of an entry of "channels" belong together? One says what the entry is about; which
 * others may stand beside it depends on that one, and of connect and listen on the protocol too. */
#include "contract/parse.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const does_names[] = { "connect", "listen", "unix",	"packet",
					  "netlink", "family", "tunnel" };

enum variant {
	CONNECT,
	CONNECT_ICMP,
	CONNECT_RAW,
	CONNECT_VSOCK,
	LISTEN,
	LISTEN_VSOCK,
	LISTEN_UNIX,
	PACKET,
};

static const char *const connect[] = { "tcp", "udp", "udplite", "sctp", "dccp" };
static const char *const listen[] = { "tcp", "udp", "sctp", "dccp" };
static const char *const icmp[] = { "icmp" }, *const raw[] = { "raw" };
static const char *const vsock[] = { "vsock" }, *const local[] = { "unix" };

static const struct pst_parse_variant variants[] = {
	[CONNECT] = { "connect", "connect", PST_PARSE_WORDS(connect), NULL },
	[CONNECT_ICMP] = { "connect icmp", "connect", PST_PARSE_WORDS(icmp), NULL },
	[CONNECT_RAW] = { "connect raw", "connect", PST_PARSE_WORDS(raw), NULL },
	[CONNECT_VSOCK] = { "connect vsock", "connect", PST_PARSE_WORDS(vsock), NULL },
	[LISTEN] = { "listen", "listen", PST_PARSE_WORDS(listen), NULL },
	[LISTEN_VSOCK] = { "listen vsock", "listen", PST_PARSE_WORDS(vsock), NULL },
	[LISTEN_UNIX] = { "listen unix", "listen", PST_PARSE_WORDS(local), "path" },
	[PACKET] = { "packet", "packet", { NULL, 0 }, NULL },
};

#define BIT(variant) (1u << (variant))
#define BITS_IP (BIT(CONNECT) | BIT(CONNECT_ICMP) | BIT(CONNECT_RAW))
#define BITS_CONNECT (BITS_IP | BIT(CONNECT_VSOCK))
#define BITS_PORT (BIT(CONNECT) | BIT(LISTEN) | BIT(CONNECT_VSOCK) | BIT(LISTEN_VSOCK))

#define WORDS_LISTEN "tcp, udp, sctp or dccp"
#define WORDS_PORT "tcp, udp, udplite, sctp, dccp or vsock"
#define WORDS_IP "tcp, udp, udplite, sctp, dccp, icmp or raw"

static const struct pst_parse_place places[] = {
	{ "to", BITS_IP, "connect of " WORDS_IP, "from\" or \"on" },
	{ "within", BITS_IP, "connect of " WORDS_IP, "from" },
	{ "on", BIT(LISTEN), "listen of " WORDS_LISTEN, "to" },
	{ "from", BIT(LISTEN), "listen of " WORDS_LISTEN, "to" },
	{ "port", BITS_PORT, "connect or listen of " WORDS_PORT, NULL },
	{ "protocol", BIT(CONNECT_RAW), "connect raw", NULL },
	{ "every", BITS_CONNECT, "connect", NULL },
	{ "bytes_out_per_day", BITS_CONNECT | BIT(LISTEN) | BIT(LISTEN_VSOCK),
	  "connect, or listen other than unix", NULL },
	{ "cid", BIT(CONNECT_VSOCK), "connect vsock", NULL },
	{ "path", BIT(LISTEN_UNIX), "listen unix", NULL },
	{ "ethertype", BIT(PACKET), "packet", NULL },
};

const struct pst_parse_rules pst_parse_channel_rules = {
	.one_of = PST_PARSE_WORDS(does_names),
	.variants = variants,
	.variant_count = COUNT(variants),
	.places = places,
	.place_count = COUNT(places),
};

static bool is_word(const struct pst_json_value *value, const struct pst_parse_words *words)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		if (value->type == PST_JSON_STRING && !strcmp(value->string, words->list[i]))
			return true;
	return !words->count;
}

/* A wrong word was reported: the entry counts as the first variant with that key. -1: its one key
 * says all. */
static int variant_of(const struct pst_json_value *entry)
{
	int found = -1, i;

	for (i = (int)COUNT(variants) - 1; i >= 0; i--) {
		const struct pst_json_value *value = pst_json_get(entry, variants[i].key);

		if (value && is_word(value, &variants[i].words))
			return i;
		if (value)
			found = i;
	}
	return found;
}

/* What the entry is about, in words. */
static const char *name_of(const struct pst_json_value *entry, int variant)
{
	size_t i;

	for (i = 0; variant < 0 && i < COUNT(does_names); i++)
		if (pst_json_get(entry, does_names[i]))
			return does_names[i];
	return variants[variant].name; /* one of them is there */
}

static void check_places(struct pst_parse *parse, const struct pst_json_value *entry)
{
	int variant = variant_of(entry);
	bool plain = variant == CONNECT || variant == LISTEN;
	size_t i;

	for (i = 0; i < COUNT(places); i++) {
		const struct pst_json_value *value = pst_json_get(entry, places[i].key);
		const char *instead = plain ? places[i].instead : NULL;

		if (!value || (variant >= 0 && places[i].variants & BIT(variant)))
			continue;
		pst_diags_add(parse->diags, PST_DIAG_ERROR, value->key_line, value->key_column,
			      "\"%s\" belongs to an entry with %s, this one has %s%s%s%s",
			      places[i].key, places[i].belongs, name_of(entry, variant),
			      instead ? "; did you mean \"" : "", instead ? instead : "",
			      instead ? "\"?" : "");
	}
	if (variant >= 0 && variants[variant].needs &&
	    !pst_json_get(entry, variants[variant].needs))
		pst_parse_missing(parse, entry, "an entry with %s needs the key \"%s\": %s",
				  variants[variant].name, variants[variant].needs,
				  pst_parse_wants(&pst_parse_channel_table,
						  variants[variant].needs));
}

/* One of them was meant, and is told as unknown: that says enough. */
static bool is_misspelt(const struct pst_json_value *entry)
{
	size_t i;

	for (i = 0; i < COUNT(does_names); i++)
		if (pst_parse_misspelt(entry, &pst_parse_channel_table, does_names[i]))
			return true;
	return false;
}

void pst_parse_places(struct pst_parse *parse, const struct pst_json_value *entry)
{
	size_t found = pst_parse_has(entry, &pst_parse_channel_rules.one_of);
	char all[PST_DIAG_TEXT];

	if (found == 1)
		check_places(parse, entry);
	else if (found || !is_misspelt(entry))
		pst_parse_error(parse, entry,
				"an entry of \"channels\" needs exactly one of %s; this has %zu",
				pst_parse_keys_text(does_names, COUNT(does_names), all), found);
}
