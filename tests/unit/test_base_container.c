// SPDX-License-Identifier: Apache-2.0
/* Is the name of a container's image read from what each runtime writes, and from nothing else? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/container.h"
#include "golden.h"

#define ID "c278fa0af7e104a1d73b1887ad4ca4109f937e61c1afeb3e7c45c16a0a12c54c"
#define OTHER "2189148d9cf1d23747eeb78f3c1a6eb91f2431c36f1d3bb63d22096cdbdff9f6"

static char name[PST_IMAGE_NAME];

static const char *read_text(const char *runtime, const char *id, const char *text)
{
	bool found = pst_container_image(runtime, id, text, strlen(text), name);

	assert_int_equal(found, *name != '\0');
	return name;
}

static const char *of(const char *runtime, const char *id, const char *file)
{
	char text[16384];
	size_t len = golden_read(file, text, sizeof(text));

	bool found = pst_container_image(runtime, id, text, len, name);

	assert_int_equal(found, *name != '\0');
	return name;
}

static void each_runtime_says_it_in_its_own_file(void **state)
{
	(void)state;
	assert_string_equal(of("podman", ID, "runtimes/podman.json"),
			    "registry.example/acme/agent:1.4");
	assert_string_equal(of("podman", OTHER, "runtimes/podman.json"),
			    "registry.example/acme/other:2");
	assert_string_equal(of("docker", ID, "runtimes/docker.json"),
			    "registry.example:5000/acme/agent:1.4");
	assert_string_equal(of("containerd", ID, "runtimes/containerd.json"),
			    "registry.k8s.io/coredns/coredns:v1.11.1");
	assert_string_equal(of("cri-o", ID, "runtimes/crio.json"), "quay.io/acme/agent:1.4");
}

static void another_runtimes_file_says_nothing(void **state)
{
	(void)state;
	assert_string_equal(of("docker", ID, "runtimes/podman.json"), "");
	assert_string_equal(of("podman", ID, "runtimes/docker.json"), "");
	assert_string_equal(of("containerd", ID, "runtimes/crio.json"), "");
	assert_string_equal(of("cri-o", ID, "runtimes/containerd.json"), "");
	assert_string_equal(of("lxc", ID, "runtimes/docker.json"), "");
}

static void a_container_that_is_not_listed_has_none(void **state)
{
	(void)state;
	assert_string_equal(of("podman",
			       "0000000000000000000000000000000000000000000000000000000000000000",
			       "runtimes/podman.json"),
			    "");
	assert_string_equal(read_text("podman", ID, "[]"), "");
	assert_string_equal(read_text("podman", ID, "[1,\"x\",null,{},{\"id\":7}]"), "");
}

static void what_is_not_as_the_runtime_writes_it_says_nothing(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"7",
		"null",
		"\"Config.Image\"",
		"{\"Config\":\"Image\"}",
		"{\"Config\":{\"Image\":7}}",
		"{\"Config\":{\"Image\":\"\"}}",
		"{\"Config\":{\"Image\":\"a\"}} trailing",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_string_equal(read_text("docker", ID, texts[i]), "");
	assert_string_equal(read_text("cri-o", ID, "{\"annotations\":[]}"), "");
	assert_string_equal(read_text("podman", ID, "[{\"id\":\"" ID "\"}]"), "");
	assert_string_equal(read_text("podman", ID, "[{\"id\":\"" ID "\",\"metadata\":\"[]\"}]"),
			    "");
	assert_string_equal(read_text("podman", ID, "[{\"id\":\"" ID "\",\"metadata\":\"{\"}]"),
			    "");
}

/* @count bytes as the name */
static bool takes(size_t count)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "{\"Config\":{\"Image\":\"%0*d\"}}", (int)count, 0);
	return *read_text("docker", ID, text);
}

static void a_name_that_is_too_long_is_none(void **state)
{
	(void)state;
	assert_true(takes(PST_IMAGE_NAME - 1));
	assert_false(takes(PST_IMAGE_NAME));
}

static void a_file_that_is_too_long_is_not_read(void **state)
{
	static const char text[] = "{\"Config\":{\"Image\":\"a\"}}";
	char *file = malloc(PST_CONTAINER_FILE_MAX + 1);

	(void)state;
	assert_non_null(file);
	memset(file, ' ', PST_CONTAINER_FILE_MAX + 1);
	memcpy(file, text, sizeof(text) - 1);
	assert_true(pst_container_image("docker", ID, file, PST_CONTAINER_FILE_MAX, name));
	assert_false(pst_container_image("docker", ID, file, PST_CONTAINER_FILE_MAX + 1, name));
	assert_string_equal(name, "");
	free(file);
}

static void an_id_is_sixty_four_digits_and_no_path(void **state)
{
	(void)state;
	assert_true(pst_container_is_id(ID));
	assert_false(pst_container_is_id(ID "0"));
	assert_false(pst_container_is_id(""));
	assert_false(pst_container_is_id("../" ID));
	assert_false(pst_container_is_id(
		"C278fa0af7e104a1d73b1887ad4ca4109f937e61c1afeb3e7c45c16a0a12c54c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_runtime_says_it_in_its_own_file),
		cmocka_unit_test(another_runtimes_file_says_nothing),
		cmocka_unit_test(a_container_that_is_not_listed_has_none),
		cmocka_unit_test(what_is_not_as_the_runtime_writes_it_says_nothing),
		cmocka_unit_test(a_name_that_is_too_long_is_none),
		cmocka_unit_test(a_file_that_is_too_long_is_not_read),
		cmocka_unit_test(an_id_is_sixty_four_digits_and_no_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
