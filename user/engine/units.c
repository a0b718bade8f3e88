// SPDX-License-Identifier: Apache-2.0
/* Do contracts name systemd units where nobody can be seen in one? A unit is read from the cgroup
 * of version 2; a host whose systemd keeps them in version 1 has none there, and an entry with
 * "unit" binds nobody. */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

#define NAMES 300u /* bytes of the contracts that are named */

static bool names_unit(const struct pst_contract *contract)
{
	for (size_t i = 0; i < contract->software_count; i++)
		if (contract->software[i].unit)
			return true;
	return false;
}

/* The contracts that name a unit, as far as they fit; returns how many. */
static size_t list(const struct pst_contracts *set, char *out, size_t size)
{
	size_t count = 0;

	out[0] = '\0';
	for (size_t i = 0; i < pst_contracts_count(set); i++) {
		const struct pst_contract *contract = pst_contracts_at(set, i);
		size_t before = strlen(out);

		if (!names_unit(contract))
			continue;
		if (pst_text_append(out, size, "%s%s", count ? ", " : "", contract->id) < 0)
			out[before] = '\0'; /* a whole name or none: the count says more */
		count++;
	}
	return count;
}

static bool count(void *context, struct pst_process *process)
{
	struct pst_units *units = context;

	if (process->exited)
		return true;
	units->processes++;
	units->in_units += process->image && *pst_image_home_unit(process->image);
	return true;
}

struct pst_units pst_engine_units(const struct pst_engine *engine)
{
	struct pst_units units = { .processes = 0 };

	pst_attrib_each(engine->attrib, count, &units);
	return units;
}

void pst_engine_tell_units(struct pst_engine *engine)
{
	char names[NAMES], message[NAMES + 500];
	size_t contracts = list(engine->contracts, names, sizeof(names));

	if (!contracts || pst_engine_units(engine).in_units)
		return;
	(void)pst_text_format(
		message, sizeof(message),
		"%zu contract%s a systemd unit (%s), and no process of this host is in one that can be seen: such an "
		"entry binds nobody; " PST_UNITS_ADVICE,
		contracts, contracts == 1 ? " names" : "s name", names); /* fits */
	pst_engine_health_error(engine, "units-unseen", "UNITS_UNSEEN", message);
}
