// SPDX-License-Identifier: Apache-2.0
/* Is it told when contracts name units, and nobody can be seen in one? */
#include "engine_fixture.h"

#define OF_UNIT(name, unit)                                                    \
	"{\"format\":1,\"contract\":\"" name "\",\"version\":1,\"software\":[" \
	"{\"path\":\"/opt/acme/**\"},{\"unit\":\"" unit "\"}],\"channels\":[]}"

static void run_in_a_unit(struct wire *w, uint32_t tgid)
{
	static const char cgroup[] = "acme.service\0system.slice";

	wire_exec_in(w, tgid, "agent", cgroup, sizeof(cgroup));
}

static void end(struct wire *w)
{
	struct pst_rec_exit rec = { .h = wire_head(w, PST_REC_EXIT, sizeof(rec)) };

	wire_send(w, &rec, sizeof(rec));
}

static bool is_told(const struct wire *w, const char *part)
{
	return strstr(w->health, "\"action\":\"units-unseen\"") && strstr(w->health, part);
}

static void a_contract_that_names_units_is_told_where_none_is_seen(void **state)
{
	struct wire *w = *state;

	wire_tick(w, 1);
	wire_reload(w, OF_UNIT("acme", "acme.service"));
	assert_true(is_told(w, "\"code\":\"UNITS_UNSEEN\""));
	assert_true(is_told(w, "\"state\":\"degraded\""));
	assert_true(is_told(
		w, "1 contract names a systemd unit (acme), and no process of this host is in "
		   "one that can be seen: such an entry binds nobody; "));
	assert_true(is_told(w, "cgroup v1"));
}

static void it_is_told_at_the_start_too(void **state)
{
	struct wire *w = *state;

	pst_engine_contracts(w->engine, wire_contracts(OF_UNIT("acme", "*.service")));
	wire_tick(w, 1);
	assert_true(is_told(w, "(acme)"));
	w->health[0] = '\0';
	wire_tick(w, 1);
	assert_string_equal(w->health, ""); /* once */
}

static void nothing_is_told_where_somebody_is_in_a_unit(void **state)
{
	struct wire *w = *state;

	run_in_a_unit(w, 20);
	wire_tick(w, 1);
	wire_reload(w, OF_UNIT("acme", "other.service"));
	assert_false(is_told(w, ""));
	end(w);
	wire_reload(w, OF_UNIT("acme", "other.service"));
	assert_true(is_told(w, "(acme)")); /* who has ended is in none */
}

static void nothing_is_told_of_contracts_without_units(void **state)
{
	struct wire *w = *state;

	wire_tick(w, 1);
	wire_reload(w, WIRE_CONTRACT("2", ""));
	assert_false(is_told(w, ""));
}

static void a_cgroup_that_is_no_unit_is_none(void **state)
{
	static const char cgroup[] = "batch\0jobs";
	struct wire *w = *state;

	wire_exec_in(w, 20, "agent", cgroup, sizeof(cgroup));
	assert_int_equal(pst_engine_units(w->engine).in_units, 0);
	assert_int_equal(pst_engine_units(w->engine).processes, 2); /* and the fixture's */
	run_in_a_unit(w, 21);
	assert_int_equal(pst_engine_units(w->engine).in_units, 1);
	assert_int_equal(pst_engine_units(w->engine).processes, 3);
}

static void names_that_find_no_room_are_counted(void **state)
{
	static struct pst_diags diags;
	struct pst_contracts *set = pst_contracts_new();
	struct wire *w = *state;

	wire_tick(w, 1);
	for (int i = 0; i < 20; i++) {
		char text[512];

		(void)snprintf(
			text, sizeof(text),
			"{\"format\":1,\"contract\":\"a-name-of-thirty-and-some-letters-%d\","
			"\"version\":1,\"software\":[{\"unit\":\"u%d.service\"}],\"channels\":[]}",
			i, i);
		pst_diags_init(&diags, "acme.json");
		assert_int_equal(pst_contracts_add(set, "acme.json", text, strlen(text), &diags),
				 0);
	}
	pst_engine_reload(w->engine, set, 0, NULL);
	assert_true(is_told(
		w, "20 contracts name a systemd unit (a-name-of-thirty-and-some-letters-0, "));
	assert_true(is_told(w, "-7), and no process")); /* whole names */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(a_contract_that_names_units_is_told_where_none_is_seen),
		WIRE_CASE(it_is_told_at_the_start_too),
		WIRE_CASE(nothing_is_told_where_somebody_is_in_a_unit),
		WIRE_CASE(nothing_is_told_of_contracts_without_units),
		WIRE_CASE(a_cgroup_that_is_no_unit_is_none),
		WIRE_CASE(names_that_find_no_room_are_counted),
	};

	return cmocka_run_group_tests_name("engine/units", tests, NULL, NULL);
}
