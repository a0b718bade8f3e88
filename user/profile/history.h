// SPDX-License-Identifier: Apache-2.0
/* history: what did each program do over weeks, across restarts and reboots? One entry per program
 * and channel, summed over its processes; what a contract is drafted from, and what a channel is
 * held against that seems new. Pure; bounded; times are seconds of the wall clock, since boots have
 * clocks of their own. */
#ifndef PST_PROFILE_HISTORY_H
#define PST_PROFILE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrib/attrib.h"
#include "profile/profile.h"

#define PST_PAST_NAMES 4      /* host names of one channel that are kept */
#define PST_PAST_UNITS 4      /* of one program */
#define PST_PAST_IDENTITIES 4 /* of one program: the latest */
#define PST_PAST_DAYS 64      /* days of which it is known whether a channel was used */
#define PST_PAST_STEPS                                                                           \
	40		   /* of a histogram: step n counts values in [2^n, 2^(n+1)), as shares: \
			      before one is full all are halved, so that the latest weigh most */
#define PST_PAST_GAPS 16   /* latest gaps that are kept as they were */
#define PST_PAST_TEXT 4096 /* bytes of a path or another text; what is longer is cut */
#define PST_PAST_UNIT_TEXT 1023

struct pst_past_time {
	uint64_t first_s, last_s;
	uint64_t days; /* bit n: active n days before the day of last_s; bit 0 is that day (UTC) */
	uint32_t days_total; /* days on which it was active, however long ago */
};

struct pst_past_count { /* as in struct pst_counters */
	uint64_t attempts, established, failures, closed;
	uint64_t bytes_out, bytes_in, packets_out, packets_in;
	uint64_t taken, given, bursts;
};

/* There may be tens of thousands: small, and in the order that leaves no holes. */
struct pst_past_channel {
	uint16_t kind, port; /* as in struct pst_channel_key; 0 of what comes in by IP: a port that
				the kernel chose, another one each time */
	uint16_t family, sock_type, protocol;
	uint16_t name_len;
	bool folded, kernel, handed, v6_socket, ip_bytes;
	bool proposed;	      /* was once told by an alert: no draft takes it silently */
	uint8_t verdict;      /* enum pst_verdict: the latest */
	uint8_t name_count;   /* of names[] */
	struct pst_addr peer; /* of a listener where it listens */
	char *name;	      /* raw, name_len bytes and a NUL; NULL: none */
	char *via; /* path of the program that had it, as long as the one it is charged to never had
		      it itself; else NULL */
	char *names[PST_PAST_NAMES]; /* host names that led to the peer; lower case, printable; the
					latest first */
	char *server_name;	     /* last TLS server name; NULL: none */
	uint64_t accepted_from; /* listener: how many different peers were accepted (channels) */
	struct pst_past_time time;
	struct pst_past_count count;
	uint64_t last_burst_s;
	uint8_t gaps[PST_PAST_STEPS];	/* between the beginnings of two bursts, in ms */
	uint8_t sizes[PST_PAST_STEPS];	/* of a burst, in bytes */
	uint32_t gap_ms[PST_PAST_GAPS]; /* gap n is at n % PST_PAST_GAPS */
	uint64_t gap_count;		/* of all, ever */
};

enum pst_past_what { /* what a program did beside channels; values are the file's: append only */
		     PST_PAST_EXEC = 1, /* text: path that it executed */
		     PST_PAST_HANDED,	/* path of the program whose socket it was given */
		     PST_PAST_FILTER,	/* "sha256:..." or "tag:..." */
		     PST_PAST_MODULE,	/* name */
		     PST_PAST_URING,	/* "" network through io_uring */
		     PST_PAST_BPF,	/* number of a program type */
		     PST_PAST_MEMFD,	/* "" executed from memory */
		     PST_PAST_DELETED,	/* "" executed a deleted file */
		     PST_PAST_WHATS,
};

struct pst_past_fact {
	enum pst_past_what what;
	char *text; /* raw, terminated */
	uint64_t count;
	struct pst_past_time time;
};

struct pst_past_identity {
	enum pst_hash_state hash_state;
	char sha256[65]; /* "" when not known */
	enum pst_owner owner;
	char *package, *version; /* NULL: none known */
	uint64_t first_s, last_s;
};

/* One program that channels are charged to: what a contract binds, else the vendor software of the
 * lineage, else the first program of its systemd service, else the program itself. */
struct pst_past_program {
	struct pst_past_id id; /* of path and foreign_root */
	char *path;	       /* raw, terminated; of a script the script's */
	char *interpreter;     /* NULL: none */
	bool argument;	       /* the script was once named as an argument of its interpreter */
	bool vendor, memfd, foreign_root;
	char *units[PST_PAST_UNITS];
	uint32_t unit_count;
	struct pst_past_identity identity[PST_PAST_IDENTITIES]; /* [0] is the latest */
	uint32_t identity_count;
	struct pst_past_time time;
	uint64_t execs, seen_s;		    /* seen_s: sum of the time that we watched it running */
	uint64_t last_new_s;		    /* when its last new channel was seen */
	uint16_t new_on_day[PST_PAST_DAYS]; /* [n]: new channels n days before the day of last_s,
					       65535: or more */
	bool settled;
	bool standing_told;		    /* its standing channels were told once */
	uint64_t review_until_s;	    /* channels new until then are one diff; 0: none */
	struct pst_past_channel **channels; /* pointers, so that they stay where they are */
	size_t channel_count;
	struct pst_past_fact *facts;
	size_t fact_count;
	uint64_t dropped; /* channels and facts that were forgotten to make room */
	/* of this session only: the file that ran last, and when another one took its place */
	uint32_t number; /* pst_program.number; 0: it has not run yet */
	uint64_t ctime_ns, replaced_s;
	bool was_settled, was_settled_then; /* when the session began; at replaced_s */
	bool unread_told;		    /* that the file of replaced_s could not be read */
	uint64_t looked_s;		    /* not kept: seen_s counts until then */
};

struct pst_history_keys {
	size_t max_programs;		 /* default 4096 */
	size_t max_channels;		 /* over all programs; default 32768 */
	size_t max_channels_per_program; /* default 2048 */
	size_t max_facts;		 /* of one program; default 256 */
};

struct pst_history;

struct pst_history *pst_history_new(const struct pst_history_keys *keys); /* NULL without memory */
void pst_history_free(struct pst_history *history);

/* pst_history_program - found or made; becomes the most recently used, and active at that time;
 * NULL without memory; borrowed until the next call that makes one */
struct pst_past_program *pst_history_program(struct pst_history *history, const char *path,
					     uint64_t now_s);

/* pst_history_foreign - the same of a foreign_root program, whose path says nothing of the host's:
 * an entry of its own that pst_history_find never returns */
struct pst_past_program *pst_history_foreign(struct pst_history *history, const char *path,
					     uint64_t now_s);

/* pst_past_id_of - the id of a program, there or not; costs a digest: who asks often keeps it */
struct pst_past_id pst_past_id_of(const char *path, bool foreign);

/* pst_history_again - the same of one that is there, by its id; else NULL */
struct pst_past_program *pst_history_again(struct pst_history *history,
					   const struct pst_past_id *id, uint64_t now_s);

/* pst_history_at - the program that had this id, when it is still there, or NULL; borrowed; counts
 * as no use */
struct pst_past_program *pst_history_at(const struct pst_history *history,
					const struct pst_past_id *id);

/* pst_history_find - by path, or NULL; borrowed */
const struct pst_past_program *pst_history_find(const struct pst_history *history,
						const char *path);

struct pst_past_sight { /* what is to be added to a channel */
	const struct pst_channel *channel;
	const struct pst_counters *since; /* what it did since it was added last; its bursts: those
					     with numbers from since->bursts before the channel's
					     end, or its latest one when that is left out */
	bool bursting;	 /* the channel's latest burst may grow: it is left for the next time */
	const char *via; /* NULL: the program itself */
	const char *const *names; /* host names that led to the peer; may be NULL */
	size_t name_count;
	int64_t wall_offset_ns; /* wall clock minus the channel's */
};

/*
 * pst_history_add - add to a program's channel, which is made when it is new
 * In a full program, or a full history, the least recently used channel makes room (counted).
 * @is_new: may be NULL
 * Returns the channel, borrowed until the next one is added; NULL without memory.
 */
struct pst_past_channel *pst_history_add(struct pst_history *history,
					 struct pst_past_program *program,
					 const struct pst_past_sight *sight, bool *is_new);

/* pst_history_knows - was this channel, charged to that program, seen in an earlier session or
 * sight? By kind, peer, port and name. NULL: no; borrowed as above */
const struct pst_past_channel *pst_history_knows(const struct pst_history *history,
						 const struct pst_past_program *program,
						 const struct pst_channel *channel);

struct pst_past_rhythm {
	uint64_t median_ms;
	uint32_t spread_permille; /* how far from the median four of five gaps lie at most */
	uint32_t gaps;		  /* how many it was made of */
};

/* pst_past_rhythm - of its latest gaps; false when there are fewer than 4 */
bool pst_past_rhythm(const struct pst_past_channel *channel, struct pst_past_rhythm *out);

/* pst_past_channel_of - the same channel as profile/ has it, for pst_channel_peer_text and
 * contracts: its key, nature, name and counters; process and image are zero; borrows the name */
struct pst_channel pst_past_channel_of(const struct pst_past_channel *past);

/* pst_past_time_add - it was active then */
void pst_past_time_add(struct pst_past_time *time, uint64_t at_s);

struct pst_past_deed {
	enum pst_past_what what;
	const char *text; /* borrowed */
	uint64_t at_s;
};

/* pst_history_fact - count something beside channels */
void pst_history_fact(struct pst_history *history, struct pst_past_program *program,
		      const struct pst_past_deed *deed);

/* pst_history_identity - note what a program's file is; returns true when a different hash or
 * package version than the latest one took its place: the older one is identity[1] then */
bool pst_history_identity(struct pst_past_program *program, const struct pst_past_identity *now);

void pst_history_each(const struct pst_history *history,
		      bool (*visit)(void *context, struct pst_past_program *program),
		      void *context);

struct pst_history_figures {
	size_t programs, channels, facts;
	uint64_t evicted;   /* programs, channels and facts that made room */
	uint64_t written_s; /* when the file that was read was written; 0: none was */
};
void pst_history_figures(const struct pst_history *history, struct pst_history_figures *out);

/* ---- state (history_write.c, history_read.c): the file's bytes ---- */

#define PST_STATE_MAGIC "PSTSTATE" /* how they begin */

/* Takes the next bytes of the file, of which there is one at least; 0 or -errno. */
typedef int (*pst_history_put)(void *context, const void *bytes, size_t len);

/*
 * pst_history_write - the whole history as bytes: header, records, SHA-256 of all before it
 * Returns 0; the first -errno of @put, which is not called again then; -ENOMEM.
 */
int pst_history_write(const struct pst_history *history, uint64_t now_s, pst_history_put put,
		      void *context);

/*
 * pst_history_read - take in what pst_history_write made, of this or an earlier version
 * What the history held before is forgotten; what is more than its bounds makes room (counted).
 * Nothing is taken of a file that is torn, of another kind, or has a value out of range.
 * Returns 0; -EBADMSG with a sentence in @why (static text); -ENOMEM.
 */
int pst_history_read(struct pst_history *history, const uint8_t *bytes, size_t len,
		     const char **why);

#endif
