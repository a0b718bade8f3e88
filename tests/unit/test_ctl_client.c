// SPDX-License-Identifier: Apache-2.0
/* Does the asking side read whole lines, however they arrive? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctl/ctl.h"

static void lines_are_put_together(void **state)
{
	struct pst_ctl_reader *reader = calloc(1, sizeof(*reader));
	const char *line;
	size_t len;
	int ends[2];

	(void)state;
	assert_non_null(reader);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends),
			 0);
	reader->fd = ends[0];
	assert_int_equal(write(ends[1], "one\ntw", 6), 6);
	assert_int_equal(pst_ctl_read_line(reader, &line, &len), 1);
	assert_int_equal(len, 3);
	assert_memory_equal(line, "one", 3);
	assert_int_equal(pst_ctl_read_line(reader, &line, &len), -EAGAIN); /* nothing is lost */
	assert_int_equal(write(ends[1], "o\n\nend", 6), 6);
	assert_int_equal(pst_ctl_read_line(reader, &line, &len), 1);
	assert_int_equal(len, 3);
	assert_memory_equal(line, "two", 3);
	assert_int_equal(pst_ctl_read_line(reader, &line, &len), 1);
	assert_int_equal(len, 0);
	(void)close(ends[1]);
	assert_int_equal(pst_ctl_read_line(reader, &line, &len),
			 1); /* the last one needs no newline */
	assert_memory_equal(line, "end", 3);
	assert_int_equal(pst_ctl_read_line(reader, &line, &len), 0);
	(void)close(ends[0]);
	free(reader);
}

static void a_line_too_long_comes_in_parts(void **state)
{
	struct pst_ctl_reader *reader = calloc(1, sizeof(*reader));
	static char many[PST_CTL_LINE_MAX + 10];
	const char *line;
	size_t len, sent = 0;
	int ends[2];

	(void)state;
	assert_non_null(reader);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends),
			 0);
	reader->fd = ends[0];
	memset(many, 'x', sizeof(many));
	many[sizeof(many) - 1] = '\n';
	while (sent < sizeof(many)) {
		ssize_t n = write(ends[1], many + sent, sizeof(many) - sent);

		assert_true(n > 0);
		sent += (size_t)n;
	}
	assert_int_equal(pst_ctl_read_line(reader, &line, &len), 1);
	assert_int_equal(len, PST_CTL_LINE_MAX);
	assert_int_equal(pst_ctl_read_line(reader, &line, &len), 1);
	assert_int_equal(len, 9);
	(void)close(ends[0]);
	(void)close(ends[1]);
	free(reader);
}

static void a_request_is_one_line(void **state)
{
	char many[PST_CTL_REQUEST_MAX + 1];

	(void)state;
	assert_int_equal(pst_ctl_ask(-1, "tail\nstatus"), -EINVAL);
	memset(many, 'x', sizeof(many));
	many[PST_CTL_REQUEST_MAX - 1] = '\0';
	assert_int_equal(pst_ctl_ask(-1, many), -EINVAL);
	many[PST_CTL_REQUEST_MAX - 2] = '\0';
	assert_int_equal(pst_ctl_ask(-1, many),
			 -EBADF); /* short enough: now the descriptor is looked at */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_put_together),
		cmocka_unit_test(a_line_too_long_comes_in_parts),
		cmocka_unit_test(a_request_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
