// SPDX-License-Identifier: Apache-2.0
/* Inside engine: what runs that no package of the distribution owns; one row for each program. */
#ifndef PST_ENGINE_VIEW_VENDORS_H
#define PST_ENGINE_VIEW_VENDORS_H

#include "engine/page.h"

enum pst_vendor_sort {			    /* of channels that a person wants to know of */
		       PST_VENDOR_LISTENS,  /* beyond loopback */
		       PST_VENDOR_EXTERNAL, /* a peer outside of internal_networks */
		       PST_VENDOR_UNUSUAL,  /* a kind that software rarely needs */
		       PST_VENDOR_SORTS,
};

struct pst_vendor_channel {
	uint32_t vendor; /* its row */
	enum pst_vendor_sort sort;
	const struct pst_channel *channel;
};

struct pst_vendor { /* all programs of one path: an upgrade makes another, and so does "env" before
		       the interpreter that it finds */
	const struct pst_program *program;   /* the one that was seen first last */
	const struct pst_image *image;	     /* that runs, when one does */
	const struct pst_contract *contract; /* NULL: none */
	uint32_t processes;		     /* that live */
	uint32_t files;			     /* behind that path, one after the other */
	size_t first[PST_VENDOR_SORTS];	     /* in pst_vendors.channels, each end once */
	size_t count[PST_VENDOR_SORTS];
};

struct pst_vendors {
	struct pst_vendor *list; /* those under no contract first, then those with most to see */
	size_t count, unbound;
	struct pst_vendor_channel *channels;
	size_t channel_count;
	bool failed; /* memory ran out */
};

/* pst_vendors_collect - borrowed from the engine, until its next frame; pst_vendors_free frees the
 * lists */
void pst_vendors_collect(const struct pst_engine *engine, struct pst_vendors *out);
void pst_vendors_free(struct pst_vendors *vendors);

/* pst_vendors_json - in view_vendors_json.c; caller frees; NULL without memory */
char *pst_vendors_json(const struct pst_vendors *vendors);

#endif
