// SPDX-License-Identifier: Apache-2.0
/* What does one entry of "channels" allow? Its keys by table, and which of them belong together. */
#include "contract/parse.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define WHY_MAX 1024u
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define WANTS_PEERS "an address, a prefix, a host name, \"@resolvers\", or a list of these"

struct draft { /* an entry that is being read */
	struct pst_clause *clause;
	const struct pst_json_value *within;
};

static const char *const does_names[] = {
	[PST_CLAUSE_CONNECT] = "connect",
	[PST_CLAUSE_LISTEN] = "listen",
	[PST_CLAUSE_UNIX] = "unix",
};

static void take_protocol(struct pst_parse *parse, const struct pst_json_value *value,
			  struct pst_clause *clause)
{
	static const char *const words[] = { "tcp", "udp" };
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP };
	int word = pst_parse_word(parse, value, words, COUNT(words));

	if (word >= 0)
		clause->protocol = protocols[word];
}

static void take_connect(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct draft *draft = into;

	draft->clause->does = PST_CLAUSE_CONNECT;
	take_protocol(parse, value, draft->clause);
}

static void take_listen(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct draft *draft = into;

	draft->clause->does = PST_CLAUSE_LISTEN;
	take_protocol(parse, value, draft->clause);
	if (draft->clause->protocol == IPPROTO_UDP)
		pst_parse_not_judged(parse, value, "listening on UDP");
}

static void take_unix(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct draft *draft = into;
	char *path = pst_parse_path(parse, value);

	draft->clause->does = PST_CLAUSE_UNIX;
	if (path)
		pst_parse_not_judged(parse, value, "unix sockets");
	free(path); /* checked now; kept only in the clause's text until it is judged */
}

static void take_to(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct draft *)into)->clause;
	struct pst_parse_peers peers;

	pst_parse_peers(parse, value, &peers);
	free(clause->to); /* an entry with both "to" and "on" is wrong, and check_places says so */
	clause->any_address = false;
	clause->to = peers.prefix;
	clause->to_count = peers.count;
	clause->resolvers = peers.resolvers;
	clause->has_names = peers.names;
}

static void refuse_resolvers(struct pst_parse *parse, const struct pst_json_value *value,
			     const struct pst_parse_peers *peers)
{
	if (peers->resolvers)
		pst_parse_error(parse, value, "\"@resolvers\" can stand in \"to\" only");
}

static void take_on(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct draft *)into)->clause;

	take_to(parse, value, into);
	refuse_resolvers(parse, value, &(struct pst_parse_peers){ .resolvers = clause->resolvers });
}

static void take_from(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct draft *)into)->clause;
	struct pst_parse_peers peers;

	pst_parse_peers(parse, value, &peers);
	refuse_resolvers(parse, value, &peers);
	clause->any_from = false;
	clause->from = peers.prefix;
	clause->from_count = peers.count;
	clause->from_names = peers.names;
}

static void take_within(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct draft *draft = into;

	draft->within = value;
	if (!pst_parse_prefix(parse, value, &draft->clause->within))
		draft->clause->has_within = true;
}

static void take_port(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	pst_parse_ports(parse, value, ((struct draft *)into)->clause);
}

static void take_why(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	((struct draft *)into)->clause->why = pst_parse_text(parse, value, WHY_MAX);
}

static const struct pst_parse_key keys[] = {
	{ "connect", PST_TYPE_STRING, "\"tcp\" or \"udp\"", PST_KEY_OPTIONAL, take_connect },
	{ "listen", PST_TYPE_STRING, "\"tcp\" or \"udp\"", PST_KEY_OPTIONAL, take_listen },
	{ "unix", PST_TYPE_STRING, "a path pattern", PST_KEY_OPTIONAL, take_unix },
	{ "to", PST_TYPE_STRING | PST_TYPE_ARRAY, WANTS_PEERS, PST_KEY_OPTIONAL, take_to },
	{ "within", PST_TYPE_STRING, "a prefix such as \"10.20.0.0/16\"", PST_KEY_OPTIONAL,
	  take_within },
	{ "on", PST_TYPE_STRING | PST_TYPE_ARRAY, "an address, a prefix, or a list of these",
	  PST_KEY_OPTIONAL, take_on },
	{ "from", PST_TYPE_STRING | PST_TYPE_ARRAY, WANTS_PEERS, PST_KEY_OPTIONAL, take_from },
	{ "port", PST_TYPE_NUMBER | PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "a number, a range such as \"8000-8010\", \"ephemeral\", or a list of these",
	  PST_KEY_OPTIONAL, take_port },
	{ "why", PST_TYPE_STRING, "a text", PST_KEY_OPTIONAL, take_why },
};

static const struct pst_parse_table table = { "an entry of \"channels\"", keys, COUNT(keys) };

/* Keys that belong to some kinds of entry only, and the one that was probably meant in another. */
static const struct {
	const char *key;
	unsigned int does; /* bits of enum pst_clause_does */
	const char *belongs;
	const char *instead; /* in an entry that connects or listens */
} places[] = {
	{ "to", 1u << PST_CLAUSE_CONNECT, "connect", "from\" or \"on" },
	{ "within", 1u << PST_CLAUSE_CONNECT, "connect", "from" },
	{ "on", 1u << PST_CLAUSE_LISTEN, "listen", "to" },
	{ "from", 1u << PST_CLAUSE_LISTEN, "listen", "to" },
	{ "port", 1u << PST_CLAUSE_CONNECT | 1u << PST_CLAUSE_LISTEN, "connect or listen", NULL },
};

static void check_places(struct pst_parse *parse, const struct pst_json_value *entry,
			 const struct pst_clause *clause)
{
	size_t i;

	for (i = 0; i < COUNT(places); i++) {
		const struct pst_json_value *value = pst_json_get(entry, places[i].key);
		const char *instead = clause->does == PST_CLAUSE_UNIX ? NULL : places[i].instead;

		if (!value || places[i].does & 1u << clause->does)
			continue;
		pst_diags_add(parse->diags, PST_DIAG_ERROR, value->key_line, value->key_column,
			      "\"%s\" belongs to an entry with %s, this one has %s%s%s%s",
			      places[i].key, places[i].belongs, does_names[clause->does],
			      instead ? "; did you mean \"" : "", instead ? instead : "",
			      instead ? "\"?" : "");
	}
}

/* Exactly one key says what the entry is about; true when that is so. */
static bool check_does(struct pst_parse *parse, const struct pst_json_value *entry)
{
	size_t found = 0, i;

	for (i = 0; i < COUNT(does_names); i++)
		found += pst_json_get(entry, does_names[i]) != NULL;
	if (found != 1)
		pst_parse_error(parse, entry,
				"an entry of \"channels\" needs exactly one of connect, listen and "
				"unix; this has %zu",
				found);
	return found == 1;
}

static void parse_entry(struct pst_parse *parse, const struct pst_json_value *entry,
			struct pst_clause *clause)
{
	struct draft draft = { .clause = clause };

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
	if (check_does(parse, entry))
		check_places(parse, entry, clause);
	if (draft.within && clause->does == PST_CLAUSE_CONNECT && !clause->has_names)
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
