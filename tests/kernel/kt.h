// SPDX-License-Identifier: Apache-2.0
/* kt: a kernel test makes the real call in a child process and asserts every field of the records
 * that follow. */
#ifndef PST_TESTS_KT_H
#define PST_TESTS_KT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "decode/decode.h"

struct kt; /* sensor, watched cgroup, frames of the case that runs */

struct kt_actor { /* what the child says of itself, in shared memory */
	uint32_t pid, ppid, uid;
	const char *cgroup; /* its folder */
	uint64_t cgroup_id;
	uint32_t netns, mntns, pidns;
	uint16_t port, other_port; /* free for the case's own use */
	uint32_t child;
	uint64_t number;
	char text[512];
};

struct kt_case {
	const char *name; /* a sentence of behaviour, words joined by _ */
	/* runs in the child, inside the watched cgroup; a result but 0 fails the case */
	int (*act)(struct kt_actor *me);
	/* runs in the test: asserts with the macros below */
	void (*check)(struct kt *kt, const struct kt_actor *me);
	const char *skip;	      /* not NULL: why this machine cannot run it; set by prepare */
	const char *(*prepare)(void); /* may be NULL; returns why it cannot run here, or NULL */
};

#define CASE(name)                                          \
	{                                                   \
#name, act_##name, check_##name, NULL, NULL \
	}

/* kt_find - the next event of the case, in order of arrival, that @match accepts; waits up to 3 s
 * for it Returns NULL when none comes; borrowed until the next call. */
typedef bool (*kt_match)(const struct pst_event *event, const void *wanted);
const struct pst_event *kt_find(struct kt *kt, kt_match match, const void *wanted);

/* kt_count - how many events of the case match, after everything that is on its way has come */
size_t kt_count(struct kt *kt, kt_match match, const void *wanted);

void kt_sweep(struct kt *kt);	  /* wait until the sensor has swept its counters twice */
void kt_sweep_now(struct kt *kt); /* make it sweep now */

#define KT_HASH_MAX_BYTES (32u << 20)	     /* a longer file is too big */
struct pst_sensor *kt_sensor(struct kt *kt); /* until kt_reopen */

/* kt_reopen - close the sensor and open it anew: what lives now is older than it */
int kt_reopen(struct kt *kt);

/* common searches */
const struct pst_event *kt_channel(struct kt *kt, uint32_t tgid, enum pst_kind kind, uint16_t port);
const struct pst_event *kt_result(struct kt *kt, uint32_t tgid, enum pst_kind kind, uint16_t port);
const struct pst_event *kt_exec(struct kt *kt, uint32_t tgid);
const struct pst_event *kt_sample(struct kt *kt, uint32_t tgid, enum pst_kind kind,
				  uint16_t port);    /* the latest */
size_t kt_channels_of(struct kt *kt, uint32_t tgid); /* CHANNEL records of a process */
uint64_t kt_lost(struct kt *kt);		     /* records that found no room, of the case */

/* kt_task - every field of the acting task is what the actor said of itself */
void kt_task(struct kt *kt, const struct pst_event *event, const struct kt_actor *me);

#define KT_MISSING 77 /* an actor's status: this kernel or machine does not have what it needs */

/* What this kernel and the config let the sensor use, by what answered its canary. */
enum kt_tier { KT_FULL, KT_TRACEPOINT, KT_OLD /* no send_length: before Linux 6.3 */ };
enum kt_tier kt_tier(const struct kt *kt);
bool kt_has_lengths(const struct kt *kt); /* sock_send_length: exact bytes of every family */
const char *kt_tier_name(const struct kt *kt);
const char *kt_hook_name(const struct kt *kt, uint32_t hook); /* a CHANNEL's hook: its slot */

void kt_fail(struct kt *kt, const char *file, int line, const char *what);
void kt_equal(struct kt *kt, const char *where, uint64_t got, uint64_t wanted);
bool kt_failed(const struct kt *kt);

/* kill_child - end a child that the actor left; returns whether it was there */
bool kill_child(uint32_t pid);

#define KT_STR2(x) #x
#define KT_STR(x) KT_STR2(x)
#define KT_TRUE(kt, expr)                                       \
	do {                                                    \
		if (!(expr))                                    \
			kt_fail(kt, __FILE__, __LINE__, #expr); \
	} while (0)
#define KT_EQUAL(kt, got, wanted) \
	kt_equal(kt, __FILE__ ":" KT_STR(__LINE__) ": " #got, (uint64_t)(got), (uint64_t)(wanted))
#define KT_NEED(kt, expr)                                       \
	do {                                                    \
		if (!(expr)) {                                  \
			kt_fail(kt, __FILE__, __LINE__, #expr); \
			return;                                 \
		}                                               \
	} while (0)

int kt_make_cgroup(char *out, size_t room); /* of cgroup v2; its folder in @out; 0 or -errno */

/* sockets of actors */
int kt_listen(const char *host, uint16_t *port); /* TCP; *port 0: any; returns descriptor or -1 */
int kt_connect(const char *host, uint16_t port); /* TCP; returns descriptor, or -1 with errno */
int kt_udp(const char *host, uint16_t *port);	 /* bound */
struct sockaddr;
unsigned int kt_address(const char *host, uint16_t port,
			struct sockaddr *out); /* of struct sockaddr_in6's size */

/* kt_zoo_is_prompt - is this a row of the zoo that must be seen when it happens? */
bool kt_zoo_is_prompt(const struct kt *kt, const char *name);

extern const struct kt_case kt_exec_cases[], kt_tcp_cases[], kt_udp_cases[], kt_listen_cases[],
	kt_snapshot_cases[], kt_inet_cases[], kt_serve_cases[], kt_acts_cases[], kt_uring_cases[],
	kt_zoo_cases[], kt_family_cases[], kt_device_cases[], kt_handover_cases[], kt_moves_cases[],
	kt_payload_cases[], kt_unix_cases[], kt_gone_cases[], kt_identity_cases[], kt_asked_cases[],
	kt_cwd_cases[], kt_measured_cases[], kt_foreign_cases[], kt_container_cases[];

#endif
