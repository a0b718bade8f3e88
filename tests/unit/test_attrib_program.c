// SPDX-License-Identifier: Apache-2.0
/* Are programs told apart, and is vendor software known as such? */
#include "build.h"

#include "attrib/attrib.h"

static const char *const vendor_paths[] = { "/opt/", "/dev/shm/", NULL };
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

static struct pst_event exec_of(uint32_t tgid, const char *path)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, tgid, 100 + tgid);

	return build_exec(&birth, 1000 + tgid, path);
}

static const struct pst_image *image_of(void *attrib, const struct pst_event *event)
{
	return pst_attrib_see(attrib, event)->image;
}

static const struct pst_program *program_of(void *attrib, const struct pst_event *event)
{
	return image_of(attrib, event)->program;
}

static void two_processes_of_one_file_share_a_program(void **state)
{
	struct pst_event a = exec_of(10, "/opt/acme/agent"), b = exec_of(11, "/opt/acme/agent");
	const struct pst_program *program = program_of(*state, &a);

	assert_ptr_equal(program_of(*state, &b), program);
	assert_int_equal(program->refs, 2);
	assert_int_equal(program->number, 1);
	assert_int_equal(program->first_exec_ns, 1010);
}

static void another_inode_below_the_same_path_is_another_program(void **state)
{
	struct pst_event a = exec_of(10, "/opt/acme/agent"), b = exec_of(11, "/opt/acme/agent");

	b.exec.inode = a.exec.inode + 1;
	assert_int_equal(program_of(*state, &a)->number, 1);
	assert_int_equal(program_of(*state, &b)->number, 2);
}

static void vendor_software_lies_below_a_vendor_path(void **state)
{
	struct pst_event inside = exec_of(10, "/opt/a"), beside = exec_of(11, "/optional/a"),
			 own = exec_of(12, "/usr/bin/a");

	assert_true(program_of(*state, &inside)->vendor);
	assert_false(program_of(*state, &beside)->vendor);
	assert_false(program_of(*state, &own)->vendor);
}

static void memory_files_and_nameless_files_are_vendor_software(void **state)
{
	struct pst_event memory = exec_of(10, "/memfd:x"), nameless = exec_of(11, "/usr/bin/a");

	memory.exec.memfd = true;
	nameless.exec.deleted = true;
	assert_true(program_of(*state, &memory)->vendor);
	assert_true(program_of(*state, &nameless)->vendor);
}

static void a_file_that_an_upgrade_replaced_before_us_is_not_vendor_software(void **state)
{
	struct pst_event daemon = build_before(10, 100, "/usr/sbin/sshd");

	daemon.exec.deleted = true;
	assert_false(program_of(*state, &daemon)->vendor);
	assert_true(program_of(*state, &daemon)->ran_before_us);
}

static void a_path_too_deep_to_be_read_is_vendor_software(void **state)
{
	struct pst_event deep = exec_of(10, "/a/b");

	deep.exec.path_cut = true;
	assert_true(program_of(*state, &deep)->vendor);
}

static const struct pst_program *program_in_root(void *attrib, uint64_t root_dev, uint32_t mntns)
{
	struct pst_event host = build_event(PST_EVENT_HOST, 0, 0);
	struct pst_event exec = exec_of(10, "/usr/bin/a");

	host.host.root_dev = 5;
	host.host.init_mntns = 1;
	exec.exec.root_dev = root_dev;
	exec.task.mntns = mntns;
	assert_null(pst_attrib_see(attrib, &host));
	return program_of(attrib, &exec);
}

static void a_containers_path_is_not_the_hosts(void **state)
{
	assert_true(program_in_root(*state, 6, 2)->foreign_root);
}

static void a_private_mount_namespace_on_the_hosts_root_is_not_foreign(void **state)
{
	assert_false(program_in_root(*state, 5, 2)->foreign_root);
}

static void another_device_in_the_hosts_namespace_is_not_foreign(void **state)
{
	assert_false(program_in_root(*state, 6, 1)->foreign_root);
}

static void an_unknown_root_is_not_foreign(void **state)
{
	assert_false(program_in_root(*state, 0, 2)->foreign_root);
}

static void assert_unit(void *attrib, const char *cgroup, const char *unit)
{
	static uint32_t tgid = 100;
	struct pst_event exec = exec_of(++tgid, "/bin/a");

	exec.exec.cgroup = cgroup;
	assert_string_equal(image_of(attrib, &exec)->unit, unit);
}

static void the_unit_is_the_first_service_or_scope_of_the_cgroup(void **state)
{
	assert_unit(*state, "/system.slice/acme.service", "acme.service");
	assert_unit(*state, "/user.slice/user-0.slice/session-3.scope", "session-3.scope");
	assert_unit(*state, "/system.slice/acme.service/worker", "acme.service");
	assert_unit(*state, "/system.slice/acme.service/evil.service", "acme.service");
	assert_unit(*state, "/system.slice/acme.service/a/evil.scope/b", "acme.service");
	assert_unit(*state, "/system.slice", "");
	assert_unit(*state, "/", "");
	assert_unit(*state, "/a/.service", "");
}

static void below_a_user_manager_the_next_unit_counts(void **state)
{
	assert_unit(*state, "/user.slice/user-1000.slice/user@1000.service/app.slice/x.service",
		    "x.service");
	assert_unit(*state, "/user@1000.service/app.slice/x.service/evil.service", "x.service");
	assert_unit(*state, "/user@1000.service/app.slice", "user@1000.service");
	assert_unit(*state, "/user@1000.service/user@7.service/x.service", "user@7.service");
}

static void only_a_user_manager_passes_the_name_on(void **state)
{
	assert_unit(*state, "/acme.service/user@7.service/x.service", "acme.service");
	assert_unit(*state, "/user@.service/x.service", "user@.service");
	assert_unit(*state, "/user@7a.service/x.service", "user@7a.service");
	assert_unit(*state, "/user@7.scope/x.service", "user@7.scope");
	assert_unit(*state, "/xuser@7.service/x.service", "xuser@7.service");
}

static void a_cgroup_that_was_cut_names_the_unit_of_the_caller(void **state)
{
	struct pst_event agent = exec_of(10, "/opt/acme/agent");
	struct pst_event deep = build_exec(&agent, 2000, "/bin/sh"), top = exec_of(11, "/bin/sh");

	deep.exec.cgroup = "/evil.service/a/b";
	deep.exec.cgroup_cut = true;
	top.exec.cgroup = "/evil.service/a/b";
	top.exec.cgroup_cut = true;
	assert_string_equal(image_of(*state, &agent)->unit, "acme.service");
	assert_string_equal(image_of(*state, &deep)->unit, "acme.service");
	assert_string_equal(image_of(*state, &deep)->cgroup, "");
	assert_string_equal(image_of(*state, &top)->unit, "");
}

static struct pst_event script_of(uint32_t tgid, const char *file)
{
	struct pst_event exec = exec_of(tgid, "/usr/bin/python3");

	exec.exec.script = true;
	exec.exec.file = (struct pst_span){ .data = (const uint8_t *)file, .len = strlen(file) };
	return exec;
}

static void a_script_is_a_program_with_an_interpreter(void **state)
{
	struct pst_event a = script_of(10, "/srv/a.py"), b = script_of(11, "/srv/b.py"),
			 again = script_of(12, "/srv/a.py"),
			 plain = exec_of(13, "/usr/bin/python3");
	const struct pst_program *program = program_of(*state, &a);

	assert_string_equal(program->path, "/srv/a.py");
	assert_string_equal(program->interpreter, "/usr/bin/python3");
	assert_string_equal(pst_program_name(program), "a.py");
	assert_false(program->vendor);
	assert_ptr_equal(program_of(*state, &again), program);
	assert_ptr_not_equal(program_of(*state, &b), program);
	assert_string_equal(program_of(*state, &plain)->path, "/usr/bin/python3");
	assert_null(program_of(*state, &plain)->interpreter);
}

static void assert_interpreter_remains(void *attrib, const struct pst_event *exec)
{
	const struct pst_program *program = program_of(attrib, exec);

	assert_string_equal(program->path, "/usr/bin/python3");
	assert_null(program->interpreter);
}

static void a_script_whose_name_is_not_its_place_leaves_the_interpreter(void **state)
{
	static const char *const names[] = { "a.py",	"./a.py", "../a.py",	"/opt/../a.py",
					     "/opt/..", "/./a",	  "/opt/./a",	"/opt/.",
					     "/opt//a", "//a",	  "/opt/a.py/", "/",
					     "" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct pst_event exec = script_of((uint32_t)(10 + i), names[i]);

		assert_interpreter_remains(*state, &exec);
	}
}

static void dots_within_a_name_are_letters(void **state)
{
	static const char *const names[] = { "/srv/.a", "/srv/..a", "/srv/...", "/srv/a..", "/a" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct pst_event exec = script_of((uint32_t)(10 + i), names[i]);

		assert_string_equal(program_of(*state, &exec)->path, names[i]);
	}
}

static void a_script_that_cannot_be_named_leaves_the_interpreter(void **state)
{
	struct pst_event cut = script_of(10, "/srv/a.py"), memory = script_of(11, "/dev/fd/3"),
			 nul = script_of(12, "/srv/a.py"), none = script_of(13, "/srv/a.py");

	cut.exec.file_cut = true;
	assert_interpreter_remains(*state, &cut);
	memory.exec.memfd = true;
	assert_interpreter_remains(*state, &memory);
	nul.exec.file = (struct pst_span){ .data = (const uint8_t *)"/a\0b", .len = 4 };
	assert_interpreter_remains(*state, &nul);
	none.exec.script = false;
	assert_interpreter_remains(*state, &none);
}

static void a_script_below_a_vendor_path_is_vendor_software(void **state)
{
	struct pst_event inside = script_of(10, "/opt/acme/a.py"),
			 outside = script_of(11, "/usr/bin/a.py");

	assert_true(program_of(*state, &inside)->vendor);
	assert_false(program_of(*state, &outside)->vendor);
}

static void an_exec_without_a_path_is_the_unknown_program(void **state)
{
	struct pst_event exec = exec_of(10, "/");

	assert_string_equal(program_of(*state, &exec)->path, "");
	assert_int_equal(program_of(*state, &exec)->number, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(two_processes_of_one_file_share_a_program),
		CASE(another_inode_below_the_same_path_is_another_program),
		CASE(vendor_software_lies_below_a_vendor_path),
		CASE(memory_files_and_nameless_files_are_vendor_software),
		CASE(a_file_that_an_upgrade_replaced_before_us_is_not_vendor_software),
		CASE(a_path_too_deep_to_be_read_is_vendor_software),
		CASE(a_containers_path_is_not_the_hosts),
		CASE(a_private_mount_namespace_on_the_hosts_root_is_not_foreign),
		CASE(another_device_in_the_hosts_namespace_is_not_foreign),
		CASE(an_unknown_root_is_not_foreign),
		CASE(the_unit_is_the_first_service_or_scope_of_the_cgroup),
		CASE(below_a_user_manager_the_next_unit_counts),
		CASE(only_a_user_manager_passes_the_name_on),
		CASE(a_cgroup_that_was_cut_names_the_unit_of_the_caller),
		CASE(a_script_is_a_program_with_an_interpreter),
		CASE(a_script_whose_name_is_not_its_place_leaves_the_interpreter),
		CASE(dots_within_a_name_are_letters),
		CASE(a_script_that_cannot_be_named_leaves_the_interpreter),
		CASE(a_script_below_a_vendor_path_is_vendor_software),
		CASE(an_exec_without_a_path_is_the_unknown_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
