// SPDX-License-Identifier: Apache-2.0
/* new_listener: is an open door found, and a declared or an inner one left alone? */
#include "exotic_fixture.h"

static struct pst_channel *listen_on(struct world *world, const struct pst_event *task,
				     const char *addr, enum pst_verdict verdict)
{
	struct pst_event listen = build_channel(task, WORLD_START + 60 * SECOND, PST_TCP_LISTEN,
						addr, 9005);

	return world_channel(world, &listen, verdict);
}

static struct pst_event bound(struct world *world)
{
	return world_start(world, 10, WORLD_START + SECOND, "/opt/acme/agent");
}

static struct pst_event unmanaged(struct world *world)
{
	return world_start(world, 20, WORLD_START + SECOND, "/opt/collector");
}

static void an_undeclared_listener_of_bound_software_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = bound(world);

	listen_on(world, &task, "0.0.0.0", PST_UNDECLARED);
	assert_int_equal(world->count, 1);
	assert_int_equal(world->found[0].detector, PST_DETECTOR_NEW_LISTENER);
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_string_equal(
		world->found[0].message,
		"agent (acme-backup) listens on 0.0.0.0:9005/tcp: not in contract acme-backup@7");
	assert_non_null(strstr(world->found[0].reason, "opened 59 s after its process began"));
	listen_on(world, &task, "0.0.0.0", PST_UNDECLARED);
	assert_int_equal(world->count, 1);
}

static void a_listener_that_is_closed_and_opened_again_counts_twice(void **state)
{
	struct world *world = *state;
	struct pst_event task = bound(world);
	struct pst_event listen = build_channel(&task, WORLD_START + 60 * SECOND, PST_TCP_LISTEN,
						"0.0.0.0", 9005);
	struct pst_event closed = build_result(&listen, WORLD_START + 61 * SECOND, PST_CLOSED);
	struct pst_event sample = build_sample(&listen, WORLD_START + 63 * SECOND);

	sample.sample.count = (struct pst_counters){ .attempts = 2, .closed = 1 };
	world_channel(world, &listen, PST_UNDECLARED);
	world_channel(world, &closed, PST_UNDECLARED);
	world_channel(world, &sample, PST_UNDECLARED);
	assert_int_equal(world->count, 3);
	assert_int_equal(world->found[1].occurrences, 0);
	assert_non_null(strstr(world->found[1].reason, ", result: closed"));
	assert_int_equal(world->found[2].occurrences, 1);
}

static void a_loopback_listener_of_bound_software_must_be_declared_too(void **state)
{
	struct world *world = *state;
	struct pst_event task = bound(world);

	listen_on(world, &task, "127.0.0.1", PST_UNDECLARED);
	assert_int_equal(world->count, 1);
}

static void a_declared_listener_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = bound(world);

	listen_on(world, &task, "0.0.0.0", PST_DECLARED);
	assert_int_equal(world->count, 0);
}

static void an_undeclared_listener_older_than_us_is_found_and_marked(void **state)
{
	struct world *world = *state;
	struct pst_event task = build_before(10, 5, "/opt/acme/agent");
	struct pst_event listen = build_channel(&task, WORLD_START, PST_TCP_LISTEN, "0.0.0.0",
						9005);

	world_exec(world, &task);
	listen.preexisting = true;
	world_channel(world, &listen, PST_UNDECLARED);
	assert_int_equal(world->count, 1);
	assert_true(world->found[0].preexisting);
	assert_non_null(strstr(world->found[0].reason, "was open before monitoring began"));
}

static void vendor_software_that_opens_a_door_is_found_at_once(void **state)
{
	struct world *world = *state;
	struct pst_event task = unmanaged(world);

	listen_on(world, &task, "::", PST_UNMANAGED);
	assert_int_equal(world->count, 1);
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
	assert_string_equal(
		world->found[0].message,
		"collector (no contract) listens on [::]:9005/tcp, which others can reach");
}

static void it_never_settles(void **state)
{
	struct world *world = *state;
	struct pst_event task = unmanaged(world);
	struct pst_event late;

	pst_detect_tick(&world->detect, WORLD_START + 2 * WORLD_SETTLE);
	late = build_channel(&task, WORLD_START + 3 * WORLD_SETTLE, PST_TCP_LISTEN, "192.0.2.1",
			     22);
	world_channel(world, &late, PST_UNMANAGED);
	assert_int_equal(world_count(world, PST_DETECTOR_NEW_LISTENER), 1);
}

static void an_inner_listener_of_vendor_software_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = unmanaged(world);

	listen_on(world, &task, "127.0.0.1", PST_UNMANAGED);
	listen_on(world, &task, "::1", PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void a_listener_of_vendor_software_older_than_us_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = unmanaged(world);
	struct pst_event listen = build_channel(&task, WORLD_START, PST_TCP_LISTEN, "0.0.0.0",
						9005);

	listen.preexisting = true;
	world_channel(world, &listen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void sample_from(struct world *world, uint64_t first_ns)
{
	struct pst_event task = unmanaged(world);
	struct pst_event listen = build_channel(&task, first_ns, PST_TCP_LISTEN, "0.0.0.0", 9005);
	struct pst_event sample = build_sample(&listen, WORLD_START + 60 * SECOND);

	world_channel(world, &sample, PST_UNMANAGED);
}

static void a_sampled_listener_counts_from_our_start(void **state)
{
	sample_from(*state, WORLD_START);
	assert_int_equal(((struct world *)*state)->count, 1);
}

static void a_sampled_listener_from_before_our_start_is_silent(void **state)
{
	sample_from(*state, WORLD_START - 1);
	assert_int_equal(((struct world *)*state)->count, 0);
}

static void a_listener_of_the_distribution_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = world_start(world, 30, WORLD_START + SECOND, "/usr/sbin/sshd");

	listen_on(world, &task, "0.0.0.0", PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void a_udp_port_that_others_can_reach_is_a_door_too(void **state)
{
	struct world *world = *state;
	struct pst_event task = unmanaged(world);
	struct pst_event open = sight_of_kind(&task, PST_UDP_LISTEN, "0.0.0.0", 161);
	struct pst_event inner = sight_of_kind(&task, PST_UDP_LISTEN, "127.0.0.1", 162);
	struct pst_event before = sight_of_kind(&task, PST_UDP_LISTEN, "0.0.0.0", 163);

	before.preexisting = true;
	world_channel(world, &inner, PST_UNMANAGED);
	world_channel(world, &before, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
	world_channel(world, &open, PST_UNMANAGED);
	assert_non_null(strstr(only(world, PST_DETECTOR_NEW_LISTENER)->message,
			       "listens on 0.0.0.0:161/udp"));
}

static void an_unusual_listener_of_vendor_software_is_found_also_when_older(void **state)
{
	static const enum pst_kind kinds[] = { PST_SCTP_LISTEN, PST_DCCP_LISTEN, PST_VSOCK_LISTEN };
	struct world *world = *state;
	struct pst_event task = unmanaged(world);
	struct pst_event inner = sight_of_kind(&task, PST_SCTP_LISTEN, "127.0.0.1", 9000);

	world_channel(world, &inner, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
	for (size_t i = 0; i < 3; i++) {
		struct pst_event seen = sight_of_kind(&task, kinds[i], "0.0.0.0", 9000);

		seen.preexisting = true;
		world_channel(world, &seen, PST_UNMANAGED);
		assert_int_equal(world->count, i + 1);
		assert_int_equal(world->found[i].detector, PST_DETECTOR_NEW_LISTENER);
		assert_true(world->found[i].preexisting);
	}
}

static void a_unix_listener_counts_for_bound_software_only(void **state)
{
	struct world *world = *state;
	struct pst_event task = unmanaged(world), agent = bound(world);
	struct pst_event theirs = sight_of_kind(&task, PST_UNIX_LISTEN, NULL, 0);
	struct pst_event ours = sight_of_kind(&agent, PST_UNIX_LISTEN, NULL, 0);

	name_channel(&theirs, "/run/collector.sock");
	name_channel(&ours, "/run/agent.sock");
	world_channel(world, &theirs, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
	world_channel(world, &ours, PST_DECLARED);
	assert_int_equal(world->count, 0);
	world_channel(world, &ours, PST_UNDECLARED);
	assert_non_null(strstr(only(world, PST_DETECTOR_NEW_LISTENER)->message,
			       "listens on unix:/run/agent.sock"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(an_undeclared_listener_of_bound_software_is_found),
		WORLD_CASE(a_listener_that_is_closed_and_opened_again_counts_twice),
		WORLD_CASE(a_loopback_listener_of_bound_software_must_be_declared_too),
		WORLD_CASE(a_declared_listener_is_silent),
		WORLD_CASE(an_undeclared_listener_older_than_us_is_found_and_marked),
		WORLD_CASE(vendor_software_that_opens_a_door_is_found_at_once),
		WORLD_CASE(it_never_settles),
		WORLD_CASE(an_inner_listener_of_vendor_software_is_silent),
		WORLD_CASE(a_listener_of_vendor_software_older_than_us_is_silent),
		WORLD_CASE(a_sampled_listener_counts_from_our_start),
		WORLD_CASE(a_sampled_listener_from_before_our_start_is_silent),
		WORLD_CASE(a_listener_of_the_distribution_is_silent),
		WORLD_CASE(a_udp_port_that_others_can_reach_is_a_door_too),
		WORLD_CASE(an_unusual_listener_of_vendor_software_is_found_also_when_older),
		WORLD_CASE(a_unix_listener_counts_for_bound_software_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
