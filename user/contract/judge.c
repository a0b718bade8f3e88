// SPDX-License-Identifier: Apache-2.0
/* Is this channel declared? Number, address, port and origin are held against each entry; what
 * cannot be judged may fit. */
#include "contract/contract.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "contract/judge.h"
#include "contract/set.h"

struct search {
	const struct pst_contracts *set;
	const struct pst_process *process; /* that has the channel; NULL: not in the table */
	struct pst_question question;
	enum pst_fit fit; /* best one so far */
	int32_t clause;	  /* that has it; -1 while none was looked at */
	unsigned int rank;
	struct pst_fits fits;
};

static enum pst_fit best_fit(enum pst_fit a, enum pst_fit b)
{
	return a > b ? a : b;
}

static enum pst_fit worst_fit(enum pst_fit a, enum pst_fit b)
{
	return a < b ? a : b;
}

/* A prefix that holds all of @asked fits; one that lies inside of a folded @asked may. */
static enum pst_fit fit_prefix(const struct pst_prefix *prefix, const struct pst_prefix *asked)
{
	if (prefix->bits <= asked->bits)
		return pst_prefix_holds(prefix, &asked->addr) ? PST_FITS : PST_FITS_NOT;
	return pst_prefix_holds(asked, &prefix->addr) ? PST_FITS_MAYBE : PST_FITS_NOT;
}

static enum pst_fit fit_list(const struct pst_prefix *list, size_t count,
			     const struct pst_prefix *asked)
{
	enum pst_fit fit = PST_FITS_NOT;
	size_t i;

	for (i = 0; i < count && fit != PST_FITS; i++)
		fit = best_fit(fit, fit_prefix(&list[i], asked));
	return fit;
}

static enum pst_fit fit_resolvers(const struct pst_contracts *set, const struct pst_prefix *asked)
{
	size_t i;

	if (!set->resolvers_known)
		return PST_FITS_MAYBE;
	for (i = 0; i < set->resolver_count; i++)
		if (asked->bits == 128 && pst_addr_equal(&set->resolvers[i], &asked->addr))
			return PST_FITS;
	return PST_FITS_NOT;
}

/* The one of these names that is known to be one of the address, or NULL. */
static const char *find_name(const struct search *search, char *const *names, size_t count,
			     const struct pst_addr *addr)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (pst_attrib_has_name(search->set->names.attrib, addr, names[i]))
			return names[i];
	return NULL;
}

/* Is a name that is not known none? Not where the process may have asked elsewhere: in another
 * network namespace nothing is learned. */
static bool knows_all_names(const struct search *search)
{
	const struct pst_contract_names *names = &search->set->names;

	return names->dns_seen &&
	       !(search->process && pst_attrib_is_elsewhere(names->attrib, search->process));
}

static enum pst_fit fit_names(const struct search *search, char *const *names, size_t count,
			      const struct pst_prefix *asked, const char **found)
{
	if (!count)
		return PST_FITS_NOT;
	if (!search->set->names.attrib || asked->bits < 128)
		return PST_FITS_MAYBE;
	*found = find_name(search, names, count, &asked->addr);
	if (*found)
		return PST_FITS;
	return knows_all_names(search) ? PST_FITS_NOT : PST_FITS_MAYBE;
}

/* "on": "0.0.0.0" and "::" declare a listener on any address. */
static bool listens_on_any(const struct pst_clause *clause)
{
	size_t i;

	for (i = 0; clause->does == PST_CLAUSE_LISTEN && i < clause->to_count; i++)
		if (clause->to[i].bits == 128 && pst_addr_is_zero(&clause->to[i].addr))
			return true;
	return false;
}

static void fit_address(const struct search *search, const struct pst_clause *clause,
			struct pst_fits *fits)
{
	const struct pst_question *question = &search->question;
	enum pst_fit fit;

	fits->by = PST_BY_KIND;
	fits->address = PST_FITS;
	if (!(question->asks & PST_ASKS_ADDRESS) || clause->any_address)
		return;
	fits->by = PST_BY_ADDRESS;
	if (listens_on_any(clause))
		return;
	fits->address = PST_FITS_MAYBE;
	if (question->some_address)
		return;
	fits->address = fit_list(clause->to, clause->to_count, &question->address);
	if (fits->address == PST_FITS)
		return;
	fit = clause->resolvers ? fit_resolvers(search->set, &question->address) : PST_FITS_NOT;
	fits->by = PST_BY_RESOLVERS;
	fits->address = best_fit(fits->address, fit);
	if (fit == PST_FITS ||
	    (clause->has_within && fit_prefix(&clause->within, &question->address) == PST_FITS_NOT))
		return;
	fit = fit_names(search, clause->names, clause->name_count, &question->address, &fits->name);
	fits->by = PST_BY_ADDRESS_OF_NAME;
	fits->address = best_fit(fits->address, fit);
}

static enum pst_fit fit_from(const struct search *search, const struct pst_clause *clause)
{
	const struct pst_question *question = &search->question;
	const char *found;
	enum pst_fit fit;

	if (clause->any_from || !(question->asks & PST_ASKS_FROM))
		return PST_FITS;
	if (question->some_from)
		return PST_FITS_MAYBE;
	fit = fit_list(clause->from, clause->from_count, &question->from);
	return best_fit(fit, fit_names(search, clause->from_names, clause->from_name_count,
				       &question->from, &found));
}

static enum pst_fit fit_port(const struct search *search, const struct pst_clause *clause)
{
	const struct pst_port_range *ephemeral = &search->set->ephemeral;
	uint32_t port = search->question.port;
	size_t i;

	if (!(search->question.asks & PST_ASKS_PORT) || (!clause->port_count && !clause->ephemeral))
		return PST_FITS;
	if (search->question.folded_away)
		return PST_FITS_MAYBE;
	for (i = 0; i < clause->port_count; i++)
		if (port >= clause->ports[i].first && port <= clause->ports[i].last)
			return PST_FITS;
	return clause->ephemeral && port >= ephemeral->first && port <= ephemeral->last ?
		       PST_FITS :
		       PST_FITS_NOT;
}

static bool is_any(const char *pattern)
{
	return !strcmp(pattern, "*") || !strcmp(pattern, "**");
}

/* A path that climbs ("/opt/acme/../../run/x.sock") is not below what it begins with. */
static bool climbs_away(const char *name, const char *pattern)
{
	return strstr(name, "/../") && !strstr(pattern, "/../");
}

static void fit_pattern(const struct pst_question *question, const struct pst_clause *clause,
			struct pst_fits *fits)
{
	const char *name = question->name;

	if (!(question->asks & PST_ASKS_NAME) || !clause->pattern || is_any(clause->pattern))
		return;
	fits->by = PST_BY_PATTERN;
	if (question->folded_away)
		fits->address = PST_FITS_MAYBE;
	else if (!name[0] || climbs_away(name, clause->pattern) ||
		 !pst_glob_match(clause->pattern, name))
		fits->address = PST_FITS_NOT;
}

static enum pst_fit fit_number(const struct pst_question *question, const struct pst_clause *clause)
{
	if (!(question->asks & PST_ASKS_NUMBER) || !clause->has_number)
		return PST_FITS;
	if (question->some_number)
		return PST_FITS_MAYBE;
	return clause->number == question->number ? PST_FITS : PST_FITS_NOT;
}

/* How near an entry came: number and address count most, then the port, then the origin; a doubtful
 * part counts half. */
static unsigned int rank(const struct pst_fits *fits)
{
	return 27u * (unsigned int)fits->number + 9u * (unsigned int)fits->address +
	       3u * (unsigned int)fits->port + (unsigned int)fits->from;
}

static void look(struct search *search, const struct pst_clause *clause, int32_t index)
{
	struct pst_fits fits = {
		.number = fit_number(&search->question, clause),
		.port = fit_port(search, clause),
		.from = fit_from(search, clause),
	};
	enum pst_fit fit;

	fit_address(search, clause, &fits);
	fit_pattern(&search->question, clause, &fits);
	fit = worst_fit(worst_fit(fits.number, fits.address), worst_fit(fits.port, fits.from));
	if (search->clause >= 0 &&
	    (fit < search->fit || (fit == search->fit && rank(&fits) <= search->rank)))
		return;
	search->fit = fit;
	search->clause = index;
	search->rank = rank(&fits);
	search->fits = fits;
}

/* Entries of another protocol came near to nothing; nor did those of another family. */
static bool speaks_of(const struct pst_clause *clause, const struct pst_question *question)
{
	if (clause->does != question->does || clause->protocol != question->protocol)
		return false;
	if (clause->does == PST_CLAUSE_NETLINK || clause->does == PST_CLAUSE_FAMILY)
		return fit_number(question, clause) != PST_FITS_NOT;
	return true;
}

static void say_none(const struct pst_question *question, struct pst_judgement *out)
{
	char number[12] = "";
	const char *what = question->protocol_name;

	if (!what[0] && question->asks & PST_ASKS_NUMBER && question->does != PST_CLAUSE_PACKET) {
		(void)pst_text_format(number, sizeof(number), "%" PRIu32,
				      question->number); /* ten digits */
		what = number;
	}
	(void)pst_text_format(out->why_not, sizeof(out->why_not),
			      "no entry of the contract says %s%s%s", question->does_name,
			      what[0] ? " " : "", what); /* short words: fits */
}

static void conclude(const struct search *search, const struct pst_contract *contract,
		     struct pst_judgement *out)
{
	static const enum pst_verdict verdicts[] = {
		[PST_FITS_NOT] = PST_UNDECLARED,
		[PST_FITS_MAYBE] = PST_UNKNOWN,
		[PST_FITS] = PST_DECLARED,
	};

	out->verdict = verdicts[search->fit];
	if (search->fit == PST_FITS) {
		out->clause = search->clause;
		out->by = search->fits.by;
		out->name = search->fits.name;
		return;
	}
	out->nearest = search->clause;
	if (search->clause >= 0)
		pst_judge_explain(&search->question, &contract->channels[search->clause],
				  &search->fits, out);
	else
		say_none(&search->question, out);
}

static void search_entries(struct search *search, const struct pst_contract *contract)
{
	size_t i;

	for (i = 0; i < contract->channel_count && search->fit != PST_FITS; i++)
		if (speaks_of(&contract->channels[i], &search->question))
			look(search, &contract->channels[i], (int32_t)i);
}

void pst_contract_judge(const struct pst_contracts *set, const struct pst_image *image,
			const struct pst_channel *channel, struct pst_judgement *out)
{
	struct search search = { .set = set, .fit = PST_FITS_NOT, .clause = -1 };
	const struct pst_attrib *attrib = set->names.attrib;

	*out = (struct pst_judgement){
		.verdict = PST_UNMANAGED, .contract = -1, .clause = -1, .nearest = -1
	};
	if (image->contract < 0)
		return;
	assert((size_t)image->contract < set->count);
	out->contract = image->contract;
	out->verdict = PST_VERDICT_NONE;
	if (pst_contract_is_normal(channel) || pst_stays_inside(set, image, channel)) {
		out->verdict = PST_DECLARED;
		out->by = PST_BY_NORMAL;
		return;
	}
	if (pst_receiver_is_unknown(channel)) {
		out->verdict = PST_UNKNOWN;
		(void)pst_text_copy(out->why_not, sizeof(out->why_not),
				    "not judged: to whom it sends"); /* fits */
		return;
	}
	if (!pst_question_of(channel, &search.question))
		return;
	search.process = attrib ? pst_attrib_find(attrib, &channel->key.proc) : NULL;
	search_entries(&search, set->list[image->contract]);
	conclude(&search, set->list[image->contract], out);
}
