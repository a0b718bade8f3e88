// SPDX-License-Identifier: Apache-2.0
/* Does HOST say whose stream this is, and is a stream that this build cannot read refused? */
#include <errno.h>

#include "frames.h"

static void a_stored_host_reads_as_ever(void **state)
{
	struct frame frame = frame_stored("host");
	struct pst_event event;
	const struct pst_host *host = &event.host;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_null(pst_host_check(frame.bytes, frame.len));
	assert_true(event.no_owner);
	assert_int_equal(host->abi_version, 1);
	assert_int_equal(host->wall_offset_ns, 1795340000000000000ll);
	assert_int_equal(host->root_dev, 0x800001);
	assert_int_equal(host->init_mntns, 4026531841u);
	assert_int_equal(host->cpus, 2);
	assert_string_equal(host->arch, "x86_64");
	assert_string_equal(host->boot_id, "f8818ede-6132-42a1-b5f2-15ee4ee69299");
	assert_string_equal(host->machine_id, "3d1219c7c4c5404aaa1f6d2a48adfda4");
	assert_string_equal(host->agent_id, "6b0b1c1e-7d0e-4f0e-9d1a-0d7b6c1f2a11");
	assert_string_equal(host->host_name, "pay-core-07");
	assert_string_equal(host->os_id, "debian");
	assert_string_equal(host->os_name, "Debian GNU/Linux");
	assert_string_equal(host->os_version, "12");
	assert_string_equal(host->kernel, "6.1.0-25-amd64");
	assert_string_equal(host->product_version, "0.1.0");
}

static void stored_names_read_as_ever(void **state)
{
	struct frame frame = frame_stored("host_names");
	struct pst_event event;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	memset(frame.bytes, 0xff, sizeof(frame.bytes)); /* they live in the decoder */
	assert_true(event.host_names.first);
	assert_int_equal(event.host_names.addr.b[12], 203);
	assert_int_equal(event.host_names.names.len, 25);
	assert_memory_equal(event.host_names.names.data, "vault.bank.example\0vault", 25);
}

static int names_of(void *decoder, uint16_t len)
{
	struct frame frame = frame_stored("host_names");
	struct pst_event event;

	frame_set(&frame, pst_rec_host_names, len, len);
	return frame_decode(decoder, &frame, &event);
}

static void names_fit_and_are_ended(void **state)
{
	assert_int_equal(names_of(*state, 0), 0);
	assert_int_equal(names_of(*state, 19), 0);
	assert_int_equal(names_of(*state, 18), -EBADMSG);
	assert_int_equal(names_of(*state, 512), 0);
	assert_int_equal(names_of(*state, 513), -EBADMSG);
}

static const char *host_with(size_t offset, uint32_t value)
{
	struct frame frame = frame_stored("host");

	memcpy(frame.bytes + offset, &value, sizeof(value));
	return pst_host_check(frame.bytes, frame.len);
}

static void a_stream_that_cannot_be_read_is_refused_with_its_reason(void **state)
{
	struct frame tick = frame_stored("tick");

	(void)state;
	assert_string_equal(pst_host_check(tick.bytes, tick.len),
			    "it does not begin like a stream of postern's records");
	assert_non_null(pst_host_check("", 0));
	assert_non_null(host_with(offsetof(struct pst_rec_host, magic), 0));
	assert_non_null(strstr(host_with(offsetof(struct pst_rec_host, byte_order), 0x04030201u),
			       "byte order"));
	assert_null(host_with(offsetof(struct pst_rec_host, abi_version), PST_ABI_VERSION));
	assert_non_null(
		strstr(host_with(offsetof(struct pst_rec_host, abi_version), PST_ABI_VERSION + 1),
		       "newer"));
	assert_non_null(
		strstr(host_with(offsetof(struct pst_rec_host, abi_version), 0), "damaged"));
	assert_non_null(strstr(host_with(offsetof(struct pst_rec_host, h.type), 999), "damaged"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_stored_host_reads_as_ever, decoder_set_up,
						decoder_tear_down),
		cmocka_unit_test_setup_teardown(stored_names_read_as_ever, decoder_set_up,
						decoder_tear_down),
		cmocka_unit_test_setup_teardown(names_fit_and_are_ended, decoder_set_up,
						decoder_tear_down),
		cmocka_unit_test(a_stream_that_cannot_be_read_is_refused_with_its_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
