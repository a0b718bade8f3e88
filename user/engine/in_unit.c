// SPDX-License-Identifier: Apache-2.0
/* Which programs of the history are of a unit? Every name of a unit that a page shows is one. */
#include "engine/in_unit.h"

#include <stdlib.h>
#include <string.h>

#include "engine/past.h"

static bool is_same(const struct pst_program *a, const char *path, bool foreign_root)
{
	return a->foreign_root == foreign_root && strcmp(a->path, path) == 0;
}

static bool take(void *context, struct pst_image *image)
{
	struct pst_in_unit *in = context;
	const struct pst_image *charged, **grown;

	if (strcmp(pst_image_home_unit(image), in->unit) != 0)
		return true;
	charged = pst_past_charged(image);
	for (size_t i = 0; i < in->count; i++) {
		if (is_same(in->charged[i]->program, charged->program->path,
			    charged->program->foreign_root))
			return true;
	}
	grown = reallocarray(in->charged, in->count + 1, sizeof(struct pst_image *));
	in->failed = !grown;
	if (!grown)
		return false;
	in->charged = grown;
	in->charged[in->count++] = charged;
	return true;
}

void pst_in_unit_find(struct pst_attrib *attrib, const char *unit, struct pst_in_unit *out)
{
	*out = (struct pst_in_unit){ .unit = unit };
	if (attrib && unit[0])
		pst_attrib_each_image(attrib, take, out);
}

bool pst_in_unit_has(const struct pst_in_unit *in, const struct pst_past_program *program)
{
	for (uint32_t i = 0; i < program->unit_count; i++) {
		if (strcmp(program->units[i], in->unit) == 0)
			return true;
	}
	for (size_t i = 0; i < in->count; i++) {
		if (is_same(in->charged[i]->program, program->path, program->foreign_root))
			return true;
	}
	return false;
}

void pst_in_unit_free(struct pst_in_unit *in)
{
	free(in->charged);
	in->charged = NULL;
	in->count = 0;
}
