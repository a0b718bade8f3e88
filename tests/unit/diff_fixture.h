// SPDX-License-Identifier: Apache-2.0
/* What do the tests of comparisons have in common? Two contracts made of short texts, and their
 * changes as lines. */
#ifndef PST_TEST_DIFF_FIXTURE_H
#define PST_TEST_DIFF_FIXTURE_H

#include "contract_fixture.h"

#include <stdlib.h>

#include "contract/diff.h"

#define CHANGES_TEXT 8192

/* "+ may newly ...\n- may no longer ...\n~ its version ...\n", in the order in which they are told
 */
static inline const char *changes_of(const struct pst_contracts *before,
				     const struct pst_contracts *after)
{
	static char text[CHANGES_TEXT]; /* a test program is one thread */
	static const char marks[] = {
		[PST_CHANGE_NEWLY] = '+', [PST_CHANGE_NO_LONGER] = '-', [PST_CHANGE_OTHER] = '~'
	};
	struct pst_changes changes;
	size_t len = 0;

	assert_int_equal(pst_contract_compare(pst_contracts_at(before, 0),
					      pst_contracts_at(after, 0), &changes),
			 0);
	text[0] = '\0';
	for (size_t i = 0; i < changes.count; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%c %s\n",
					marks[changes.list[i].kind], changes.list[i].text);
		assert_true(len < sizeof(text));
	}
	pst_changes_clear(&changes);
	return text;
}

/* The changes between two lists of channels are exactly these lines. */
static inline void changes(const char *before, const char *after, const char *lines)
{
	struct pst_contracts *a = contracts_of(before), *b = contracts_of(after);

	assert_string_equal(changes_of(a, b), lines);
	pst_contracts_free(a);
	pst_contracts_free(b);
}

/* A whole contract but for its head: "\"software\":[...],\"channels\":[...]". */
static inline struct pst_contracts *contract_with(const char *rest)
{
	struct pst_contracts *set = pst_contracts_new();
	char text[4096];

	(void)snprintf(text, sizeof(text), "{\"format\":1,\"contract\":\"acme\",\"version\":1,%s}",
		       rest);
	assert_int_equal(add_text(set, text), 0);
	return set;
}

static inline void changes_with(const char *before, const char *after, const char *lines)
{
	struct pst_contracts *a = contract_with(before), *b = contract_with(after);

	assert_string_equal(changes_of(a, b), lines);
	pst_contracts_free(a);
	pst_contracts_free(b);
}

#endif
