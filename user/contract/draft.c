// SPDX-License-Identifier: Apache-2.0
/* Which contract would allow what was seen, and no more? Collects the entries, and lays the text
 * out: what it binds, proposals, clauses, and what beside channels. */
#include "contract/draft_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "contract/writing.h"

#define ID_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static const struct {
	const char *name, *why;
} classes[PST_DRAFT_CLASSES] = {
	[PST_DRAFT_LISTENERS] = { "listeners", "other hosts may connect" },
	[PST_DRAFT_EXTERNAL] = { "external", "the peer is none of the internal networks" },
	[PST_DRAFT_RAW] = { "raw", "it makes packets of its own" },
	[PST_DRAFT_PACKET] = { "packet", "it sees and makes frames beside the kernel" },
	[PST_DRAFT_VSOCK] = { "vsock", "it speaks past the network with other machines" },
	[PST_DRAFT_TUNNEL] = { "tunnel", "what goes through the device is not seen" },
	[PST_DRAFT_EXOTIC] = { "exotic", "an unusual way out, or nothing narrower is known" },
	[PST_DRAFT_FILTERS] = { "filters", "a filter may hide what arrives" },
	[PST_DRAFT_MEMORY] = { "memory", "it ran a program that is in no folder" },
	[PST_DRAFT_BPF] = { "bpf", "it loads programs into the kernel's network" },
	[PST_DRAFT_IO_URING] = { "io_uring", "single operations are not seen" },
	[PST_DRAFT_MODULES] = { "modules", "it had the kernel load code" },
	[PST_DRAFT_ALERTED] = { "alerted", "an alert told of it" },
};

const char *pst_draft_class_name(enum pst_draft_class class_)
{
	return classes[class_].name;
}

const char *pst_draft_class_why(enum pst_draft_class class_)
{
	return classes[class_].why;
}

static unsigned int class_bit(const char *word, size_t len)
{
	unsigned int i;

	if (len == 3 && !strncmp(word, "all", 3))
		return PST_DRAFT_ALL;
	for (i = 0; i < PST_DRAFT_CLASSES; i++)
		if (strlen(classes[i].name) == len && !strncmp(word, classes[i].name, len))
			return 1u << i;
	return 0;
}

int pst_draft_accept(const char *list, unsigned int *out, char wrong[64])
{
	unsigned int bits = 0, bit;
	const char *at = list;

	for (;;) { /* a round for each word of the list */
		size_t len = strcspn(at, ",");

		bit = class_bit(at, len);
		if (!bit) {
			(void)pst_text_safe(at, len, wrong, 64); /* a cut word will do here */
			return -EINVAL;
		}
		bits |= bit;
		if (!at[len])
			break;
		at += len + 1;
	}
	*out = bits;
	return 0;
}

bool pst_draft_id_is_valid(const char *id)
{
	size_t len = strlen(id);

	return len && len <= PST_CONTRACT_ID_MAX && !id[strspn(id, ID_LETTERS)];
}

void pst_draft_enter(struct pst_draft_work *work, struct pst_prose *text, unsigned int needs,
		     const struct pst_draft_tally *tally)
{
	struct pst_draft_entry *grown = work->entries;

	if (work->count == work->room) {
		size_t room = work->room ? work->room * 2 : 64;

		grown = reallocarray(work->entries, room, sizeof(*grown));
		if (grown) {
			work->entries = grown;
			work->room = room;
		}
	}
	if (!grown || text->failed) {
		free(text->text);
		work->failed = true;
		return;
	}
	grown[work->count++] =
		(struct pst_draft_entry){ .members = text->text, .needs = needs, .tally = *tally };
	text->text = NULL; /* it is the entry's now */
}

bool pst_draft_question(struct pst_draft_work *work, const struct pst_past_channel *past,
			struct pst_question *out)
{
	const struct pst_channel channel = pst_past_channel_of(past);

	if (pst_contract_is_normal(&channel)) {
		work->normal++;
		return false;
	}
	if (pst_receiver_is_unknown(&channel) || !pst_question_of(&channel, out) ||
	    out->folded_away || (out->some_address && !(out->asks & PST_ASKS_FROM))) {
		work->folded_away++;
		return false;
	}
	return true;
}

void pst_draft_say_needs(struct pst_prose *out, unsigned int needs)
{
	const char *between = "needs a person: ";
	unsigned int i;

	for (i = 0; i < PST_DRAFT_CLASSES; i++) {
		if (!(needs & 1u << i))
			continue;
		pst_prose_say(out, "%s%s (%s)", between, classes[i].why, classes[i].name);
		between = ", ";
	}
	pst_prose_say(out, "; ");
}

/* What the contract is called: by what it binds. */
static void say_id(struct pst_prose *out, const struct pst_draft_keys *keys)
{
	const char *path = keys->programs[0]->path, *slash = strrchr(path, '/');
	const char *name = keys->id			    ? keys->id :
			   keys->by != PST_DRAFT_BY_PROGRAM ? keys->named :
			   slash && slash[1]		    ? slash + 1 :
							      path;
	size_t len = strlen(name), i;

	len = len > PST_CONTRACT_ID_MAX ? PST_CONTRACT_ID_MAX : len;
	pst_prose_say(out, "  \"contract\": \"");
	for (i = 0; i < len; i++)
		pst_prose_say(out, "%c", strchr(ID_LETTERS, name[i]) ? name[i] : '-');
	pst_prose_say(out, "%s\",\n", len ? "" : "unnamed");
}

static bool has_host_path(const struct pst_past_program *program)
{
	return pst_draft_is_path(program->path) && !program->foreign_root && !program->memfd;
}

/* A program without a path of the host is bound by its unit; without that too nothing can name it.
 */
static bool say_software_of(struct pst_prose *out, const struct pst_past_program *program,
			    const char *between)
{
	struct pst_draft_name name = { .raw = has_host_path(program) ? program->path :
					      program->unit_count    ? program->units[0] :
								       NULL };

	if (!name.raw)
		return false;
	out->failed |= pst_draft_patterns(&name, 1) < 0;
	if (!out->failed) {
		pst_prose_say(out, "%s{\"%s\":", between, has_host_path(program) ? "path" : "unit");
		pst_draft_say_string(out, name.pattern);
		pst_prose_say(out, "}");
	}
	free(name.pattern);
	return true;
}

static bool say_software(struct pst_prose *out, const struct pst_draft_keys *keys)
{
	struct pst_prose list = { .text = NULL };
	const char *between = "";
	size_t i;

	pst_prose_say(&list, "[");
	if (keys->by != PST_DRAFT_BY_PROGRAM) {
		pst_prose_say(&list,
			      "{\"%s\":", keys->by == PST_DRAFT_BY_PACKAGE ? "package" : "unit");
		pst_draft_say_string(&list, keys->named);
		pst_prose_say(&list, "}");
		between = ",";
	}
	for (i = 0; i < keys->program_count && keys->by == PST_DRAFT_BY_PROGRAM; i++)
		if (say_software_of(&list, keys->programs[i], between))
			between = ",";
	pst_prose_say(&list, "]");
	out->failed |= list.failed;
	if (!list.failed && *between)
		pst_draft_say_value(
			out, list.text,
			&(struct pst_draft_layout){
				.indent = 2, .comment = "", .key = "\"software\": ", .end = "," });
	free(list.text);
	return *between;
}

/* What it started was charged to it when it is vendor software or of a service; else that is
 * another program's, and stands in no clause here. */
static bool has_children_of_others(const struct pst_past_program *program)
{
	size_t i;

	if (program->vendor || program->unit_count)
		return false;
	for (i = 0; i < program->channel_count; i++)
		if (program->channels[i]->via)
			return false;
	for (i = 0; i < program->fact_count; i++)
		if (program->facts[i].what == PST_PAST_EXEC)
			return true;
	return false;
}

static void say_children(struct pst_prose *out, const struct pst_draft_keys *keys)
{
	bool own = false;
	size_t i;

	for (i = 0; i < keys->program_count && !keys->whole; i++)
		own |= has_children_of_others(keys->programs[i]);
	if (own)
		pst_prose_say(out,
			      "  // what it executes is a program of its own: learn that too\n");
	pst_prose_say(out, "  \"children\": \"%s\",\n", own ? "own" : "all");
}

static void say_entry(struct pst_prose *out, const struct pst_draft_work *work,
		      const struct pst_draft_entry *entry, const char *end)
{
	unsigned int needs = entry->needs & ~work->keys->accept;
	struct pst_prose whole = { .text = NULL };
	const struct pst_draft_layout layout = {
		.indent = 4, .comment = needs ? "// " : "", .key = "", .end = end
	};

	pst_prose_say(&whole, "{%s,\"why\":\"", entry->members);
	pst_draft_say_why(&whole, &entry->tally, &work->time);
	pst_prose_say(&whole, "\"}");
	if (needs) {
		pst_prose_say(out, "    // ");
		pst_draft_say_needs(out, needs);
		out->len -= 2; /* the "; " behind it */
		pst_prose_say(out, "\n");
	}
	out->failed |= whole.failed;
	if (!whole.failed)
		pst_draft_say_value(out, whole.text, &layout);
	free(whole.text);
}

/* Proposals first: a comma stands behind each that is followed by a clause. */
static void say_channels(struct pst_prose *out, const struct pst_draft_work *work)
{
	size_t said = 0, pass, i;

	pst_prose_say(out, work->count ? "  \"channels\": [\n" : "  \"channels\": [],\n");
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < work->count; i++) {
			bool proposed = (work->entries[i].needs & ~work->keys->accept) != 0;

			if (proposed == (pass == 0))
				say_entry(out, work, &work->entries[i],
					  ++said < work->count ? "," : "");
		}
	}
	if (work->count)
		pst_prose_say(out, "  ],\n");
}

static unsigned int count_proposals(const struct pst_draft_work *work)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < work->count; i++)
		count += (work->entries[i].needs & ~work->keys->accept) != 0;
	return count;
}

static void say_all(struct pst_prose *out, struct pst_draft_work *work)
{
	struct pst_prose body = { .text = NULL };
	bool proposed;

	pst_prose_say(&body, "{\n  \"format\": 1,\n");
	say_id(&body, work->keys);
	pst_prose_say(&body, "  \"version\": 1,\n");
	work->failed |= !say_software(&body, work->keys);
	say_children(&body, work->keys);
	say_channels(&body, work);
	proposed = pst_draft_say_facts(&body, work);
	pst_prose_say(&body, "}\n");
	pst_draft_say_head(out, work, count_proposals(work) + proposed);
	out->failed |= body.failed;
	if (!body.failed)
		pst_prose_say(out, "%s", body.text);
	free(body.text);
}

/* canonical - as 'contract fmt' lays it out; NULL without memory, or for a text beyond its limit */
static char *canonical(const struct pst_prose *text)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	char *out = NULL;

	if (!diags)
		return NULL;
	pst_diags_init(diags, "the draft");
	return pst_contract_format(text->text, text->len, diags, &out) < 0 ? NULL : out;
}

char *pst_draft(const struct pst_draft_keys *keys)
{
	struct pst_draft_work work = { .keys = keys };
	struct pst_prose out = { .text = NULL };
	char *text;
	size_t i;

	if (!keys->program_count)
		return NULL;
	for (i = 0; i < keys->program_count; i++)
		pst_draft_tally_time(&work.time, &keys->programs[i]->time);
	pst_draft_connects(&work);
	pst_draft_listens(&work);
	pst_draft_others(&work);
	if (!work.failed)
		say_all(&out, &work);
	for (i = 0; i < work.count; i++)
		free(work.entries[i].members);
	free(work.entries);
	text = work.failed || out.failed ? NULL : canonical(&out);
	free(out.text);
	return text;
}

char *pst_draft_binding(const char *const *paths, size_t count)
{
	struct pst_prose out = { .text = NULL };
	size_t said = 0, i;

	pst_prose_say(&out, "{ \"format\": 1, \"contract\": \"learnt\", \"version\": 1, "
			    "\"software\": [");
	for (i = 0; i < count; i++) {
		struct pst_draft_name name = { .raw = paths[i] };

		if (!pst_draft_is_path(paths[i]))
			continue;
		out.failed |= pst_draft_patterns(&name, 1) < 0;
		if (!out.failed) {
			pst_prose_say(&out, said++ ? ", { \"path\": " : "{ \"path\": ");
			pst_draft_say_string(&out, name.pattern);
			pst_prose_say(&out, " }");
		}
		free(name.pattern);
	}
	pst_prose_say(&out, "], \"channels\": [] }");
	if (!out.failed && said)
		return out.text;
	free(out.text);
	return NULL;
}
