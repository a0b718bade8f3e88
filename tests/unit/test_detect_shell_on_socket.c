// SPDX-License-Identifier: Apache-2.0
/* shell_on_socket: is a shell at the end of a connection found, and every usual shell left alone?
 */
#include <stdlib.h>

#include "world.h"

struct run {
	const char *path;
	const char *args; /* NUL-separated; @args_len of them */
	size_t args_len;
	const char *peer;
	uint16_t family;
	uint32_t streams; /* bits */
};

#define ARGS(text) .args = (text), .args_len = sizeof(text)
#define REMOTE .peer = "203.0.113.9", .family = AF_INET

static struct pst_event exec_of(const struct run *run)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 40, WORLD_START + SECOND);
	struct pst_event exec = build_exec(&birth, WORLD_START + 2 * SECOND, run->path);

	exec.exec.args = (struct pst_span){ .data = (const uint8_t *)run->args,
					    .len = run->args_len };
	exec.exec.stdio_mask = run->streams;
	for (unsigned int i = 0; i < 3; i++) {
		if (!(run->streams & 1u << i))
			continue;
		exec.exec.stdio[i].family = run->family;
		exec.exec.stdio[i].peer_port = 4444;
		if (run->peer)
			exec.exec.stdio[i].peer = build_addr(run->peer);
	}
	return exec;
}

static size_t findings_of(void **state, const struct run *run)
{
	struct world *world = *state;
	struct pst_event exec = exec_of(run);

	world_exec(world, &exec);
	return world_count(world, PST_DETECTOR_SHELL_ON_SOCKET);
}

static void a_reverse_shell_is_found(void **state)
{
	const struct run run = { .path = "/bin/dash", ARGS("sh\0-i"), REMOTE, .streams = 7 };
	const struct pst_finding *finding = &((struct world *)*state)->found[0];

	assert_int_equal(findings_of(state, &run), 1);
	assert_int_equal(finding->severity, PST_CRITICAL);
	assert_string_equal(
		finding->message,
		"dash (no contract) runs with stdin, stdout and stderr on a connection with 203.0.113.9:4444");
	assert_non_null(strstr(finding->reason, "pid 40 (pid 40 > dash), uid 0"));
}

static void stdin_and_another_stream_are_enough(void **state)
{
	const struct run run = { .path = "/bin/bash", REMOTE, .streams = 3 };

	assert_int_equal(findings_of(state, &run), 1);
}

static void one_stream_is_not_enough(void **state)
{
	const struct run run = { .path = "/bin/bash", REMOTE, .streams = 1 };

	assert_int_equal(findings_of(state, &run), 0);
}

static void a_shell_on_a_pty_is_silent(void **state)
{
	const struct run run = { .path = "/bin/bash", .streams = 0 };

	assert_int_equal(findings_of(state, &run), 0);
}

static void a_shell_on_unix_sockets_is_silent(void **state)
{
	const struct run run = { .path = "/bin/bash", .family = AF_UNIX, .streams = 7 };

	assert_int_equal(findings_of(state, &run), 0);
}

static void a_socket_without_a_peer_is_silent(void **state)
{
	const struct run run = {
		.path = "/bin/bash", .family = AF_INET, .peer = "0.0.0.0", .streams = 7
	};

	assert_int_equal(findings_of(state, &run), 0);
}

static void an_ipv6_connection_is_one_too(void **state)
{
	const struct run run = {
		.path = "/usr/bin/zsh", .family = AF_INET6, .peer = "2001:db8::9", .streams = 7
	};

	assert_int_equal(findings_of(state, &run), 1);
}

static void another_program_on_a_connection_is_silent(void **state)
{
	const struct run run = { .path = "/usr/sbin/in.ftpd", REMOTE, .streams = 7 };

	assert_int_equal(findings_of(state, &run), 0);
}

static void a_loopback_peer_of_nobodys_shell_weighs_less(void **state)
{
	const struct run run = {
		.path = "/bin/bash", .family = AF_INET, .peer = "127.0.0.1", .streams = 7
	};

	assert_int_equal(findings_of(state, &run), 1);
	assert_int_equal(((struct world *)*state)->found[0].severity, PST_HIGH);
}

static void an_interpreter_without_a_script_is_a_shell(void **state)
{
	const struct run runs[] = {
		{ .path = "/usr/bin/python3.11", ARGS("python3"), REMOTE, .streams = 7 },
		{ .path = "/usr/bin/perl", ARGS("perl\0-MIO\0-e\0exec"), REMOTE, .streams = 7 },
		{ .path = "/usr/bin/python3",
		  ARGS("python3\0-W\0ignore\0-c\0x"),
		  REMOTE,
		  .streams = 7 },
		{ .path = "/usr/bin/node", ARGS("node\0--eval\0x"), REMOTE, .streams = 7 },
		{ .path = "/usr/bin/perl", ARGS("perl\0-"), REMOTE, .streams = 7 },
		{ .path = "/usr/bin/python3", REMOTE, .streams = 7 },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		struct pst_event exec = exec_of(&runs[i]);

		exec.task.proc.tgid += (uint32_t)i;
		exec.task.image.tgid += (uint32_t)i;
		world_exec(world, &exec);
		assert_int_equal(world->count, i + 1);
	}
}

static void an_interpreter_with_a_script_is_not(void **state)
{
	const struct run run = { .path = "/usr/bin/python3",
				 ARGS("python3\0/srv/handler.py\0-c"),
				 REMOTE,
				 .streams = 7 };

	assert_int_equal(findings_of(state, &run), 0);
}

static void a_name_that_only_begins_like_a_shells_is_none(void **state)
{
	const struct run run = { .path = "/usr/bin/shred", REMOTE, .streams = 7 };
	const struct run other = { .path = "/usr/bin/pythonic", REMOTE, .streams = 7 };

	assert_int_equal(findings_of(state, &run), 0);
	assert_int_equal(findings_of(state, &other), 0);
}

static void busybox_is_a_shell_when_it_is_called_so(void **state)
{
	const struct run shell = {
		.path = "/bin/busybox", ARGS("busybox\0sh"), REMOTE, .streams = 7
	};

	assert_int_equal(findings_of(state, &shell), 1);
}

static void busybox_as_another_program_is_none(void **state)
{
	const struct run ftp = {
		.path = "/bin/busybox", ARGS("busybox\0ftpd"), REMOTE, .streams = 7
	};

	assert_int_equal(findings_of(state, &ftp), 0);
}

static void one_that_is_older_than_us_is_found_and_marked(void **state)
{
	const struct run run = { .path = "/bin/bash", REMOTE, .streams = 7 };
	struct world *world = *state;
	struct pst_event exec = exec_of(&run);

	exec.preexisting = true;
	world_exec(world, &exec);
	assert_int_equal(world->count, 1);
	assert_true(world->found[0].preexisting);
}

static void one_below_bound_software_names_its_contract(void **state)
{
	struct world *world = *state;
	const struct run run = {
		.path = "/opt/acme/bin/bash", .family = AF_INET, .peer = "127.0.0.1", .streams = 7
	};

	assert_int_equal(findings_of(state, &run), 1);
	assert_int_equal(world->found[0].severity, PST_CRITICAL);
	assert_int_equal(world->found[0].judgement.contract, 0);
	assert_non_null(strstr(world->found[0].message, "bash (acme-backup) runs with"));
}

/* findings of a script at /srv/handler, run by @interpreter */
static size_t findings_of_script(struct world *world, const struct run *run,
				 const char *interpreter)
{
	struct pst_event exec = exec_of(run);
	struct pst_process *process = pst_attrib_see(world->detect.attrib, &exec);

	assert_non_null(process);
	free(process->image->program->interpreter);
	process->image->program->interpreter = strdup(interpreter);
	pst_detect_exec(&world->detect, &exec, process);
	return world_count(world, PST_DETECTOR_SHELL_ON_SOCKET);
}

static void a_shell_script_is_a_shell(void **state)
{
	const struct run run = {
		.path = "/srv/handler", ARGS("/bin/bash\0/srv/handler"), REMOTE, .streams = 7
	};

	assert_int_equal(findings_of_script(*state, &run, "/bin/bash"), 1);
}

static void a_script_of_another_interpreter_is_none(void **state)
{
	const struct run run = {
		.path = "/srv/handler", ARGS("/usr/bin/python3\0/srv/handler"), REMOTE, .streams = 7
	};
	const struct run bare = { .path = "/srv/bash", REMOTE, .streams = 7 };

	assert_int_equal(findings_of_script(*state, &run, "/usr/bin/python3"), 0);
	assert_int_equal(findings_of_script(*state, &bare, "/usr/bin/python3"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_shell_script_is_a_shell),
		WORLD_CASE(a_script_of_another_interpreter_is_none),
		WORLD_CASE(a_reverse_shell_is_found),
		WORLD_CASE(stdin_and_another_stream_are_enough),
		WORLD_CASE(one_stream_is_not_enough),
		WORLD_CASE(a_shell_on_a_pty_is_silent),
		WORLD_CASE(a_shell_on_unix_sockets_is_silent),
		WORLD_CASE(a_socket_without_a_peer_is_silent),
		WORLD_CASE(an_ipv6_connection_is_one_too),
		WORLD_CASE(another_program_on_a_connection_is_silent),
		WORLD_CASE(a_loopback_peer_of_nobodys_shell_weighs_less),
		WORLD_CASE(an_interpreter_without_a_script_is_a_shell),
		WORLD_CASE(an_interpreter_with_a_script_is_not),
		WORLD_CASE(a_name_that_only_begins_like_a_shells_is_none),
		WORLD_CASE(busybox_is_a_shell_when_it_is_called_so),
		WORLD_CASE(busybox_as_another_program_is_none),
		WORLD_CASE(one_that_is_older_than_us_is_found_and_marked),
		WORLD_CASE(one_below_bound_software_names_its_contract),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
