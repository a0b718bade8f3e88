// SPDX-License-Identifier: Apache-2.0
/* Can a contract file break its reader? All that is read is also rendered, as the command line
 * would. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "contract/contract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(const struct pst_diags *diags, const char *text)
{
	char out[2048];
	uint32_t at;

	for (at = 0; at < diags->count; at++)
		assert(strlen(pst_diag_render(diags, &diags->list[at], text, out, sizeof(out))) <
		       sizeof(out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pst_contracts *set = pst_contracts_new();
	struct pst_diags *diags = malloc(sizeof(*diags));
	char *text = malloc(size + 1);

	if (set && diags && text) {
		memcpy(text, data, size);
		text[size] = '\0';
		pst_diags_init(diags, "fuzz.json");
		/* either it is taken, or there is an error to show */
		if (pst_contracts_add(set, "fuzz.json", text, size, diags) == 0)
			assert(diags->errors == 0 && pst_contracts_count(set) == 1);
		else
			assert(diags->errors > 0);
		render(diags, text);
	}
	free(text);
	free(diags);
	pst_contracts_free(set);
	return 0;
}
