// SPDX-License-Identifier: Apache-2.0
/* What changes in each part of a contract: whom it binds, what it allows, and what is neither wider
 * nor narrower? */
#include "contract/diff_parts.h"

#include <inttypes.h>
#include <string.h>

struct way { /* one of the two in which sets are compared */
	enum pst_change_kind kind;
	const struct pst_contract *of, *other; /* what @of has and @other has not */
};

static void ways_of(const struct pst_diff *diff, struct way out[2])
{
	out[0] = (struct way){ PST_CHANGE_NEWLY, diff->after, diff->before };
	out[1] = (struct way){ PST_CHANGE_NO_LONGER, diff->before, diff->after };
}

static const char *may(enum pst_change_kind kind)
{
	return kind == PST_CHANGE_NEWLY ? "may newly " : "may no longer ";
}

static struct pst_boxes boxes_of_channels(struct pst_pool *pool, const struct pst_contract *of)
{
	struct pst_boxes boxes = { .list = pst_pool_room(pool, of->channel_count + 1,
							 sizeof(*boxes.list)) };

	for (; boxes.list && boxes.count < of->channel_count; boxes.count++)
		boxes.list[boxes.count] = pst_box_of_clause(pool, &of->channels[boxes.count]);
	return boxes;
}

static struct pst_boxes boxes_of_software(struct pst_pool *pool, const struct pst_contract *of)
{
	struct pst_boxes boxes = { .list = pst_pool_room(pool, of->software_count + 1,
							 sizeof(*boxes.list)) };

	for (; boxes.list && boxes.count < of->software_count; boxes.count++)
		boxes.list[boxes.count] = pst_box_of_software(pool, &of->software[boxes.count]);
	return boxes;
}

static void tell_clause(struct pst_diff *diff, const struct way *way,
			const struct pst_clause *clause, const struct pst_box *rest)
{
	struct pst_prose prose = { .text = NULL };

	pst_prose_say(&prose, "%s", may(way->kind));
	pst_box_say(&prose, rest);
	if (clause->why) {
		pst_prose_say(&prose, ": ");
		pst_prose_quote(&prose, clause->why);
	}
	pst_diff_add(diff, &(struct pst_change){ way->kind, "channels", NULL, clause->line },
		     &prose);
}

static void compare_channels(struct pst_diff *diff, const struct way *way)
{
	const struct pst_boxes boxes = boxes_of_channels(&diff->pool, way->of);
	const struct pst_boxes others = boxes_of_channels(&diff->pool, way->other);

	for (size_t i = 0; i < boxes.count && !diff->error; i++) {
		struct pst_boxes rest = { .list = NULL };
		int r = pst_box_rest(&diff->pool, &boxes.list[i], &others, &rest);

		if (r < 0)
			diff->error = r;
		for (size_t j = 0; j < rest.count; j++)
			tell_clause(diff, way, &way->of->channels[i], &rest.list[j]);
	}
}

/* Nothing is left of either without the other. */
static bool is_same(struct pst_box *a, struct pst_box *b)
{
	const struct pst_boxes left = { a, 1 }, right = { b, 1 };
	struct pst_boxes rest = { .list = NULL };
	struct pst_pool pool = { .blocks = NULL };
	bool same = pst_box_touches(a, b) && pst_box_rest(&pool, a, &right, &rest) == 0 &&
		    !rest.count && pst_box_rest(&pool, b, &left, &rest) == 0 && !rest.count;

	pst_pool_free(&pool);
	return same;
}

static bool is_equal_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void say_reason(struct pst_prose *prose, const char *why)
{
	if (!why) {
		pst_prose_say(prose, "none");
		return;
	}
	pst_prose_say(prose, "\"");
	pst_prose_quote(prose, why);
	pst_prose_say(prose, "\"");
}

static void tell_reason(struct pst_diff *diff, const struct pst_box *box,
			const struct pst_clause *before, const struct pst_clause *after)
{
	struct pst_prose prose = { .text = NULL };

	pst_prose_say(&prose, "the reason why it may ");
	pst_box_say(&prose, box);
	pst_prose_say(&prose, " is ");
	say_reason(&prose, after->why);
	pst_prose_say(&prose, ", was ");
	say_reason(&prose, before->why);
	pst_diff_add(diff, &(struct pst_change){ PST_CHANGE_OTHER, "channels", NULL, after->line },
		     &prose);
}

/* Entries that allow the same in both: why? Of several the one with the same reason counts. */
static void compare_reasons(struct pst_diff *diff)
{
	const struct pst_boxes before = boxes_of_channels(&diff->pool, diff->before);
	const struct pst_boxes after = boxes_of_channels(&diff->pool, diff->after);

	for (size_t i = 0; i < after.count; i++) {
		const struct pst_clause *clause = &diff->after->channels[i], *other = NULL;
		bool kept = false;

		for (size_t j = 0; j < before.count && !kept; j++) {
			if (!is_same(&after.list[i], &before.list[j]))
				continue;
			other = &diff->before->channels[j];
			kept = is_equal_text(clause->why, other->why);
		}
		if (other && !kept)
			tell_reason(diff, &after.list[i], other, clause);
	}
}

void pst_diff_channels(struct pst_diff *diff)
{
	struct way ways[2];

	ways_of(diff, ways);
	for (size_t i = 0; i < 2; i++)
		compare_channels(diff, &ways[i]);
	compare_reasons(diff);
}

static void compare_software(struct pst_diff *diff, const struct way *way)
{
	const struct pst_boxes boxes = boxes_of_software(&diff->pool, way->of);
	const struct pst_boxes others = boxes_of_software(&diff->pool, way->other);

	for (size_t i = 0; i < boxes.count && !diff->error; i++) {
		const struct pst_change change = { way->kind, "software", NULL,
						   way->of->software[i].line };
		struct pst_boxes rest = { .list = NULL };
		int r = pst_box_rest(&diff->pool, &boxes.list[i], &others, &rest);

		if (r < 0)
			diff->error = r;
		for (size_t j = 0; j < rest.count; j++) {
			struct pst_prose prose = { .text = NULL };

			pst_prose_say(&prose, way->kind == PST_CHANGE_NEWLY ? "newly binds " :
									      "no longer binds ");
			pst_box_say_software(&prose, &rest.list[j]);
			pst_diff_add(diff, &change, &prose);
		}
	}
}

void pst_diff_software(struct pst_diff *diff)
{
	struct way ways[2];

	ways_of(diff, ways);
	for (size_t i = 0; i < 2; i++)
		compare_software(diff, &ways[i]);
}

void pst_diff_deeds(struct pst_diff *diff)
{
	struct way ways[2];

	ways_of(diff, ways);
	for (size_t i = 0; i < 2 * PST_DEEDS; i++) {
		const struct way *way = &ways[i / PST_DEEDS];
		size_t deed = i % PST_DEEDS;
		struct pst_scope scope = pst_deed_scope(&diff->pool, way->of, deed);
		struct pst_scope other = pst_deed_scope(&diff->pool, way->other, deed);
		struct pst_scope rest = pst_scope_split(&diff->pool, &scope, &other).outside;
		struct pst_prose prose = { .text = NULL };

		if (!rest.count)
			continue;
		pst_prose_say(&prose, "%s", may(way->kind));
		pst_deed_say(&prose, deed, &rest);
		pst_diff_add(diff,
			     &(struct pst_change){ way->kind, pst_deed_at(deed)->about, NULL, 0 },
			     &prose);
	}
}

static void tell_other(struct pst_diff *diff, const char *about, struct pst_prose *prose)
{
	pst_diff_add(diff, &(struct pst_change){ PST_CHANGE_OTHER, about, NULL, 0 }, prose);
}

static void tell_texts(struct pst_diff *diff, const char *about, const char *after,
		       const char *before)
{
	struct pst_prose prose = { .text = NULL };

	if (is_equal_text(after, before))
		return;
	pst_prose_say(&prose, "its %s is ", about);
	say_reason(&prose, after);
	pst_prose_say(&prose, ", was ");
	say_reason(&prose, before);
	tell_other(diff, about, &prose);
}

static void compare_limits(struct pst_diff *diff)
{
	struct way ways[2];

	ways_of(diff, ways);
	for (size_t i = 0; i < 2; i++) {
		const struct way *way = &ways[i];
		struct pst_scope scope = pst_scope_of_amount(&diff->pool,
							     way->of->bytes_out_per_day);
		struct pst_scope other = pst_scope_of_amount(&diff->pool,
							     way->other->bytes_out_per_day);
		struct pst_scope rest = pst_scope_split(&diff->pool, &scope, &other).outside;
		struct pst_prose prose = { .text = NULL };

		if (!rest.count)
			continue;
		pst_prose_say(&prose, "%ssend ", may(way->kind));
		pst_scope_say_amount(&prose, &rest);
		pst_diff_add(diff, &(struct pst_change){ way->kind, "limits", NULL, 0 }, &prose);
	}
}

void pst_diff_other(struct pst_diff *diff)
{
	static const char *const children[] = {
		[PST_CHILDREN_ALL] = "all",
		[PST_CHILDREN_OWN] = "what is named itself",
		[PST_CHILDREN_NONE] = "nothing",
	};
	const struct pst_contract *before = diff->before, *after = diff->after;
	struct pst_prose prose = { .text = NULL };

	compare_limits(diff);
	if (before->children != after->children) {
		pst_prose_say(&prose, "of what its programs start it binds %s, was: %s",
			      children[after->children], children[before->children]);
		tell_other(diff, "children", &prose);
	}
	tell_texts(diff, "name", after->id, before->id);
	tell_texts(diff, "vendor", after->vendor, before->vendor);
	if (before->version != after->version) {
		pst_prose_say(&prose, "its version is %" PRIu64 ", was %" PRIu64, after->version,
			      before->version);
		tell_other(diff, "version", &prose);
	}
}
