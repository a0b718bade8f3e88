// SPDX-License-Identifier: Apache-2.0
/* What do the tests of learning have in common? A history of some programs. */
#ifndef PST_TEST_LEARN_FIXTURE_H
#define PST_TEST_LEARN_FIXTURE_H

#include "engine/view_learn.h"
#include "history_fixture.h"

struct lesson {
	struct pst_history *history;
	struct pst_learn_keys keys;
	const char *names[4];
	char why[PST_LEARN_WHY];
};

static inline struct pst_past_program *know(struct lesson *lesson, const char *path, uint16_t port)
{
	struct pst_channel channel = make_channel(PST_TCP_CONNECT, "127.0.0.1", port, 5);
	struct pst_past_program *program;

	channel.count.attempts = 1;
	(void)pst_history_program(lesson->history, path, NOON_S); /* found again by add */
	assert_non_null(add(lesson->history, path, &channel, NULL));
	program = pst_history_program(lesson->history, path, NOON_S);
	assert_non_null(program);
	return program;
}

static inline void name(struct lesson *lesson, const char *what)
{
	lesson->names[0] = what;
	lesson->keys.names = lesson->names;
	lesson->keys.name_count = 1;
}

static inline struct lesson begin_lesson(void)
{
	struct lesson lesson = { .history = pst_history_new(&history_keys) };

	assert_non_null(lesson.history);
	lesson.keys = (struct pst_learn_keys){ .history = lesson.history, .now_s = NOON_S + DAY_S };
	return lesson;
}

#endif
