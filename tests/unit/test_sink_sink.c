// SPDX-License-Identifier: Apache-2.0
/* Does a sink take what it was told to, under its own numbers? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "alert_fixture.h"
#include "room.h"
#include "sink/sink.h"

static const char json[] = "{\"event\":{\"kind\":\"x\"}}";
static const struct pst_record alert = {
	.dataset = PST_ALERT, .json = json, .len = sizeof(json) - 1, .sequence_at = 10
};
static const struct pst_record channel = {
	.dataset = PST_CHANNEL_RECORD, .json = json, .len = sizeof(json) - 1, .sequence_at = 10
};

static void an_unknown_kind_is_refused(void **state)
{
	const struct pst_sink_keys keys = { .target = "x" };
	struct pst_sink *sink = NULL;

	(void)state;
	assert_int_equal(pst_sink_new("kafka", &keys, &sink), -EINVAL);
	assert_null(sink);
	pst_sink_free(NULL);
}

static void only_wanted_datasets_are_taken_and_numbered(void **state)
{
	struct room *room = room_new();
	const struct pst_sink_keys keys = { .target = room_path(room, "x"),
					    .datasets = 1u << PST_ALERT };
	struct pst_sink *sink = NULL;
	struct pst_sink_figures figures;

	(void)state;
	assert_int_equal(pst_sink_new("file", &keys, &sink), 0);
	pst_sink_put(sink, &alert);
	pst_sink_put(sink, &channel);
	pst_sink_put(sink, &alert);
	pst_sink_figures(sink, &figures);
	assert_string_equal(figures.name, "file");
	assert_int_equal(figures.sent, 2);
	assert_int_equal(figures.last_sequence, 2);
	assert_non_null(strstr(room_read(room, "x"), "\"sequence\":2"));
	pst_sink_free(sink);
	room_free(room);
}

static struct pst_sink *compact_sink;

static void put_compact(void *context, const struct pst_record *record)
{
	(void)context;
	pst_sink_put(compact_sink, record);
}

static void a_compact_sink_writes_for_people(void **state)
{
	struct room *room = room_new();
	const struct pst_sink_keys keys = { .target = room_path(room, "x"),
					    .datasets = ~0u,
					    .compact = true };
	const struct pst_alert_keys alert_keys = { .redact = true };
	struct fixture *f = fixture_new(NULL);

	(void)state;
	assert_int_equal(pst_sink_new("file", &keys, &compact_sink), 0);
	pst_alerts_free(f->alerts);
	f->alerts = pst_alerts_new(&alert_keys, put_compact, NULL);
	pst_alerts_host(f->alerts, &f->host, 1);
	pst_alerts_contracts(f->alerts, f->contracts);
	pst_alerts_found(f->alerts, &f->finding);
	assert_memory_equal(room_read(room, "x"),
			    "09:41:07Z HIGH undeclared_channel bkagent[18734] acme-backup  tcp ",
			    65);
	assert_int_equal(room_read(room, "x")[strlen(room_read(room, "x")) - 1], '\n');
	pst_sink_free(compact_sink);
	fixture_free(f);
	room_free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_kind_is_refused),
		cmocka_unit_test(only_wanted_datasets_are_taken_and_numbered),
		cmocka_unit_test(a_compact_sink_writes_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
