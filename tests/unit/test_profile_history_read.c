// SPDX-License-Identifier: Apache-2.0
/* Is a state file of any version read, all of it or nothing, whoever wrote it? */
#include <errno.h>
#include <stdio.h>

#include "base/digest.h"
#include "history_fixture.h"

#define GOLDEN "tests/unit/golden/state-1"

static uint8_t file_bytes[16384];
static size_t file_len;

static int load(void **state)
{
	FILE *file = fopen(GOLDEN, "re");

	if (!file)
		return -1;
	file_len = fread(file_bytes, 1, sizeof(file_bytes), file);
	(void)fclose(file); /* only read */
	return set_up(state);
}

/* The sum as whoever means harm would write it. */
static void sign(uint8_t *bytes, size_t len)
{
	if (len >= PST_SHA256_BYTES)
		pst_sha256(bytes, len - PST_SHA256_BYTES, bytes + len - PST_SHA256_BYTES);
}

static const char *refused(struct pst_history *history, const uint8_t *bytes, size_t len)
{
	const char *why = NULL;

	assert_int_equal(pst_history_read(history, bytes, len, &why), -EBADMSG);
	assert_non_null(why);
	return why;
}

static void version_1_is_read_whole(void **state)
{
	const struct pst_past_program *program;
	const struct pst_past_channel *channel;
	const char *why = NULL;

	assert_int_equal(pst_history_read(*state, file_bytes, file_len, &why), 0);
	assert_int_equal(figures(*state).programs, 3);
	assert_int_equal(figures(*state).channels, 3);
	assert_int_equal(figures(*state).facts, 1);
	assert_int_equal(figures(*state).evicted, 0);
	program = pst_history_find(*state, "/opt/acme/bin/agent.py");
	assert_non_null(program);
	assert_string_equal(program->interpreter, "/usr/bin/python3");
	assert_true(program->vendor && program->memfd && program->settled &&
		    program->standing_told);
	assert_false(program->foreign_root);
	assert_string_equal(program->units[0], "acme.service");
	assert_int_equal(program->identity[0].hash_state, PST_HASH_GONE);
	assert_int_equal(program->identity[0].owner, PST_OWNER_VENDOR);
	assert_string_equal(program->identity[0].version, "1.2-3");
	assert_int_equal(program->execs, 3);
	assert_int_equal(program->seen_s, 600);
	assert_int_equal(program->new_on_day[0], 2);
	assert_int_equal(program->review_until_s, NOON_S + DAY_S);
	assert_int_equal(program->facts[0].what, PST_PAST_EXEC);
	assert_string_equal(program->facts[0].text, "/usr/bin/curl");
	channel = program->channels[0];
	assert_int_equal(channel->kind, PST_TCP_CONNECT);
	assert_int_equal(channel->port, 443);
	assert_string_equal(channel->via, "/usr/bin/curl");
	assert_string_equal(channel->names[1], "cdn.bank.example");
	assert_string_equal(channel->server_name, "vault.bank.example");
	assert_int_equal(channel->count.bytes_in, 2000);
	assert_int_equal(channel->count.bursts, 2);
	assert_int_equal(channel->gap_ms[0], 30000);
	assert_int_equal(channel->verdict, PST_DECLARED);
	assert_true(channel->proposed && channel->handed && channel->ip_bytes);
	assert_int_equal(program->channels[1]->accepted_from, 5);
}

static void what_was_there_before_is_forgotten(void **state)
{
	const char *why = NULL;

	connect_to(*state, "/before", 1);
	assert_int_equal(pst_history_read(*state, file_bytes, file_len, &why), 0);
	assert_null(pst_history_find(*state, "/before"));
	assert_true(connect_to(*state, "/after", 1)); /* its tables are its own */
	assert_true(connect_to(*state, "/after/2", 1));
	assert_int_equal(figures(*state).programs, 4);
	assert_int_equal(figures(*state).evicted, 1 + 3);
}

static void a_file_that_was_cut_anywhere_is_refused(void **state)
{
	connect_to(*state, "/before", 1);
	for (size_t len = 0; len < file_len; len++) {
		uint8_t *cut = malloc(len + 1); /* of its own, so that a read behind it is seen */

		memcpy(cut, file_bytes, len);
		(void)refused(*state, cut, len);
		sign(cut, len);
		(void)refused(*state, cut, len);
		free(cut);
	}
	assert_non_null(pst_history_find(*state, "/before"));
}

static void a_changed_byte_is_refused(void **state)
{
	for (size_t i = 0; i < file_len; i++) {
		file_bytes[i] ^= 0x40;
		(void)refused(*state, file_bytes, file_len);
		file_bytes[i] ^= 0x40;
	}
}

/* What is taken in of a file with a good sum stays within the rules: it can be written again, and
 * that read. */
static void a_changed_byte_under_a_good_sum_never_leaves_the_rules(void **state)
{
	static uint8_t changed[sizeof(file_bytes)];
	unsigned int taken = 0;

	for (size_t i = 8; i < file_len - PST_SHA256_BYTES; i++) {
		const char *why = NULL;
		uint8_t *again;
		size_t len = 0;

		memcpy(changed, file_bytes, file_len);
		changed[i] ^= 0xff;
		sign(changed, file_len);
		if (pst_history_read(*state, changed, file_len, &why) < 0)
			continue;
		taken++;
		again = history_bytes(*state, NOON_S, &len);
		assert_int_equal(pst_history_read(*state, again, len, &why), 0);
		free(again);
	}
	assert_true(taken > 0);
}

static void each_refusal_says_why(void **state)
{
	static uint8_t longer[sizeof(file_bytes)];

	assert_string_equal(refused(*state, (const uint8_t *)"{}", 2),
			    "it is no state file of postern");
	file_bytes[8] = 2;
	assert_string_equal(refused(*state, file_bytes, file_len),
			    "it is of a version that this postern does not know");
	file_bytes[8] = 1;
	file_bytes[200] ^= 1;
	assert_string_equal(refused(*state, file_bytes, file_len),
			    "its sum is wrong: it is torn or was changed");
	file_bytes[200] ^= 1;
	memcpy(longer, file_bytes, file_len);
	sign(longer, file_len + 1);
	assert_string_equal(refused(*state, longer, file_len + 1),
			    "it goes on where it should end");
	file_bytes[12] = 200; /* programs */
	sign(file_bytes, file_len);
	(void)refused(*state, file_bytes, file_len);
	file_bytes[15] = 0x7f;
	sign(file_bytes, file_len);
	assert_string_equal(refused(*state, file_bytes, file_len),
			    "it counts more programs than it holds");
}

static void what_stands_twice_is_refused(void **state)
{
	static uint8_t twice[sizeof(file_bytes)];
	struct pst_history *one = pst_history_new(&history_keys);
	size_t len = 0, body;
	uint8_t *bytes;

	pst_history_program(one, "/a", NOON_S);
	bytes = history_bytes(one, NOON_S, &len);
	body = len - 32 - PST_SHA256_BYTES;
	memcpy(twice, bytes, len - PST_SHA256_BYTES);
	memcpy(twice + 32 + body, bytes + 32, body);
	twice[12] = 2;
	sign(twice, len + body);
	assert_string_equal(refused(*state, twice, len + body), "a program stands in it twice");
	free(bytes);
	pst_history_free(one);
}

static void what_is_more_than_the_bounds_makes_room(void **state)
{
	const struct pst_history_keys few = { .max_programs = 2,
					      .max_channels = 1,
					      .max_facts = 1 };
	struct pst_history *small = pst_history_new(&few);
	const char *why = NULL;

	(void)state;
	assert_int_equal(pst_history_read(small, file_bytes, file_len, &why), 0);
	assert_int_equal(figures(small).programs, 2);
	assert_int_equal(figures(small).channels, 1);
	/* the agent with its two channels and its fact, for want of programs */
	assert_null(pst_history_find(small, "/opt/acme/bin/agent.py"));
	assert_non_null(pst_history_find(small, "/usr/sbin/cron"));
	assert_int_equal(figures(small).evicted, 2 + 2);
	assert_int_equal(figures(small).facts, 0);
	pst_history_free(small);
}

#define T(name) cmocka_unit_test_setup_teardown(name, load, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(version_1_is_read_whole),
		T(what_was_there_before_is_forgotten),
		T(a_file_that_was_cut_anywhere_is_refused),
		T(a_changed_byte_is_refused),
		T(a_changed_byte_under_a_good_sum_never_leaves_the_rules),
		T(each_refusal_says_why),
		T(what_stands_twice_is_refused),
		T(what_is_more_than_the_bounds_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
