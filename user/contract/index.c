// SPDX-License-Identifier: Apache-2.0
/* Which entries of "software" may name an image? Thousands of entries, of which few begin as its
 * path does: an entry stands under the folder that its pattern begins with, or under its package's
 * or unit's name, and an image asks for the folders that its path lies in, and for these. */
#include "contract/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fnv.h"
#include "contract/alias.h"

#define NONE UINT32_MAX
#define HEADS_MIN 64u
#define ANYBODY UINT64_C(0) /* the key of entries that begin with nothing */

/* A unit or a package, told apart by @sort, with which no path begins. */
#define UNIT '@'
#define PACKAGE '='

static uint64_t key_of_name(char sort, const char *name)
{
	return pst_fnv_bytes(pst_fnv_byte(PST_FNV_START, (uint8_t)sort), name, strlen(name));
}

static bool is_plain(const char *glob)
{
	return glob && !strpbrk(glob, "*?\\");
}

static uint64_t key_of(const struct pst_software *entry)
{
	if (entry->path)
		return pst_folder_of(entry->path);
	if (is_plain(entry->package))
		return key_of_name(PACKAGE, entry->package);
	if (is_plain(entry->unit))
		return key_of_name(UNIT, entry->unit);
	return ANYBODY;
}

static void link_item(struct pst_index *index, uint32_t at)
{
	uint32_t *head = &index->heads[index->items[at].key & (index->head_count - 1)];

	index->items[at].next = *head;
	*head = at;
}

/* As many chains as items, so that each is short. */
static int grow_heads(struct pst_index *index, size_t items)
{
	size_t count = index->head_count ? index->head_count : HEADS_MIN, i;
	uint32_t *heads;

	while (count < items)
		count *= 2;
	if (count == index->head_count)
		return 0;
	heads = reallocarray(NULL, count, sizeof(*heads));
	if (!heads)
		return -ENOMEM;
	memset(heads, 0xff, count * sizeof(*heads)); /* NONE */
	free(index->heads);
	index->heads = heads;
	index->head_count = count;
	for (i = 0; i < index->count; i++)
		link_item(index, (uint32_t)i);
	return 0;
}

static int grow_items(struct pst_index *index, size_t items)
{
	size_t room = index->room ? index->room : HEADS_MIN;
	struct pst_index_item *grown;

	while (room < items)
		room *= 2;
	if (room == index->room)
		return 0;
	grown = reallocarray(index->items, room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	index->items = grown;
	index->room = room;
	return 0;
}

int pst_index_add(struct pst_index *index, const struct pst_contract *contract, int32_t at)
{
	size_t items = index->count + contract->software_count, i;

	if (items >= NONE || grow_items(index, items) < 0 || grow_heads(index, items) < 0)
		return -ENOMEM;
	for (i = 0; i < contract->software_count; i++) {
		index->items[index->count] =
			(struct pst_index_item){ .key = key_of(&contract->software[i]),
						 .contract = at,
						 .software = (int32_t)i };
		link_item(index, (uint32_t)index->count++);
	}
	return 0;
}

struct visitor {
	const struct pst_index *index;
	void (*visit)(void *context, const struct pst_index_item *item);
	void *context;
};

static void visit_key(void *context, uint64_t key)
{
	const struct visitor *visitor = context;
	const struct pst_index *index = visitor->index;
	uint32_t at = index->heads[key & (index->head_count - 1)];

	for (; at != NONE; at = index->items[at].next) /* a chain has no ring: see link_item */
		if (index->items[at].key == key)
			visitor->visit(visitor->context, &index->items[at]);
}

void pst_index_each(const struct pst_index *index, const struct pst_image *image,
		    void (*visit)(void *context, const struct pst_index_item *item), void *context)
{
	struct visitor visitor = { .index = index, .visit = visit, .context = context };
	const char *unit = pst_image_home_unit(image), *package = image->program->package;

	if (!index->head_count)
		return;
	visit_key(&visitor, ANYBODY);
	pst_folder_each(image->program->path, visit_key, &visitor);
	if (unit[0])
		visit_key(&visitor, key_of_name(UNIT, unit));
	if (package)
		visit_key(&visitor, key_of_name(PACKAGE, package));
}

void pst_index_clear(struct pst_index *index)
{
	free(index->items);
	free(index->heads);
	memset(index, 0, sizeof(*index));
}
