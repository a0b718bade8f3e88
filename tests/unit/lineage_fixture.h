// SPDX-License-Identifier: Apache-2.0
/* What do the tests of long lineages have in common? */
#ifndef PST_TEST_LINEAGE_FIXTURE_H
#define PST_TEST_LINEAGE_FIXTURE_H

#include "build.h"

#include <stdio.h>

#include "attrib/attrib.h"
#include "contract/contract.h"

static inline size_t depth(const struct pst_image *image)
{
	size_t count = 0;

	for (; image; image = image->prev)
		count++;
	return count;
}

static inline bool leads_to(const struct pst_image *image, const struct pst_image *ancestor)
{
	while (image && image != ancestor)
		image = image->prev;
	return image != NULL;
}

static inline size_t images(void *attrib)
{
	struct pst_attrib_figures out;

	pst_attrib_figures(attrib, &out);
	return out.images;
}

static inline struct pst_event agent_of(const char *path)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);

	return build_exec(&birth, 200, path);
}

static inline struct pst_contracts *contract(const char *software)
{
	struct pst_contracts *set = pst_contracts_new();
	struct pst_diags diags;
	char text[512];

	pst_diags_init(&diags, "test.json");
	(void)snprintf(text, sizeof(text),
		       "{\"format\":1,\"contract\":\"acme\",\"version\":1,\"software\":[%s],"
		       "\"channels\":[]}",
		       software);
	assert_int_equal(pst_contracts_add(set, "test.json", text, strlen(text), &diags), 0);
	return set;
}

#endif
