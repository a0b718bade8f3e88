// SPDX-License-Identifier: Apache-2.0
/* What does one entry of "channels" allow? Its keys by table, and which of them belong together. */
#include "contract/parse.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define WHY_MAX 1024u
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define WANTS_SOCKET "a path pattern, or \"@\" and an abstract name"
#define WANTS_PEERS "an address, a prefix, a host name, \"@resolvers\", or a list of these"
#define WANTS_PLACES "an address, a prefix, a host name, or a list of these"

static const char *const does_names[] = {
	[PST_CLAUSE_CONNECT] = "connect", [PST_CLAUSE_LISTEN] = "listen",
	[PST_CLAUSE_UNIX] = "unix",	  [PST_CLAUSE_PACKET] = "packet",
	[PST_CLAUSE_NETLINK] = "netlink", [PST_CLAUSE_FAMILY] = "family",
	[PST_CLAUSE_TUNNEL] = "tunnel",
};

static const char *const connect_words[] = { "tcp", "udp",  "udplite", "icmp",
					     "raw", "sctp", "dccp",    "vsock" };
static const uint16_t connect_protocols[] = { IPPROTO_TCP,  IPPROTO_UDP,       IPPROTO_UDPLITE,
					      IPPROTO_ICMP, IPPROTO_RAW,       IPPROTO_SCTP,
					      IPPROTO_DCCP, PST_PROTOCOL_VSOCK };
_Static_assert(COUNT(connect_words) == COUNT(connect_protocols), "a protocol for each word");

static const char *const listen_words[] = { "tcp", "udp", "sctp", "dccp", "vsock", "unix" };
static const uint16_t listen_protocols[] = { IPPROTO_TCP,  IPPROTO_UDP,	       IPPROTO_SCTP,
					     IPPROTO_DCCP, PST_PROTOCOL_VSOCK, PST_PROTOCOL_UNIX };
_Static_assert(COUNT(listen_words) == COUNT(listen_protocols), "a protocol for each word");

static bool has_word(const char *word, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

/* As pst_parse_word, but a kind of channel that has an entry of its own is told that entry. */
static int word_of(struct pst_parse *parse, const struct pst_json_value *value,
		   const char *const *words, size_t count)
{
	const char *other = pst_parse_other_entry(value->string);
	char all[PST_DIAG_TEXT];

	if (!other || has_word(value->string, words, count))
		return pst_parse_word(parse, value, words, count);
	pst_parse_error(parse, value, "\"%s\" takes %s; %s is declared as %s", value->key,
			pst_parse_keys_text(words, count, all), value->string, other);
	return -1;
}

static void take_connect(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct pst_parse_draft *)into)->clause;
	int word = word_of(parse, value, connect_words, COUNT(connect_words));

	clause->does = PST_CLAUSE_CONNECT;
	clause->protocol = word < 0 ? IPPROTO_TCP : connect_protocols[word];
}

static void take_listen(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct pst_parse_draft *)into)->clause;
	int word = word_of(parse, value, listen_words, COUNT(listen_words));

	clause->does = PST_CLAUSE_LISTEN;
	clause->protocol = word < 0 ? IPPROTO_TCP : listen_protocols[word];
}

static void take_to(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct pst_parse_draft *)into)->clause;
	struct pst_parse_peers peers;

	pst_parse_peers(parse, value, &peers);
	/* an entry with both "to" and "on" is wrong, and check_places says so */
	free(clause->to);
	pst_contract_free_texts(clause->names, clause->name_count);
	clause->any_address = false;
	clause->to = peers.prefix;
	clause->to_count = peers.count;
	clause->resolvers = peers.resolvers;
	clause->names = peers.names;
	clause->name_count = peers.name_count;
}

static void refuse_resolvers(struct pst_parse *parse, const struct pst_json_value *value,
			     const struct pst_parse_peers *peers)
{
	if (peers->resolvers)
		pst_parse_error(parse, value, "\"@resolvers\" can stand in \"to\" only");
}

static void take_on(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct pst_parse_draft *)into)->clause;

	take_to(parse, value, into);
	refuse_resolvers(parse, value, &(struct pst_parse_peers){ .resolvers = clause->resolvers });
}

static void take_from(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct pst_parse_draft *)into)->clause;
	struct pst_parse_peers peers;

	pst_parse_peers(parse, value, &peers);
	refuse_resolvers(parse, value, &peers);
	clause->any_from = false;
	clause->from = peers.prefix;
	clause->from_count = peers.count;
	clause->from_names = peers.names;
	clause->from_name_count = peers.name_count;
}

static void take_within(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_parse_draft *draft = into;

	draft->within = value;
	if (!pst_parse_prefix(parse, value, &draft->clause->within))
		draft->clause->has_within = true;
}

static void take_port(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	(void)parse; /* which ports there are depends on the protocol, which may stand behind it */
	((struct pst_parse_draft *)into)->port = value;
}

static void take_why(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	((struct pst_parse_draft *)into)->clause->why = pst_parse_text(parse, value, WHY_MAX);
}

static const struct pst_parse_key keys[] = {
	{ "connect", PST_TYPE_STRING, "a protocol such as \"tcp\"", PST_KEY_OPTIONAL,
	  take_connect },
	{ "listen", PST_TYPE_STRING, "a protocol such as \"tcp\"", PST_KEY_OPTIONAL, take_listen },
	{ "unix", PST_TYPE_STRING, WANTS_SOCKET, PST_KEY_OPTIONAL, pst_parse_unix },
	{ "packet", PST_TYPE_STRING, "an interface such as \"eth0\", or \"*\"", PST_KEY_OPTIONAL,
	  pst_parse_packet },
	{ "netlink", PST_TYPE_STRING | PST_TYPE_NUMBER,
	  "a protocol such as \"route\", or its number", PST_KEY_OPTIONAL, pst_parse_netlink },
	{ "family", PST_TYPE_STRING | PST_TYPE_NUMBER,
	  "an address family such as \"alg\", or its number", PST_KEY_OPTIONAL, pst_parse_family },
	{ "tunnel", PST_TYPE_STRING, "a device such as \"tun0\" or \"tun*\"", PST_KEY_OPTIONAL,
	  pst_parse_tunnel },
	{ "to", PST_TYPE_STRING | PST_TYPE_ARRAY, WANTS_PEERS, PST_KEY_OPTIONAL, take_to },
	{ "within", PST_TYPE_STRING, "a prefix such as \"10.20.0.0/16\"", PST_KEY_OPTIONAL,
	  take_within },
	{ "on", PST_TYPE_STRING | PST_TYPE_ARRAY, WANTS_PLACES, PST_KEY_OPTIONAL, take_on },
	{ "from", PST_TYPE_STRING | PST_TYPE_ARRAY, WANTS_PLACES, PST_KEY_OPTIONAL, take_from },
	{ "port", PST_TYPE_NUMBER | PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "a number, a range such as \"8000-8010\", \"ephemeral\", or a list of these",
	  PST_KEY_OPTIONAL, take_port },
	{ "protocol", PST_TYPE_NUMBER, "the number of an IP protocol", PST_KEY_OPTIONAL,
	  pst_parse_protocol_number },
	{ "cid", PST_TYPE_NUMBER, "the number of a machine", PST_KEY_OPTIONAL, pst_parse_cid },
	{ "path", PST_TYPE_STRING, WANTS_SOCKET, PST_KEY_OPTIONAL, pst_parse_socket_path },
	{ "ethertype", PST_TYPE_STRING | PST_TYPE_NUMBER, "a number, or such as \"0x88b5\"",
	  PST_KEY_OPTIONAL, pst_parse_ethertype },
	{ "why", PST_TYPE_STRING, "a text", PST_KEY_OPTIONAL, take_why },
};

static const struct pst_parse_table table = { "an entry of \"channels\"", keys, COUNT(keys) };

/* Forms of an entry: which keys it may have depends on what it does, and of connect and listen on
 * the protocol too. */
enum form {
	FORM_CONNECT,
	FORM_CONNECT_ICMP,
	FORM_CONNECT_RAW,
	FORM_CONNECT_VSOCK,
	FORM_LISTEN,
	FORM_LISTEN_VSOCK,
	FORM_LISTEN_UNIX,
	FORM_PACKET,
	FORM_OTHER, /* its one key says all */
};

#define BIT(form) (1u << (form))
#define BITS_IP (BIT(FORM_CONNECT) | BIT(FORM_CONNECT_ICMP) | BIT(FORM_CONNECT_RAW))
#define BITS_PORT \
	(BIT(FORM_CONNECT) | BIT(FORM_LISTEN) | BIT(FORM_CONNECT_VSOCK) | BIT(FORM_LISTEN_VSOCK))

static enum form form_of(const struct pst_clause *clause)
{
	bool vsock = clause->protocol == PST_PROTOCOL_VSOCK;

	switch (clause->does) {
	case PST_CLAUSE_CONNECT:
		return vsock				? FORM_CONNECT_VSOCK :
		       clause->protocol == IPPROTO_ICMP ? FORM_CONNECT_ICMP :
		       clause->protocol == IPPROTO_RAW	? FORM_CONNECT_RAW :
							  FORM_CONNECT;
	case PST_CLAUSE_LISTEN:
		return vsock				     ? FORM_LISTEN_VSOCK :
		       clause->protocol == PST_PROTOCOL_UNIX ? FORM_LISTEN_UNIX :
							       FORM_LISTEN;
	case PST_CLAUSE_PACKET:
		return FORM_PACKET;
	default:
		return FORM_OTHER;
	}
}

/* Keys that belong to some forms only, and the one that was probably meant in another. */
static const struct {
	const char *key;
	unsigned int forms; /* BIT of each */
	const char *belongs;
	const char *instead; /* in an entry that connects to, or listens on, an IP address */
} places[] = {
	{ "to", BITS_IP, "connect", "from\" or \"on" },
	{ "within", BITS_IP, "connect", "from" },
	{ "on", BIT(FORM_LISTEN), "listen", "to" },
	{ "from", BIT(FORM_LISTEN), "listen", "to" },
	{ "port", BITS_PORT, "connect or listen", NULL },
	{ "protocol", BIT(FORM_CONNECT_RAW), "connect raw", NULL },
	{ "cid", BIT(FORM_CONNECT_VSOCK), "connect vsock", NULL },
	{ "path", BIT(FORM_LISTEN_UNIX), "listen unix", NULL },
	{ "ethertype", BIT(FORM_PACKET), "packet", NULL },
};

static const char *form_name(const struct pst_clause *clause)
{
	static const char *const names[] = {
		[FORM_CONNECT] = "connect",	    [FORM_CONNECT_ICMP] = "connect icmp",
		[FORM_CONNECT_RAW] = "connect raw", [FORM_CONNECT_VSOCK] = "connect vsock",
		[FORM_LISTEN] = "listen",	    [FORM_LISTEN_VSOCK] = "listen vsock",
		[FORM_LISTEN_UNIX] = "listen unix", [FORM_PACKET] = "packet",
	};
	enum form form = form_of(clause);

	return form == FORM_OTHER ? does_names[clause->does] : names[form];
}

static void check_places(struct pst_parse *parse, const struct pst_json_value *entry,
			 const struct pst_clause *clause)
{
	enum form form = form_of(clause);
	size_t i;

	for (i = 0; i < COUNT(places); i++) {
		const struct pst_json_value *value = pst_json_get(entry, places[i].key);
		const char *instead = form == FORM_CONNECT || form == FORM_LISTEN ?
					      places[i].instead :
					      NULL;

		if (!value || places[i].forms & BIT(form))
			continue;
		pst_diags_add(parse->diags, PST_DIAG_ERROR, value->key_line, value->key_column,
			      "\"%s\" belongs to an entry with %s, this one has %s%s%s%s",
			      places[i].key, places[i].belongs, form_name(clause),
			      instead ? "; did you mean \"" : "", instead ? instead : "",
			      instead ? "\"?" : "");
	}
	if (form == FORM_LISTEN_UNIX && !pst_json_get(entry, "path"))
		pst_parse_missing(parse, entry,
				  "an entry with listen unix needs the key \"path\": %s",
				  WANTS_SOCKET);
}

/* Exactly one key says what the entry is about; true when that is so. */
static bool check_does(struct pst_parse *parse, const struct pst_json_value *entry)
{
	char all[PST_DIAG_TEXT];
	size_t found = 0, i;

	for (i = 0; i < COUNT(does_names); i++)
		found += pst_json_get(entry, does_names[i]) != NULL;
	if (found != 1)
		pst_parse_error(parse, entry,
				"an entry of \"channels\" needs exactly one of %s; this has %zu",
				pst_parse_keys_text(does_names, COUNT(does_names), all), found);
	return found == 1;
}

static void parse_entry(struct pst_parse *parse, const struct pst_json_value *entry,
			struct pst_clause *clause)
{
	struct pst_parse_draft draft = { .clause = clause };

	clause->line = entry->line;
	clause->column = entry->column;
	clause->any_address = true;
	clause->any_from = true;
	if (entry->type != PST_JSON_OBJECT) {
		pst_parse_error(parse, entry,
				"an entry of \"channels\" must be an object, this is %s",
				pst_json_type_name(entry->type));
		return;
	}
	pst_parse_object(parse, entry, &table, &draft);
	if (draft.port)
		pst_parse_ports(parse, draft.port, clause);
	if (check_does(parse, entry))
		check_places(parse, entry, clause);
	if (draft.within && clause->does == PST_CLAUSE_CONNECT && !clause->name_count)
		pst_parse_error(parse, draft.within,
				"\"within\" narrows host names, and \"to\" holds none");
	clause->text = pst_clause_text(entry);
	if (!clause->text)
		parse->no_memory = true;
}

void pst_parse_channels(struct pst_parse *parse, const struct pst_json_value *list, void *into)
{
	struct pst_contract *contract = into;
	const struct pst_json_value *entry;

	contract->channels = pst_parse_room(parse, list->children, sizeof(*contract->channels));
	if (!contract->channels)
		return;
	for (entry = list->child; entry; entry = entry->next)
		parse_entry(parse, entry, &contract->channels[contract->channel_count++]);
}
