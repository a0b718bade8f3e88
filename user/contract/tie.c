// SPDX-License-Identifier: Apache-2.0
/* Do two contracts name the same software with the same words? Then nothing says which of them
 * binds it, and an operator who edits one may wonder for long why nothing changes. */
#include <string.h>

#include "base/text.h"
#include "contract/set.h"

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : !a && !b;
}

static bool is_same(const struct pst_software *a, const struct pst_software *b)
{
	return a->has_uid == b->has_uid && a->uid == b->uid && is_same_text(a->path, b->path) &&
	       is_same_text(a->unit, b->unit) && is_same_text(a->package, b->package);
}

static const struct pst_software *find_same(const struct pst_contract *contract,
					    const struct pst_software *entry)
{
	size_t i;

	for (i = 0; i < contract->software_count; i++)
		if (is_same(&contract->software[i], entry))
			return &contract->software[i];
	return NULL;
}

static size_t check_two(const struct pst_contract *other, const struct pst_contract *contract,
			struct pst_diags *diags)
{
	char file[sizeof(diags->file)];
	size_t i, ties = 0;

	for (i = 0; i < contract->software_count; i++) {
		const struct pst_software *entry = &contract->software[i];
		const struct pst_software *same = find_same(other, entry);

		if (!same)
			continue;
		(void)pst_text_safe(other->file, strlen(other->file), file,
				    sizeof(file)); /* cut still names it */
		pst_diags_add(diags, PST_DIAG_ERROR, entry->line, entry->column,
			      "contract \"%s\" names the same software in %s:%u:%u: which of the "
			      "two binds it would be chance; make one of them more special, or "
			      "make them one contract",
			      other->id, file, same->line, same->column);
		ties++;
	}
	return ties;
}

size_t pst_tie_check(const struct pst_contracts *set, const struct pst_contract *contract,
		     struct pst_diags *diags)
{
	size_t i, ties = 0;

	for (i = 0; i < set->count; i++)
		ties += check_two(set->list[i], contract, diags);
	return ties;
}
