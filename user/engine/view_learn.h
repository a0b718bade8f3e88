// SPDX-License-Identifier: Apache-2.0
/* view_learn: drafts of contracts, and how settled programs are, made of what they did over weeks.
 */
#ifndef PST_ENGINE_VIEW_LEARN_H
#define PST_ENGINE_VIEW_LEARN_H

#include "contract/draft.h"
#include "engine/engine.h"
#include "profile/history.h"

#define PST_LEARN_WHY 512
#define PST_LEARN_NAMES 64u /* programs that are named in one request; patterns mean more */

struct pst_learn_keys {
	const struct pst_history *history;
	struct pst_attrib *attrib; /* knows processes by their pids, and where they run; may be NULL
				    */
	enum pst_draft_by by;
	/* of programs their paths, last components of them, or patterns of paths; one package; one
	 * unit. None: all, of a status page only */
	const char *const *names;
	size_t name_count; /* up to PST_LEARN_NAMES */
	const char *id;	   /* of the contract; NULL: made of what it binds */
	bool whole;	   /* as in struct pst_draft_keys */
	unsigned int accept;
	const struct pst_addr *resolvers; /* as in struct pst_draft_keys */
	size_t resolver_count;
	const struct pst_prefix *internal;
	size_t internal_count;
	uint64_t now_s;
};

/*
 * pst_view_learn - the draft for what @names mean, all in one contract
 * @why: PST_LEARN_WHY bytes; says on failure what is known instead
 * Returns text that the caller frees, or NULL.
 */
char *pst_view_learn(const struct pst_learn_keys *keys, char *why);

/* pst_view_learn_status - how settled what @names mean is, or all programs in a table; as above */
char *pst_view_learn_status(const struct pst_learn_keys *keys, char *why);

/*
 * pst_view_learn_line - one request:
 * "learn [status] [accept=LIST] [id=ID] [program=P [program=P]...|package=P|unit=U]"
 * @base: what is known; the request says the rest
 * Returns and writes as above.
 */
char *pst_view_learn_line(const struct pst_learn_keys *base, const char *line, char *why);

/* pst_view_learn_answer - the same, of what this engine knows */
char *pst_view_learn_answer(struct pst_engine *engine, const char *line, char *why);

/* ---- shared by the files of view_learn ---- */

struct pst_learn_found { /* programs that were meant, by path; borrowed from the history */
	const struct pst_past_program **list;
	size_t count;
};

/* pst_learn_find - 0, or -ENOENT with @why, -ENOMEM; the caller frees the list */
int pst_learn_find(const struct pst_learn_keys *keys, struct pst_learn_found *out, char *why);

#endif
