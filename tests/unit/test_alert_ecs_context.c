// SPDX-License-Identifier: Apache-2.0
/* Does a record say within which walls, with which powers and on which streams a process runs? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <sys/socket.h>
#include <cmocka.h>

#include "alert_fixture.h"
#include "golden.h"

static void tell(struct fixture *f)
{
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 100000 * FIXTURE_S);
}

static void capabilities_stand_by_name_and_unknown_ones_by_number(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent.has_more = true;
	f->agent.caps_effective = UINT64_C(1) << 13 | UINT64_C(1) << 40 | UINT64_C(1) << 41;
	tell(f);
	assert_true(fixture_last_has(
		f, "\"effective\":[\"CAP_NET_RAW\",\"CAP_CHECKPOINT_RESTORE\",\"41\"]"));
	fixture_free(f);
}

static void unknown_capabilities_are_not_told_as_none(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent.caps_effective = 1;
	tell(f);
	assert_null(strstr(fixture_last(f), "capabilities"));
	fixture_free(f);
}

static void a_container_and_namespaces_stand_in_every_record(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	strcpy(f->agent.container_id, "0123456789ab");
	f->agent.runtime = "docker";
	f->process.netns = 4026531840;
	f->process.mntns = 7;
	f->process.pidns = 8;
	tell(f);
	assert_true(fixture_last_has(
		f, "\"container\":{\"id\":\"0123456789ab\",\"runtime\":\"docker\"}"));
	assert_true(fixture_last_has(f, "\"namespaces\":{\"net\":4026531840,\"mnt\":7,\"pid\":8}"));
	fixture_found(f, 100000 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"container\":{\"id\":\"0123456789ab\""));
	fixture_free(f);
}

static void an_image_stands_by_its_parts(void **state)
{
	static const struct {
		const char *name, *told;
	} images[] = {
		{ "acme/agent", "\"image\":{\"name\":\"acme/agent\"}" },
		{ "acme/agent:1.4", "\"image\":{\"name\":\"acme/agent\",\"tag\":[\"1.4\"]}" },
		{ "registry:5000/agent", "\"image\":{\"name\":\"registry:5000/agent\"}" },
		{ "registry:5000/agent:2@sha256:ab",
		  "\"image\":{\"name\":\"registry:5000/agent\",\"tag\":[\"2\"],"
		  "\"hash\":{\"all\":[\"sha256:ab\"]}}" },
		{ "sha256:ab", "\"image\":{\"name\":\"sha256:ab\"}" },
		{ "a\nb:c\x1b", "\"image\":{\"name\":\"a\\\\x0ab\",\"tag\":[\"c\\\\x1b\"]}" },
	};
	struct fixture *f = fixture_new(NULL);

	(void)state;
	strcpy(f->agent.container_id, "0123456789ab");
	f->agent.runtime = "docker";
	for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
		char name[64];

		strcpy(name, images[i].name);
		f->agent.container_image = name;
		tell(f);
		assert_true(fixture_last_has(f, images[i].told));
	}
	f->agent.container_image = NULL;
	fixture_free(f);
}

static void streams_that_are_sockets_or_pipes_stand_with_their_peer(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent.stdio_mask = 3;
	f->agent.stdio[0] = (struct pst_stdio){ .family = AF_INET,
						.peer = fixture_v4(203, 0, 113, 9),
						.peer_port = 4444 };
	f->agent.stdio[1] = (struct pst_stdio){ .family = AF_UNIX };
	f->agent.pipe_inode[2] = UINT64_C(18446744073709551615);
	tell(f);
	assert_true(fixture_last_has(
		f,
		"\"stdio\":[{\"fd\":0,\"form\":\"socket\",\"peer\":\"203.0.113.9:4444\"},{\"fd\":1,\"form\":\"unix\"},"
		"{\"fd\":2,\"form\":\"pipe\",\"inode\":\"18446744073709551615\"}]"));
	assert_true(golden_is("exec_streams.json", fixture_last(f)));
	fixture_free(f);
}

static void streams_of_another_sort_are_left_out(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	tell(f);
	assert_null(strstr(fixture_last(f), "\"stdio\""));
	assert_null(strstr(fixture_last(f), "\"container\""));
	assert_null(strstr(fixture_last(f), "\"namespaces\""));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capabilities_stand_by_name_and_unknown_ones_by_number),
		cmocka_unit_test(unknown_capabilities_are_not_told_as_none),
		cmocka_unit_test(a_container_and_namespaces_stand_in_every_record),
		cmocka_unit_test(an_image_stands_by_its_parts),
		cmocka_unit_test(streams_that_are_sockets_or_pipes_stand_with_their_peer),
		cmocka_unit_test(streams_of_another_sort_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
