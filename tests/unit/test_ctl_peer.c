// SPDX-License-Identifier: Apache-2.0
/* Is somebody else let in only as a member of the group? Needs root, who alone can become somebody
 * else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "room.h"

#define SOMEBODY 54321u
#define GROUP 54322u
#define OTHER 54323u

struct caller {
	gid_t group, extra; /* extra: a supplementary group */
};

/* call - connect as somebody; returns 0 when that worked, else the errno */
static int call(const struct caller *caller, const char *path)
{
	gid_t groups[1] = { caller->extra };
	int fd;

	if (setgroups(1, groups) < 0 || setgid(caller->group) < 0 || setuid(SOMEBODY) < 0)
		return 255;
	fd = pst_ctl_connect(path);
	return fd < 0 ? -fd : pst_ctl_ask(fd, "tail") < 0;
}

/* try_as - what the caller got, and what the door counted */
static int try_as(const struct caller *caller, bool open_door, struct pst_ctl_figures *figures)
{
	struct room *room = room_new();
	struct pst_ctl_keys keys = { .path = room_path(room, "s"),
				     .has_group = true,
				     .group = GROUP };
	struct pst_ctl *ctl = NULL;
	int status = 0;
	pid_t pid;

	assert_int_equal(chmod(room->folder, 0755), 0);
	assert_int_equal(pst_ctl_new(&keys, &ctl), 0);
	if (open_door) /* as if the file's mode did not protect it */
		assert_int_equal(chmod(room->path, 0666), 0);
	pid = fork();
	if (pid == 0)
		_exit(call(caller, room->path));
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	pst_ctl_poll(ctl);
	pst_ctl_figures(ctl, figures);
	pst_ctl_free(ctl);
	room_free(room);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_member_of_the_group_is_let_in(void **state)
{
	const struct caller member = { GROUP, OTHER }, also = { OTHER, GROUP };
	struct pst_ctl_figures figures;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(try_as(&member, false, &figures), 0);
	assert_int_equal(figures.accepted, 1);
	assert_int_equal(try_as(&also, false, &figures), 0);
	assert_int_equal(figures.accepted, 1);
	assert_int_equal(figures.refused, 0);
}

static void anybody_else_is_not_even_when_the_file_lets_him(void **state)
{
	const struct caller stranger = { OTHER, OTHER };
	struct pst_ctl_figures figures;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(try_as(&stranger, false, &figures), EACCES);
	assert_int_equal(try_as(&stranger, true, &figures), 0); /* connected, but */
	assert_int_equal(figures.accepted, 0);
	assert_int_equal(figures.refused, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_of_the_group_is_let_in),
		cmocka_unit_test(anybody_else_is_not_even_when_the_file_lets_him),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
