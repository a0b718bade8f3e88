// SPDX-License-Identifier: Apache-2.0
/* Is an rpm package the distribution's when vendor and key are, and only then? */
#include "base/package.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define RED_HAT \
	"\tRed Hat, Inc.\tRSA/SHA256, Tue 04 Apr 2023 10:00:00 AM UTC, Key ID 199e2f91fd431d51\n"

static struct pst_package read(const char *text)
{
	struct pst_package out;

	assert_int_equal(pst_rpm_fields(text, strlen(text), &out), 0);
	return out;
}

static void vendor_and_key_are_read(void **state)
{
	struct pst_package package = read("openssh-server\t8.7p1-38.el9" RED_HAT);

	(void)state;
	assert_string_equal(package.name, "openssh-server");
	assert_string_equal(package.version, "8.7p1-38.el9");
	assert_string_equal(package.origin, "Red Hat, Inc.");
	assert_string_equal(package.maker, "199e2f91fd431d51");
}

static void an_unsigned_package_has_no_key(void **state)
{
	struct pst_package package = read("acme\t1-1\t(none)\t(none)\n");

	(void)state;
	assert_string_equal(package.origin, "");
	assert_string_equal(package.maker, "");
	assert_string_equal(read("acme\t1-1\tx\tKey ID 199e2f91fd431d5\n").maker, "");
}

static void what_rpm_says_of_a_file_without_owner_is_no_package(void **state)
{
	static const char text[] = "file /opt/x is not owned by any package\n";
	struct pst_package package;

	(void)state;
	assert_int_equal(pst_rpm_fields(text, strlen(text), &package), -EBADMSG);
}

static void both_vendor_and_key_must_be_those_of_the_release(void **state)
{
	struct pst_package release = read("redhat-release\t9.4-0.4.el9" RED_HAT);
	struct pst_package ssh = read("openssh-server\t8.7p1-38.el9" RED_HAT);
	struct pst_package forged =
		read("acme\t1-1\tRed Hat, Inc.\tRSA, Key ID 0123456789abcdef\n");
	struct pst_package unsigned_one = read("acme\t1-1\tRed Hat, Inc.\t(none)\n");
	struct pst_package epel = read("htop\t3-1\tFedora Project\tRSA, Key ID 199e2f91fd431d51\n");
	struct pst_package unknown = { .name = "" };

	(void)state;
	assert_true(pst_rpm_is_distribution(&ssh, &release));
	assert_false(pst_rpm_is_distribution(&forged, &release));
	assert_false(pst_rpm_is_distribution(&unsigned_one, &release));
	assert_false(pst_rpm_is_distribution(&epel, &release));
	assert_false(pst_rpm_is_distribution(&unknown, &unknown));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vendor_and_key_are_read),
		cmocka_unit_test(an_unsigned_package_has_no_key),
		cmocka_unit_test(what_rpm_says_of_a_file_without_owner_is_no_package),
		cmocka_unit_test(both_vendor_and_key_must_be_those_of_the_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
