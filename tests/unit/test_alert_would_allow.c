// SPDX-License-Identifier: Apache-2.0
/* Are the words that would allow an act such as a contract takes, and no more than was done? */
#include "alert/facts.h"

#include "contract_fixture.h"

#define HASH "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char out[512];

static const char *words(enum pst_detector_id detector, const char *name)
{
	return pst_would_allow(detector, name, out, sizeof(out));
}

static void each_act_has_its_words(void **state)
{
	(void)state;
	assert_string_equal(words(PST_DETECTOR_SOCKET_FILTER, HASH),
			    "{\"allow\":{\"filters\":[\"" HASH "\"]}}");
	assert_string_equal(words(PST_DETECTOR_MODULE_REQUEST, "net-pf-38"),
			    "{\"allow\":{\"modules\":[\"net-pf-38\"]}}");
	assert_string_equal(words(PST_DETECTOR_HANDED_OVER_SOCKET, "/opt/acme/proxy"),
			    "{\"allow\":{\"handed_over_sockets\":[\"/opt/acme/proxy\"]}}");
	assert_string_equal(words(PST_DETECTOR_URING_NETWORK, "17"),
			    "{\"allow\":{\"io_uring\":true}}");
	assert_string_equal(words(PST_DETECTOR_MEMFD_EXEC, ""),
			    "{\"allow\":{\"memfd_exec\":true}}");
	assert_string_equal(words(PST_DETECTOR_DELETED_EXEC, NULL),
			    "{\"allow\":{\"deleted_exec\":true}}");
	assert_string_equal(words(PST_DETECTOR_UNEXPECTED_EXEC, "/usr/bin/curl"),
			    "{\"exec\":[\"/usr/bin/curl\"]}");
}

static void the_contract_takes_them(void **state)
{
	static const struct {
		enum pst_detector_id detector;
		const char *name;
	} acts[] = { { PST_DETECTOR_SOCKET_FILTER, HASH },
		     { PST_DETECTOR_MODULE_REQUEST, "net-pf-38" },
		     { PST_DETECTOR_BPF_LOAD, "xdp" },
		     { PST_DETECTOR_HANDED_OVER_SOCKET, "/opt/acme/proxy" },
		     { PST_DETECTOR_HANDED_OVER_SOCKET, NULL },
		     { PST_DETECTOR_URING_NETWORK, NULL },
		     { PST_DETECTOR_MEMFD_EXEC, NULL },
		     { PST_DETECTOR_DELETED_EXEC, NULL },
		     { PST_DETECTOR_UNEXPECTED_EXEC, "/usr/bin/curl" } };
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		struct pst_contracts *set = pst_contracts_new();

		(void)snprintf(text, sizeof(text),
			       "{\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":"
			       "[{\"uid\":0}],\"channels\":[],%s",
			       words(acts[i].detector, acts[i].name) + 1);
		assert_int_equal(add_text(set, text), 0);
		pst_contracts_free(set);
	}
}

static void a_name_that_cannot_be_copied_is_not_offered(void **state)
{
	(void)state;
	assert_string_equal(words(PST_DETECTOR_SOCKET_FILTER, ""), "");
	assert_string_equal(words(PST_DETECTOR_MODULE_REQUEST, "a\",\"*"), "");
	assert_string_equal(words(PST_DETECTOR_HANDED_OVER_SOCKET, "/opt/*/x"),
			    "{\"allow\":{\"handed_over_sockets\":true}}");
	assert_string_equal(words(PST_DETECTOR_UNEXPECTED_EXEC, "/tmp/*"), "");
	assert_string_equal(words(PST_DETECTOR_UNEXPECTED_EXEC, ""), "");
	assert_string_equal(pst_would_allow(PST_DETECTOR_SOCKET_FILTER, HASH, out, 40), "");
}

static void what_is_about_a_channel_has_none(void **state)
{
	(void)state;
	assert_string_equal(words(PST_DETECTOR_UNDECLARED_CHANNEL, "x"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_act_has_its_words),
		cmocka_unit_test(the_contract_takes_them),
		cmocka_unit_test(a_name_that_cannot_be_copied_is_not_offered),
		cmocka_unit_test(what_is_about_a_channel_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
