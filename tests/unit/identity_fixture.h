// SPDX-License-Identifier: Apache-2.0
/* Programs that say who they are, for the tests of the engine: those of no vendor by their place,
 * and answers to what was asked last. */
#ifndef PST_TEST_IDENTITY_FIXTURE_H
#define PST_TEST_IDENTITY_FIXTURE_H

#include "engine_fixture.h"

/* Process @tgid executes /usr/bin/@name, which is of no vendor by its place. */
static inline void run_own(struct wire *w, uint32_t tgid, const char *name)
{
	wire_process(w, tgid);
	wire_exec_path(w, "usr", "bin", name);
}

/* Process @tgid executes the script /opt/acme/@name, which /usr/bin/@interpreter runs. */
static inline void run_script(struct wire *w, uint32_t tgid, const char *name,
			      const char *interpreter)
{
	char tail[WIRE_TAIL];
	size_t path = (size_t)snprintf(tail, 64, "%s%cbin%cusr", interpreter, 0, 0) + 1;
	size_t file = (size_t)snprintf(tail + path, 64, "/opt/acme/%s", name);

	wire_process(w, tgid);
	wire_exec_tail(w,
		       (struct pst_rec_exec){
			       .path_len = (uint16_t)path,
			       .file_len = (uint16_t)file,
			       .exec_flags = PST_EXEC_SCRIPT,
			       .inode = (uint8_t)interpreter[0], /* another one, another file */
		       },
		       tail);
}

/* Process @tgid executes /usr/bin/agent in that docker container. */
static inline void run_contained(struct wire *w, uint32_t tgid, const char *id)
{
	static const char path[] = "agent\0bin\0usr";
	char tail[WIRE_TAIL];
	size_t cgroup;

	memcpy(tail, path, sizeof(path));
	cgroup = (size_t)snprintf(tail + sizeof(path), 100, "%s%cdocker", id, 0) + 1;
	wire_process(w, tgid);
	wire_exec_tail(w,
		       (struct pst_rec_exec){ .path_len = sizeof(path),
					      .cgroup_len = (uint16_t)cgroup,
					      .inode = 4711 },
		       tail);
}

/* Its runtime says that the container is of that image. */
static inline void contained(struct wire *w, const char *id, const char *image)
{
	struct pst_rec_container rec = { .h = wire_head(w, PST_REC_CONTAINER, sizeof(rec)),
					 .runtime = "docker" };

	memset(&rec.h.task, 0, sizeof(rec.h.task));
	memcpy(rec.id, id, sizeof(rec.id));
	memcpy(rec.image, image, strlen(image));
	wire_send(w, &rec, sizeof(rec));
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

/* The kernel measured the file that is executed next, or was last; a digest of these bytes. */
static inline void measured(struct wire *w, uint32_t algorithm, uint8_t byte)
{
	struct pst_rec_measured rec = { .h = wire_head(w, PST_REC_MEASURED, sizeof(rec)),
					.inode = w->inode,
					.algorithm = algorithm };

	memset(&rec.h.task, 0, sizeof(rec.h.task));
	memset(rec.digest, byte, sizeof(rec.digest));
	wire_send(w, &rec, sizeof(rec));
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
