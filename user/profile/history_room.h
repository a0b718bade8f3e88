// SPDX-License-Identifier: Apache-2.0
/* What do the files of the history share? Inside this room only. */
#ifndef PST_PROFILE_HISTORY_ROOM_H
#define PST_PROFILE_HISTORY_ROOM_H

#include "base/table.h"
#include "profile/history.h"

#define PST_PAST_NAME_HASH 16 /* bytes of a digest that stand for a text in a key */

struct pst_past_key { /* of a channel; all padding is explicit */
	uint64_t program;
	struct pst_addr peer;
	uint8_t name[PST_PAST_NAME_HASH]; /* zero without one */
	uint16_t kind, port;
	uint32_t zero;
};

struct pst_past_slot;

struct pst_past_owner {			 /* a program in the table */
	struct pst_past_program program; /* first: a pointer to it is a pointer to the entry */
	uint64_t number;
	uint32_t written;	      /* which of the file's programs it is */
	size_t room;		      /* of program.channels */
	struct pst_past_slot *oldest; /* of its channels: utlist, the least recently used first */
};

struct pst_past_slot {
	struct pst_past_channel channel; /* first */
	struct pst_past_owner *owner;
	size_t at; /* in program.channels */
	struct pst_past_slot *prev, *next;
};

struct pst_history {
	struct pst_history_keys keys;
	struct pst_table *programs; /* pst_past_id -> struct pst_past_owner */
	struct pst_table *channels; /* pst_past_key -> struct pst_past_slot */
	uint64_t last_number;
	size_t facts;
	uint64_t evicted, written_s;
	bool closing; /* what is dropped now makes no room */
};

/* pst_past_copy - a copy of a text, cut at PST_PAST_TEXT; NULL without memory or of NULL */
char *pst_past_copy(const char *text);

/* pst_past_replace - the text in @to becomes @text, which may be NULL; without memory it stays */
void pst_past_replace(char **to, const char *text);

/* pst_past_name_ok - may this be kept as a host name? Printable, no capitals, not too long */
bool pst_past_name_ok(const char *name);

/* pst_past_name_add - merge a host name into a channel's */
void pst_past_name_add(struct pst_past_channel *channel, const char *name);

/* pst_past_owner_of - the entry that a program lies in */
struct pst_past_owner *pst_past_owner_of(const struct pst_past_program *program);

/* pst_past_make_program - one that is not there yet; NULL without memory, or when it is there */
struct pst_past_program *pst_past_make_program(struct pst_history *history, const char *path,
					       bool foreign);

/* pst_past_make_fact - a place, zeroed, for a fact that is not there yet; NULL without memory */
struct pst_past_fact *pst_past_make_fact(struct pst_history *history,
					 struct pst_past_program *program);

/* ---- history_channel.c ---- */

/* pst_past_find - by key; counts as use; NULL when it is not there */
struct pst_past_slot *pst_past_find(struct pst_history *history, const struct pst_past_key *key);

/* pst_past_make - a channel that is not there yet; NULL without memory */
struct pst_past_slot *pst_past_make(struct pst_history *history, struct pst_past_owner *owner,
				    const struct pst_past_key *key);

/* pst_past_key_of - @name: raw, NULL: none */
struct pst_past_key pst_past_key_of(const struct pst_past_owner *owner,
				    const struct pst_past_channel *channel);

/* pst_past_channel_clear - gives back its texts */
void pst_past_channel_clear(struct pst_past_channel *channel);

/* on_drop of the table of channels */
void pst_past_channel_drop(void *context, const void *key, void *value);

/* ---- history_write.c, history_read.c: version 1 of the file, little-endian ----
 * "PSTSTATE", version (4), programs (4), channels (4), zero (4), seconds of the wall clock (8);
 * each program with its facts; each channel, by the number of its program, the least recently used
 * first; SHA-256 of all that. A text is its length (2) and its bytes; length 65535 is none. */
#define PST_STATE_VERSION 1u
#define PST_STATE_HEADER 32u
#define PST_STATE_NO_TEXT 0xffffu

/* bits of the flags of a program and of a channel */
enum {
	PST_STATE_VENDOR = 1,
	PST_STATE_MEMFD = 2,
	PST_STATE_FOREIGN = 4,
	PST_STATE_SETTLED = 8,
	PST_STATE_TOLD = 16,
	PST_STATE_ARGUMENT = 32,
	PST_STATE_PROGRAM_FLAGS = 63
};
enum {
	PST_STATE_FOLDED = 1,
	PST_STATE_KERNEL = 2,
	PST_STATE_HANDED = 4,
	PST_STATE_V6_SOCKET = 8,
	PST_STATE_IP_BYTES = 16,
	PST_STATE_PROPOSED = 32,
	PST_STATE_CHANNEL_FLAGS = 63
};

/* ---- history_time.c ---- */

/* pst_past_bursts - gaps and sizes of what a sight brings */
void pst_past_bursts(struct pst_past_channel *channel, const struct pst_past_sight *sight);

/* pst_past_shares - the counts of a file, as a histogram has them */
void pst_past_shares(uint8_t to[PST_PAST_STEPS], const uint32_t counts[PST_PAST_STEPS]);

/* pst_past_program_active - it was seen then; pst_past_program_new - with a channel that is new */
void pst_past_program_active(struct pst_past_program *program, uint64_t at_s);
void pst_past_program_new(struct pst_past_program *program, uint64_t at_s);

#endif
