// SPDX-License-Identifier: Apache-2.0
/* Do the records that are no alerts keep secrets, and the short forms short? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"

static void a_channel_record_has_no_command_line(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_channel(f->alerts,
			   &(struct pst_flow){ &f->process, &f->channel, &f->channel.count, 0 }, 1);
	assert_null(strstr(fixture_last(f), "command_line"));
	assert_null(strstr(fixture_last(f), "hunter2"));
	fixture_free(f);
}

static void an_exec_record_is_redacted_unless_told_otherwise(void **state)
{
	const struct pst_alert_keys open_keys = { .redact = false };
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_null(strstr(fixture_last(f), "hunter2"));
	fixture_free(f);
	f = fixture_new(&open_keys);
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_true(fixture_last_has(f, "hunter2"));
	fixture_free(f);
}

static void a_loss_makes_channel_records_incomplete_too(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_loss(f->alerts, 10);
	pst_alerts_channel(f->alerts,
			   &(struct pst_flow){ &f->process, &f->channel, &f->channel.count, 0 },
			   11);
	assert_true(fixture_last_has(f, "\"evidence_complete\":false"));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_channel_record_has_no_command_line),
		cmocka_unit_test(an_exec_record_is_redacted_unless_told_otherwise),
		cmocka_unit_test(a_loss_makes_channel_records_incomplete_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
