// SPDX-License-Identifier: Apache-2.0
/* Do first bytes, names and socket sweeps change what they should? */
#include <stdlib.h>

#include "engine_fixture.h"

#include "engine/view.h"

static void name_address(struct wire *w, const char *name)
{
	struct pst_rec_host_names rec = { .first = 1, .len = (uint16_t)(strlen(name) + 1) };

	wire_peer(rec.addr);
	memcpy(rec.names, name, strlen(name));
	rec.h = wire_head(w, PST_REC_HOST_NAMES, sizeof(rec));
	memset(&rec.h.task, 0, sizeof(rec.h.task));
	wire_send(w, &rec, sizeof(rec));
}

struct greeting {
	struct pst_rec_payload rec;
	uint8_t data[512];
};

static size_t put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return 2;
}

/* A TLS record that holds one ClientHello with a server name and nothing else. */
static size_t client_hello(uint8_t *out, const char *name)
{
	size_t len = strlen(name), extension = len + 5,
	       body = 2 + 32 + 1 + 4 + 2 + 2 + 4 + extension;
	uint8_t *at = out;

	memset(out, 0, 512);
	*at++ = 22;
	at += put16(at, 0x0301);
	at += put16(at, body + 4);
	*at++ = 1;
	*at++ = 0;
	at += put16(at, body);
	at += put16(at, 0x0303);
	at += 32 + 1; /* random; no session */
	at += put16(at, 2);
	at += put16(at, 0x1301);
	*at++ = 1; /* compression: none */
	*at++ = 0;
	at += put16(at, extension + 4);
	at += put16(at, 0); /* server_name */
	at += put16(at, extension);
	at += put16(at, len + 3);
	*at++ = 0;
	at += put16(at, len);
	memcpy(at, name, len);
	return (size_t)(at - out) + len;
}

static void greet(struct wire *w, uint16_t port, const char *name)
{
	struct greeting greeting;
	size_t len, size;

	memset(&greeting, 0, sizeof(greeting));
	len = client_hello(greeting.data, name);
	size = (sizeof(greeting.rec) + len + 7) / 8 * 8;
	greeting.rec = (struct pst_rec_payload){ .kind = PST_KIND_TCP_CONNECT,
						 .peer_port = port,
						 .direction = PST_PAYLOAD_OUT,
						 .what = PST_PAYLOAD_FIRST,
						 .len = (uint16_t)len,
						 .total = (uint32_t)len };
	wire_peer(greeting.rec.peer);
	greeting.rec.h = wire_head(w, PST_REC_PAYLOAD, size);
	wire_send(w, &greeting, size);
}

static bool page_has(struct wire *w, const char *part)
{
	const struct pst_view_keys keys = { .what = "agent", .form = PST_VIEW_JSON };
	char *page = pst_view_profile(w->engine, &keys);
	bool found;

	assert_non_null(page);
	found = strstr(page, part) != NULL;
	free(page);
	return found;
}

static void a_greeting_names_the_protocol_and_the_server(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	greet(w, 80, "vault.example");
	assert_true(page_has(w, "\"class\":\t\"tls\""));
	assert_true(page_has(w, "\"server_name\":\t\"vault.example\""));
	assert_int_equal(w->alerts, 0);
}

static void a_greeting_by_another_name_than_the_known_one_is_a_finding(void **state)
{
	struct wire *w = *state;

	name_address(w, "vault.example");
	wire_connect(w, 80);
	greet(w, 80, "vault.example");
	assert_int_equal(w->alerts, 0);
	greet(w, 80, "front.example");
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"code\":\"name_mismatch\""));
	assert_true(wire_last_alert_has(w, "\"server_name\":\"front.example\""));
	assert_true(wire_last_alert_has(w, "\"domain\":\"vault.example\""));
	greet(w, 80, "front.example");
	assert_int_equal(w->alerts, 1);
}

static void where_no_name_is_known_a_greeting_differs_from_nothing(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	greet(w, 80, "front.example");
	assert_int_equal(w->alerts, 0);
}

static void malformed_bytes_are_counted(void **state)
{
	struct wire *w = *state;
	struct greeting greeting = { .data = { 22, 3, 1, 0, 40, 1, 0, 0, 36, 9, 9 } };
	struct pst_engine_figures figures;
	size_t size = (sizeof(greeting.rec) + 64 + 7) / 8 * 8;

	wire_connect(w, 80);
	greeting.rec = (struct pst_rec_payload){ .kind = PST_KIND_TCP_CONNECT,
						 .peer_port = 80,
						 .direction = PST_PAYLOAD_OUT,
						 .what = PST_PAYLOAD_FIRST,
						 .len = 64,
						 .total = 64 };
	wire_peer(greeting.rec.peer);
	greeting.rec.h = wire_head(w, PST_REC_PAYLOAD, size);
	wire_send(w, &greeting, size);
	pst_engine_figures(w->engine, &figures);
	assert_int_equal(figures.malformed, 1);
}

static void sweeps_of_the_sockets_are_added_up(void **state)
{
	struct wire *w = *state;
	struct pst_rec_sockets rec = { .seen = 100, .late = 2, .hidden = 1, .gone = 3 };
	struct pst_engine_figures figures;

	for (int i = 0; i < 2; i++) {
		rec.h = wire_head(w, PST_REC_SOCKETS, sizeof(rec));
		memset(&rec.h.task, 0, sizeof(rec.h.task));
		wire_send(w, &rec, sizeof(rec));
	}
	pst_engine_figures(w->engine, &figures);
	assert_int_equal(figures.sockets.seen, 100);
	assert_int_equal(figures.sockets.late, 4);
	assert_int_equal(figures.sockets.hidden, 1);
	assert_int_equal(figures.sockets.gone, 6);
	wire_tick(w, 1);
	assert_non_null(strstr(w->health, "\"sockets\":{\"late\":4,\"hidden\":1,\"gone\":6}"));
}

static void a_channel_that_turns_hidden_is_judged_again(void **state)
{
	struct wire *w = *state;
	struct pst_rec_sample rec = { .kind = PST_KIND_TCP_CONNECT,
				      .port = 80,
				      .family = AF_INET,
				      .sock_type = SOCK_STREAM,
				      .protocol = IPPROTO_TCP,
				      .chan_flags = PST_CHAN_HIDDEN,
				      .attempts = 1,
				      .established = 1 };

	wire_connect(w, 80);
	wire_result(w, 80, PST_RESULT_ESTABLISHED);
	assert_int_equal(w->alerts, 0);
	wire_peer(rec.peer);
	rec.h = wire_head(w, PST_REC_SAMPLE, sizeof(rec));
	rec.first_ns = rec.last_ns = w->time_ns;
	wire_send(w, &rec, sizeof(rec));
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"code\":\"hidden_socket\""));
	assert_true(wire_last_alert_has(w, "\"hidden\":true"));
}

struct attached {
	struct pst_rec_filter rec;
	uint8_t code[16];
};

/* @whole: with its instructions, as a sweep tells it */
static void attach(struct wire *w, bool whole, uint8_t taken)
{
	struct attached attached = { .rec = { .cookie = 77,
					      .family = AF_PACKET,
					      .sock_type = SOCK_RAW,
					      .flavour = PST_FILTER_CLASSIC,
					      .insns = whole ? 2 : 0,
					      .len = whole ? sizeof(attached.code) : 0 },
				     .code = { 0x28, 0, 0, 0, 12, 0, 0, 0, 6, 0, 0, 0, taken } };
	size_t size = sizeof(attached.rec) + (whole ? sizeof(attached.code) : 0);

	attached.rec.h = wire_head(w, PST_REC_FILTER, size);
	wire_send(w, &attached, size);
}

static void attach_filter(struct wire *w, bool whole)
{
	attach(w, whole, 1);
}

static void a_filter_that_only_hides_another_is_judged(void **state)
{
	struct wire *w = *state;

	attach(w, false, 0);
	attach(w, true, 0); /* as a capture does while it changes its own */
	assert_int_equal(w->alerts, 0);
	attach(w, false, 0);
	attach(w, false, 0);
	attach(w, true, 0);
	assert_int_equal(w->alerts, 1);
}

static void a_filter_is_judged_when_its_instructions_are_known(void **state)
{
	struct wire *w = *state;

	attach_filter(w, false);
	assert_int_equal(w->alerts, 0);
	attach_filter(w, true);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"about\":\"sha256:"));
	wire_tick(w, 10);
	assert_int_equal(w->alerts, 1);
}

static void a_filter_whose_instructions_never_come_is_judged_without(void **state)
{
	struct wire *w = *state;

	attach_filter(w, false);
	wire_tick(w, 1);
	assert_int_equal(w->alerts, 0);
	wire_tick(w, 5);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"code\":\"socket_filter\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, wire_set_up, wire_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_greeting_names_the_protocol_and_the_server),
		CASE(a_greeting_by_another_name_than_the_known_one_is_a_finding),
		CASE(where_no_name_is_known_a_greeting_differs_from_nothing),
		CASE(malformed_bytes_are_counted),
		CASE(sweeps_of_the_sockets_are_added_up),
		CASE(a_channel_that_turns_hidden_is_judged_again),
		CASE(a_filter_is_judged_when_its_instructions_are_known),
		CASE(a_filter_that_only_hides_another_is_judged),
		CASE(a_filter_whose_instructions_never_come_is_judged_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
