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

#define VENDOR "\tAcme\tRSA/SHA256, Tue 04 Apr 2023 10:00:00 AM UTC, Key ID 0123456789abcdef\n"

static int owner_of(const char *text, struct pst_package *out)
{
	struct pst_package release = read("redhat-release\t9.4-0.4.el9" RED_HAT);

	return pst_rpm_owner(text, strlen(text), &release, out);
}

static void a_file_that_a_vendor_owns_too_is_the_vendors(void **state)
{
	struct pst_package out;

	(void)state;
	assert_int_equal(owner_of("glibc\t2-1" RED_HAT "other\t2-1" RED_HAT, &out), 1);
	assert_string_equal(out.name, "glibc");
	assert_int_equal(owner_of("acme\t1-1" VENDOR "glibc\t2-1" RED_HAT, &out), 1);
	assert_string_equal(out.name, "acme");
	assert_int_equal(owner_of("glibc\t2-1" RED_HAT "acme\t1-1" VENDOR "c\t1-1" VENDOR, &out),
			 1);
	assert_string_equal(out.name, "acme");
	assert_int_equal(owner_of("", &out), 0);
	assert_int_equal(owner_of("glibc\t2-1" RED_HAT "glibc\n", &out), -EBADMSG);
	assert_string_equal(out.name, "acme"); /* untouched */
}

static void a_database_that_cannot_be_read_is_no_answer(void **state)
{
	struct pst_package out;

	(void)state;
	assert_int_equal(owner_of("file /opt/x is not owned by any package\n", &out), 0);
	assert_int_equal(owner_of("error: file /opt/x: Permission denied\n", &out), 0);
	assert_int_equal(owner_of("error: cannot open Packages database in /var/lib/rpm\n"
				  "file /opt/x is not owned by any package\n",
				  &out),
			 -EBADMSG);
	assert_int_equal(owner_of("file /opt/x is not owned by any package\nerror: x\n", &out),
			 -EBADMSG);
	assert_int_equal(owner_of("warning: x\nacme\t1-1" VENDOR, &out), 1);
	assert_string_equal(out.name, "acme");
	assert_int_equal(owner_of("acme\t1-1\tx\tx", &out), -EBADMSG); /* cut */
}

static int release_of(const char *text, struct pst_package *out)
{
	return pst_rpm_release(text, strlen(text), out);
}

static void a_vendor_that_brings_the_release_file_too_is_not_the_measure(void **state)
{
	struct pst_package acme = read("acme\t1-1" VENDOR), ssh = read("ssh\t1-1" RED_HAT), out;

	(void)state;
	assert_int_equal(release_of("release\t9-1" RED_HAT "logos\t9-1" RED_HAT, &out), 1);
	assert_true(pst_rpm_is_distribution(&ssh, &out));
	assert_int_equal(release_of("acme\t1-1" VENDOR "release\t9-1" RED_HAT, &out), 1);
	assert_false(pst_rpm_is_distribution(&acme, &out));
	assert_false(pst_rpm_is_distribution(&ssh, &out));
	assert_int_equal(release_of("release\t9-1" RED_HAT "x", &out), -EBADMSG);
	assert_int_equal(release_of("", &out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vendor_and_key_are_read),
		cmocka_unit_test(an_unsigned_package_has_no_key),
		cmocka_unit_test(what_rpm_says_of_a_file_without_owner_is_no_package),
		cmocka_unit_test(both_vendor_and_key_must_be_those_of_the_release),
		cmocka_unit_test(a_file_that_a_vendor_owns_too_is_the_vendors),
		cmocka_unit_test(a_database_that_cannot_be_read_is_no_answer),
		cmocka_unit_test(a_vendor_that_brings_the_release_file_too_is_not_the_measure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
