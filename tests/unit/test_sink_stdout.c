// SPDX-License-Identifier: Apache-2.0
/* Does standard output neither block nor complain, whatever is at its other end? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "sink/sink.h"

static const char json[] = "{\"event\":{\"kind\":\"x\"}}";
static const struct pst_record alert = {
	.dataset = PST_ALERT, .json = json, .len = sizeof(json) - 1, .sequence_at = 10
};

struct pipe_sink { /* a sink whose standard output is a pipe; the test's own is kept aside */
	struct pst_sink *sink;
	int read_end;
};

static struct pipe_sink open_pipe_sink(void)
{
	const struct pst_sink_keys keys = { .target = "-", .datasets = ~0u, .queue_bytes = 1000 };
	struct pipe_sink out = { .read_end = -1 };
	int ends[2], kept = dup(STDOUT_FILENO);

	assert_true(kept >= 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(dup2(ends[1], STDOUT_FILENO) >= 0);
	assert_int_equal(pst_sink_new("stdout", &keys, &out.sink), 0);
	assert_true(dup2(kept, STDOUT_FILENO) >= 0);
	(void)close(kept);
	(void)close(ends[1]);
	out.read_end = ends[0];
	return out;
}

static void lines_come_out(void **state)
{
	struct pipe_sink p = open_pipe_sink();
	char text[64];

	(void)state;
	pst_sink_put(p.sink, &alert);
	assert_int_equal(read(p.read_end, text, sizeof(text)), 36);
	assert_memory_equal(text, "{\"event\":{\"sequence\":1,\"kind\":\"x\"}}\n", 36);
	pst_sink_free(p.sink);
	(void)close(p.read_end);
}

static void a_closed_pipe_ends_it_quietly(void **state)
{
	struct pipe_sink p = open_pipe_sink();
	void (*old)(int) = signal(SIGPIPE, SIG_IGN);
	struct pst_sink_figures figures;

	(void)state;
	(void)close(p.read_end);
	pst_sink_put(p.sink, &alert);
	pst_sink_put(p.sink, &alert);
	pst_sink_figures(p.sink, &figures);
	assert_int_equal(figures.last_error, EPIPE);
	assert_int_equal(figures.sent, 0);
	assert_int_equal(figures.queued, 2);
	pst_sink_free(p.sink);
	(void)signal(SIGPIPE, old);
}

static void a_reader_that_does_not_read_costs_lines_never_time(void **state)
{
	struct pipe_sink p = open_pipe_sink();
	struct pst_sink_figures figures;
	char text[65536];
	size_t i;

	(void)state;
	assert_true(fcntl(p.read_end, F_SETPIPE_SZ, 4096) >= 0);
	for (i = 0; i < 1000; i++) /* the test's own time limit says whether this blocks */
		pst_sink_put(p.sink, &alert);
	pst_sink_figures(p.sink, &figures);
	assert_int_equal(figures.last_error, EAGAIN);
	assert_true(figures.queued > 0);
	assert_true(figures.dropped > 0);
	assert_int_equal(figures.sent + figures.queued + figures.dropped, 1000);
	for (i = 0; i < 1000 && figures.queued; i++) {
		assert_true(read(p.read_end, text, sizeof(text)) > 0);
		pst_sink_flush(p.sink);
		pst_sink_figures(p.sink, &figures);
	}
	assert_int_equal(figures.queued, 0);
	pst_sink_free(p.sink);
	(void)close(p.read_end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_out),
		cmocka_unit_test(a_closed_pipe_ends_it_quietly),
		cmocka_unit_test(a_reader_that_does_not_read_costs_lines_never_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
