// SPDX-License-Identifier: Apache-2.0
/* Is the list that has the installed version told from those that have another? */
#include "base/package.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* As apt 2.6 prints it. */
static const char sources[] =
	"Package files:\n"
	" 100 /var/lib/dpkg/status\n"
	"     release a=now\n"
	" 500 https://deb.acme.example stable/main amd64 Packages\n"
	"     release o=Acme,a=stable,n=stable,l=Acme,c=main,b=amd64\n"
	"     origin deb.acme.example\n"
	" 500 http://mirror.example/debian bookworm/main amd64 Packages\n"
	"     release v=12.11,o=Debian,a=stable,n=bookworm,l=Debian,c=main,b=amd64\n"
	"     origin mirror.example\n"
	"Pinned packages:\n";

static const char policy[] =
	"ours:\n"
	"  Installed: 9.1-1\n"
	"  Candidate: 9.1-1\n"
	"  Version table:\n"
	" *** 9.1-1 500\n"
	"        500 http://mirror.example/debian bookworm/main amd64 Packages\n"
	"        100 /var/lib/dpkg/status\n"
	"both:\n"
	"  Version table:\n"
	" *** 1 500\n"
	"        500 https://deb.acme.example stable/main amd64 Packages\n"
	"        500 http://mirror.example/debian bookworm/main amd64 Packages\n"
	"acme:\n"
	"  Version table:\n"
	"     3 500\n"
	"        500 http://mirror.example/debian bookworm/main amd64 Packages\n"
	" *** 2 500\n"
	"        500 https://deb.acme.example stable/main amd64 Packages\n"
	"        100 /var/lib/dpkg/status\n"
	"     1 500\n"
	"        500 http://mirror.example/debian bookworm/main amd64 Packages\n"
	"local:i386:\n"
	"  Version table:\n"
	" *** 20.20.2-1nodesource1 100\n"
	"        100 /var/lib/dpkg/status\n"
	"     18.20.4+dfsg-1~deb12u3 500\n"
	"        500 http://mirror.example/debian bookworm/main amd64 Packages\n";

static int prepare(void **state)
{
	struct pst_distribution debian;
	struct pst_apt *apt = pst_apt_new();

	pst_distribution_read("ID=debian\n", 10, "", &debian);
	pst_apt_sources(apt, sources, sizeof(sources) - 1);
	pst_apt_packages(apt, policy, sizeof(policy) - 1, &debian);
	*state = apt;
	return 0;
}

static int clean(void **state)
{
	pst_apt_free(*state);
	return 0;
}

static void a_version_in_the_distributions_list_is_the_distributions(void **state)
{
	assert_string_equal(pst_apt_origin(*state, "ours"), "Debian");
	assert_string_equal(pst_apt_origin(*state, "both"), "Debian");
}

static void only_the_installed_version_counts(void **state)
{
	assert_string_equal(pst_apt_origin(*state, "acme"), "Acme");
	assert_string_equal(pst_apt_origin(*state, "local:i386"), "");
}

static void of_what_apt_does_not_know_nothing_is_said(void **state)
{
	assert_null(pst_apt_origin(*state, "local"));
	assert_null(pst_apt_origin(*state, ""));
}

static void what_is_no_output_of_apt_is_passed_over(void **state)
{
	static const char wrong[] = "        500 nothing before\n *** 1 500\n\n:\nE: broken\na b:\n"
				    "        500 http://mirror.example/debian bookworm/main amd64 "
				    "Packages\ncut:";
	struct pst_distribution debian;

	pst_distribution_read("ID=debian\n", 10, "", &debian);
	pst_apt_packages(*state, wrong, sizeof(wrong) - 1, &debian);
	assert_null(pst_apt_origin(*state, "a b"));
	assert_null(pst_apt_origin(*state, "cut"));
	assert_string_equal(pst_apt_origin(*state, "ours"), "Debian");
}

/* The distribution's name behind a list that is too long to be kept is not that of the list before.
 */
static void a_list_that_is_not_kept_gives_its_origin_to_no_other(void **state)
{
	static const size_t lengths[] = { 300, 400 }; /* beyond a list's, beyond a line's */

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pst_apt *apt = pst_apt_new();
		struct pst_distribution debian;
		char text[1024], line[512];

		assert_non_null(apt);
		memset(line, 'x', lengths[i]);
		line[lengths[i]] = '\0';
		(void)snprintf(text, sizeof(text),
			       " 500 https://deb.acme.example s/main amd64 Packages\n"
			       "     release o=Acme,a=stable\n"
			       " 500 http://%s d/main amd64 Packages\n"
			       "     release o=Debian,a=stable\n",
			       line);
		pst_distribution_read("ID=debian\n", 10, "", &debian);
		pst_apt_sources(apt, text, strlen(text));
		pst_apt_packages(apt, policy, sizeof(policy) - 1, &debian);
		(void)snprintf(text, sizeof(text),
			       "one:\n *** 2 500\n"
			       "        500 https://deb.acme.example s/main amd64 Packages\n");
		pst_apt_packages(apt, text, strlen(text), &debian);
		assert_string_equal(pst_apt_origin(apt, "one"), "Acme");
		pst_apt_free(apt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_version_in_the_distributions_list_is_the_distributions, prepare, clean),
		cmocka_unit_test_setup_teardown(only_the_installed_version_counts, prepare, clean),
		cmocka_unit_test_setup_teardown(of_what_apt_does_not_know_nothing_is_said, prepare,
						clean),
		cmocka_unit_test_setup_teardown(what_is_no_output_of_apt_is_passed_over, prepare,
						clean),
		cmocka_unit_test(a_list_that_is_not_kept_gives_its_origin_to_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
