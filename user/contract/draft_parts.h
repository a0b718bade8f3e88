// SPDX-License-Identifier: Apache-2.0
/* How do the parts of a draft work together? Inside contract/ only. Entries are collected as
 * compact JSON members, then laid out. */
#ifndef PST_CONTRACT_DRAFT_PARTS_H
#define PST_CONTRACT_DRAFT_PARTS_H

#include "base/wall.h"
#include "contract/draft.h"
#include "contract/judge.h"
#include "contract/prose.h"

#define PST_DRAFT_FOLD 8u	   /* addresses of one network that become the network */
#define PST_DRAFT_EPHEMERAL 65536u /* port of a place: any in ip_local_port_range */
#define PST_DRAFT_HIGH 65537u	   /* any from PST_DRAFT_HIGH_FIRST on; stands behind all others */
#define PST_DRAFT_HIGH_FIRST 1024u /* below it only who has the right to may listen */
/* Different ports of one address, each used once: a program that has as many to choose from was
 * told none of them, and takes others the next time. As many as of addresses. */
#define PST_DRAFT_MANY_PORTS PST_DRAFT_FOLD

/* ---- text (draft_text.c) ---- */

/* pst_draft_say_string - as a JSON string; bytes that are no printable ASCII become "?" */
void pst_draft_say_string(struct pst_prose *out, const char *text);

/* pst_draft_say_safe - for a comment: on one line, whatever bytes it has */
void pst_draft_say_safe(struct pst_prose *out, const char *raw);

/* How an entry, or a list, is laid out: on one line when it fits into 100 columns. */
struct pst_draft_layout {
	unsigned int indent;
	const char *comment; /* "" or "// ": in front of each line */
	unsigned int deeper; /* blanks behind the comment */
	const char *key;     /* "" or "\"exec\": " */
	const char *end;     /* "" or ",": behind the last */
};

/* pst_draft_say_value - compact JSON with blanks, and a newline at its end */
void pst_draft_say_value(struct pst_prose *out, const char *compact,
			 const struct pst_draft_layout *layout);

/* ---- how often, on how many days (draft_tally.c) ---- */

struct pst_draft_tally {
	uint64_t attempts, failures, accepted, peers;
	uint64_t ports;	  /* that became a range */
	bool connections; /* what was tried are connections of a protocol that has such */
	struct pst_past_time time;
};

void pst_draft_tally_time(struct pst_past_time *to, const struct pst_past_time *add);
void pst_draft_tally_add(struct pst_draft_tally *tally, const struct pst_past_channel *channel);

/* pst_draft_say_why - "37 connections on 5 of 6 days, last 2026-11-20" */
void pst_draft_say_why(struct pst_prose *out, const struct pst_draft_tally *tally,
		       const struct pst_past_time *program);

/* ---- what a draft is made of ---- */

struct pst_draft_entry {    /* one entry of "channels" */
	char *members;	    /* compact: "connect":"tcp","port":443 */
	unsigned int needs; /* bits of classes */
	struct pst_draft_tally tally;
};

struct pst_draft_work {
	const struct pst_draft_keys *keys;
	struct pst_draft_entry *entries;
	size_t count, room;
	struct pst_past_time time;	 /* of all programs */
	size_t networks, paths, domains; /* patterns that were made of several */
	size_t folded_away;		 /* channels of which neither peer nor name is known */
	size_t normal;			 /* that need no entry */
	bool failed;
};

/* pst_draft_enter - takes @text over, and frees it without memory */
void pst_draft_enter(struct pst_draft_work *work, struct pst_prose *text, unsigned int needs,
		     const struct pst_draft_tally *tally);

/* pst_draft_question - what a channel of the past asks of a contract; false when it needs no entry,
 * or none can be made (counted) */
bool pst_draft_question(struct pst_draft_work *work, const struct pst_past_channel *past,
			struct pst_question *out);

/* ---- places in a network (draft_places.c) ---- */

enum pst_draft_at { PST_AT_RESOLVERS, PST_AT_NAME, PST_AT_PREFIX, PST_AT_ANY };

struct pst_draft_place {
	const char *protocol; /* "tcp" */
	uint32_t number;      /* of raw, plus one; 0: none */
	uint32_t port;	      /* 0: none; PST_DRAFT_EPHEMERAL */
	unsigned int needs;
	enum pst_draft_at at;
	const char *name;
	bool wild;		  /* any name below @name, within @within */
	struct pst_prefix within; /* of a name; zero for one of an external peer that is not wild */
	struct pst_prefix prefix;
	bool folded; /* by the kernel */
	const struct pst_past_channel *channel;
};

bool pst_draft_is_external(const struct pst_draft_keys *keys, const struct pst_addr *addr);

/* pst_draft_place_order - by protocol, number, classes, place, then port: for qsort */
int pst_draft_place_order(const void *left, const void *right);
bool pst_draft_same_place(const struct pst_draft_place *a, const struct pst_draft_place *b);

/* pst_draft_fold - addresses of one network become the network where the kernel folded them or
 * there are PST_DRAFT_FOLD of one protocol and port; returns how many networks were made */
size_t pst_draft_fold(struct pst_draft_place *places, size_t count);

/* pst_draft_local_ports - ip_local_port_range */
struct pst_port_range pst_draft_local_ports(const struct pst_draft_keys *keys);

/* pst_draft_is_name - can a contract have this host name? Answers may hold any bytes */
bool pst_draft_is_name(const char *name);

/* pst_draft_fold_names - draft_domains.c: names below one domain become a wildcard; returns how
 * many were made */
size_t pst_draft_fold_names(struct pst_draft_place *places, size_t count);

/* pst_draft_say_place - as a string of JSON */
void pst_draft_say_place(struct pst_prose *out, const struct pst_draft_place *place);

/* pst_draft_say_ports - sorted ports as a member's value: 443, "8000-8010" or a list; equal ones
 * and what another one covers once */
void pst_draft_say_ports(struct pst_prose *out, const uint32_t *ports, size_t count);

/* ---- patterns of names (draft_names.c) ---- */

struct pst_draft_name {
	const char *raw;
	char *pattern;	/* written by pst_draft_patterns; caller frees */
	const void *of; /* what has it; the caller's */
};

/* pst_draft_patterns - quotes each name; names that differ only in parts with digits get one
 * pattern with a star there; sorts by pattern. Returns how many patterns stand for several names,
 * or -1 without memory */
int pst_draft_patterns(struct pst_draft_name *names, size_t count);

/* pst_draft_pattern_order - for qsort */
int pst_draft_pattern_order(const void *left, const void *right);

/* pst_draft_is_path - can a contract have the pattern of this path? State files may hold any bytes
 */
bool pst_draft_is_path(const char *text);

/* ---- the parts ---- */

void pst_draft_connects(struct pst_draft_work *work); /* draft_connect.c */
void pst_draft_listens(struct pst_draft_work *work);  /* draft_listen.c */
void pst_draft_others(struct pst_draft_work *work);   /* draft_other.c */

/* pst_draft_say_needs - "needs a person (raw, external): ..., " */
void pst_draft_say_needs(struct pst_prose *out, unsigned int needs);

/* draft_allow.c: "exec" and "allow", the last members of a contract; whether something is only
 * proposed */
bool pst_draft_say_facts(struct pst_prose *out, struct pst_draft_work *work);

/* draft_head.c: the comment on top */
void pst_draft_say_head(struct pst_prose *out, const struct pst_draft_work *work,
			unsigned int proposals);

#endif
