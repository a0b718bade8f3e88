// SPDX-License-Identifier: Apache-2.0
/* Who is asked for next? Start-time fair queueing (Goyal, Vin and Cheng 1996): each asker has a
 * lane, and lanes take turns, so that who makes a thousand new programs waits for its own thousand,
 * and who makes one is next. An asker is the upper part of a cgroup's path: a session or a service
 * of the system, not what a user's own manager makes below it. */
#include "sensor/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define WAITING_MAX 4096u	     /* questions: as many as there are profiles of programs */
#define WAITING_BYTES (1024u * 1024) /* of them together */
#define LANES 64u		     /* two askers with one lane share their turns, no more */
#define ASKER_FOLDERS 3u	     /* user.slice/user-1000.slice/user@1000.service */

struct lane {
	uint64_t next_turn;
	size_t waiting, bytes;
};

struct pst_questions {
	struct pst_question *first; /* by turn; of one turn in order of arrival */
	uint64_t turn;		    /* of the one that was taken last */
	size_t waiting, bytes;
	struct lane lanes[LANES];
};

struct pst_questions *pst_questions_new(void)
{
	return calloc(1, sizeof(struct pst_questions));
}

void pst_questions_free(struct pst_questions *questions)
{
	while (questions && questions->first) /* as many as wait */
		free(pst_questions_take(questions));
	free(questions);
}

/* lane_of - FNV-1a of the cgroup's first folders */
static uint32_t lane_of(const char *cgroup)
{
	uint32_t hash = 2166136261u, folders = 0;

	for (; *cgroup && (folders += *cgroup == '/') <= ASKER_FOLDERS; cgroup++)
		hash = (hash ^ (uint8_t)*cgroup) * 16777619u;
	return hash % LANES;
}

/* has_room - one lane never takes more than what it leaves: there is room for others at any time */
static bool has_room(const struct pst_questions *questions, const struct lane *lane, size_t len)
{
	return lane->waiting < WAITING_MAX - questions->waiting &&
	       lane->bytes + len <= WAITING_BYTES - questions->bytes;
}

static void insert(struct pst_questions *questions, struct pst_question *one)
{
	struct pst_question **at = &questions->first;

	while (*at && (*at)->turn <= one->turn) /* at most WAITING_MAX */
		at = &(*at)->next;
	one->next = *at;
	*at = one;
}

int pst_questions_put(struct pst_questions *questions, const struct pst_worker_ask *ask,
		      const char *cgroup)
{
	uint32_t number = lane_of(cgroup);
	struct lane *lane = &questions->lanes[number];
	size_t len = PST_ASK_HEAD + strlen(ask->path) + 1;
	struct pst_question *one;

	if (!has_room(questions, lane, len))
		return -EAGAIN;
	one = malloc(sizeof(*one) + len);
	if (!one)
		return -EAGAIN;
	one->len = len;
	one->lane = number;
	one->turn = lane->next_turn > questions->turn ? lane->next_turn : questions->turn;
	memcpy(one->bytes, ask, len);
	insert(questions, one);
	lane->next_turn = one->turn + 1;
	lane->waiting++;
	lane->bytes += len;
	questions->waiting++;
	questions->bytes += len;
	return 0;
}

struct pst_question *pst_questions_take(struct pst_questions *questions)
{
	struct pst_question *one = questions->first;

	if (!one)
		return NULL;
	questions->first = one->next;
	questions->turn = one->turn;
	questions->waiting--;
	questions->bytes -= one->len;
	questions->lanes[one->lane].waiting--;
	questions->lanes[one->lane].bytes -= one->len;
	return one;
}
