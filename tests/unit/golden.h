// SPDX-License-Identifier: Apache-2.0
/* Is this line, byte for byte, the one that is kept in tests/unit/golden/? The files change only on
 * purpose. */
#ifndef PST_TEST_GOLDEN_H
#define PST_TEST_GOLDEN_H

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Terminated; empty when it is not there. */
static inline size_t golden_read(const char *name, char *out, size_t size)
{
	char path[128];
	size_t len = 0;
	FILE *file = NULL;

	if (pst_text_format(path, sizeof(path), "tests/unit/golden/%s", name) >= 0)
		file = fopen(path, "re");
	if (file) {
		len = fread(out, 1, size - 1, file);
		(void)fclose(file); /* only read */
	}
	out[len] = '\0';
	return len;
}

static inline int golden_is(const char *name, const char *line)
{
	static char kept[16384];

	(void)golden_read(name, kept, sizeof(kept)); /* of one that is not there all differs */
	if (!strcmp(kept, line))
		return 1;
	fprintf(stderr, "%s differs; now it is:\n%s", name, line);
	return 0;
}

#endif
