// SPDX-License-Identifier: Apache-2.0
/* Does coverage say what is seen, late or not at all, and why? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/coverage.h"

#define HOOKS_MAX 64

static struct pst_hook hooks[HOOKS_MAX];
static size_t count;
static struct pst_coverage cover;

static int no_hooks(void **state)
{
	(void)state;
	memset(hooks, 0, sizeof(hooks));
	count = 0;
	return 0;
}

static struct pst_hook *hook(const char *slot, enum pst_hook_state state)
{
	struct pst_hook *one = &hooks[count++];

	one->state = state;
	(void)snprintf(one->slot, sizeof(one->slot), "%s", slot);
	return one;
}

static size_t row(const char *name)
{
	size_t rows, i;
	const struct pst_cover *list = pst_cover_rows(&rows);

	for (i = 0; i < rows && strcmp(list[i].name, name) != 0; i++)
		;
	assert_true(i < rows);
	return i;
}

static void judge(void)
{
	const struct pst_coverage_in in = {
		.hooks = hooks, .count = count, .dns = true, .first_bytes = true
	};

	pst_coverage_judge(&in, &cover);
}

static void assert_row(const char *name, enum pst_cover_state state, const char *by,
		       const char *reason)
{
	size_t i = row(name);

	if (cover.state[i] != state || strcmp(cover.by[i], by) || strcmp(cover.reason[i], reason))
		fail_msg("%s is %s by '%s', because '%s'", name,
			 pst_cover_state_name(cover.state[i]), cover.by[i], cover.reason[i]);
}

static void every_kind_has_its_row_and_every_alternative_fits(void **state)
{
	size_t rows;
	const struct pst_cover *list = pst_cover_rows(&rows);

	(void)state;
	assert_true(rows > PST_KINDS && rows <= PST_COVERS_MAX);
	for (int kind = 1; kind < PST_KINDS; kind++)
		(void)row(pst_kind_name((enum pst_kind)kind));
	for (size_t i = 0; i < rows; i++) {
		char copy[256], *rest = copy;

		(void)snprintf(copy, sizeof(copy), "%s|%s", list[i].seen, list[i].late);
		for (const char *one = strsep(&rest, "|"); one; one = strsep(&rest, "|"))
			assert_true(strlen(one) < sizeof(cover.by[0]));
	}
}

static void without_any_hook_everything_is_blind(void **state)
{
	(void)state;
	judge();
	for (size_t i = 0; i < cover.count; i++) {
		assert_int_equal(cover.state[i], PST_COVER_BLIND);
		assert_string_equal(cover.by[i], "");
	}
	assert_row("exec", PST_COVER_BLIND, "", "this build has no program for it");
}

static void an_alternative_needs_all_of_its_slots(void **state)
{
	(void)state;
	(void)hook("connect4", PST_ANSWERED);
	judge();
	assert_row("tcp_connect", PST_COVER_BLIND, "", "this build has no program for it");
	(void)hook("connect6", PST_ANSWERED);
	judge();
	assert_row("tcp_connect", PST_COVER_SEEN, "connect4&connect6", "");
}

static void a_later_alternative_sees_it_as_well(void **state)
{
	(void)state;
	hook("connect4", PST_REFUSED_BY_KERNEL)->error = EPERM;
	(void)hook("tcp_state", PST_ATTACHED);
	judge();
	assert_row("tcp_connect", PST_COVER_SEEN, "tcp_state", "");
}

static void what_only_a_sweep_sees_is_late_and_says_why(void **state)
{
	struct pst_hook *create = hook("lsm_create", PST_REFUSED_BY_KERNEL);

	(void)state;
	(void)snprintf(create->why, sizeof(create->why), "bpf is not in lsm=");
	(void)hook("files", PST_ATTACHED);
	judge();
	assert_row("packet", PST_COVER_LATE, "files", "bpf is not in lsm=");
	(void)hook("send_length", PST_ANSWERED);
	judge();
	assert_row("packet", PST_COVER_LATE, "send_length", "bpf is not in lsm=");
	assert_row("netlink", PST_COVER_LATE, "send_length", "this build has no program for it");
}

static void different_reasons_are_all_named(void **state)
{
	(void)state;
	(void)snprintf(hook("lsm_connect", PST_UNUSED)->why, 64, "switched off by sensor.lsm");
	(void)snprintf(hook("send_length", PST_REFUSED_BY_KERNEL)->why, 64, "no tracepoint");
	(void)snprintf(hook("files", PST_REFUSED_BY_KERNEL)->why, 64, "too old");
	judge();
	assert_row("vsock", PST_COVER_BLIND, "",
		   "switched off by sensor.lsm; no tracepoint; too old");
	assert_row("vsock_listen", PST_COVER_BLIND, "",
		   "this build has no program for it; too old");
	assert_row("sctp_listen", PST_COVER_BLIND, "", "this build has no program for it; too old");
}

static void a_reason_without_words_follows_from_the_state(void **state)
{
	(void)state;
	hook("module", PST_REFUSED_BY_KERNEL)->error = EPERM;
	(void)hook("uring_create", PST_SILENT);
	(void)hook("lsm_tun", PST_UNUSED);
	judge();
	assert_row("modules", PST_COVER_BLIND, "",
		   "refused by the kernel: Operation not permitted");
	assert_row("io_uring", PST_COVER_BLIND, "", "attached, and does not run");
	assert_row("tunnel", PST_COVER_BLIND, "", "not used; this build has no program for it");
}

static void a_silent_rank_counts_only_when_no_other_holds_the_slot(void **state)
{
	(void)state;
	(void)hook("uring_submit", PST_SILENT);
	judge();
	assert_row("io_uring_network", PST_COVER_BLIND, "", "attached, and does not run");
	(void)hook("uring_submit", PST_ATTACHED);
	judge();
	assert_row("io_uring_network", PST_COVER_SEEN, "uring_submit", "");
}

static void a_slot_is_its_whole_name(void **state)
{
	(void)state;
	(void)hook("exe", PST_ANSWERED);
	(void)hook("execs", PST_ANSWERED);
	judge();
	assert_row("exec", PST_COVER_BLIND, "", "this build has no program for it");
}

static void what_the_configuration_switched_off_is_blind(void **state)
{
	struct pst_coverage_in in = { .hooks = hooks, .dns = false, .first_bytes = true };

	(void)state;
	(void)hook("egress", PST_ANSWERED);
	(void)hook("ingress", PST_ANSWERED);
	in.count = count;
	pst_coverage_judge(&in, &cover);
	assert_row("dns", PST_COVER_BLIND, "", "switched off by sensor.dns");
	assert_row("first_bytes", PST_COVER_SEEN, "egress&ingress", "");
	in.dns = true;
	in.first_bytes = false;
	pst_coverage_judge(&in, &cover);
	assert_row("dns", PST_COVER_SEEN, "egress&ingress", "");
	assert_row("first_bytes", PST_COVER_BLIND, "", "switched off by sensor.first_bytes");
}

static void a_row_that_is_seen_worse_has_shrunk(void **state)
{
	struct pst_coverage before;
	char names[64];

	(void)state;
	(void)hook("lsm_create", PST_ANSWERED);
	(void)hook("lsm_tun", PST_ANSWERED);
	(void)hook("files", PST_ATTACHED);
	judge();
	before = cover;
	assert_int_equal(pst_coverage_shrunk(&before, &cover, names, sizeof(names)), 0);
	assert_string_equal(names, "");
	hooks[1].state = PST_SILENT;
	judge();
	assert_int_equal(pst_coverage_shrunk(&before, &cover, names, sizeof(names)), 1);
	assert_string_equal(names, "tunnel late");
	assert_int_equal(pst_coverage_shrunk(&cover, &before, names, sizeof(names)), 0);
	hooks[0].state = PST_SILENT;
	judge();
	assert_true(pst_coverage_shrunk(&before, &cover, names, sizeof(names)) > 2);
	assert_non_null(strstr(names, "packet late, xdp late"));
}

static void nothing_shrinks_from_what_was_not_judged(void **state)
{
	const struct pst_coverage none = { .count = 0 };
	char names[8] = "x";

	(void)state;
	judge();
	assert_int_equal(pst_coverage_shrunk(&none, &cover, names, sizeof(names)), 0);
	assert_string_equal(names, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_kind_has_its_row_and_every_alternative_fits, no_hooks),
		cmocka_unit_test_setup(without_any_hook_everything_is_blind, no_hooks),
		cmocka_unit_test_setup(an_alternative_needs_all_of_its_slots, no_hooks),
		cmocka_unit_test_setup(a_later_alternative_sees_it_as_well, no_hooks),
		cmocka_unit_test_setup(what_only_a_sweep_sees_is_late_and_says_why, no_hooks),
		cmocka_unit_test_setup(different_reasons_are_all_named, no_hooks),
		cmocka_unit_test_setup(a_reason_without_words_follows_from_the_state, no_hooks),
		cmocka_unit_test_setup(a_silent_rank_counts_only_when_no_other_holds_the_slot,
				       no_hooks),
		cmocka_unit_test_setup(a_slot_is_its_whole_name, no_hooks),
		cmocka_unit_test_setup(what_the_configuration_switched_off_is_blind, no_hooks),
		cmocka_unit_test_setup(a_row_that_is_seen_worse_has_shrunk, no_hooks),
		cmocka_unit_test_setup(nothing_shrinks_from_what_was_not_judged, no_hooks),
	};

	return cmocka_run_group_tests_name("engine/coverage", tests, NULL, NULL);
}
