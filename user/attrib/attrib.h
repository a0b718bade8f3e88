// SPDX-License-Identifier: Apache-2.0
/* attrib: who did it? Processes, program images and their lineage, kept from EXEC, FORK and EXIT
 * and from the task that stands in every other record, so that a lost record costs a name, never
 * the attribution. Pure; bounded. */
#ifndef PST_ATTRIB_ATTRIB_H
#define PST_ATTRIB_ATTRIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"

#define PST_LINEAGE_MAX 32 /* images of a lineage that are kept when the rest can be spared */

/* One program image: what was executed. Interned by (path, device, inode): see program below. */
struct pst_past_id { /* of a program in the history: a digest of its path */
	uint8_t b[16];
};

struct pst_program {
	char *path;	   /* raw bytes, never NULL; "" when unknown. memfd: "/memfd:name" */
	char *interpreter; /* what runs the script: raw path; NULL for all else */
	bool argument;	   /* the script was named as an argument: the interpreter was executed */
	uint64_t inode;
	uint32_t dev_major, dev_minor;
	bool memfd, deleted, path_cut, foreign_root;
	bool vendor; /* no package of the distribution owns it; until that is known: by path */
	/* what IDENTITY said of its file; all unknown before */
	uint64_t ctime_ns;
	enum pst_hash_state hash_state;
	char sha256[65]; /* "" when not known */
	enum pst_owner owner;
	char *package, *version; /* raw, terminated; NULL: none known */
	char *origin;		 /* who made the package; NULL: not known */
	char *measured; /* the kernel's own digest of what ran: "sha1:..."; NULL: none known */
	bool identity_asked;
	uint64_t asked_ns;	  /* when it was asked last */
	struct pst_proc_id asker; /* executed it, and waits to ask; zero: nobody does */
	bool unnamed;		  /* its file had no name left when it was executed */
	uint32_t refs;		  /* images that use it */
	uint32_t number;	  /* 1, 2, ... in the order of their first sight */
	uint64_t first_exec_ns;	  /* of the first process seen with it */
	bool ran_before_us;
	/* written by the channel records: what they took of the budget of that day */
	uint64_t told_bytes, told_day_ns;
	/* written by the engine, which would compute it at each exec */
	struct pst_past_id past_id;
	bool has_past_id;
};

struct pst_image {
	struct pst_image_id id;
	struct pst_program *program; /* never NULL: an unknown one has path "" */
	struct pst_image
		*prev; /* image that executed this one; NULL at the top or when it was never seen */
	char *args;    /* argv, NULs kept; NULL when unknown */
	size_t args_len;
	bool args_cut;
	char *cwd;    /* working directory at the exec; NULL when it is not known whole */
	char *cgroup; /* path in cgroup v2, "" when unknown */
	char *unit;   /* systemd unit that the cgroup names: "acme.service"; "" when none */
	char *home;   /* unit that stays in charge though the cgroup names another; "" when not
			 known, NULL when the cgroup is right */
	char container_id[65]; /* that the cgroup names; "" when none */
	const char *runtime;   /* of the container: "docker"; NULL when none */
	char *container_image; /* by whose name that was made, raw; NULL: not known */
	uint32_t session_id, login_uid, uid;
	uint32_t stdio_mask;
	struct pst_stdio stdio[3];
	bool has_more; /* the four below are known */
	uint64_t caps_effective, caps_permitted;
	uint64_t pipe_inode[3];	 /* of descriptors 0..2 that are pipes; 0: none */
	uint64_t peer_cookie[3]; /* of the unix socket that descriptor n is connected to; 0: none */
	bool preexisting;
	bool strayed;	    /* a process of it was put into a cgroup by somebody but systemd */
	uint32_t processes; /* living processes that run it */
	uint32_t children;  /* images whose prev is this one */
	/* written by contract/: which contract binds it */
	int32_t contract; /* index in the set, or -1 */
	int32_t software; /* index of the software clause that matched, or -1 when inherited */
	struct pst_image *binder;     /* image that matched itself; NULL when unbound */
	uint32_t contract_generation; /* set that judged it; 0: never */
	bool has_bound;		      /* was once the binder of another image */
};

struct pst_process {
	struct pst_proc_id id;
	struct pst_proc_id parent; /* who forked it */
	struct pst_proc_id root;
	struct pst_image *image; /* never NULL */
	uint32_t uid, netns, mntns, pidns;
	uint64_t cgroup_id;
	char comm[17];
	bool handed;	    /* systemd put it into its cgroup, and it has executed nothing since */
	uint32_t handed_to; /* hash of that unit's name; 0: the cgroup's name does not say it */
	bool exited;
	uint32_t exit_code;
	uint64_t exit_ns;
	bool preexisting;
};

struct pst_attrib_keys {
	size_t max_processes; /* living and just ended ones; default 16384 */
	size_t max_images;    /* default 16384 */
	size_t max_questions; /* DNS questions that wait for their answer; default 2048 */
	size_t max_named;     /* addresses whose names are remembered; default 8192 */
	const char *const
		*vendor_paths; /* NULL-terminated prefixes, each ended by '/': "/opt/"; borrowed */
};

struct pst_attrib;

struct pst_attrib *pst_attrib_new(
	const struct pst_attrib_keys *keys); /* NULL without memory; caller frees */
void pst_attrib_free(struct pst_attrib *attrib);

/*
 * pst_attrib_see - take in one event: update the tables, and find the acting process
 * Every event with a task makes or refreshes its process. Returns the process, borrowed until the
 * next call, or NULL for events without a task.
 */
struct pst_process *pst_attrib_see(struct pst_attrib *attrib, const struct pst_event *event);

/* pst_attrib_find - a process that is still in the table, or NULL; borrowed */
struct pst_process *pst_attrib_find(const struct pst_attrib *attrib, const struct pst_proc_id *id);
struct pst_process *pst_attrib_find_pid(const struct pst_attrib *attrib,
					uint32_t tgid); /* the youngest of that pid */

/* pst_attrib_subject - the image that a finding is charged to when no contract binds: nearest
 * vendor image of the lineage, or NULL */
const struct pst_image *pst_attrib_subject(const struct pst_image *image);

/* pst_image_home_unit - the unit in charge, which a process does not leave by entering another
 * one's cgroup; "" when none is known */
const char *pst_image_home_unit(const struct pst_image *image);

/* pst_attrib_each - walk all processes; @visit returns false to stop */
void pst_attrib_each(struct pst_attrib *attrib,
		     bool (*visit)(void *context, struct pst_process *process), void *context);
void pst_attrib_each_image(struct pst_attrib *attrib,
			   bool (*visit)(void *context, struct pst_image *image), void *context);

/* pst_attrib_descends - did @ancestor fork @id, or one that did? By the process table, as far as it
 * reaches; a process does not descend from itself */
bool pst_attrib_descends(const struct pst_attrib *attrib, const struct pst_proc_id *id,
			 const struct pst_proc_id *ancestor);

/* ---- names (names.c) ----
 * A name is told by an answer of a configured resolver to a question that was asked, or by the
 * hosts file. It holds for max(TTL, the life of who asked, 24 h) of the stream's time, for all
 * processes. Only what is asked in the network namespace of the host's init is learned. */

#define PST_NAMES_MAX 8 /* of one address */

/* pst_attrib_is_elsewhere - is the process in a network namespace in which no name is learned? */
bool pst_attrib_is_elsewhere(const struct pst_attrib *attrib, const struct pst_process *process);

/* pst_attrib_names - up to @max names of an address, the latest first; returns how many; borrowed
 * until the next event */
size_t pst_attrib_names(const struct pst_attrib *attrib, const struct pst_addr *addr,
			const char **out, size_t max);

/*
 * pst_attrib_has_name - is this a name of the address?
 * @pattern: compared without case; "*.example.com" is any name below example.com
 */
bool pst_attrib_has_name(const struct pst_attrib *attrib, const struct pst_addr *addr,
			 const char *pattern);

/* pst_name_matches - as pst_attrib_has_name, of a name that is known */
bool pst_name_matches(const char *pattern, const char *name);

/* pst_attrib_name_for - the name that led this process to the address: the latest that it asked for
 * itself, else the latest that anybody did; NULL when none is known; lower case, printable;
 * borrowed until the next event */
const char *pst_attrib_name_for(const struct pst_attrib *attrib, const struct pst_process *process,
				const struct pst_addr *addr);

/* ---- who a program is (identity.c) ---- */

#define PST_IDENTITY_NEWS 8 /* programs of one file and path: executed as memory, deleted, ... */

struct pst_identity_news {
	struct pst_program *program; /* something new is known of; borrowed until the next event */
	bool vendor;		     /* it became, or is no longer, vendor software */
};

/*
 * pst_attrib_identity - what IDENTITY says is known from now on of the programs that it speaks of
 * An answer about a file that was changed since (another ctime) says nothing. What runs such a
 * program, and what came of it, is unbound: a contract may name its package or its hash.
 * Returns how many there are in @news; those that learned nothing new do not count.
 */
size_t pst_attrib_identity(struct pst_attrib *attrib, const struct pst_identity_seen *seen,
			   struct pst_identity_news news[PST_IDENTITY_NEWS]);

/*
 * pst_attrib_measured - MEASURED comes before the EXEC of what was measured: it is kept, bounded,
 * for the programs of that file, and known from now on of those that are there. A script's file is
 * not what was measured. As pst_attrib_identity.
 */
size_t pst_attrib_measured(struct pst_attrib *attrib, const struct pst_measured_seen *seen,
			   struct pst_identity_news news[PST_IDENTITY_NEWS]);

/* pst_program_sha256 - 64 digits, "" when not known: as read by us, else as measured by the kernel
 */
const char *pst_program_sha256(const struct pst_program *program);

/* pst_program_hash_state - of which of both it is; PST_HASH_MEASURED: the kernel's */
enum pst_hash_state pst_program_hash_state(const struct pst_program *program);

/* pst_program_measured_sha256 - the kernel's, NULL when it measured none by that algorithm */
const char *pst_program_measured_sha256(const struct pst_program *program);

/* pst_program_hashes_differ - has the file, unchanged by its times, another SHA-256 than the kernel
 * measured when it was executed? */
bool pst_program_hashes_differ(const struct pst_program *program);

/* pst_program_has_host_path - does its path name its file on the host, so that a package may own
 * it? */
bool pst_program_has_host_path(const struct pst_program *program);

/* pst_image_comes_of - does it, or one that led to it, run @program? */
bool pst_image_comes_of(const struct pst_image *image, const struct pst_program *program);

/* ---- of which image a container is (container.c) ---- */

/* pst_attrib_asks_container - is it to be asked of which image @image's container is? Once, and
 * again after a minute without an answer; it counts as asked then */
bool pst_attrib_asks_container(struct pst_attrib *attrib, const struct pst_image *image,
			       uint64_t time_ns);

/* pst_attrib_container - what CONTAINER says is known from now on of all that runs in it */
void pst_attrib_container(struct pst_attrib *attrib, const struct pst_container_seen *seen);

struct pst_attrib_figures {
	size_t processes, living, images, programs;
	uint64_t evicted, unknown_images; /* images that a record named and no EXEC described */
	size_t named;			  /* addresses that have names */
	uint64_t names_evicted, dns_questions, dns_answers;
	uint64_t dns_unmatched; /* answers that nobody asked for */
	uint64_t dns_untrusted; /* answers of peers that are no configured resolver of the host */
	uint64_t dns_malformed;
};
void pst_attrib_figures(const struct pst_attrib *attrib, struct pst_attrib_figures *out);

/* pst_program_executed - the path that execve was given: of a script that was an argument its
 * interpreter's; raw */
static inline const char *pst_program_executed(const struct pst_program *program)
{
	return program->argument && program->interpreter ? program->interpreter : program->path;
}

/* pst_program_name - last component of the path, or comm-like stand-in "?"; borrowed, raw bytes */
const char *pst_program_name(const struct pst_program *program);

#endif
