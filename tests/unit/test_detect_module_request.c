// SPDX-License-Identifier: Apache-2.0
/* module_request: is a rare protocol's module found, and what every C library asks for left alone?
 */
#include "exotic_fixture.h"

static void ask(struct world *world, const struct pst_event *task, const char *name)
{
	struct pst_event event = build_as(task, PST_EVENT_ACT, THEN);

	event.act = (struct pst_act_seen){ .act = PST_MODULE };
	strcpy(event.act.name, name);
	world_act(world, &event);
}

static void vendor_software_that_asks_for_a_family_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	ask(world, &task, "net-pf-30");
	assert_string_equal(
		only(world, PST_DETECTOR_MODULE_REQUEST)->message,
		"collector (no contract) made the kernel look for the module net-pf-30");
	assert_string_equal(world->found[0].about, "net-pf-30");
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
}

static void protocols_links_and_algorithms_lead_to_channels(void **state)
{
	static const char *const names[] = { "net-pf-2-proto-132", "rtnl-link-wireguard",
					     "algif-hash",	   "char-major-10-200",
					     "bt-proto-3",	   "tcp-ulp-espintcp" };
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ask(world, &task, names[i]);
		assert_int_equal(world->count, i + 1);
		assert_string_equal(world->found[i].about, names[i]);
	}
}

static void bound_software_needs_a_word_for_it(void **state)
{
	struct world *world = *state;
	struct pst_event task;

	allow(world, "\"modules\": [ \"net-pf-38\", \"algif-*\" ]");
	task = agent_of(world);
	ask(world, &task, "net-pf-38");
	ask(world, &task, "algif-skcipher");
	assert_int_equal(world->count, 0);
	ask(world, &task, "net-pf-40");
	assert_non_null(strstr(only(world, PST_DETECTOR_MODULE_REQUEST)->message,
			       "net-pf-40: not in contract acme-backup@7"));
}

static void what_everybody_asks_for_is_silent(void **state)
{
	static const char *const names[] = { "net-pf-10",
					     "net-pf-16-proto-4",
					     "net-pf-16-proto-4-type-2-6",
					     "net-pf-16-proto-16-family-nl80211",
					     "tcp-ulp-tls",
					     "netdev-eth9",
					     "fs-autofs",
					     "crypto-sha256" };
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ask(world, &task, names[i]);
	assert_int_equal(world->count, 0);
}

static void a_hostile_name_is_made_safe(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	ask(world, &task, "net-pf-\x1b[2J");
	assert_null(strchr(only(world, PST_DETECTOR_MODULE_REQUEST)->message, '\x1b'));
	assert_null(strchr(world->found[0].about, '\x1b'));
}

static void the_distribution_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/sbin/ip");

	ask(world, &task, "rtnl-link-vxlan");
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(vendor_software_that_asks_for_a_family_is_found),
		WORLD_CASE(protocols_links_and_algorithms_lead_to_channels),
		WORLD_CASE(bound_software_needs_a_word_for_it),
		WORLD_CASE(what_everybody_asks_for_is_silent),
		WORLD_CASE(a_hostile_name_is_made_safe),
		WORLD_CASE(the_distribution_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
