// SPDX-License-Identifier: Apache-2.0
/* How is memory bounded when keys come from outside? Two structures over the same entries: chains
 * by hash find them, a list from the least to the most recently used one says who makes room. There
 * are tens of thousands of entries: what one needs beside its key and value is kept small. */
#include "base/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

#define VALUE_ALIGN 16u
#define FIRST_CHAINS 32u /* a power of two, as all their numbers */
#define KEEP_LOOKS                                                                               \
	64u /* candidates that are asked; more would make every insertion into a full table slow \
	     */

struct entry {
	struct entry *prev, *next; /* by use */
	struct entry *same;	   /* the next one of its chain */
	uint32_t hash;
	_Alignas(VALUE_ALIGN) unsigned char bytes[]; /* key, padding, value */
};

struct pst_table {
	struct pst_table_shape shape;
	size_t value_at; /* offset of the value in bytes[] */
	struct entry **chain;
	size_t chains;
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

static uint32_t hash_of(const struct pst_table *table, const void *key)
{
	unsigned int hash;

	HASH_JEN(key, (unsigned int)table->shape.key_bytes, hash);
	return hash;
}

static struct entry **chain_of(const struct pst_table *table, uint32_t hash)
{
	return &table->chain[hash & (table->chains - 1)];
}

static struct entry *look_up(const struct pst_table *table, const void *key)
{
	uint32_t hash = hash_of(table, key);
	struct entry *entry = *chain_of(table, hash);

	while (entry &&
	       (entry->hash != hash || memcmp(entry->bytes, key, table->shape.key_bytes) != 0))
		entry = entry->same;
	return entry;
}

static void chain_in(const struct pst_table *table, struct entry *entry)
{
	struct entry **chain = chain_of(table, entry->hash);

	entry->same = *chain;
	*chain = entry;
}

static void chain_out(const struct pst_table *table, const struct entry *entry)
{
	struct entry **at = chain_of(table, entry->hash);

	while (*at != entry) /* it is there */
		at = &(*at)->same;
	*at = entry->same;
}

/* As many chains as entries. Without memory they become longer, no more. */
static void more_chains(struct pst_table *table)
{
	struct entry **chain, *entry;

	if (table->count < table->chains)
		return;
	chain = calloc(2 * table->chains, sizeof(struct entry *));
	if (!chain)
		return;
	free(table->chain);
	table->chain = chain;
	table->chains *= 2;
	for (entry = table->oldest; entry; entry = entry->next) /* each once */
		chain_in(table, entry);
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
	chain_out(table, entry);
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
	table->chain = calloc(FIRST_CHAINS, sizeof(struct entry *));
	if (!table->chain) {
		free(table);
		return NULL;
	}
	table->chains = FIRST_CHAINS;
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
	free(table->chain);
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

static struct entry *make(struct pst_table *table, const void *key)
{
	struct entry *entry = calloc(1,
				     sizeof(*entry) + table->value_at + table->shape.value_bytes);

	if (!entry)
		return NULL;
	memcpy(entry->bytes, key,
	       table->shape.key_bytes); /* first: @key may lie in the entry that goes */
	entry->hash = hash_of(table, entry->bytes);
	if (table->count >= table->shape.capacity)
		make_room(table);
	more_chains(table);
	chain_in(table, entry);
	DL_APPEND(table->oldest, entry);
	table->count++;
	return entry;
}

void *pst_table_put(struct pst_table *table, const void *key, bool *created)
{
	void *value = pst_table_find(table, key);
	struct entry *entry = value ? NULL : make(table, key);

	if (created && (value || entry))
		*created = entry != NULL;
	return entry ? value_of(table, entry) : value;
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
