// SPDX-License-Identifier: Apache-2.0
/* What is known of a program's file, whose is it, and what changes when that is told? An answer
 * comes seconds after the first process of the program: until then its path decides. */
#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"
#include "base/digest.h"

#define LINEAGE_LOOKS 1024u

bool pst_program_has_host_path(const struct pst_program *program)
{
	return program->path[0] == '/' && !program->foreign_root && !program->path_cut &&
	       !program->memfd && !program->deleted;
}

static bool is_below(const char *const *prefixes, const char *path)
{
	for (size_t i = 0; prefixes && prefixes[i]; i++) { /* NULL-terminated by contract */
		if (strncmp(path, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

bool pst_program_is_vendor_path(const struct pst_attrib *attrib, const char *path)
{
	return is_below(attrib->keys.vendor_paths, path);
}

/*
 * is_vendor - does no package of the distribution own it?
 * A path that was cut lost its upper end, so it may lie anywhere; no distribution installs that
 * deep. A file without a name counts when it had none at the exec: one that is found running
 * without a name was perhaps only replaced by an upgrade. Where nobody could say who owns it, its
 * place decides.
 */
static bool is_vendor(const struct pst_attrib *attrib, const struct pst_program *program)
{
	if (program->memfd || program->path_cut || program->unnamed)
		return true;
	if (program->owner != PST_OWNER_UNKNOWN)
		return program->owner != PST_OWNER_DISTRIBUTION;
	return is_below(attrib->keys.vendor_paths, program->path);
}

void pst_program_decide(const struct pst_attrib *attrib, struct pst_program *program)
{
	program->vendor = is_vendor(attrib, program);
}

void pst_program_touch(struct pst_attrib *attrib, struct pst_program *program, uint64_t ctime_ns)
{
	if (program->ctime_ns != ctime_ns) {
		program->ctime_ns = ctime_ns;
		program->hash_state =
			PST_HASH_UNKNOWN; /* its package stays known until an answer */
		program->sha256[0] = '\0';
		program->identity_asked = false;
		free(program->measured);
		program->measured = NULL;
	}
	(void)pst_program_measure(attrib, program); /* its EXEC is news enough */
}

void pst_program_forget(struct pst_program *program)
{
	free(program->package);
	free(program->version);
	free(program->origin);
	free(program->measured);
	program->package = program->version = program->origin = program->measured = NULL;
}

/* An answer without a hash takes none away: it came too late, or the file was in the way. With the
 * first one it is sure that the kernel's is all there is. */
static bool take_hash(struct pst_program *program, const struct pst_identity_seen *seen)
{
	char hex[2 * sizeof(seen->sha256) + 1];
	bool differs;

	if (seen->hash_state != PST_HASHED) {
		differs = program->hash_state == PST_HASH_UNKNOWN && *pst_program_sha256(program);
		if (program->hash_state != PST_HASHED)
			program->hash_state = seen->hash_state;
		return differs;
	}
	pst_hex(seen->sha256, sizeof(seen->sha256), hex);
	differs = strcmp(program->sha256, hex) != 0;
	memcpy(program->sha256, hex, sizeof(hex));
	program->hash_state = PST_HASHED;
	return differs;
}

/* Without memory for it, it is not known: a legal answer. */
static bool take_text(char **into, const char *text)
{
	if (strcmp(*into ? *into : "", text) == 0)
		return false;
	free(*into);
	*into = text[0] ? strdup(text) : NULL;
	return true;
}

/* Nor does an answer of nobody take an owner away. A package owns what its path names on the host,
 * which a program of a container, of memory or without a name is not. */
static bool take_owner(struct pst_program *program, const struct pst_identity_seen *seen)
{
	bool differs;

	if (seen->owner == PST_OWNER_UNKNOWN || !pst_program_has_host_path(program))
		return false;
	differs = program->owner != seen->owner;
	program->owner = seen->owner;
	differs |= take_text(&program->package, seen->package);
	differs |= take_text(&program->version, seen->version);
	differs |= take_text(&program->origin, seen->origin);
	return differs;
}

static bool is_of(const struct pst_program *program, const struct pst_identity_seen *seen)
{
	return program->inode == seen->inode && program->dev_major == seen->dev_major &&
	       program->dev_minor == seen->dev_minor && program->ctime_ns == seen->ctime_ns &&
	       strlen(program->path) == seen->path.len &&
	       memcmp(program->path, seen->path.data, seen->path.len) == 0;
}

bool pst_image_comes_of(const struct pst_image *image, const struct pst_program *program)
{
	for (unsigned int i = 0; image && i < LINEAGE_LOOKS; i++, image = image->prev) {
		if (image->program == program)
			return true;
	}
	return image != NULL; /* too long to be followed: to be judged again harms nobody */
}

static void unbind(struct pst_attrib *attrib, const struct pst_program *program)
{
	struct pst_image_slot *slot = NULL;

	while ((slot = pst_table_next(attrib->images, slot, NULL))) {
		if (pst_image_comes_of(&slot->image, program))
			pst_image_slot_unbind(slot);
	}
}

static bool take(struct pst_attrib *attrib, struct pst_program *program,
		 const struct pst_identity_seen *seen, struct pst_identity_news *news)
{
	bool was_vendor = program->vendor, hash = take_hash(program, seen),
	     owner = take_owner(program, seen);

	pst_program_decide(attrib, program);
	*news = (struct pst_identity_news){ .program = program,
					    .vendor = program->vendor != was_vendor };
	if (hash || owner)
		unbind(attrib, program);
	return hash || owner || news->vendor;
}

size_t pst_attrib_identity(struct pst_attrib *attrib, const struct pst_identity_seen *seen,
			   struct pst_identity_news news[PST_IDENTITY_NEWS])
{
	struct pst_program *program = NULL;
	size_t count = 0;

	while (count < PST_IDENTITY_NEWS &&
	       (program = pst_table_next(attrib->programs, program, NULL))) {
		if (is_of(program, seen) && take(attrib, program, seen, &news[count]))
			count++;
	}
	return count;
}
