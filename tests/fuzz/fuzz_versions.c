// SPDX-License-Identifier: Apache-2.0
/* Can the file of contract versions break its reader? A contract is held against whatever was read:
 * it is older than what is known, or it is not; nothing is known of a file that is refused. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "engine/signing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pst_contract oldest = { .id = "acme",
						    .version = 1,
						    .digest = "sha256:",
						    .signer = "acme.pub (0123456789abcdef)" };
	struct pst_versions *versions = pst_versions_new();
	char why[PST_SIGNING_WHY] = "";
	bool ours;
	int r;

	assert(versions);
	ours = pst_versions_load(versions, (const char *)data, size);
	r = pst_versions_check(versions, &oldest, why, sizeof(why));
	assert(r == 0 || (ours && r == -ESTALE));
	assert((r == 0) == (strlen(why) == 0)); /* a refusal has its reason */
	pst_versions_free(versions);
	return 0;
}
