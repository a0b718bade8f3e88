// SPDX-License-Identifier: Apache-2.0
/* Is a channel whose entry has a window held against it each time it is used? The stream begins on
 * 1970-01-01, a Thursday, at 00:16:40 UTC. */
#include "engine_fixture.h"

#define HOUR (3600 * WIRE_S)
#define MORNING UINT64_C(900) /* the window ends at 00:30 */
#define EVENING (86400 - UINT64_C(3600))

#define CONTRACT                                                                         \
	"{\"format\":1,\"contract\":\"acme\",\"version\":2,"                             \
	"\"software\":[{\"path\":\"/opt/acme/**\"}],\"channels\":[{\"connect\":\"tcp\"," \
	"\"to\":\"203.0.113.9\",\"port\":80,\"when\":[\"Thu 00:00-00:30\",\"Thu 23:00-24:00\"]}]}"

static void begin(struct wire *w)
{
	wire_reload(w, CONTRACT);
}

static void inside_of_the_window_it_is_silent(void **state)
{
	struct wire *w = *state;

	begin(w);
	wire_connect(w, 80);
	wire_result(w, 80, PST_RESULT_ESTABLISHED);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 3, .bytes_out = 10 });
	assert_int_equal(w->alerts, 0);
}

static void the_first_use_outside_is_found(void **state)
{
	struct wire *w = *state;

	begin(w);
	wire_tick(w, MORNING);
	wire_connect(w, 80);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"undeclared_channel\""));
	assert_true(wire_last_alert_has(w, "at Thu 00:31 UTC, entry allows Thu 00:00-00:30 and Thu "
					   "23:00-24:00"));
}

static void a_channel_that_goes_on_outside_is_found_when_it_grows(void **state)
{
	struct wire *w = *state;

	begin(w);
	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .bytes_out = 10 });
	wire_tick(w, MORNING);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .bytes_out = 10 });
	assert_int_equal(w->alerts, 0); /* it did nothing */
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .bytes_out = 11 });
	assert_int_equal(w->alerts, 1);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .bytes_out = 12 });
	assert_int_equal(w->alerts, 1);
}

static void an_attempt_outside_is_found_and_one_inside_is_silent_again(void **state)
{
	struct wire *w = *state;
	size_t alerts;

	begin(w);
	wire_connect(w, 80);
	wire_tick(w, MORNING);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 2 });
	assert_int_equal(w->alerts, 1);
	wire_tick(w, EVENING - MORNING);
	alerts = w->alerts;
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 3 });
	wire_tick(w, 1);
	assert_int_equal(w->alerts, alerts);
	wire_tick(w, 3600);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 4 });
	wire_tick(w, 3600);
	assert_true(w->alerts > alerts);
	assert_true(wire_last_alert_has(w, "at Fri 00:"));
}

static void to_end_outside_is_no_use(void **state)
{
	struct wire *w = *state;

	begin(w);
	wire_connect(w, 80);
	wire_result(w, 80, PST_RESULT_ESTABLISHED);
	wire_tick(w, MORNING);
	wire_result(w, 80, PST_RESULT_CLOSED);
	assert_int_equal(w->alerts, 0);
	wire_connect(w, 80);
	assert_int_equal(w->alerts, 1);
}

static void the_time_is_that_of_the_last_use_not_of_the_sweep(void **state)
{
	struct wire *w = *state;
	struct pst_rec_sample rec;

	begin(w);
	wire_connect(w, 80);
	wire_tick(w, MORNING);
	rec = (struct pst_rec_sample){ .h = wire_head(w, PST_REC_SAMPLE, sizeof(rec)),
				       .kind = PST_KIND_TCP_CONNECT,
				       .port = 80,
				       .family = AF_INET,
				       .sock_type = SOCK_STREAM,
				       .protocol = IPPROTO_TCP,
				       .first_ns = 1000 * WIRE_S,
				       .last_ns = 1799 * WIRE_S,
				       .attempts = 2 };
	wire_peer(rec.peer);
	wire_send(w, &rec, sizeof(rec));
	assert_int_equal(w->alerts, 0);
}

static void the_wall_clock_is_the_streams(void **state)
{
	struct wire *w = *state;
	struct pst_rec_clock rec = { .h = wire_head(w, PST_REC_CLOCK, sizeof(rec)),
				     .wall_offset_ns = (int64_t)HOUR };

	begin(w);
	wire_send(w, &rec, sizeof(rec));
	wire_connect(w, 80);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "at Thu 01:16 UTC"));
}

static void a_day_of_bytes_is_summed_over_the_stream(void **state)
{
	struct wire *w = *state;

	wire_reload(w, "{\"format\":1,\"contract\":\"acme\",\"version\":2,"
		       "\"software\":[{\"path\":\"/opt/acme/**\"}],\"channels\":[{\"connect\":"
		       "\"tcp\"}],\"limits\":{\"bytes_out_per_day\":1000}}");
	wire_connect(w, 80);
	wire_connect(w, 81);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .bytes_out = 600 });
	wire_sample(w, (struct wire_count){ .port = 81, .attempts = 1, .bytes_out = 400 });
	wire_sample(w, (struct wire_count){ .port = 81, .attempts = 1, .bytes_out = 400 });
	assert_int_equal(w->alerts, 0);
	wire_sample(w, (struct wire_count){ .port = 81, .attempts = 1, .bytes_out = 401 });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"limit_exceeded\""));
	assert_true(wire_last_alert_has(w, "1001 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(inside_of_the_window_it_is_silent),
		WIRE_CASE(the_first_use_outside_is_found),
		WIRE_CASE(a_channel_that_goes_on_outside_is_found_when_it_grows),
		WIRE_CASE(an_attempt_outside_is_found_and_one_inside_is_silent_again),
		WIRE_CASE(to_end_outside_is_no_use),
		WIRE_CASE(the_time_is_that_of_the_last_use_not_of_the_sweep),
		WIRE_CASE(the_wall_clock_is_the_streams),
		WIRE_CASE(a_day_of_bytes_is_summed_over_the_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
