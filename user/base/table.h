// SPDX-License-Identifier: Apache-2.0
/* How is memory bounded when keys come from outside? A hash table of at most `capacity` entries;
 * the least recently used one makes room, and each such eviction is counted. Entries never move: a
 * pointer is good until its entry is removed or evicted. */
#ifndef PST_BASE_TABLE_H
#define PST_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pst_table;

struct pst_table_shape {
	size_t key_bytes; /* keys are compared as bytes: zero their padding */
	size_t value_bytes;
	size_t capacity;
	/* called before an entry is evicted or removed, and for those left at pst_table_free; may
	 * be NULL; must not change the table */
	void (*on_drop)(void *context, const void *key, void *value);
	/* may be NULL; an entry for which it returns true is not evicted while one of the 64 least
	 * recently used can be */
	bool (*keep)(void *context, const void *key, const void *value);
	void *context;
};

/* pst_table_new - returns NULL without memory; caller frees with pst_table_free, which takes NULL
 */
struct pst_table *pst_table_new(const struct pst_table_shape *shape);
void pst_table_free(struct pst_table *table);

/* pst_table_find - the value, made the most recently used one, or NULL; borrowed */
void *pst_table_find(struct pst_table *table, const void *key);

/* pst_table_peek - as find, but does not count as use */
void *pst_table_peek(const struct pst_table *table, const void *key);

/*
 * pst_table_put - find or make an entry; a new value is zeroed
 * @created: may be NULL; set to whether the entry is new
 * Returns the value, borrowed; NULL only without memory.
 */
void *pst_table_put(struct pst_table *table, const void *key, bool *created);

/* pst_table_remove - returns true when there was such an entry */
bool pst_table_remove(struct pst_table *table, const void *key);

/* pst_table_context - on_drop and keep are called with it from now on */
void pst_table_context(struct pst_table *table, void *context);

size_t pst_table_count(const struct pst_table *table);
uint64_t pst_table_evicted(const struct pst_table *table);

/*
 * pst_table_next - walk from the least to the most recently used entry
 * @cursor: NULL at first, then what the last call returned; the entry just returned may be removed
 *          only after the next one was fetched
 * Returns the value and sets @key (may be NULL), or NULL at the end.
 */
void *pst_table_next(const struct pst_table *table, const void *cursor, const void **key);

#endif
