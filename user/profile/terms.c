// SPDX-License-Identifier: Apache-2.0
/* How do deeds stand to what was agreed by the day and by the clock? Sums of a day, and when bursts
 * began, each under a key that its reader makes: they outlive processes and reloads, not a restart.
 */
#include <string.h>

#include "profile/tables.h"

/* What was done before midnight may be told after it: that counts for the new day rather than take
 * away what is summed of it. A clock that was set back further begins anew. */
struct pst_budget *pst_profile_budget(struct pst_profile *profile, uint64_t key, uint64_t day)
{
	struct pst_budget *budget = pst_table_put(profile->budgets, &key, NULL);

	if (budget && budget->day != day && budget->day != day + 1)
		*budget = (struct pst_budget){ .day = day };
	return budget;
}

struct pst_rhythm *pst_profile_rhythm(struct pst_profile *profile, uint64_t key)
{
	return pst_table_put(profile->rhythms, &key, NULL);
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Sweeps tell processes in any order: what comes late is put where it belongs. */
bool pst_rhythm_add(struct pst_rhythm *rhythm, uint64_t start_ns, uint64_t merge_ns)
{
	size_t i, at;

	for (i = 0; i < rhythm->count; i++)
		if (distance(rhythm->start_ns[i], start_ns) < merge_ns)
			return false;
	if (rhythm->count == PST_RHYTHM_STARTS) {
		if (start_ns < rhythm->start_ns[0])
			return false;
		memmove(rhythm->start_ns, rhythm->start_ns + 1,
			(PST_RHYTHM_STARTS - 1) * sizeof(rhythm->start_ns[0]));
		rhythm->count--;
	}
	for (at = rhythm->count; at > 0 && rhythm->start_ns[at - 1] > start_ns; at--)
		rhythm->start_ns[at] = rhythm->start_ns[at - 1];
	rhythm->start_ns[at] = start_ns;
	rhythm->count++;
	return true;
}
