// SPDX-License-Identifier: Apache-2.0
/* What is known of each program as a whole, and how much of everything is there? */
#include "profile/profile.h"

#include <stdlib.h>

#include "profile/tables.h"

#define DEFAULT_CHANNELS 32768u
#define DEFAULT_PROGRAMS 4096u
#define TERMS_MAX 8192u /* limits and periods of entries that were in use */

static const char *const verdicts[] = {
	[PST_VERDICT_NONE] = "none", [PST_DECLARED] = "declared",   [PST_UNDECLARED] = "undeclared",
	[PST_UNKNOWN] = "unknown",   [PST_UNMANAGED] = "unmanaged",
};

const char *pst_verdict_name(enum pst_verdict verdict)
{
	return (size_t)verdict < sizeof(verdicts) / sizeof(verdicts[0]) ? verdicts[verdict] :
									  "none";
}

/* A program that has settled is told of once: forgetting it would tell it again. */
static bool is_settled(void *context, const void *key, const void *value)
{
	const struct pst_program_profile *program = value;

	(void)context;
	(void)key;
	return program->settled;
}

static size_t value_or(size_t value, size_t otherwise)
{
	return value ? value : otherwise;
}

static int make_terms(struct pst_profile *profile)
{
	profile->budgets =
		pst_table_new(&(struct pst_table_shape){ .key_bytes = sizeof(uint64_t),
							 .value_bytes = sizeof(struct pst_budget),
							 .capacity = TERMS_MAX });
	profile->rhythms =
		pst_table_new(&(struct pst_table_shape){ .key_bytes = sizeof(uint64_t),
							 .value_bytes = sizeof(struct pst_rhythm),
							 .capacity = TERMS_MAX });
	return profile->budgets && profile->rhythms ? 0 : -1;
}

static int make_tables(struct pst_profile *profile)
{
	profile->channels = pst_table_new(
		&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_channel_key),
					   .value_bytes = sizeof(struct pst_channel_slot),
					   .capacity = profile->keys.max_channels,
					   .on_drop = pst_channel_drop,
					   .keep = pst_channel_keep,
					   .context = profile });
	profile->owners =
		pst_table_new(&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_proc_id),
							 .value_bytes = sizeof(struct pst_holder),
							 .capacity = profile->keys.max_channels });
	profile->programs = pst_table_new(
		&(struct pst_table_shape){ .key_bytes = sizeof(uint32_t),
					   .value_bytes = sizeof(struct pst_program_profile),
					   .capacity = profile->keys.max_programs,
					   .keep = is_settled });
	return make_terms(profile) == 0 && profile->channels && profile->owners &&
			       profile->programs ?
		       0 :
		       -1;
}

struct pst_profile *pst_profile_new(const struct pst_profile_keys *keys)
{
	struct pst_profile *profile = calloc(1, sizeof(*profile));

	if (!profile)
		return NULL;
	profile->keys = *keys;
	profile->keys.max_channels = value_or(keys->max_channels, DEFAULT_CHANNELS);
	profile->keys.max_programs = value_or(keys->max_programs, DEFAULT_PROGRAMS);
	if (make_tables(profile) < 0) {
		pst_profile_free(profile);
		return NULL;
	}
	return profile;
}

void pst_profile_free(struct pst_profile *profile)
{
	if (!profile)
		return;
	profile->keys.dropped = NULL;	   /* it does not go on */
	pst_table_free(profile->channels); /* needs owners */
	pst_table_free(profile->owners);
	pst_table_free(profile->programs);
	pst_table_free(profile->budgets);
	pst_table_free(profile->rhythms);
	free(profile);
}

void pst_profile_each(struct pst_profile *profile,
		      bool (*visit)(void *context, struct pst_channel *channel), void *context)
{
	struct pst_channel_slot *slot = NULL;

	while ((slot = pst_table_next(profile->channels, slot, NULL))) {
		if (!visit(context, &slot->channel))
			return;
	}
}

void pst_profile_each_of(struct pst_profile *profile, const struct pst_proc_id *proc,
			 bool (*visit)(void *context, struct pst_channel *channel), void *context)
{
	const struct pst_holder *holder = pst_table_peek(profile->owners, proc);

	for (struct pst_channel_slot *slot = holder ? holder->first : NULL; slot;
	     slot = slot->next) { /* at most max_channels of them */
		if (!visit(context, &slot->channel))
			return;
	}
}

struct pst_program_profile *pst_profile_program(struct pst_profile *profile,
						const struct pst_program *program)
{
	struct pst_program_profile *found = pst_table_find(profile->programs, &program->number);

	if (found)
		return found;
	found = pst_table_put(profile->programs, &program->number, NULL);
	if (!found)
		return NULL;
	found->number = program->number;
	found->settle_from_ns = program->first_exec_ns;
	return found;
}

struct pst_channel *pst_profile_see_exec(struct pst_profile *profile, const struct pst_event *event,
					 const struct pst_process *process)
{
	struct pst_program_profile *program = pst_profile_program(profile, process->image->program);

	(void)event;
	if (program)
		program->execs++;
	return NULL;
}

void pst_totals_add(struct pst_totals *to, const struct pst_counters *count)
{
	to->channels++;
	to->attempts += count->attempts;
	to->established += count->established;
	to->failures += count->failures;
	to->closed += count->closed;
	to->taken += count->taken;
	to->given += count->given;
	to->bytes_out += count->bytes_out;
	to->bytes_in += count->bytes_in;
	to->packets_out += count->packets_out;
	to->packets_in += count->packets_in;
}

void pst_totals_set(struct pst_totals *to, const struct pst_counters *count)
{
	*to = (struct pst_totals){ .channels = 0 };
	pst_totals_add(to, count);
}

struct pst_counters pst_totals_since(const struct pst_totals *then, const struct pst_counters *now)
{
	return (struct pst_counters){
		.attempts = now->attempts - then->attempts,
		.established = now->established - then->established,
		.failures = now->failures - then->failures,
		.closed = now->closed - then->closed,
		.bytes_out = now->bytes_out - then->bytes_out,
		.bytes_in = now->bytes_in - then->bytes_in,
		.packets_out = now->packets_out - then->packets_out,
		.packets_in = now->packets_in - then->packets_in,
		.taken = now->taken - then->taken,
		.given = now->given - then->given,
	};
}

bool pst_counters_is_zero(const struct pst_counters *count)
{
	return !count->attempts && !count->established && !count->failures && !count->closed &&
	       !count->bytes_out && !count->bytes_in && !count->packets_out && !count->packets_in &&
	       !count->taken && !count->given;
}

const struct pst_totals *pst_profile_gone(const struct pst_profile *profile, uint32_t program)
{
	const struct pst_program_profile *found = pst_table_peek(profile->programs, &program);

	return found && found->gone.channels ? &found->gone : NULL;
}

void pst_profile_figures(const struct pst_profile *profile, struct pst_profile_figures *out)
{
	*out = (struct pst_profile_figures){
		.channels = pst_table_count(profile->channels),
		.open_channels = profile->open,
		.programs = pst_table_count(profile->programs),
		.evicted = pst_table_evicted(profile->channels) +
			   pst_table_evicted(profile->programs) +
			   pst_table_evicted(profile->budgets) +
			   pst_table_evicted(profile->rhythms),
		.from_samples = profile->from_samples,
	};
}
