// SPDX-License-Identifier: Apache-2.0
/* What do the sensor, its worker and the clerk say to each other? Each is a process of its own:
 *   sensor  all capabilities; asks, and never waits for an answer
 *   worker  may look into other processes and read their files; hashes them
 *   clerk   no capability, another user; runs the host's package tools and reads what they print
 * One message is one datagram of a socketpair, always between processes of one build. */
#ifndef PST_SENSOR_WORKER_H
#define PST_SENSOR_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "abi/record.h"
#include "base/container.h"
#include "sensor/sensor.h"

struct stat;

#define PST_OWN_FD 3 /* of worker and clerk: the socket to whom they answer */

#define PST_ASK_SCRIPT 1u
#define PST_ASK_HOST_PATH 2u
#define PST_ASK_BLIND 4u     /* leave its file alone: a worker hung on it, or on its disk */
#define PST_ASK_CONTAINER 8u /* no program: the path is "RUNTIME/ID" */

struct pst_worker_ask { /* sent as far as the path's NUL */
	uint64_t start_ns, inode, ctime_ns;
	uint32_t tgid, dev_major, dev_minor, flags;
	char path[PST_PATH_MAX];
};

#define PST_ASK_HEAD offsetof(struct pst_worker_ask, path)

union pst_worker_answer { /* the header is the sensor's to fill */
	struct {	  /* sent as far as rec.path_len says */
		struct pst_rec_identity rec;
		char path[PST_PATH_MAX];
	};
	struct pst_rec_container container; /* of PST_ASK_CONTAINER */
};

/* One byte of the worker, before its answer. */
enum pst_worker_word {
	PST_WORD_READING = 1, /* it still reads, and gets something */
	PST_WORD_ASKING,      /* the clerk has it now, whose tools have their own bounds */
	PST_WORD_SLOW,	      /* the file took longer than its size allows, and was given up */
};

struct pst_clerk_answer {
	uint32_t owner; /* PST_IDENT_OWNER_*; 0: nobody could say */
	char manager[8], package[128], version[128], origin[128];
	char image[PST_IMAGE_NAME]; /* of a container; "": the file does not say it */
};

struct pst_worker_keys {
	bool hash, packages;
	uint64_t max_bytes, bytes_per_second;
	const char *origins;
};

/* ---- questions.c: those that wait ---- */
struct pst_question {
	struct pst_question *next;
	uint64_t turn;
	uint32_t lane;
	size_t len;
	uint8_t bytes[]; /* struct pst_worker_ask, as far as it goes */
};

struct pst_questions;
struct pst_questions *pst_questions_new(void); /* NULL without memory */
void pst_questions_free(struct pst_questions *questions);
/* pst_questions_put - 0, or -EAGAIN when that asker has too many */
int pst_questions_put(struct pst_questions *questions, const struct pst_worker_ask *ask,
		      const char *cgroup);
/* pst_questions_take - the next one, which the caller frees; NULL when none waits */
struct pst_question *pst_questions_take(struct pst_questions *questions);

/* ---- hung.c: files on which a worker hung ---- */
#define PST_HUNG_FILES 32u

struct pst_hung_file {
	uint64_t file, disk, since_ns; /* 0: none */
	bool is_block;
};

struct pst_hung { /* starts as zeros */
	struct pst_hung_file files[PST_HUNG_FILES];
	size_t next;
};

void pst_hung_note(struct pst_hung *hung, const struct pst_worker_ask *ask, uint64_t now_ns);
bool pst_hung_has(const struct pst_hung *hung, const struct pst_worker_ask *ask, uint64_t now_ns);

/* ---- worker.c ---- */
void pst_worker_say(enum pst_worker_word word);
/* pst_worker_start - fork it; @fd is our end, non-blocking; returns its pid, or -errno */
pid_t pst_worker_start(const struct pst_worker_keys *keys, int *fd);

/* ---- privilege.c: what a process of ours gives up for good ---- */
/* pst_privilege_child - end with the parent, no descriptor but @keep, which becomes
 * PST_OWN_FD, and none of its signals; does not return when the parent is gone already */
void pst_privilege_child(pid_t parent, int keep);
void pst_privilege_keep(uint64_t capabilities); /* only these, and none more by exec */
void pst_privilege_nobody(void); /* another user, where we may; then no capability at all */

/* ---- program_file.c: which bytes are behind a program? ---- */
struct pst_hasher;
struct pst_hasher *pst_hasher_new(const struct pst_worker_keys *keys); /* NULL without memory */
/* pst_program_file - fill size, sha256 and hash_state of @rec
 * Returns true when the path names that same file on the host now. */
bool pst_program_file(struct pst_hasher *hasher, const struct pst_worker_ask *ask,
		      struct pst_rec_identity *rec);

/* ---- clerk.c ---- */
struct pst_clerk {
	int fd; /* -1: none */
	pid_t pid;
};
void pst_clerk_start(struct pst_clerk *clerk, const char *origins);
/* pst_clerk_ask - who owns that path? With a @file, which is borrowed, -1: none: which image does
 * it tell of the container "RUNTIME/ID"? Zero when it does not answer */
struct pst_clerk_answer pst_clerk_ask(struct pst_clerk *clerk, const char *text, int file);

/* ---- container.c: who says of which image a container is? ---- */
/* pst_container_ask - fill all but the header of @rec, for "RUNTIME/ID" */
void pst_container_ask(struct pst_clerk *clerk, const struct pst_worker_ask *ask,
		       struct pst_rec_container *rec);
/* pst_container_read - the clerk's part: what that file says of "RUNTIME/ID" */
struct pst_clerk_answer pst_container_read(int file, const char *text);

/* ---- packages.c: which package owns a path? ---- */
struct pst_packages;
struct pst_packages *pst_packages_new(const char *origins); /* NULL without memory */
struct pst_clerk_answer pst_packages_find(struct pst_packages *packages, const char *path);

/* ---- tool.c ---- */
struct pst_tool {
	const char *const *argv; /* ended by NULL; the first is an absolute path */
	size_t limit;		 /* bytes of output; more is an error */
	size_t file_bytes;	 /* that it may write into one file */
	unsigned int cpu_seconds, seconds;
	bool complaints; /* what it prints on standard error counts as output */
};
/* pst_tool_run - one program, no shell, no environment but LC_ALL and PATH
 * Returns its exit status with what it printed in @out, which the caller frees; -ETIMEDOUT, -E2BIG,
 * or another -errno: then @out is not written. */
int pst_tool_run(const struct pst_tool *tool, char **out, size_t *len);

#endif
