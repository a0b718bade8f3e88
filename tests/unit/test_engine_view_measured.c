// SPDX-License-Identifier: Apache-2.0
/* Do the pages say which hash is the kernel's? */
#include <stdlib.h>

#include "identity_fixture.h"

#include "engine/view.h"

#define SHA1 2
#define SHA256 4

static void assert_page(char *page, const char *part, bool is_there)
{
	assert_non_null(page);
	if ((strstr(page, part) != NULL) != is_there)
		fail_msg("%s %s in:\n%s", is_there ? "no" : "there is", part, page);
	free(page);
}

static void assert_vendors(struct wire *w, const char *part, bool is_there)
{
	assert_page(pst_view_vendors(w->engine, PST_VIEW_JSON), part, is_there);
}

static char *profile(struct wire *w, enum pst_view_form form)
{
	return pst_view_profile(w->engine, &(struct pst_view_keys){ .what = "all", .form = form });
}

static void without_ima_no_page_speaks_of_it(void **state)
{
	struct wire *w = *state;

	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_connect(w, 80);
	assert_vendors(w, "measured", false);
	assert_page(profile(w, PST_VIEW_JSON), "measured", false);
	assert_page(profile(w, PST_VIEW_TEXT), "measured", false);
	assert_page(pst_view_vendors(w->engine, PST_VIEW_TEXT), "measured", false);
}

static void the_kernels_sha256_stands_in_and_says_so(void **state)
{
	struct wire *w = *state;

	measured(w, SHA256, 0x22);
	w->hash_state = PST_IDENT_GONE;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_connect(w, 80);
	assert_vendors(w, "\"sha256\":\t\"2222", true);
	assert_vendors(w, "\"hash_state\":\t\"measured by the kernel (IMA)\"", true);
	assert_vendors(w, "\"measured\":\t\"sha256:2222", true);
	assert_vendors(w, "no_hash", false);
	assert_vendors(w, "hashes_differ", false);
	assert_page(profile(w, PST_VIEW_JSON), "\"measured by the kernel (IMA)\"", true);
	assert_page(profile(w, PST_VIEW_TEXT), "\n  measured by the kernel (IMA): sha256:2222",
		    true);
	assert_page(pst_view_vendors(w->engine, PST_VIEW_TEXT),
		    "\n  measured by the kernel (IMA): sha256:2222", true);
}

static void another_algorithm_is_shown_by_its_name_only(void **state)
{
	struct wire *w = *state;

	measured(w, SHA1, 0x22);
	w->hash_state = PST_IDENT_GONE;
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	assert_vendors(w, "\"measured\":\t\"sha1:2222", true);
	assert_vendors(w, "\"no_hash\":\t\"gone\"", true);
	assert_vendors(w, "sha256", false);
	assert_vendors(w, "hash_state", false);
}

static void two_hashes_that_differ_are_said_to(void **state)
{
	struct wire *w = *state;

	measured(w, SHA256, 0x22);
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_connect(w, 80);
	assert_vendors(w, "\"sha256\":\t\"cd00", true);
	assert_vendors(w, "\"measured\":\t\"sha256:2222", true);
	assert_vendors(w, "\"hashes_differ\":\ttrue", true);
	assert_vendors(w, "hash_state", false);
	assert_page(profile(w, PST_VIEW_TEXT), "2222; its file reads otherwise\n", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(without_ima_no_page_speaks_of_it),
		WIRE_CASE(the_kernels_sha256_stands_in_and_says_so),
		WIRE_CASE(another_algorithm_is_shown_by_its_name_only),
		WIRE_CASE(two_hashes_that_differ_are_said_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
