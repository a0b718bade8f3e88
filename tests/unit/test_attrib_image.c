// SPDX-License-Identifier: Apache-2.0
/* Is what was told of an image kept, and does the right one make room? */
#include "build.h"

#include "attrib/attrib.h"

static const char *const vendor_paths[] = { "/opt/", NULL };
static const struct pst_attrib_keys keys = { .max_processes = 64,
					     .max_images = 64,
					     .vendor_paths = vendor_paths };

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

static void what_the_kernel_told_of_an_image_is_kept(void **state)
{
	static const uint8_t args[] = "sh\0-c\0id";
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event exec = build_exec(&birth, 200, "/bin/sh");
	const struct pst_image *image;

	exec.task.uid = 33;
	exec.exec.args = (struct pst_span){ .data = args, .len = sizeof(args) };
	exec.exec.args_cut = true;
	exec.exec.stdio_mask = 1;
	exec.exec.stdio[0].cookie = 4;
	exec.exec.login_uid = 1000;
	exec.exec.session_id = 3;
	image = pst_attrib_see(*state, &exec)->image;
	assert_int_equal(image->args_len, sizeof(args));
	assert_memory_equal(image->args, args, sizeof(args));
	assert_true(image->args_cut);
	assert_int_equal(image->uid, 33);
	assert_int_equal(image->login_uid, 1000);
	assert_int_equal(image->session_id, 3);
	assert_int_equal(image->stdio_mask, 1);
	assert_int_equal(image->stdio[0].cookie, 4);
}

/* A row of living processes, each forked and executed by the one before; @path of each. */
static struct pst_event row(void *attrib, struct pst_event parent, uint32_t count, const char *path)
{
	uint32_t first = parent.task.proc.tgid + 1;

	for (uint32_t i = 0; i < count; i++) {
		struct pst_event fork = build_fork(&parent, first + i, parent.time_ns + 10);

		pst_attrib_see(attrib, &fork);
		parent = build_exec(&fork, parent.time_ns + 15, path);
		pst_attrib_see(attrib, &parent);
	}
	return parent;
}

static size_t images(void *attrib)
{
	struct pst_attrib_figures out;

	pst_attrib_figures(attrib, &out);
	return out.images;
}

static struct pst_event first_agent(void)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);

	return build_exec(&birth, 200, "/opt/acme/agent");
}

static void the_binder_of_living_images_stays_while_anything_else_can_go(void **state)
{
	struct pst_event agent = first_agent();
	struct pst_image *binder = pst_attrib_see(*state, &agent)->image;
	const struct pst_image *last;
	struct pst_event end;

	binder->binder = binder;
	end = row(*state, agent, 300, "/opt/acme/worker");
	assert_true(images(*state) <= 64);
	last = pst_attrib_find(*state, &end.task.proc)->image;
	while (last->prev)
		last = last->prev;
	assert_string_equal(last->program->path, "/opt/acme/agent");
	assert_ptr_equal(last->binder, last);
}

static void vendor_software_stays_while_system_programs_can_go(void **state)
{
	struct pst_event agent = first_agent(), end;

	pst_attrib_see(*state, &agent);
	end = row(*state, agent, 300, "/bin/sh");
	assert_true(images(*state) <= 64);
	assert_non_null(pst_attrib_subject(pst_attrib_find(*state, &end.task.proc)->image));
}

static void what_was_bound_by_an_image_that_is_forced_out_is_judged_again(void **state)
{
	struct pst_event agent = first_agent(), shell, end;
	struct pst_image *leaf;

	pst_attrib_see(*state, &agent);
	shell = row(*state, agent, 1, "/bin/sh");
	end = row(*state, shell, 1, "/opt/acme/worker");
	leaf = pst_attrib_find(*state, &end.task.proc)->image;
	leaf->binder = leaf->prev; /* it does not bind itself: no set says so any more */
	leaf->contract = 0;
	leaf->contract_generation = 1;
	(void)row(*state, end, 62, "/opt/acme/worker"); /* two too many: init and the shell go */
	assert_string_equal(leaf->prev->program->path, "/opt/acme/agent");
	assert_null(leaf->binder);
	assert_int_equal(leaf->contract, -1);
	assert_int_equal(leaf->contract_generation, 0);
}

/* Each look for who goes walks the whole table: that is not done for each image of a flood. */
static void of_a_large_table_many_are_forced_out_at_once(void **state)
{
	const struct pst_attrib_keys large = { .max_processes = 2048,
					       .max_images = 1024,
					       .vendor_paths = vendor_paths };
	struct pst_attrib *attrib = pst_attrib_new(&large);
	struct pst_event agent = first_agent(), end;
	struct pst_image *binder = pst_attrib_see(attrib, &agent)->image;
	const struct pst_image *at;
	size_t length = 1;

	(void)state;
	binder->binder = binder;
	end = row(attrib, agent, 1023, "/opt/acme/worker");
	assert_int_equal(images(attrib), 1024);
	at = pst_attrib_find(attrib, &end.task.proc)->image;
	end = row(attrib, end, 1, "/opt/acme/worker");
	assert_int_equal(images(attrib), 1024 - 1024 / 128); /* nine went, one came */
	assert_ptr_equal(pst_attrib_find(attrib, &end.task.proc)->image->prev, at);
	end = row(attrib, end, 1022, "/opt/acme/worker"); /* all of the first row go */
	for (at = pst_attrib_find(attrib, &end.task.proc)->image; at->prev; at = at->prev)
		length++;
	assert_int_equal(length, images(attrib)); /* nobody lost what stands above him */
	assert_ptr_equal(at, binder);
	assert_string_equal(at->program->path, "/opt/acme/agent");
	pst_attrib_free(attrib);
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void the_container_of_an_image_is_kept(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event exec = build_exec(&birth, 200, "/app/server");
	struct pst_image *image;

	exec.exec.cgroup = "/system.slice/docker-" ID ".scope";
	image = pst_attrib_see(*state, &exec)->image;
	assert_string_equal(image->container_id, ID);
	assert_string_equal(image->runtime, "docker");
	exec = build_exec(&exec, 300, "/app/worker");
	exec.exec.cgroup = "/of/its/own/making";
	exec.exec.cgroup_cut = true; /* it stays where its caller was */
	image = pst_attrib_see(*state, &exec)->image;
	assert_string_equal(image->container_id, ID);
	assert_string_equal(image->runtime, "docker");
	exec = build_exec(&exec, 400, "/app/left");
	image = pst_attrib_see(*state, &exec)->image;
	assert_string_equal(image->container_id, "");
	assert_null(image->runtime);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_the_kernel_told_of_an_image_is_kept),
		CASE(the_container_of_an_image_is_kept),
		CASE(the_binder_of_living_images_stays_while_anything_else_can_go),
		CASE(vendor_software_stays_while_system_programs_can_go),
		CASE(what_was_bound_by_an_image_that_is_forced_out_is_judged_again),
		CASE(of_a_large_table_many_are_forced_out_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
