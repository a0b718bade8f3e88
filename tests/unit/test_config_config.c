// SPDX-License-Identifier: Apache-2.0
/* Does the configuration take what it should, and refuse the rest with its place? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/config.h"

static struct pst_diags diags;

static int read_text(struct pst_config *config, const char *text)
{
	pst_diags_init(&diags, "postern.json");
	return pst_config_read(config, text, strlen(text), &diags);
}

static void assert_refused(const char *text, const char *part)
{
	struct pst_config *config = pst_config_new();

	assert_non_null(config);
	assert_int_equal(read_text(config, text), -EINVAL);
	assert_true(diags.errors > 0);
	assert_non_null(strstr(diags.list[0].text, part));
	pst_config_free(config);
}

static void defaults_are_those_of_the_table(void **state)
{
	struct pst_config *config = pst_config_new();

	(void)state;
	assert_non_null(config);
	assert_int_equal(config->settle_ns, 600000000000ull);
	assert_int_equal(config->ring_bytes, 2u << 20);
	assert_int_equal(config->internal_networks.count, 8);
	assert_string_equal(config->vendor_paths.list[0], "/opt/");
	assert_null(config->vendor_paths.list[config->vendor_paths.count]);
	assert_true(config->redact);
	assert_int_equal(config->events_budget, 50000000);
	assert_string_equal(config->contract_keys, PST_SYSCONFDIR "/postern/keys.d");
	assert_false(config->require_signature);
	pst_config_free(config);
}

static void signatures_are_required_by_two_keys(void **state)
{
	struct pst_config *config = pst_config_new();

	(void)state;
	assert_non_null(config);
	assert_int_equal(
		read_text(
			config,
			"{ \"format\": 1, \"contract\": { \"keys\": \"/k\", \"require_signature\": true } }"),
		0);
	assert_string_equal(config->contract_keys, "/k");
	assert_true(config->require_signature);
	assert_int_equal(read_text(config, "{ \"format\": 1, \"contract\": { \"keys\": 7 } }"),
			 -EINVAL);
	assert_string_equal(config->contract_keys, "/k");
	pst_config_free(config);
}

static void values_with_units_are_taken(void **state)
{
	struct pst_config *config = pst_config_new();

	(void)state;
	assert_int_equal(
		read_text(
			config,
			"{ \"format\": 1, // note\n \"unmanaged\": { \"settle\": \"2h\", \"paths\": [\"/a\", \"/b/\"] },\n"
			"\"sensor\": { \"ring_bytes\": \"1MiB\" }, \"alerts\": { \"redact\": false },\n"
			"\"internal_networks\": [\"10.0.0.0/8\"], \"x-note\": 1 }"),
		0);
	assert_int_equal(config->settle_ns, 7200000000000ull);
	assert_int_equal(config->ring_bytes, 1u << 20);
	assert_false(config->redact);
	assert_int_equal(config->internal_networks.count, 1);
	assert_int_equal(config->vendor_paths.count, 2);
	assert_string_equal(config->vendor_paths.list[0], "/a/");
	assert_string_equal(config->vendor_paths.list[1], "/b/");
	pst_config_free(config);
}

static void the_sensor_may_be_told_to_do_less(void **state)
{
	struct pst_config *config = pst_config_new();

	(void)state;
	assert_true(config->sensor_lsm && config->sensor_dns && config->sensor_first_bytes);
	assert_int_equal(config->sensor_share, 4096);
	assert_int_equal(read_text(config,
				   "{ \"format\": 1, \"sensor\": { \"lsm\": false, \"dns\": false,"
				   "\"first_bytes\": false, \"share\": 16 } }"),
			 0);
	assert_false(config->sensor_lsm || config->sensor_dns || config->sensor_first_bytes);
	assert_int_equal(config->sensor_share, 16);
	pst_config_free(config);
	assert_refused("{ \"format\": 1, \"sensor\": { \"lsm\": \"off\" } }", "true or false");
	assert_refused("{ \"format\": 1, \"sensor\": { \"share\": 15 } }", "from 16 to");
}

static void an_error_changes_nothing_and_has_its_place(void **state)
{
	struct pst_config *config = pst_config_new();

	(void)state;
	assert_int_equal(
		read_text(
			config,
			"{\n \"format\": 1,\n \"unmanaged\": { \"settle\": \"1h\" },\n \"health\": { \"interval\": true }\n}"),
		-EINVAL);
	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.list[0].line, 4);
	assert_int_equal(config->settle_ns, 600000000000ull);
	pst_config_free(config);
}

static void all_errors_are_told_not_the_first(void **state)
{
	struct pst_config *config = pst_config_new();

	(void)state;
	assert_int_equal(
		read_text(
			config,
			"{ \"format\": 1, \"healt\": {}, \"alerts\": { \"storm_per_hour\": 0, \"redact\": 1 } }"),
		-EINVAL);
	assert_int_equal(diags.errors, 3);
	pst_config_free(config);
}

static void an_unknown_key_gets_a_suggestion(void **state)
{
	(void)state;
	assert_refused("{ \"format\": 1, \"unmanaged\": { \"setle\": 1 } }",
		       "did you mean \"unmanaged.settle\"");
}

static void another_format_is_refused(void **state)
{
	(void)state;
	assert_refused("{ \"format\": 2 }", "\"format\": 1");
	assert_refused("{ }", "\"format\": 1");
	assert_refused("[]", "object");
}

static void values_out_of_range_are_refused_on_both_sides(void **state)
{
	struct pst_config *config = pst_config_new();

	(void)state;
	assert_refused("{ \"format\": 1, \"sensor\": { \"sweep\": 0 } }", "from 1 to 3600");
	assert_refused("{ \"format\": 1, \"sensor\": { \"sweep\": 3601 } }", "from 1 to 3600");
	assert_refused("{ \"format\": 1, \"sensor\": { \"sweep\": \"61m\" } }", "from 1 to 3600");
	assert_int_equal(read_text(config, "{ \"format\": 1, \"sensor\": { \"sweep\": 1 } }"), 0);
	assert_int_equal(config->sweep_ns, 1000000000ull);
	assert_int_equal(read_text(config, "{ \"format\": 1, \"sensor\": { \"sweep\": \"1h\" } }"),
			 0);
	assert_int_equal(config->sweep_ns, 3600000000000ull);
	pst_config_free(config);
}

static void numbers_that_overflow_or_have_no_unit_are_refused(void **state)
{
	(void)state;
	assert_refused("{ \"format\": 1, \"events\": { \"budget\": \"99999999999999999999GiB\" } }",
		       "from");
	assert_refused("{ \"format\": 1, \"events\": { \"budget\": \"18446744073709551615GiB\" } }",
		       "from");
	assert_refused("{ \"format\": 1, \"events\": { \"budget\": \"50 MB\" } }", "a size");
	assert_refused("{ \"format\": 1, \"events\": { \"budget\": \"-1\" } }", "a size");
	assert_refused("{ \"format\": 1, \"events\": { \"budget\": -1 } }", "a size");
	assert_refused("{ \"format\": 1, \"events\": { \"budget\": 1.5 } }", "a size");
}

static void a_ring_that_is_no_power_of_two_is_refused(void **state)
{
	(void)state;
	assert_refused("{ \"format\": 1, \"sensor\": { \"ring_bytes\": \"3MiB\" } }",
		       "power of two");
	assert_int_equal(diags.list[0].line, 1);
	assert_int_equal(diags.list[0].column, 42);
	assert_refused("{ \"format\": 1,\n  \"sensor.ring_bytes\": \"3MiB\" }", "power of two");
	assert_int_equal(diags.list[0].line, 2);
	assert_int_equal(diags.list[0].column, 24);
}

static void a_ring_too_large_is_refused(void **state)
{
	(void)state;
	assert_refused("{ \"format\": 1, \"sensor\": { \"ring_bytes\": \"2GiB\" } }",
		       "must be from 65536 to 1073741824 bytes");
}

static void a_prefix_with_host_bits_is_refused(void **state)
{
	(void)state;
	assert_refused("{ \"format\": 1, \"internal_networks\": [\"10.1.2.3/8\"] }",
		       "without bits behind the prefix");
	assert_refused("{ \"format\": 1, \"internal_networks\": [\"bank\"] }", "networks");
}

static void lists_take_64_entries_and_no_more(void **state)
{
	struct pst_config *config = pst_config_new();
	char text[1400] = "{ \"format\": 1, \"unmanaged\": { \"paths\": [\"/0\"";
	char more[1500];

	(void)state;
	for (int i = 1; i < 64; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), ", \"/%d\"", i);
	(void)snprintf(more, sizeof(more), "%s, \"/64\" ] } }", text);
	(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "] } }");
	assert_int_equal(read_text(config, text), 0);
	assert_int_equal(config->vendor_paths.count, 64);
	assert_int_equal(read_text(config, more), -EINVAL);
	pst_config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_of_the_table),
		cmocka_unit_test(signatures_are_required_by_two_keys),
		cmocka_unit_test(values_with_units_are_taken),
		cmocka_unit_test(the_sensor_may_be_told_to_do_less),
		cmocka_unit_test(an_error_changes_nothing_and_has_its_place),
		cmocka_unit_test(all_errors_are_told_not_the_first),
		cmocka_unit_test(an_unknown_key_gets_a_suggestion),
		cmocka_unit_test(another_format_is_refused),
		cmocka_unit_test(values_out_of_range_are_refused_on_both_sides),
		cmocka_unit_test(numbers_that_overflow_or_have_no_unit_are_refused),
		cmocka_unit_test(a_ring_that_is_no_power_of_two_is_refused),
		cmocka_unit_test(a_ring_too_large_is_refused),
		cmocka_unit_test(a_prefix_with_host_bits_is_refused),
		cmocka_unit_test(lists_take_64_entries_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
