// SPDX-License-Identifier: Apache-2.0
/* Is it asked who a program is, once, and is what it did judged by the answer? */
#include "identity_fixture.h"

static void a_program_is_asked_for_once(void **state)
{
	struct wire *w = *state;
	size_t asked = w->asked;

	run_own(w, 20, "tool");
	assert_int_equal(w->asked, asked + 1);
	assert_string_equal(w->asked_path, "/usr/bin/tool");
	assert_int_equal(w->question.proc.tgid, 20);
	assert_false(w->question.script);
	assert_true(w->question.has_host_path);
	run_own(w, 21, "tool");
	assert_int_equal(w->asked, asked + 1);
	run_own(w, 22, "other");
	assert_int_equal(w->asked, asked + 2);
}

static void what_found_no_room_is_asked_again(void **state)
{
	struct wire *w = *state;
	size_t asked = w->asked;

	w->busy = true;
	run_own(w, 20, "tool");
	wire_tick(w, 1);
	assert_int_equal(w->asked, asked + 2);
	w->busy = false;
	wire_tick(w, 1);
	assert_int_equal(w->asked, asked + 3);
	assert_string_equal(w->asked_path, "/usr/bin/tool");
	wire_tick(w, 1);
	assert_int_equal(w->asked, asked + 3);
}

/* It may have changed, though its interpreter did not. */
static void a_script_is_asked_for_at_each_exec(void **state)
{
	struct wire *w = *state;
	size_t asked = w->asked;

	run_script(w, 20, "run.sh", "dash");
	assert_int_equal(w->asked, asked + 1);
	assert_string_equal(w->asked_path, "/opt/acme/run.sh");
	assert_true(w->question.script);
	wire_tick(w, 1);
	run_script(w, 21, "run.sh", "dash");
	assert_int_equal(w->asked, asked + 2);
	assert_int_equal(w->question.proc.tgid, 21);
	wire_tick(w, 60);
	assert_int_equal(w->asked, asked + 2);
}

static void of_a_script_one_question_a_second_is_asked_and_none_is_lost(void **state)
{
	struct wire *w = *state;
	size_t asked = w->asked;

	run_script(w, 20, "run.sh", "dash");
	run_script(w, 21, "run.sh", "dash");
	run_script(w, 22, "run.sh", "dash");
	assert_int_equal(w->asked, asked + 1);
	wire_tick(w, 1);
	assert_int_equal(w->asked, asked + 2);
	assert_int_equal(w->question.proc.tgid, 22); /* who executed what lies there now */
	wire_tick(w, 1);
	assert_int_equal(w->asked, asked + 2);
}

static void what_no_package_owns_becomes_vendor_software_and_is_judged(void **state)
{
	struct wire *w = *state;

	run_own(w, 20, "tool");
	raw_socket(w);
	assert_int_equal(w->alerts, 0);
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"raw_socket\""));
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	assert_int_equal(w->alerts, 1);
}

static void what_has_ended_before_the_answer_is_judged_too(void **state)
{
	struct wire *w = *state;
	struct pst_rec_exit end;

	run_own(w, 20, "tool");
	raw_socket(w);
	end = (struct pst_rec_exit){ .h = wire_head(w, PST_REC_EXIT, sizeof(end)) };
	wire_send(w, &end, sizeof(end));
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	assert_int_equal(w->alerts, 1);
}

static void what_the_distribution_owns_is_left_alone(void **state)
{
	struct wire *w = *state;

	run_own(w, 20, "tool");
	raw_socket(w);
	answer(w, (struct answer){ PST_IDENT_OWNER_DISTRO, "tools", "1" });
	assert_int_equal(w->alerts, 0);
}

static void a_package_clause_binds_when_the_package_is_known(void **state)
{
	struct wire *w = *state;

	wire_reload(w, "{\"format\":1,\"contract\":\"acme\",\"version\":1,"
		       "\"software\":[{\"package\":\"acme-*\"}],\"channels\":[]}");
	run_own(w, 20, "tool");
	wire_connect(w, 443);
	assert_int_equal(w->alerts, 0);
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme-backup", "7.2" });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "not in contract acme@1"));
}

#define CONTAINER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void of_a_container_its_image_is_asked_once(void **state)
{
	struct wire *w = *state;
	size_t asked = w->asked;

	run_contained(w, 20, CONTAINER);
	assert_int_equal(w->asked, asked + 2); /* and its program */
	run_contained(w, 21, CONTAINER);
	assert_int_equal(w->asked, asked + 2);
	contained(w, CONTAINER, "acme/agent:1.4");
	wire_tick(w, 120);
	run_contained(w, 22, CONTAINER);
	assert_int_equal(w->asked, asked + 2);
}

static void an_alert_names_the_image_of_its_container(void **state)
{
	struct wire *w = *state;

	run_contained(w, 20, CONTAINER);
	contained(w, CONTAINER, "acme/agent:1.4");
	raw_socket(w);
	(void)snprintf(w->asked_path, sizeof(w->asked_path), "/usr/bin/agent");
	w->question = (struct pst_identify){ .inode = 4711 };
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	assert_int_equal(w->alerts, 1);
	assert_true(
		wire_last_alert_has(w, "\"image\":{\"name\":\"acme/agent\",\"tag\":[\"1.4\"]}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(a_program_is_asked_for_once),
		WIRE_CASE(of_a_container_its_image_is_asked_once),
		WIRE_CASE(an_alert_names_the_image_of_its_container),
		WIRE_CASE(what_found_no_room_is_asked_again),
		WIRE_CASE(a_script_is_asked_for_at_each_exec),
		WIRE_CASE(of_a_script_one_question_a_second_is_asked_and_none_is_lost),
		WIRE_CASE(what_no_package_owns_becomes_vendor_software_and_is_judged),
		WIRE_CASE(what_has_ended_before_the_answer_is_judged_too),
		WIRE_CASE(what_the_distribution_owns_is_left_alone),
		WIRE_CASE(a_package_clause_binds_when_the_package_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
