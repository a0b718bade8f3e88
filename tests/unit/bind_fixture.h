// SPDX-License-Identifier: Apache-2.0
/* What do the tests of binding have in common? Images that nobody started, asked whom they are
 * bound to. */
#ifndef PST_TEST_BIND_FIXTURE_H
#define PST_TEST_BIND_FIXTURE_H

#include "contract_fixture.h"

struct person { /* an image with its program */
	struct pst_program program;
	struct pst_image image;
};

static inline void make(struct person *person, const char *path, struct person *prev)
{
	memset(person, 0, sizeof(*person));
	person->program.path = (char *)path;
	person->image = (struct pst_image){ .program = &person->program,
					    .prev = prev ? &prev->image : NULL,
					    .cgroup = (char *)"/x",
					    .unit = (char *)"",
					    .contract = -1 };
}

static inline int32_t bind(const struct pst_contracts *set, struct person *person)
{
	pst_contract_bind(set, &person->image);
	assert_int_equal(person->image.contract_generation, pst_contracts_generation(set));
	return person->image.contract;
}

#endif
