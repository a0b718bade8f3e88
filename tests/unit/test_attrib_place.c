// SPDX-License-Identifier: Apache-2.0
/* Does a program go by the path of its script, and by none that another file may have? */
#include "build.h"

#include "attrib/attrib.h"

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

/* ---- relative names ---- */

static struct pst_span span(const char *text)
{
	return (struct pst_span){ (const uint8_t *)text, strlen(text) };
}

/* python3 x.py, in /opt/acme */
static struct pst_event exec_relative(uint32_t tgid)
{
	static const uint8_t words[] = "python3\0./x.py";
	struct pst_event exec = exec_of(tgid, "/usr/bin/python3");

	exec.exec.args = (struct pst_span){ .data = words, .len = sizeof(words) };
	exec.exec.cwd = "/opt/acme";
	return exec;
}

/* ./run.sh, in /opt/acme */
static struct pst_event exec_script(uint32_t tgid)
{
	struct pst_event exec = exec_of(tgid, "/usr/bin/dash");

	exec.exec.args = span("");
	exec.exec.file = span("./run.sh");
	exec.exec.script = true;
	exec.exec.cwd = "/opt/acme";
	return exec;
}

static void a_relative_script_is_one_of_the_working_directory(void **state)
{
	struct pst_event argument = exec_relative(10), file = exec_script(11),
			 in_root = exec_relative(12);

	assert_string_equal(path_of(*state, &argument), "/opt/acme/x.py");
	assert_string_equal(path_of(*state, &file), "/opt/acme/run.sh");
	in_root.exec.cwd = "/";
	assert_string_equal(path_of(*state, &in_root), "/x.py");
}

/* One that was given by its whole name is the same program. */
static void however_it_was_named_it_is_one_program(void **state)
{
	struct pst_event relative = exec_relative(10), whole = exec_of(11, "/usr/bin/python3");
	const struct pst_program *program = pst_attrib_see(*state, &relative)->image->program;

	assert_ptr_equal(pst_attrib_see(*state, &whole)->image->program, program);
}

static void without_a_working_directory_the_interpreter_stays(void **state)
{
	struct pst_event argument = exec_relative(10), file = exec_script(11);

	argument.exec.cwd = file.exec.cwd = NULL;
	assert_string_equal(path_of(*state, &argument), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &file), "/usr/bin/dash");
}

static void what_leads_up_stays_the_interpreter(void **state)
{
	static const char *const names[] = { "../run.sh", "bin/../run.sh", "./", "" };

	for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct pst_event file = exec_script(10 + i);

		file.exec.file = span(names[i]);
		assert_string_equal(path_of(*state, &file), "/usr/bin/dash");
	}
}

static void a_working_directory_that_is_not_sure_names_nothing(void **state)
{
	struct pst_event cut = exec_relative(10), unsure = exec_relative(11),
			 jail = exec_relative(12), cut_file = exec_script(13),
			 unsure_file = exec_script(14), jail_file = exec_script(15);

	cut.exec.cwd_cut = cut_file.exec.cwd_cut = true;
	unsure.exec.cwd_unsure = unsure_file.exec.cwd_unsure = true;
	jail.exec.own_root = jail_file.exec.own_root = true;
	assert_string_equal(path_of(*state, &cut), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &unsure), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &jail), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &cut_file), "/usr/bin/dash");
	assert_string_equal(path_of(*state, &unsure_file), "/usr/bin/dash");
	assert_string_equal(path_of(*state, &jail_file), "/usr/bin/dash");
}

/* In a root folder of its own /opt/acme/x.py is another file, too. */
static void in_a_jail_no_argument_names_a_file(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/python3");

	exec.exec.own_root = true;
	assert_string_equal(path_of(*state, &exec), "/usr/bin/python3");
}

static void a_working_directory_on_another_root_is_not_the_hosts(void **state)
{
	struct pst_event host = build_event(PST_EVENT_HOST, 0, 0), exec = exec_script(10),
			 same = exec_script(11), own = exec_script(12);

	host.host.init_mntns = 1;
	host.host.root_dev = 5;
	pst_attrib_see(*state, &host);
	exec.task.mntns = same.task.mntns = 2;
	exec.exec.cwd_root_dev = own.exec.cwd_root_dev = 6;
	same.exec.cwd_root_dev = 5;
	assert_string_equal(path_of(*state, &exec), "/usr/bin/dash");
	assert_string_equal(path_of(*state, &same), "/opt/acme/run.sh");
	assert_string_equal(path_of(*state, &own), "/opt/acme/run.sh");
}

/* It was executed long ago: a daemon goes to / when it has started. */
static void a_late_look_at_a_daemon_tells_nothing(void **state)
{
	struct pst_event daemon = exec_relative(10), other = exec_relative(11);

	daemon.exec.cwd_late = other.exec.cwd_late = true;
	daemon.exec.cwd = "/";
	assert_string_equal(path_of(*state, &daemon), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &other), "/opt/acme/x.py");
}

static void what_devices_and_descriptors_hold_is_not_told_by_a_name(void **state)
{
	struct pst_event shm = exec_relative(10), descriptors = exec_relative(11);

	shm.exec.cwd = "/dev/shm";
	descriptors.exec.cwd = "/proc/7/fd";
	assert_string_equal(path_of(*state, &shm), "/usr/bin/python3");
	assert_string_equal(path_of(*state, &descriptors), "/usr/bin/python3");
}

static void a_path_that_is_too_long_is_none(void **state)
{
	char cwd[1001], name[3100] = "./", words[3110];
	struct pst_event exec = exec_script(10), argument = exec_relative(11);
	size_t len = 4095 - 1000 - 1; /* of the name: with its slash just a path's length */

	memset(cwd, 'd', sizeof(cwd) - 1);
	cwd[0] = '/';
	cwd[sizeof(cwd) - 1] = '\0';
	memset(name + 2, 'n', len + 1);
	exec.exec.cwd = argument.exec.cwd = cwd;
	exec.exec.file = (struct pst_span){ (const uint8_t *)name, 2 + len };
	assert_int_equal(strlen(path_of(*state, &exec)), 4095);
	memcpy(words, "python3", 8);
	memcpy(words + 8, name, 2 + len + 2);
	words[8 + 2 + len + 2] = '\0';
	argument.exec.args = (struct pst_span){ (const uint8_t *)words, 8 + 2 + len + 3 };
	assert_string_equal(path_of(*state, &argument), "/usr/bin/python3");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_script_that_is_an_argument_is_the_program),
		CASE(what_only_calls_itself_an_interpreter_stays_what_it_is),
		CASE(in_a_mount_namespace_of_its_own_an_argument_names_no_file),
		CASE(the_namespace_that_systemd_prepares_is_trusted),
		CASE(a_service_older_than_us_keeps_its_name),
		CASE(a_relative_script_is_one_of_the_working_directory),
		CASE(however_it_was_named_it_is_one_program),
		CASE(without_a_working_directory_the_interpreter_stays),
		CASE(what_leads_up_stays_the_interpreter),
		CASE(a_working_directory_that_is_not_sure_names_nothing),
		CASE(in_a_jail_no_argument_names_a_file),
		CASE(a_working_directory_on_another_root_is_not_the_hosts),
		CASE(a_late_look_at_a_daemon_tells_nothing),
		CASE(what_devices_and_descriptors_hold_is_not_told_by_a_name),
		CASE(a_path_that_is_too_long_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
