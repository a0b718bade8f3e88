// SPDX-License-Identifier: Apache-2.0
/* Is a changed file told once, and are the channels that came with it one difference? */
#include "identity_fixture.h"

#define CONTRACT_OF_NOBODY                                   \
	"{\"format\":1,\"contract\":\"none\",\"version\":1," \
	"\"software\":[{\"path\":\"/nowhere\"}],\"channels\":[]}"

static void upgrade(struct wire *w, uint32_t tgid)
{
	w->inode++;
	wire_exec(w, tgid, "agent");
}

static void another_hash_of_bound_software_is_told_once(void **state)
{
	struct wire *w = *state;

	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 0);
	upgrade(w, 11);
	w->sha256 = 0x11;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "8" });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"program_changed\""));
	assert_true(wire_last_alert_has(w, "it was acme 7 and is acme 8"));
	assert_true(wire_last_alert_has(w, "\"process\":{\"name\":\"agent\""));
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "8" });
	assert_int_equal(w->alerts, 1);
}

static void the_same_content_in_another_file_is_no_change(void **state)
{
	struct wire *w = *state;

	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	upgrade(w, 11);
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 0);
}

static void a_file_that_was_touched_before_it_was_read_is_told_once(void **state)
{
	struct wire *w = *state;

	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	upgrade(w, 11);
	w->hash_state = PST_IDENT_UNVERIFIED;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"program_changed\""));
	assert_true(wire_last_alert_has(w, "now: not known"));
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 1);
}

static void a_file_that_was_never_replaced_may_be_touched(void **state)
{
	struct wire *w = *state;

	w->hash_state = PST_IDENT_UNVERIFIED;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 0);
}

static void software_of_the_distribution_may_change(void **state)
{
	struct wire *w = *state;

	run_own(w, 20, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_DISTRO, "tools", "1" });
	w->inode++;
	run_own(w, 21, "tool");
	w->sha256 = 0x11;
	answer(w, (struct answer){ PST_IDENT_OWNER_DISTRO, "tools", "2" });
	assert_int_equal(w->alerts, 0);
}

/* Vendor software under no contract, which has settled. */
static void settle(struct wire *w)
{
	wire_reload(w, CONTRACT_OF_NOBODY);
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_tick(w, 700);
	wire_tick(w, 700);
	assert_int_equal(w->alerts, 0);
}

static void from_the_first_moment_of_the_new_file_on_new_peers_are_one_finding(void **state)
{
	struct wire *w = *state;

	settle(w);
	wire_connect(w, 443);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"undeclared_channel\""));
	wire_tick(w, 1000);
	upgrade(w, 11);
	wire_connect(w, 80); /* nobody knows yet what the file is */
	assert_true(wire_last_alert_has(w, "\"changed_channels\""));
	w->sha256 = 0x11;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "8" });
	assert_true(wire_last_alert_has(w, "\"program_changed\""));
	wire_connect(w, 81);
	wire_tick(w, 1000);
	assert_true(wire_last_alert_has(w, "has 2 external peers that are new since"));
	assert_true(wire_last_alert_has(w, "\"count\":2"));
}

static void what_had_just_settled_is_settled_as_its_next_release(void **state)
{
	struct wire *w = *state;

	w->config->settle_ns = 2 * WIRE_S;
	wire_restart(w, 64);
	wire_reload(w, CONTRACT_OF_NOBODY);
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_tick(w, 3);
	upgrade(w, 11);
	wire_connect(w, 80);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"changed_channels\""));
}

static void what_was_never_told_is_new_with_the_next_file_too(void **state)
{
	struct wire *w = *state;
	uint64_t told;

	wire_reload(w, CONTRACT_OF_NOBODY);
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_connect(w, 80);
	wire_tick(w, 5);
	upgrade(w, 11); /* it has not settled: nobody was told of that peer */
	wire_tick(w, 700);
	wire_tick(w, 700);
	told = w->alerts;
	wire_connect(w, 80);
	assert_int_equal(w->alerts, told + 1);
	assert_true(wire_last_alert_has(w, "\"undeclared_channel\""));
}

static void after_the_window_each_peer_is_its_own_again(void **state)
{
	struct wire *w = *state;

	settle(w);
	upgrade(w, 11);
	w->sha256 = 0x11;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "8" });
	wire_tick(w, 24 * 3600 - 1);
	wire_connect(w, 80);
	assert_true(wire_last_alert_has(w, "\"changed_channels\""));
	wire_tick(w, 2);
	wire_connect(w, 81);
	assert_true(wire_last_alert_has(w, "\"undeclared_channel\""));
}

static void a_file_that_turns_out_to_be_the_same_has_no_window(void **state)
{
	struct wire *w = *state;

	settle(w);
	upgrade(w, 11);
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_tick(w, 61);
	wire_connect(w, 80);
	assert_true(wire_last_alert_has(w, "\"undeclared_channel\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(another_hash_of_bound_software_is_told_once),
		WIRE_CASE(the_same_content_in_another_file_is_no_change),
		WIRE_CASE(a_file_that_was_touched_before_it_was_read_is_told_once),
		WIRE_CASE(a_file_that_was_never_replaced_may_be_touched),
		WIRE_CASE(software_of_the_distribution_may_change),
		WIRE_CASE(from_the_first_moment_of_the_new_file_on_new_peers_are_one_finding),
		WIRE_CASE(what_had_just_settled_is_settled_as_its_next_release),
		WIRE_CASE(what_was_never_told_is_new_with_the_next_file_too),
		WIRE_CASE(after_the_window_each_peer_is_its_own_again),
		WIRE_CASE(a_file_that_turns_out_to_be_the_same_has_no_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
