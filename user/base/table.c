// SPDX-License-Identifier: Apache-2.0
/* How is memory bounded when keys come from outside? Two structures over the same entries: uthash
 * finds them, a list from the least to the most recently used one says who makes room. */
#include "base/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM \
	1 /* a failed insertion is undone and reported, it does not end the process */
#define uthash_nonfatal_oom(e) ((e)->lost = true)
#include <uthash.h>
#include <utlist.h>

#define VALUE_ALIGN 16u
#define KEEP_LOOKS                                                                               \
	64u /* candidates that are asked; more would make every insertion into a full table slow \
	     */

struct entry {
	UT_hash_handle hh;
	struct entry *prev, *next;
	bool lost;
	_Alignas(VALUE_ALIGN) unsigned char bytes[]; /* key, padding, value */
};

struct pst_table {
	struct pst_table_shape shape;
	size_t value_at; /* offset of the value in bytes[] */
	struct entry *hash;
	struct entry *oldest;
	size_t count;
	uint64_t evicted;
};

static void *value_of(const struct pst_table *table, const struct entry *entry)
{
	return (void *)(entry->bytes + table->value_at);
}

static struct entry *entry_of(const struct pst_table *table, const void *value)
{
	return (struct entry *)((unsigned char *)value - table->value_at -
				offsetof(struct entry, bytes));
}

static struct entry *look_up(const struct pst_table *table, const void *key)
{
	struct entry *found;

	HASH_FIND(hh, table->hash, key, (unsigned int)table->shape.key_bytes, found);
	return found;
}

static void use(struct pst_table *table, struct entry *entry)
{
	if (!entry->next)
		return; /* is the most recently used one */
	DL_DELETE(table->oldest, entry);
	DL_APPEND(table->oldest, entry);
}

static void drop(struct pst_table *table, struct entry *entry)
{
	if (table->shape.on_drop)
		table->shape.on_drop(table->shape.context, entry->bytes, value_of(table, entry));
	HASH_DELETE(hh, table->hash, entry);
	DL_DELETE(table->oldest, entry);
	table->count--;
	free(entry);
}

static void make_room(struct pst_table *table)
{
	const struct pst_table_shape *shape = &table->shape;
	struct entry *victim = table->oldest;
	unsigned int looks;

	for (looks = 0; shape->keep && victim && looks < KEEP_LOOKS; looks++) {
		if (!shape->keep(shape->context, victim->bytes, value_of(table, victim)))
			break;
		victim = victim->next;
	}
	if (!victim || looks == KEEP_LOOKS)
		victim = table->oldest;
	drop(table, victim);
	table->evicted++;
}

struct pst_table *pst_table_new(const struct pst_table_shape *shape)
{
	struct pst_table *table = calloc(1, sizeof(*table));

	assert(shape->key_bytes && shape->capacity);
	if (!table)
		return NULL;
	table->shape = *shape;
	table->value_at = (shape->key_bytes + VALUE_ALIGN - 1) / VALUE_ALIGN * VALUE_ALIGN;
	return table;
}

void pst_table_free(struct pst_table *table)
{
	if (!table)
		return;
	while (table->oldest)
		drop(table, table->oldest);
	free(table);
}

void *pst_table_find(struct pst_table *table, const void *key)
{
	struct entry *entry = look_up(table, key);

	if (!entry)
		return NULL;
	use(table, entry);
	return value_of(table, entry);
}

void *pst_table_peek(const struct pst_table *table, const void *key)
{
	const struct entry *entry = look_up(table, key);

	return entry ? value_of(table, entry) : NULL;
}

void *pst_table_put(struct pst_table *table, const void *key, bool *created)
{
	void *value = pst_table_find(table, key);
	struct entry *entry;

	if (!value) {
		entry = calloc(1, sizeof(*entry) + table->value_at + table->shape.value_bytes);
		if (!entry)
			return NULL;
		memcpy(entry->bytes, key,
		       table->shape.key_bytes); /* first: @key may lie in the entry that goes */
		if (table->count >= table->shape.capacity)
			make_room(table);
		HASH_ADD_KEYPTR(hh, table->hash, entry->bytes, (unsigned int)table->shape.key_bytes,
				entry);
		if (entry->lost) {
			free(entry);
			return NULL;
		}
		DL_APPEND(table->oldest, entry);
		table->count++;
		value = value_of(table, entry);
		if (created)
			*created = true;
	} else if (created) {
		*created = false;
	}
	return value;
}

bool pst_table_remove(struct pst_table *table, const void *key)
{
	struct entry *entry = look_up(table, key);

	if (!entry)
		return false;
	drop(table, entry);
	return true;
}

void pst_table_context(struct pst_table *table, void *context)
{
	table->shape.context = context;
}

size_t pst_table_count(const struct pst_table *table)
{
	return table->count;
}

uint64_t pst_table_evicted(const struct pst_table *table)
{
	return table->evicted;
}

void *pst_table_next(const struct pst_table *table, const void *cursor, const void **key)
{
	const struct entry *entry = cursor ? entry_of(table, cursor)->next : table->oldest;

	if (!entry)
		return NULL;
	if (key)
		*key = entry->bytes;
	return value_of(table, entry);
}
