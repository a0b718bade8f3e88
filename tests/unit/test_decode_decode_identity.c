// SPDX-License-Identifier: Apache-2.0
/* Does IDENTITY say what a program's file is, and is one with hostile lengths or values refused? */
#include <errno.h>

#include "frames.h"

static void a_stored_identity_reads_as_ever(void **state)
{
	struct frame frame = frame_stored("identity");
	struct pst_event event;
	const struct pst_identity_seen *seen = &event.identity;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	memset(frame.bytes, 0xff, sizeof(frame.bytes)); /* its path lives in the decoder */
	assert_int_equal(event.type, PST_EVENT_IDENTITY);
	assert_true(event.no_owner);
	assert_int_equal(seen->inode, 4711);
	assert_int_equal(seen->ctime_ns, 1541000000000000000ll);
	assert_int_equal(seen->size, 123456);
	assert_int_equal(seen->dev_major, 8);
	assert_int_equal(seen->dev_minor, 1);
	assert_int_equal(seen->hash_state, PST_HASHED);
	assert_int_equal(seen->owner, PST_OWNER_VENDOR);
	for (size_t i = 0; i < sizeof(seen->sha256); i++)
		assert_int_equal(seen->sha256[i], i);
	assert_string_equal(seen->manager, "dpkg");
	assert_string_equal(seen->package, "acme-backup");
	assert_string_equal(seen->version, "7.2.1-3");
	assert_string_equal(seen->origin, "Acme Corp.");
	assert_int_equal(seen->path.len, 21);
	assert_memory_equal(seen->path.data, "/opt/acme/bin/bkagent", 21);
}

static void a_hash_is_told_only_where_there_is_one(void **state)
{
	struct frame frame = frame_stored("identity");
	static const uint8_t none[32];
	struct pst_event event;

	frame_set(&frame, pst_rec_identity, hash_state, PST_IDENT_UNVERIFIED);
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(event.identity.hash_state, PST_HASH_UNVERIFIED);
	assert_memory_equal(event.identity.sha256, none, sizeof(none));
}

static int listed(void *decoder, uint32_t hash_state, uint32_t owner)
{
	struct frame frame = frame_stored("identity");
	struct pst_event event;

	frame_set(&frame, pst_rec_identity, hash_state, hash_state);
	frame_set(&frame, pst_rec_identity, owner, owner);
	return frame_decode(decoder, &frame, &event);
}

static void states_and_owners_are_listed(void **state)
{
	assert_int_equal(listed(*state, 0, 1), -EBADMSG);
	assert_int_equal(listed(*state, PST_HASH_STATES - 1, 0), 0);
	assert_int_equal(listed(*state, PST_HASH_STATES, 0), -ENOTSUP);
	assert_int_equal(listed(*state, PST_HASHED, PST_OWNERS - 1), 0);
	assert_int_equal(listed(*state, PST_HASHED, PST_OWNERS), -ENOTSUP);
}

static int path_of(void *decoder, size_t behind, uint16_t len)
{
	struct frame frame = frame_stored("identity");
	size_t fixed = sizeof(struct pst_rec_identity);
	struct pst_event event;

	frame_resize(&frame, fixed);
	frame_resize(&frame, fixed + behind);
	if (behind)
		memset(frame.bytes + fixed, '/', behind);
	frame_set(&frame, pst_rec_identity, path_len, len);
	return frame_decode(decoder, &frame, &event);
}

static void a_path_lies_inside_its_frame(void **state)
{
	assert_int_equal(path_of(*state, 1, 1), 0);
	assert_int_equal(path_of(*state, 1, 0), -EBADMSG);
	assert_int_equal(path_of(*state, 0, 1), -EBADMSG);
	assert_int_equal(path_of(*state, 20, 21), -EBADMSG);
	assert_int_equal(path_of(*state, 5000, PST_PATH_MAX), 0);
	assert_int_equal(path_of(*state, 5000, PST_PATH_MAX + 1), -EBADMSG);
	assert_int_equal(path_of(*state, 20, UINT16_MAX), -EBADMSG);
}

static int path_with(void *decoder, size_t at, uint8_t byte)
{
	struct frame frame = frame_stored("identity");
	struct pst_event event;

	frame.bytes[sizeof(struct pst_rec_identity) + at] = byte;
	return frame_decode(decoder, &frame, &event);
}

static void a_path_is_absolute_and_holds_no_nul(void **state)
{
	assert_int_equal(path_with(*state, 0, 'o'), -EBADMSG);
	assert_int_equal(path_with(*state, 20, '\0'), -EBADMSG);
	assert_int_equal(path_with(*state, 20, '\n'), 0);
}

static void texts_that_fill_their_field_are_ended(void **state)
{
	struct frame frame = frame_stored("identity");
	struct pst_event event;

	memset(frame.bytes + offsetof(struct pst_rec_identity, manager), 'x', 8 + 3 * 128);
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(strlen(event.identity.manager), 8);
	assert_int_equal(strlen(event.identity.package), 128);
	assert_int_equal(strlen(event.identity.version), 128);
	assert_int_equal(strlen(event.identity.origin), 128);
}

static void what_the_kernel_measured_reads_as_ever(void **state)
{
	struct frame frame = frame_stored("measured");
	struct pst_event event;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(event.type, PST_EVENT_MEASURED);
	assert_true(event.no_owner);
	assert_int_equal(event.measured.inode, 4711);
	assert_int_equal(event.measured.ctime_ns, 1541000000000000000ll);
	assert_int_equal(event.measured.dev_major, 8);
	assert_int_equal(event.measured.dev_minor, 1);
	assert_string_equal(event.measured.digest, "sha1:000102030405060708090a0b0c0d0e0f10111213");
}

/* The digest of a measurement by that algorithm; "" when it is refused. */
static const char *measured_by(void *decoder, uint32_t algorithm, struct pst_event *event)
{
	struct frame frame = frame_stored("measured");

	memset(frame.bytes + offsetof(struct pst_rec_measured, digest), 0xab, 64);
	frame_set(&frame, pst_rec_measured, algorithm, algorithm);
	event->measured.digest[0] = '\0';
	return frame_decode(decoder, &frame, event) == 0 ? event->measured.digest : "";
}

static void a_digest_is_as_long_as_its_algorithm_makes_it(void **state)
{
	struct pst_event event;

	assert_string_equal(measured_by(*state, 1, &event), "md5:abababababababababababababababab");
	assert_string_equal(
		measured_by(*state, 4, &event),
		"sha256:abababababababababababababababababababababababababababababababab");
	assert_int_equal(strlen(measured_by(*state, 19, &event)), strlen("streebog512:") + 128);
	assert_int_equal(strlen(measured_by(*state, 21, &event)), strlen("sha3-384:") + 96);
	assert_int_equal(strlen(measured_by(*state, 22, &event)), strlen("sha3-512:") + 128);
}

static void an_algorithm_of_a_later_kernel_is_not_guessed(void **state)
{
	struct frame frame = frame_stored("measured");
	struct pst_event event;

	frame_set(&frame, pst_rec_measured, algorithm, 23u);
	assert_int_equal(frame_decode(*state, &frame, &event), -ENOTSUP);
	frame_set(&frame, pst_rec_measured, algorithm, UINT32_MAX);
	assert_int_equal(frame_decode(*state, &frame, &event), -ENOTSUP);
}

#define CONTAINER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_containers_image_reads_as_ever(void **state)
{
	struct frame frame = frame_stored("container");
	struct pst_event event;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(event.type, PST_EVENT_CONTAINER);
	assert_string_equal(event.container.runtime, "docker");
	assert_string_equal(event.container.id, CONTAINER);
	assert_string_equal(event.container.image, "registry.example:5000/acme/agent:1.4");
	memset(frame.bytes + offsetof(struct pst_rec_container, image), 'x', 256);
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(strlen(event.container.image), 256);
}

static int container_with(void *decoder, size_t at, uint8_t byte)
{
	struct frame frame = frame_stored("container");
	struct pst_event event;

	frame.bytes[at] = byte;
	return frame_decode(decoder, &frame, &event);
}

static void a_container_has_a_runtime_and_a_whole_id(void **state)
{
	size_t id = offsetof(struct pst_rec_container, id);

	assert_int_equal(container_with(*state, id + 63, 'f'), 0);
	assert_int_equal(container_with(*state, id + 63, '\0'), -EBADMSG);
	assert_int_equal(container_with(*state, id + 1, 'F'), -EBADMSG);
	assert_int_equal(container_with(*state, id + 1, '/'), -EBADMSG);
	assert_int_equal(container_with(*state, offsetof(struct pst_rec_container, runtime), 0),
			 -EBADMSG);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, decoder_set_up, decoder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_stored_identity_reads_as_ever, decoder_set_up,
						decoder_tear_down),
		cmocka_unit_test_setup_teardown(a_hash_is_told_only_where_there_is_one,
						decoder_set_up, decoder_tear_down),
		cmocka_unit_test_setup_teardown(states_and_owners_are_listed, decoder_set_up,
						decoder_tear_down),
		cmocka_unit_test_setup_teardown(a_path_lies_inside_its_frame, decoder_set_up,
						decoder_tear_down),
		cmocka_unit_test_setup_teardown(a_path_is_absolute_and_holds_no_nul, decoder_set_up,
						decoder_tear_down),
		cmocka_unit_test_setup_teardown(texts_that_fill_their_field_are_ended,
						decoder_set_up, decoder_tear_down),
		CASE(what_the_kernel_measured_reads_as_ever),
		CASE(a_digest_is_as_long_as_its_algorithm_makes_it),
		CASE(an_algorithm_of_a_later_kernel_is_not_guessed),
		CASE(a_containers_image_reads_as_ever),
		CASE(a_container_has_a_runtime_and_a_whole_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
