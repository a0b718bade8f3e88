// SPDX-License-Identifier: Apache-2.0
/* Is a name one of this distribution's, and whose address is a maintainer's? */
#include "base/package.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct pst_distribution read(const char *os_release, const char *further)
{
	struct pst_distribution out;

	pst_distribution_read(os_release, strlen(os_release), further, &out);
	return out;
}

static void an_archive_of_the_distribution_is_known_by_its_origin(void **state)
{
	struct pst_distribution debian = read("NAME=\"Debian GNU/Linux\"\nID=debian\n", "");

	(void)state;
	assert_true(pst_distribution_is(&debian, "Debian"));
	assert_true(pst_distribution_is(&debian, "Debian Backports"));
	assert_false(pst_distribution_is(&debian, "Debian Nginx"));
	assert_false(pst_distribution_is(&debian, "Ubuntu"));
	assert_false(pst_distribution_is(&debian, ""));
}

static void what_it_is_like_counts_as_well(void **state)
{
	struct pst_distribution mint = read("ID=\"linuxmint\"\nID_LIKE=\"ubuntu debian\"", "");

	(void)state;
	assert_true(pst_distribution_is(&mint, "linuxmint"));
	assert_true(pst_distribution_is(&mint, "Ubuntu"));
	assert_true(pst_distribution_is(&mint, "Debian"));
	assert_false(pst_distribution_is(&mint, "Kali"));
}

static void the_operator_may_name_mirrors(void **state)
{
	struct pst_distribution bank = read("ID=debian\n", "Bank Mirror,Artifactory,,");

	(void)state;
	assert_true(pst_distribution_is(&bank, "Bank Mirror"));
	assert_true(pst_distribution_is(&bank, "artifactory"));
	assert_false(pst_distribution_is(&bank, "Bank"));
}

static void a_host_without_a_name_has_no_distribution(void **state)
{
	struct pst_distribution none = read("PRETTY_NAME=x\nVERSION_ID=1", "");

	(void)state;
	assert_false(pst_distribution_is(&none, "Debian"));
	assert_false(pst_distribution_makes(&none, "A <a@debian.org>"));
}

static void names_beyond_the_bound_are_left_out(void **state)
{
	struct pst_distribution many = read("ID=debian\n", "a,b,c,d,e,f,g,h,i,j,k,l,m");

	(void)state;
	assert_true(pst_distribution_is(&many, "a"));
	assert_false(pst_distribution_is(&many, "m"));
}

static void a_maintainer_is_known_by_the_end_of_the_address(void **state)
{
	struct pst_distribution debian = read("ID=debian\n", "");

	(void)state;
	assert_true(pst_distribution_makes(&debian, "Team <t@lists.debian.org>"));
	assert_true(pst_distribution_makes(&debian, "A <a@Debian.org>"));
	assert_true(pst_distribution_makes(&debian, "A <a@alioth-lists.debian.net>"));
	assert_false(pst_distribution_makes(&debian, "A <a@people.debian.net>"));
	assert_false(pst_distribution_makes(&debian, "A <a@notdebian.org>"));
	assert_false(pst_distribution_makes(&debian, "A <a@debian.org.evil.example>"));
	assert_false(pst_distribution_makes(&debian, "a@debian.org"));
	assert_false(pst_distribution_makes(&debian, "A <https://www.debian.org>"));
	assert_false(pst_distribution_makes(&debian, "<a@debian.org> <x@evil.example>"));
	assert_false(pst_distribution_makes(&debian, "A <a@debian.org> of Evil"));
	assert_false(pst_distribution_makes(&debian, "A <a@ubuntu.com>"));
	assert_false(pst_distribution_makes(&debian, ""));
}

static void no_distribution_has_files_in_the_folders_of_others(void **state)
{
	(void)state;
	assert_true(pst_package_is_addon("/opt/acme/agent"));
	assert_true(pst_package_is_addon("/usr/local/bin/agent"));
	assert_false(pst_package_is_addon("/usr/bin/agent"));
	assert_false(pst_package_is_addon("/optional/agent"));
	assert_false(pst_package_is_addon("/usr/opt/agent"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_archive_of_the_distribution_is_known_by_its_origin),
		cmocka_unit_test(what_it_is_like_counts_as_well),
		cmocka_unit_test(the_operator_may_name_mirrors),
		cmocka_unit_test(a_host_without_a_name_has_no_distribution),
		cmocka_unit_test(names_beyond_the_bound_are_left_out),
		cmocka_unit_test(a_maintainer_is_known_by_the_end_of_the_address),
		cmocka_unit_test(no_distribution_has_files_in_the_folders_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
