// SPDX-License-Identifier: Apache-2.0
/* Which alerts would these contracts have raised over the weeks that a state file remembers? */
#include <errno.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/recorded.h"
#include "cli/settings.h"
#include "cli/tried.h"
#include "engine/trial.h"

static int print_trial(const struct pst_trial *trial)
{
	if (trial->count)
		printf("would have raised %zu alert%s:\n", trial->count,
		       trial->count == 1 ? "" : "s");
	else
		printf("would have raised no alert\n");
	for (size_t i = 0; i < trial->count; i++)
		printf("%s\n", trial->lines[i]);
	printf("(judged: %zu channels and acts; programs that a contract binds: %zu, that none does: %zu)\n",
	       trial->deeds, trial->programs, trial->unbound);
	if (trial->unknown)
		printf("(of these %zu cannot be judged without the host: what @resolvers or @local means, or what time it was)\n",
		       trial->unknown);
	return trial->count ? PST_EXIT_FINDINGS : PST_EXIT_OK;
}

int pst_tried_state(const struct pst_tried_keys *keys, struct pst_contracts *set)
{
	struct pst_config *config = pst_settings_config(keys->config);
	struct pst_history *history =
		config ? pst_recorded_history("contract test", keys->against, config) : NULL;
	struct pst_trial trial;
	int result = PST_EXIT_FAILURE;
	int r = history ? pst_trial_of(history, set, &trial) : -ENODATA;

	if (r == 0) {
		result = print_trial(&trial);
		pst_trial_clear(&trial);
	} else if (history) {
		pst_complain("contract test: not enough memory");
	}
	pst_history_free(history);
	pst_contracts_free(set);
	pst_config_free(config);
	return result;
}
