/* SPDX-License-Identifier: Apache-2.0 */
/* Channels that are known by a name instead of an address, and the latest of their samples. */
#ifndef PST_TESTS_NAMED_H
#define PST_TESTS_NAMED_H

#include "kt.h"

/* A channel of a process, by kind and name. */
struct named {
	enum pst_event_type type;
	uint32_t tgid;
	enum pst_kind kind;
	const char *name;
	size_t len;
};

bool kt_is_named(const struct pst_event *event, const void *named); /* a kt_match */

/* kt_last - sweep, and return the last event that matches: of several samples that one counts */
const struct pst_event *kt_last(struct kt *kt, kt_match match, const void *wanted);

/* kt_check_side - one process's end of a channel, told once: @out and @in are its bytes */
void kt_check_side(struct kt *kt, const struct named *who, uint64_t out, uint64_t in);

int kt_read_all(int fd, size_t len); /* 0 when all of it came */

#endif
