// SPDX-License-Identifier: Apache-2.0
/* What did the kernel itself measure (IMA) of the file behind a program? Its digest is of the bytes
 * that were executed; ours is of those that were read a moment later. */
#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"
#include "base/text.h"

#define SHA256 "sha256:"

_Static_assert(sizeof(struct pst_measured_key) == 24, "no padding in a key");

static struct pst_measured_key key_of(const struct pst_program *program)
{
	return (struct pst_measured_key){ .inode = program->inode,
					  .ctime_ns = program->ctime_ns,
					  .dev_major = program->dev_major,
					  .dev_minor = program->dev_minor };
}

bool pst_program_measure(struct pst_attrib *attrib, struct pst_program *program)
{
	struct pst_measured_key key = key_of(program);
	/* of a script the interpreter's file was measured */
	const char *digest = program->interpreter ? NULL : pst_table_find(attrib->measured, &key);

	if (!digest || (program->measured && strcmp(program->measured, digest) == 0))
		return false;
	free(program->measured);
	program->measured = strdup(digest); /* without memory it is not known */
	return program->measured != NULL;
}

size_t pst_attrib_measured(struct pst_attrib *attrib, const struct pst_measured_seen *seen,
			   struct pst_identity_news news[PST_IDENTITY_NEWS])
{
	struct pst_measured_key key = { .inode = seen->inode,
					.ctime_ns = seen->ctime_ns,
					.dev_major = seen->dev_major,
					.dev_minor = seen->dev_minor };
	char *digest = pst_table_put(attrib->measured, &key, NULL);
	struct pst_program *program = NULL;
	size_t count = 0;

	if (!digest)
		return 0;
	(void)pst_text_copy(digest, PST_MEASURED_TEXT, seen->digest); /* it fits */
	while (count < PST_IDENTITY_NEWS &&
	       (program = pst_table_next(attrib->programs, program, NULL))) {
		struct pst_measured_key own = key_of(program);

		if (memcmp(&own, &key, sizeof(key)) == 0 && pst_program_measure(attrib, program))
			news[count++] = (struct pst_identity_news){ .program = program };
	}
	return count;
}

const char *pst_program_measured_sha256(const struct pst_program *program)
{
	size_t len = sizeof(SHA256) - 1;

	return program->measured && strncmp(program->measured, SHA256, len) == 0 ?
		       program->measured + len :
		       NULL;
}

const char *pst_program_sha256(const struct pst_program *program)
{
	const char *measured = pst_program_measured_sha256(program);

	return !program->sha256[0] && measured ? measured : program->sha256;
}

enum pst_hash_state pst_program_hash_state(const struct pst_program *program)
{
	return !program->sha256[0] && pst_program_measured_sha256(program) ? PST_HASH_MEASURED :
									     program->hash_state;
}

bool pst_program_hashes_differ(const struct pst_program *program)
{
	const char *measured = pst_program_measured_sha256(program);

	return measured && program->sha256[0] && strcmp(program->sha256, measured) != 0;
}
