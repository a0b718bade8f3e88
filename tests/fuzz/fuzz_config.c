// SPDX-License-Identifier: Apache-2.0
/* Can a configuration file break its reader? */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pst_config *config = pst_config_new();
	struct pst_diags *diags = malloc(sizeof(*diags));
	char *text = malloc(size + 1);

	if (config && diags && text) {
		memcpy(text, data, size);
		text[size] = '\0';
		pst_diags_init(diags, "fuzz.json");
		assert((pst_config_read(config, text, size, diags) == 0) == (diags->errors == 0));
	}
	free(text);
	free(diags);
	pst_config_free(config);
	return 0;
}
