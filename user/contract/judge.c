// SPDX-License-Identifier: Apache-2.0
/* Is this channel declared? Number, address, port and origin are held against each entry; what
 * cannot be judged may fit. */
#include "contract/contract.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "contract/gist.h"
#include "contract/judge.h"
#include "contract/set.h"

struct search {
	struct pst_asking asking;
	enum pst_fit fit; /* best one so far */
	int32_t clause;	  /* that has it; -1 while none was looked at */
	unsigned int rank;
	struct pst_fits fits;
};

static enum pst_fit worst_fit(enum pst_fit a, enum pst_fit b)
{
	return a < b ? a : b;
}

static enum pst_fit fit_number(const struct pst_question *question, const struct pst_clause *clause)
{
	if (!(question->asks & PST_ASKS_NUMBER) || !clause->has_number)
		return PST_FITS;
	if (question->some_number)
		return PST_FITS_MAYBE;
	return clause->number == question->number ? PST_FITS : PST_FITS_NOT;
}

/* How near an entry came: number and address count most, then the port, then the origin, then the
 * time; a doubtful part counts half. */
static unsigned int rank(const struct pst_fits *fits)
{
	return 81u * (unsigned int)fits->number + 27u * (unsigned int)fits->address +
	       9u * (unsigned int)fits->port + 3u * (unsigned int)fits->from +
	       (unsigned int)fits->when;
}

static void look(struct search *search, const struct pst_clause *clause, int32_t index)
{
	struct pst_fits fits = {
		.number = fit_number(&search->asking.question, clause),
		.port = pst_fit_port(&search->asking, clause),
		.from = pst_fit_from(&search->asking, clause),
		.when = pst_fit_when(&search->asking, clause),
	};
	enum pst_fit fit;

	pst_fit_address(&search->asking, clause, &fits);
	pst_fit_pattern(&search->asking.question, clause, &fits);
	fit = worst_fit(worst_fit(fits.number, fits.address), worst_fit(fits.port, fits.from));
	fit = worst_fit(fit, fits.when);
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
		pst_judge_explain(&search->asking, &contract->channels[search->clause],
				  &search->fits, out);
	else
		say_none(&search->asking.question, out);
}

/* The first entry that fits, if any, without a look at those that cannot. */
static void find_fit(struct search *search, const struct pst_contract *contract)
{
	struct pst_gist_asked asked = pst_gist_ask(&search->asking.question);
	size_t i;

	for (i = 0; i < contract->channel_count && search->fit != PST_FITS; i++)
		if (!pst_gist_rule_out(&contract->gists[i], &asked, &search->asking))
			look(search, &contract->channels[i], (int32_t)i);
}

/* Would a look change nothing? What is ruled out does not fit, and comes only so near. */
static bool is_farther(const struct search *search, unsigned int out)
{
	const struct pst_fits at_best = {
		.number = PST_FITS,
		.address = out & PST_OUT_PLACE ? PST_FITS_NOT : PST_FITS,
		.port = out & PST_OUT_PORT ? PST_FITS_NOT : PST_FITS,
		.from = PST_FITS,
		.when = PST_FITS,
	};

	return out & (PST_OUT_PLACE | PST_OUT_PORT) && search->clause >= 0 &&
	       (search->fit > PST_FITS_NOT || rank(&at_best) <= search->rank);
}

/* None fits: which may, or came nearest? */
static void find_nearest(struct search *search, const struct pst_contract *contract)
{
	struct pst_gist_asked asked = pst_gist_ask(&search->asking.question);
	size_t i;

	search->fit = PST_FITS_NOT;
	search->clause = -1;
	for (i = 0; i < contract->channel_count; i++) {
		unsigned int out = pst_gist_rule_out(&contract->gists[i], &asked, &search->asking);

		if (!(out & PST_OUT_SORT) && !is_farther(search, out) &&
		    speaks_of(&contract->channels[i], &search->asking.question))
			look(search, &contract->channels[i], (int32_t)i);
	}
}

void pst_contract_judge(const struct pst_contracts *set, const struct pst_image *image,
			const struct pst_channel *channel, struct pst_judgement *out)
{
	struct search search = { .asking = { .set = set }, .fit = PST_FITS_NOT, .clause = -1 };
	const struct pst_attrib *attrib = set->names.attrib;
	const struct pst_contract *contract;

	*out = (struct pst_judgement){
		.verdict = PST_UNMANAGED, .contract = -1, .clause = -1, .nearest = -1
	};
	if (image->contract < 0)
		return;
	assert((size_t)image->contract < set->count);
	contract = set->list[image->contract];
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
	if (!pst_question_of(channel, &search.asking.question))
		return;
	search.asking.process = attrib ? pst_attrib_find(attrib, &channel->key.proc) : NULL;
	find_fit(&search, contract);
	if (search.fit != PST_FITS)
		find_nearest(&search, contract);
	conclude(&search, contract, out);
}
