// SPDX-License-Identifier: Apache-2.0
/* Does health say what is not seen, since when, and whose records were lost? */
#include "engine_fixture.h"

#include <errno.h>
#include <stdlib.h>

#include "engine/view.h"

struct hook {
	const char *slot, *program;
	uint32_t state, error;
	const char *why;
};

static void send_hook(struct wire *w, const struct hook *hook)
{
	struct pst_rec_hook rec = { .h = wire_head(w, PST_REC_HOOK, sizeof(rec)),
				    .state = hook->state,
				    .error = hook->error,
				    .rank = 1 };

	(void)snprintf((char *)rec.slot, sizeof(rec.slot), "%s", hook->slot);
	(void)snprintf((char *)rec.program, sizeof(rec.program), "%s", hook->program);
	if (hook->why)
		(void)snprintf((char *)rec.why, sizeof(rec.why), "%s", hook->why);
	wire_send(w, &rec, sizeof(rec));
}

static void send_loss_of(struct wire *w, uint32_t reason, uint64_t cgroup, uint64_t lost)
{
	struct pst_rec_loss rec = { .h = wire_head(w, PST_REC_LOSS, sizeof(rec)),
				    .lost = lost,
				    .reason = reason };

	memset(&rec.h.task, 0, sizeof(rec.h.task));
	rec.h.task.cgroup_id = cgroup;
	wire_send(w, &rec, sizeof(rec));
}

static void send_loss(struct wire *w, uint64_t cgroup, uint64_t lost)
{
	send_loss_of(w, PST_LOSS_RING, cgroup, lost);
}

static bool health_has(const struct wire *w, const char *part)
{
	if (strstr(w->health, part))
		return true;
	fprintf(stderr, "no %s in %s\n", part, w->health);
	return false;
}

static void a_heartbeat_says_what_is_not_seen_at_once(void **state)
{
	struct wire *w = *state;

	send_hook(w, &(struct hook){ "exec", "pst_exec", PST_HOOK_ANSWERED, 0, NULL });
	send_hook(w, &(struct hook){ "files", "pst_files", PST_HOOK_ATTACHED, 0, NULL });
	wire_tick(w, 1);
	assert_true(health_has(w, "\"action\":\"started\""));
	assert_true(health_has(w, "\"state\":\"ok\""));
	assert_true(health_has(w, "\"coverage\":{\"seen\":2,\"late\":[\"tcp_connect\","));
	assert_true(health_has(w, "\"blind\":["));
}

static void a_loss_is_told_by_its_reasons_since_the_last_heartbeat(void **state)
{
	struct wire *w = *state;

	wire_tick(w, 1);
	send_loss_of(w, PST_LOSS_RING, 17, 5);
	send_loss_of(w, PST_LOSS_RING, 18, 2);
	send_loss_of(w, PST_LOSS_MAP, 0, 4);
	send_loss_of(w, PST_LOSS_DNS, 17, 9); /* no fault */
	wire_tick(w, 10000);
	assert_non_null(strstr(w->loss,
			       "\"message\":\"11 records were lost since the last heartbeat: "
			       "7 by ring buffer full, 4 by map full\""));
	send_loss_of(w, PST_LOSS_STORAGE, 17, 1);
	wire_tick(w, 10000);
	assert_non_null(strstr(w->loss,
			       "\"message\":\"1 records were lost since the last heartbeat: "
			       "1 by no storage for a socket's owner\""));
}

static void slots_that_miss_for_one_reason_are_told_once(void **state)
{
	struct wire *w = *state;

	send_hook(w, &(struct hook){ "exec", "pst_exec", PST_HOOK_ANSWERED, 0, NULL });
	send_hook(w, &(struct hook){ "lsm_create", "pst_lsm_create", PST_HOOK_REFUSED, EOPNOTSUPP,
				     "bpf is not in lsm=" });
	send_hook(w, &(struct hook){ "lsm_tun", "pst_lsm_tun", PST_HOOK_REFUSED, EOPNOTSUPP,
				     "bpf is not in lsm=" });
	wire_tick(w, 1);
	assert_true(health_has(w, "\"action\":\"hook-missing\""));
	assert_true(health_has(w, "slots lsm_create, lsm_tun are not covered: "
				  "bpf is not in lsm="));
	wire_tick(w, 3600);
	assert_true(health_has(w, "\"action\":\"heartbeat\""));
	assert_true(health_has(w, "\"state\":\"ok\"")); /* nothing is broken */
}

static void a_silent_slot_is_degraded_and_one_switched_off_is_not(void **state)
{
	struct wire *w = *state;

	send_hook(w, &(struct hook){ "lsm_tun", "pst_lsm_tun", PST_HOOK_UNUSED, 0,
				     "switched off by sensor.lsm" });
	wire_tick(w, 1);
	wire_tick(w, 3600);
	assert_true(health_has(w, "\"state\":\"ok\""));
	send_hook(w, &(struct hook){ "exec", "pst_exec", PST_HOOK_SILENT, 0, NULL });
	wire_tick(w, 3600);
	assert_true(health_has(w, "\"state\":\"degraded\""));
}

static void a_slot_with_nothing_to_see_here_is_not_told_as_missing(void **state)
{
	struct wire *w = *state;

	send_hook(w, &(struct hook){ "exec", "pst_exec", PST_HOOK_ANSWERED, 0, NULL });
	send_hook(w, &(struct hook){ "lsm_measured", "pst_lsm_measured", PST_HOOK_UNUSED,
				     EOPNOTSUPP, "no IMA in this kernel" });
	w->health[0] = '\0';
	wire_tick(w, 1);
	assert_true(health_has(w, "\"action\":\"started\""));
	wire_tick(w, 3600);
	assert_true(health_has(w, "\"state\":\"ok\""));
	assert_true(health_has(w, "\"measured\"")); /* among what is blind */
}

static void coverage_that_shrinks_is_told_at_once(void **state)
{
	struct wire *w = *state;

	send_hook(w, &(struct hook){ "lsm_tun", "pst_lsm_tun", PST_HOOK_ATTACHED, 0, NULL });
	wire_tick(w, 1);
	assert_true(health_has(w, "\"action\":\"started\""));
	send_hook(w, &(struct hook){ "lsm_tun", "pst_lsm_tun", PST_HOOK_SILENT, 0,
				     "kernel.ftrace_enabled is 0" });
	wire_tick(w, 1);
	assert_true(health_has(w, "\"action\":\"coverage-shrunk\""));
	assert_true(health_has(w, "\"code\":\"COVERAGE_SHRUNK\""));
	assert_true(health_has(w, "less is seen than before: tunnel blind"));
	assert_true(health_has(w, "\"coverage\":{\"seen\":0,"));
	send_hook(w, &(struct hook){ "lsm_tun", "pst_lsm_tun", PST_HOOK_ATTACHED, 0, NULL });
	w->health[0] = '\0';
	wire_tick(w, 1);
	assert_string_equal(w->health, ""); /* what grows waits for the heartbeat */
}

static void losses_name_the_cgroups_that_lost_most(void **state)
{
	struct wire *w = *state;

	wire_tick(w, 1);
	send_loss(w, 17, 3);
	send_loss(w, 0, 100);
	send_loss(w, 18, 5);
	send_loss(w, 17, 4);
	wire_tick(w, 3600);
	assert_true(health_has(w, "\"lost\":112"));
	assert_true(health_has(
		w, "\"losses\":[{\"reason\":\"ring buffer full\",\"cgroup_id\":\"17\",\"count\":7},"
		   "{\"reason\":\"ring buffer full\",\"cgroup_id\":\"18\",\"count\":5}]"));
}

static void what_is_beyond_a_limit_is_told_and_degrades_nothing(void **state)
{
	struct wire *w = *state;

	send_hook(w, &(struct hook){ "exec", "pst_exec", PST_HOOK_ANSWERED, 0, NULL });
	wire_tick(w, 1);
	send_loss_of(w, PST_LOSS_DNS, 17, 7);
	wire_tick(w, 3600);
	assert_true(health_has(w, "\"state\":\"ok\""));
	assert_true(health_has(w, "\"lost\":7"));
	assert_true(health_has(w, "{\"reason\":\"DNS messages beyond the limit\","));
	send_loss_of(w, PST_LOSS_DNS, 17, 7);
	send_loss(w, 17, 2);
	wire_tick(w, 3600);
	assert_true(health_has(w, "\"state\":\"degraded\""));
}

static void warnings_wait_for_the_stream_and_are_told_once(void **state)
{
	static const struct pst_warning first = { "contract-versions", "VERSIONS_UNKNOWN",
						  "the file is torn" };
	struct wire *w = *state;

	pst_engine_warn(w->engine, &first);
	assert_string_equal(w->health, "");
	wire_tick(w, 1);
	assert_true(health_has(w, "\"action\":\"contract-versions\""));
	assert_true(health_has(w, "\"code\":\"VERSIONS_UNKNOWN\""));
	assert_true(health_has(w, "\"message\":\"the file is torn\""));
	wire_tick(w, 3600);
	assert_true(health_has(w, "\"action\":\"heartbeat\""));
	pst_engine_warn(w->engine, &first);
	assert_true(health_has(w, "\"action\":\"contract-versions\""));
}

static void a_reload_says_who_signed_what_is_in_force(void **state)
{
	struct wire *w = *state;
	struct pst_contracts *set = wire_contracts(WIRE_CONTRACT("2", ""));

	wire_tick(w, 1);
	assert_true(health_has(w, "\"contract\":{\"loaded\":1,\"signed\":0,"));
	pst_engine_reload(w->engine, set, 0, NULL);
	assert_true(health_has(w, "\"action\":\"contract-loaded\""));
	assert_true(health_has(w, "1 contract is in force: acme version 2 unsigned"));
	set = wire_contracts(WIRE_CONTRACT("3", ""));
	pst_contracts_sign(set, "acme.pub (0123456789abcdef)");
	pst_engine_reload(w->engine, set, 0, NULL);
	assert_true(health_has(w, "acme version 3 signed by acme.pub (0123456789abcdef)"));
	assert_true(health_has(w, "\"contract\":{\"loaded\":1,\"signed\":1,"));
}

static void questions_without_an_answer_are_shown(void **state)
{
	struct wire *w = *state;
	struct pst_rec_vitals rec = { .h = wire_head(w, PST_REC_VITALS, sizeof(rec)),
				      .identity_refused = 7 };
	char *page;

	wire_send(w, &rec, sizeof(rec));
	wire_tick(w, 1);
	assert_true(health_has(w, "\"identity\":{\"refused\":7}"));
	assert_true(health_has(w, "\"state\":\"ok\"")); /* what waits too long is asked again */
	page = pst_view_status(w->engine, PST_VIEW_TEXT);
	assert_non_null(page);
	assert_non_null(strstr(page, "identity_refused   7\n"));
	free(page);
	page = pst_view_status(w->engine, PST_VIEW_JSON);
	assert_non_null(page);
	assert_non_null(strstr(page, "\"identity_refused\":\t7"));
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(a_heartbeat_says_what_is_not_seen_at_once),
		WIRE_CASE(a_loss_is_told_by_its_reasons_since_the_last_heartbeat),
		WIRE_CASE(slots_that_miss_for_one_reason_are_told_once),
		WIRE_CASE(a_silent_slot_is_degraded_and_one_switched_off_is_not),
		WIRE_CASE(a_slot_with_nothing_to_see_here_is_not_told_as_missing),
		WIRE_CASE(coverage_that_shrinks_is_told_at_once),
		WIRE_CASE(losses_name_the_cgroups_that_lost_most),
		WIRE_CASE(what_is_beyond_a_limit_is_told_and_degrades_nothing),
		WIRE_CASE(warnings_wait_for_the_stream_and_are_told_once),
		WIRE_CASE(a_reload_says_who_signed_what_is_in_force),
		WIRE_CASE(questions_without_an_answer_are_shown),
	};

	return cmocka_run_group_tests_name("engine/health", tests, NULL, NULL);
}
