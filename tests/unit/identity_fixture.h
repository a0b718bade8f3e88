// SPDX-License-Identifier: Apache-2.0
/* Programs that say who they are, for the tests of the engine: those of no vendor by their place,
 * and answers to what was asked last. */
#ifndef PST_TEST_IDENTITY_FIXTURE_H
#define PST_TEST_IDENTITY_FIXTURE_H

#include "engine_fixture.h"

/* Process @tgid executes /usr/bin/@name, which is of no vendor by its place. */
static inline void run_own(struct wire *w, uint32_t tgid, const char *name)
{
	struct {
		struct pst_rec_exec rec;
		char tail[64];
	} exec;
	size_t path, size;

	w->task = (struct pst_rec_task){ .start_ns = w->time_ns,
					 .image = { .exec_ns = w->time_ns, .tgid = tgid },
					 .tgid = tgid,
					 .tid = tgid,
					 .mntns = 1 };
	memset(&exec, 0, sizeof(exec));
	path = (size_t)snprintf(exec.tail, sizeof(exec.tail), "%s%cbin%cusr", name, 0, 0) + 1;
	size = (sizeof(exec.rec) + path + 7) / 8 * 8;
	exec.rec.h = wire_head(w, PST_REC_EXEC, size);
	exec.rec.path_len = (uint16_t)path;
	exec.rec.inode = w->inode;
	exec.rec.prev = w->prev;
	wire_send(w, &exec, size);
}

struct answer {
	uint32_t owner;
	const char *package, *version;
};

/* What was asked last is answered. */
static inline void answer(struct wire *w, struct answer said)
{
	struct {
		struct pst_rec_identity rec;
		char path[64];
	} identity;
	size_t len = strlen(w->asked_path), size = sizeof(identity.rec) + len;

	memset(&identity, 0, sizeof(identity));
	identity.rec.h = wire_head(w, PST_REC_IDENTITY, size);
	memset(&identity.rec.h.task, 0, sizeof(identity.rec.h.task));
	identity.rec.inode = w->question.inode;
	identity.rec.ctime_ns = w->question.ctime_ns;
	identity.rec.hash_state = w->hash_state ? w->hash_state : PST_IDENT_HASHED;
	if (identity.rec.hash_state == PST_IDENT_HASHED)
		identity.rec.sha256[0] = w->sha256 ? w->sha256 : 0xcd;
	identity.rec.owner = said.owner;
	(void)snprintf((char *)identity.rec.package, sizeof(identity.rec.package), "%s",
		       said.package);
	(void)snprintf((char *)identity.rec.version, sizeof(identity.rec.version), "%s",
		       said.version);
	identity.rec.path_len = (uint16_t)len;
	memcpy(identity.path, w->asked_path, len);
	wire_send(w, &identity, size);
}

static inline void raw_socket(struct wire *w)
{
	struct pst_rec_channel rec = { .h = wire_head(w, PST_REC_CHANNEL, sizeof(rec)),
				       .cookie = 77,
				       .kind = PST_KIND_RAW,
				       .family = AF_INET,
				       .sock_type = SOCK_RAW,
				       .protocol = 253 };

	wire_peer(rec.peer);
	wire_send(w, &rec, sizeof(rec));
}

#endif
