// SPDX-License-Identifier: Apache-2.0
/* How far does an entry's place fit the one that is asked for? Prefixes, sets, names, ports and
 * origins; what cannot be judged may fit. */
#include "contract/judge.h"

#include <string.h>

#include "contract/alias.h"
#include "contract/set.h"

/* RFC 1918, unique local, loopback, link-local; loopback first */
#define LOOPBACKS 2u
static const struct pst_prefix privates[] = {
	{ .addr = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127 } }, .bits = 96 + 8 },
	{ .addr = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } }, .bits = 128 },
	{ .addr = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10 } }, .bits = 96 + 8 },
	{ .addr = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 172, 16 } }, .bits = 96 + 12 },
	{ .addr = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 168 } }, .bits = 96 + 16 },
	{ .addr = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 169, 254 } }, .bits = 96 + 16 },
	{ .addr = { { 0xfc } }, .bits = 7 },
	{ .addr = { { 0xfe, 0x80 } }, .bits = 10 },
};

enum pst_fit pst_fit_best(enum pst_fit a, enum pst_fit b)
{
	return a > b ? a : b;
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
		fit = pst_fit_best(fit, fit_prefix(&list[i], asked));
	return fit;
}

bool pst_set_holds(const char *set, const struct pst_prefix *prefix)
{
	size_t count = strcmp(set, "@private") == 0 ? sizeof(privates) / sizeof(privates[0]) :
		       strcmp(set, "@local") == 0   ? LOOPBACKS :
						      0;

	return fit_list(privates, count, prefix) == PST_FITS;
}

/* This host: loopback, and the address that the socket itself has. Who reaches himself by it is at
 * both ends of the same host, and the kernel takes no such packet from outside. */
static enum pst_fit fit_local(const struct pst_question *question, const struct pst_prefix *asked)
{
	if (question->has_own && asked->bits == 128 && pst_addr_equal(&question->own, &asked->addr))
		return PST_FITS;
	return fit_list(privates, LOOPBACKS, asked);
}

struct sets {
	bool local, private;
};

static enum pst_fit fit_sets(const struct pst_question *question, struct sets sets,
			     const struct pst_prefix *asked)
{
	enum pst_fit fit = PST_FITS_NOT;

	if (sets.local)
		fit = fit_local(question, asked);
	if (sets.private)
		fit = pst_fit_best(fit, fit_list(privates, sizeof(privates) / sizeof(privates[0]),
						 asked));
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

/* Is a name that is not known none? Not where the process may have asked elsewhere: in another
 * network namespace nothing is learned. */
static bool knows_all_names(const struct pst_asking *asking)
{
	const struct pst_contract_names *names = &asking->set->names;

	return names->dns_seen &&
	       !(asking->process && pst_attrib_is_elsewhere(names->attrib, asking->process));
}

/* The names of an address are looked up once for all entries. */
static void look_up(const struct pst_asking *asking, struct pst_known_names *known,
		    const struct pst_addr *addr)
{
	if (known->looked_up)
		return;
	known->looked_up = true;
	known->count = pst_attrib_names(asking->set->names.attrib, addr, known->list,
					sizeof(known->list) / sizeof(known->list[0]));
}

bool pst_fit_has_names(struct pst_asking *asking)
{
	struct pst_known_names *known = &asking->known[PST_KNOWN_ADDRESS];

	if (!asking->set->names.attrib)
		return false;
	look_up(asking, known, &asking->question.address.addr);
	return known->count > 0;
}

/* The one of these patterns that a name of the address matches, or NULL. */
static const char *find_name(const struct pst_known_names *known, char *const *patterns,
			     size_t count)
{
	size_t i, j;

	for (i = 0; known->count && i < count; i++)
		for (j = 0; j < known->count; j++)
			if (pst_name_matches(patterns[i], known->list[j]))
				return patterns[i];
	return NULL;
}

struct patterns {
	char *const *list;
	size_t count;
};

static enum pst_fit fit_names(const struct pst_asking *asking, const struct patterns *patterns,
			      struct pst_known_names *known, const char **found)
{
	const struct pst_question *question = &asking->question;
	const struct pst_prefix *asked = known == &asking->known[PST_KNOWN_FROM] ?
						 &question->from :
						 &question->address;

	if (!patterns->count)
		return PST_FITS_NOT;
	if (!asking->set->names.attrib || asked->bits < 128)
		return PST_FITS_MAYBE;
	look_up(asking, known, &asked->addr);
	*found = find_name(known, patterns->list, patterns->count);
	if (*found)
		return PST_FITS;
	return knows_all_names(asking) ? PST_FITS_NOT : PST_FITS_MAYBE;
}

bool pst_listens_on_any(const struct pst_clause *clause)
{
	size_t i;

	for (i = 0; clause->does == PST_CLAUSE_LISTEN && i < clause->to_count; i++)
		if (clause->to[i].bits == 128 && pst_addr_is_zero(&clause->to[i].addr))
			return true;
	return false;
}

/* Without names: whether by an address or by the resolvers is written down. */
static enum pst_fit fit_numbers(const struct pst_asking *asking, const struct pst_clause *clause,
				struct pst_fits *fits)
{
	const struct pst_question *question = &asking->question;
	const struct sets sets = { clause->to_local, clause->to_private };
	enum pst_fit fit;

	fits->by = PST_BY_ADDRESS;
	fits->address = pst_fit_best(fit_list(clause->to, clause->to_count, &question->address),
				     fit_sets(question, sets, &question->address));
	if (fits->address == PST_FITS || !clause->resolvers)
		return fits->address;
	fit = fit_resolvers(asking->set, &question->address);
	fits->by = PST_BY_RESOLVERS;
	return pst_fit_best(fits->address, fit);
}

void pst_fit_address(struct pst_asking *asking, const struct pst_clause *clause,
		     struct pst_fits *fits)
{
	const struct pst_question *question = &asking->question;
	const struct patterns patterns = { clause->names, clause->name_count };
	enum pst_fit fit;

	fits->by = PST_BY_KIND;
	fits->address = PST_FITS;
	if (!(question->asks & PST_ASKS_ADDRESS) || clause->any_address)
		return;
	fits->by = PST_BY_ADDRESS;
	if (pst_listens_on_any(clause))
		return;
	fits->address = PST_FITS_MAYBE;
	if (question->some_address)
		return;
	fits->address = fit_numbers(asking, clause, fits);
	if (fits->address == PST_FITS ||
	    (clause->has_within && fit_prefix(&clause->within, &question->address) == PST_FITS_NOT))
		return;
	fit = fit_names(asking, &patterns, &asking->known[PST_KNOWN_ADDRESS], &fits->name);
	fits->by = PST_BY_ADDRESS_OF_NAME;
	fits->address = pst_fit_best(fits->address, fit);
}

enum pst_fit pst_fit_from(struct pst_asking *asking, const struct pst_clause *clause)
{
	const struct pst_question *question = &asking->question;
	const struct patterns patterns = { clause->from_names, clause->from_name_count };
	const struct sets sets = { clause->from_local, clause->from_private };
	const char *found;
	enum pst_fit fit;

	if (clause->any_from || !(question->asks & PST_ASKS_FROM))
		return PST_FITS;
	if (question->some_from)
		return PST_FITS_MAYBE;
	fit = pst_fit_best(fit_list(clause->from, clause->from_count, &question->from),
			   fit_sets(question, sets, &question->from));
	return pst_fit_best(fit,
			    fit_names(asking, &patterns, &asking->known[PST_KNOWN_FROM], &found));
}

enum pst_fit pst_fit_port(const struct pst_asking *asking, const struct pst_clause *clause)
{
	const struct pst_port_range *ephemeral = &asking->set->ephemeral;
	uint32_t port = asking->question.port;
	size_t i;

	if (!(asking->question.asks & PST_ASKS_PORT) || (!clause->port_count && !clause->ephemeral))
		return PST_FITS;
	if (asking->question.folded_away)
		return PST_FITS_MAYBE;
	for (i = 0; i < clause->port_count; i++)
		if (port >= clause->ports[i].first && port <= clause->ports[i].last)
			return PST_FITS;
	return clause->ephemeral && port >= ephemeral->first && port <= ephemeral->last ?
		       PST_FITS :
		       PST_FITS_NOT;
}

enum pst_fit pst_fit_when(const struct pst_asking *asking, const struct pst_clause *clause)
{
	size_t i;

	if (!clause->when_count)
		return PST_FITS;
	if (!asking->set->has_time)
		return PST_FITS_MAYBE;
	for (i = 0; i < clause->when_count; i++)
		if (pst_window_holds(&clause->when[i], asking->set->wall_s))
			return PST_FITS;
	return PST_FITS_NOT;
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

void pst_fit_pattern(const struct pst_question *question, const struct pst_clause *clause,
		     struct pst_fits *fits)
{
	const char *name = question->name;

	if (!(question->asks & PST_ASKS_NAME) || !clause->pattern || is_any(clause->pattern))
		return;
	fits->by = PST_BY_PATTERN;
	if (question->folded_away)
		fits->address = PST_FITS_MAYBE;
	else if (!name[0] || climbs_away(name, clause->pattern) ||
		 !pst_alias_match(clause->pattern, name))
		fits->address = PST_FITS_NOT;
}
