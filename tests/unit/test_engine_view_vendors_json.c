// SPDX-License-Identifier: Apache-2.0
/* Can a program rely on the page of vendor software, whatever its vendors call things? */
#include <stdlib.h>

#include "identity_fixture.h"

#include "base/json.h"
#include "engine/view.h"

static void assert_has(struct wire *w, const char *part)
{
	char *page = pst_view_vendors(w->engine, PST_VIEW_JSON);

	assert_non_null(page);
	if (!strstr(page, part))
		fail_msg("no %s in:\n%s", part, page);
	free(page);
}

static void the_page_says_how_many_there_are(void **state)
{
	struct wire *w = *state;

	run_own(w, 20, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	assert_has(w, "\"programs\":\t2,");
	assert_has(w, "\"without_contract\":\t1,");
}

static void what_is_known_of_a_file_has_its_key(void **state)
{
	struct wire *w = *state;

	run_own(w, 20, "tool");
	assert_has(w, "\"owner\":\t\"unknown\"");
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme-tools", "7.2" });
	assert_has(w, "\"owner\":\t\"vendor\"");
	assert_has(w, "\"package\":\t\"acme-tools\"");
	assert_has(w, "\"version\":\t\"7.2\"");
	assert_has(w, "\"sha256\":\t\"cd00");
	assert_has(w, "\"no_hash\":\t\"unknown\""); /* of the agent, which nobody answered for */
}

static void channels_stand_below_their_sort(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 443);
	assert_has(w, "\"external_peers\":\t1,");
	assert_has(w, "\"end\":\t\"203.0.113.9:443\"");
	assert_has(w, "\"verdict\":\t\"undeclared\"");
}

static void a_hostile_name_stays_a_name(void **state)
{
	struct wire *w = *state;

	run_own(w, 20, "x\",\"owner\":7,\"\n");
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "a\"b", "1" });
	assert_has(w, "x\\\",\\\"owner\\\":7");
	assert_has(w, "\"package\":\t\"a\\\"b\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(the_page_says_how_many_there_are),
		WIRE_CASE(what_is_known_of_a_file_has_its_key),
		WIRE_CASE(channels_stand_below_their_sort),
		WIRE_CASE(a_hostile_name_stays_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
