// SPDX-License-Identifier: Apache-2.0
/* What does a contract allow? A page of plain sentences, grouped by what is done. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "contract/diff_parts.h"

#define BULLET "  - "
#define WIDTH_MIN 40u
#define WITH_CHILDREN                                                                 \
	"and what they start, unless another contract names it or it enters another " \
	"unit or login session"

struct page {
	struct pst_prose prose;
	struct pst_pool pool;
	const struct pst_contract *contract;
	unsigned int width;
};

/* put - a paragraph, whose sentence is taken */
static void put(struct page *page, const char *first, struct pst_prose *sentence)
{
	const struct pst_prose_lines lines = { page->width, first, (unsigned int)strlen(first) };
	char *text = pst_prose_take(sentence);

	if (text)
		pst_prose_wrap(&page->prose, &lines, text);
	else
		page->prose.failed = true;
	free(text);
}

static void put_head(struct page *page)
{
	const struct pst_contract *contract = page->contract;
	struct pst_prose line = { .text = NULL };

	pst_prose_say(&line, "Contract %s, version %" PRIu64, contract->id, contract->version);
	if (contract->vendor) {
		pst_prose_say(&line, ", of ");
		pst_prose_quote(&line, contract->vendor);
	}
	put(page, "", &line);
}

static void put_software(struct page *page)
{
	static const char *const children[] = {
		[PST_CHILDREN_ALL] = WITH_CHILDREN,
		[PST_CHILDREN_OWN] = "of what they start only what is named here itself",
		[PST_CHILDREN_NONE] = "not what they start",
	};
	const struct pst_contract *contract = page->contract;
	struct pst_prose line = { .text = NULL };

	pst_prose_say(&page->prose, "\nIt binds\n");
	for (size_t i = 0; i < contract->software_count; i++) {
		const struct pst_box box = pst_box_of_software(&page->pool, &contract->software[i]);

		pst_box_say_software(&line, &box);
		put(page, BULLET, &line);
	}
	pst_prose_say(&line, "%s", children[contract->children]);
	put(page, BULLET, &line);
}

static void put_clause(struct page *page, const struct pst_clause *clause)
{
	const struct pst_box box = pst_box_of_clause(&page->pool, clause);
	struct pst_prose line = { .text = NULL };

	pst_box_say(&line, &box);
	if (clause->why) {
		pst_prose_say(&line, ": ");
		pst_prose_quote(&line, clause->why);
	}
	put(page, BULLET, &line);
}

static void put_channels(struct page *page)
{
	const struct pst_contract *contract = page->contract;

	pst_prose_say(&page->prose,
		      contract->channel_count ? "\nIt may\n" : "\nIt may open no channel\n");
	for (int does = PST_CLAUSE_CONNECT; does <= PST_CLAUSE_TUNNEL; does++)
		for (size_t i = 0; i < contract->channel_count; i++)
			if ((int)contract->channels[i].does == does)
				put_clause(page, &contract->channels[i]);
}

static void put_deeds(struct page *page)
{
	bool begun = false;

	for (size_t i = 0; i < PST_DEEDS; i++) {
		const struct pst_scope scope = pst_deed_scope(&page->pool, page->contract, i);
		struct pst_prose line = { .text = NULL };

		if (!scope.count)
			continue;
		if (!begun)
			pst_prose_say(&page->prose, "\nBeside channels it may\n");
		begun = true;
		pst_deed_say(&line, i, &scope);
		put(page, BULLET, &line);
	}
}

static void put_limits(struct page *page)
{
	struct pst_prose line = { .text = NULL };
	struct pst_scope amount;

	if (!page->contract->bytes_out_per_day)
		return;
	amount = pst_scope_of_amount(&page->pool, page->contract->bytes_out_per_day);
	pst_prose_say(&page->prose, "\nAll of it together may send\n");
	pst_scope_say_amount(&line, &amount);
	put(page, BULLET, &line);
}

static bool has_names(const struct pst_contract *contract)
{
	for (size_t i = 0; i < contract->channel_count; i++)
		if (contract->channels[i].name_count || contract->channels[i].from_name_count)
			return true;
	return false;
}

static bool has_sets(const struct pst_contract *contract)
{
	for (size_t i = 0; i < contract->channel_count; i++) {
		const struct pst_clause *clause = &contract->channels[i];

		if (clause->resolvers || clause->to_local || clause->to_private ||
		    clause->from_local || clause->from_private)
			return true;
	}
	return false;
}

static void put_foot(struct page *page, const struct pst_diags *notes)
{
	struct pst_prose line = { .text = NULL };
	uint32_t told = 0;

	if (notes && notes->notes)
		pst_prose_say(&page->prose, "\nNotes\n");
	for (uint32_t i = 0; notes && i < notes->count; i++) {
		if (notes->list[i].level != PST_DIAG_NOTE)
			continue;
		pst_prose_say(&line, "line %" PRIu32 ": ", notes->list[i].line);
		pst_prose_quote(&line, notes->list[i].text);
		put(page, BULLET, &line);
		told++;
	}
	if (notes && notes->notes > told) {
		pst_prose_say(&line, "and %" PRIu32 " more", notes->notes - told);
		put(page, BULLET, &line);
	}
	pst_prose_say(&page->prose, "\n");
	if (has_names(page->contract)) {
		pst_prose_say(&line, "A host name stands for every address that a configured "
				     "resolver, or the hosts file, gave for it.");
		put(page, "", &line);
	}
	if (has_sets(page->contract)) {
		pst_prose_say(
			&line,
			"@resolvers are the resolvers that the host is configured with, @local "
			"is the host itself, @private are addresses of private networks "
			"(RFC 1918, fc00::/7), of the link and of the host.");
		put(page, "", &line);
	}
	pst_prose_say(&line,
		      "Every other channel is an alert, but for what every program has: asking "
		      "the kernel about its network, the name service, the journal.");
	put(page, "", &line);
}

char *pst_contract_page(const struct pst_contract *contract, const struct pst_page_keys *keys)
{
	struct page page = { .contract = contract,
			     .width = keys->width < WIDTH_MIN ? WIDTH_MIN : keys->width };

	put_head(&page);
	put_software(&page);
	put_channels(&page);
	put_deeds(&page);
	put_limits(&page);
	put_foot(&page, keys->notes);
	page.prose.failed |= page.pool.failed;
	pst_pool_free(&page.pool);
	return pst_prose_take(&page.prose);
}
