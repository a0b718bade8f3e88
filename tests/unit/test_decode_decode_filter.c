// SPDX-License-Identifier: Apache-2.0
/* Has a socket filter the same name wherever it is attached, and no name when it is not known
 * whole? */
#include <errno.h>

#include "frames.h"

static void a_stored_filter_reads_as_ever(void **state)
{
	struct frame frame = frame_stored("filter");
	const struct pst_filter_seen *seen;
	struct pst_event event;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	memset(frame.bytes, 0, sizeof(frame.bytes)); /* code lives in the decoder */
	seen = &event.filter;
	assert_int_equal(event.type, PST_EVENT_FILTER);
	assert_int_equal(seen->cookie, 55);
	assert_int_equal(seen->owner.tgid, 9);
	assert_int_equal(seen->owner.start_ns, 900);
	assert_int_equal(seen->family, 17);
	assert_int_equal(seen->sock_type, 3);
	assert_int_equal(seen->protocol, 768);
	assert_false(seen->ebpf);
	assert_int_equal(seen->insns, 4);
	assert_int_equal(seen->code.len, 32);
	assert_int_equal(seen->code.data[0], 0x28);
	/* sha256sum of the 32 bytes */
	assert_string_equal(
		seen->hash,
		"sha256:595fbeb764d7f29e00c4c242b6f38c18992b1818aa53ef42b19915455eee76f4");
}

static struct pst_event filter_of(void *decoder, uint16_t flavour, uint32_t insns, uint16_t len)
{
	struct frame frame = frame_stored("filter");
	struct pst_event event;

	frame_set(&frame, pst_rec_filter, flavour, flavour);
	frame_set(&frame, pst_rec_filter, insns, insns);
	frame_set(&frame, pst_rec_filter, len, len);
	assert_int_equal(frame_decode(decoder, &frame, &event), 0);
	return event;
}

static void a_part_of_a_program_has_no_name(void **state)
{
	assert_string_equal(filter_of(*state, PST_FILTER_CLASSIC, 5, 32).filter.hash, "");
	assert_string_equal(filter_of(*state, PST_FILTER_CLASSIC, 4, 24).filter.hash, "");
	assert_string_equal(filter_of(*state, PST_FILTER_CLASSIC, 0, 0).filter.hash, "");
	assert_string_not_equal(filter_of(*state, PST_FILTER_CLASSIC, 3, 24).filter.hash, "");
}

static void an_ebpf_program_has_its_tag(void **state)
{
	struct frame frame = frame_stored("filter");
	const uint8_t tag[8] = { 0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3 };
	struct pst_event event = filter_of(*state, PST_FILTER_EBPF, 40, 0);

	assert_true(event.filter.ebpf);
	assert_string_equal(event.filter.hash, "");
	frame_set(&frame, pst_rec_filter, flavour, PST_FILTER_EBPF);
	frame_set(&frame, pst_rec_filter, len, 0);
	frame_set(&frame, pst_rec_filter, prog_id, 31);
	memcpy(frame.bytes + offsetof(struct pst_rec_filter, tag), tag, sizeof(tag));
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_string_equal(event.filter.hash, "tag:deadbeef00010203");
	assert_int_equal(event.filter.prog_id, 31);
	assert_int_equal(event.filter.code.len, 0);
}

static int lengths(void *decoder, uint16_t len, size_t tail)
{
	struct frame frame = frame_stored("filter");
	struct pst_event event;

	frame_resize(&frame, sizeof(struct pst_rec_filter) + tail);
	frame_set(&frame, pst_rec_filter, len, len);
	return frame_decode(decoder, &frame, &event);
}

static void instructions_are_whole_and_within_the_frame(void **state)
{
	const size_t most = PST_FILTER_INSNS_MAX * 8;

	assert_int_equal(lengths(*state, 32, 32), 0);
	assert_int_equal(lengths(*state, 32, 31), -EBADMSG);
	assert_int_equal(lengths(*state, 31, 32), -EBADMSG);
	assert_int_equal(lengths(*state, (uint16_t)most, most + 8), 0);
	assert_int_equal(lengths(*state, (uint16_t)(most + 8), most + 8), -EBADMSG);
}

static int flavour_of(void *decoder, uint16_t flavour)
{
	struct frame frame = frame_stored("filter");
	struct pst_event event;

	frame_set(&frame, pst_rec_filter, flavour, flavour);
	return frame_decode(decoder, &frame, &event);
}

static void a_later_flavour_is_unknown_and_none_is_broken(void **state)
{
	assert_int_equal(flavour_of(*state, 0), -EBADMSG);
	assert_int_equal(flavour_of(*state, PST_FILTER_EBPF), 0);
	assert_int_equal(flavour_of(*state, PST_FILTER_EBPF + 1), -ENOTSUP);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, decoder_set_up, decoder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_stored_filter_reads_as_ever),
		CASE(a_part_of_a_program_has_no_name),
		CASE(an_ebpf_program_has_its_tag),
		CASE(instructions_are_whole_and_within_the_frame),
		CASE(a_later_flavour_is_unknown_and_none_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
