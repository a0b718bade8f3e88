// SPDX-License-Identifier: Apache-2.0
/* What does one record say? A flat copy of process, lineage, channel and verdict, which outlives
 * what it was copied from: updates of an alert are written minutes after its process and channel
 * are gone. Used inside alert/ only. */
#ifndef PST_ALERT_FACTS_H
#define PST_ALERT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/detect.h"

#define PST_FACTS_TEXT 24576u	   /* all strings of one record; offsets fit in 16 bits */
#define PST_FACTS_STRING_MAX 2048u /* one of them; the longest is argv */
#define PST_FACTS_PEER_MAX 512u	   /* of pst_channel_peer_text: the longest name, escaped */
#define PST_FACTS_CHAIN_MAX 16u	   /* images of the lineage that are shown, nearest first */

enum pst_fact { /* strings; raw bytes unless they come from us */
		PST_FACT_NAME,
		PST_FACT_EXECUTABLE, /* of a script: its interpreter */
		PST_FACT_SCRIPT,     /* a script's own path */
		PST_FACT_ARGS,	     /* NULs kept: see args_len */
		PST_FACT_CWD,	     /* at the exec */
		PST_FACT_PARENT_NAME,
		PST_FACT_PARENT_EXECUTABLE,
		PST_FACT_ROOT,
		PST_FACT_UNIT,
		PST_FACT_HOME_UNIT, /* when it is another one */
		PST_FACT_CONTRACT,  /* that judged it */
		PST_FACT_BOUND_BY,  /* contract that binds the image */
		PST_FACT_VERSION,
		PST_FACT_DIGEST,
		PST_FACT_CLAUSE,
		PST_FACT_NEAREST,
		PST_FACT_WHY_NOT,
		PST_FACT_WOULD_ALLOW,
		PST_FACT_MESSAGE,
		PST_FACT_REASON,
		PST_FACT_ABOUT,	      /* what a finding without a channel is about */
		PST_FACT_PEER,	      /* the other end, when it is no IP address */
		PST_FACT_PATH,	      /* of a unix socket that has one */
		PST_FACT_DOMAIN,      /* name that led to the address */
		PST_FACT_SERVER_NAME, /* of TLS */
		PST_FACT_ALPN,
		PST_FACT_OPENER_NAME, /* of a socket that was handed over */
		PST_FACT_OPENER_EXECUTABLE,
		PST_FACT_SHA256,   /* of the program's file: of a script the script's */
		PST_FACT_MEASURED, /* the kernel's digest of it: "sha1:..." */
		PST_FACT_PACKAGE,  /* that owns it */
		PST_FACT_PACKAGE_VERSION,
		PST_FACT_ORIGIN, /* who made the package */
		PST_FACT_OWNER,	 /* pst_owner_name; absent when not known */
		PST_FACT_CONTAINER,
		PST_FACT_RUNTIME,
		PST_FACT_CONTAINER_IMAGE,
		PST_FACTS,
};

struct pst_facts {
	enum pst_detector_id detector;
	enum pst_severity severity;
	uint32_t score;
	uint64_t time_ns;
	enum pst_verdict verdict;
	struct pst_proc_id proc, parent; /* tgid 0: none */
	uint32_t uid;
	uint32_t netns, mntns, pidns; /* 0: not known */
	uint32_t exit_code;
	bool has_caps;
	uint64_t caps_effective; /* at the exec */
	uint32_t stdio_mask;	 /* bit n: descriptor n was a socket at the exec */
	struct pst_stdio stdio[3];
	uint64_t pipe_inode[3]; /* 0: no pipe */
	bool has_process, has_channel, preexisting, exited;
	bool args_cut, memfd, deleted; /* of the image */
	bool hash_is_kernels;	       /* nobody else made the SHA-256 */
	bool hashes_differ;	       /* the kernel measured another one */
	uint64_t inode;
	uint32_t dev_major, dev_minor;
	uint32_t standing_total;
	struct pst_channel channel; /* copy; its counters too; its strings are facts */
	uint16_t args_len;
	uint16_t chain_count, standing_count;
	uint16_t at[PST_FACTS]; /* offset in text; 0: absent */
	uint16_t chain[PST_FACTS_CHAIN_MAX];
	uint16_t standing[PST_STANDING_MAX];
	uint32_t text_len;
	char text[PST_FACTS_TEXT]; /* a kept copy ends at text_len */
};

/* pst_fact - one string, or NULL; borrowed */
const char *pst_fact(const struct pst_facts *facts, enum pst_fact which);

void pst_facts_init(struct pst_facts *facts);
void pst_facts_process(struct pst_facts *facts, const struct pst_process *process,
		       const struct pst_image *image);
void pst_facts_channel(struct pst_facts *facts, const struct pst_channel *channel);
/* pst_facts_contract - the contract that binds @image, when @contracts is the set that it was bound
 * by */
void pst_facts_contract(struct pst_facts *facts, const struct pst_contracts *contracts,
			const struct pst_image *image);
/* pst_facts_exec - as pst_facts_contract, but the verdict is that of the contract of what called
 * exec, if one with an exec list judged it */
void pst_facts_exec(struct pst_facts *facts, const struct pst_contracts *contracts,
		    const struct pst_image *image);
void pst_facts_finding(struct pst_facts *facts, const struct pst_contracts *contracts,
		       const struct pst_finding *finding);
/* pst_would_allow - the words of a contract that would allow what that detector tells, by the name
 * of what was done or executed, or of who did it (would_allow.c); "" when it is a channel's entry,
 * or the name cannot be written down; returns @out */
const char *pst_would_allow(enum pst_detector_id detector, const char *name, char *out,
			    size_t out_size);

/* pst_facts_others - who opened the channel's socket, and which name led to its peer; @attrib may
 * be NULL: nothing is known of others */
void pst_facts_others(struct pst_facts *facts, struct pst_attrib *attrib,
		      const struct pst_process *process);
void pst_facts_redact(struct pst_facts *facts); /* secrets in argv */

/* pst_facts_keep - an owned copy no larger than its strings, or NULL without memory; caller frees
 */
struct pst_facts *pst_facts_keep(const struct pst_facts *facts);

/* pst_facts_parent - the image that a process's parent ran when it forked it, or NULL when that is
 * not known */
const struct pst_image *pst_facts_parent(const struct pst_process *process,
					 const struct pst_image *image);

#endif
