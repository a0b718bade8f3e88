// SPDX-License-Identifier: Apache-2.0
/* limit_exceeded: is more than a day's bytes found once a day, and not a byte less? */
#include "terms_fixture.h"

#define LIMIT "\"bytes_out_per_day\": 1000"
#define ANY "{ \"connect\": \"tcp\" }, { \"unix\": \"**\" }, { \"listen\": \"tcp\" }"

static struct pst_event first_of(const struct pst_event *task, const char *peer)
{
	return sight_of_kind(task, PST_TCP_CONNECT, peer, 443);
}

/* All that the channel sent until now, @after its first sight. */
static void send_all(struct world *world, const struct pst_event *first, uint64_t after_ns,
		     uint64_t bytes)
{
	struct pst_event sample = build_sample(first, first->time_ns + after_ns);

	sample.sample.count.attempts = 1;
	sample.sample.count.bytes_out = bytes;
	(void)grow(world, &sample);
}

static struct pst_event begin(struct world *world, const char *peer)
{
	struct pst_event task = agent_of(world), first = first_of(&task, peer);

	(void)world_channel(world, &first, PST_DECLARED);
	return first;
}

static void the_byte_behind_the_limit_is_found_once(void **state)
{
	struct world *world = *state;
	struct pst_event first;

	terms(world, LIMIT, ANY);
	first = begin(world, "203.0.113.9");
	send_all(world, &first, SECOND, 1000);
	assert_int_equal(world->count, 0);
	send_all(world, &first, 2 * SECOND, 1001);
	assert_string_equal(only(world, PST_DETECTOR_LIMIT_EXCEEDED)->message,
			    "agent (acme-backup) sent more than contract acme-backup@7 allows in a "
			    "day: 1001 bytes, limit 1000");
	assert_string_equal(world->found[0].reason,
			    "1001 bytes left the host on 1970-01-01 (UTC) from all processes under "
			    "this contract; the last 1 of them by pid 10 to 203.0.113.9:443/tcp");
	assert_string_equal(world->found[0].about, "bytes_out_per_day");
	assert_int_equal(world->found[0].judgement.verdict, PST_UNDECLARED);
	assert_null(world->found[0].channel);
	send_all(world, &first, 3 * SECOND, 5000);
	assert_int_equal(world->count, 1);
}

static void all_processes_and_peers_count_together(void **state)
{
	struct world *world = *state;
	struct pst_event first, other, task;

	terms(world, LIMIT, ANY);
	first = begin(world, "203.0.113.9");
	task = world_start(world, 11, WORLD_START + 2 * SECOND, "/opt/acme/helper");
	other = first_of(&task, "198.51.100.1");
	(void)world_channel(world, &other, PST_DECLARED);
	send_all(world, &first, SECOND, 600);
	send_all(world, &other, SECOND, 400);
	assert_int_equal(world->count, 0);
	send_all(world, &other, 2 * SECOND, 401);
	(void)only(world, PST_DETECTOR_LIMIT_EXCEEDED);
	assert_non_null(strstr(world->found[0].reason, "by pid 11 to 198.51.100.1"));
}

static void what_was_undeclared_counts_too(void **state)
{
	struct world *world = *state;
	struct pst_event first;

	terms(world, LIMIT, "");
	first = begin(world, "203.0.113.9");
	world->count = 0;
	send_all(world, &first, SECOND, 1001);
	(void)only(world, PST_DETECTOR_LIMIT_EXCEEDED);
}

static void each_day_has_its_own_sum(void **state)
{
	struct world *world = *state;
	struct pst_event first;

	terms(world, LIMIT, ANY);
	first = begin(world, "203.0.113.9");
	world->detect.wall_offset_ns = (int64_t)(DAY_NS - first.time_ns); /* midnight */
	send_all(world, &first, SECOND, 1000);
	send_all(world, &first, DAY_NS - 1, 1000);
	send_all(world, &first, DAY_NS, 2000);
	assert_int_equal(world->count, 0);
	send_all(world, &first, DAY_NS + SECOND, 2001);
	assert_int_equal(world->count, 1);
	assert_non_null(strstr(world->found[0].reason, "1001 bytes left the host on 1970-01-03"));
	send_all(world, &first, 2 * DAY_NS, 3002);
	assert_int_equal(world->count, 2);
}

static void what_does_not_leave_the_host_is_not_counted(void **state)
{
	static const char *const peers[] = { "127.0.0.1", "::1", "203.0.113.7" };
	struct world *world = *state;
	struct pst_event task = agent_of(world), first;

	terms(world, LIMIT, ANY);
	for (size_t i = 0; i < 3; i++) {
		first = first_of(&task, peers[i]);
		first.channel.local = build_addr("203.0.113.7");
		(void)world_channel(world, &first, PST_DECLARED);
		send_all(world, &first, SECOND, 5000);
	}
	first = sight_of_kind(&task, PST_UNIX, NULL, 0);
	name_channel(&first, "/run/x");
	(void)world_channel(world, &first, PST_DECLARED);
	send_all(world, &first, SECOND, 5000);
	assert_int_equal(world->count, 0);
}

static void answers_to_those_who_call_are_counted(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event first = sight_of_kind(&task, PST_TCP_ACCEPT, "203.0.113.9", 80);

	terms(world, LIMIT, ANY);
	(void)world_channel(world, &first, PST_DECLARED);
	send_all(world, &first, SECOND, 1001);
	(void)only(world, PST_DETECTOR_LIMIT_EXCEEDED);
}

static void an_entry_may_have_a_limit_of_its_own(void **state)
{
	struct world *world = *state;
	struct pst_event task, first, other;

	terms(world, "",
	      "{ \"connect\": \"tcp\", \"to\": \"203.0.113.9\", \"bytes_out_per_day\": 10 },\n"
	      "{ \"connect\": \"tcp\" }");
	first = begin(world, "203.0.113.9");
	task = world_start(world, 11, WORLD_START + 2 * SECOND, "/opt/acme/helper");
	other = first_of(&task, "198.51.100.1");
	(void)world_channel(world, &other, PST_DECLARED);
	send_all(world, &other, SECOND, 5000);
	send_all(world, &first, SECOND, 10);
	assert_int_equal(world->count, 0);
	send_all(world, &first, 2 * SECOND, 11);
	assert_string_equal(only(world, PST_DETECTOR_LIMIT_EXCEEDED)->about,
			    "bytes_out_per_day of the entry in line 5");
	assert_int_equal(world->found[0].judgement.nearest, 0);
	assert_non_null(strstr(world->found[0].reason, "under this entry"));
}

static void what_is_older_than_the_stream_is_not_counted(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world), first = first_of(&task, "203.0.113.9");

	terms(world, LIMIT, ANY);
	first.time_ns = WORLD_START - SECOND;
	send_all(world, &first, 60 * SECOND, 5000);
	assert_int_equal(world->count, 0);
	send_all(world, &first, 70 * SECOND, 6001); /* from now on it is */
	(void)only(world, PST_DETECTOR_LIMIT_EXCEEDED);
}

static void what_was_forgotten_and_came_back_is_not_counted_twice(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world), first = first_of(&task, "203.0.113.9");

	terms(world, LIMIT, ANY);
	send_all(world, &first, 600 * SECOND + 1, 5000);
	assert_int_equal(world->count, 0);
	first = first_of(&task, "203.0.113.10"); /* its first sight was lost a moment ago */
	send_all(world, &first, 600 * SECOND, 5000);
	(void)only(world, PST_DETECTOR_LIMIT_EXCEEDED);
}

static void a_reload_of_the_same_contract_goes_on_counting(void **state)
{
	struct world *world = *state;
	struct pst_event first;

	terms(world, LIMIT, ANY);
	first = begin(world, "203.0.113.9");
	send_all(world, &first, SECOND, 900);
	terms(world, "\"bytes_out_per_day\": 950", ANY);
	send_all(world, &first, 2 * SECOND, 951);
	(void)only(world, PST_DETECTOR_LIMIT_EXCEEDED);
}

static void without_a_limit_or_a_contract_nothing_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task, first;

	terms(world, "", ANY);
	first = begin(world, "203.0.113.9");
	send_all(world, &first, SECOND, UINT64_C(1) << 50);
	terms(world, LIMIT, ANY);
	task = collector_of(world);
	first = first_of(&task, "203.0.113.9");
	(void)world_channel(world, &first, PST_UNMANAGED);
	send_all(world, &first, SECOND, 5000);
	assert_int_equal(world_count(world, PST_DETECTOR_LIMIT_EXCEEDED), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(the_byte_behind_the_limit_is_found_once),
		WORLD_CASE(all_processes_and_peers_count_together),
		WORLD_CASE(what_was_undeclared_counts_too),
		WORLD_CASE(each_day_has_its_own_sum),
		WORLD_CASE(what_does_not_leave_the_host_is_not_counted),
		WORLD_CASE(answers_to_those_who_call_are_counted),
		WORLD_CASE(an_entry_may_have_a_limit_of_its_own),
		WORLD_CASE(what_is_older_than_the_stream_is_not_counted),
		WORLD_CASE(what_was_forgotten_and_came_back_is_not_counted_twice),
		WORLD_CASE(a_reload_of_the_same_contract_goes_on_counting),
		WORLD_CASE(without_a_limit_or_a_contract_nothing_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
