// SPDX-License-Identifier: Apache-2.0
/* Does every stored record still say what it said, and is a broken one refused? */
#include <errno.h>
#include <stdlib.h>

#include "frames.h"

static void the_header_of_a_stored_record_reads_as_ever(void **state)
{
	struct pst_event event = frame_event(*state, "fork");

	assert_int_equal(event.type, PST_EVENT_FORK);
	assert_false(event.no_task || event.preexisting || event.no_owner);
	assert_int_equal(event.cpu, 1);
	assert_int_equal(event.seq, 42);
	assert_int_equal(event.time_ns, 5000000000ull);
	assert_int_equal(event.task.proc.tgid, 10);
	assert_int_equal(event.task.proc.start_ns, 1000);
	assert_int_equal(event.task.parent.tgid, 9);
	assert_int_equal(event.task.parent.start_ns, 900);
	assert_int_equal(event.task.root.tgid, 8);
	assert_int_equal(event.task.root.start_ns, 800);
	assert_int_equal(event.task.image.tgid, 10);
	assert_int_equal(event.task.image.exec_ns, 2000);
	assert_int_equal(event.task.cgroup_id, 77);
	assert_int_equal(event.task.tid, 12);
	assert_int_equal(event.task.uid, 991);
	assert_int_equal(event.task.netns, 3);
	assert_int_equal(event.task.mntns, 4);
	assert_int_equal(event.task.pidns, 5);
	assert_string_equal(event.task.comm, "bkagent");
}

static void a_stored_exit_reads_as_ever(void **state)
{
	assert_int_equal(frame_event(*state, "exit").exit_code, 256);
}

static void the_sensors_own_stored_records_read_as_ever(void **state)
{
	struct pst_event hook = frame_event(*state, "hook"),
			 resolvers = frame_event(*state, "resolvers");
	struct pst_event loss = frame_event(*state, "loss"), vitals = frame_event(*state, "vitals");

	assert_int_equal(frame_event(*state, "clock").clock_wall_offset_ns, -5);
	assert_int_equal(frame_event(*state, "tick").type, PST_EVENT_TICK);
	assert_int_equal(frame_event(*state, "end").end_reason, 15);
	assert_int_equal(loss.loss.lost, 9);
	assert_int_equal(loss.loss.reason, PST_LOST_RING);
	assert_int_equal(loss.loss.cpu, 1);
	assert_int_equal(resolvers.resolvers.count, 2);
	assert_addr(&resolvers.resolvers.addr[1], "10.20.7.14");
	assert_int_equal(hook.hook.state, PST_REFUSED_BY_KERNEL);
	assert_int_equal(hook.hook.error, 22);
	assert_int_equal(hook.hook.rank, 1);
	assert_string_equal(hook.hook.slot, "connect4");
	assert_string_equal(hook.hook.program, "pst_connect4");
	assert_string_equal(hook.hook.blind_to,
			    "the errno of a connect that fails before a SYN leaves");
	assert_int_equal(vitals.vitals.ring_high_water, 2);
	assert_int_equal(vitals.vitals.map_max, 5);
	assert_int_equal(vitals.vitals.hooks_attached, 9);
	assert_int_equal(vitals.vitals.identity_refused, 0); /* of a version that did not tell it */
}

static void vitals_that_know_of_refused_questions_say_so(void **state)
{
	struct frame frame = frame_stored("vitals");
	struct pst_event event;

	frame_resize(&frame, sizeof(struct pst_rec_vitals));
	frame_set(&frame, pst_rec_vitals, identity_refused, 5);
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(event.vitals.identity_refused, 5);
	assert_int_equal(event.vitals.hooks_attached, 9);
}

static void stored_acts_and_sweeps_read_as_ever(void **state)
{
	struct pst_event act = frame_event(*state, "act"), sockets = frame_event(*state, "sockets");

	assert_int_equal(act.act.act, PST_MODULE);
	assert_int_equal(act.act.value, 55);
	assert_int_equal(act.act.other.tgid, 9);
	assert_int_equal(act.act.other.start_ns, 900);
	assert_int_equal(act.act.number, 7);
	assert_string_equal(act.act.name, "can-proto-1");
	assert_int_equal(sockets.sockets.seen, 1);
	assert_int_equal(sockets.sockets.late, 2);
	assert_int_equal(sockets.sockets.hidden, 3);
	assert_int_equal(sockets.sockets.gone, 4);
	assert_int_equal(sockets.sockets.namespaces, 5);
	assert_int_equal(sockets.sockets.blind_namespaces, 6);
}

static int act_of(void *decoder, uint32_t act, uint16_t name_len)
{
	struct frame frame = frame_stored("act");
	struct pst_event event;

	frame_set(&frame, pst_rec_act, act, act);
	frame_set(&frame, pst_rec_act, name_len, name_len);
	return frame_decode(decoder, &frame, &event);
}

static void an_act_is_listed_and_its_name_fits(void **state)
{
	assert_int_equal(act_of(*state, 0, 0), -EBADMSG);
	assert_int_equal(act_of(*state, PST_ACTS - 1, 64), 0);
	assert_int_equal(act_of(*state, PST_ACTS, 0), -ENOTSUP);
	assert_int_equal(act_of(*state, PST_MODULE, 65), -EBADMSG);
}

static uint16_t type_stored(const char *name)
{
	struct frame frame = frame_stored(name);
	uint16_t type;

	memcpy(&type, frame.bytes, sizeof(type));
	return type;
}

static void every_record_of_the_wire_is_stored(void **state)
{
	static const struct {
		const char *name;
		uint16_t type;
	} known[] = {
		{ "exec", PST_REC_EXEC },	  { "fork", PST_REC_FORK },
		{ "exit", PST_REC_EXIT },	  { "channel", PST_REC_CHANNEL },
		{ "result", PST_REC_RESULT },	  { "host", PST_REC_HOST },
		{ "clock", PST_REC_CLOCK },	  { "sample", PST_REC_SAMPLE },
		{ "loss", PST_REC_LOSS },	  { "tick", PST_REC_TICK },
		{ "hook", PST_REC_HOOK },	  { "resolvers", PST_REC_RESOLVERS },
		{ "end", PST_REC_END },		  { "vitals", PST_REC_VITALS },
		{ "filter", PST_REC_FILTER },	  { "payload_first", PST_REC_PAYLOAD },
		{ "act", PST_REC_ACT },		  { "host_names", PST_REC_HOST_NAMES },
		{ "sockets", PST_REC_SOCKETS },	  { "identity", PST_REC_IDENTITY },
		{ "measured", PST_REC_MEASURED }, { "container", PST_REC_CONTAINER },
	};
	size_t records = 0;

	(void)state;
#define RECORD(id, name, type) records++;
#include "abi/records.def"
#undef RECORD
	assert_int_equal(sizeof(known) / sizeof(known[0]), records);
	/* and one more: the two sorts of payload */
	assert_int_equal(sizeof(stored_records) / sizeof(stored_records[0]), records + 1);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(type_stored(known[i].name), known[i].type);
}

static void every_stored_record_may_grow(void **state)
{
	for (size_t i = 0; i < sizeof(stored_records) / sizeof(stored_records[0]); i++) {
		struct frame frame = frame_stored(stored_records[i].name);
		struct pst_event event;

		frame_resize(&frame, frame.len + 64);
		assert_int_equal(frame_decode(*state, &frame, &event), 0);
	}
}

static void no_stored_record_may_be_cut(void **state)
{
	for (size_t i = 0; i < sizeof(stored_records) / sizeof(stored_records[0]); i++) {
		struct frame frame = frame_stored(stored_records[i].name);
		struct pst_event event = { .time_ns = 1234 };

		if (strcmp(stored_records[i].name, "exec") == 0)
			continue; /* its end is its tail: see the tests of that */
		frame_resize(&frame, frame.len - 1);
		assert_int_equal(frame_decode(*state, &frame, &event), -EBADMSG);
		assert_int_equal(event.time_ns, 1234); /* written only on success */
	}
}

static void a_length_that_is_not_the_size_is_broken(void **state)
{
	struct frame frame = frame_stored("tick");
	struct pst_event event;

	assert_int_equal(pst_decode(*state, frame.bytes, frame.len - 1, &event), -EBADMSG);
	assert_int_equal(pst_decode(*state, frame.bytes, frame.len + 1, &event), -EBADMSG);
	assert_int_equal(pst_decode(*state, frame.bytes, 0, &event), -EBADMSG);
}

static void frames_need_no_alignment(void **state)
{
	struct frame frame = frame_stored("channel");
	uint8_t *shifted = malloc(frame.len + 1);
	struct pst_event event;

	assert_non_null(shifted);
	memcpy(shifted + 1, frame.bytes, frame.len);
	assert_int_equal(pst_frame_size(shifted + 1), frame.len);
	assert_int_equal(pst_decode(*state, shifted + 1, frame.len, &event), 0);
	free(shifted);
}

static int size_of(uint32_t size)
{
	struct frame frame = frame_stored("tick");

	frame_set(&frame, pst_rec, size, size);
	return pst_frame_size(frame.bytes);
}

static void a_frame_is_no_shorter_than_its_header_and_no_longer_than_the_longest(void **state)
{
	(void)state;
	assert_int_equal(size_of(127), -EBADMSG);
	assert_int_equal(size_of(128), 128);
	assert_int_equal(size_of(PST_FRAME_MAX), PST_FRAME_MAX);
	assert_int_equal(size_of(PST_FRAME_MAX + 1), -EBADMSG);
	assert_int_equal(size_of(0xffffffffu), -EBADMSG);
}

static void an_unknown_type_is_skipped_and_not_broken(void **state)
{
	struct frame frame = frame_stored("tick");
	struct pst_event event;

	frame_set(&frame, pst_rec, type, 999);
	assert_int_equal(frame_decode(*state, &frame, &event), -ENOTSUP);
}

static int resolvers_of(void *decoder, uint32_t count)
{
	struct frame frame = frame_stored("resolvers");
	struct pst_event event;

	frame_set(&frame, pst_rec_resolvers, count, count);
	return frame_decode(decoder, &frame, &event);
}

static void more_resolvers_than_there_is_room_for_are_broken(void **state)
{
	assert_int_equal(resolvers_of(*state, PST_RESOLVERS_MAX), 0);
	assert_int_equal(resolvers_of(*state, PST_RESOLVERS_MAX + 1), -EBADMSG);
}

static void flags_become_booleans(void **state)
{
	struct frame frame = frame_stored("fork");
	struct pst_event event;

	frame_set(&frame, pst_rec, flags, PST_RF_PREEXISTING | PST_RF_NO_OWNER);
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_true(event.preexisting && event.no_owner && !event.no_task);
}

static void a_name_that_fills_its_field_is_ended(void **state)
{
	struct frame frame = frame_stored("fork");
	struct pst_event event;

	memset(frame.bytes + offsetof(struct pst_rec, task.comm), 'x', 16);
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_string_equal(event.task.comm, "xxxxxxxxxxxxxxxx");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, decoder_set_up, decoder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_header_of_a_stored_record_reads_as_ever),
		CASE(a_stored_exit_reads_as_ever),
		CASE(the_sensors_own_stored_records_read_as_ever),
		CASE(vitals_that_know_of_refused_questions_say_so),
		CASE(stored_acts_and_sweeps_read_as_ever),
		CASE(an_act_is_listed_and_its_name_fits),
		CASE(every_record_of_the_wire_is_stored),
		CASE(every_stored_record_may_grow),
		CASE(no_stored_record_may_be_cut),
		CASE(a_length_that_is_not_the_size_is_broken),
		CASE(frames_need_no_alignment),
		CASE(a_frame_is_no_shorter_than_its_header_and_no_longer_than_the_longest),
		CASE(an_unknown_type_is_skipped_and_not_broken),
		CASE(more_resolvers_than_there_is_room_for_are_broken),
		CASE(flags_become_booleans),
		CASE(a_name_that_fills_its_field_is_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
