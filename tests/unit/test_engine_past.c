// SPDX-License-Identifier: Apache-2.0
/* Is all that channels did in the history once, and is what an earlier session knew no news? */
#include <glob.h>

#include "base/text.h"
#include "engine/source.h"
#include "past_fixture.h"

static void what_a_channel_did_is_added_once(void **state)
{
	struct wire *w = *state;
	const struct pst_past_channel *past;

	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ 80, 3, 2, 1, 100 });
	assert_int_equal(wire_past_port(w, AGENT, 80)->count.attempts, 3);
	(void)wire_history(w);
	wire_sample(w, (struct wire_count){ 80, 5, 4, 1, 250 });
	wire_tick(w, 400);
	(void)wire_history(w);
	pst_engine_end(w->engine);
	past = wire_past_port(w, AGENT, 80);
	assert_int_equal(past->count.attempts, 5);
	assert_int_equal(past->count.established, 4);
	assert_int_equal(past->count.bytes_out, 250);
}

static void a_session_adds_to_the_one_before(void **state)
{
	struct wire *w = *state;
	const struct pst_past_channel *past;

	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ 80, 3, 2, 1, 100 });
	wire_next_session(w);
	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ 80, 2, 2, 0, 30 });
	past = wire_past_port(w, AGENT, 80);
	assert_int_equal(past->count.attempts, 5);
	assert_int_equal(past->count.bytes_out, 130);
	assert_int_equal(past->time.first_s, 1000);
	assert_int_equal(past->time.last_s, 900000);
	assert_int_equal(past->time.days_total, 2);
	assert_int_equal(past->time.days, 1 | 1 << 10);
	assert_int_equal(wire_past(w, AGENT)->execs, 2);
}

static void what_is_forgotten_and_comes_back_is_not_counted_twice(void **state)
{
	struct wire *w = *state;

	wire_restart(w, 1);
	pst_history_free(w->engine->past.history); /* only the profile forgets */
	w->engine->past.history = pst_history_new(&(struct pst_history_keys){ 0 });
	wire_sample(w, (struct wire_count){ 80, 3, 2, 1, 100 });
	wire_connect(w, 81); /* makes room */
	wire_sample(w, (struct wire_count){ 80, 4, 2, 1, 150 });
	assert_int_equal(wire_past_port(w, AGENT, 80)->count.attempts, 4);
	assert_int_equal(wire_past_port(w, AGENT, 80)->count.bytes_out, 150);
	assert_int_equal(wire_past_port(w, AGENT, 81)->count.attempts, 1);
}

static void what_an_image_did_stays_its_own_when_another_follows(void **state)
{
	struct wire *w = *state;

	pst_engine_contracts(w->engine, pst_contracts_new());
	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ 80, 3, 2, 1, 100 });
	w->task.image.exec_ns++;
	wire_exec(w, 10, "other");
	assert_int_equal(wire_past_port(w, AGENT, 80)->count.bytes_out, 100);
}

/* A lineage as attrib has it: @caller executed @path. */
static struct pst_image *run_of(struct pst_image *image, struct pst_program *program,
				struct pst_image *caller, const char *unit)
{
	static uint32_t pid = 100;

	*image = (struct pst_image){ .id = { .tgid = pid++ },
				     .program = program,
				     .prev = caller,
				     .contract = -1,
				     .software = -1,
				     .cgroup = (char *)"",
				     .unit = (char *)unit };
	return image;
}

static void a_channel_is_charged_to_contract_vendor_service_or_itself(void **state)
{
	struct pst_program init = { .path = (char *)"/sbin/init" };
	struct pst_program nginx = { .path = (char *)"/usr/sbin/nginx" };
	struct pst_program agent = { .path = (char *)AGENT, .vendor = true };
	struct pst_program shell = { .path = (char *)"/bin/sh" };
	struct pst_image images[6], *systemd, *server, *worker, *vendor, *child;

	(void)state;
	systemd = run_of(&images[0], &init, NULL, "init.scope");
	server = run_of(&images[1], &nginx, systemd, "nginx.service");
	worker = run_of(&images[2], &shell, server, "nginx.service");
	assert_ptr_equal(pst_past_charged(worker), server);
	assert_ptr_equal(pst_past_charged(server), server);
	assert_ptr_equal(pst_past_charged(systemd), systemd);
	vendor = run_of(&images[3], &agent, server, "nginx.service");
	child = run_of(&images[4], &shell, vendor, "nginx.service");
	assert_ptr_equal(pst_past_charged(child), vendor);
	child->contract = 0;
	child->binder = server;
	assert_ptr_equal(pst_past_charged(child), server);
	child = run_of(&images[5], &shell, systemd, "session-1.scope");
	assert_ptr_equal(pst_past_charged(child), child);
}

static void a_wrapper_of_a_service_is_not_charged(void **state)
{
	struct pst_program init = { .path = (char *)"/sbin/init" };
	struct pst_program setpriv = { .path = (char *)"/usr/bin/setpriv" };
	struct pst_program postgres = { .path = (char *)"/usr/bin/postgres" };
	struct pst_program shell = { .path = (char *)"/bin/sh" };
	struct pst_image images[4], *wrapper, *server, *child;

	(void)state;
	wrapper = run_of(&images[1], &setpriv, run_of(&images[0], &init, NULL, "init.scope"),
			 "pg.service");
	server = run_of(&images[2], &postgres, wrapper, "pg.service");
	server->id.tgid = wrapper->id.tgid; /* the same process went on as it */
	child = run_of(&images[3], &shell, server, "pg.service");
	assert_ptr_equal(pst_past_charged(server), server);
	assert_ptr_equal(pst_past_charged(child), server);
	assert_ptr_equal(pst_past_charged(wrapper), wrapper);
}

static bool has_fact(struct wire *w, const char *path, enum pst_past_what what, const char *text)
{
	const struct pst_past_program *program = wire_past(w, path);

	for (size_t i = 0; i < program->fact_count; i++) {
		if (program->facts[i].what == what && strcmp(program->facts[i].text, text) == 0)
			return true;
	}
	return false;
}

static void wire_act(struct wire *w, uint16_t act, const char *name)
{
	struct pst_rec_act rec = { .h = wire_head(w, PST_REC_ACT, sizeof(rec)), .act = act };

	rec.name_len = (uint16_t)strlen(name);
	memcpy(rec.name, name, rec.name_len);
	wire_send(w, &rec, sizeof(rec));
}

static void what_it_did_beside_channels_is_noted(void **state)
{
	struct wire *w = *state;

	assert_int_equal(wire_past(w, AGENT)->fact_count, 0);
	wire_act(w, PST_ACT_MODULE, "net-pf-40");
	wire_act(w, PST_ACT_URING_NETWORK, "");
	wire_act(w, PST_ACT_BPF_LOAD, "");
	assert_true(has_fact(w, AGENT, PST_PAST_MODULE, "net-pf-40"));
	assert_true(has_fact(w, AGENT, PST_PAST_URING, ""));
	assert_true(has_fact(w, AGENT, PST_PAST_BPF, "0"));
	assert_int_equal(wire_past(w, AGENT)->fact_count, 3);
}

static void a_channel_of_an_earlier_session_is_no_new_peer(void **state)
{
	struct wire *w = *state;

	pst_engine_contracts(w->engine, pst_contracts_new());
	wire_connect(w, 80);
	wire_tick(w, 700); /* it settles */
	assert_true(wire_past(w, AGENT)->settled);
	assert_int_equal(w->alerts, 1); /* standing_channels */
	wire_connect(w, 82);
	assert_int_equal(w->alerts, 2); /* undeclared_channel: new */
	wire_next_session(w);
	wire_tick(w, 1);
	wire_connect(w, 80);
	assert_int_equal(w->alerts, 0);
	wire_connect(w, 81);
	assert_int_equal(w->alerts, 1); /* settled at once: this one is new */
	assert_true(wire_last_alert_has(w, "\"code\":\"undeclared_channel\""));
	wire_tick(w, 700);
	assert_int_equal(w->alerts, 1); /* standing_channels is not told again */
}

static void what_an_earlier_session_never_told_is_a_new_peer(void **state)
{
	struct wire *w = *state;

	pst_engine_contracts(w->engine, pst_contracts_new());
	wire_connect(w, 80);
	wire_tick(w, 1); /* it has not settled: nobody was told */
	assert_false(wire_past(w, AGENT)->settled);
	wire_next_session(w);
	wire_tick(w, 700); /* it settles without that peer */
	assert_true(wire_past(w, AGENT)->settled);
	wire_connect(w, 80);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"code\":\"undeclared_channel\""));
}

static void a_listener_of_an_earlier_session_is_no_new_one(void **state)
{
	struct wire *w = *state;

	pst_engine_contracts(w->engine, pst_contracts_new());
	wire_listen(w, 9005);
	assert_int_equal(w->alerts, 1);
	wire_next_session(w);
	wire_listen(w, 9005);
	assert_int_equal(w->alerts, 0);
	wire_listen(w, 9006);
	assert_int_equal(w->alerts, 1);
}

static void what_an_alert_told_is_marked(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	wire_connect(w, 443);
	assert_false(wire_past_port(w, AGENT, 80)->proposed);
	assert_true(wire_past_port(w, AGENT, 443)->proposed);
	assert_int_equal(wire_past_port(w, AGENT, 443)->verdict, PST_UNDECLARED);
}

static void the_time_that_a_program_ran_is_summed(void **state)
{
	struct wire *w = *state;

	wire_tick(w, 300);
	(void)wire_history(w);
	wire_exec(w, 11, "agent"); /* a second process of it */
	wire_tick(w, 100);
	assert_in_range(wire_past(w, AGENT)->seen_s, 399, 401);
}

/* ---- recordings ---- */

static void no_record(void *context, const struct pst_record *record)
{
	(void)context;
	(void)record;
}

static bool sum_profile(void *context, struct pst_channel *channel)
{
	struct pst_counters *sum = context;

	sum->attempts += channel->count.attempts;
	sum->established += channel->count.established;
	sum->failures += channel->count.failures;
	sum->closed += channel->count.closed;
	sum->bytes_out += channel->count.bytes_out;
	sum->bytes_in += channel->count.bytes_in;
	sum->taken += channel->count.taken;
	sum->bursts += channel->count.bursts;
	return true;
}

static bool sum_history(void *context, struct pst_past_program *program)
{
	for (size_t i = 0; i < program->channel_count; i++) {
		struct pst_channel channel = pst_past_channel_of(program->channels[i]);

		(void)sum_profile(context, &channel); /* always goes on */
	}
	return true;
}

static uint64_t replay(const char *path, const struct pst_config *config)
{
	const struct pst_engine_keys keys = { .config = config, .emit = no_record };
	struct pst_engine *engine = pst_engine_new(&keys);
	struct pst_counters profile = { .attempts = 0 }, history = { .attempts = 0 };
	struct pst_source_report report;

	assert_non_null(engine);
	assert_int_equal(pst_source_file(engine, path, &report), 0);
	pst_profile_each(engine->profile, sum_profile, &profile);
	pst_history_each(engine->past.history, sum_history, &history);
	if (memcmp(&profile, &history, sizeof(profile)) != 0)
		fail_msg("%s: sums differ: %llu and %llu attempts, %llu and %llu bytes out", path,
			 (unsigned long long)profile.attempts, (unsigned long long)history.attempts,
			 (unsigned long long)profile.bytes_out,
			 (unsigned long long)history.bytes_out);
	assert_int_equal(engine->past.homeless, 0);
	pst_engine_free(engine);
	return profile.attempts;
}

static void the_sums_of_recordings_are_those_of_their_profiles(void **state)
{
	struct wire *w = *state;
	uint64_t attempts = 0;
	glob_t found;

	assert_int_equal(glob("tests/replay/cases/*/*.pst", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		attempts += replay(found.gl_pathv[i], w->config);
	globfree(&found);
	assert_true(attempts > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(what_a_channel_did_is_added_once),
		WIRE_CASE(a_session_adds_to_the_one_before),
		WIRE_CASE(what_is_forgotten_and_comes_back_is_not_counted_twice),
		WIRE_CASE(what_an_image_did_stays_its_own_when_another_follows),
		cmocka_unit_test(a_channel_is_charged_to_contract_vendor_service_or_itself),
		cmocka_unit_test(a_wrapper_of_a_service_is_not_charged),
		WIRE_CASE(what_it_did_beside_channels_is_noted),
		WIRE_CASE(a_channel_of_an_earlier_session_is_no_new_peer),
		WIRE_CASE(what_an_earlier_session_never_told_is_a_new_peer),
		WIRE_CASE(a_listener_of_an_earlier_session_is_no_new_one),
		WIRE_CASE(what_an_alert_told_is_marked),
		WIRE_CASE(the_time_that_a_program_ran_is_summed),
		WIRE_CASE(the_sums_of_recordings_are_those_of_their_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
