// SPDX-License-Identifier: Apache-2.0
/* filter_code: is what a filter waits for read out of it, and are headers told from payload? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "detect/filter_code.h"
#include "filter_fixture.h"

#define READ(code, link) read_code(code, sizeof(code), link)

static struct pst_filter_code read_code(const void *code, size_t len, enum pst_filter_link link)
{
	struct pst_filter_code out;

	pst_filter_code_read(code, len, link, &out);
	return out;
}

static void a_back_doors_magic_is_read(void **state)
{
	struct pst_filter_code code = READ(filter_of_a_back_door, PST_FILTER_AT_FRAME);

	(void)state;
	assert_int_equal(code.magic_count, 2);
	assert_int_equal(code.magic_total, 2);
	assert_int_equal(code.magic[0], 0x7255);
	assert_int_equal(code.magic[1], 0x5293);
	assert_int_equal(code.port_count, 0);
	assert_false(code.takes_none);
	assert_false(code.takes_all);
}

static void a_dhcp_clients_port_is_no_magic(void **state)
{
	struct pst_filter_code code = READ(filter_of_a_dhcp_client, PST_FILTER_AT_FRAME);

	(void)state;
	assert_int_equal(code.magic_total, 0);
	assert_int_equal(code.port_count, 1);
	assert_int_equal(code.port[0], 68);
}

static void a_captures_flags_are_headers(void **state)
{
	struct pst_filter_code code = READ(filter_of_a_capture, PST_FILTER_AT_FRAME);

	(void)state;
	assert_int_equal(code.magic_total, 0);
	assert_int_equal(code.port_count, 0);
	assert_true(code.compares > 0);
}

/* The first byte behind the header, and the last one of it. */
static void where_the_payload_begins_depends_on_the_protocol(void **state)
{
	static const struct {
		enum pst_filter_link link;
		uint32_t at;
		size_t magics;
	} cases[] = {
		{ PST_FILTER_AT_UDP, 7, 0 },	{ PST_FILTER_AT_UDP, 8, 1 },
		{ PST_FILTER_AT_TCP, 19, 0 },	{ PST_FILTER_AT_TCP, 20, 1 },
		{ PST_FILTER_AT_IP, 39, 0 },	{ PST_FILTER_AT_IP, 40, 1 },
		{ PST_FILTER_AT_FRAME, 53, 0 }, { PST_FILTER_AT_FRAME, 54, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sock_filter code[] = { { LDB_ABS, 0, 0, cases[i].at },
						    { JEQ_K, 0, 1, 0x42 },
						    { RET_K, 0, 0, 1 },
						    { RET_K, 0, 0, 0 } };

		assert_int_equal(READ(code, cases[i].link).magic_total, cases[i].magics);
	}
}

static void ipv6_moves_the_payload(void **state)
{
	const struct sock_filter code[] = { { LDH_ABS, 0, 0, 12 }, { JEQ_K, 0, 6, 0x86dd },
					    { LDB_ABS, 0, 0, 20 }, { JEQ_K, 0, 4, 17 },
					    { LDH_ABS, 0, 0, 56 }, { JEQ_K, 0, 2, 53 },
					    { LDH_ABS, 0, 0, 62 }, { JEQ_K, 0, 1, 0x1234 },
					    { RET_K, 0, 0, 0 },	   { RET_K, 0, 0, 1 } };
	struct pst_filter_code read = READ(code, PST_FILTER_AT_FRAME);

	(void)state;
	assert_int_equal(read.port_count, 1);
	assert_int_equal(read.port[0], 53);
	assert_int_equal(read.magic_total, 1);
	assert_int_equal(read.magic[0], 0x1234);
}

static void what_the_kernel_knows_besides_is_no_payload(void **state)
{
	const struct sock_filter code[] = { { LDH_ABS, 0, 0, (uint32_t)SKF_AD_OFF },
					    { JEQ_K, 0, 1, 0x800 },
					    { RET_K, 0, 0, 1 },
					    { RET_K, 0, 0, 0 } };

	(void)state;
	assert_int_equal(READ(code, PST_FILTER_AT_FRAME).magic_total, 0);
}

static void more_values_than_are_kept_are_counted(void **state)
{
	struct sock_filter code[PST_FILTER_VALUES_MAX + 3] = { { LDB_ABS, 0, 0, 100 } };
	struct pst_filter_code read;

	(void)state;
	for (uint32_t i = 1; i <= PST_FILTER_VALUES_MAX + 1; i++)
		code[i] = (struct sock_filter){ JEQ_K, 0, 0, i };
	code[PST_FILTER_VALUES_MAX + 2] = (struct sock_filter){ RET_K, 0, 0, 1 };
	read = READ(code, PST_FILTER_AT_UDP);
	assert_int_equal(read.magic_count, PST_FILTER_VALUES_MAX);
	assert_int_equal(read.magic_total, PST_FILTER_VALUES_MAX + 1);
}

static void one_that_takes_all_or_nothing_is_told(void **state)
{
	const struct sock_filter all[] = { { RET_K, 0, 0, 1 } }, none[] = { { RET_K, 0, 0, 0 } };

	(void)state;
	assert_true(READ(all, PST_FILTER_AT_FRAME).takes_all);
	assert_false(READ(all, PST_FILTER_AT_FRAME).takes_none);
	assert_true(READ(none, PST_FILTER_AT_FRAME).takes_none);
	assert_false(READ(none, PST_FILTER_AT_FRAME).takes_all);
}

static void one_that_goes_on_where_it_was_cut_may_take_something(void **state)
{
	const struct sock_filter cut[] = { { BPF_JMP | BPF_JA, 0, 0, 200 }, { RET_K, 0, 0, 0 } };

	(void)state;
	assert_false(READ(cut, PST_FILTER_AT_FRAME).takes_none);
}

/* No kernel takes these; a record may hold anything. */
static void broken_programs_do_no_harm(void **state)
{
	const struct sock_filter far[] = { { BPF_JMP | BPF_JA, 0, 0, UINT32_MAX },
					   { JEQ_K, 255, 255, 1 } };
	uint8_t noise[PST_FILTER_INSNS * 8 + 80];

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)(i * 37 + i / 7);
	assert_int_equal(READ(far, PST_FILTER_AT_IP).magic_total, 0);
	assert_int_equal(READ(noise, PST_FILTER_AT_FRAME).insns, PST_FILTER_INSNS);
	assert_int_equal(read_code(noise, 15, PST_FILTER_AT_FRAME).insns, 1);
	assert_int_equal(read_code(noise, 0, PST_FILTER_AT_FRAME).insns, 0);
}

static void where_ways_meet_only_what_both_know_counts(void **state)
{
	/* UDP or TCP, and then a byte that is payload for the one and header for the other */
	const struct sock_filter either[] = {
		{ LDB_ABS, 0, 0, 23 }, { JEQ_K, 1, 0, 17 },	   { JEQ_K, 0, 4, 6 },
		{ LDX_MSH, 0, 0, 14 }, { LDB_IND, 0, 0, 14 + 12 }, { JEQ_K, 0, 1, 0x42 },
		{ RET_K, 0, 0, 1 },    { RET_K, 0, 0, 0 },
	};
	/* a byte of the payload, which one of two ways replaces by one of the header */
	const struct sock_filter replaced[] = {
		{ LDB_ABS, 0, 0, 100 }, { JEQ_K, 1, 0, 1 }, { LDB_ABS, 0, 0, 15 },
		{ JEQ_K, 0, 1, 0x42 },	{ RET_K, 0, 0, 1 }, { RET_K, 0, 0, 0 },
	};

	(void)state;
	assert_int_equal(READ(either, PST_FILTER_AT_FRAME).magic_total, 0);
	assert_int_equal(READ(replaced, PST_FILTER_AT_FRAME).magic_total, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_back_doors_magic_is_read),
		cmocka_unit_test(a_dhcp_clients_port_is_no_magic),
		cmocka_unit_test(a_captures_flags_are_headers),
		cmocka_unit_test(where_the_payload_begins_depends_on_the_protocol),
		cmocka_unit_test(ipv6_moves_the_payload),
		cmocka_unit_test(what_the_kernel_knows_besides_is_no_payload),
		cmocka_unit_test(more_values_than_are_kept_are_counted),
		cmocka_unit_test(one_that_takes_all_or_nothing_is_told),
		cmocka_unit_test(one_that_goes_on_where_it_was_cut_may_take_something),
		cmocka_unit_test(broken_programs_do_no_harm),
		cmocka_unit_test(where_ways_meet_only_what_both_know_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
