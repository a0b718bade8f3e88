// SPDX-License-Identifier: Apache-2.0
/* Is what dpkg-query prints read as it is meant, and nothing else taken for it? */
#include "base/package.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct pst_dpkg_owner owner_of(const char *text, const char *path)
{
	struct pst_dpkg_owner owner;

	assert_int_equal(pst_dpkg_search(text, strlen(text), path, &owner), 0);
	return owner;
}

static void the_owner_of_the_path_is_found_among_others(void **state)
{
	static const char text[] = "dash: /bin/dash\ncoreutils: /bin/ls\n";
	struct pst_dpkg_owner owner = owner_of(text, "/bin/ls");

	(void)state;
	assert_string_equal(owner.name, "coreutils");
	assert_string_equal(owner.other, "");
	assert_string_equal(owner_of(text, "/usr/bin/ls").name, "");
	assert_string_equal(owner_of("", "/bin/ls").name, "");
}

static void several_owners_keep_their_order_and_architecture(void **state)
{
	struct pst_dpkg_owner owner = owner_of("libc6:amd64, libc6:i386, third: /etc/libc.conf\n",
					       "/etc/libc.conf");

	(void)state;
	assert_string_equal(owner.name, "libc6:amd64");
	assert_string_equal(owner.other, "libc6:i386");
}

static const char diverted[] = "diversion by acme-sh from: /bin/sh\n"
			       "diversion by acme-sh to: /bin/sh.distrib\n"
			       "dash, acme-sh: /bin/sh\n";

static void a_diverted_path_names_who_took_its_place(void **state)
{
	struct pst_dpkg_owner owner = owner_of(diverted, "/bin/sh");

	(void)state;
	assert_string_equal(owner.diverter, "acme-sh");
	assert_string_equal(owner.original, "");
	assert_false(owner.local);
}

static void a_file_moved_aside_names_where_it_was(void **state)
{
	struct pst_dpkg_owner owner = owner_of(diverted, "/bin/sh.distrib");

	(void)state;
	assert_string_equal(owner.original, "/bin/sh");
	assert_string_equal(owner.diverter, "acme-sh");
	assert_string_equal(owner.name, "");
}

static void what_an_administrator_put_there_is_no_packages(void **state)
{
	static const char text[] = "local diversion from: /usr/sbin/exim4\n"
				   "local diversion to: /usr/sbin/exim4.real\n"
				   "exim4: /usr/sbin/exim4\n";

	(void)state;
	assert_true(owner_of(text, "/usr/sbin/exim4").local);
	assert_false(owner_of(text, "/usr/sbin/exim4.real").local);
	assert_string_equal(owner_of(text, "/usr/sbin/exim4.real").original, "/usr/sbin/exim4");
}

static void a_line_that_no_dpkg_prints_is_refused(void **state)
{
	static const char *const wrong[] = {
		"core utils: /bin/ls\n",
		"-coreutils: /bin/ls\n",
		"\033[2J: /bin/ls\n",
		"coreutils: /bin/ls", /* cut */
		"diversion by a b from: /bin/ls\n",
		"diversion by acme to: /bin/ls\n",
		"local diversion of: /bin/ls\n",
	};
	struct pst_dpkg_owner owner;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(pst_dpkg_search(wrong[i], strlen(wrong[i]), "/bin/ls", &owner),
				 -EBADMSG);
	assert_string_equal(owner_of(": /bin/ls\n", "/bin/ls").name, "");
	assert_string_equal(owner_of("coreutils; /bin/ls\n", "/bin/ls").name, "");
}

static void names_and_versions_follow_policy_to_the_last_byte(void **state)
{
	char long_name[PST_PACKAGE_TEXT + 1];

	(void)state;
	memset(long_name, 'a', sizeof(long_name));
	assert_true(pst_package_is_name("libstdc++6:i386", 15));
	assert_true(pst_package_is_name("Glib_2.0-x", 10));
	assert_false(pst_package_is_name("", 0));
	assert_false(pst_package_is_name("a b", 3));
	assert_false(pst_package_is_name("a/b", 3));
	assert_false(pst_package_is_name(".hidden", 7));
	assert_true(pst_package_is_name(long_name, PST_PACKAGE_TEXT - 1));
	assert_false(pst_package_is_name(long_name, PST_PACKAGE_TEXT));
	assert_true(pst_package_is_version("1:2.36-9+deb12u14~rc1^git", 25));
	assert_false(pst_package_is_version("1 2", 3));
	assert_false(pst_package_is_version("", 0));
	assert_false(pst_package_is_version("1\0002", 3));
}

static void only_paths_that_an_answer_can_give_back_are_asked(void **state)
{
	char path[PST_PACKAGE_PATH_MAX + 1];

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[PST_PACKAGE_PATH_MAX] = '\0';
	assert_false(pst_package_is_askable(path));
	path[PST_PACKAGE_PATH_MAX - 1] = '\0';
	assert_true(pst_package_is_askable(path));
	assert_true(pst_package_is_askable("/opt/\xc3\xa9 x"));
	assert_false(pst_package_is_askable("bin/ls"));
	assert_false(pst_package_is_askable(""));
	assert_false(pst_package_is_askable("/bin/ls\nx"));
	assert_false(pst_package_is_askable("/bin/\177"));
}

static void what_is_a_wildcard_to_dpkg_is_quoted(void **state)
{
	char out[16];

	(void)state;
	assert_int_equal(pst_dpkg_pattern("/usr/bin/[", out, sizeof(out)), 0);
	assert_string_equal(out, "/usr/bin/\\[");
	assert_int_equal(pst_dpkg_pattern("/*?]\\a", out, sizeof(out)), 0);
	assert_string_equal(out, "/\\*\\?\\]\\\\a");
	assert_int_equal(pst_dpkg_pattern("/345678901234*", out, 15), -ENAMETOOLONG);
	assert_int_equal(pst_dpkg_pattern("/345678901234*", out, 16), 0);
}

static void a_merged_folder_has_two_names(void **state)
{
	char out[32];

	(void)state;
	assert_true(pst_dpkg_alias("/usr/bin/ls", out, sizeof(out)));
	assert_string_equal(out, "/bin/ls");
	assert_true(pst_dpkg_alias("/sbin/init", out, sizeof(out)));
	assert_string_equal(out, "/usr/sbin/init");
	assert_false(pst_dpkg_alias("/usr/local/bin/ls", out, sizeof(out)));
	assert_false(pst_dpkg_alias("/opt/bin/ls", out, sizeof(out)));
	assert_false(pst_dpkg_alias("/usr/bin/ls", out, 7));
}

static int fields(const char *text, struct pst_package *out)
{
	return pst_package_fields(text, strlen(text), out);
}

static void the_fields_of_a_package_are_told_apart(void **state)
{
	struct pst_package package;
	char text[400];

	(void)state;
	assert_int_equal(fields("acme\t1.2-3\tAcme Corp.\tJ <j@acme.example>\nnext\n", &package),
			 0);
	assert_string_equal(package.name, "acme");
	assert_string_equal(package.version, "1.2-3");
	assert_string_equal(package.origin, "Acme Corp.");
	assert_string_equal(package.maker, "J <j@acme.example>");
	assert_int_equal(fields("acme\t1\t\t\n", &package), 0);
	assert_string_equal(package.origin, "");
	memset(text, 'm', sizeof(text));
	memcpy(text, "acme\t1\t\t", 8);
	text[398] = '\n';
	text[399] = '\0';
	assert_int_equal(fields(text, &package), 0);
	assert_int_equal(strlen(package.maker), PST_PACKAGE_TEXT - 1);
}

static void a_broken_answer_changes_nothing(void **state)
{
	static const char *const wrong[] = {
		"",	      "acme\t1\tx\n", "acme\t1\tx\ty", "a b\t1\tx\ty\n", "acme\t\tx\ty\n",
		"\t1\tx\ty\n"
	};
	struct pst_package package = { .name = "kept" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(fields(wrong[i], &package), -EBADMSG);
		assert_string_equal(package.name, "kept");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_owner_of_the_path_is_found_among_others),
		cmocka_unit_test(several_owners_keep_their_order_and_architecture),
		cmocka_unit_test(a_diverted_path_names_who_took_its_place),
		cmocka_unit_test(a_file_moved_aside_names_where_it_was),
		cmocka_unit_test(what_an_administrator_put_there_is_no_packages),
		cmocka_unit_test(a_line_that_no_dpkg_prints_is_refused),
		cmocka_unit_test(names_and_versions_follow_policy_to_the_last_byte),
		cmocka_unit_test(only_paths_that_an_answer_can_give_back_are_asked),
		cmocka_unit_test(what_is_a_wildcard_to_dpkg_is_quoted),
		cmocka_unit_test(a_merged_folder_has_two_names),
		cmocka_unit_test(the_fields_of_a_package_are_told_apart),
		cmocka_unit_test(a_broken_answer_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
