// SPDX-License-Identifier: Apache-2.0
/* bpf_load: is a network program for the kernel found, and one that a contract names left alone? */
#include "exotic_fixture.h"

#define SOCKET_FILTER 1u
#define SCHED_CLS 3u
#define XDP 6u
#define SK_REUSEPORT 21u
#define SK_LOOKUP 30u

static void load(struct world *world, const struct pst_event *task, uint32_t type, const char *name)
{
	struct pst_event event = build_as(task, PST_EVENT_ACT, THEN);

	event.act = (struct pst_act_seen){ .act = PST_BPF_LOAD, .number = type };
	strcpy(event.act.name, name);
	world_act(world, &event);
}

static void vendor_software_that_loads_one_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	load(world, &task, XDP, "knock");
	assert_string_equal(
		only(world, PST_DETECTOR_BPF_LOAD)->message,
		"collector (no contract) loads the eBPF program knock of type xdp into the kernel");
	assert_string_equal(world->found[0].about, "xdp");
	assert_non_null(strstr(world->found[0].reason, "59 s after its process began"));
	assert_int_equal(world->found[0].score, 70);
}

static void one_that_hangs_on_own_sockets_weighs_less(void **state)
{
	static const struct {
		uint32_t type;
		enum pst_severity severity;
	} wanted[] = { { SOCKET_FILTER, PST_MEDIUM },
		       { SCHED_CLS, PST_HIGH },
		       { XDP, PST_HIGH },
		       { SK_REUSEPORT, PST_MEDIUM },
		       { SK_LOOKUP, PST_HIGH } };
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		load(world, &task, wanted[i].type, "p");
		assert_int_equal(world->count, i + 1);
		assert_int_equal(world->found[i].severity, wanted[i].severity);
	}
}

static void bound_software_needs_the_word_of_the_type(void **state)
{
	struct world *world = *state;
	struct pst_event task;

	allow(world, "\"bpf\": [ \"socket_filter\", \"sched_cls\" ]");
	task = agent_of(world);
	load(world, &task, SOCKET_FILTER, "");
	load(world, &task, SCHED_CLS, "egress");
	assert_int_equal(world->count, 0);
	load(world, &task, XDP, "egress");
	assert_non_null(strstr(only(world, PST_DETECTOR_BPF_LOAD)->message,
			       "of type xdp into the kernel: not in contract acme-backup@7"));
	assert_int_equal(world->found[0].score, 80);
}

static void bound_software_may_have_all_types(void **state)
{
	struct world *world = *state;
	struct pst_event task;

	allow(world, "\"bpf\": \"*\"");
	task = agent_of(world);
	load(world, &task, XDP, "x");
	load(world, &task, 77, "x"); /* of a kernel to come */
	assert_int_equal(world->count, 0);
}

static void bound_software_without_a_word_may_have_none(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);

	load(world, &task, SOCKET_FILTER, "");
	assert_non_null(strstr(only(world, PST_DETECTOR_BPF_LOAD)->message,
			       "loads an eBPF program without a name of type socket_filter"));
	assert_int_equal(world->found[0].score, 60);
}

static void names_and_types_from_outside_are_made_safe(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	load(world, &task, UINT32_MAX, "\x1b[2J");
	assert_null(strchr(only(world, PST_DETECTOR_BPF_LOAD)->message, '\x1b'));
	assert_string_equal(world->found[0].about, "number 4294967295");
}

/* systemd loads cgroup_skb programs for its units. */
static void the_distribution_and_other_acts_are_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/lib/systemd/systemd");
	struct pst_event vendor = collector_of(world);
	struct pst_event attach = build_as(&vendor, PST_EVENT_ACT, THEN);

	load(world, &task, 8, "sd_fw_egress");
	attach.act = (struct pst_act_seen){ .act = PST_BPF_ATTACH, .number = XDP };
	world_act(world, &attach);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(vendor_software_that_loads_one_is_found),
		WORLD_CASE(one_that_hangs_on_own_sockets_weighs_less),
		WORLD_CASE(bound_software_needs_the_word_of_the_type),
		WORLD_CASE(bound_software_may_have_all_types),
		WORLD_CASE(bound_software_without_a_word_may_have_none),
		WORLD_CASE(names_and_types_from_outside_are_made_safe),
		WORLD_CASE(the_distribution_and_other_acts_are_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
