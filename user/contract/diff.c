// SPDX-License-Identifier: Apache-2.0
/* What changes when one contract takes the place of another? Each entry is a set; what the other
 * contract's entries leave of it is what is new, or gone. */
#include "contract/diff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "contract/diff_parts.h"

void pst_changes_clear(struct pst_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		free(changes->list[i].text);
	free(changes->list);
	*changes = (struct pst_changes){ .list = NULL };
}

static bool is_told(const struct pst_changes *changes, const struct pst_change *change,
		    const char *text)
{
	for (size_t i = 0; i < changes->count; i++)
		if (changes->list[i].kind == change->kind && !strcmp(changes->list[i].text, text))
			return true;
	return false;
}

/* Two entries that overlap tell the same twice: once is enough. */
void pst_diff_add(struct pst_diff *diff, const struct pst_change *change, struct pst_prose *prose)
{
	char *text = pst_prose_take(prose);
	struct pst_change *grown;

	if (!text || is_told(&diff->changes, change, text)) {
		diff->error = text || diff->error ? diff->error : -ENOMEM;
		free(text);
		return;
	}
	grown = reallocarray(diff->changes.list, diff->changes.count + 1, sizeof(*grown));
	if (!grown) {
		diff->error = -ENOMEM;
		free(text);
		return;
	}
	diff->changes.list = grown;
	grown[diff->changes.count] = *change;
	grown[diff->changes.count++].text = text;
}

int pst_contract_compare(const struct pst_contract *before, const struct pst_contract *after,
			 struct pst_changes *out)
{
	struct pst_diff diff = { .before = before, .after = after };

	pst_diff_software(&diff);
	pst_diff_channels(&diff);
	pst_diff_deeds(&diff);
	pst_diff_other(&diff);
	if (diff.pool.failed)
		diff.error = -ENOMEM;
	pst_pool_free(&diff.pool);
	if (diff.error) {
		pst_changes_clear(&diff.changes);
		return diff.error;
	}
	*out = diff.changes;
	return 0;
}
