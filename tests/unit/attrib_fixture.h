// SPDX-License-Identifier: Apache-2.0
/* What do tests of attrib/ begin with? Tables in which vendor software is what lies below /opt. */
#ifndef PST_TEST_ATTRIB_FIXTURE_H
#define PST_TEST_ATTRIB_FIXTURE_H

#include "build.h"

#include "attrib/attrib.h"

static inline int set_up(void **state)
{
	static const char *const vendor_paths[] = { "/opt/", NULL };
	static const struct pst_attrib_keys keys = { .vendor_paths = vendor_paths };

	*state = pst_attrib_new(&keys);
	return *state ? 0 : -1;
}

static inline int tear_down(void **state)
{
	pst_attrib_free(*state);
	return 0;
}

#endif
