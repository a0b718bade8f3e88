// SPDX-License-Identifier: Apache-2.0
/* What runs here that no package of the distribution owns, what does it hold open, and does a
 * contract bind it? The first page that a new user should see. */
#include "engine/view_vendors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"
#include "engine/page.h"
#include "engine/view.h"

#define NAMED 4u /* channels of each sort that a line names; the JSON form has all */

static void print_safe(FILE *out, const char *before, const char *text)
{
	char safe[1024];

	(void)pst_text_safe(text, strlen(text), safe, sizeof(safe)); /* a cut text is still shown */
	fprintf(out, "%s%s", before, safe);
}

/* Whose file is it? */
static void print_owner(FILE *out, const struct pst_program *program)
{
	if (program->memfd)
		fputs("runs from memory, not from a file", out);
	else if (program->unnamed)
		fputs("its file was deleted before it was executed", out);
	else if (program->foreign_root)
		fputs("of a container or mount namespace of its own", out);
	else if (program->owner == PST_OWNER_NONE)
		fputs("owned by no package", out);
	else if (!program->package)
		fputs("its package is not known", out);
	if (program->memfd || program->unnamed || !program->package)
		return;
	print_safe(out, "package ", program->package);
	if (program->version)
		print_safe(out, " ", program->version);
	if (program->origin)
		print_safe(out, " of ", program->origin);
}

static void print_head(FILE *out, const struct pst_vendor *vendor)
{
	const struct pst_image *image = vendor->image;

	print_safe(out, "", vendor->program->path);
	if (vendor->program->interpreter)
		print_safe(out, "  run by ", vendor->program->interpreter);
	if (vendor->contract)
		fprintf(out, "  contract %s@%" PRIu64 "\n  ", vendor->contract->id,
			vendor->contract->version);
	else
		fputs("  no contract\n  ", out);
	print_owner(out, vendor->program);
	if (pst_image_home_unit(image)[0]) /* the one that a contract can name */
		print_safe(out, "; unit ", pst_image_home_unit(image));
	pst_page_print_container(out, "; ", image);
	if (vendor->processes)
		fprintf(out, "; %" PRIu32 " process%s", vendor->processes,
			vendor->processes == 1 ? "" : "es");
	else
		fputs("; has ended", out);
	if (vendor->files > 1)
		fprintf(out, "; %" PRIu32 " files one after the other", vendor->files);
	fputc('\n', out);
}

static void print_ends(FILE *out, const struct pst_vendors *vendors,
		       const struct pst_vendor *vendor, enum pst_vendor_sort sort)
{
	static const char *const words[] = {
		[PST_VENDOR_LISTENS] = "listens on",
		[PST_VENDOR_EXTERNAL] = "talks to",
		[PST_VENDOR_UNUSUAL] = "unusual:",
	};
	size_t first = vendor->first[sort], count = vendor->count[sort];
	char end[512];

	if (!count)
		return;
	fprintf(out, "  %s", words[sort]);
	for (size_t i = 0; i < count && i < NAMED; i++) {
		const struct pst_channel *channel = vendors->channels[first + i].channel;

		(void)pst_channel_peer_text(channel, end, sizeof(end)); /* returns what it got */
		fprintf(out, "%s %s %s", i ? "," : "",
			pst_kind_name((enum pst_kind)channel->key.kind), end);
	}
	if (count > NAMED)
		fprintf(out, " and %zu more", count - NAMED);
	fputc('\n', out);
}

static void print_vendor(FILE *out, const struct pst_vendors *vendors,
			 const struct pst_vendor *vendor)
{
	bool seen = false;

	print_head(out, vendor);
	pst_page_print_measured(out, vendor->program);
	for (size_t sort = 0; sort < PST_VENDOR_SORTS; sort++) {
		print_ends(out, vendors, vendor, (enum pst_vendor_sort)sort);
		seen |= vendor->count[sort] > 0;
	}
	if (!seen)
		fputs("  no listener beyond loopback, no external peer, no unusual channel\n", out);
}

/* Nothing to look at: it runs no more, and held nothing open. */
static bool is_over(const struct pst_vendor *vendor)
{
	return !vendor->processes && !vendor->contract && !vendor->count[PST_VENDOR_LISTENS] &&
	       !vendor->count[PST_VENDOR_EXTERNAL] && !vendor->count[PST_VENDOR_UNUSUAL];
}

static void print_page(FILE *out, const struct pst_vendors *vendors)
{
	size_t over = 0;

	if (!vendors->count) {
		fputs("nothing runs here that no package of the distribution owns\n", out);
		return;
	}
	fprintf(out,
		"%zu program%s that no package of the distribution owns; %zu under no contract\n",
		vendors->count, vendors->count == 1 ? "" : "s", vendors->unbound);
	for (size_t i = 0; i < vendors->count; i++) {
		if (is_over(&vendors->list[i])) {
			over++;
			continue;
		}
		fputc('\n', out);
		print_vendor(out, vendors, &vendors->list[i]);
	}
	if (over)
		fprintf(out, "\n%zu more ended and held nothing of that open; -o json has %s\n",
			over, over == 1 ? "it" : "them");
}

static char *as_text(const struct pst_vendors *vendors)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	print_page(out, vendors);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

char *pst_view_vendors(const struct pst_engine *engine, enum pst_view_form form)
{
	struct pst_vendors vendors;
	char *text = NULL;

	pst_vendors_collect(engine, &vendors);
	if (!vendors.failed)
		text = form == PST_VIEW_JSON ? pst_vendors_json(&vendors) : as_text(&vendors);
	pst_vendors_free(&vendors);
	return text;
}
