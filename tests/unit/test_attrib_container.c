// SPDX-License-Identifier: Apache-2.0
/* Which container does a cgroup name, and of which image is it said to be? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "attrib/tables.h"
#include "build.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define INNER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static void names(const char *cgroup, const char *runtime)
{
	struct pst_container found = pst_container_of(cgroup);

	assert_string_equal(found.id, runtime ? ID : "");
	if (runtime)
		assert_string_equal(found.runtime, runtime);
	else
		assert_null(found.runtime);
}

static void runtimes_name_cgroups_after_containers(void **state)
{
	(void)state;
	names("/system.slice/docker-" ID ".scope", "docker");
	names("/docker/" ID, "docker");
	names("/docker/" ID "/init.scope", "docker");
	names("/machine.slice/libpod-" ID ".scope/container", "podman");
	names("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope",
	      "podman");
	names("/libpod_parent/libpod-" ID, "podman");
	names("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/"
	      "cri-containerd-" ID ".scope",
	      "containerd");
	names("/kubepods/burstable/pod0a-1b/" ID, "containerd");
	names("/kubepods.slice/kubepods-pod1.slice/crio-" ID ".scope", "cri-o");
	names("/system.slice/nerdctl-" ID ".scope", "containerd");
	names("/default/" ID, "containerd");
}

static void the_outermost_container_counts(void **state)
{
	(void)state;
	names("/docker/" ID "/docker/" INNER, "docker");
	names("/system.slice/docker-" ID ".scope/libpod-" INNER ".scope", "docker");
}

static void what_only_looks_alike_is_none(void **state)
{
	(void)state;
	names("", NULL);
	names("/", NULL);
	names("/system.slice/docker.service", NULL);
	names("/system.slice/docker-0123.scope", NULL);
	names("/system.slice/docker-" ID "0.scope", NULL);
	names("/system.slice/docker-" ID ".scope2", NULL);
	names("/machine.slice/libpod-conmon-" ID ".scope", NULL);
	names("/machine.slice/crio-conmon-" ID ".scope", NULL);
	names("/system.slice/acme.service/" ID, NULL);
	names("/" ID "/docker/x", NULL);
	names("/docker/0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", NULL);
}

static struct pst_attrib *new_attrib(void)
{
	return pst_attrib_new(&(struct pst_attrib_keys){ .max_processes = 0 });
}

static struct pst_image *run_in(struct pst_attrib *attrib, uint32_t tgid, const char *cgroup)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, tgid, 100);
	struct pst_event exec = build_exec(&birth, 200, "/bin/agent");

	exec.exec.cgroup = cgroup;
	return pst_attrib_see(attrib, &exec)->image;
}

static void say(struct pst_attrib *attrib, const char *id, const char *name)
{
	struct pst_container_seen seen = { .runtime = "docker" };

	strcpy(seen.id, id);
	strcpy(seen.image, name);
	pst_attrib_container(attrib, &seen);
}

static void an_answer_names_what_runs_in_it_now_and_later(void **state)
{
	struct pst_attrib *attrib = new_attrib();
	struct pst_image *inside = run_in(attrib, 10, "/docker/" ID),
			 *other = run_in(attrib, 11, "/docker/" INNER),
			 *alike = run_in(attrib, 12, "/libpod_parent/libpod-" ID),
			 *outside = run_in(attrib, 13, "/system.slice/acme.service");

	(void)state;
	assert_null(inside->container_image);
	say(attrib, ID, "acme/agent:1.4");
	assert_string_equal(inside->container_image, "acme/agent:1.4");
	assert_null(other->container_image);
	assert_null(alike->container_image);
	assert_null(outside->container_image);
	assert_string_equal(run_in(attrib, 14, "/docker/" ID)->container_image, "acme/agent:1.4");
	say(attrib, ID, ""); /* takes none away */
	assert_string_equal(inside->container_image, "acme/agent:1.4");
	assert_string_equal(run_in(attrib, 15, "/docker/" ID)->container_image, "acme/agent:1.4");
	pst_attrib_free(attrib);
}

static void it_is_asked_once_a_minute_until_it_is_known(void **state)
{
	struct pst_attrib *attrib = new_attrib();
	struct pst_image *inside = run_in(attrib, 10, "/docker/" ID),
			 *again = run_in(attrib, 11, "/docker/" ID),
			 *outside = run_in(attrib, 12, "/system.slice/acme.service");

	(void)state;
	assert_false(pst_attrib_asks_container(attrib, outside, 5 * SECOND));
	assert_true(pst_attrib_asks_container(attrib, inside, 5 * SECOND));
	assert_false(pst_attrib_asks_container(attrib, again, 64 * SECOND));
	assert_true(pst_attrib_asks_container(attrib, again, 65 * SECOND));
	say(attrib, ID, "acme/agent:1.4");
	assert_false(pst_attrib_asks_container(attrib, again, 999 * SECOND));
	pst_attrib_free(attrib);
}

static void the_containers_that_are_remembered_are_bounded(void **state)
{
	struct pst_attrib *attrib = new_attrib();
	char id[65];

	(void)state;
	say(attrib, ID, "acme/agent:1.4");
	for (uint32_t i = 0; i < PST_CONTAINERS; i++) {
		(void)snprintf(id, sizeof(id), "%064x", i);
		say(attrib, id, "other");
	}
	assert_int_equal(pst_table_count(attrib->containers), PST_CONTAINERS);
	assert_null(run_in(attrib, 10, "/docker/" ID)->container_image);
	pst_attrib_free(attrib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runtimes_name_cgroups_after_containers),
		cmocka_unit_test(the_outermost_container_counts),
		cmocka_unit_test(what_only_looks_alike_is_none),
		cmocka_unit_test(an_answer_names_what_runs_in_it_now_and_later),
		cmocka_unit_test(it_is_asked_once_a_minute_until_it_is_known),
		cmocka_unit_test(the_containers_that_are_remembered_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
