/* SPDX-License-Identifier: Apache-2.0 */
/* A profile, and the process of vendor software that it is fed with. */
#ifndef PST_TESTS_PROFILE_FIXTURE_H
#define PST_TESTS_PROFILE_FIXTURE_H

#include "build.h"
#include "profile/profile.h"

static const struct pst_profile_keys keys = { .max_channels = 64 };
static struct pst_program program = { .path = (char *)"/opt/acme/agent", .number = 1 };
static struct pst_image image;
static struct pst_process process;
static struct pst_event task;

static inline int set_up(void **state)
{
	task = build_event(PST_EVENT_EXEC, 10, 100);
	image = (struct pst_image){ .id = task.task.image, .program = &program, .contract = -1 };
	process = (struct pst_process){ .id = task.task.proc, .image = &image };
	*state = pst_profile_new(&keys);
	return *state ? 0 : -1;
}

static inline int tear_down(void **state)
{
	pst_profile_free(*state);
	return 0;
}

static inline struct pst_profile_figures figures(struct pst_profile *profile)
{
	struct pst_profile_figures out;

	pst_profile_figures(profile, &out);
	return out;
}

static inline struct pst_channel *see(void *profile, const struct pst_event *event)
{
	return pst_profile_see(profile, event, &process, NULL);
}

#endif
