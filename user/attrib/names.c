// SPDX-License-Identifier: Apache-2.0
/* Which names led to an address? Only what a configured resolver answered to a question that was
 * asked, on the socket that asked it, and the hosts file; all else is counted. */
#include "attrib/names.h"

#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"
#include "base/digest.h"
#include "base/text.h"

#define DEFAULT_QUESTIONS 2048u
#define DEFAULT_NAMED 8192u
#define DNS_PORT 53u /* a configured resolver's; on another port of it anybody may answer */
#define LEAST_LIFE_NS 86400000000000ull
#define NS_PER_S 1000000000ull
#define ANSWER_NS \
	60000000000ull /* after which an answer comes too late; resolvers give up before */

struct question { /* padding is explicit: a key compares as bytes */
	uint64_t cookie;
	struct pst_addr peer;
	uint16_t peer_port, local_port;
	uint16_t id, type;
	uint8_t name[PST_SHA256_BYTES];
};
_Static_assert(sizeof(struct question) == 64, "no padding in a key");

struct asked {
	struct pst_proc_id asker;
	uint32_t netns;
	uint64_t time_ns;
};

static void free_names(struct pst_named *named, bool hosts_only)
{
	struct pst_name **at = &named->first, *name;

	while ((name = *at)) {
		if (hosts_only && !name->hosts) {
			at = &name->next;
			continue;
		}
		*at = name->next;
		free(name);
	}
}

static void on_named_drop(void *context, const void *key, void *value)
{
	(void)context;
	(void)key;
	free_names(value, false);
}

/* The hosts file is told once. */
static bool is_from_hosts(void *context, const void *key, const void *value)
{
	const struct pst_name *name = ((const struct pst_named *)value)->first;

	(void)context;
	(void)key;
	while (name && !name->hosts)
		name = name->next;
	return name != NULL;
}

int pst_names_init(struct pst_names *names, const struct pst_attrib_keys *keys)
{
	names->questions = pst_table_new(&(struct pst_table_shape){
		.key_bytes = sizeof(struct question),
		.value_bytes = sizeof(struct asked),
		.capacity = keys->max_questions ? keys->max_questions : DEFAULT_QUESTIONS });
	names->addresses = pst_table_new(&(struct pst_table_shape){
		.key_bytes = sizeof(struct pst_name_place),
		.value_bytes = sizeof(struct pst_named),
		.capacity = keys->max_named ? keys->max_named : DEFAULT_NAMED,
		.on_drop = on_named_drop,
		.keep = is_from_hosts });
	return names->questions && names->addresses ? 0 : -1;
}

void pst_names_clear(struct pst_names *names)
{
	pst_table_free(names->questions);
	pst_table_free(names->addresses);
}

static struct pst_name *find_text(const struct pst_named *named, const char *text)
{
	struct pst_name *name = named->first;

	while (name && strcmp(name->text, text) != 0)
		name = name->next;
	return name;
}

static void unlink_name(struct pst_named *named, struct pst_name *name)
{
	struct pst_name **at = &named->first;

	while (*at != name)
		at = &(*at)->next;
	*at = name->next;
}

/* Makes room by the oldest one, but for the hosts file's. */
static void drop_oldest(struct pst_names *names, struct pst_named *named)
{
	struct pst_name *name, *last = NULL, *oldest = NULL;
	size_t count = 0;

	for (name = named->first; name; name = name->next, count++) {
		last = name;
		if (!name->hosts)
			oldest = name;
	}
	if (count < PST_NAMES_MAX)
		return;
	if (!oldest)
		oldest = last;
	unlink_name(named, oldest);
	free(oldest);
	names->dropped++;
}

/* The entry of a name, made when it is not there, moved to the front; NULL without memory. */
static struct pst_name *put_name(struct pst_names *names, const struct pst_name_place *place,
				 const char *text)
{
	struct pst_named *named = pst_table_put(names->addresses, place, NULL);
	struct pst_name *name = named ? find_text(named, text) : NULL;
	size_t len = strlen(text);

	if (!named)
		return NULL;
	if (name) {
		unlink_name(named, name);
	} else {
		drop_oldest(names, named);
		name = calloc(1, sizeof(*name) + len + 1);
		if (!name)
			return NULL;
		memcpy(name->text, text, len + 1);
	}
	name->next = named->first;
	named->first = name;
	return name;
}

bool pst_is_running(const struct pst_attrib *attrib, const struct pst_proc_id *id)
{
	const struct pst_process *process = id->tgid ? pst_attrib_find(attrib, id) : NULL;

	return process && !process->exited;
}

/* Which asker makes room: himself, else one who ended, else the oldest. */
static size_t asker_to_replace(const struct pst_attrib *attrib, const struct pst_name *name,
			       const struct pst_proc_id *id)
{
	size_t i;

	for (i = 0; i < PST_NAME_ASKERS; i++)
		if (pst_same_process(&name->asker[i], id))
			return i;
	for (i = PST_NAME_ASKERS; i-- > 0;)
		if (!pst_is_running(attrib, &name->asker[i]))
			return i;
	return PST_NAME_ASKERS - 1;
}

static void add_asker(const struct pst_attrib *attrib, struct pst_name *name,
		      const struct pst_proc_id *id, uint64_t time_ns)
{
	size_t i;

	for (i = asker_to_replace(attrib, name, id); i > 0; i--) {
		name->asker[i] = name->asker[i - 1];
		name->asked_ns[i] = name->asked_ns[i - 1];
	}
	name->asker[0] = *id;
	name->asked_ns[0] = time_ns;
}

/* One name for all addresses of an answer. */
static void learn_name(struct pst_attrib *attrib, const struct asked *asked,
		       const struct pst_dns *dns, const char *text)
{
	uint64_t life_ns = dns->ttl_s * NS_PER_S; /* 32 bits times 30: fits */
	uint64_t until_ns = attrib->names.now_ns +
			    (life_ns > LEAST_LIFE_NS ? life_ns : LEAST_LIFE_NS);
	uint16_t i;

	for (i = 0; i < dns->addr_count && i < PST_DNS_ADDRS_MAX; i++) {
		struct pst_name_place place = { .addr = dns->addr[i], .netns = asked->netns };
		struct pst_name *name = put_name(&attrib->names, &place, text);

		if (!name)
			continue;
		if (until_ns > name->until_ns)
			name->until_ns = until_ns;
		add_asker(attrib, name, &asked->asker, attrib->names.now_ns);
	}
}

/* Whom the resolver believed for the question it believed for each name of the chain: all of them
 * are names of the addresses. The question comes last, so that it is the latest. */
static void learn(struct pst_attrib *attrib, const struct asked *asked, const struct pst_dns *dns)
{
	uint16_t i;

	if (dns->rcode)
		return;
	for (i = dns->alias_count; i-- > 0;)
		learn_name(attrib, asked, dns, dns->alias[i]);
	learn_name(attrib, asked, dns, dns->question);
}

static struct question question_of(const struct pst_payload_seen *payload)
{
	struct question question = {
		.cookie = payload->cookie,
		.peer = payload->peer,
		.peer_port = payload->peer_port,
		.local_port = payload->local_port,
		.id = payload->dns->id,
		.type = payload->dns->qtype,
	};

	pst_sha256(payload->dns->question, strlen(payload->dns->question), question.name);
	return question;
}

static void see_question(struct pst_names *names, const struct pst_event *event)
{
	struct question question = question_of(&event->payload);
	struct asked *asked;

	names->asked++;
	if (event->no_owner)
		return; /* nobody's network: the answer would hold everywhere */
	asked = pst_table_put(names->questions, &question, NULL);
	if (asked)
		*asked = (struct asked){ .asker = event->task.proc,
					 .netns = event->task.netns,
					 .time_ns = event->time_ns };
}

static bool is_resolver(const struct pst_names *names, const struct pst_payload_seen *payload)
{
	uint32_t i;

	for (i = 0; payload->peer_port == DNS_PORT && i < names->resolvers.count; i++)
		if (pst_addr_equal(&names->resolvers.addr[i], &payload->peer))
			return true;
	return false;
}

/* One socket that asks and answers itself: it needs no more than a port of the resolver's. */
static bool is_own_echo(const struct pst_payload_seen *payload)
{
	return payload->local_port == payload->peer_port &&
	       pst_addr_equal(&payload->local, &payload->peer);
}

/* Whoever makes a network of his own can be any resolver in it. */
static bool is_trusted(const struct pst_names *names, const struct asked *asked,
		       const struct pst_payload_seen *payload)
{
	return asked->netns == pst_names_host(names) && !is_own_echo(payload) &&
	       is_resolver(names, payload);
}

static void see_answer(struct pst_attrib *attrib, const struct pst_event *event)
{
	struct pst_names *names = &attrib->names;
	struct question question = question_of(&event->payload);
	const struct asked *found = pst_table_peek(names->questions, &question);
	struct asked asked;

	names->answered++;
	if (!found || event->time_ns > found->time_ns + ANSWER_NS) {
		names->unmatched++;
		return;
	}
	asked = *found;
	(void)pst_table_remove(names->questions, &question); /* it is there: just found */
	if (!is_trusted(names, &asked, &event->payload))
		names->untrusted++;
	else
		learn(attrib, &asked, event->payload.dns);
}

static void see_payload(struct pst_attrib *attrib, const struct pst_event *event)
{
	const struct pst_payload_seen *payload = &event->payload;

	if (payload->form == PST_PAYLOAD_IS_BAD)
		attrib->names.malformed += payload->class_ == PST_CLASS_DNS;
	if (payload->form != PST_PAYLOAD_IS_DNS)
		return;
	/* who serves names gets questions and gives answers: those teach nothing */
	if (!payload->inbound && !payload->dns->answer)
		see_question(&attrib->names, event);
	else if (payload->inbound && payload->dns->answer)
		see_answer(attrib, event);
}

static void forget_hosts(struct pst_names *names)
{
	struct pst_named *named = NULL;

	while ((named = pst_table_next(names->addresses, named, NULL)))
		free_names(named, true);
}

/* A word of the hosts file that can be a host name; the rest is none. */
static bool take_word(const uint8_t *data, size_t len, char *out)
{
	size_t i;

	if (!len || len >= PST_NAME_TEXT_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if (data[i] <= ' ' || data[i] >= 0x7f)
			return false;
		out[i] = (char)(data[i] >= 'A' && data[i] <= 'Z' ? data[i] - 'A' + 'a' : data[i]);
	}
	out[out[len - 1] == '.' ? len - 1 : len] = '\0';
	return out[0] != '\0';
}

static void see_hosts(struct pst_names *names, const struct pst_host_names *line)
{
	struct pst_name_place place = { .addr = line->addr };
	const uint8_t *at = line->names.data;
	const uint8_t *end = at + line->names.len;
	char text[PST_NAME_TEXT_MAX];

	if (line->first)
		forget_hosts(names);
	while (at < end) { /* at most one round a byte */
		const uint8_t *nul = memchr(at, 0, (size_t)(end - at));
		size_t len = (size_t)((nul ? nul : end) - at);
		struct pst_name *name = take_word(at, len, text) ? put_name(names, &place, text) :
								   NULL;

		if (name)
			name->hosts = true;
		at += len + 1;
	}
}

/* Which network is the host's? Of first bytes the network is the socket's, not the process's. */
static void see_network(struct pst_names *names, const struct pst_event *event)
{
	if (!event->task.netns || event->type == PST_EVENT_PAYLOAD)
		return;
	if (event->task.proc.tgid == 1)
		names->host_netns = event->task.netns;
	if (!names->first_netns)
		names->first_netns = event->task.netns;
}

void pst_names_see(struct pst_attrib *attrib, const struct pst_event *event)
{
	struct pst_names *names = &attrib->names;

	if (event->time_ns > names->now_ns)
		names->now_ns = event->time_ns;
	see_network(names, event);
	if (event->type == PST_EVENT_RESOLVERS)
		names->resolvers = event->resolvers;
	else if (event->type == PST_EVENT_HOST_NAMES)
		see_hosts(names, &event->host_names);
	else if (event->type == PST_EVENT_PAYLOAD)
		see_payload(attrib, event);
}
