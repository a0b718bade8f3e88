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

#define SHA1 2
#define SHA256 4

static void what_the_kernel_measured_stands_in_for_a_hash_of_ours(void **state)
{
	struct wire *w = *state;

	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	w->inode++;
	measured(w, SHA256, 0x22);
	wire_exec(w, 11, "agent");
	w->hash_state = PST_IDENT_GONE;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "8" });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "it was acme 7 and is acme 8"));
	assert_true(wire_last_alert_has(w, "; now: 2222"));
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "8" });
	assert_int_equal(w->alerts, 1);
}

static void a_file_that_only_the_kernel_read_is_not_hidden(void **state)
{
	struct wire *w = *state;

	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	w->inode++;
	measured(w, SHA256, 0x22);
	wire_exec(w, 11, "agent");
	w->hash_state = PST_IDENT_GONE;
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "and is the file 2222"));
	assert_true(wire_last_alert_has(w, "\"severity\":3,"));
}

static void what_is_measured_after_the_answer_counts_too(void **state)
{
	struct wire *w = *state;

	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	upgrade(w, 11);
	w->hash_state = PST_IDENT_TOO_BIG;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 0);
	measured(w, SHA256, 0x22);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "is not the file that it was, but still acme 7"));
}

static void a_digest_by_another_algorithm_says_nothing_of_a_change(void **state)
{
	struct wire *w = *state;

	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	w->inode++;
	measured(w, SHA1, 0x22);
	wire_exec(w, 11, "agent");
	w->hash_state = PST_IDENT_TOO_BIG;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 0);
}

static void a_file_that_reads_otherwise_than_it_was_measured_is_told_once(void **state)
{
	struct wire *w = *state;

	measured(w, SHA256, 0x22);
	assert_int_equal(w->alerts, 0);
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"program_changed\""));
	assert_true(wire_last_alert_has(w, "is not the file that the kernel measured"));
	assert_true(wire_last_alert_has(w, "\"hashes_differ\":true"));
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_int_equal(w->alerts, 1);
}

static void software_of_the_distribution_may_read_otherwise(void **state)
{
	struct wire *w = *state;

	w->inode = 77;
	measured(w, SHA256, 0x22);
	run_own(w, 20, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_DISTRO, "tools", "1" });
	assert_int_equal(w->alerts, 0);
}

static void where_nobody_is_asked_the_kernels_digest_is_reviewed(void **state)
{
	struct wire *w = *state;

	w->config->identity_hash = w->config->identity_packages = false;
	w->inode++;
	measured(w, SHA256, 0x11);
	wire_exec(w, 11, "agent");
	assert_int_equal(w->alerts, 0);
	w->inode++;
	measured(w, SHA256, 0x22);
	wire_exec(w, 12, "agent");
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "SHA-256 before: 1111"));
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
		WIRE_CASE(what_the_kernel_measured_stands_in_for_a_hash_of_ours),
		WIRE_CASE(a_file_that_only_the_kernel_read_is_not_hidden),
		WIRE_CASE(what_is_measured_after_the_answer_counts_too),
		WIRE_CASE(a_digest_by_another_algorithm_says_nothing_of_a_change),
		WIRE_CASE(a_file_that_reads_otherwise_than_it_was_measured_is_told_once),
		WIRE_CASE(software_of_the_distribution_may_read_otherwise),
		WIRE_CASE(where_nobody_is_asked_the_kernels_digest_is_reviewed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
