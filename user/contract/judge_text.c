// SPDX-License-Identifier: Apache-2.0
/* Why did no entry allow a channel? In words for people. */
#include "contract/judge.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "contract/set.h"

const char *pst_judge_prefix_text(const struct pst_prefix *prefix, char *out)
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

	SAY(sentence, "%s is in none of: ", pst_judge_prefix_text(asked, text));
	for (i = 0; i < count; i++)
		SAY(sentence, "%s%s", i ? ", " : "", pst_judge_prefix_text(&list[i], text));
}

/* Only names: the sentence can say which; they are ours, so printable. */
static void explain_names(const struct sentence *sentence, const struct pst_question *question,
			  const struct pst_clause *clause)
{
	char text[PST_ADDR_TEXT];
	size_t i;

	SAY(sentence, "%s is no address that a configured resolver gave for ",
	    pst_judge_prefix_text(&question->address, text));
	for (i = 0; i < clause->name_count; i++)
		SAY(sentence, "%s%s", i ? ", " : "", clause->names[i]);
}

/* Returns what stands between this and what follows. */
static const char *say_set(const struct sentence *sentence, const char *set, const char *between)
{
	if (!set)
		return between;
	SAY(sentence, "%s%s", between, set);
	return ", ";
}

static void explain_address(const struct sentence *sentence, const struct pst_question *question,
			    const struct pst_clause *clause)
{
	const char *between = clause->to_count ? ", " : "";
	size_t i;

	if (clause->name_count && !clause->to_count && !clause->resolvers && !clause->to_local &&
	    !clause->to_private) {
		explain_names(sentence, question, clause);
		return;
	}
	say_outside(sentence, &question->address, clause->to, clause->to_count);
	between = say_set(sentence, clause->to_local ? "@local" : NULL, between);
	between = say_set(sentence, clause->to_private ? "@private" : NULL, between);
	between = say_set(sentence, clause->resolvers ? "@resolvers" : NULL, between);
	for (i = 0; i < clause->name_count; i++, between = ", ")
		SAY(sentence, "%s%s", between, clause->names[i]);
}

/* "/run/x is not /opt/acme/<star>"; a name's bytes are made harmless */
static void explain_name(const struct sentence *sentence, const struct pst_question *question,
			 const struct pst_clause *clause)
{
	char safe[4 * PST_QUESTION_NAME];

	(void)pst_text_safe(question->name, strlen(question->name), safe, sizeof(safe)); /* fits */
	SAY(sentence, "%s is not %s", safe[0] ? safe : "any interface", clause->pattern);
}

static void say_number(const struct sentence *sentence, const struct pst_question *question,
		       uint32_t number)
{
	const char *word = question->words ? pst_words_name(question->words, number) : NULL;

	if (word)
		SAY(sentence, "%s", word);
	else if (question->does == PST_CLAUSE_PACKET)
		SAY(sentence, "0x%04" PRIx32, number);
	else
		SAY(sentence, "%" PRIu32, number);
}

static void explain_number(const struct sentence *sentence, const struct pst_question *question,
			   const struct pst_clause *clause)
{
	SAY(sentence, "%s ", question->number_name);
	say_number(sentence, question, question->number);
	SAY(sentence, " is not ");
	say_number(sentence, question, clause->number);
}

static void explain_port(const struct sentence *sentence, const struct pst_question *question,
			 const struct pst_clause *clause)
{
	bool one = clause->port_count + clause->ephemeral == 1 &&
		   (clause->ephemeral || clause->ports[0].first == clause->ports[0].last);
	size_t i;

	SAY(sentence, "port %" PRIu32 " is %s", question->port, one ? "not " : "none of: ");
	for (i = 0; i < clause->port_count; i++) {
		SAY(sentence, "%s%" PRIu32, i ? ", " : "", clause->ports[i].first);
		if (clause->ports[i].last > clause->ports[i].first)
			SAY(sentence, "-%" PRIu32, clause->ports[i].last);
	}
	if (clause->ephemeral)
		SAY(sentence, "%sephemeral", clause->port_count ? ", " : "");
}

static void explain_from(const struct sentence *sentence, const struct pst_question *question,
			 const struct pst_clause *clause)
{
	const char *between = clause->from_count ? ", " : "";
	size_t i;

	SAY(sentence, "peer ");
	say_outside(sentence, &question->from, clause->from, clause->from_count);
	between = say_set(sentence, clause->from_local ? "@local" : NULL, between);
	between = say_set(sentence, clause->from_private ? "@private" : NULL, between);
	for (i = 0; i < clause->from_name_count; i++, between = ", ")
		SAY(sentence, "%s%s", between, clause->from_names[i]);
}

/* "at Mon 14:05 UTC, entry allows Mon-Fri 01:00-05:00" */
static void explain_when(const struct sentence *sentence, const struct pst_clause *clause,
			 int64_t wall_s)
{
	char text[PST_WINDOW_TEXT];
	size_t i;

	SAY(sentence, "%sat %s, entry allows ", sentence->out[0] ? "; " : "",
	    pst_window_time(wall_s, text));
	for (i = 0; i < clause->when_count; i++)
		SAY(sentence, "%s%s", i ? " and " : "", pst_window_text(&clause->when[i], text));
}

static void explain_doubt(const struct sentence *sentence, const struct pst_question *question,
			  const struct pst_clause *clause, const struct pst_fits *fits)
{
	const char *doubt = "the peer's name";

	if (fits->address == PST_FITS_MAYBE)
		doubt = question->some_address || question->address.bits < 128 ?
				"a folded address" :
			clause->name_count ? "a host name" :
					     "what @resolvers means";
	else if (fits->when == PST_FITS_MAYBE)
		doubt = "what time it is";
	else if (question->folded_away || question->some_from || question->from.bits < 128)
		doubt = "a folded peer";
	SAY(sentence, "not judged: %s", doubt);
}

void pst_judge_explain(const struct pst_asking *asking, const struct pst_clause *clause,
		       const struct pst_fits *fits, struct pst_judgement *judgement)
{
	const struct pst_question *question = &asking->question;
	const struct sentence sentence = { judgement->why_not, sizeof(judgement->why_not) };
	const struct {
		enum pst_fit fit;
		void (*explain)(const struct sentence *sentence,
				const struct pst_question *question,
				const struct pst_clause *clause);
	} parts[] = {
		{ fits->address, question->asks & PST_ASKS_NAME ? explain_name : explain_address },
		{ fits->number, explain_number },
		{ fits->port, explain_port },
		{ fits->from, explain_from },
	};
	size_t i;

	sentence.out[0] = '\0';
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].fit != PST_FITS_NOT)
			continue;
		SAY(&sentence, "%s", sentence.out[0] ? "; " : "");
		parts[i].explain(&sentence, question, clause);
	}
	if (fits->when == PST_FITS_NOT)
		explain_when(&sentence, clause, asking->set->wall_s);
	if (!sentence.out[0])
		explain_doubt(&sentence, question, clause, fits);
}

const char *pst_judged_by_name(enum pst_judged_by by)
{
	static const char *const names[PST_JUDGED_BY] = {
		[PST_BY_NOTHING] = "",
		[PST_BY_NORMAL] = "normal",
		[PST_BY_KIND] = "kind",
		[PST_BY_ADDRESS] = "address",
		[PST_BY_ADDRESS_OF_NAME] = "address_of_name",
		[PST_BY_RESOLVERS] = "resolvers",
		[PST_BY_PATTERN] = "pattern",
	};

	return by < PST_JUDGED_BY ? names[by] : "";
}
