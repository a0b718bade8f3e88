// SPDX-License-Identifier: Apache-2.0
/* profile: what did each process, and by sum each program, do? Channels with peers, counters,
 * times, bursts. Pure; bounded. */
#ifndef PST_PROFILE_PROFILE_H
#define PST_PROFILE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrib/attrib.h"
#include "decode/event.h"

enum pst_verdict {
	PST_VERDICT_NONE, /* not judged yet */
	PST_DECLARED,
	PST_UNDECLARED,
	PST_UNKNOWN,   /* only a clause that cannot be judged might allow it */
	PST_UNMANAGED, /* no contract binds the process */
};

const char *pst_verdict_name(enum pst_verdict verdict);

/* Ports of the peer side; for listen and accept the local port. No source port of a client, ever.
 */
struct pst_channel_key {
	struct pst_proc_id proc;
	struct pst_addr peer; /* the listening address for tcp_listen */
	uint16_t kind;
	uint16_t port;
	uint32_t zero;
};

struct pst_channel {
	struct pst_channel_key key;
	struct pst_addr local; /* zero until known */
	uint16_t local_port;
	uint16_t family, sock_type, protocol;
	bool v6_socket, ip_bytes, folded, preexisting;
	bool from_sample; /* first sight was lost; made of a SAMPLE */
	bool open;	  /* as far as known: established minus closed, a listener until closed */
	bool grew;	  /* its latest record said more than was known before */
	uint64_t cookie;  /* of the latest socket */
	uint64_t first_ns, last_ns;  /* of what it did; not of the samples that repeat it */
	struct pst_counters count;   /* since the sensor began; only grow */
	enum pst_result last_result; /* 0: none yet */
	uint32_t last_error;
	struct pst_image_id image; /* the image at first sight */
	/* written by contract/ */
	enum pst_verdict verdict;
	int32_t clause; /* index in the contract's channels, or -1 */
	uint32_t contract_generation;
	uint64_t contract_mark; /* the same for the same contract in every set; 0: none */
	/* written by detect/ */
	uint32_t told;	       /* a bit per detector that told of it */
	uint32_t told_results; /* a bit per enum pst_result that they told */
	uint64_t judged;       /* attempts up to which findings counted it, or nothing was wrong */
	/* written by the channel records */
	struct pst_counters told_count;
	uint64_t told_ns;
};

/* What is known of one program over all of its processes. */
struct pst_program_profile {
	uint32_t number;	 /* pst_program.number */
	uint64_t settle_from_ns; /* when it was first seen running */
	bool settled;
	uint64_t settled_ns; /* the tick at which it settled; 0 before */
	uint64_t execs;
};

struct pst_profile_keys {
	size_t max_channels;	      /* default 32768 */
	size_t max_programs;	      /* default 4096 */
	size_t max_peers_per_process; /* default 1024 */
	/* called before a channel is forgotten while the profile goes on; may be NULL; must not
	 * change the profile */
	void (*dropped)(void *context, struct pst_channel *channel);
	void *context;
};

struct pst_profile;

struct pst_profile *pst_profile_new(
	const struct pst_profile_keys *keys); /* NULL without memory; caller frees */
void pst_profile_free(struct pst_profile *profile);

/*
 * pst_profile_see - take in a CHANNEL, RESULT, SAMPLE, EXEC or EXIT event of @process
 * @is_new: set when the channel was not known before
 * Returns the channel, borrowed until the next call, or NULL when the event concerns none.
 */
struct pst_channel *pst_profile_see(struct pst_profile *profile, const struct pst_event *event,
				    const struct pst_process *process, bool *is_new);

void pst_profile_each(struct pst_profile *profile,
		      bool (*visit)(void *context, struct pst_channel *channel), void *context);

/* pst_profile_program - the profile of a program, made when it is not there; NULL only without
 * memory; borrowed */
struct pst_program_profile *pst_profile_program(struct pst_profile *profile,
						const struct pst_program *program);

struct pst_profile_figures {
	size_t channels, open_channels, programs;
	uint64_t evicted, from_samples;
};
void pst_profile_figures(const struct pst_profile *profile, struct pst_profile_figures *out);

#endif
