// SPDX-License-Identifier: Apache-2.0
/* Is a channel of a state file held against its ranges? */
#include "base/digest.h"
#include "history_fixture.h"

/* Where its bytes stand in a file of one program "/a" with one new channel. */
#define CHANNEL_AT (32u + 2 + 2 + 2 + 1 + 1 + 1 + 28 + 40 + 6 + 4)
#define KIND_AT (CHANNEL_AT + 4)
#define FLAGS_AT (KIND_AT + 4 + 16 + 6)

struct file {
	uint8_t *bytes;
	size_t len;
};

static struct file make_file(struct pst_history *history)
{
	struct file file;

	connect_to(history, "/a", 443);
	file.bytes = history_bytes(history, NOON_S, &file.len);
	assert_non_null(file.bytes);
	return file;
}

static const char *read_with(struct pst_history *history, size_t at, uint8_t value)
{
	struct file file = make_file(history);
	const char *why = "taken";

	file.bytes[at] = value;
	pst_sha256(file.bytes, file.len - PST_SHA256_BYTES,
		   file.bytes + file.len - PST_SHA256_BYTES);
	(void)pst_history_read(history, file.bytes, file.len, &why); /* why says it */
	free(file.bytes);
	return why;
}

static void a_kind_that_there_is_not_is_refused(void **state)
{
	assert_string_equal(read_with(*state, KIND_AT, PST_TCP_CONNECT), "taken");
	assert_string_equal(read_with(*state, KIND_AT, PST_KINDS - 1), "taken");
}

static void kinds_flags_and_verdicts_have_ranges(void **state)
{
	assert_string_equal(read_with(*state, KIND_AT, 0),
			    "a channel is of a kind that there is not");
	assert_string_equal(read_with(*state, KIND_AT, PST_KINDS),
			    "a channel is of a kind that there is not");
	assert_string_equal(read_with(*state, FLAGS_AT, 63), "taken");
	assert_string_equal(read_with(*state, FLAGS_AT, 64), "a value is out of its range");
	assert_string_equal(read_with(*state, FLAGS_AT + 1, PST_UNMANAGED), "taken");
	assert_string_equal(read_with(*state, FLAGS_AT + 1, PST_UNMANAGED + 1),
			    "a value is out of its range");
}

static void a_channel_of_a_program_that_there_is_not_is_refused(void **state)
{
	assert_string_equal(read_with(*state, CHANNEL_AT, 1),
			    "a channel is of a program that there is not");
}

static void a_channel_that_stands_twice_is_refused(void **state)
{
	struct file file = make_file(*state);
	size_t channel = file.len - PST_SHA256_BYTES - CHANNEL_AT, len = file.len + channel;
	uint8_t *twice = malloc(len);
	const char *why = "taken";

	memcpy(twice, file.bytes, CHANNEL_AT + channel);
	memcpy(twice + CHANNEL_AT + channel, file.bytes + CHANNEL_AT, channel);
	twice[16] = 2;
	pst_sha256(twice, len - PST_SHA256_BYTES, twice + len - PST_SHA256_BYTES);
	assert_true(pst_history_read(*state, twice, len, &why) < 0);
	assert_string_equal(why, "a channel stands in it twice");
	free(twice);
	free(file.bytes);
}

static void names_of_hosts_must_be_names(void **state)
{
	static const char *const good = "vault.bank.example";
	const struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 1, 0);
	const struct pst_past_sight sight = {
		.channel = &channel, .since = &channel.count, .names = &good, .name_count = 1
	};
	const char *why = "taken";
	uint8_t *bytes, *name;
	size_t len = 0;

	pst_history_add(*state, pst_history_program(*state, "/a", NOON_S), &sight, NULL);
	bytes = history_bytes(*state, NOON_S, &len);
	name = memmem(bytes, len, good, strlen(good));
	assert_non_null(name);
	name[0] = 0x1b;
	pst_sha256(bytes, len - PST_SHA256_BYTES, bytes + len - PST_SHA256_BYTES);
	assert_true(pst_history_read(*state, bytes, len, &why) < 0);
	assert_string_equal(why, "a host name is none");
	free(bytes);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_kind_that_there_is_not_is_refused),
		T(kinds_flags_and_verdicts_have_ranges),
		T(a_channel_of_a_program_that_there_is_not_is_refused),
		T(a_channel_that_stands_twice_is_refused),
		T(names_of_hosts_must_be_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
