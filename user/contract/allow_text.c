// SPDX-License-Identifier: Apache-2.0
/* Which entry would allow this channel? One that the parser takes and that fits, as narrow as the
 * words are. */
#include "contract/judge.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

struct entry {
	char *out;
	size_t size;
	bool cut; /* half an entry would allow something else, or nothing */
};

#define SAY(entry, ...) \
	((entry)->cut |= pst_text_append((entry)->out, (entry)->size, __VA_ARGS__) < 0)

/* A name as a pattern inside a JSON string: wildcards are quoted, and what JSON or a reader could
 * not take becomes a wildcard for one byte. */
static void say_pattern(struct entry *entry, const char *name)
{
	const char *at;

	for (at = name; *at; at++) { /* at most PST_QUESTION_NAME rounds */
		if (strchr("*?\\", *at))
			SAY(entry, "\\\\%s%c", *at == '\\' ? "\\" : "", *at);
		else if (*at == '"' || (unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e)
			SAY(entry, "?");
		else
			SAY(entry, "%c", *at);
	}
}

static void say_head(struct entry *entry, const struct pst_question *question)
{
	SAY(entry, "{\"%s\":", question->does_name);
	if (question->does == PST_CLAUSE_CONNECT || question->does == PST_CLAUSE_LISTEN) {
		SAY(entry, "\"%s\"", question->protocol_name);
	} else if (question->does == PST_CLAUSE_NETLINK || question->does == PST_CLAUSE_FAMILY) {
		if (question->protocol_name[0])
			SAY(entry, "\"%s\"", question->protocol_name);
		else
			SAY(entry, "%" PRIu32, question->number);
	} else {
		SAY(entry, "\"");
		say_pattern(entry, question->asks & PST_ASKS_NAME && question->name[0] ?
					   question->name :
					   "");
		SAY(entry, "%s\"",
		    question->asks & PST_ASKS_NAME && question->name[0] ? "" :
		    question->does == PST_CLAUSE_UNIX			? "**" :
									  "*");
	}
}

static void say_number(struct entry *entry, const struct pst_question *question)
{
	if (!(question->asks & PST_ASKS_NUMBER))
		return;
	if (question->does == PST_CLAUSE_CONNECT)
		SAY(entry, ",\"%s\":%" PRIu32, question->number_name, question->number);
	if (question->does == PST_CLAUSE_PACKET && question->number)
		SAY(entry, ",\"ethertype\":\"0x%04" PRIx32 "\"", question->number);
}

static void say_places(struct entry *entry, const struct pst_question *question)
{
	char text[PST_ADDR_TEXT];

	if (question->asks & PST_ASKS_ADDRESS && !question->some_address)
		SAY(entry, ",\"%s\":\"%s\"", question->does == PST_CLAUSE_LISTEN ? "on" : "to",
		    pst_judge_prefix_text(&question->address, text));
	if (question->asks & PST_ASKS_PORT && question->port)
		SAY(entry, ",\"port\":%" PRIu32, question->port);
	if (question->asks & PST_ASKS_FROM && !question->some_from)
		SAY(entry, ",\"from\":\"%s\"", pst_judge_prefix_text(&question->from, text));
	if (question->protocol == PST_PROTOCOL_UNIX) {
		SAY(entry, ",\"path\":\"");
		say_pattern(entry, question->name);
		SAY(entry, "%s\"", question->name[0] ? "" : "**");
	}
}

const char *pst_contract_allow_text(const struct pst_channel *channel, char *out, size_t out_size)
{
	struct entry entry = { .out = out, .size = out_size };
	struct pst_question question;

	out[0] = '\0';
	if (!pst_question_of(channel, &question))
		return out;
	say_head(&entry, &question);
	say_number(&entry, &question);
	say_places(&entry, &question);
	SAY(&entry, "}");
	if (entry.cut)
		out[0] = '\0';
	return out;
}
