// SPDX-License-Identifier: Apache-2.0
/* Do the pages say of which image the container is? */
#include <stdlib.h>

#include "identity_fixture.h"

#include "engine/view.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void assert_page(char *page, const char *part, bool is_there)
{
	assert_non_null(page);
	if ((strstr(page, part) != NULL) != is_there)
		fail_msg("%s %s in:\n%s", is_there ? "no" : "there is", part, page);
	free(page);
}

static char *vendors(struct wire *w, enum pst_view_form form)
{
	return pst_view_vendors(w->engine, form);
}

static char *profile(struct wire *w, enum pst_view_form form)
{
	return pst_view_profile(w->engine, &(struct pst_view_keys){ .what = "all", .form = form });
}

static void run_vendor(struct wire *w)
{
	run_contained(w, 20, ID);
	snprintf(w->asked_path, sizeof(w->asked_path), "/usr/bin/agent");
	w->question = (struct pst_identify){ .inode = 4711 };
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_connect(w, 80);
}

static void a_container_stands_alone_until_its_image_is_told(void **state)
{
	struct wire *w = *state;

	run_vendor(w);
	assert_page(vendors(w, PST_VIEW_TEXT), "; container 0123456789ab;", true);
	assert_page(vendors(w, PST_VIEW_JSON), "container_image", false);
	assert_page(profile(w, PST_VIEW_TEXT), "\n  container 0123456789ab\n", true);
	assert_page(profile(w, PST_VIEW_JSON), "\"container\":\t\"" ID "\"", true);
	assert_page(profile(w, PST_VIEW_JSON), "container_image", false);
}

static void its_image_stands_beside_it(void **state)
{
	struct wire *w = *state;

	run_vendor(w);
	contained(w, ID, "acme/agent:1.4\n");
	assert_page(vendors(w, PST_VIEW_TEXT), "; container 0123456789ab of acme/agent:1.4\\",
		    true);
	assert_page(vendors(w, PST_VIEW_JSON), "\"container_image\":\t\"acme/agent:1.4\\\\", true);
	assert_page(profile(w, PST_VIEW_TEXT), "\n  container 0123456789ab of acme/agent:1.4\\",
		    true);
	assert_page(profile(w, PST_VIEW_JSON), "\"container_image\":\t\"acme/agent:1.4\\\\", true);
}

static void what_is_in_none_says_nothing_of_it(void **state)
{
	struct wire *w = *state;

	run_own(w, 20, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme", "7" });
	wire_connect(w, 80);
	assert_page(vendors(w, PST_VIEW_TEXT), "container", false);
	assert_page(profile(w, PST_VIEW_TEXT), "container", false);
	assert_page(profile(w, PST_VIEW_JSON), "container", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(a_container_stands_alone_until_its_image_is_told),
		WIRE_CASE(its_image_stands_beside_it),
		WIRE_CASE(what_is_in_none_says_nothing_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
