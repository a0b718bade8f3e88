// SPDX-License-Identifier: Apache-2.0
/* Does a record leave with its place, its number, and never before the host is known? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"

static struct pst_health health = { .action = "heartbeat", .message = "well", .state = "ok" };

static void id_of(const char *line, char out[37])
{
	const char *at = strstr(line, "\"id\":\"");

	assert_non_null(at);
	memcpy(out, at + 6, 36);
	out[36] = '\0';
}

static void nothing_is_said_before_the_host_is_known(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	const struct pst_alert_keys keys = { .redact = true };

	(void)state;
	assert_non_null(f);
	f->alerts = pst_alerts_new(&keys, fixture_take, f);
	pst_alerts_health(f->alerts, &health, 1);
	assert_int_equal(f->count, 0);
	pst_alerts_free(f->alerts);
	free(f);
}

static void two_records_of_one_place_have_two_ids(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char a[37], b[37];

	(void)state;
	pst_alerts_health(f->alerts, &health, 1);
	pst_alerts_health(f->alerts, &health, 1);
	id_of(f->line[0].text, a);
	id_of(f->line[1].text, b);
	assert_string_not_equal(a, b);
	fixture_free(f);
}

static void the_ids_of_alerts_do_not_depend_on_other_records(void **state)
{
	struct fixture *f = fixture_new(NULL), *g = fixture_new(NULL);
	char a[37], b[37];

	(void)state;
	pst_alerts_found(f->alerts, &f->finding);
	pst_alerts_health(g->alerts, &health, 1);
	pst_alerts_channel(g->alerts,
			   &(struct pst_flow){ &g->process, &g->channel, &g->channel.count, 0 }, 1);
	pst_alerts_found(g->alerts, &g->finding);
	id_of(fixture_last(f), a);
	id_of(fixture_last(g), b);
	assert_string_equal(a, b);
	fixture_free(f);
	fixture_free(g);
}

static void the_sequence_goes_into_event_whatever_the_message_says(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	(void)snprintf(f->finding.message, sizeof(f->finding.message), "\"event\":{");
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(
		f, "\"message\":\"\\\"event\\\":{\",\"event\":{\"sequence\":1,\"module\""));
	fixture_free(f);
}

static void records_are_counted(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_alert_figures figures;

	(void)state;
	pst_alerts_health(f->alerts, &health, 1);
	pst_alerts_found(f->alerts, &f->finding);
	pst_alerts_figures(f->alerts, &figures);
	assert_int_equal(figures.records, 2);
	assert_int_equal(figures.alerts, 1);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_before_the_host_is_known),
		cmocka_unit_test(two_records_of_one_place_have_two_ids),
		cmocka_unit_test(the_ids_of_alerts_do_not_depend_on_other_records),
		cmocka_unit_test(the_sequence_goes_into_event_whatever_the_message_says),
		cmocka_unit_test(records_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
