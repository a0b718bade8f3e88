// SPDX-License-Identifier: Apache-2.0
/* Which files does nobody read again for now? A file system in user space or a network disk may let
 * a reader wait for ever. The file that did is left alone for some minutes, and so is all of its
 * file system after the third one; block devices are not held to be dead: they are only slow. What
 * an EXEC told of a script is its interpreter's: there the path counts, and its folder; likewise of
 * a container its name, and its runtime. */
#include "sensor/worker.h"

#include <string.h>

#include "base/digest.h"

#define REMEMBERED_NS (600 * 1000000000ull)
#define FILES_OF_DEAD 3u

static uint64_t digest_of(const char *text, size_t len)
{
	uint8_t sha256[PST_SHA256_BYTES];
	uint64_t digest;

	pst_sha256(text, len, sha256);
	memcpy(&digest, sha256, sizeof(digest));
	return digest;
}

static struct pst_hung_file file_of(const struct pst_worker_ask *ask)
{
	const char *name = strrchr(ask->path, '/'); /* each has one */

	if (ask->flags & (PST_ASK_SCRIPT | PST_ASK_CONTAINER))
		return (struct pst_hung_file){ .file = digest_of(ask->path, strlen(ask->path)),
					       .disk = digest_of(ask->path,
								 (size_t)(name - ask->path)) };
	return (struct pst_hung_file){ .file = ask->inode,
				       .disk = (uint64_t)ask->dev_major << 32 | ask->dev_minor,
				       .is_block = ask->dev_major != 0 };
}

void pst_hung_note(struct pst_hung *hung, const struct pst_worker_ask *ask, uint64_t now_ns)
{
	struct pst_hung_file file = file_of(ask);

	file.since_ns = now_ns;
	hung->files[hung->next++ % PST_HUNG_FILES] = file;
}

bool pst_hung_has(const struct pst_hung *hung, const struct pst_worker_ask *ask, uint64_t now_ns)
{
	const struct pst_hung_file wanted = file_of(ask);
	size_t of_disk = 0;

	for (size_t i = 0; i < PST_HUNG_FILES; i++) {
		const struct pst_hung_file *known = &hung->files[i];

		if (!known->since_ns || now_ns - known->since_ns > REMEMBERED_NS ||
		    known->disk != wanted.disk)
			continue;
		if (known->file == wanted.file)
			return true;
		of_disk += !known->is_block;
	}
	return of_disk >= FILES_OF_DEAD;
}
