// SPDX-License-Identifier: Apache-2.0
/* Is this line, byte for byte, the one that is kept in tests/unit/golden/? The files change only on
 * purpose. */
#ifndef PST_TEST_GOLDEN_H
#define PST_TEST_GOLDEN_H

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static inline int golden_is(const char *name, const char *line)
{
	static char kept[16384];
	char path[128];
	size_t len = 0;
	FILE *file;

	if (pst_text_format(path, sizeof(path), "tests/unit/golden/%s", name) < 0)
		return 0;
	file = fopen(path, "re");
	if (file) {
		len = fread(kept, 1, sizeof(kept) - 1, file);
		(void)fclose(file); /* only read */
	}
	kept[len] = '\0';
	if (!strcmp(kept, line))
		return 1;
	fprintf(stderr, "%s differs; now it is:\n%s", path, line);
	return 0;
}

#endif
