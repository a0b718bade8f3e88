// SPDX-License-Identifier: Apache-2.0
/* Does the version of a signed contract only go up, whatever happens to the file that keeps it? */
#include "signing_fixture.h"

#include <errno.h>
#include <unistd.h>

#include "base/text.h"

#define FILE_OF "contracts.versions"
#define NOON 1795435200 /* 2026-11-23T12:00:00Z */

/* A set of one contract, signed or not. */
static struct pst_contracts *set_of(const char *text, const char *signer)
{
	struct pst_contracts *set = pst_contracts_new();
	struct pst_diags diags;

	pst_diags_init(&diags, "acme.json");
	assert_int_equal(pst_contracts_add(set, "acme.json", text, strlen(text), &diags), 0);
	pst_contracts_sign(set, signer);
	return set;
}

static struct pst_versions *read_versions(struct room *room)
{
	struct pst_versions *versions = NULL;

	assert_int_equal(pst_versions_read(room->folder, &versions), 0);
	return versions;
}

static int take(struct pst_versions *versions, const char *text, const char *signer)
{
	struct pst_contracts *set = set_of(text, signer);
	int r = pst_versions_take(versions, set, NOON);

	pst_contracts_free(set);
	return r;
}

static int check(const struct pst_versions *versions, const char *text, const char *part)
{
	struct pst_contracts *set = set_of(text, "a.pub (1)");
	char why[PST_SIGNING_WHY] = "";
	int r = pst_versions_check(versions, pst_contracts_at(set, 0), why, sizeof(why));

	pst_contracts_free(set);
	if (!strstr(why, part))
		fail_msg("no '%s' in '%s'", part, why);
	return r;
}

static void an_older_version_is_refused_after_a_restart(void **state)
{
	struct room *room = room_new();
	struct pst_versions *versions = read_versions(room);

	(void)state;
	assert_string_equal(pst_versions_trouble(versions), "");
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	pst_versions_free(versions);
	versions = read_versions(room);
	assert_string_equal(pst_versions_trouble(versions), "");
	assert_int_equal(check(versions, CONTRACT_7, ""), 0);
	assert_int_equal(check(versions, SIGNED_CONTRACT("8", ""), ""), 0);
	assert_int_equal(check(versions, CONTRACT_6,
			       "version 6 of contract acme is older than 7, which was in "
			       "force on 2026-11-23T12:00:00Z; versions only go up"),
			 -ESTALE);
	assert_int_equal(
		check(versions, CONTRACT_7_OTHER,
		      "version 7 of contract acme was in force on 2026-11-23T12:00:00Z with "
		      "another text (sha256:"),
		-ESTALE);
	pst_versions_free(versions);
	room_free(room);
}

static void the_highest_version_is_kept_and_its_first_day(void **state)
{
	struct room *room = room_new();
	struct pst_versions *versions = read_versions(room);
	struct pst_contracts *set = set_of(CONTRACT_7, "a.pub (1)");

	(void)state;
	assert_int_equal(take(versions, CONTRACT_6, "a.pub (1)"), 0);
	assert_int_equal(pst_versions_take(versions, set, NOON + 60), 0);
	assert_int_equal(pst_versions_take(versions, set, NOON + 120), 0);
	assert_int_equal(take(versions, CONTRACT_6, "a.pub (1)"), 0); /* does not go down */
	assert_string_equal(
		room_read(room, FILE_OF),
		"{\"format\":1,\"contracts\":[{\"contract\":\"acme\",\"version\":7,"
		"\"sha256\":\"0b72b094e2ec01b806bea9afc88d293da96e9ceb31222a517e5d6d1a570d91f4\","
		"\"since\":\"2026-11-23T12:01:00Z\"}]}\n");
	pst_contracts_free(set);
	pst_versions_free(versions);
	room_free(room);
}

static void unsigned_contracts_are_not_kept_but_the_file_is_there(void **state)
{
	struct room *room = room_new();
	struct pst_versions *versions = read_versions(room);

	(void)state;
	assert_int_equal(take(versions, CONTRACT_7, ""), 0);
	assert_string_equal(pst_versions_trouble(versions), "");
	assert_string_equal(room_read(room, FILE_OF), "{\"format\":1}\n");
	pst_versions_free(versions);
	room_free(room);
}

static void a_file_that_is_gone_beside_profiles_is_told_and_made_anew(void **state)
{
	struct room *room = room_new();
	struct pst_versions *versions;

	(void)state;
	put_text(room, PST_STATE_FILE, "of an earlier session");
	versions = read_versions(room);
	assert_non_null(strstr(pst_versions_trouble(versions),
			       "contracts.versions: it was removed: profiles.state beside it is of "
			       "an earlier session; until each signed contract was seen again, an "
			       "older version of it is not noticed"));
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	assert_non_null(strstr(pst_versions_trouble(versions), "it was removed"));
	assert_null(strstr(pst_versions_trouble(versions), "kept as"));
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	assert_string_equal(pst_versions_trouble(versions), ""); /* told once */
	pst_versions_free(versions);
	versions = read_versions(room);
	assert_string_equal(pst_versions_trouble(versions), "");
	assert_int_equal(check(versions, CONTRACT_6, "older than 7"), -ESTALE);
	pst_versions_free(versions);
	room_free(room);
}

/* Somebody did this to the file while it was ours; NULL: removed it. */
static void assert_guarded(const char *text, bool by_reload)
{
	struct room *room = room_new();
	struct pst_versions *versions = read_versions(room);
	char ours[512];

	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	assert_false(pst_versions_guard(versions));
	assert_string_equal(pst_versions_trouble(versions), "");
	assert_true(pst_text_copy(ours, sizeof(ours), room_read(room, FILE_OF)));
	if (text)
		put_text(room, FILE_OF, text);
	else
		assert_int_equal(unlink(room_path(room, FILE_OF)), 0);
	if (by_reload)
		assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	else
		assert_true(pst_versions_guard(versions));
	assert_non_null(strstr(pst_versions_trouble(versions),
			       text ? "contracts.versions was changed or replaced, and not by this "
				      "postern; the versions that it knows hold, and are written "
				      "anew; it is kept as /tmp/" :
				      "contracts.versions was removed, and not by this postern"));
	assert_int_equal(check(versions, CONTRACT_6, "older than 7"), -ESTALE);
	assert_string_equal(room_read(room, FILE_OF), ours);
	if (text)
		assert_string_equal(room_read(room, FILE_OF ".refused-1"), text);
	assert_false(pst_versions_guard(versions));
	pst_versions_free(versions);
	room_free(room);
}

static void what_is_known_holds_whatever_becomes_of_the_file(void **state)
{
	static const char *const texts[] = {
		NULL,
		"",
		"{\"format\":1}\n", /* ours, and older */
		"torn",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_guarded(texts[i], false);
		assert_guarded(texts[i], true);
	}
}

static void a_write_that_failed_is_tried_again(void **state)
{
	struct room *room = room_new();
	struct pst_versions *versions = read_versions(room);

	(void)state;
	assert_int_equal(mkdir(room_path(room, FILE_OF ".new"), 0755), 0); /* in the way */
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), -EISDIR);
	assert_true(pst_versions_guard(versions));
	assert_non_null(strstr(pst_versions_trouble(versions), "cannot write /tmp/"));
	assert_int_equal(rmdir(room_path(room, FILE_OF ".new")), 0);
	assert_false(pst_versions_guard(versions));
	assert_non_null(strstr(room_read(room, FILE_OF), "\"version\":7"));
	pst_versions_free(versions);
	room_free(room);
}

static void a_signature_that_was_taken_away_is_told(void **state)
{
	struct room *room = room_new();
	struct pst_versions *versions = read_versions(room);

	(void)state;
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	assert_int_equal(take(versions, CONTRACT_6, ""), 0);
	assert_non_null(strstr(pst_versions_trouble(versions),
			       "contract acme was signed on 2026-11-23T12:00:00Z, in version 7, "
			       "and is not signed any more"));
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	assert_string_equal(pst_versions_trouble(versions), "");
	pst_versions_free(versions);
	room_free(room);
}

static void assert_lost(const char *text)
{
	struct room *room = room_new();
	struct pst_versions *versions;

	put_text(room, FILE_OF, text);
	versions = read_versions(room);
	if (!strstr(pst_versions_trouble(versions),
		    "contracts.versions: it is torn, or no file of postern; until each signed "
		    "contract was seen again, an older version of it is not noticed"))
		fail_msg("not refused: %s", text);
	assert_int_equal(check(versions, CONTRACT_6, ""), 0);
	assert_string_equal(room_read(room, FILE_OF), text); /* reading changes nothing */
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	assert_non_null(strstr(pst_versions_trouble(versions), "it is torn, "));
	assert_non_null(strstr(pst_versions_trouble(versions), "; it is kept as "));
	assert_string_equal(room_read(room, FILE_OF ".refused-1"), text);
	pst_versions_free(versions);
	versions = read_versions(room); /* made anew */
	assert_string_equal(pst_versions_trouble(versions), "");
	assert_int_equal(check(versions, CONTRACT_6, "older than 7"), -ESTALE);
	pst_versions_free(versions);
	room_free(room);
}

#define ONE(id, version, sha, since)                                           \
	"{\"contract\":" id ",\"version\":" version ",\"sha256\":\"" sha "\"," \
	"\"since\":\"" since "\"}"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DAY "2026-11-23T12:00:00Z"
#define LIST(entries) "{\"format\":1,\"contracts\":[" entries "]}"

static void a_torn_or_foreign_file_is_kept_aside_and_made_anew(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"\x7f"
		"ELF",
		"[]",
		"{\"format\":2,\"contracts\":[]}",
		"{\"format\":1,\"contracts\":{}}",
		"{\"format\":1,\"contracts\":[],\"more\":1}",
		LIST("7"),
		LIST(ONE("\"acme\"", "9", SHA, DAY) ",7"),
		LIST("{\"contract\":\"a\",\"version\":7,\"sha256\":\"" SHA "\",\"since\":\"" DAY
		     "\",\"more\":1}"),
		LIST(ONE("7", "7", SHA, DAY)),
		LIST(ONE("\"\"", "7", SHA, DAY)),
		LIST(ONE("\"a\"", "0", SHA, DAY)),
		LIST(ONE("\"a\"", "7.5", SHA, DAY)),
		LIST(ONE("\"a\"", "7", SHA "0", DAY)),
		LIST(ONE("\"a\"", "7", "g" SHA, DAY)),
		LIST(ONE("\"a\"", "7", "0123", DAY)),
		LIST(ONE("\"a\"", "7", SHA, "yesterday")),
		LIST(ONE("\"a\"", "7", SHA, "2026-11-23 12:00:00Z")),
		LIST(ONE("\"a\"", "7", SHA, DAY) "," ONE("\"a\"", "8", SHA, DAY)),
		"{\"format\":1,\"contracts\":[" ONE("\"acme\"", "9", SHA, DAY), /* torn */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_lost(texts[i]);
}

static void a_file_without_signed_contracts_is_one_of_ours(void **state)
{
	struct room *room = room_new();
	struct pst_versions *versions;

	(void)state;
	put_text(room, FILE_OF, "torn");
	versions = read_versions(room);
	assert_int_equal(take(versions, CONTRACT_7, ""), 0);
	assert_string_equal(room_read(room, FILE_OF), "{\"format\":1}\n");
	pst_versions_free(versions);
	versions = read_versions(room);
	assert_string_equal(pst_versions_trouble(versions), "");
	pst_versions_free(versions);
	room_free(room);
}

static void what_was_not_written_is_told_and_written_later(void **state)
{
	struct room *room = room_new();
	struct pst_versions *versions = read_versions(room);

	(void)state;
	assert_int_equal(mkdir(room_path(room, FILE_OF ".new"), 0755), 0); /* in the way */
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), -EISDIR);
	assert_non_null(strstr(pst_versions_trouble(versions), "cannot write /tmp/"));
	assert_int_equal(check(versions, CONTRACT_6, "older than 7"), -ESTALE); /* all the same */
	assert_int_equal(rmdir(room_path(room, FILE_OF ".new")), 0);
	assert_int_equal(take(versions, CONTRACT_7, "a.pub (1)"), 0);
	assert_string_equal(pst_versions_trouble(versions), "");
	pst_versions_free(versions);
	versions = read_versions(room);
	assert_int_equal(check(versions, CONTRACT_6, "older than 7"), -ESTALE);
	pst_versions_free(versions);
	room_free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_older_version_is_refused_after_a_restart),
		cmocka_unit_test(the_highest_version_is_kept_and_its_first_day),
		cmocka_unit_test(unsigned_contracts_are_not_kept_but_the_file_is_there),
		cmocka_unit_test(a_file_that_is_gone_beside_profiles_is_told_and_made_anew),
		cmocka_unit_test(what_is_known_holds_whatever_becomes_of_the_file),
		cmocka_unit_test(a_write_that_failed_is_tried_again),
		cmocka_unit_test(a_signature_that_was_taken_away_is_told),
		cmocka_unit_test(a_torn_or_foreign_file_is_kept_aside_and_made_anew),
		cmocka_unit_test(a_file_without_signed_contracts_is_one_of_ours),
		cmocka_unit_test(what_was_not_written_is_told_and_written_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
