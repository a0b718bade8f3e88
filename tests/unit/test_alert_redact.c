// SPDX-License-Identifier: Apache-2.0
/* Which words of a command line are secrets, and which only look so? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "alert/alert.h"
#include "alert/redact.h"

static const struct {
	const char *in, *out;
} lines[] = {
	{ "agent --password=hunter2 --port=443", "agent --password=*** --port=443" },
	{ "agent --db-password hunter2 -v", "agent --db-password *** -v" },
	{ "agent --password --verbose x", "agent --password --verbose x" },
	{ "agent DB_PASSWORD=hunter2 HOME=/root", "agent DB_PASSWORD=*** HOME=/root" },
	{ "agent --client-secret=a --api-key b", "agent --client-secret=* --api-key *" },
	{ "agent --compass=north --bypass=1", "agent --compass=north --bypass=1" },
	{ "agent --Token=abcdef", "agent --Token=***" },
	{ "agent password:hunter2", "agent password:***" },
	{ "agent https://user:hunter2@db.example/x", "agent https://user:***@db.example/x" },
	{ "agent https://user@db.example:8443/x", "agent https://user@db.example:8443/x" },
	{ "agent https://db.example/x:y@z", "agent https://db.example/x:y@z" },
	{ "agent https://x/?access_token=abcdef", "agent https://x/?access_token=***" },
	{ "/usr/bin/mysql -phunter2 -P3306", "/usr/bin/mysql -p*** -P3306" },
	{ "mysql -p db", "mysql -p db" },
	{ "ssh -p 22 host", "ssh -p 22 host" },
	{ "ssh -p2222 host", "ssh -p2222 host" },
	{ "sshpass -p hunter2 ssh host", "sshpass -p *** ssh host" },
	{ "curl -u joe:hunter2 https://x", "curl -u *** https://x" },
	{ "curl -ujoe:hunter2 https://x", "curl -u*** https://x" },
	{ "wget -u joe", "wget -u joe" },
	{ "curl -H Authorization: Bearer abcdefgh", "curl -H Authorization: Bearer ***" },
	{ "tool ghp_0123456789abcdef", "tool ghp_***" },
	{ "tool ghp_short", "tool ghp_short" },
	{ "password", "password" },
	{ "", "" },
	{ "  ", "  " },
	{ "agent --password=", "agent --password=" },
};

static void secrets_go_and_everything_else_stays(void **state)
{
	size_t i;
	char text[128];

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		memcpy(text, lines[i].in, strlen(lines[i].in) + 1);
		pst_redact(text);
		assert_string_equal(text, lines[i].out);
	}
}

static void a_secret_with_blanks_is_one_argument(void **state)
{
	char args[] = "agent\0--password=two words\0-v";
	size_t len = pst_redact_args(args, sizeof(args) - 1, '\0');

	(void)state;
	assert_int_equal(len, sizeof("agent\0--password=***\0-v") - 1);
	assert_memory_equal(args, "agent\0--password=***\0-v", len + 1);
}

static void a_header_in_one_argument_is_redacted(void **state)
{
	char args[] = "curl\0-H\0Authorization: Bearer abcdefgh";
	size_t len = pst_redact_args(args, sizeof(args) - 1, '\0');

	(void)state;
	assert_memory_equal(args, "curl\0-H\0Authorization:***", len + 1);
}

static void redaction_twice_changes_nothing_more(void **state)
{
	char text[128], again[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		memcpy(text, lines[i].out, strlen(lines[i].out) + 1);
		memcpy(again, text, sizeof(again));
		pst_redact(again);
		assert_string_equal(again, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_go_and_everything_else_stays),
		cmocka_unit_test(a_secret_with_blanks_is_one_argument),
		cmocka_unit_test(a_header_in_one_argument_is_redacted),
		cmocka_unit_test(redaction_twice_changes_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
