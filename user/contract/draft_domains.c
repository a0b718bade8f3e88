// SPDX-License-Identifier: Apache-2.0
/* When does one name with a wildcard stand for several? When at least three names were seen right
 * below one registered domain, for the same port, and one prefix that is worth the name holds all
 * of their addresses: the wildcard holds within it only. */
#include "contract/draft_parts.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_MAX 63u
#define NAME_MAX_BYTES 253u
#define NAMES_MIN 3u
#define BITS_MIN_V4 (96u + 8u)
#define BITS_MIN_V6 16u
#define SHORT_LABEL 3u /* "co.uk", "com.au": where registries sell the third label */

bool pst_draft_is_name(const char *name)
{
	const char *last = name, *at = name;
	size_t len;

	for (;; at += len + 1) { /* a round for each label */
		len = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789-_");
		if (!len || len > LABEL_MAX || at[0] == '-' || at[len - 1] == '-')
			return false;
		last = at;
		if (at[len] != '.')
			break;
	}
	return !at[len] && strlen(name) <= NAME_MAX_BYTES && last[strspn(last, "0123456789")];
}

/* parent_of - "example.com" of "www.example.com"; NULL when nothing below it is one owner's */
static const char *parent_of(const char *name)
{
	const char *dot = strchr(name, '.'), *parent = dot ? dot + 1 : "";
	const char *last = strrchr(parent, '.');

	if (!last || !last[1])
		return NULL;
	if (last == strchr(parent, '.') && strlen(last + 1) == 2 &&
	    (size_t)(last - parent) <= SHORT_LABEL)
		return NULL;
	return parent;
}

static bool may_fold(const struct pst_draft_place *place)
{
	return place->at == PST_AT_NAME && !place->wild && parent_of(place->name);
}

static int by_parent(const void *left, const void *right)
{
	const struct pst_draft_place *a = left, *b = right;
	int result = (int)may_fold(b) - (int)may_fold(a);

	if (result || !may_fold(a))
		return result;
	result = strcmp(a->protocol, b->protocol);
	if (!result)
		result = (a->port > b->port) - (a->port < b->port);
	if (!result)
		result = strcmp(parent_of(a->name), parent_of(b->name));
	return result ? result : strcmp(a->name, b->name);
}

static bool same_parent(const struct pst_draft_place *a, const struct pst_draft_place *b)
{
	return may_fold(b) && !strcmp(a->protocol, b->protocol) && a->port == b->port &&
	       !strcmp(parent_of(a->name), parent_of(b->name));
}

/* What all addresses begin with. */
static struct pst_prefix common_prefix(const struct pst_draft_place *run, size_t count)
{
	struct pst_prefix common = run->prefix;
	size_t i;

	for (i = 1; i < count; i++) {
		while (common.bits && !pst_prefix_holds(&common, &run[i].prefix.addr)) {
			common.bits--; /* at most 128 rounds over all */
			common.addr.b[common.bits / 8] &= (uint8_t) ~(0x80u >> (common.bits % 8));
		}
	}
	return common;
}

static bool fold_run(struct pst_draft_place *run, size_t count)
{
	const struct pst_prefix within = common_prefix(run, count);
	unsigned int needs = 0;
	size_t distinct = 0, i;

	for (i = 0; i < count; i++) {
		distinct += !i || strcmp(run[i].name, run[i - 1].name) != 0;
		needs |= run[i].needs;
	}
	if (distinct < NAMES_MIN ||
	    within.bits < (pst_addr_is_v4(&run->prefix.addr) ? BITS_MIN_V4 : BITS_MIN_V6))
		return false;
	for (i = 0; i < count; i++) {
		run[i].name = parent_of(run[i].name);
		run[i].wild = true;
		run[i].within = within;
		run[i].needs = needs;
	}
	return true;
}

size_t pst_draft_fold_names(struct pst_draft_place *places, size_t count)
{
	size_t made = 0, start, end;

	if (count)
		qsort(places, count, sizeof(*places), by_parent);
	for (start = 0; start < count && may_fold(&places[start]); start = end) {
		for (end = start + 1; end < count && same_parent(&places[start], &places[end]);)
			end++;
		made += fold_run(places + start, end - start);
	}
	return made;
}
