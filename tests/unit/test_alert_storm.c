// SPDX-License-Identifier: Apache-2.0
/* Does a flood of findings become one alert that counts all of them? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"
#include "golden.h"

#define T0 (100000 * FIXTURE_S)
#define HOUR (3600 * FIXTURE_S)

static void find_many(struct fixture *f, unsigned int count, uint64_t time_ns)
{
	unsigned int i;

	f->finding.severity = PST_MEDIUM;
	for (i = 0; i < count; i++) {
		f->channel.key.port = (uint16_t)(1000 + i);
		fixture_found(f, time_ns + i);
	}
}

static void as_many_as_allowed_are_told_and_one_more_is_folded(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 3 };
	struct fixture *f = fixture_new(&keys);
	struct pst_alert_figures figures;

	(void)state;
	find_many(f, 3, T0);
	assert_int_equal(f->count, 3);
	pst_alerts_figures(f->alerts, &figures);
	assert_int_equal(figures.folded, 0);
	find_many(f, 4, T0 + 10);
	assert_int_equal(f->count, 4);
	assert_true(fixture_last_has(f, "\"code\":\"alert_storm\""));
	assert_true(fixture_last_has(f, "\"folded\":1,\"repeats\":0,\"limit\":3"));
	pst_alerts_figures(f->alerts, &figures);
	assert_int_equal(figures.folded, 1);
	fixture_free(f);
}

static void the_storm_is_told_when_its_hour_is_over(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 2 };
	struct fixture *f = fixture_new(&keys);

	(void)state;
	find_many(f, 5, T0);
	pst_alerts_tick(f->alerts, T0 + HOUR - 1);
	assert_int_equal(f->count, 3); /* its first one told it at once */
	assert_true(fixture_last_has(f, "\"state\":\"new\",\"count\":1"));
	fixture_at(f, T0 + HOUR);
	pst_alerts_tick(f->alerts, T0 + HOUR);
	assert_int_equal(f->count, 4);
	assert_true(golden_is("storm.json", fixture_last(f)));
	pst_alerts_tick(f->alerts, T0 + 3 * HOUR);
	assert_int_equal(f->count, 4);
	fixture_free(f);
}

static void a_quiet_hour_tells_no_storm(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 2 };
	struct fixture *f = fixture_new(&keys);

	(void)state;
	find_many(f, 2, T0);
	pst_alerts_tick(f->alerts, T0 + HOUR);
	assert_int_equal(f->count, 2);
	fixture_free(f);
}

static void a_folded_finding_gets_its_alert_in_a_quieter_hour(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 1 };
	struct fixture *f = fixture_new(&keys);

	(void)state;
	find_many(f, 2, T0);	  /* port 1001 is folded */
	fixture_found(f, T0 + 5); /* and repeated */
	assert_int_equal(f->count, 2);
	fixture_found(f, T0 + HOUR); /* tells the storm again, then the finding */
	assert_int_equal(f->count, 4);
	assert_non_null(strstr(f->line[2].text, "\"code\":\"alert_storm\""));
	assert_non_null(strstr(f->line[2].text, "\"state\":\"update\""));
	assert_non_null(strstr(f->line[2].text, "\"folded\":1,\"repeats\":1"));
	assert_true(fixture_last_has(f, "\"port\":1001"));
	assert_true(fixture_last_has(f, "\"state\":\"new\",\"count\":3"));
	fixture_free(f);
}

static void flush_tells_a_storm_that_is_not_over(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 1 };
	struct fixture *f = fixture_new(&keys);

	(void)state;
	find_many(f, 4, T0);
	pst_alerts_flush(f->alerts, T0 + 10);
	assert_int_equal(f->count, 3);
	assert_true(fixture_last_has(
		f, "\"detectors\":[{\"name\":\"undeclared_channel\",\"count\":3}]"));
	pst_alerts_flush(f->alerts, T0 + 11);
	assert_int_equal(f->count, 3);
	fixture_free(f);
}

static void results_of_folded_findings_are_not_told(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 1 };
	struct fixture *f = fixture_new(&keys);

	(void)state;
	find_many(f, 2, T0);
	fixture_result(f, T0 + 5, PST_REFUSED);
	assert_int_equal(f->count, 2);
	pst_alerts_flush(f->alerts, T0 + 6);
	assert_true(fixture_last_has(f, "\"folded\":1,\"repeats\":0"));
	fixture_free(f);
}

static void cheap_findings_do_not_hide_a_grave_one(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 1 };
	struct fixture *f = fixture_new(&keys);
	struct pst_alert_figures figures;

	(void)state;
	find_many(f, 3, T0);
	assert_int_equal(f->count, 2); /* one, and the storm */
	f->finding.severity = PST_HIGH;
	for (uint16_t i = 0; i < 4; i++) {
		f->channel.key.port = (uint16_t)(2000 + i);
		fixture_found(f, T0 + 10 + i);
		assert_int_equal(f->count, 3u + i);
		assert_true(fixture_last_has(f, "\"code\":\"undeclared_channel\""));
	}
	f->channel.key.port = 2004; /* four times the limit is the limit */
	f->finding.severity = PST_CRITICAL;
	fixture_found(f, T0 + 20);
	assert_int_equal(f->count, 6);
	pst_alerts_figures(f->alerts, &figures);
	assert_int_equal(figures.folded, 3);
	fixture_free(f);
}

static void grave_findings_leave_the_cheap_ones_their_alerts(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 1 };
	struct fixture *f = fixture_new(&keys);

	(void)state;
	f->channel.key.port = 2000;
	fixture_found(f, T0);
	find_many(f, 1, T0 + 1);
	assert_int_equal(f->count, 2);
	assert_true(fixture_last_has(f, "\"port\":1000"));
	fixture_free(f);
}

static void each_attempt_of_a_folded_finding_is_a_repeat(void **state)
{
	const struct pst_alert_keys keys = { .storm_per_hour = 1 };
	struct fixture *f = fixture_new(&keys);

	(void)state;
	find_many(f, 2, T0);
	f->finding.occurrences = 5;
	fixture_found(f, T0 + 5);
	pst_alerts_flush(f->alerts, T0 + 6);
	assert_true(fixture_last_has(f, "\"folded\":1,\"repeats\":5"));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_as_allowed_are_told_and_one_more_is_folded),
		cmocka_unit_test(the_storm_is_told_when_its_hour_is_over),
		cmocka_unit_test(a_quiet_hour_tells_no_storm),
		cmocka_unit_test(a_folded_finding_gets_its_alert_in_a_quieter_hour),
		cmocka_unit_test(flush_tells_a_storm_that_is_not_over),
		cmocka_unit_test(results_of_folded_findings_are_not_told),
		cmocka_unit_test(cheap_findings_do_not_hide_a_grave_one),
		cmocka_unit_test(grave_findings_leave_the_cheap_ones_their_alerts),
		cmocka_unit_test(each_attempt_of_a_folded_finding_is_a_repeat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
