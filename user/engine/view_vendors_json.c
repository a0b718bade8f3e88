// SPDX-License-Identifier: Apache-2.0
/* The page of vendor software for programs. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "engine/page.h"
#include "engine/view_vendors.h"

#define ENDS_MAX 256u /* of one sort; "counts" has all */
#define TEXT_MAX 1024u

static void put_raw(struct pst_json *json, const char *path, const char *text)
{
	if (text && text[0])
		pst_json_put_bytes(json, path, text, strlen(text), TEXT_MAX);
}

static void put_file(struct pst_json *json, const struct pst_program *program)
{
	put_raw(json, "program", program->path);
	put_raw(json, "interpreter", program->interpreter);
	pst_json_put_text(json, "owner", pst_owner_name(program->owner));
	put_raw(json, "package", program->package);
	put_raw(json, "version", program->version);
	put_raw(json, "origin", program->origin);
	pst_page_put_hash(json, program);
	if (!*pst_program_sha256(program))
		pst_json_put_text(json, "no_hash", pst_hash_state_name(program->hash_state));
	pst_json_put_bool(json, "memfd", program->memfd);
	pst_json_put_bool(json, "deleted", program->unnamed);
	pst_json_put_bool(json, "foreign_root", program->foreign_root);
}

static void put_ends(struct pst_json *json, const struct pst_vendors *vendors,
		     const struct pst_vendor *vendor, enum pst_vendor_sort sort)
{
	static const struct {
		const char *list, *count;
	} names[] = {
		[PST_VENDOR_LISTENS] = { "listeners", "counts.listeners" },
		[PST_VENDOR_EXTERNAL] = { "external_peers", "counts.external_peers" },
		[PST_VENDOR_UNUSUAL] = { "unusual", "counts.unusual" },
	};
	char end[512];

	pst_json_put_count(json, names[sort].count, vendor->count[sort]);
	for (size_t i = 0; i < vendor->count[sort] && i < ENDS_MAX; i++) {
		const struct pst_channel *channel =
			vendors->channels[vendor->first[sort] + i].channel;
		struct pst_json *one = pst_json_add_object(json, names[sort].list);

		if (!one)
			return; /* without memory: printing reports it */
		pst_json_put_text(one, "kind", pst_kind_name((enum pst_kind)channel->key.kind));
		pst_json_put_text(one, "end", pst_channel_peer_text(channel, end, sizeof(end)));
		pst_json_put_text(one, "verdict", pst_verdict_name(channel->verdict));
	}
}

static void put_vendor(struct pst_json *json, const struct pst_vendors *vendors,
		       const struct pst_vendor *vendor)
{
	put_file(json, vendor->program);
	put_raw(json, "unit", pst_image_home_unit(vendor->image));
	pst_page_put_container(json, vendor->image);
	pst_json_put_int(json, "processes", vendor->processes);
	pst_json_put_int(json, "files", vendor->files);
	if (vendor->contract) {
		pst_json_put_text(json, "contract.id", vendor->contract->id);
		pst_json_put_count(json, "contract.version", vendor->contract->version);
	}
	for (size_t sort = 0; sort < PST_VENDOR_SORTS; sort++)
		put_ends(json, vendors, vendor, (enum pst_vendor_sort)sort);
}

char *pst_vendors_json(const struct pst_vendors *vendors)
{
	struct pst_json *json = pst_json_new();
	char *text;

	if (!json)
		return NULL;
	pst_json_put_count(json, "programs", vendors->count);
	pst_json_put_count(json, "without_contract", vendors->unbound);
	for (size_t i = 0; i < vendors->count; i++) {
		struct pst_json *one = pst_json_add_object(json, "vendors");

		if (one)
			put_vendor(one, vendors, &vendors->list[i]);
	}
	text = pst_json_print_pretty(json);
	pst_json_free(json);
	return text;
}
