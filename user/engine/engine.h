// SPDX-License-Identifier: Apache-2.0
/* engine: the pipeline. Frames go in; decode, attrib, profile, contract, detect and alert see them
 * in that order; records come out to the sinks. It makes no system call: sources bring the frames,
 * sinks do the writing. */
#ifndef PST_ENGINE_ENGINE_H
#define PST_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"
#include "config/config.h"
#include "sink/sink.h"

#define PST_ENGINE_HOOKS_MAX 128

struct pst_engine;
struct pst_history;

struct pst_identify { /* a program whose file is to be hashed and looked up; all borrowed */
	struct pst_proc_id proc;  /* one that runs it */
	uint64_t inode, ctime_ns; /* of the executed file */
	uint32_t dev_major, dev_minor;
	const char *path;   /* of the program: of a script the script's; raw, terminated */
	bool script;	    /* @path is a script: hash it, not what /proc/PID/exe names */
	bool has_host_path; /* @path names the file on the host: a package may own it */
	const char *cgroup; /* of that process: whose programs take turns; "" when unknown */
	bool container;	    /* no program: of which image is "docker/ID", which @path says? The
			       answer is a CONTAINER frame */
};

struct pst_engine_keys {
	const struct pst_config *config; /* borrowed for the engine's life */
	pst_record_fn emit;		 /* gets every record */
	/* asks who a new program is; the answer comes as an IDENTITY frame, or never. Returns
	 * whether it was asked: else it is called again. NULL: the stream brings what is known */
	bool (*identify)(void *context, const struct pst_identify *program);
	void *context;
};

/* pst_engine_new - NULL without memory; caller frees */
struct pst_engine *pst_engine_new(const struct pst_engine_keys *keys);
void pst_engine_free(struct pst_engine *engine);

/* pst_engine_contracts - the stream that begins now is judged by this set; the engine takes it over
 */
void pst_engine_contracts(struct pst_engine *engine, struct pst_contracts *set);

/*
 * pst_engine_reload - swap contracts and judge all live channels again
 * @set: taken over; NULL: the new files were refused, the old set stays
 * @refused: how many files had errors; @why: the first error, for the health record
 */
void pst_engine_reload(struct pst_engine *engine, struct pst_contracts *set, uint32_t refused,
		       const char *why);

/*
 * pst_engine_frame - one frame of the stream
 * Returns 0; -EBADMSG for a broken record, which was counted (the stream goes on); -EPROTO when the
 * stream does not open with a HOST frame that this build can read: pst_engine_error says why, and
 * nothing more is taken.
 */
int pst_engine_frame(struct pst_engine *engine, const void *frame, size_t len);
const char *pst_engine_error(const struct pst_engine *engine); /* "" when there is none */

/* pst_engine_end - the stream is over: flush alerts, tell channels, last health record; later
 * frames are refused */
void pst_engine_end(struct pst_engine *engine);

struct pst_warning {
	const char *action, *code; /* borrowed for ever: "contract-versions", "VERSIONS_UNKNOWN" */
	char message[1024];	   /* safe to print */
};

/* pst_engine_warn - what the caller found wrong beside the stream, as a health record; copied. Told
 * at once, or when the watch has begun: up to 8 wait for that */
void pst_engine_warn(struct pst_engine *engine, const struct pst_warning *warning);

/* pst_engine_history - what programs did over weeks; the caller may read a state into it before the
 * first frame. Borrowed for the engine's life */
struct pst_history *pst_engine_history(const struct pst_engine *engine);

/* pst_engine_remember - whatever happened until now becomes part of the history; before it is read
 */
void pst_engine_remember(struct pst_engine *engine);

/* pst_engine_sinks - figures of the sinks, for the next health record; copied */
void pst_engine_sinks(struct pst_engine *engine, const struct pst_sink_figures *figures,
		      size_t count);

struct pst_engine_figures {
	uint64_t seen, rejected, unknown_type, lost, unknown_verdicts;
	uint64_t malformed; /* first bytes and DNS messages that claimed to be what they are not */
	struct pst_sockets sockets; /* of the last full sweep; late and gone: of all of them */
	uint64_t time_ns, started_ns;
	struct pst_alert_figures alert;
	struct pst_attrib_figures attrib;
	struct pst_profile_figures profile;
	struct pst_vitals vitals;
	size_t contracts, contracts_signed;
	uint32_t refused;
	bool ended;
};
void pst_engine_figures(const struct pst_engine *engine, struct pst_engine_figures *out);

struct pst_units {
	size_t processes, in_units; /* of them: in a systemd unit, as far as that can be seen */
};
/* pst_engine_units - of the processes that live now */
struct pst_units pst_engine_units(const struct pst_engine *engine);
#define PST_UNITS_ADVICE                                                            \
	"units are read from cgroup v2, and where systemd keeps them in cgroup v1 " \
	"they are not seen: name the path or the package, or boot with "            \
	"systemd.unified_cgroup_hierarchy=1"

/* What views are made of; borrowed. */
struct pst_attrib *pst_engine_attrib(const struct pst_engine *engine);
struct pst_profile *pst_engine_profile(const struct pst_engine *engine);
const struct pst_contracts *pst_engine_contract_set(const struct pst_engine *engine);
const struct pst_hook *pst_engine_hooks(const struct pst_engine *engine, size_t *count);
int64_t pst_engine_wall_offset(const struct pst_engine *engine);

#endif
