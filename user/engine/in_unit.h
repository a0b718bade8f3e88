// SPDX-License-Identifier: Apache-2.0
/* Inside engine: which programs of the history are of a unit? */
#ifndef PST_ENGINE_IN_UNIT_H
#define PST_ENGINE_IN_UNIT_H

#include "attrib/attrib.h"
#include "profile/history.h"

/* Those that were noted there; and whatever is charged with what runs there, or did lately: of the
 * units of a program the history keeps the latest few, and a contract may charge one with what
 * another one does. */
struct pst_in_unit {
	const char *unit;
	const struct pst_image **charged; /* one of each program */
	size_t count;
	bool failed; /* memory ran out */
};

/* pst_in_unit_find - @attrib may be NULL; borrows @unit, and images until the next frame;
 * pst_in_unit_free frees the list */
void pst_in_unit_find(struct pst_attrib *attrib, const char *unit, struct pst_in_unit *out);
bool pst_in_unit_has(const struct pst_in_unit *in, const struct pst_past_program *program);
void pst_in_unit_free(struct pst_in_unit *in);

#endif
