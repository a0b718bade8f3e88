// SPDX-License-Identifier: Apache-2.0
/* Do the pages of all sessions say what the history knows, of the programs that were meant? */
#include "base/json.h"
#include "engine/view.h"
#include "past_fixture.h"

static char *page(struct wire *w, const char *what, enum pst_view_form form, uint64_t since_s)
{
	bool known = true;
	const struct pst_view_keys keys = {
		.what = what, .form = form, .known = &known, .since_s = since_s
	};
	char *text;

	pst_engine_remember(w->engine);
	text = pst_view_profile(w->engine, &keys);
	assert_non_null(text);
	return text;
}

static bool page_has(struct wire *w, const char *what, enum pst_view_form form, const char *part)
{
	char *text = page(w, what, form, 0);
	bool has = strstr(text, part) != NULL;

	if (!has)
		fprintf(stderr, "no %s in:\n%s", part, text);
	free(text);
	return has;
}

static bool lists(struct wire *w, enum pst_view_form form, const char *part)
{
	const struct pst_view_keys keys = { .what = "all", .form = form };
	char *text;
	bool has;

	pst_engine_remember(w->engine);
	text = pst_view_profiles(w->engine, &keys);
	assert_non_null(text);
	has = strstr(text, part) != NULL;
	if (!has)
		fprintf(stderr, "no %s in:\n%s", part, text);
	free(text);
	return has;
}

static void a_page_sums_all_sessions(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ 80, 3, 2, 1, 100 });
	wire_next_session(w);
	wire_sample(w, (struct wire_count){ 80, 2, 2, 0, 30 });
	assert_true(page_has(w, "agent", PST_VIEW_TEXT, "over all sessions: " AGENT));
	assert_true(page_has(w, "agent", PST_VIEW_TEXT, "on 2 days"));
	assert_true(page_has(w, AGENT, PST_VIEW_TEXT, "silent for 9 days until today"));
	assert_true(page_has(w, "10", PST_VIEW_JSON, "\"attempts\":	5"));
	assert_true(page_has(w, "all", PST_VIEW_JSON, "\"bytes_out\":	130"));
}

static void what_nobody_knows_is_said(void **state)
{
	bool known = true;
	const struct pst_view_keys keys = { .what = "nobody", .known = &known };

	free(pst_view_profile(((struct wire *)*state)->engine, &keys));
	assert_false(known);
}

static void what_only_the_past_knows_is_known(void **state)
{
	struct wire *w = *state;
	bool known = false;
	const struct pst_view_keys keys = { .what = "other", .known = &known };

	wire_exec(w, 11, "other");
	wire_connect(w, 80);
	wire_next_session(w);
	free(pst_view_profile(w->engine, &keys));
	assert_true(known);
}

static void since_leaves_out_what_is_older(void **state)
{
	struct wire *w = *state;
	char *text;

	wire_connect(w, 80);
	w->time_ns += 5000 * WIRE_S;
	wire_connect(w, 81);
	text = page(w, AGENT, PST_VIEW_TEXT, 5000);
	assert_null(strstr(text, "203.0.113.9:80 "));
	assert_non_null(strstr(text, "203.0.113.9:81 "));
	free(text);
	text = page(w, AGENT, PST_VIEW_JSON, 5000);
	assert_null(strstr(text, "203.0.113.9:80\""));
	assert_non_null(strstr(text, "203.0.113.9:81\""));
	free(text);
}

static void the_list_has_package_and_news(void **state)
{
	struct wire *w = *state;
	const struct pst_past_identity identity = { .package = (char *)"acme-agent",
						    .version = (char *)"1.2-3" };

	wire_connect(w, 80);
	wire_connect(w, 443);
	(void)pst_history_identity(pst_history_program(wire_history(w), AGENT, 1000), &identity);
	assert_true(lists(w, PST_VIEW_TEXT, "acme-agent"));
	assert_true(lists(w, PST_VIEW_TEXT, "1.2-3"));
	assert_true(lists(w, PST_VIEW_TEXT, "undeclared"));
	assert_true(lists(w, PST_VIEW_JSON, "\"new_last_day\":	2"));
	wire_next_session(w);
	wire_connect(w, 81);
	assert_true(lists(w, PST_VIEW_JSON, "\"new_last_day\":	1"));
	assert_true(lists(w, PST_VIEW_JSON, "\"new_last_week\":	1"));
	assert_true(lists(w, PST_VIEW_JSON, "\"channels\":	3"));
}

static void what_is_not_known_is_left_out_of_json(void **state)
{
	const struct pst_view_keys keys = { .what = "all", .form = PST_VIEW_JSON };
	struct wire *w = *state;
	char *text;

	(void)pst_history_program(wire_history(w), "", 1000);
	assert_true(lists(w, PST_VIEW_TEXT, "(program unknown)"));
	text = pst_view_profiles(w->engine, &keys);
	assert_non_null(text);
	assert_null(strstr(text, "\"-\""));
	assert_null(strstr(text, "\"\""));
	free(text);
}

static void an_empty_history_is_said(void **state)
{
	struct wire *w = *state;
	const struct pst_engine_keys keys = { .config = w->config,
					      .emit = wire_take,
					      .context = w };

	pst_engine_free(w->engine);
	w->engine = pst_engine_new(&keys);
	assert_true(lists(w, PST_VIEW_TEXT, "no program is known yet"));
}

static void hostile_texts_are_made_safe(void **state)
{
	struct wire *w = *state;
	const struct pst_past_identity identity = { .package = (char *)"a\x1b[2Jb",
						    .version = (char *)"\"\n" };
	struct pst_past_program *program = pst_history_program(wire_history(w), AGENT, 1000);

	(void)pst_history_identity(program, &identity);
	pst_history_fact(wire_history(w), program,
			 &(struct pst_past_deed){ PST_PAST_EXEC, "/tmp/\x1b]0;x\a", 1000 });
	assert_true(lists(w, PST_VIEW_TEXT, "a\\x1b[2Jb"));
	assert_true(page_has(w, AGENT, PST_VIEW_TEXT, "executed /tmp/\\x1b]0;x\\x07: 1 time"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(a_page_sums_all_sessions),
		WIRE_CASE(what_nobody_knows_is_said),
		WIRE_CASE(what_only_the_past_knows_is_known),
		WIRE_CASE(since_leaves_out_what_is_older),
		WIRE_CASE(the_list_has_package_and_news),
		WIRE_CASE(what_is_not_known_is_left_out_of_json),
		WIRE_CASE(an_empty_history_is_said),
		WIRE_CASE(hostile_texts_are_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
