// SPDX-License-Identifier: Apache-2.0
/* What does one entry of "channels" allow? Its keys by table, and which of them belong together. */
#include "contract/parse.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define WHY_MAX 1024u
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define WANTS_PEERS                                                                               \
	"an address, a prefix, a host name, \"@resolvers\", \"@local\", \"@private\", or a list " \
	"of these"
#define WANTS_PLACES \
	"an address, a prefix, a host name, \"@local\", \"@private\", or a list of these"

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
	clause->to_local = peers.local;
	clause->to_private = peers.private;
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
	clause->from_local = peers.local;
	clause->from_private = peers.private;
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

static const struct pst_parse_form connect_form = { .words = PST_PARSE_WORDS(connect_words) };
static const struct pst_parse_form listen_form = { .words = PST_PARSE_WORDS(listen_words) };
static const struct pst_parse_form why_form = { .bytes_max = WHY_MAX };

static const struct pst_parse_key keys[] = {
	{ "connect", PST_TYPE_STRING, "a protocol such as \"tcp\"", PST_KEY_OPTIONAL, take_connect,
	  &connect_form },
	{ "listen", PST_TYPE_STRING, "a protocol such as \"tcp\"", PST_KEY_OPTIONAL, take_listen,
	  &listen_form },
	{ "unix", PST_TYPE_STRING, PST_WANTS_SOCKET, PST_KEY_OPTIONAL, pst_parse_unix,
	  &pst_parse_socket_form },
	{ "packet", PST_TYPE_STRING, "an interface such as \"eth0\", or \"*\"", PST_KEY_OPTIONAL,
	  pst_parse_packet, &pst_parse_device_form },
	{ "netlink", PST_TYPE_STRING | PST_TYPE_NUMBER,
	  "a protocol such as \"route\", or its number", PST_KEY_OPTIONAL, pst_parse_netlink,
	  &pst_parse_netlink_form },
	{ "family", PST_TYPE_STRING | PST_TYPE_NUMBER,
	  "an address family such as \"alg\", or its number", PST_KEY_OPTIONAL, pst_parse_family,
	  &pst_parse_family_form },
	{ "tunnel", PST_TYPE_STRING, "a device such as \"tun0\" or \"tun*\"", PST_KEY_OPTIONAL,
	  pst_parse_tunnel, &pst_parse_device_form },
	{ "to", PST_TYPE_STRING | PST_TYPE_ARRAY, WANTS_PEERS, PST_KEY_OPTIONAL, take_to,
	  &pst_parse_to_form },
	{ "within", PST_TYPE_STRING, "a prefix such as \"10.20.0.0/16\"", PST_KEY_OPTIONAL,
	  take_within, &pst_parse_prefix_form },
	{ "on", PST_TYPE_STRING | PST_TYPE_ARRAY, WANTS_PLACES, PST_KEY_OPTIONAL, take_on,
	  &pst_parse_place_form },
	{ "from", PST_TYPE_STRING | PST_TYPE_ARRAY, WANTS_PLACES, PST_KEY_OPTIONAL, take_from,
	  &pst_parse_place_form },
	{ "port", PST_TYPE_NUMBER | PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "a number, a range such as \"8000-8010\", \"ephemeral\", or a list of these",
	  PST_KEY_OPTIONAL, take_port, &pst_parse_port_form },
	{ "protocol", PST_TYPE_NUMBER, "the number of an IP protocol", PST_KEY_OPTIONAL,
	  pst_parse_protocol_number, &pst_parse_protocol_form },
	{ "cid", PST_TYPE_NUMBER, "the number of a machine", PST_KEY_OPTIONAL, pst_parse_cid,
	  &pst_parse_cid_form },
	{ "path", PST_TYPE_STRING, PST_WANTS_SOCKET, PST_KEY_OPTIONAL, pst_parse_socket_path,
	  &pst_parse_socket_form },
	{ "ethertype", PST_TYPE_STRING | PST_TYPE_NUMBER, "a number, or such as \"0x88b5\"",
	  PST_KEY_OPTIONAL, pst_parse_ethertype, &pst_parse_ethertype_form },
	{ "when", PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "days and hours in UTC such as \"Mon-Fri 01:00-05:00\", or a list of these",
	  PST_KEY_OPTIONAL, pst_parse_when, &pst_parse_when_form },
	{ "every", PST_TYPE_STRING, "a time such as \"5m\", or \"5m +-10%\"", PST_KEY_OPTIONAL,
	  pst_parse_every, &pst_parse_every_form },
	{ "bytes_out_per_day", PST_TYPE_NUMBER | PST_TYPE_STRING,
	  "a number of bytes, or such as \"2GiB\"", PST_KEY_OPTIONAL, pst_parse_entry_limit,
	  &pst_parse_size_form },
	{ "why", PST_TYPE_STRING, "a text", PST_KEY_OPTIONAL, take_why, &why_form },
};

const struct pst_parse_table pst_parse_channel_table = { "an entry of \"channels\"", keys,
							 COUNT(keys), &pst_parse_channel_rules };

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
	pst_parse_object(parse, entry, &pst_parse_channel_table, &draft);
	if (draft.port)
		pst_parse_ports(parse, draft.port, clause);
	pst_parse_places(parse, entry);
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
