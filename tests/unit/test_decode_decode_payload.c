// SPDX-License-Identifier: Apache-2.0
/* Does a channel's payload leave decode only as what it says, and never as bytes? */
#include <errno.h>

#include "frames.h"

static struct pst_event decoded(void *decoder, const struct frame *frame)
{
	struct pst_event event;

	assert_int_equal(frame_decode(decoder, frame, &event), 0);
	assert_int_equal(event.type, PST_EVENT_PAYLOAD);
	return event;
}

static void stored_first_bytes_read_as_ever(void **state)
{
	struct frame frame = frame_stored("payload_first");
	struct pst_event event = decoded(*state, &frame);
	const struct pst_payload_seen *seen = &event.payload;

	assert_true(event.no_task);
	assert_int_equal(seen->form, PST_PAYLOAD_IS_FIRST);
	assert_false(seen->inbound);
	assert_int_equal(seen->cookie, 55);
	assert_int_equal(seen->peer.b[12], 203);
	assert_int_equal(seen->local.b[12], 10);
	assert_int_equal(seen->kind, PST_TCP_CONNECT);
	assert_int_equal(seen->peer_port, 443);
	assert_int_equal(seen->local_port, 50123);
	assert_int_equal(seen->class_, PST_CLASS_TLS);
	assert_string_equal(seen->server_name, "vault.bank.example");
	assert_string_equal(seen->alpn, "h2,http/1.1");
	assert_null(seen->dns);
}

static void a_stored_answer_reads_as_ever(void **state)
{
	struct frame frame = frame_stored("payload_dns");
	struct pst_event event = decoded(*state, &frame);
	const struct pst_dns *dns = event.payload.dns;

	memset(frame.bytes, 0, sizeof(frame.bytes)); /* it lives in the decoder */
	assert_int_equal(event.payload.form, PST_PAYLOAD_IS_DNS);
	assert_true(event.payload.inbound);
	assert_int_equal(event.payload.class_, PST_CLASS_DNS);
	assert_non_null(dns);
	assert_true(dns->answer);
	assert_false(dns->over_tcp);
	assert_string_equal(dns->question, "vault.bank.example");
	assert_int_equal(dns->id, 0xb8cd);
	assert_int_equal(dns->addr_count, 1);
	assert_int_equal(dns->addr[0].b[15], 9);
	assert_int_equal(dns->ttl_s, 60);
	assert_int_equal(dns->length, 81);
}

/* The stored answer as it goes over TCP, behind the length @prefix. */
static struct frame over_tcp(uint16_t prefix)
{
	struct frame frame = frame_stored("payload_dns");
	const size_t tail = sizeof(struct pst_rec_payload);

	frame_resize(&frame, frame.len + 2);
	memmove(frame.bytes + tail + 2, frame.bytes + tail, frame.len - tail - 2);
	frame.bytes[tail] = (uint8_t)(prefix >> 8);
	frame.bytes[tail + 1] = (uint8_t)prefix;
	frame_set(&frame, pst_rec_payload, kind, PST_TCP_CONNECT);
	frame_set(&frame, pst_rec_payload, len, frame.len - tail);
	frame_set(&frame, pst_rec_payload, total, frame.len - tail);
	return frame;
}

static void a_stream_has_the_length_before_the_message(void **state)
{
	struct frame frame = over_tcp(81);
	struct pst_event event = decoded(*state, &frame);

	assert_int_equal(event.payload.form, PST_PAYLOAD_IS_DNS);
	assert_true(event.payload.dns->over_tcp);
	assert_int_equal(event.payload.dns->addr_count, 1);
	assert_int_equal(event.payload.dns->length, 81);
	frame = over_tcp(200); /* goes on in the next segment */
	event = decoded(*state, &frame);
	assert_int_equal(event.payload.form, PST_PAYLOAD_IS_DNS);
	assert_int_equal(event.payload.dns->length, 200);
	frame = over_tcp(80);
	event = decoded(*state, &frame);
	assert_int_equal(event.payload.form, PST_PAYLOAD_IS_BAD);
	assert_null(event.payload.dns);
	frame_set(&frame, pst_rec_payload, len, 1);
	event = decoded(*state, &frame);
	assert_int_equal(event.payload.form, PST_PAYLOAD_IS_BAD);
}

static void what_claims_to_be_tls_and_is_not_is_bad(void **state)
{
	struct frame frame = frame_stored("payload_first");
	struct pst_event event;

	frame.bytes[sizeof(struct pst_rec_payload) + 9] = 2; /* SSL 2 */
	event = decoded(*state, &frame);
	assert_int_equal(event.payload.form, PST_PAYLOAD_IS_BAD);
	assert_int_equal(event.payload.class_, PST_CLASS_TLS);
	assert_string_equal(event.payload.server_name, "");
	/* a datagram makes no such claim */
	frame_set(&frame, pst_rec_payload, kind, PST_UDP_PEER);
	event = decoded(*state, &frame);
	assert_int_equal(event.payload.form, PST_PAYLOAD_IS_FIRST);
	assert_int_equal(event.payload.class_, PST_CLASS_UNKNOWN);
}

static int lengths(void *decoder, uint16_t len, uint32_t total, size_t tail)
{
	struct frame frame = frame_stored("payload_first");
	struct pst_event event;

	frame_resize(&frame, sizeof(struct pst_rec_payload) + tail);
	frame_set(&frame, pst_rec_payload, len, len);
	frame_set(&frame, pst_rec_payload, total, total);
	return frame_decode(decoder, &frame, &event);
}

static void bytes_are_within_the_frame_and_the_packet(void **state)
{
	assert_int_equal(lengths(*state, 16, 16, 16), 0);
	assert_int_equal(lengths(*state, 16, 16, 15), -EBADMSG);
	assert_int_equal(lengths(*state, 16, 15, 16), -EBADMSG);
	assert_int_equal(lengths(*state, 0, 0, 16), -EBADMSG);
	assert_int_equal(lengths(*state, 16, 16, 24), 0); /* a later version's */
	assert_int_equal(lengths(*state, PST_PAYLOAD_MAX, 65535, 2000), 0);
	assert_int_equal(lengths(*state, PST_PAYLOAD_MAX + 1, 65535, 2000), -EBADMSG);
}

#define SET_AND_DECODE(decoder, field, value)                        \
	({                                                           \
		struct frame _frame = frame_stored("payload_first"); \
		struct pst_event _event;                             \
		frame_set(&_frame, pst_rec_payload, field, value);   \
		frame_decode(decoder, &_frame, &_event);             \
	})

static void later_values_are_unknown_and_none_is_broken(void **state)
{
	assert_int_equal(SET_AND_DECODE(*state, what, 0), -EBADMSG);
	assert_int_equal(SET_AND_DECODE(*state, what, 3), -ENOTSUP);
	assert_int_equal(SET_AND_DECODE(*state, direction, 0), -EBADMSG);
	assert_int_equal(SET_AND_DECODE(*state, direction, 3), -ENOTSUP);
	assert_int_equal(SET_AND_DECODE(*state, kind, 0), -EBADMSG);
	assert_int_equal(SET_AND_DECODE(*state, kind, PST_KINDS), -ENOTSUP);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, decoder_set_up, decoder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(stored_first_bytes_read_as_ever),
		CASE(a_stored_answer_reads_as_ever),
		CASE(a_stream_has_the_length_before_the_message),
		CASE(what_claims_to_be_tls_and_is_not_is_bad),
		CASE(bytes_are_within_the_frame_and_the_packet),
		CASE(later_values_are_unknown_and_none_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
