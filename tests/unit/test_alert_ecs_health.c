// SPDX-License-Identifier: Apache-2.0
/* Does postern say of itself what a SIEM needs to know? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"
#include "golden.h"

static const struct pst_hook hooks[] = {
	{ .state = PST_ANSWERED, .rank = 1, .slot = "exec", .program = "tp_exec" },
	{ .state = PST_REFUSED_BY_KERNEL,
	  .error = 1,
	  .rank = 1,
	  .slot = "tcp_connect",
	  .program = "tp_connect" },
	{ .state = PST_ATTACHED, .rank = 2, .slot = "tcp_connect", .program = "cg_connect" },
	{ .state = PST_SILENT, .rank = 1, .slot = "udp_peer", .program = "cg_sendmsg" },
};

static const struct pst_health_sink sinks[] = { { "file", 2, 3, 48260 } };

static struct pst_health heartbeat(void)
{
	return (struct pst_health){
		.action = "heartbeat",
		.message = "postern watches",
		.state = "ok",
		.uptime_s = 196431,
		.seen = 1204411,
		.emitted = 14380,
		.sockets = { .late = 5, .hidden = 1, .gone = 2 },
		.vitals = { .ring_bytes = 4194304,
			    .ring_high_water = 9000,
			    .records = 7,
			    .map_used = 81,
			    .map_max = 32768,
			    .rss_kb = 18240,
			    .cpu_ms = 911,
			    .hooks_expected = 21,
			    .hooks_attached = 21,
			    .identity_refused = 4 },
		.contracts_loaded = 14,
		.contracts_signed = 13,
		.processes = 211,
		.programs = 40,
		.channels = 81,
	};
}

static void a_heartbeat_is_byte_for_byte_the_golden_one(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_health health = heartbeat();

	(void)state;
	health.hooks = hooks;
	health.hook_count = 4;
	health.sinks = sinks;
	health.sink_count = 1;
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->line[0].dataset, PST_HEALTH);
	assert_int_equal(f->line[0].severity, PST_INFO);
	assert_true(golden_is("health.json", f->line[0].text));
	fixture_free(f);
}

static void a_slot_that_a_lower_rank_holds_is_not_missing(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_health health = heartbeat();

	(void)state;
	health.hooks = hooks;
	health.hook_count = 3;
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	assert_null(strstr(fixture_last(f), "missing"));
	health.hook_count = 4;
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"missing\":[\"udp_peer/cg_sendmsg "));
	fixture_free(f);
}

static void a_loss_is_a_pipeline_error(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_health health = heartbeat();

	(void)state;
	health.action = "events-lost";
	health.message = "9 records were lost";
	health.state = "degraded";
	health.lost = 9;
	health.error_code = "RECORDS_LOST";
	health.error_type = "events-lost";
	health.error_message = "9 records were lost";
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	assert_int_equal(f->line[0].severity, PST_MEDIUM);
	assert_true(fixture_last_has(f, "\"kind\":\"pipeline_error\""));
	assert_true(fixture_last_has(
		f,
		"\"error\":{\"code\":\"RECORDS_LOST\",\"type\":\"events-lost\",\"message\":\"9 records were lost\"}"));
	assert_true(fixture_last_has(f, "\"lost\":9"));
	fixture_free(f);
}

static void coverage_names_what_is_not_seen_at_once(void **state)
{
	enum pst_cover_state cover[PST_COVERS_MAX] = { PST_COVER_SEEN };
	struct fixture *f = fixture_new(NULL);
	struct pst_health health = heartbeat();
	char seen[64];
	size_t rows;
	const struct pst_cover *row = pst_cover_rows(&rows);

	(void)state;
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	assert_null(strstr(fixture_last(f), "coverage"));
	health.coverage = cover;
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	(void)snprintf(seen, sizeof(seen), "\"coverage\":{\"seen\":%zu}", rows);
	assert_true(fixture_last_has(f, seen));
	cover[1] = PST_COVER_LATE;
	cover[2] = PST_COVER_BLIND;
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	(void)snprintf(seen, sizeof(seen), "\"coverage\":{\"seen\":%zu,\"late\":[\"", rows - 2);
	assert_true(fixture_last_has(f, seen));
	(void)snprintf(seen, sizeof(seen), "\"late\":[\"%s\"],\"blind\":[\"%s\"]", row[1].name,
		       row[2].name);
	assert_true(fixture_last_has(f, seen));
	fixture_free(f);
}

static void losses_name_their_cgroup(void **state)
{
	static const struct pst_health_loss losses[] = { { 4711, PST_LOST_RING, 12 },
							 { 3, PST_LOST_MAP, 1 } };
	struct fixture *f = fixture_new(NULL);
	struct pst_health health = heartbeat();

	(void)state;
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	assert_null(strstr(fixture_last(f), "losses"));
	health.losses = losses;
	health.loss_count = 2;
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	assert_true(fixture_last_has(
		f,
		"\"losses\":[{\"reason\":\"ring buffer full\",\"cgroup_id\":\"4711\",\"count\":12},{"));
	fixture_free(f);
}

static void a_failed_state_is_high(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_health health = heartbeat();

	(void)state;
	health.state = "failed";
	pst_alerts_health(f->alerts, &health, 100060 * FIXTURE_S);
	assert_int_equal(f->line[0].severity, PST_HIGH);
	assert_true(fixture_last_has(f, "\"severity\":4"));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_heartbeat_is_byte_for_byte_the_golden_one),
		cmocka_unit_test(a_slot_that_a_lower_rank_holds_is_not_missing),
		cmocka_unit_test(a_loss_is_a_pipeline_error),
		cmocka_unit_test(coverage_names_what_is_not_seen_at_once),
		cmocka_unit_test(losses_name_their_cgroup),
		cmocka_unit_test(a_failed_state_is_high),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
