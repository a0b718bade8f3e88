// SPDX-License-Identifier: Apache-2.0
/* Is it told when somebody changes what names and "@resolvers" mean? */
#include "engine_fixture.h"

#include "engine/trust.h"

static void send_resolvers(struct wire *w, const char *last_bytes)
{
	struct pst_rec_resolvers rec = { .count = (uint32_t)strlen(last_bytes) };

	for (size_t i = 0; last_bytes[i]; i++) {
		wire_peer(rec.addr[i]);
		rec.addr[i][15] = (uint8_t)last_bytes[i];
	}
	rec.h = wire_head(w, PST_REC_RESOLVERS, sizeof(rec));
	memset(&rec.h.task, 0, sizeof(rec.h.task));
	wire_send(w, &rec, sizeof(rec));
}

/* One line of the hosts file; @first: the file begins anew. */
static void send_host(struct wire *w, bool first, const char *name)
{
	struct pst_rec_host_names rec = { .first = first,
					  .len = (uint16_t)(name[0] ? strlen(name) + 1 : 0) };

	wire_peer(rec.addr);
	memcpy(rec.names, name, strlen(name));
	rec.h = wire_head(w, PST_REC_HOST_NAMES, sizeof(rec));
	memset(&rec.h.task, 0, sizeof(rec.h.task));
	wire_send(w, &rec, sizeof(rec));
}

static bool told(struct wire *w, const char *action, const char *message)
{
	bool is_told = strstr(w->health, action) && strstr(w->health, message);

	if (!is_told && w->health[0])
		fprintf(stderr, "no %s, %s in %s\n", action, message, w->health);
	w->health[0] = '\0';
	return is_told;
}

static void changed_resolvers_are_told(void **state)
{
	struct wire *w = *state;

	send_resolvers(w, "\1");
	wire_tick(w, 1);
	assert_true(told(w, "\"action\":\"started\"", ""));
	send_resolvers(w, "\1");
	assert_int_equal(w->health[0], 0);
	send_resolvers(w, "\2\1");
	assert_true(told(w, "\"action\":\"resolvers-changed\"",
			 "\"message\":\"the resolvers changed: added 203.0.113.2\""));
	send_resolvers(w, "\3\1");
	assert_true(told(w, "\"action\":\"resolvers-changed\"",
			 "added 203.0.113.3; removed 203.0.113.2\""));
	assert_int_equal(w->alerts, 0);
}

static void a_beginning_is_no_change(void **state)
{
	struct wire *w = *state;

	send_resolvers(w, "\1");
	send_resolvers(w, "\2");
	send_host(w, true, "vault.example");
	assert_int_equal(w->health[0], 0);
	wire_tick(w, 1);
	assert_true(told(w, "\"action\":\"started\"", ""));
	wire_tick(w, 1);
	assert_int_equal(w->health[0], 0);
}

static void a_changed_hosts_file_is_told_once_and_whole(void **state)
{
	struct wire *w = *state;
	char name[] = "0.example";

	send_host(w, true, "vault.example");
	send_host(w, false, "old.example");
	wire_tick(w, 1);
	assert_true(told(w, "\"action\":\"started\"", ""));
	send_host(w, true, "vault.example"); /* it was only touched */
	send_host(w, false, "old.example");
	wire_tick(w, 1);
	assert_int_equal(w->health[0], 0);
	send_host(w, true, "vault.example");
	send_host(w, false, "evil.example");
	wire_tick(w, 1);
	assert_true(told(w, "\"action\":\"hosts-changed\"",
			 "\"message\":\"the hosts file changed: added 203.0.113.9 evil.example; "
			 "removed 203.0.113.9 old.example\""));
	wire_tick(w, 1);
	assert_int_equal(w->health[0], 0);
	send_host(w, true, "");
	wire_tick(w, 1);
	assert_true(told(w, "\"action\":\"hosts-changed\"", "changed: removed 203.0.113.9 "));
	send_host(w, true, "");
	for (int i = 0; i < 6; i++, name[0]++)
		send_host(w, false, name);
	wire_tick(w, 1);
	assert_true(told(w, "\"action\":\"hosts-changed\"", "203.0.113.9 3.example and 2 more\""));
}

static void a_hosts_file_that_comes_later_is_a_change(void **state)
{
	struct wire *w = *state;

	wire_tick(w, 1);
	assert_true(told(w, "\"action\":\"started\"", ""));
	send_host(w, true, "vault.example");
	wire_tick(w, 1);
	assert_true(told(w, "\"action\":\"hosts-changed\"", "added 203.0.113.9 vault.example\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(changed_resolvers_are_told),
		WIRE_CASE(a_beginning_is_no_change),
		WIRE_CASE(a_changed_hosts_file_is_told_once_and_whole),
		WIRE_CASE(a_hosts_file_that_comes_later_is_a_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
