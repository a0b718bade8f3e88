// SPDX-License-Identifier: Apache-2.0
/* Are the later fields of a channel's records taken, and are they zero where a record lacks them?
 */
#include <errno.h>

#include "frames.h"

static void a_stored_channel_reads_as_ever(void **state)
{
	struct pst_event event = frame_event(*state, "channel");
	const struct pst_channel_seen *seen = &event.channel;

	assert_int_equal(event.type, PST_EVENT_CHANNEL);
	assert_int_equal(seen->cookie, 55);
	assert_int_equal(seen->owner.tgid, 9);
	assert_int_equal(seen->owner.start_ns, 900);
	assert_int_equal(seen->kind, PST_TCP_CONNECT);
	assert_addr(&seen->peer, "203.0.113.9");
	assert_addr(&seen->local, "10.20.7.14");
	assert_int_equal(seen->peer_port, 443);
	assert_int_equal(seen->local_port, 50123);
	assert_int_equal(seen->family, 10);
	assert_int_equal(seen->sock_type, 1);
	assert_int_equal(seen->protocol, 6);
	assert_true(seen->v6_socket);
	assert_false(seen->ip_bytes || seen->folded);
}

static void a_stored_result_reads_as_ever(void **state)
{
	struct pst_event event = frame_event(*state, "result");
	const struct pst_result_seen *seen = &event.result;

	assert_true(event.no_task);
	assert_int_equal(seen->cookie, 55);
	assert_int_equal(seen->kind, PST_TCP_CONNECT);
	assert_addr(&seen->peer, "203.0.113.9");
	assert_addr(&seen->local, "10.20.7.14");
	assert_int_equal(seen->peer_port, 443);
	assert_int_equal(seen->local_port, 50123);
	assert_int_equal(seen->result, PST_REFUSED);
	assert_int_equal(seen->error, 111);
}

static void a_stored_sample_reads_as_ever(void **state)
{
	struct pst_event event = frame_event(*state, "sample");
	const struct pst_sample *seen = &event.sample;
	const struct pst_counters *count = &seen->count;

	assert_addr(&seen->peer, "203.0.113.9");
	assert_int_equal(seen->kind, PST_UDP_PEER);
	assert_int_equal(seen->port, 53);
	assert_int_equal(seen->family, 2);
	assert_int_equal(seen->sock_type, 2);
	assert_int_equal(seen->protocol, 17);
	assert_true(seen->ip_bytes && seen->folded && !seen->v6_socket);
	assert_int_equal(seen->cookie, 56);
	assert_int_equal(seen->first_ns, 3000);
	assert_int_equal(seen->last_ns, 4000);
	assert_int_equal(count->attempts, 1);
	assert_int_equal(count->established, 2);
	assert_int_equal(count->failures, 3);
	assert_int_equal(count->closed, 4);
	assert_int_equal(count->bytes_out, 5);
	assert_int_equal(count->bytes_in, 6);
	assert_int_equal(count->packets_out, 7);
	assert_int_equal(count->packets_in, 8);
	assert_int_equal(count->bursts, 9);
	assert_int_equal(count->burst[7].start_ns, 107);
	assert_int_equal(count->burst[7].bytes, 207);
}

static struct frame grown(const char *name, size_t len)
{
	struct frame frame = frame_stored(name);

	frame_resize(&frame, len);
	return frame;
}

static struct frame named_channel(uint16_t len)
{
	struct frame frame = grown("channel", sizeof(struct pst_rec_channel));

	frame_set(&frame, pst_rec_channel, name_len, len);
	memset(frame.bytes + offsetof(struct pst_rec_channel, name), 'n', PST_CHAN_NAME_MAX);
	return frame;
}

static struct frame named_sample(uint16_t len)
{
	struct frame frame = grown("sample", sizeof(struct pst_rec_sample));

	frame_set(&frame, pst_rec_sample, name_len, len);
	memset(frame.bytes + offsetof(struct pst_rec_sample, name), 'n', PST_CHAN_NAME_MAX);
	return frame;
}

static void an_older_channel_lacks_what_came_later(void **state)
{
	struct frame frame = frame_stored("channel");
	struct pst_event event;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(event.channel.peer_tgid, 0);
	assert_int_equal(event.channel.name.len, 0);
	frame = frame_stored("sample");
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(event.sample.count.taken + event.sample.count.given, 0);
	assert_int_equal(event.sample.name.len, 0);
}

static void a_name_lives_in_the_decoder(void **state)
{
	struct frame frame = named_channel(5);
	struct pst_event event;

	frame_set(&frame, pst_rec_channel, peer_tgid, 4242);
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	memset(frame.bytes, 0, sizeof(frame.bytes));
	assert_int_equal(event.channel.peer_tgid, 4242);
	assert_int_equal(event.channel.name.len, 5);
	assert_memory_equal(event.channel.name.data, "nnnnn", 5);
}

static void a_sample_has_a_name_and_what_changed_hands(void **state)
{
	struct frame frame = named_sample(3);
	struct pst_event event;

	frame_set(&frame, pst_rec_sample, taken, 7);
	frame_set(&frame, pst_rec_sample, given, 8);
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(event.sample.count.taken, 7);
	assert_int_equal(event.sample.count.given, 8);
	assert_int_equal(event.sample.name.len, 3);
	assert_memory_equal(event.sample.name.data, "nnn", 3);
}

static int decode_frame(void *decoder, struct frame frame)
{
	struct pst_event event;

	return frame_decode(decoder, &frame, &event);
}

static void a_name_is_no_longer_than_its_field(void **state)
{
	assert_int_equal(decode_frame(*state, named_channel(PST_CHAN_NAME_MAX)), 0);
	assert_int_equal(decode_frame(*state, named_channel(PST_CHAN_NAME_MAX + 1)), -EBADMSG);
	assert_int_equal(decode_frame(*state, named_channel(0xffff)), -EBADMSG);
	assert_int_equal(decode_frame(*state, named_sample(PST_CHAN_NAME_MAX)), 0);
	assert_int_equal(decode_frame(*state, named_sample(PST_CHAN_NAME_MAX + 1)), -EBADMSG);
}

static struct pst_channel_seen channel_of(void *decoder, uint32_t flags)
{
	struct frame frame = frame_stored("channel");
	struct pst_event event;

	frame_set(&frame, pst_rec_channel, chan_flags, flags);
	assert_int_equal(frame_decode(decoder, &frame, &event), 0);
	return event.channel;
}

static unsigned int flags_of(const struct pst_channel_seen *seen)
{
	return seen->v6_socket * 1u + seen->ip_bytes * 2u + seen->folded * 4u + seen->handed * 8u +
	       seen->kernel * 16u + seen->asked * 32u + seen->late * 64u + seen->hidden * 128u +
	       seen->bare * 256u;
}

static void each_flag_is_its_own(void **state)
{
	for (unsigned int flag = 1; flag <= PST_CHAN_BARE; flag *= 2) {
		struct pst_channel_seen seen = channel_of(*state, flag);

		assert_int_equal(flags_of(&seen), flag);
	}
}

static int channel_of_kind(void *decoder, uint16_t kind)
{
	struct frame frame = frame_stored("channel");
	struct pst_event event;

	frame_set(&frame, pst_rec_channel, kind, kind);
	return frame_decode(decoder, &frame, &event);
}

static void a_later_kind_is_unknown_and_none_is_broken(void **state)
{
	assert_int_equal(channel_of_kind(*state, 0), -EBADMSG);
	assert_int_equal(channel_of_kind(*state, 1), 0);
	assert_int_equal(channel_of_kind(*state, PST_KINDS - 1), 0);
	assert_int_equal(channel_of_kind(*state, PST_KINDS), -ENOTSUP);
}

static int result_of(void *decoder, uint16_t result)
{
	struct frame frame = frame_stored("result");
	struct pst_event event;

	frame_set(&frame, pst_rec_result, result, result);
	return frame_decode(decoder, &frame, &event);
}

static void a_later_result_is_unknown_and_none_is_broken(void **state)
{
	assert_int_equal(result_of(*state, 0), -EBADMSG);
	assert_int_equal(result_of(*state, PST_RESULTS - 1), 0);
	assert_int_equal(result_of(*state, PST_RESULTS), -ENOTSUP);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, decoder_set_up, decoder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_stored_channel_reads_as_ever),
		CASE(a_stored_result_reads_as_ever),
		CASE(a_stored_sample_reads_as_ever),
		CASE(a_later_kind_is_unknown_and_none_is_broken),
		CASE(a_later_result_is_unknown_and_none_is_broken),
		CASE(an_older_channel_lacks_what_came_later),
		CASE(a_name_lives_in_the_decoder),
		CASE(a_sample_has_a_name_and_what_changed_hands),
		CASE(a_name_is_no_longer_than_its_field),
		CASE(each_flag_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
