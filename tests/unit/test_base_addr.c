// SPDX-License-Identifier: Apache-2.0
/* Are addresses and prefixes read, compared and written right? */
#include "base/addr.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

static struct pst_addr addr(const char *text)
{
	struct pst_addr a;

	assert_int_equal(pst_addr_parse(text, &a), 0);
	return a;
}

static bool holds(const char *prefix, const char *address)
{
	struct pst_addr a = addr(address);
	struct pst_prefix p;

	assert_int_equal(pst_prefix_parse(prefix, &p), 0);
	return pst_prefix_holds(&p, &a);
}

static void an_ipv4_address_is_a_mapped_one(void **state)
{
	struct pst_addr plain = addr("10.0.0.1"), mapped = addr("::ffff:10.0.0.1");

	(void)state;
	assert_true(pst_addr_equal(&plain, &mapped));
	assert_true(pst_addr_is_v4(&plain));
}

static void what_is_no_address_is_refused_and_writes_nothing(void **state)
{
	static const char *const bad[] = { "",	  "10.0.0", "10.0.0.256", "10.0.0.1 ",
					   "1:2", "::g",    "10.0.0.1/8", "host" };
	struct pst_addr a = { { 7 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(pst_addr_parse(bad[i], &a), -EINVAL);
	assert_int_equal(a.b[0], 7);
}

static void zero_and_loopback_are_known_in_both_families(void **state)
{
	struct pst_addr zero6 = addr("::"), zero4 = addr("0.0.0.0"), one = addr("::1"),
			lo = addr("127.255.0.9");
	struct pst_addr near = addr("128.0.0.1"), two = addr("::2"), small = addr("0.0.0.1");

	(void)state;
	assert_true(pst_addr_is_zero(&zero6) && pst_addr_is_zero(&zero4));
	assert_false(pst_addr_is_zero(&one) || pst_addr_is_zero(&small));
	assert_true(pst_addr_is_loopback(&one) && pst_addr_is_loopback(&lo));
	assert_false(pst_addr_is_loopback(&near) || pst_addr_is_loopback(&two) ||
		     pst_addr_is_loopback(&zero4));
}

static void a_prefix_ends_at_its_last_bit(void **state)
{
	(void)state;
	assert_true(holds("10.20.0.0/16", "10.20.255.255"));
	assert_false(holds("10.20.0.0/16", "10.21.0.0"));
	assert_true(holds("10.20.128.0/17", "10.20.128.0"));
	assert_false(holds("10.20.128.0/17", "10.20.127.255"));
	assert_true(holds("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(holds("2001:db8::/33", "2001:db8:8000::1"));
	assert_true(holds("10.0.0.1", "10.0.0.1"));
	assert_false(holds("10.0.0.1", "10.0.0.2"));
}

static void everything_of_one_family_is_nothing_of_the_other(void **state)
{
	(void)state;
	assert_true(holds("0.0.0.0/0", "255.255.255.255"));
	assert_false(holds("0.0.0.0/0", "::1"));
	assert_true(holds("::/0", "2001:db8::1"));
	assert_true(holds("::/0", "::"));
	assert_false(holds("::/0", "10.0.0.1"));
}

static void a_prefix_with_host_bits_is_refused(void **state)
{
	struct pst_prefix p = { .bits = 9 };

	(void)state;
	assert_int_equal(pst_prefix_parse("10.20.1.0/23", &p), -ERANGE);
	assert_int_equal(pst_prefix_parse("2001:db8::1/127", &p), -ERANGE);
	assert_int_equal(pst_prefix_parse("::ffff:0.0.0.0/90", &p), -ERANGE);
	assert_int_equal(p.bits, 9);
	assert_int_equal(pst_prefix_parse("10.20.2.0/23", &p), 0);
	assert_int_equal(p.bits, 96 + 23);
}

static void lengths_out_of_range_or_form_are_refused(void **state)
{
	static const char *const bad[] = { "10.0.0.0/33",   "::/129",	   "10.0.0.0/",
					   "10.0.0.0/08",   "10.0.0.0/+8", "10.0.0.0/8x",
					   "10.0.0.0/1000", "/8",	   "10.0.0.0//8" };
	struct pst_prefix p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(pst_prefix_parse(bad[i], &p), -EINVAL);
	assert_int_equal(pst_prefix_parse("10.0.0.1/32", &p), 0);
	assert_int_equal(pst_prefix_parse("::1/128", &p), 0);
}

static void an_overlong_text_is_no_address(void **state)
{
	char text[300];
	struct pst_prefix p;

	(void)state;
	memset(text, '1', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(pst_prefix_parse(text, &p), -EINVAL);
}

static void addresses_are_written_as_people_read_them(void **state)
{
	struct pst_addr v4 = addr("::ffff:10.0.0.1"), v6 = addr("2001:DB8:0::1");
	struct pst_addr longest = addr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	char text[PST_ADDR_TEXT];

	(void)state;
	assert_string_equal(pst_addr_format(&v4, text), "10.0.0.1");
	assert_string_equal(pst_addr_format_port(&v4, 443, text), "10.0.0.1:443");
	assert_string_equal(pst_addr_format(&v6, text), "2001:db8::1");
	assert_string_equal(pst_addr_format_port(&v6, 0, text), "[2001:db8::1]:0");
	assert_string_equal(pst_addr_format_port(&longest, 65535, text),
			    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ipv4_address_is_a_mapped_one),
		cmocka_unit_test(what_is_no_address_is_refused_and_writes_nothing),
		cmocka_unit_test(zero_and_loopback_are_known_in_both_families),
		cmocka_unit_test(a_prefix_ends_at_its_last_bit),
		cmocka_unit_test(everything_of_one_family_is_nothing_of_the_other),
		cmocka_unit_test(a_prefix_with_host_bits_is_refused),
		cmocka_unit_test(lengths_out_of_range_or_form_are_refused),
		cmocka_unit_test(an_overlong_text_is_no_address),
		cmocka_unit_test(addresses_are_written_as_people_read_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
