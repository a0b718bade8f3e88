// SPDX-License-Identifier: Apache-2.0
/* Does a ring of bytes keep their order, and never more than it may? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ctl/ring.h"

static const char *content(const struct pst_ring *ring)
{
	static char text[64];
	size_t i;

	for (i = 0; i < ring->used; i++)
		text[i] = pst_ring_at(ring, i);
	text[i] = '\0';
	return text;
}

static void what_fits_exactly_is_taken_and_one_byte_more_is_not(void **state)
{
	struct pst_ring ring;

	(void)state;
	assert_int_equal(pst_ring_init(&ring, 4), 0);
	assert_false(pst_ring_add(&ring, "12345", 5));
	assert_int_equal(ring.used, 0);
	assert_true(pst_ring_add(&ring, "1234", 4));
	assert_false(pst_ring_add(&ring, "5", 1));
	pst_ring_done(&ring);
}

static void bytes_wrap_around(void **state)
{
	struct pst_ring ring;
	const char *head;

	(void)state;
	assert_int_equal(pst_ring_init(&ring, 4), 0);
	assert_true(pst_ring_add(&ring, "123", 3));
	pst_ring_take(&ring, 2);
	assert_true(pst_ring_add(&ring, "456", 3));
	assert_string_equal(content(&ring), "3456");
	assert_int_equal(pst_ring_head(&ring, &head), 2);
	assert_memory_equal(head, "34", 2);
	pst_ring_take(&ring, 2);
	assert_int_equal(pst_ring_head(&ring, &head), 2);
	assert_memory_equal(head, "56", 2);
	pst_ring_done(&ring);
}

static void a_line_is_taken_with_its_newline(void **state)
{
	struct pst_ring ring;

	(void)state;
	assert_int_equal(pst_ring_init(&ring, 16), 0);
	assert_true(pst_ring_add(&ring, "ab\ncd\nef", 8));
	pst_ring_take_line(&ring);
	assert_string_equal(content(&ring), "cd\nef");
	pst_ring_take_line(&ring);
	pst_ring_take_line(&ring); /* without a newline: everything */
	assert_int_equal(ring.used, 0);
	pst_ring_done(&ring);
}

static void the_last_lines_begin_where_they_begin(void **state)
{
	struct pst_ring ring;

	(void)state;
	assert_int_equal(pst_ring_init(&ring, 16), 0);
	assert_int_equal(pst_ring_last(&ring, 3), 0);
	assert_true(pst_ring_add(&ring, "ab\ncd\nef\n", 9));
	assert_int_equal(pst_ring_last(&ring, 0), 9);
	assert_int_equal(pst_ring_last(&ring, 1), 6);
	assert_int_equal(pst_ring_last(&ring, 2), 3);
	assert_int_equal(pst_ring_last(&ring, 3), 0);
	assert_int_equal(pst_ring_last(&ring, 4), 0);
	pst_ring_done(&ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_exactly_is_taken_and_one_byte_more_is_not),
		cmocka_unit_test(bytes_wrap_around),
		cmocka_unit_test(a_line_is_taken_with_its_newline),
		cmocka_unit_test(the_last_lines_begin_where_they_begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
