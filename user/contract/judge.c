// SPDX-License-Identifier: Apache-2.0
/* Is this channel declared? Address, port and origin are held against each entry; what no build can
 * judge yet may fit. */
#include "contract/contract.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "contract/judge.h"
#include "contract/set.h"

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
		if (pst_addr_equal(&set->resolvers[i], &asked->addr))
			return PST_FITS;
	return PST_FITS_NOT;
}

static enum pst_fit fit_names(const struct pst_clause *clause, const struct pst_prefix *asked)
{
	if (clause->has_within && fit_prefix(&clause->within, asked) == PST_FITS_NOT)
		return PST_FITS_NOT;
	return PST_FITS_MAYBE;
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

static enum pst_fit fit_address(const struct pst_contracts *set, const struct pst_clause *clause,
				const struct pst_question *question)
{
	enum pst_fit fit;

	if (clause->any_address || question->any_address || listens_on_any(clause))
		return PST_FITS;
	if (question->some_address)
		return PST_FITS_MAYBE;
	fit = fit_list(clause->to, clause->to_count, &question->address);
	if (clause->resolvers)
		fit = best_fit(fit, fit_resolvers(set, &question->address));
	if (clause->has_names)
		fit = best_fit(fit, fit_names(clause, &question->address));
	return fit;
}

static enum pst_fit fit_from(const struct pst_clause *clause, const struct pst_question *question)
{
	enum pst_fit fit;

	if (clause->any_from || !question->asks_from)
		return PST_FITS;
	if (question->some_from)
		return PST_FITS_MAYBE;
	fit = fit_list(clause->from, clause->from_count, &question->from);
	return clause->from_names ? best_fit(fit, PST_FITS_MAYBE) : fit;
}

static enum pst_fit fit_port(const struct pst_clause *clause, uint16_t port)
{
	size_t i;

	if (!clause->port_count && !clause->ephemeral)
		return PST_FITS;
	for (i = 0; i < clause->port_count; i++)
		if (port >= clause->ports[i].first && port <= clause->ports[i].last)
			return PST_FITS;
	return clause->ephemeral ? PST_FITS_MAYBE : PST_FITS_NOT;
}

/* How near an entry came: the address counts most, then the port, then the origin; a doubtful part
 * counts half. */
static unsigned int rank(const struct pst_fits *fits)
{
	return 9u * (unsigned int)fits->address + 3u * (unsigned int)fits->port +
	       (unsigned int)fits->from;
}

struct search {
	const struct pst_contracts *set;
	struct pst_question question;
	enum pst_fit fit; /* best one so far */
	int32_t clause;	  /* that has it; -1 while none was looked at */
	unsigned int rank;
	struct pst_fits fits;
};

static void look(struct search *search, const struct pst_clause *clause, int32_t index)
{
	struct pst_fits fits = {
		.address = fit_address(search->set, clause, &search->question),
		.port = fit_port(clause, search->question.port),
		.from = fit_from(clause, &search->question),
	};
	enum pst_fit fit = worst_fit(worst_fit(fits.address, fits.port), fits.from);

	if (search->clause >= 0 &&
	    (fit < search->fit || (fit == search->fit && rank(&fits) <= search->rank)))
		return;
	search->fit = fit;
	search->clause = index;
	search->rank = rank(&fits);
	search->fits = fits;
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
		return;
	}
	out->nearest = search->clause;
	if (search->clause >= 0)
		pst_judge_explain(&search->question, &contract->channels[search->clause],
				  &search->fits, out);
	else
		(void)pst_text_format(out->why_not, sizeof(out->why_not),
				      "no entry of the contract says %s %s",
				      search->question.does_name,
				      search->question.protocol_name); /* short words: fits */
}

void pst_contract_judge(const struct pst_contracts *set, const struct pst_image *image,
			const struct pst_channel *channel, struct pst_judgement *out)
{
	struct search search = { .set = set, .fit = PST_FITS_NOT, .clause = -1 };
	const struct pst_contract *contract;
	size_t i;

	*out = (struct pst_judgement){
		.verdict = PST_UNMANAGED, .contract = -1, .clause = -1, .nearest = -1
	};
	if (image->contract < 0)
		return;
	assert((size_t)image->contract < set->count);
	contract = set->list[image->contract];
	out->contract = image->contract;
	out->verdict = PST_VERDICT_NONE;
	if (!pst_question_of(channel, &search.question))
		return;
	for (i = 0; i < contract->channel_count && search.fit != PST_FITS; i++) {
		const struct pst_clause *clause = &contract->channels[i];

		if (clause->does == search.question.does &&
		    clause->protocol == search.question.protocol)
			look(&search, clause, (int32_t)i);
	}
	conclude(&search, contract, out);
}
