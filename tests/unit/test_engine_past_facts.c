// SPDX-License-Identifier: Apache-2.0
/* Is what programs did beside channels noted, once, of whom it is charged to, and nothing else? */
#include "identity_fixture.h"
#include "past_fixture.h"

#define TOOL "/usr/bin/tool"

static size_t facts_of(struct wire *w, const char *path, enum pst_past_what what)
{
	const struct pst_past_program *program = pst_history_find(wire_history(w), path);
	size_t count = 0;

	for (size_t i = 0; program && i < program->fact_count; i++)
		count += program->facts[i].what == what;
	return count;
}

static bool has_fact(struct wire *w, const char *path, enum pst_past_what what, const char *text)
{
	const struct pst_past_program *program = pst_history_find(wire_history(w), path);

	for (size_t i = 0; program && i < program->fact_count; i++)
		if (program->facts[i].what == what && strcmp(program->facts[i].text, text) == 0)
			return true;
	return false;
}

struct run {
	const char *path;   /* components leaf first, the first one's end is marked by the second */
	size_t len;	    /* with the last NUL */
	const char *script; /* its only argument; NULL: none */
	uint32_t tgid;
	uint32_t exec_flags;
	uint16_t flags;
};

#define RUN(process, words, ...) \
	(&(struct run){ .path = (words), .len = sizeof(words), .tgid = (process), __VA_ARGS__ })
#define TOOL_PATH "tool\0bin\0usr"

/* The image that acts now executes it, as process @tgid: its own, or a child's. */
static void run(struct wire *w, const struct run *what)
{
	struct {
		struct pst_rec_exec rec;
		char tail[128];
	} exec;
	const struct pst_rec_image caller = w->task.image;
	size_t args = what->script ? sizeof("-") + strlen(what->script) + 1 : 0;
	size_t size = (sizeof(exec.rec) + what->len + args + 7) / 8 * 8;

	memset(&exec, 0, sizeof(exec));
	memcpy(exec.tail, what->path, what->len);
	if (what->script)
		(void)snprintf(exec.tail + what->len, sizeof(exec.tail) - what->len, "-%c%s", 0,
			       what->script);
	w->task = (struct pst_rec_task){ .start_ns = w->time_ns,
					 .image = { .exec_ns = w->time_ns, .tgid = what->tgid },
					 .tgid = what->tgid,
					 .tid = what->tgid,
					 .mntns = 1 };
	exec.rec.h = wire_head(w, PST_REC_EXEC, size);
	exec.rec.h.flags = what->flags;
	exec.rec.path_len = (uint16_t)what->len;
	exec.rec.args_len = (uint16_t)args;
	exec.rec.exec_flags = (__typeof__(exec.rec.exec_flags))what->exec_flags;
	exec.rec.inode = w->inode;
	exec.rec.prev = caller;
	wire_send(w, &exec, size);
}

static void what_a_program_executes_is_noted_of_it(void **state)
{
	struct wire *w = *state;

	run(w, RUN(20, TOOL_PATH));
	assert_true(has_fact(w, AGENT, PST_PAST_EXEC, TOOL));
	assert_int_equal(facts_of(w, AGENT, PST_PAST_EXEC), 1);
	assert_int_equal(facts_of(w, TOOL, PST_PAST_EXEC), 0);
	assert_int_equal(wire_past(w, AGENT)->execs, 1); /* what it executed is no start of it */
	wire_exec(w, 21, "agent");
	run(w, RUN(22, TOOL_PATH));
	assert_int_equal(facts_of(w, AGENT, PST_PAST_EXEC), 1); /* again: the same fact */
	assert_int_equal(wire_past(w, AGENT)->execs, 2);
}

static void it_is_noted_of_who_executes_also_where_the_other_is_named_itself(void **state)
{
	struct wire *w = *state;

	run(w, RUN(20, "other\0acme\0opt"));
	assert_true(has_fact(w, AGENT, PST_PAST_EXEC, "/opt/acme/other"));
	assert_int_equal(facts_of(w, "/opt/acme/other", PST_PAST_EXEC), 0);
	assert_int_equal(wire_past(w, "/opt/acme/other")->execs, 1);
}

static void what_nobody_known_executed_is_nobodys_fact(void **state)
{
	struct wire *w = *state;

	memset(&w->task, 0, sizeof(w->task));
	run(w, RUN(20, TOOL_PATH));
	assert_int_equal(facts_of(w, AGENT, PST_PAST_EXEC), 0);
	assert_int_equal(facts_of(w, TOOL, PST_PAST_EXEC), 0);
	assert_int_equal(wire_past(w, TOOL)->execs, 1);
}

static void who_ran_before_us_was_executed_too_but_a_forked_worker_was_not(void **state)
{
	struct wire *w = *state;
	const struct pst_rec_task agent = w->task;

	run(w, RUN(20, "agent\0acme\0opt", .flags = PST_RF_PREEXISTING));
	assert_int_equal(facts_of(w, AGENT, PST_PAST_EXEC), 0);
	w->task = agent;
	run(w, RUN(21, TOOL_PATH, .flags = PST_RF_PREEXISTING));
	assert_true(has_fact(w, AGENT, PST_PAST_EXEC, TOOL));
	w->task = agent;
	run(w, RUN(22, "agent\0acme\0opt"));
	assert_true(has_fact(w, AGENT, PST_PAST_EXEC, AGENT)); /* executed before our eyes */
}

static void a_script_is_noted_with_how_it_was_named(void **state)
{
	struct wire *w = *state;

	run_script(w, 20, "job.py", "python3");
	assert_string_equal(wire_past(w, "/opt/acme/job.py")->interpreter, "/usr/bin/python3");
	assert_false(wire_past(w, "/opt/acme/job.py")->argument); /* by its first line */
	run(w, RUN(21, "python3\0bin\0usr", .script = "/opt/acme/job.py"));
	assert_true(wire_past(w, "/opt/acme/job.py")->argument);
	assert_true(has_fact(w, "/opt/acme/job.py", PST_PAST_EXEC, "/opt/acme/job.py"));
}

static void a_program_from_memory_is_noted_of_whom_it_is_charged_to(void **state)
{
	struct wire *w = *state;

	run(w, RUN(20, "memfd:x", .exec_flags = PST_EXEC_MEMFD | PST_EXEC_DELETED));
	assert_true(has_fact(w, AGENT, PST_PAST_MEMFD, ""));
	assert_int_equal(facts_of(w, AGENT, PST_PAST_DELETED), 0); /* it never had a file */
}

static void a_deleted_file_is_noted_of_the_program_that_it_was(void **state)
{
	struct wire *w = *state;

	run(w, RUN(20, "gone\0acme\0opt", .exec_flags = PST_EXEC_DELETED));
	assert_true(has_fact(w, "/opt/acme/gone", PST_PAST_DELETED, ""));
	assert_int_equal(facts_of(w, "/opt/acme/gone", PST_PAST_MEMFD), 0);
	assert_int_equal(facts_of(w, AGENT, PST_PAST_DELETED), 0);
}

static void what_ran_before_us_may_have_lost_its_file_since(void **state)
{
	struct wire *w = *state;
	const struct pst_rec_task agent = w->task;

	run(w, RUN(20, "gone\0acme\0opt", .exec_flags = PST_EXEC_DELETED,
		   .flags = PST_RF_PREEXISTING));
	assert_int_equal(facts_of(w, "/opt/acme/gone", PST_PAST_DELETED), 0);
	w->task = agent;
	run(w, RUN(21, "memfd:x", .exec_flags = PST_EXEC_MEMFD, .flags = PST_RF_PREEXISTING));
	assert_int_equal(facts_of(w, AGENT, PST_PAST_MEMFD), 0);
}

/* What acts now uses a socket that @opener opened. */
static void use_socket_of(struct wire *w, const struct pst_rec_task *opener, uint16_t flags)
{
	struct pst_rec_channel rec = { .h = wire_head(w, PST_REC_CHANNEL, sizeof(rec)),
				       .cookie = 55,
				       .chan_flags = flags,
				       .kind = PST_KIND_TCP_CONNECT,
				       .peer_port = 80,
				       .family = AF_INET,
				       .sock_type = SOCK_STREAM,
				       .protocol = IPPROTO_TCP };

	if (opener) {
		rec.owner_start_ns = opener->start_ns;
		rec.owner_tgid = opener->tgid;
	}
	wire_peer(rec.peer);
	wire_send(w, &rec, sizeof(rec));
}

static void a_socket_that_it_was_handed_is_noted_with_who_opened_it(void **state)
{
	struct wire *w = *state;
	struct pst_rec_task tool;

	memset(&w->task, 0, sizeof(w->task));
	run(w, RUN(20, TOOL_PATH));
	tool = w->task;
	wire_exec(w, 21, "agent");
	use_socket_of(w, &tool, 0); /* not handed over: it was there by fork */
	assert_int_equal(facts_of(w, AGENT, PST_PAST_HANDED), 0);
	wire_exec(w, 22, "agent");
	use_socket_of(w, &tool, PST_CHAN_HANDED);
	assert_true(has_fact(w, AGENT, PST_PAST_HANDED, TOOL));
	assert_int_equal(facts_of(w, TOOL, PST_PAST_HANDED), 0);
}

static void a_socket_of_somebody_unknown_is_no_fact(void **state)
{
	const struct pst_rec_task stranger = { .start_ns = 5, .tgid = 4000 };
	struct wire *w = *state;

	use_socket_of(w, &stranger, PST_CHAN_HANDED);
	use_socket_of(w, NULL, PST_CHAN_HANDED);
	assert_int_equal(facts_of(w, AGENT, PST_PAST_HANDED), 0);
}

static void attach(struct wire *w, uint16_t flavour, uint32_t prog_id)
{
	struct pst_rec_filter rec = { .h = wire_head(w, PST_REC_FILTER, sizeof(rec)),
				      .cookie = 55,
				      .family = AF_INET,
				      .sock_type = SOCK_STREAM,
				      .flavour = flavour,
				      .insns = 2,
				      .tag = { 1, 2, 3, 4, 5, 6, 7, 8 },
				      .prog_id = prog_id };

	wire_send(w, &rec, sizeof(rec));
}

static void a_filter_is_noted_by_what_names_it(void **state)
{
	struct wire *w = *state;

	attach(w, PST_FILTER_EBPF, 31);
	assert_true(has_fact(w, AGENT, PST_PAST_FILTER, "tag:0102030405060708"));
	assert_int_equal(facts_of(w, AGENT, PST_PAST_FILTER), 1);
}

static void a_filter_whose_instructions_never_came_has_no_name(void **state)
{
	struct wire *w = *state;

	attach(w, PST_FILTER_CLASSIC, 0);
	wire_tick(w, 60);
	assert_int_equal(facts_of(w, AGENT, PST_PAST_FILTER), 0);
}

static void act(struct wire *w, uint16_t what, uint32_t number, const char *name)
{
	struct pst_rec_act rec = { .h = wire_head(w, PST_REC_ACT, sizeof(rec)),
				   .act = what,
				   .number = number,
				   .name_len = (uint16_t)strlen(name) };

	memcpy(rec.name, name, rec.name_len);
	wire_send(w, &rec, sizeof(rec));
}

static void acts_are_noted_by_sort(void **state)
{
	struct wire *w = *state;

	act(w, PST_ACT_MODULE, 0, "can-proto-1");
	act(w, PST_ACT_BPF_LOAD, 31, "prog");
	act(w, PST_ACT_URING_NETWORK, 26, "");
	assert_true(has_fact(w, AGENT, PST_PAST_MODULE, "can-proto-1"));
	assert_true(has_fact(w, AGENT, PST_PAST_BPF, "31"));
	assert_true(has_fact(w, AGENT, PST_PAST_URING, ""));
	assert_int_equal(wire_past(w, AGENT)->fact_count, 3);
}

static void an_act_that_leads_to_no_channel_is_no_fact(void **state)
{
	struct wire *w = *state;

	act(w, PST_ACT_URING, 0, ""); /* a ring that nothing goes over */
	assert_int_equal(wire_past(w, AGENT)->fact_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(what_a_program_executes_is_noted_of_it),
		WIRE_CASE(it_is_noted_of_who_executes_also_where_the_other_is_named_itself),
		WIRE_CASE(what_nobody_known_executed_is_nobodys_fact),
		WIRE_CASE(who_ran_before_us_was_executed_too_but_a_forked_worker_was_not),
		WIRE_CASE(a_script_is_noted_with_how_it_was_named),
		WIRE_CASE(a_program_from_memory_is_noted_of_whom_it_is_charged_to),
		WIRE_CASE(a_deleted_file_is_noted_of_the_program_that_it_was),
		WIRE_CASE(what_ran_before_us_may_have_lost_its_file_since),
		WIRE_CASE(a_socket_that_it_was_handed_is_noted_with_who_opened_it),
		WIRE_CASE(a_socket_of_somebody_unknown_is_no_fact),
		WIRE_CASE(a_filter_is_noted_by_what_names_it),
		WIRE_CASE(a_filter_whose_instructions_never_came_has_no_name),
		WIRE_CASE(acts_are_noted_by_sort),
		WIRE_CASE(an_act_that_leads_to_no_channel_is_no_fact),
	};

	return cmocka_run_group_tests_name("engine/past_facts", tests, NULL, NULL);
}
