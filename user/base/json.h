// SPDX-License-Identifier: Apache-2.0
/* How is JSON read strictly and written safely? The only room that knows cJSON.
 * Reading: JSON with comments, every value with its place in the text. Writing: nested objects by
 * dotted path. */
#ifndef PST_BASE_JSON_H
#define PST_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

#define PST_JSON_FILE_MAX (1024u * 1024u)
#define PST_JSON_DEPTH_MAX 32u

/* ---- reading ---- */

enum pst_json_type {
	PST_JSON_NULL,
	PST_JSON_BOOL,
	PST_JSON_NUMBER,
	PST_JSON_STRING,
	PST_JSON_ARRAY,
	PST_JSON_OBJECT,
};

/* One value; children form a list in file order. All of it belongs to the document. */
struct pst_json_value {
	enum pst_json_type type;
	bool boolean;
	double number;
	int64_t integer; /* valid when is_integer: the number has no fraction and fits in 53 bits */
	bool is_integer;
	const char *string;		    /* UTF-8 without NUL inside: \u0000 is refused */
	const char *key;		    /* inside an object; else NULL */
	uint32_t line, column;		    /* of the value, from 1 */
	uint32_t key_line, key_column;	    /* of its key */
	uint32_t end_line, end_column;	    /* of the bracket that closes an object or a list */
	const struct pst_json_value *child; /* first one */
	const struct pst_json_value *next;
	size_t children;
};

struct pst_json_doc;

/*
 * pst_json_read - parse one text strictly
 * @text: NUL-terminated copy is made inside; comments of both C forms are allowed; a BOM, NUL
 * bytes, invalid UTF-8, text above PST_JSON_FILE_MAX, nesting above PST_JSON_DEPTH_MAX, duplicate
 * keys and trailing text are errors
 * @diags: gets every error with its place
 * Returns the document, whose root is never NULL, or NULL with at least one error in @diags. Caller
 * frees.
 */
struct pst_json_doc *pst_json_read(const char *text, size_t len, struct pst_diags *diags);
/*
 * pst_json_read_on - as pst_json_read, but returns the document also when it can be understood in
 * spite of its errors (duplicate keys, malformed numbers), so that the caller can report what else
 * is wrong. Check @diags->errors.
 */
struct pst_json_doc *pst_json_read_on(const char *text, size_t len, struct pst_diags *diags);
void pst_json_doc_free(struct pst_json_doc *doc);

static inline void pst_json_doc_clear(struct pst_json_doc **doc) /* for _cleanup_ */
{
	pst_json_doc_free(*doc);
}

const struct pst_json_value *pst_json_root(const struct pst_json_doc *doc);

/* pst_json_get - member of an object by its case-sensitive key, or NULL; borrowed */
const struct pst_json_value *pst_json_get(const struct pst_json_value *object, const char *key);

/* pst_json_at - the value at a dotted path below @value, "event.id", or NULL; borrowed */
const struct pst_json_value *pst_json_at(const struct pst_json_value *value, const char *path);
/* pst_json_text_at - the string there; "" when there is none; borrowed */
const char *pst_json_text_at(const struct pst_json_value *value, const char *path);

const char *pst_json_type_name(enum pst_json_type type); /* "a string", "an object", ... */

/* ---- writing ---- */

/* A record being written. Paths are dotted: "process.parent.name" makes the objects in between.
 * Keys come from our code only. put_bytes and add_bytes take any bytes, make them safe
 * (pst_text_safe) and cut the result at @max bytes; put_text and add_text take text that is ours or
 * was made safe before (pst_text_safe_again). A second put replaces. A failed allocation is
 * remembered and reported by pst_json_print. */
struct pst_json;

struct pst_json *pst_json_new(void); /* NULL without memory; caller frees */
void pst_json_free(struct pst_json *json);

static inline void pst_json_clear(struct pst_json **json) /* for _cleanup_ */
{
	pst_json_free(*json);
}

void pst_json_put_text(struct pst_json *json, const char *path, const char *value);
void pst_json_put_bytes(struct pst_json *json, const char *path, const void *bytes, size_t len,
			size_t max);
void pst_json_put_int(struct pst_json *json, const char *path,
		      int64_t value); /* |value| <= 2^53 - 1; beyond: clamped */
void pst_json_put_count(struct pst_json *json, const char *path, uint64_t value); /* as put_int */
void pst_json_put_real(struct pst_json *json, const char *path, double value);
void pst_json_put_bool(struct pst_json *json, const char *path, bool value);
void pst_json_add_text(struct pst_json *json, const char *path,
		       const char *value); /* append to the array at @path */
void pst_json_add_bytes(struct pst_json *json, const char *path, const void *bytes, size_t len,
			size_t max);
/* pst_json_put_list - an empty array, to which the others append */
void pst_json_put_list(struct pst_json *json, const char *path);
/* append a new object to the array at @path and return it, borrowed by @json; NULL without memory
 * (then later puts are no-ops) */
struct pst_json *pst_json_add_object(struct pst_json *json, const char *path);
bool pst_json_was_cut(const struct pst_json *json); /* some put_bytes or add_bytes cut its value */

/*
 * pst_json_print - the record as one line, without the newline
 * Returns its length, or -ENOMEM, or -EMSGSIZE when it does not fit in @out_size with its NUL; @out
 * only on success.
 */
int pst_json_print(const struct pst_json *json, char *out, size_t out_size);

/* pst_json_print_pretty - the same for people, indented; returned string is freed by the caller;
 * NULL without memory */
char *pst_json_print_pretty(const struct pst_json *json);

#endif
