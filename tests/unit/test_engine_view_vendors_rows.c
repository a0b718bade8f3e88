// SPDX-License-Identifier: Apache-2.0
/* Is each vendor program one row, with what it and what it started hold open, and in an order that
 * helps? */
#include "identity_fixture.h"

#include "engine/view_vendors.h"

static struct pst_vendors rows_of(struct wire *w)
{
	struct pst_vendors rows;

	pst_vendors_collect(w->engine, &rows);
	assert_false(rows.failed);
	return rows;
}

static void an_upgraded_program_is_one_row(void **state)
{
	struct wire *w = *state;
	struct pst_vendors rows;

	w->inode = 7; /* another file of that name */
	wire_exec(w, 11, "agent");
	rows = rows_of(w);
	assert_int_equal(rows.count, 1);
	assert_int_equal(rows.list[0].files, 2);
	assert_int_equal(rows.list[0].processes, 2);
	assert_int_equal(rows.list[0].program->inode, 7);
	pst_vendors_free(&rows);
}

/* "#!/usr/bin/env python3": env is given the script first, then python3 is. */
static void a_script_is_one_row_whatever_ran_it(void **state)
{
	struct wire *w = *state;
	struct pst_vendors rows;

	run_script(w, 11, "agent", "env");
	run_script(w, 11, "agent", "python3");
	run_script(w, 12, "other", "python3");
	rows = rows_of(w);
	assert_int_equal(rows.count, 2);
	assert_string_equal(rows.list[0].program->path, "/opt/acme/agent");
	assert_string_equal(rows.list[0].program->interpreter, "/usr/bin/python3");
	assert_int_equal(rows.list[0].files, 2); /* it was a program, too */
	assert_string_equal(rows.list[1].program->path, "/opt/acme/other");
	assert_int_equal(rows.list[1].files, 1);
	pst_vendors_free(&rows);
}

static void what_two_processes_hold_is_told_once(void **state)
{
	struct wire *w = *state;
	struct pst_vendors rows;

	wire_connect(w, 443);
	wire_exec(w, 11, "agent");
	wire_connect(w, 443);
	wire_connect(w, 444);
	rows = rows_of(w);
	assert_int_equal(rows.list[0].count[PST_VENDOR_EXTERNAL], 2);
	assert_int_equal(rows.list[0].count[PST_VENDOR_LISTENS], 0);
	pst_vendors_free(&rows);
}

/* What the acting process executes is its child's by lineage. */
static void what_a_vendors_program_started_is_counted_to_it(void **state)
{
	struct wire *w = *state;
	struct pst_rec_image agent = w->task.image;
	struct pst_vendors rows;

	w->prev = agent;
	run_own(w, 10, "curl");
	wire_connect(w, 443);
	rows = rows_of(w);
	assert_int_equal(rows.count, 1);
	assert_int_equal(rows.list[0].processes, 0);
	assert_int_equal(rows.list[0].count[PST_VENDOR_EXTERNAL], 1);
	pst_vendors_free(&rows);
}

static void listen_on(struct wire *w, bool loopback)
{
	static const uint8_t any[16] = { [10] = 255, [11] = 255 },
			     own[16] = { [10] = 255, [11] = 255, 127, 0, 0, 1 };
	struct pst_rec_channel rec = { .h = wire_head(w, PST_REC_CHANNEL, sizeof(rec)),
				       .cookie = 5000 + loopback,
				       .kind = PST_KIND_TCP_LISTEN,
				       .local_port = 8080,
				       .family = AF_INET,
				       .sock_type = SOCK_STREAM,
				       .protocol = IPPROTO_TCP };

	memcpy(rec.local, loopback ? own : any, sizeof(rec.local));
	wire_send(w, &rec, sizeof(rec));
}

static void each_sort_of_channel_is_counted_apart(void **state)
{
	struct wire *w = *state;
	struct pst_vendors rows;

	listen_on(w, true);
	listen_on(w, false);
	raw_socket(w);
	wire_connect(w, 443);
	rows = rows_of(w);
	assert_int_equal(rows.list[0].count[PST_VENDOR_LISTENS], 1);
	assert_int_equal(rows.list[0].count[PST_VENDOR_EXTERNAL], 1);
	assert_int_equal(rows.list[0].count[PST_VENDOR_UNUSUAL], 1);
	assert_int_equal(rows.channels[rows.list[0].first[PST_VENDOR_UNUSUAL]].channel->key.kind,
			 PST_RAW);
	pst_vendors_free(&rows);
}

static void those_without_a_contract_stand_first_and_busy_ones_before_quiet_ones(void **state)
{
	struct wire *w = *state;
	struct pst_vendors rows;

	wire_connect(w, 443); /* of the agent, which a contract binds */
	wire_connect(w, 444);
	run_own(w, 20, "quiet");
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	run_own(w, 21, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	wire_connect(w, 443);
	rows = rows_of(w);
	assert_int_equal(rows.count, 3);
	assert_int_equal(rows.unbound, 2);
	assert_string_equal(rows.list[0].program->path, "/usr/bin/tool");
	assert_string_equal(rows.list[1].program->path, "/usr/bin/quiet");
	assert_string_equal(rows.list[2].program->path, "/opt/acme/agent");
	assert_string_equal(rows.list[2].contract->id, "acme");
	pst_vendors_free(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(an_upgraded_program_is_one_row),
		WIRE_CASE(a_script_is_one_row_whatever_ran_it),
		WIRE_CASE(what_two_processes_hold_is_told_once),
		WIRE_CASE(what_a_vendors_program_started_is_counted_to_it),
		WIRE_CASE(each_sort_of_channel_is_counted_apart),
		WIRE_CASE(those_without_a_contract_stand_first_and_busy_ones_before_quiet_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
