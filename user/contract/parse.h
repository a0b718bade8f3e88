// SPDX-License-Identifier: Apache-2.0
/* How do the parts of the contract parser work together? Inside contract/ only.
 * A table says which keys an object may hold and what takes each value; pst_parse_object walks
 * object and table. */
#ifndef PST_CONTRACT_PARSE_H
#define PST_CONTRACT_PARSE_H

#include "base/diag.h"
#include "base/json.h"
#include "contract/contract.h"

struct pst_parse {
	struct pst_diags *diags;
	struct pst_contract *contract; /* that is being filled */
	bool no_memory;
};

enum pst_parse_needed { PST_KEY_OPTIONAL, PST_KEY_NEEDED };

#define PST_TYPE(type) (1u << (type))
#define PST_TYPE_STRING PST_TYPE(PST_JSON_STRING)
#define PST_TYPE_NUMBER PST_TYPE(PST_JSON_NUMBER)
#define PST_TYPE_BOOL PST_TYPE(PST_JSON_BOOL)
#define PST_TYPE_ARRAY PST_TYPE(PST_JSON_ARRAY)
#define PST_TYPE_OBJECT PST_TYPE(PST_JSON_OBJECT)

struct pst_parse_key {
	const char *name;
	unsigned int types; /* PST_TYPE bits that its value may have */
	const char *wants;  /* what the value must be, for people: "a number from 1" */
	enum pst_parse_needed needed;
	/* @into: what pst_parse_object was given; called only with a value of one of @types */
	void (*take)(struct pst_parse *parse, const struct pst_json_value *value, void *into);
};

struct pst_parse_table {
	const char *where; /* "an entry of \"channels\"" */
	const struct pst_parse_key *keys;
	size_t count;
};

#define PST_PARSE_KEYS_MAX 24u

/* pst_parse_object - report unknown, mistyped and missing keys, and hand the others to their
 * takers; "x-" keys are notes */
void pst_parse_object(struct pst_parse *parse, const struct pst_json_value *object,
		      const struct pst_parse_table *table, void *into);

/* pst_parse_keys_text - "a, b and c"; returns @out, which holds PST_DIAG_TEXT bytes */
const char *pst_parse_keys_text(const char *const *words, size_t count, char *out);

/* pst_parse_error - an error at a value's place */
void pst_parse_error(struct pst_parse *parse, const struct pst_json_value *value, const char *fmt,
		     ...) __attribute__((format(printf, 3, 4)));

/* pst_parse_missing - an error about what an object has not: told where the object ends, since that
 * is where it was looked for last */
void pst_parse_missing(struct pst_parse *parse, const struct pst_json_value *object,
		       const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* pst_parse_not_judged - a note at a value's place, counted in the contract */
void pst_parse_not_judged(struct pst_parse *parse, const struct pst_json_value *value,
			  const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* pst_parse_room - zeroed memory for @count items, or NULL with no_memory set (NULL too for none)
 */
void *pst_parse_room(struct pst_parse *parse, size_t count, size_t size);

/* ---- values (parse_values.c): each reports what is wrong; outputs only on success ---- */

/* pst_parse_text - copy a string of 1 to @max bytes; NULL with an error; caller frees */
char *pst_parse_text(struct pst_parse *parse, const struct pst_json_value *value, size_t max);

/* pst_parse_word - index of the string among @count words, or -1 with an error and a suggestion */
int pst_parse_word(struct pst_parse *parse, const struct pst_json_value *value,
		   const char *const *words, size_t count);

struct pst_parse_range {
	int64_t min, max;
};

/* pst_parse_integer - a whole number of the range; 0, or -ERANGE with an error */
int pst_parse_integer(struct pst_parse *parse, const struct pst_json_value *value,
		      struct pst_parse_range range, int64_t *out);

/* pst_parse_path - a path pattern that can match; NULL with an error; caller frees */
char *pst_parse_path(struct pst_parse *parse, const struct pst_json_value *value);

/* pst_parse_size - bytes: a number, or text such as "2GiB"; 0, or -EINVAL with an error */
int pst_parse_size(struct pst_parse *parse, const struct pst_json_value *value, uint64_t *out);

/* ---- places in a network (parse_net.c) ---- */

struct pst_parse_peers {	   /* what a "to", "on" or "from" holds */
	struct pst_prefix *prefix; /* caller frees */
	size_t count;
	char **names; /* caller frees, by pst_contract_free_texts */
	size_t name_count;
	bool resolvers;
};

/* pst_parse_peers - a string or a list of strings: addresses, prefixes, "@resolvers", host names */
void pst_parse_peers(struct pst_parse *parse, const struct pst_json_value *value,
		     struct pst_parse_peers *out);

/* pst_parse_prefix - one address or prefix; 0, or -EINVAL with an error that suggests the right one
 */
int pst_parse_prefix(struct pst_parse *parse, const struct pst_json_value *value,
		     struct pst_prefix *out);

/* pst_parse_ports - a number, "8000-8010", "ephemeral", or a list of these */
void pst_parse_ports(struct pst_parse *parse, const struct pst_json_value *value,
		     struct pst_clause *clause);

/* ---- entries of "channels" (parse_channels.c, parse_kinds.c) ---- */

struct pst_parse_draft { /* an entry that is being read */
	struct pst_clause *clause;
	const struct pst_json_value *within, *port; /* judged when the whole entry is known */
};

/* Takers of what has no IP peer; @into is a draft. */
void pst_parse_unix(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_socket_path(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_packet(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_ethertype(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_netlink(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_family(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_tunnel(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_protocol_number(struct pst_parse *parse, const struct pst_json_value *value,
			       void *into);
void pst_parse_cid(struct pst_parse *parse, const struct pst_json_value *value, void *into);

/* pst_parse_other_entry - the entry that declares channels of a kind which "connect" or "listen"
 * does not know: "{\"unix\":\"/path\"}"; NULL when there is none by that word */
const char *pst_parse_other_entry(const char *word);

/* ---- the lists of a contract ---- */

void pst_parse_software(struct pst_parse *parse, const struct pst_json_value *list, void *into);
void pst_parse_channels(struct pst_parse *parse, const struct pst_json_value *list, void *into);
void pst_parse_allow(struct pst_parse *parse, const struct pst_json_value *value, void *into);

/* pst_clause_text - an entry as one line of JSON without notes, cut at about 1,000 bytes; NULL
 * without memory; caller frees */
char *pst_clause_text(const struct pst_json_value *entry);

/*
 * pst_contract_parse - one file's text to a contract
 * Returns 0, -EINVAL with errors in @diags, or -ENOMEM; @contract is to be freed by
 * pst_contract_clear in any case.
 */
int pst_contract_parse(const char *text, size_t len, struct pst_diags *diags,
		       struct pst_contract *contract);

void pst_contract_free_texts(char **texts, size_t count);

/* pst_contract_clear - free what a contract holds, not the contract */
void pst_contract_clear(struct pst_contract *contract);

#endif
