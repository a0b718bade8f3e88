// SPDX-License-Identifier: Apache-2.0
/* Which container does a cgroup name? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "attrib/tables.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runtimes_name_cgroups_after_containers),
		cmocka_unit_test(the_outermost_container_counts),
		cmocka_unit_test(what_only_looks_alike_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
