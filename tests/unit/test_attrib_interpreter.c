// SPDX-License-Identifier: Apache-2.0
/* Is the script found that an interpreter runs, and none where another thing is run? */
#include "build.h"

#include <stdio.h>

#include "attrib/interpreter.h"

#define WORDS_MAX 1024

struct run {
	const char *path;
	const char *args; /* words parted by '|' */
	const char *script;
};

/* argv in memory of its own size: what reads beyond it is seen. */
static size_t make_args(const char *text, char *out)
{
	size_t len = strlen(text) + 1;

	assert_true(len <= WORDS_MAX);
	memcpy(out, text, len);
	for (size_t i = 0; i < len; i++)
		out[i] = out[i] == '|' ? '\0' : out[i];
	return len;
}

static void check(const struct run *run)
{
	char words[WORDS_MAX];
	size_t len = make_args(run->args, words);
	uint8_t *args = test_malloc(len);
	struct pst_span script;

	memcpy(args, words, len);
	script = pst_interpreter_script(run->path, (struct pst_span){ .data = args, .len = len });
	if (script.len != strlen(run->script) ||
	    memcmp(script.data ? script.data : args, run->script, script.len) != 0)
		fail_msg("%s %s: '%.*s' is not '%s'", run->path, run->args, (int)script.len,
			 (const char *)script.data, run->script);
	test_free(args);
}

#define CHECK_ALL(runs)                                               \
	for (size_t i = 0; i < sizeof(runs) / sizeof((runs)[0]); i++) \
	check(&(runs)[i])

static void each_interpreter_names_its_script(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/python3", "python3|/opt/a.py", "/opt/a.py" },
		{ "/usr/bin/python3.11", "python3|/opt/a.py|--flag", "/opt/a.py" },
		{ "/usr/bin/perl", "perl|/opt/a.pl", "/opt/a.pl" },
		{ "/usr/bin/ruby3.1", "ruby|/opt/a.rb", "/opt/a.rb" },
		{ "/usr/bin/php8.2", "php|/opt/a.php", "/opt/a.php" },
		{ "/usr/bin/node", "node|/opt/a.js", "/opt/a.js" },
		{ "/usr/bin/nodejs", "node|/opt/a.js", "/opt/a.js" },
		{ "/usr/bin/dash", "sh|/opt/a.sh", "/opt/a.sh" },
		{ "/usr/bin/bash", "bash|/opt/a.sh", "/opt/a.sh" },
		{ "/bin/sh", "sh|/opt/a.sh", "/opt/a.sh" },
		{ "/usr/bin/ksh93", "ksh|/opt/a.sh", "/opt/a.sh" },
		{ "/usr/bin/mksh", "ksh|/opt/a.sh", "/opt/a.sh" },
		{ "/usr/lib/dotnet/dotnet", "dotnet|/opt/a.dll", "/opt/a.dll" },
		{ "/usr/bin/dotnet", "dotnet|exec|/opt/a.dll", "/opt/a.dll" },
		{ "/usr/lib/jvm/j/bin/java", "java|-jar|/opt/a.jar", "/opt/a.jar" },
		{ "/usr/lib/jvm/j/bin/java", "java|-cp|/opt/a.jar|Main", "/opt/a.jar" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void options_that_bring_no_code_are_passed_over(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/python3", "python3|-u|/opt/a.py", "/opt/a.py" },
		{ "/usr/bin/python3", "python3|-uBE|-W|ignore|/opt/a.py", "/opt/a.py" },
		{ "/usr/bin/python3", "python3|-Wignore|-X|dev|/opt/a.py", "/opt/a.py" },
		{ "/usr/bin/python3", "python3|-uW|ignore|--|/opt/a.py", "/opt/a.py" },
		{ "/usr/bin/python3", "python3|--check-hash-based-pycs|never|/opt/a.py",
		  "/opt/a.py" },
		{ "/usr/bin/perl", "perl|-wT|-0777|-l012p|/opt/a.pl", "/opt/a.pl" },
		{ "/usr/bin/ruby", "ruby|-W0|--disable=gems|/opt/a.rb", "/opt/a.rb" },
		{ "/usr/bin/php", "php|-q|-d|memory_limit=1G|-f|/opt/a.php|x", "/opt/a.php" },
		{ "/usr/bin/php", "php|-dmemory_limit=-1|/opt/a.php", "/opt/a.php" },
		{ "/usr/bin/node", "node|--max-old-space-size=4096|--no-warnings|/opt/a.js",
		  "/opt/a.js" },
		{ "/usr/bin/bash", "bash|-euo|pipefail|-x|+e|/opt/a.sh", "/opt/a.sh" },
		{ "/usr/bin/bash", "bash|--posix|-O|extglob|--|/opt/a.sh", "/opt/a.sh" },
		{ "/usr/bin/java",
		  "java|-Xmx1g|-XX:+UseG1GC|-Dx=/tmp/y|-jar|-server|/opt/a.jar|-cp|/tmp/b.jar",
		  "/opt/a.jar" },
		{ "/usr/bin/java", "java|--add-opens|java.base/x=ALL|-jar|/opt/a.jar",
		  "/opt/a.jar" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void code_modules_and_standard_input_are_the_interpreters(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/python3", "python3|-c|CODE|/opt/a.py", "" },
		{ "/usr/bin/python3", "python3|-cCODE|/opt/a.py", "" },
		{ "/usr/bin/python3", "python3|-uc|CODE|/opt/a.py", "" },
		{ "/usr/bin/python3", "python3|-m|http.server|/opt/a.py", "" },
		{ "/usr/bin/python3", "python3|-um|x|/opt/a.py", "" },
		{ "/usr/bin/python3", "python3|-i|/opt/a.py", "" },
		{ "/usr/bin/python3", "python3|-|/opt/a.py", "" },
		{ "/usr/bin/python3", "python3", "" },
		{ "/usr/bin/perl", "perl|-e|CODE|/opt/a.pl", "" },
		{ "/usr/bin/perl", "perl|-lane|CODE|/opt/a.pl", "" },
		{ "/usr/bin/perl", "perl|-E|CODE|/opt/a.pl", "" },
		{ "/usr/bin/perl", "perl|-0777e|CODE|/opt/a.pl", "" },
		{ "/usr/bin/ruby", "ruby|-e|CODE|/opt/a.rb", "" },
		{ "/usr/bin/php", "php|-r|CODE|/opt/a.php", "" },
		{ "/usr/bin/php", "php|--|/opt/a.php", "" },
		{ "/usr/bin/php", "php|-S|0.0.0.0:80|/opt/a.php", "" },
		{ "/usr/bin/node", "node|-e|CODE|/opt/a.js", "" },
		{ "/usr/bin/node", "node|--eval=CODE|/opt/a.js", "" },
		{ "/usr/bin/node", "node|-p|CODE|/opt/a.js", "" },
		{ "/usr/bin/bash", "bash|-c|CODE|/opt/a.sh", "" },
		{ "/usr/bin/bash", "bash|-ec|CODE|/opt/a.sh", "" },
		{ "/usr/bin/bash", "bash|-s|/opt/a.sh", "" },
		{ "/usr/bin/bash", "bash|+c|CODE|/opt/a.sh", "" },
		{ "/usr/bin/dotnet", "dotnet|run|/opt/a.dll", "" },
		{ "/usr/bin/dotnet", "dotnet|/opt/a.txt|/opt/a.dll", "" },
		{ "/usr/bin/java", "java|Main|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|-m|mod/Main|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|-cp|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|-cp|/opt/a.jar|/tmp/Evil.java", "" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void options_that_bring_other_code_leave_the_interpreter(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/perl", "perl|-I|/tmp|/opt/a.pl", "" },
		{ "/usr/bin/perl", "perl|-MEvil|/opt/a.pl", "" },
		{ "/usr/bin/perl", "perl|-d:Evil|/opt/a.pl", "" },
		{ "/usr/bin/ruby", "ruby|-r|/tmp/e.rb|/opt/a.rb", "" },
		{ "/usr/bin/ruby", "ruby|-C|/tmp|/opt/a.rb", "" },
		{ "/usr/bin/php", "php|-d|auto_prepend_file=/tmp/e.php|/opt/a.php", "" },
		{ "/usr/bin/php", "php|-c|/tmp|/opt/a.php", "" },
		{ "/usr/bin/node", "node|-r|/tmp/e.js|/opt/a.js", "" },
		{ "/usr/bin/node", "node|--require=/tmp/e.js|/opt/a.js", "" },
		{ "/usr/bin/node", "node|--inspect|/opt/a.js", "" },
		{ "/usr/bin/bash", "bash|-l|/opt/a.sh", "" },
		{ "/usr/bin/bash", "bash|--rcfile|/tmp/e|-i|/opt/a.sh", "" },
		{ "/usr/bin/java", "java|-javaagent:/tmp/e.jar|-jar|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|-agentpath:/tmp/e.so|-jar|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|-Xbootclasspath/a:/tmp/e.jar|-jar|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|-Djava.library.path=/tmp|-jar|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|-XX:OnError=/tmp/e|-jar|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|@/tmp/words|-jar|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|--add-opens|@/tmp/words|-cp|/opt/a.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp|@/tmp/words|-jar|/opt/a.jar", "" },
		{ "/usr/bin/java", "java|-Dsun.boot.library.path=/tmp|-jar|/opt/a.jar", "" },
		{ "/usr/bin/python3", "python3|-X|pycache_prefix=/tmp|/opt/a.py", "" },
		{ "/usr/bin/python3", "python3|-Xpresite=e|/opt/a.py", "" },
		{ "/usr/bin/php", "php|-d|log_errors=1\nauto_prepend_file=/e|/opt/a.php", "" },
		{ "/usr/bin/mksh", "mksh|-T|/opt/a.sh|/tmp/e.sh", "" },
		{ "/usr/bin/dotnet", "dotnet|exec|--depsfile|/tmp/e|/opt/a.dll", "" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void only_a_plain_name_is_a_scripts_place(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/python3", "python3|/opt/../a.py", "" },
		{ "/usr/bin/python3", "python3|/opt/", "" },
		{ "/usr/bin/python3", "python3|", "" },
		{ "/usr/bin/python3", "python3||/opt/a.py", "" },
		{ "/usr/bin/bash", "bash|/dev/fd/3", "" },
		{ "/usr/bin/bash", "bash|/proc/self/fd/3", "" },
		{ "/usr/bin/bash", "bash|/devel/a", "/devel/a" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void a_relative_name_is_one_of_the_working_directory(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/python3", "python3|a.py|/opt/b.py", "a.py" },
		{ "/usr/bin/python3", "python3|-u|./a.py", "a.py" },
		{ "/usr/bin/python3", "python3|././bin/a.py", "bin/a.py" },
		{ "/usr/bin/node", "node|server.js", "server.js" },
		{ "/usr/lib/dotnet/dotnet", "dotnet|app.dll", "app.dll" },
		{ "/usr/bin/java", "java|-jar|app.jar", "app.jar" },
		{ "/usr/bin/java", "java|-cp|lib/a.jar:./lib/b.jar|Main", "lib/a.jar" },
		{ "/usr/bin/java", "java|-cp|a.jar:b.jar|Main", "a.jar" },
		{ "/usr/bin/bash", "bash|./a.sh", "a.sh" },
		{ "/usr/bin/bash", "bash|bin/a.sh", "bin/a.sh" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void a_relative_name_that_may_lead_elsewhere_tells_nothing(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/python3", "python3|../a.py", "" },
		{ "/usr/bin/python3", "python3|bin/../a.py", "" },
		{ "/usr/bin/python3", "python3|./../a.py", "" },
		{ "/usr/bin/python3", "python3|..", "" },
		{ "/usr/bin/python3", "python3|.", "" },
		{ "/usr/bin/python3", "python3|./", "" },
		{ "/usr/bin/python3", "python3|.//etc/a.py", "" },
		{ "/usr/bin/python3", "python3|bin//a.py", "" },
		{ "/usr/bin/python3", "python3|bin/", "" },
		{ "/usr/bin/bash", "bash|a.sh", "" }, /* perhaps of a folder of PATH */
		{ "/usr/bin/dash", "sh|a.sh", "" },
		{ "/usr/bin/ksh93", "ksh|a.sh", "" },
		{ "/usr/bin/java", "java|-cp|lib/a.jar:b.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp|a.jar:/b.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp|/a.jar:b.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp|lib/a.jar:../lib/b.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp|.|Main", "" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void a_class_path_of_two_folders_tells_nothing(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/java", "java|-cp|/opt/l/a.jar:/opt/l/b.jar|Main", "/opt/l/a.jar" },
		{ "/usr/bin/java", "java|--class-path=/opt/l/*|Main", "/opt/l/*" },
		{ "/usr/bin/java", "java|-classpath|/opt/l/a.jar:/tmp/b.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp|/opt/l/a.jar:/opt/lx/b.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp|/opt/l/a.jar:b.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp|/opt/l/a.jar:|Main", "" },
		{ "/usr/bin/java", "java|-cp|:/opt/l/a.jar|Main", "" },
		{ "/usr/bin/java", "java|-cp||Main", "" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void what_is_called_otherwise_is_no_interpreter(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/pythonx", "python3|/opt/a.py", "" },
		{ "/usr/bin/javac", "java|-jar|/opt/a.jar", "" },
		{ "/usr/bin/cat", "python3|/opt/a.py", "" },
		{ "", "python3|/opt/a.py", "" },
	};

	(void)state;
	CHECK_ALL(runs);
}

static void a_word_that_was_cut_is_none(void **state)
{
	static const char words[] = "python3\0/opt/acme.py";
	uint8_t *args = test_malloc(sizeof(words));

	(void)state;
	memcpy(args, words, sizeof(words));
	for (size_t len = 0; len < sizeof(words); len++)
		assert_int_equal(pst_interpreter_script("/usr/bin/python3",
							(struct pst_span){ args, len })
					 .len,
				 0);
	assert_int_equal(pst_interpreter_script("/usr/bin/python3",
						(struct pst_span){ args, sizeof(words) })
				 .len,
			 12);
	test_free(args);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_interpreter_names_its_script),
		cmocka_unit_test(options_that_bring_no_code_are_passed_over),
		cmocka_unit_test(code_modules_and_standard_input_are_the_interpreters),
		cmocka_unit_test(options_that_bring_other_code_leave_the_interpreter),
		cmocka_unit_test(only_a_plain_name_is_a_scripts_place),
		cmocka_unit_test(a_relative_name_is_one_of_the_working_directory),
		cmocka_unit_test(a_relative_name_that_may_lead_elsewhere_tells_nothing),
		cmocka_unit_test(a_class_path_of_two_folders_tells_nothing),
		cmocka_unit_test(what_is_called_otherwise_is_no_interpreter),
		cmocka_unit_test(a_word_that_was_cut_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
