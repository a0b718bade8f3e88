// SPDX-License-Identifier: Apache-2.0
/* What does a state file say? Strictly what history_write.c may have written, of any version so
 * far; all of it or nothing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "profile/history_in.h"

#define PACKAGE_MAX 128u

static bool is_hash(const char *text)
{
	return !text[0] || (strspn(text, "0123456789abcdef") == 64 && !text[64]);
}

static void get_identity(struct pst_in *in, struct pst_past_identity *identity)
{
	char *hash;

	identity->hash_state = pst_in_up_to(in, PST_HASH_STATES - 1);
	identity->owner = pst_in_up_to(in, PST_OWNERS - 1);
	hash = pst_in_must(in, sizeof(identity->sha256) - 1);
	if (hash && is_hash(hash))
		strcpy(identity->sha256, hash);
	else
		pst_in_refuse(in, "a digest is none");
	free(hash);
	identity->package = pst_in_text(in, PACKAGE_MAX);
	identity->version = pst_in_text(in, PACKAGE_MAX);
	identity->first_s = pst_in_seconds(in);
	identity->last_s = pst_in_seconds(in);
}

static void get_fact(struct pst_in *in, struct pst_past_fact *fact)
{
	fact->what = pst_in_up_to(in, PST_PAST_WHATS - 1);
	if (!fact->what)
		pst_in_refuse(in, "a value is out of its range");
	fact->text = pst_in_must(in, PST_PAST_TEXT);
	fact->count = pst_in_u64(in);
	pst_in_time(in, &fact->time);
}

/* The oldest of those that are too many are not kept: what is above the bound is counted. */
static void get_facts(struct pst_in *in, struct pst_history *history,
		      struct pst_past_program *program)
{
	uint32_t count = pst_in_u32(in);

	for (uint32_t i = 0; i < count && !in->why; i++) { /* each takes bytes of the file */
		struct pst_past_fact fact = { .text = NULL }, *to;

		get_fact(in, &fact);
		to = in->why ? NULL : pst_past_make_fact(history, program);
		if (to) {
			*to = fact;
			continue;
		}
		free(fact.text);
		pst_in_no_memory(in); /* no news when it was refused */
	}
}

static void get_flags(struct pst_in *in, struct pst_past_program *program)
{
	uint8_t flags = pst_in_up_to(in, PST_STATE_PROGRAM_FLAGS);

	program->vendor = flags & PST_STATE_VENDOR;
	program->memfd = flags & PST_STATE_MEMFD;
	program->foreign_root = flags & PST_STATE_FOREIGN;
	program->settled = flags & PST_STATE_SETTLED;
	program->standing_told = flags & PST_STATE_TOLD;
	program->argument = flags & PST_STATE_ARGUMENT;
}

static void get_units(struct pst_in *in, struct pst_past_program *program)
{
	program->unit_count = pst_in_up_to(in, PST_PAST_UNITS);
	for (uint32_t i = 0; i < program->unit_count; i++)
		program->units[i] = pst_in_must(in, PST_PAST_UNIT_TEXT);
}

static void get_new(struct pst_in *in, struct pst_past_program *program)
{
	uint32_t counts[PST_PAST_DAYS] = { 0 };

	pst_in_steps(in, counts, PST_PAST_DAYS);
	for (size_t i = 0; i < PST_PAST_DAYS; i++)
		program->new_on_day[i] = counts[i] < UINT16_MAX ? (uint16_t)counts[i] : UINT16_MAX;
}

/* get_program - NULL when it is refused */
static struct pst_past_program *get_program(struct pst_in *in, struct pst_history *history)
{
	char *path = pst_in_must(in, PST_PAST_TEXT), *interpreter = pst_in_text(in, PST_PAST_TEXT);
	struct pst_past_program head = { .path = NULL }, *program = NULL;

	get_flags(in, &head);
	if (!in->why)
		program = pst_past_make_program(history, path, head.foreign_root);
	free(path);
	if (!program) {
		free(interpreter);
		pst_in_refuse(in, "a program stands in it twice");
		return NULL;
	}
	program->vendor = head.vendor;
	program->memfd = head.memfd;
	program->settled = program->was_settled = head.settled;
	program->standing_told = head.standing_told;
	program->argument = head.argument;
	program->interpreter = interpreter;
	get_units(in, program);
	program->identity_count = pst_in_up_to(in, PST_PAST_IDENTITIES);
	for (uint32_t i = 0; i < program->identity_count; i++)
		get_identity(in, &program->identity[i]);
	pst_in_time(in, &program->time);
	program->execs = pst_in_u64(in);
	program->seen_s = pst_in_u64(in);
	program->last_new_s = pst_in_seconds(in);
	program->review_until_s = pst_in_seconds(in);
	program->dropped = pst_in_u64(in);
	get_new(in, program);
	get_facts(in, history, program);
	return program;
}

static void get_channels(struct pst_in *in, struct pst_history *history,
			 struct pst_past_owner *const *owners, uint32_t programs)
{
	uint32_t count = in->channels;

	for (uint32_t i = 0; i < count && !in->why; i++) /* each takes bytes of the file */
		pst_past_read_channel(in, history, owners, programs);
}

/* The oldest programs are forgotten when the file holds more than there is room for. */
static void get_all(struct pst_in *in, struct pst_history *history)
{
	uint32_t spared = in->programs > history->keys.max_programs ?
				  in->programs - (uint32_t)history->keys.max_programs :
				  0;
	struct pst_past_owner **owners;

	if (in->programs > (size_t)(in->end - in->at)) {
		pst_in_refuse(in, "it counts more programs than it holds");
		return;
	}
	owners = calloc((size_t)in->programs + 1, sizeof(*owners));
	if (!owners) {
		pst_in_no_memory(in);
		return;
	}
	for (uint32_t i = 0; i < in->programs && !in->why; i++) {
		struct pst_past_program *program = get_program(in, history);

		owners[i] = program && i >= spared ? pst_past_owner_of(program) : NULL;
	}
	get_channels(in, history, owners, in->programs);
	free(owners);
	if (in->at != in->end)
		pst_in_refuse(in, "it goes on where it should end");
}

/* open - the header and the sum; what lies between them remains to be read */
static void open_file(struct pst_in *in, const uint8_t *bytes, size_t len)
{
	uint8_t sum[PST_SHA256_BYTES];
	const uint8_t *magic = pst_in_take(in, sizeof(PST_STATE_MAGIC) - 1);

	if (!magic || memcmp(magic, PST_STATE_MAGIC, sizeof(PST_STATE_MAGIC) - 1) != 0) {
		in->why = "it is no state file of postern";
		return;
	}
	if (len < PST_STATE_HEADER + PST_SHA256_BYTES) {
		pst_in_refuse(in, "it ends before its header does");
		return;
	}
	if (pst_in_u32(in) != PST_STATE_VERSION) {
		pst_in_refuse(in, "it is of a version that this postern does not know");
		return;
	}
	pst_sha256(bytes, len - sizeof(sum), sum);
	if (memcmp(sum, bytes + len - sizeof(sum), sizeof(sum)) != 0) {
		pst_in_refuse(in, "its sum is wrong: it is torn or was changed");
		return;
	}
	in->end -= sizeof(sum);
	in->programs = pst_in_u32(in);
	in->channels = pst_in_u32(in);
	(void)pst_in_u32(in); /* zero, for later versions */
	in->wall_s = pst_in_seconds(in);
}

/* become - @history is what @fresh was, and the other way round */
static void exchange(struct pst_history *history, struct pst_history *fresh)
{
	const struct pst_history kept = *history;

	*history = *fresh;
	*fresh = kept;
	pst_table_context(history->programs, history);
	pst_table_context(history->channels, history);
	pst_table_context(fresh->programs, fresh);
	pst_table_context(fresh->channels, fresh);
}

int pst_history_read(struct pst_history *history, const uint8_t *bytes, size_t len,
		     const char **why)
{
	struct pst_history *fresh = pst_history_new(&history->keys);
	struct pst_in in = { .at = bytes, .end = bytes + len };
	int r = 0;

	if (!fresh)
		return -ENOMEM;
	open_file(&in, bytes, len);
	if (!in.why)
		get_all(&in, fresh);
	if (in.why) {
		*why = in.why;
		r = in.no_memory ? -ENOMEM : -EBADMSG;
	} else {
		fresh->written_s = in.wall_s;
		exchange(history, fresh);
	}
	pst_history_free(fresh);
	return r;
}
