// SPDX-License-Identifier: Apache-2.0
/* source: where frames and contracts come from. The only files of engine/ that read anything. */
#ifndef PST_ENGINE_SOURCE_H
#define PST_ENGINE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/diag.h"
#include "config/config.h"
#include "engine/engine.h"

#define PST_KEYS_DIR PST_SYSCONFDIR "/postern/keys.d"

typedef void (*pst_tell_fn)(void *context, const char *text);

#define PST_SOURCE_REJECTS 16

struct pst_source_report {
	uint64_t frames, bytes, rejected;
	uint64_t reject_at[PST_SOURCE_REJECTS]; /* offsets of the first broken records */
	char error[256];			/* why reading ended early; "" at a clean end */
	bool clean_end;				/* an END record closed the stream */
};

/*
 * pst_source_file - replay a recording, or standard input for "-", through the engine until its end
 * @report: always written
 * Returns 0; -errno when it cannot be read; -EPROTO when it is no recording of ours; -EBADMSG when
 * it cannot be followed to its end.
 */
int pst_source_file(struct pst_engine *engine, const char *path, struct pst_source_report *report);

/*
 * pst_source_text - a whole file as text
 * Returns its length and the text, NUL-terminated, which the caller frees; -EFBIG above @max;
 * -errno.
 */
int64_t pst_source_text(const char *path, size_t max, char **out);

#define PST_STATE_FILE "profiles.state" /* in the state folder */

/*
 * pst_source_history - take in what earlier sessions knew, before the first frame
 * A file that is refused is kept aside, told as a warning, and the session begins without it.
 * Returns 0, also without a file; -errno when it was refused.
 */
int pst_source_history(struct pst_engine *engine, const char *folder);

/* pst_source_is_state - is it such a file, by its first bytes? "-", standard input, is none */
bool pst_source_is_state(const char *path);

/*
 * pst_source_state - what such a file remembers, in place of what @history held
 * Returns 0; -errno with a sentence in @why, static or until the next strerror.
 */
int pst_source_state(struct pst_history *history, const char *path, const char **why);

/* pst_source_history_save - write it, whole or not at all; 0 or -errno, which is told as a health
 * record; @now_s: wall clock */
int pst_source_history_save(struct pst_engine *engine, const char *folder, uint64_t now_s);

struct pst_save { /* by a child, while the engine goes on */
	const char *folder;
	uint64_t now_s; /* wall clock */
	pid_t pid;	/* 0: none is on its way */
};

/* pst_source_history_begin - write what is known now; 0; -EBUSY while another is on its way; -errno
 * when no child can be made, told as above */
int pst_source_history_begin(struct pst_engine *engine, struct pst_save *save);

/* pst_source_history_ended - what became of it: 0; -EAGAIN while it is on its way; -ECHILD when
 * none was; -errno, told as above */
int pst_source_history_ended(struct pst_engine *engine, struct pst_save *save);

/* pst_source_history_wait - the same, once it has ended; -ETIMEDOUT, told, when it has not after
 * @ms */
int pst_source_history_wait(struct pst_engine *engine, struct pst_save *save, unsigned int ms);

/* How signatures are held against the keys of a folder, which are read each time. A signature that
 * does not verify is never ignored. */
struct pst_signing {
	const char *folder;		     /* of the keys; PST_KEYS_DIR may be missing */
	bool require;			     /* a contract without a signature is refused */
	bool only_tell;			     /* what is wrong is told as a note, nothing refused */
	const struct pst_versions *versions; /* NULL: versions are not compared */
};

/*
 * pst_source_contracts - every *.json of a folder, in the order of their names
 * @tell: gets one message per error, rendered with its place; notes are told when @tell_notes is
 * set
 * @refused: number of files with errors; may be NULL
 * Returns 0 and the set, which the caller frees; -EINVAL when a file has errors; -errno for the
 * folder. @out only on success.
 */
struct pst_source_contracts_keys {
	const char *folder;
	pst_tell_fn tell;
	void *context;
	enum pst_diag_level level; /* PST_DIAG_ERROR: errors only; PST_DIAG_NOTE: notes too */
	const struct pst_signing *signing; /* NULL: signatures are not looked at */
	/* instead of @tell; gets all findings of one reading of one file, of both levels */
	void (*take)(void *context, const struct pst_diags *diags);
};
int pst_source_contracts(const struct pst_source_contracts_keys *keys, struct pst_contracts **out,
			 uint32_t *refused);

/* pst_source_contract_file - the same for one file, into a set that is there */
int pst_source_contract_file(struct pst_contracts *set, const char *path,
			     const struct pst_source_contracts_keys *keys);

/* pst_source_config - a configuration file over @config; messages as above */
int pst_source_config(struct pst_config *config, const char *path, pst_tell_fn tell, void *context);

#endif
