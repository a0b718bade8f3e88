// SPDX-License-Identifier: Apache-2.0
/* What may software under a contract do beside opening channels? Each deed as a set: what is
 * executed, taken over, loaded. */
#include "contract/diff_parts.h"

#include <assert.h>
#include <string.h>

#include "profile/words.h"

enum deed { EXEC, FILTERS, HANDED_OVER, IO_URING, MEMFD, DELETED, MODULES, BPF };
_Static_assert(BPF + 1 == PST_DEEDS, "one for each");

static const struct pst_deed deeds[] = {
	[EXEC] = { "exec", "execute ", "execute any program" },
	[FILTERS] = { "allow.filters", "attach the socket filter ", "attach any socket filter" },
	[HANDED_OVER] = { "allow.handed_over_sockets", "use sockets that it was handed by ",
			  "use sockets that anybody handed to it" },
	[IO_URING] = { "allow.io_uring", "", "use the network through io_uring" },
	[MEMFD] = { "allow.memfd_exec", "", "execute programs from memory" },
	[DELETED] = { "allow.deleted_exec", "", "execute deleted files" },
	[MODULES] = { "allow.modules", "have the kernel load the module ",
		      "have the kernel load any module" },
	[BPF] = { "allow.bpf", "load eBPF programs of the type ",
		  "load eBPF programs of any type" },
};
_Static_assert(sizeof(deeds) / sizeof(deeds[0]) == PST_DEEDS, "one for each");

const struct pst_deed *pst_deed_at(size_t index)
{
	assert(index < PST_DEEDS);
	return &deeds[index];
}

static struct pst_scope scope_of_texts(struct pst_pool *pool, char *const *texts, size_t count,
				       enum pst_place_kind kind)
{
	struct pst_place *places = pst_pool_room(pool, count + 1, sizeof(*places));

	for (size_t i = 0; places && i < count; i++)
		places[i] = (struct pst_place){
			.kind = kind == PST_PLACE_PATTERN && !strcmp(texts[i], "**") ?
					PST_PLACE_ANY :
					kind,
			.text = texts[i],
		};
	return pst_scope_of(pool, places, places ? count : 0);
}

static struct pst_scope any_or_none(struct pst_pool *pool, bool any)
{
	return pst_scope_of(pool, &(struct pst_place){ .kind = PST_PLACE_ANY }, any);
}

/* Types of programs; what has no word cannot be allowed but by "*". */
static struct pst_scope scope_of_bpf(struct pst_pool *pool, uint64_t types)
{
	struct pst_place places[PST_WORDS_MAX];
	size_t count = 0;

	if (types == UINT64_MAX)
		return any_or_none(pool, true);
	for (size_t i = 0; i < pst_words_bpf.count; i++)
		if (types >> pst_words_bpf.list[i].number & 1) /* all are below 64 */
			places[count++] = (struct pst_place){ .kind = PST_PLACE_WORD,
							      .text = pst_words_bpf.list[i].name };
	return pst_scope_of(pool, places, count);
}

struct pst_scope pst_deed_scope(struct pst_pool *pool, const struct pst_contract *contract,
				size_t index)
{
	const struct pst_allow *allow = &contract->allow;

	switch ((enum deed)index) {
	case EXEC:
		return contract->has_exec ?
			       scope_of_texts(pool, contract->exec, contract->exec_count,
					      PST_PLACE_PATTERN) :
			       any_or_none(pool, true);
	case FILTERS:
		return scope_of_texts(pool, allow->filters, allow->filter_count, PST_PLACE_WORD);
	case HANDED_OVER:
		return allow->any_handed_over ?
			       any_or_none(pool, true) :
			       scope_of_texts(pool, allow->handed_over, allow->handed_over_count,
					      PST_PLACE_PATTERN);
	case IO_URING:
		return any_or_none(pool, allow->io_uring);
	case MEMFD:
		return any_or_none(pool, allow->memfd_exec);
	case DELETED:
		return any_or_none(pool, allow->deleted_exec);
	case MODULES:
		return scope_of_texts(pool, allow->modules, allow->module_count, PST_PLACE_PATTERN);
	default:
		return scope_of_bpf(pool, allow->bpf);
	}
}

void pst_deed_say(struct pst_prose *prose, size_t index, const struct pst_scope *scope)
{
	const struct pst_deed *deed = pst_deed_at(index);
	bool any = scope->count == 1 && scope->list[0].base.kind == PST_PLACE_ANY;

	pst_prose_say(prose, "%s", any ? "" : deed->before);
	pst_scope_say(prose, scope, deed->any);
}
