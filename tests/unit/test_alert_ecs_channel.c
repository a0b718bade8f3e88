// SPDX-License-Identifier: Apache-2.0
/* Does a channel's summary say what it carried since the last one? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"
#include "golden.h"

static const struct pst_counters some = { .attempts = 4,
					  .failures = 1,
					  .bytes_out = 1201344,
					  .bytes_in = 91768,
					  .packets_out = 1220,
					  .packets_in = 890 };
static const struct pst_counters none;

static void a_summary_is_byte_for_byte_the_golden_one(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.verdict = PST_DECLARED;
	f->channel.last_result = PST_ESTABLISHED;
	pst_alerts_channel(f->alerts,
			   &(struct pst_flow){ &f->process, &f->channel, &some,
					       100000 * FIXTURE_S },
			   100300 * FIXTURE_S);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->line[0].dataset, PST_CHANNEL_RECORD);
	assert_true(golden_is("channel.json", f->line[0].text));
	fixture_free(f);
}

static void the_first_sight_is_a_start_with_all_counters(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.count.attempts = 2;
	pst_alerts_channel(f->alerts, &(struct pst_flow){ &f->process, &f->channel, &none, 0 },
			   100000 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"type\":[\"connection\",\"start\"]"));
	assert_true(fixture_last_has(f, "\"flows\":2"));
	assert_true(fixture_last_has(f, "\"novelty\":\"new\""));
	fixture_free(f);
}

static void what_came_in_is_the_sources_when_the_peer_called(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.key.kind = PST_TCP_ACCEPT;
	pst_alerts_channel(f->alerts,
			   &(struct pst_flow){ &f->process, &f->channel, &some,
					       100000 * FIXTURE_S },
			   100300 * FIXTURE_S);
	assert_true(fixture_last_has(
		f,
		"\"source\":{\"address\":\"203.0.113.44\",\"ip\":\"203.0.113.44\",\"bytes\":91768,\"packets\":890}"));
	fixture_free(f);
}

static void no_traffic_leaves_no_byte_fields(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_channel(f->alerts,
			   &(struct pst_flow){ &f->process, &f->channel, &none,
					       100000 * FIXTURE_S },
			   100300 * FIXTURE_S);
	assert_null(strstr(fixture_last(f), "\"bytes\""));
	assert_true(fixture_last_has(f, "\"flows\":0"));
	fixture_free(f);
}

static void the_contract_of_an_older_set_is_not_named(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent.contract = 0;
	f->agent.contract_generation = pst_contracts_generation(f->contracts);
	pst_alerts_channel(f->alerts, &(struct pst_flow){ &f->process, &f->channel, &none, 0 },
			   100000 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"contract\":{\"id\":\"acme-backup\""));
	f->agent.contract_generation++;
	pst_alerts_channel(f->alerts, &(struct pst_flow){ &f->process, &f->channel, &none, 0 },
			   100000 * FIXTURE_S);
	assert_null(strstr(fixture_last(f), "\"id\":\"acme-backup\""));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_summary_is_byte_for_byte_the_golden_one),
		cmocka_unit_test(the_first_sight_is_a_start_with_all_counters),
		cmocka_unit_test(what_came_in_is_the_sources_when_the_peer_called),
		cmocka_unit_test(no_traffic_leaves_no_byte_fields),
		cmocka_unit_test(the_contract_of_an_older_set_is_not_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
