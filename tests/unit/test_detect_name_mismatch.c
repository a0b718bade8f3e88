// SPDX-License-Identifier: Apache-2.0
/* name_mismatch: is another server's name found, and the right one left alone? */
#include "exotic_fixture.h"

/* A connection whose greeting named @server, as the profile has written it; then it is judged
 * again. */
static void greet(struct world *world, const struct pst_event *task, const char *server,
		  enum pst_verdict verdict)
{
	struct pst_event seen = sight_of_kind(task, PST_TCP_CONNECT, "10.20.0.9", 443);
	struct pst_channel *channel = world_judged(world, &seen, verdict);

	if (!channel->server_name)
		channel->server_name = strdup(server); /* the profile frees it */
	channel->name_mismatch = true;
	world_judged(world, &seen, verdict);
}

static void bound_software_that_greets_another_server_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);

	greet(world, &task, "evil.example", PST_DECLARED);
	assert_string_equal(
		only(world, PST_DETECTOR_NAME_MISMATCH)->message,
		"agent (acme-backup) greeted 10.20.0.9:443/tcp as evil.example, which is no name of that address");
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_non_null(strstr(world->found[0].reason, "no name is known to have led there"));
	greet(world, &task, "evil.example", PST_DECLARED);
	assert_int_equal(world->count, 1);
}

static void vendor_software_under_no_contract_weighs_less(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	greet(world, &task, "evil.example", PST_UNMANAGED);
	assert_int_equal(only(world, PST_DETECTOR_NAME_MISMATCH)->severity, PST_MEDIUM);
}

static void the_distribution_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/bin/curl");

	greet(world, &task, "evil.example", PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void a_name_that_led_there_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = sight_of_kind(&task, PST_TCP_CONNECT, "10.20.0.9", 443);

	world_channel(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(bound_software_that_greets_another_server_is_found),
		WORLD_CASE(vendor_software_under_no_contract_weighs_less),
		WORLD_CASE(the_distribution_is_silent),
		WORLD_CASE(a_name_that_led_there_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
