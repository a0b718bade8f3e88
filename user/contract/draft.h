// SPDX-License-Identifier: Apache-2.0
/* draft: which contract would allow what a program was seen to do, and no more? Text for a person
 * to review: what only a person can decide stands in it as a comment. Pure. */
#ifndef PST_CONTRACT_DRAFT_H
#define PST_CONTRACT_DRAFT_H

#include "contract/contract.h"
#include "profile/history.h"

/* What a person has to decide: one bit each of pst_draft_keys.accept. */
enum pst_draft_class {
	PST_DRAFT_LISTENERS, /* beyond loopback */
	PST_DRAFT_EXTERNAL,  /* peers outside of internal_networks */
	PST_DRAFT_RAW,
	PST_DRAFT_PACKET,
	PST_DRAFT_VSOCK,
	PST_DRAFT_TUNNEL,
	PST_DRAFT_EXOTIC, /* every other family, XDP, AF_ALG, names of which nothing is known */
	PST_DRAFT_FILTERS,
	PST_DRAFT_MEMORY, /* programs executed from memory, or deleted */
	PST_DRAFT_BPF,
	PST_DRAFT_IO_URING,
	PST_DRAFT_MODULES,
	PST_DRAFT_ALERTED, /* once told by an alert */
	PST_DRAFT_CLASSES,
};

#define PST_DRAFT_ALL ((1u << PST_DRAFT_CLASSES) - 1)

const char *pst_draft_class_name(enum pst_draft_class class_); /* "listeners" */
const char *pst_draft_class_why(enum pst_draft_class class_);  /* "other hosts may connect" */

/*
 * pst_draft_accept - "listeners,external" or "all" to bits
 * Returns 0, or -EINVAL with the first word that is none in @wrong (64 bytes, safe to print).
 */
int pst_draft_accept(const char *list, unsigned int *out, char wrong[64]);

enum pst_draft_by { PST_DRAFT_BY_PROGRAM, PST_DRAFT_BY_PACKAGE, PST_DRAFT_BY_UNIT };

struct pst_draft_keys {
	const struct pst_past_program *const *programs; /* that the contract is to bind */
	size_t program_count;				/* from 1 */
	enum pst_draft_by by;
	const char *const *apart; /* programs that those execute, and whose deeds are their own */
	size_t apart_count;
	const char *named;   /* the package or unit; not used by program */
	const char *id;	     /* of the contract; NULL: made of what it binds */
	bool whole;	     /* what they started was charged to them, whatever it was */
	unsigned int accept; /* bits of enum pst_draft_class: clauses instead of proposals */
	const struct pst_addr *resolvers; /* configured ones; none: none is known */
	size_t resolver_count;
	const struct pst_prefix *internal; /* internal_networks */
	size_t internal_count;
	struct pst_port_range ephemeral; /* ip_local_port_range; last 0: the kernel's default */
	uint64_t now_s;
};

/* pst_draft_binding - a contract that binds programs and what they start, and allows nothing: under
 * it all that these do is charged to the programs; caller frees; NULL when no contract can name
 * any, or without memory */
char *pst_draft_binding(const char *const *paths, size_t count);

/* pst_draft_id_is_valid - may a contract have this name? */
bool pst_draft_id_is_valid(const char *id);

/*
 * pst_draft - the text of a contract
 * Valid as it stands: proposals are comments. Bytes from outside are quoted or made wildcards for
 * one byte. Returns text that the caller frees; NULL without memory, or when no program is given.
 */
char *pst_draft(const struct pst_draft_keys *keys);

#endif
