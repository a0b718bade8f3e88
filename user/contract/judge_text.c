// SPDX-License-Identifier: Apache-2.0
/* What does a channel ask, why did no entry allow it, and which entry would? */
#include "contract/judge.h"

#include <netinet/in.h>
#include <string.h>

#include "base/text.h"

static const struct {
	enum pst_clause_does does;
	uint8_t protocol;
	const char *does_name, *protocol_name;
} kinds[PST_KINDS] = {
	[PST_TCP_CONNECT] = { PST_CLAUSE_CONNECT, IPPROTO_TCP, "connect", "tcp" },
	[PST_TCP_LISTEN] = { PST_CLAUSE_LISTEN, IPPROTO_TCP, "listen", "tcp" },
	[PST_TCP_ACCEPT] = { PST_CLAUSE_LISTEN, IPPROTO_TCP, "listen", "tcp" },
	[PST_UDP_PEER] = { PST_CLAUSE_CONNECT, IPPROTO_UDP, "connect", "udp" },
};

/* Peers past a bound are folded to /24 (IPv6: /56), then to none at all. */
static struct pst_prefix peer_prefix(const struct pst_channel *channel)
{
	struct pst_prefix prefix = { .addr = channel->key.peer, .bits = 128 };

	if (!channel->folded)
		return prefix;
	prefix.bits = pst_addr_is_v4(&prefix.addr) ? 96 + 24 : 56;
	memset(prefix.addr.b + prefix.bits / 8, 0, sizeof(prefix.addr.b) - prefix.bits / 8u);
	return prefix;
}

bool pst_question_of(const struct pst_channel *channel, struct pst_question *out)
{
	unsigned int kind = channel->key.kind;
	bool folded_away = channel->folded && pst_addr_is_zero(&channel->key.peer);

	if (kind >= PST_KINDS || !kinds[kind].does_name)
		return false;
	*out = (struct pst_question){
		.does = kinds[kind].does,
		.protocol = kinds[kind].protocol,
		.does_name = kinds[kind].does_name,
		.protocol_name = kinds[kind].protocol_name,
		.port = channel->key.port,
	};
	if (kind != PST_TCP_ACCEPT) {
		out->address = peer_prefix(channel);
		out->some_address = folded_away;
		return true;
	}
	out->address = (struct pst_prefix){ .addr = channel->local, .bits = 128 };
	out->any_address = pst_addr_is_zero(
		&channel->local); /* an accepted connection has one: it is not known yet */
	out->asks_from = true;
	out->from = peer_prefix(channel);
	out->some_from = folded_away;
	return true;
}

static const char *prefix_text(const struct pst_prefix *prefix, char *out)
{
	bool v4 = pst_addr_is_v4(&prefix->addr) && prefix->bits >= 96;

	(void)pst_addr_format(&prefix->addr, out); /* returns what it was given */
	if (prefix->bits < 128)
		(void)pst_text_append(out, PST_ADDR_TEXT, "/%u",
				      (unsigned int)prefix->bits - (v4 ? 96u : 0u)); /* fits */
	return out;
}

struct sentence {
	char *out;
	size_t size;
};

/* What does not fit is cut: the sentence is for people, and its subject comes first. */
#define SAY(sentence, ...) ((void)pst_text_append((sentence)->out, (sentence)->size, __VA_ARGS__))

static void say_outside(const struct sentence *sentence, const struct pst_prefix *asked,
			const struct pst_prefix *list, size_t count)
{
	char text[PST_ADDR_TEXT];
	size_t i;

	SAY(sentence, "%s is in none of: ", prefix_text(asked, text));
	for (i = 0; i < count; i++)
		SAY(sentence, "%s%s", i ? ", " : "", prefix_text(&list[i], text));
}

static void explain_address(const struct sentence *sentence, const struct pst_question *question,
			    const struct pst_clause *clause)
{
	const char *between = clause->to_count ? ", " : "";

	say_outside(sentence, &question->address, clause->to, clause->to_count);
	if (clause->resolvers) {
		SAY(sentence, "%s@resolvers", between);
		between = ", ";
	}
	if (clause->has_names)
		SAY(sentence, "%sits host names", between);
}

static void explain_port(const struct sentence *sentence, const struct pst_question *question,
			 const struct pst_clause *clause)
{
	bool one = clause->port_count == 1 && clause->ports[0].first == clause->ports[0].last;
	size_t i;

	SAY(sentence, "port %u is %s", (unsigned int)question->port, one ? "not " : "none of: ");
	for (i = 0; i < clause->port_count; i++) {
		SAY(sentence, "%s%u", i ? ", " : "", (unsigned int)clause->ports[i].first);
		if (clause->ports[i].last > clause->ports[i].first)
			SAY(sentence, "-%u", (unsigned int)clause->ports[i].last);
	}
}

static void explain_from(const struct sentence *sentence, const struct pst_question *question,
			 const struct pst_clause *clause)
{
	SAY(sentence, "peer ");
	say_outside(sentence, &question->from, clause->from, clause->from_count);
}

static void explain_doubt(const struct sentence *sentence, const struct pst_question *question,
			  const struct pst_clause *clause, const struct pst_fits *fits)
{
	const char *doubt = "the peer's name";

	if (fits->address == PST_FITS_MAYBE)
		doubt = question->some_address || question->address.bits < 128 ?
				"a folded address" :
			clause->has_names ? "a host name" :
					    "what @resolvers means";
	else if (fits->port == PST_FITS_MAYBE)
		doubt = "whether the port is ephemeral";
	else if (question->some_from || question->from.bits < 128)
		doubt = "a folded peer";
	SAY(sentence, "not judged: %s", doubt);
}

void pst_judge_explain(const struct pst_question *question, const struct pst_clause *clause,
		       const struct pst_fits *fits, struct pst_judgement *judgement)
{
	const struct sentence sentence = { judgement->why_not, sizeof(judgement->why_not) };
	const char *out = sentence.out;

	sentence.out[0] = '\0';
	if (fits->address == PST_FITS_NOT)
		explain_address(&sentence, question, clause);
	if (fits->port == PST_FITS_NOT) {
		SAY(&sentence, "%s", out[0] ? "; " : "");
		explain_port(&sentence, question, clause);
	}
	if (fits->from == PST_FITS_NOT) {
		SAY(&sentence, "%s", out[0] ? "; " : "");
		explain_from(&sentence, question, clause);
	}
	if (!out[0])
		explain_doubt(&sentence, question, clause, fits);
}

const char *pst_contract_allow_text(const struct pst_channel *channel, char *out, size_t out_size)
{
	const struct sentence sentence = { out, out_size };
	struct pst_question question;
	char text[PST_ADDR_TEXT];

	out[0] = '\0';
	if (!pst_question_of(channel, &question))
		return out;
	SAY(&sentence, "{\"%s\":\"%s\"", question.does_name, question.protocol_name);
	if (!question.any_address && !question.some_address)
		SAY(&sentence, ",\"%s\":\"%s\"", question.does == PST_CLAUSE_LISTEN ? "on" : "to",
		    prefix_text(&question.address, text));
	if (question.port)
		SAY(&sentence, ",\"port\":%u", (unsigned int)question.port);
	if (question.asks_from && !question.some_from)
		SAY(&sentence, ",\"from\":\"%s\"", prefix_text(&question.from, text));
	SAY(&sentence, "}");
	return out;
}
