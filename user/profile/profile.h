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
	struct pst_addr
		peer; /* of a listener where it listens; kinds without IP: see peer_text.c */
	uint16_t kind;
	uint16_t port;
	uint32_t zero;
};

struct pst_totals { /* sums over channels */
	uint64_t channels, attempts, established, failures, closed, taken, given;
	uint64_t bytes_out, bytes_in, packets_out, packets_in;
};

struct pst_channel {
	struct pst_channel_key key;
	struct pst_addr local; /* zero until known */
	uint16_t local_port;
	uint16_t family, sock_type, protocol;
	bool v6_socket, ip_bytes, folded, preexisting;
	bool handed, kernel, asked, late, hidden, bare; /* as in struct pst_channel_seen */
	char *name; /* raw bytes, name_len of them and a NUL: path, interface, device; NULL: none */
	uint16_t name_len;
	uint32_t peer_tgid;	  /* unix; 0: unknown */
	struct pst_proc_id owner; /* who opened the socket, when another process; else zero */
	enum pst_class class_;	  /* of the first bytes */
	char *server_name;	  /* of the first TLS ClientHello; NULL: none */
	char *alpn;		  /* NULL: none */
	bool name_mismatch;	  /* a server name came that is none of the names of the address */
	bool from_sample;	  /* first sight was lost; made of a SAMPLE */
	bool open;	   /* as far as known: established minus closed, a listener until closed */
	bool grew;	   /* its latest record said more than was known before */
	uint64_t more_out; /* bytes sent, of what it said more, */
	uint64_t more_bursts; /* and bursts */
	bool turned; /* its latest record said for the first time that it is handed, hidden, late or
			folded */
	uint64_t cookie;	     /* of the latest socket */
	uint64_t first_ns, last_ns;  /* of what it did; not of the samples that repeat it */
	struct pst_counters count;   /* since the sensor began; only grow */
	enum pst_result last_result; /* 0: none yet */
	uint32_t last_error;
	struct pst_image_id image; /* at first sight, or when it was judged last */
	uint32_t program;	   /* pst_program.number of what ran then; outlives the process */
	/* written by contract/ */
	enum pst_verdict verdict;
	uint8_t judged_by; /* its enum pst_judged_by; 0: nothing allowed it */
	int32_t clause;	   /* index in the contract's channels, or -1 */
	uint32_t contract_generation;
	uint64_t contract_mark; /* the same for the same contract in every set; 0: none */
	/* written by detect/ */
	uint32_t told;	       /* a bit per detector that told of it */
	uint32_t told_results; /* a bit per enum pst_result that they told */
	uint64_t judged;       /* attempts up to which findings counted it, or nothing was wrong */
	/* written by the channel records */
	struct pst_totals told_count;
	uint64_t told_ns;
	/* written by the engine, for the history of weeks (history.h) */
	bool known_before;	    /* its program had it in an earlier session */
	bool past_told;		    /* the history knows that an alert told it */
	struct pst_past_id past_of; /* whom it is charged to there */
	struct pst_totals past;	    /* what was added there */
	uint64_t past_bursts;
};

void pst_totals_add(struct pst_totals *to, const struct pst_counters *count); /* one channel */
void pst_totals_set(struct pst_totals *to, const struct pst_counters *count); /* to it alone */

/* pst_totals_since - what a channel counted after it was @then; no bursts: sums have none */
struct pst_counters pst_totals_since(const struct pst_totals *then, const struct pst_counters *now);
bool pst_counters_is_zero(const struct pst_counters *count); /* bursts aside */

/* What is known of one program over all of its processes. */
struct pst_program_profile {
	uint32_t number;	 /* pst_program.number */
	uint64_t settle_from_ns; /* when it was first seen running */
	bool settled;
	uint64_t settled_ns; /* the tick at which it settled; 0 before */
	/* its file was changed: what it opens in that time is one difference; 0: it was not */
	uint64_t review_from_ns, review_until_ns;
	uint64_t execs;
	struct pst_totals
		gone; /* channels of its ended processes that were forgotten to make room */
};

struct pst_profile_keys {
	size_t max_channels; /* default 32768 */
	size_t max_programs; /* default 4096 */
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

/* pst_profile_payload - take in a PAYLOAD event of @process: the channel that carried it, with
 * class, server name and ALPN written, each once; NULL when it is not known, or the bytes are
 * malformed */
struct pst_channel *pst_profile_payload(struct pst_profile *profile, const struct pst_event *event,
					const struct pst_process *process);

/* pst_channel_mismatch - the server name that was greeted is none of the names of the address; it
 * stands as the channel's server name from now on */
void pst_channel_mismatch(struct pst_channel *channel, const char *server_name);

/*
 * pst_channel_peer_text - the other end as people and SIEMs read it: "10.1.2.3:443",
 * "vsock:2:5000", "unix:/run/x", "unix:@abstract", "packet:eth0/0x88b5", "netlink:route",
 * "tunnel:tun0", "alg:hash:sha256" Bytes that are not printable ASCII are escaped. Returns @out,
 * always terminated.
 */
const char *pst_channel_peer_text(const struct pst_channel *channel, char *out, size_t out_size);

/* pst_channel_end_order - by kind, peer, then port, whoever has them: for comparators of qsort */
int pst_channel_end_order(const struct pst_channel *a, const struct pst_channel *b);

void pst_profile_each(struct pst_profile *profile,
		      bool (*visit)(void *context, struct pst_channel *channel), void *context);

/* pst_profile_each_of - the same for the channels of one process */
void pst_profile_each_of(struct pst_profile *profile, const struct pst_proc_id *proc,
			 bool (*visit)(void *context, struct pst_channel *channel), void *context);

/* pst_profile_program - the profile of a program, made when it is not there; NULL only without
 * memory; borrowed */
struct pst_program_profile *pst_profile_program(struct pst_profile *profile,
						const struct pst_program *program);

/* pst_profile_gone - what the forgotten channels of a program carried; NULL: nothing; borrowed */
const struct pst_totals *pst_profile_gone(const struct pst_profile *profile, uint32_t program);

struct pst_budget {   /* what was sent on one day (UTC) */
	uint64_t day; /* since 1970 */
	uint64_t bytes_out;
	bool told; /* that it is too much */
};

#define PST_RHYTHM_STARTS 9u

struct pst_rhythm { /* when the last bursts began, in their order */
	uint64_t start_ns[PST_RHYTHM_STARTS];
	size_t count;
	bool told; /* that they are out of step */
};

/* pst_profile_budget - the sum under a key, begun anew on another day; NULL only without memory;
 * borrowed */
struct pst_budget *pst_profile_budget(struct pst_profile *profile, uint64_t key, uint64_t day);

/* pst_profile_rhythm - as above, the beginnings of bursts */
struct pst_rhythm *pst_profile_rhythm(struct pst_profile *profile, uint64_t key);

/* pst_rhythm_add - a burst began; false when that is told already: one less than @merge_ns away is
 * the same one, or it is older than all that are remembered */
bool pst_rhythm_add(struct pst_rhythm *rhythm, uint64_t start_ns, uint64_t merge_ns);

struct pst_profile_figures {
	size_t channels, open_channels, programs;
	uint64_t evicted, from_samples;
};
void pst_profile_figures(const struct pst_profile *profile, struct pst_profile_figures *out);

#endif
