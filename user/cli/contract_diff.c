// SPDX-License-Identifier: Apache-2.0
/* What changes when one contract takes the place of another, in words? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/one_contract.h"
#include "cli/options.h"
#include "contract/diff.h"
#include "contract/prose.h"

#define DIFFERENT 1 /* as diff(1) */

enum { OPT_OUTPUT, OPT_FORMAT };

static const struct pst_option options[] = {
	[OPT_OUTPUT] = PST_OPTION_OUTPUT,
	[OPT_FORMAT] = { .name = "format", .argument = "FORM", .help = "the same as --output" },
	{ .name = NULL },
};

static const struct {
	const char *mark, *word;
} kinds[] = {
	[PST_CHANGE_NEWLY] = { "+ ", "newly" },
	[PST_CHANGE_NO_LONGER] = { "- ", "no longer" },
	[PST_CHANGE_OTHER] = { "~ ", "other" },
};

struct both {
	const struct pst_contract *before, *after;
	struct pst_changes changes;
};

static int print_text(const struct both *both)
{
	struct pst_prose_lines lines = { .width = pst_page_width(), .indent = 2 };
	struct pst_prose page = { .text = NULL };
	_cleanup_free_ char *text = NULL;

	for (size_t i = 0; i < both->changes.count; i++) {
		lines.first = kinds[both->changes.list[i].kind].mark;
		pst_prose_wrap(&page, &lines, both->changes.list[i].text);
	}
	text = pst_prose_take(&page);
	if (!text)
		return -ENOMEM;
	fputs(text, stdout);
	return 0;
}

static void put_side(struct pst_json *json, const char *side, const struct pst_contract *contract)
{
	char path[32];

	(void)pst_text_format(path, sizeof(path), "%s.file", side); /* our own short words */
	pst_json_put_bytes(json, path, contract->file, strlen(contract->file), 1024);
	(void)pst_text_format(path, sizeof(path), "%s.contract", side);
	pst_json_put_text(json, path, contract->id);
	(void)pst_text_format(path, sizeof(path), "%s.version", side);
	pst_json_put_count(json, path, contract->version);
}

static void put_change(struct pst_json *json, const struct pst_change *change)
{
	struct pst_json *row = pst_json_add_object(json, "differences");

	if (!row)
		return; /* printing reports the lack of memory */
	pst_json_put_text(row, "change", kinds[change->kind].word);
	pst_json_put_text(row, "about", change->about);
	pst_json_put_text(row, "text", change->text);
	if (change->line)
		pst_json_put_int(row, "line", change->line);
}

static int print_json(const struct both *both)
{
	struct pst_json *json = pst_json_new();
	_cleanup_free_ char *text = NULL;

	if (!json)
		return -ENOMEM;
	put_side(json, "before", both->before);
	put_side(json, "after", both->after);
	pst_json_put_count(json, "count", both->changes.count);
	for (size_t i = 0; i < both->changes.count; i++)
		put_change(json, &both->changes.list[i]);
	text = pst_json_print_pretty(json);
	pst_json_free(json);
	if (!text)
		return -ENOMEM;
	puts(text);
	return 0;
}

static int compare(struct both *both, const char *form)
{
	int r = pst_contract_compare(both->before, both->after, &both->changes);

	if (r == 0)
		r = strcmp(form, "json") == 0 ? print_json(both) : print_text(both);
	if (r < 0)
		pst_complain("contract diff: %s",
			     r == -E2BIG ? "an entry overlaps too many others to be told apart" :
					   "not enough memory");
	if (r == 0 && both->changes.count)
		r = DIFFERENT;
	pst_changes_clear(&both->changes);
	return r < 0 ? PST_EXIT_INVALID : r;
}

static int run(const struct pst_args *args)
{
	const char *form = pst_ask_form("contract diff", args->value[OPT_FORMAT] ?
								 args->value[OPT_FORMAT] :
								 args->value[OPT_OUTPUT]);
	struct pst_contracts *before, *after;
	struct both both = { .before = NULL };
	int result = PST_EXIT_INVALID;

	if (!form)
		return PST_EXIT_USAGE;
	before = pst_one_contract("contract diff", args->rest[0], NULL);
	after = pst_one_contract("contract diff", args->rest[1], NULL);
	if (before && after) {
		both.before = pst_contracts_at(before, 0);
		both.after = pst_contracts_at(after, 0);
		result = compare(&both, form);
	}
	pst_contracts_free(before);
	pst_contracts_free(after);
	return result;
}

const struct pst_command pst_contract_diff = {
	.name = "contract diff",
	.summary = "what changes when B takes the place of A? In words",
	.operands = "A B",
	.text = "Entries are compared by what they allow, not by how that is written: another order, a split or a joined entry is no\n"
		"difference. \"+\" is newly allowed, \"-\" no longer, \"~\" neither. Of patterns that overlap in part it tells more\n"
		"rather than less.\n\n"
		"Ends with 0 without differences and with 1 when there are some, as diff(1) does; with 3 when a file is not valid.\n\n"
		"Example: postern contract diff acme-7.json acme-8.json\n\n"
		"  + may newly connect by TCP to 203.0.113.0/24 on port 443: second site\n"
		"  - may no longer connect by TCP to 10.0.0.0/8 (except 10.0.0.0/16) on ports\n"
		"    8000-8010 and 8443\n"
		"  - may no longer listen by TCP on port 9300 of 127.0.0.1 for peers in 127.0.0.0/8\n"
		"  ~ its version is 8, was 7",
	.options = options,
	.rest_min = 2,
	.rest_max = 2,
	.run = run,
};
