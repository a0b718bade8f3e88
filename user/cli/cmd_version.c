// SPDX-License-Identifier: Apache-2.0
/* Which postern is this? */
#include <stdio.h>

#include "cli/cli.h"

static int run(const struct pst_args *args)
{
	(void)args; /* takes none */
	printf("postern %s\n", PST_VERSION);
	return PST_EXIT_OK;
}

static const struct pst_option options[] = { { .name = NULL } };

const struct pst_command pst_cmd_version = {
	.name = "version",
	.summary = "print the version",
	.operands = "",
	.options = options,
	.run = run,
};
