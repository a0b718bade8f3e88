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

struct pst_parse_range {
	int64_t min, max;
};

struct pst_parse_words {
	const char *const *list;
	size_t count;
};

#define PST_PARSE_INTEGER_MAX INT64_C(9007199254740991) /* 2^53 - 1: what JSON carries exactly */

#define PST_PARSE_WORDS(array)                            \
	{                                                 \
		(array), sizeof(array) / sizeof(*(array)) \
	}

struct pst_words; /* profile/words.h */
struct pst_parse_table;

/* What a value may be beyond its type; for a list, what each of its items may be. The schema for
 * editors is made of it. Takers go by the same words, ranges and lengths; what a taker refuses
 * and no form can say stands in tests/schema/contract_rules.txt. */
struct pst_parse_form {
	unsigned int items;	      /* PST_TYPE bits of a list's items */
	bool may_be_empty;	      /* the list */
	struct pst_parse_range range; /* of a number; both 0: any */
	/* A text is one of the words, or is matched by the pattern; without all three, any */
	struct pst_parse_words words;
	const struct pst_words *named;
	const char *pattern;		     /* ECMA 262 */
	size_t bytes_max;		     /* of a text; 0: any */
	const struct pst_parse_table *table; /* of an object */
};

struct pst_parse_key {
	const char *name;
	unsigned int types; /* PST_TYPE bits that its value may have */
	const char *wants;  /* what the value must be, for people: "a number from 1" */
	enum pst_parse_needed needed;
	/* @into: what pst_parse_object was given; called only with a value of one of @types */
	void (*take)(struct pst_parse *parse, const struct pst_json_value *value, void *into);
	const struct pst_parse_form *form; /* NULL: the type says all */
};

/* An entry that has this key, and one of these words as its value (none: any value). */
struct pst_parse_variant {
	const char *name; /* "connect icmp" */
	const char *key;
	struct pst_parse_words words;
	const char *needs; /* another key that must stand beside it, or NULL */
};

/* A key that belongs to some variants of an entry only. */
struct pst_parse_place {
	const char *key;
	unsigned int variants; /* bit n: the n-th variant of the table */
	const char *belongs;   /* "connect or listen" */
	const char *instead;   /* what was probably meant in an entry of another variant, or NULL */
};

/* Which keys of an object belong together. */
struct pst_parse_rules {
	struct pst_parse_words one_of;	/* exactly one of these keys; none: nothing is asked */
	struct pst_parse_words some_of; /* at least one of these */
	const struct pst_parse_variant *variants;
	size_t variant_count;
	const struct pst_parse_place *places;
	size_t place_count;
};

struct pst_parse_table {
	const char *where; /* "an entry of \"channels\"" */
	const struct pst_parse_key *keys;
	size_t count;
	const struct pst_parse_rules *rules; /* NULL: none */
};

/* From the root all tables can be reached. */
extern const struct pst_parse_table pst_parse_contract_table, pst_parse_software_table,
	pst_parse_channel_table, pst_parse_allow_table;
extern const struct pst_parse_rules pst_parse_channel_rules;

/* A path that can match: absolute, and no part of it is empty, "." or ".." */
#define PST_PARSE_PATH_PATTERN "^(/(?!\\.{1,2}(/|$))[^/]+)+$"

/* Forms that several keys share. */
extern const struct pst_parse_form pst_parse_path_form;	  /* one path pattern, or a list */
extern const struct pst_parse_form pst_parse_socket_form; /* the name of a socket */
extern const struct pst_parse_form pst_parse_device_form;
extern const struct pst_parse_form pst_parse_to_form;	 /* where to, or a list */
extern const struct pst_parse_form pst_parse_place_form; /* where, or who; a list too */
extern const struct pst_parse_form pst_parse_prefix_form;
extern const struct pst_parse_form pst_parse_port_form; /* one, or a list */
extern const struct pst_parse_form pst_parse_netlink_form, pst_parse_family_form,
	pst_parse_ethertype_form, pst_parse_protocol_form, pst_parse_cid_form;
extern const struct pst_parse_form pst_parse_size_form, pst_parse_when_form, pst_parse_every_form;

#define PST_PARSE_KEYS_MAX 24u

/* pst_parse_object - report unknown, mistyped and missing keys, and hand the others to their
 * takers; "x-" keys are notes */
void pst_parse_object(struct pst_parse *parse, const struct pst_json_value *object,
		      const struct pst_parse_table *table, void *into);

/* pst_parse_wants - what the value of a key must be, for people; the key is in the table */
const char *pst_parse_wants(const struct pst_parse_table *table, const char *name);

/* pst_parse_misspelt - was an unknown key of the object, which is told, meant to be this one? */
bool pst_parse_misspelt(const struct pst_json_value *object, const struct pst_parse_table *table,
			const char *name);

/* pst_parse_has - how many of these keys an object has */
size_t pst_parse_has(const struct pst_json_value *object, const struct pst_parse_words *keys);

/* pst_parse_keys_text - "a, b and c"; returns @out, which holds PST_DIAG_TEXT bytes */
const char *pst_parse_keys_text(const char *const *words, size_t count, char *out);

/* pst_parse_error - an error at a value's place */
void pst_parse_error(struct pst_parse *parse, const struct pst_json_value *value, const char *fmt,
		     ...) __attribute__((format(printf, 3, 4)));

/* pst_parse_meant - what was probably meant where the last error was told */
void pst_parse_meant(struct pst_parse *parse, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* pst_parse_missing - an error about what an object has not: told where the object ends, since that
 * is where it was looked for last */
void pst_parse_missing(struct pst_parse *parse, const struct pst_json_value *object,
		       const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* pst_parse_room - zeroed memory for @count items, or NULL with no_memory set (NULL too for none)
 */
void *pst_parse_room(struct pst_parse *parse, size_t count, size_t size);

/* What is one value or a list of such: the values that are to be read, how many, and each of them.
 */
size_t pst_parse_items(const struct pst_json_value *value);
const struct pst_json_value *pst_parse_first(const struct pst_json_value *value); /* NULL: none */
const struct pst_json_value *pst_parse_next(const struct pst_json_value *value,
					    const struct pst_json_value *item);

/* ---- values (parse_values.c): each reports what is wrong; outputs only on success ---- */

/* pst_parse_text - copy a string of 1 to @max bytes; NULL with an error; caller frees */
char *pst_parse_text(struct pst_parse *parse, const struct pst_json_value *value, size_t max);

/* pst_parse_word - index of the string among @count words, or -1 with an error and a suggestion */
int pst_parse_word(struct pst_parse *parse, const struct pst_json_value *value,
		   const char *const *words, size_t count);

/* pst_parse_integer - a whole number of the range; 0, or -ERANGE with an error */
int pst_parse_integer(struct pst_parse *parse, const struct pst_json_value *value,
		      struct pst_parse_range range, int64_t *out);

/* pst_parse_alias - a note when a pattern also stands for another path: /bin is /usr/bin */
void pst_parse_alias(struct pst_parse *parse, const struct pst_json_value *value);

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
	bool resolvers, local, private;
};

/* pst_parse_peers - a string or a list of strings: addresses, prefixes, "@resolvers", "@local",
 * "@private", host names */
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

#define PST_WANTS_SOCKET "a path pattern, or \"@\" and an abstract name"

/* pst_parse_places - do the keys of an entry belong together? (parse_places.c) */
void pst_parse_places(struct pst_parse *parse, const struct pst_json_value *entry);

/* Takers of times and limits (parse_when.c); @into is a draft. */
void pst_parse_when(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_every(struct pst_parse *parse, const struct pst_json_value *value, void *into);
void pst_parse_entry_limit(struct pst_parse *parse, const struct pst_json_value *value, void *into);

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
