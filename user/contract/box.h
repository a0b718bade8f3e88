// SPDX-License-Identifier: Apache-2.0
/* What does one entry allow, as a set that another can be taken out of, and how does that read?
 * Inside contract/ only. */
#ifndef PST_CONTRACT_BOX_H
#define PST_CONTRACT_BOX_H

#include "contract/prose.h"
#include "contract/scope.h"

enum pst_side {			/* of a box; all sides together bound it */
		PST_SIDE_WHERE, /* peer; where it listens; name of a socket, interface or device */
		PST_SIDE_NUMBER,
		PST_SIDE_FROM,
		PST_SIDE_EVERY,
		PST_SIDE_AMOUNT,
		PST_SIDES,
		/* of software */
		PST_SIDE_PATH = PST_SIDE_WHERE,
		PST_SIDE_PACKAGE,
		PST_SIDE_UNIT,
		PST_SIDE_UID,
};

struct pst_box {
	enum pst_clause_does does; /* of software always 0 */
	uint16_t protocol;
	struct pst_scope side[PST_SIDES];
	struct pst_ranges ports;
	struct pst_ranges minutes; /* of the week */
};

struct pst_boxes {
	struct pst_box *list;
	size_t count;
};

#define PST_BOXES_MAX 1024u /* parts that one entry may fall into */

struct pst_box pst_box_of_clause(struct pst_pool *pool, const struct pst_clause *clause);
struct pst_scope pst_scope_of_amount(struct pst_pool *pool, uint64_t bytes); /* 0: no limit */
struct pst_box pst_box_of_software(struct pst_pool *pool, const struct pst_software *software);

/* pst_box_touches - do they have anything in common? */
bool pst_box_touches(const struct pst_box *a, const struct pst_box *b);

/*
 * pst_box_rest - what is left of a box when all of @by are taken out
 * Returns 0, -ENOMEM, or -E2BIG past PST_BOXES_MAX parts; @out only on success, of the pool.
 */
int pst_box_rest(struct pst_pool *pool, const struct pst_box *box, const struct pst_boxes *by,
		 struct pst_boxes *out);

/* pst_box_say - "connect by TCP to 10.0.0.0/8 on port 443" */
void pst_box_say(struct pst_prose *prose, const struct pst_box *box);

/* pst_box_say_software - "programs below /opt/acme in the unit acme.service" */
void pst_box_say_software(struct pst_prose *prose, const struct pst_box *box);

/* pst_minutes_say - "Mon-Fri 01:00-05:00 and Sat 01:00-06:00 UTC" */
void pst_minutes_say(struct pst_prose *prose, const struct pst_ranges *minutes);

/* pst_scope_say_amount - "at most 2 GiB out a day", "more than 1 GiB out a day"; of amounts only */
void pst_scope_say_amount(struct pst_prose *prose, const struct pst_scope *scope);

/* pst_scope_say - "10.0.0.0/8 (except 10.1.0.0/16) and @resolvers"; @any: for everything */
void pst_scope_say(struct pst_prose *prose, const struct pst_scope *scope, const char *any);

#endif
