// SPDX-License-Identifier: Apache-2.0
/* Is the script found that an interpreter runs, and none where another thing is run? */
#include "build.h"

#include <stdio.h>

#include "attrib/attrib.h"
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

static void only_a_plain_absolute_name_is_a_scripts_place(void **state)
{
	static const struct run runs[] = {
		{ "/usr/bin/python3", "python3|a.py", "" },
		{ "/usr/bin/python3", "python3|./a.py|/opt/a.py", "" },
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

/* ---- in the table of programs ---- */

static const char *const vendor_paths[] = { "/opt/", "/usr/local/", "/tmp/", NULL };
static const struct pst_attrib_keys keys = { .vendor_paths = vendor_paths };

static int set_up(void **state)
{
	*state = pst_attrib_new(&keys);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	pst_attrib_free(*state);
	return 0;
}

static const uint8_t argv[] = "python3\0/opt/acme/x.py";

static struct pst_event exec_of(uint32_t tgid, const char *path)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, tgid, 100 + tgid);
	struct pst_event exec = build_exec(&birth, 1000 + tgid, path);

	exec.exec.args = (struct pst_span){ .data = argv, .len = sizeof(argv) };
	return exec;
}

static const char *path_of(void *attrib, const struct pst_event *exec)
{
	return pst_attrib_see(attrib, exec)->image->program->path;
}

static void a_script_that_is_an_argument_is_the_program(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/python3");
	const struct pst_program *program = pst_attrib_see(*state, &exec)->image->program;

	assert_string_equal(program->path, "/opt/acme/x.py");
	assert_string_equal(program->interpreter, "/usr/bin/python3");
	assert_string_equal(pst_program_executed(program), "/usr/bin/python3");
	assert_true(program->vendor);
}

static void what_only_calls_itself_an_interpreter_stays_what_it_is(void **state)
{
	static const char *const paths[] = { "/tmp/python3", "/usr/local/bin/python3",
					     "/data/jail/usr/bin/python3" };
	struct pst_event memory = exec_of(20, "/usr/bin/python3"),
			 nameless = exec_of(21, "/usr/bin/python3"),
			 foreign = exec_of(22, "/usr/bin/python3");

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct pst_event exec = exec_of((uint32_t)(10 + i), paths[i]);

		assert_string_equal(path_of(*state, &exec), paths[i]);
	}
	memory.exec.memfd = nameless.exec.deleted = foreign.exec.foreign = true;
	assert_string_equal(path_of(*state, &memory), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &nameless), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &foreign), "/usr/bin/python3");
}

/* With the mount namespace of the host's init known. */
static void know_host(void *attrib)
{
	struct pst_event host = build_event(PST_EVENT_HOST, 0, 0);

	host.host.init_mntns = 1;
	assert_null(pst_attrib_see(attrib, &host));
}

static void in_a_mount_namespace_of_its_own_an_argument_names_no_file(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/python3");

	know_host(*state);
	exec.task.mntns = 2;
	assert_string_equal(path_of(*state, &exec), "/usr/bin/python3");
}

static void the_namespace_that_systemd_prepares_is_trusted(void **state)
{
	struct pst_event init = build_before(1, 1, "/usr/lib/systemd/systemd"),
			 move = build_as(&init, PST_EVENT_ACT, 50),
			 fork = build_fork(&init, 10, 40), exec;

	know_host(*state);
	pst_attrib_see(*state, &init);
	pst_attrib_see(*state, &fork);
	move.act = (struct pst_act_seen){ .act = PST_MOVED,
					  .other = fork.task.proc,
					  .name = "acme.service" };
	pst_attrib_see(*state, &move);
	exec = build_exec(&fork, 60, "/usr/bin/python3");
	exec.exec.args = (struct pst_span){ .data = argv, .len = sizeof(argv) };
	exec.task.mntns = 2;
	assert_string_equal(path_of(*state, &exec), "/opt/acme/x.py");
}

static void a_service_older_than_us_keeps_its_name(void **state)
{
	struct pst_event service = build_before(10, 100, "/usr/bin/python3"),
			 other = build_before(11, 100, "/usr/bin/python3"),
			 session = build_before(12, 100, "/usr/bin/python3");

	know_host(*state);
	service.exec.args = other.exec.args = session.exec.args =
		(struct pst_span){ .data = argv, .len = sizeof(argv) };
	service.task.mntns = other.task.mntns = session.task.mntns = 2;
	other.task.parent = (struct pst_proc_id){ .start_ns = 50, .tgid = 5 };
	session.exec.cgroup = "/user.slice/session-3.scope";
	assert_string_equal(path_of(*state, &service), "/opt/acme/x.py");
	assert_string_equal(path_of(*state, &other), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &session), "/usr/bin/python3");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_interpreter_names_its_script),
		cmocka_unit_test(options_that_bring_no_code_are_passed_over),
		cmocka_unit_test(code_modules_and_standard_input_are_the_interpreters),
		cmocka_unit_test(options_that_bring_other_code_leave_the_interpreter),
		cmocka_unit_test(only_a_plain_absolute_name_is_a_scripts_place),
		cmocka_unit_test(a_class_path_of_two_folders_tells_nothing),
		cmocka_unit_test(what_is_called_otherwise_is_no_interpreter),
		cmocka_unit_test(a_word_that_was_cut_is_none),
		CASE(a_script_that_is_an_argument_is_the_program),
		CASE(what_only_calls_itself_an_interpreter_stays_what_it_is),
		CASE(in_a_mount_namespace_of_its_own_an_argument_names_no_file),
		CASE(the_namespace_that_systemd_prepares_is_trusted),
		CASE(a_service_older_than_us_keeps_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
