// SPDX-License-Identifier: Apache-2.0
/* Are places named as narrowly as they were seen? */
#include "draft_fixture.h"

static struct pst_draft_place at(const char *text, uint32_t port)
{
	return (struct pst_draft_place){
		.protocol = "tcp", .port = port, .at = PST_AT_PREFIX, .prefix = { addr(text), 128 }
	};
}

static void place_is(const struct pst_draft_place *place, const char *expected)
{
	struct pst_prose out = { .text = NULL };

	pst_draft_say_place(&out, place);
	assert_string_equal(out.text, expected);
	free(out.text);
}

/* @count places, whose addresses are @text with the last byte, or the one at @byte, counted up */
static size_t fill_at(struct pst_draft_place *places, const char *text, size_t count, size_t byte)
{
	size_t i;

	for (i = 0; i < count; i++) {
		places[i] = at(text, 443);
		places[i].prefix.addr.b[byte] = (uint8_t)(i + 1);
	}
	return count;
}

static size_t fill(struct pst_draft_place *places, const char *text, size_t count)
{
	return fill_at(places, text, count, 15);
}

static void eight_addresses_of_a_network_are_the_network_seven_are_not(void **state)
{
	struct pst_draft_place places[9];

	(void)state;
	assert_int_equal(pst_draft_fold(places, fill(places, "10.1.2.0", 7)), 0);
	place_is(&places[0], "\"10.1.2.1\"");
	assert_int_equal(pst_draft_fold(places, fill(places, "10.1.2.0", 8)), 1);
	place_is(&places[0], "\"10.1.2.0/24\"");
	place_is(&places[7], "\"10.1.2.0/24\"");
	assert_int_equal(pst_draft_fold(places, fill(places, "2001:db8::", 8)), 1);
	place_is(&places[0], "\"2001:db8::/56\"");
	fill(places, "10.1.2.0", 8);
	places[7].port = 80;
	assert_int_equal(pst_draft_fold(places, 8), 0);
	fill(places, "10.1.2.0", 8);
	places[7] = places[6]; /* seven different ones */
	assert_int_equal(pst_draft_fold(places, 8), 0);
	assert_int_equal(pst_draft_fold(places, fill_at(places, "10.1.0.7", 8, 14)), 0);
	fill(places, "127.0.0.0", 8);
	places[0].prefix = (struct pst_prefix){ addr("127.0.0.0"), 96 + 8 };
	assert_int_equal(pst_draft_fold(places, 8), 0); /* what is wider already stays so */
}

static void what_the_kernel_folded_is_a_network_with_all_that_it_holds(void **state)
{
	struct pst_draft_place places[2] = { at("10.1.2.0", 443), at("10.1.2.9", 443) };

	(void)state;
	places[0].folded = true;
	places[0].prefix.bits = 96 + 24;
	places[1].needs = 4;
	assert_int_equal(pst_draft_fold(places, 2), 1);
	place_is(&places[0], "\"10.1.2.0/24\"");
	assert_true(pst_draft_same_place(&places[0], &places[1]));
	assert_int_equal(places[0].needs, 4); /* one clause: what one of them needs, it needs */
}

static void ports_are_a_number_a_range_or_a_list(void **state)
{
	static const struct {
		uint32_t ports[5];
		size_t count;
		const char *expected;
	} cases[] = {
		{ { 443 }, 1, "443" },
		{ { 443, 443 }, 2, "443" },
		{ { 80, 443 }, 2, "[80,443]" },
		{ { 80, 81 }, 2, "[80,81]" },
		{ { 80, 81, 82 }, 3, "\"80-82\"" },
		{ { 22, 80, 81, 82, 443 }, 5, "[22,\"80-82\",443]" },
		{ { 65535, PST_DRAFT_EPHEMERAL }, 2, "[65535,\"ephemeral\"]" },
		{ { PST_DRAFT_EPHEMERAL }, 1, "\"ephemeral\"" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pst_prose out = { .text = NULL };

		pst_draft_say_ports(&out, cases[i].ports, cases[i].count);
		assert_string_equal(out.text, cases[i].expected);
		free(out.text);
	}
}

static void peers_outside_of_the_house_are_external(void **state)
{
	const struct pst_draft_keys keys = keys_of(NULL);
	static const struct {
		const char *addr;
		bool external;
	} cases[] = {
		{ "10.255.255.255", false }, { "11.0.0.0", true },    { "127.0.0.1", false },
		{ "169.254.1.1", false },    { "169.253.1.1", true }, { "fe80::1", false },
		{ "2001:db8::1", true },     { "::1", false },	      { "::", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct pst_addr a = addr(cases[i].addr);

		assert_int_equal(pst_draft_is_external(&keys, &a), cases[i].external);
	}
}

static void places_are_ordered_by_what_is_said_of_them(void **state)
{
	const struct pst_draft_place a = at("10.0.0.1", 1), b = at("10.0.0.2", 1);
	struct pst_draft_place other = at("10.0.0.1", 2);

	(void)state;
	assert_true(pst_draft_place_order(&a, &b) < 0);
	assert_true(pst_draft_place_order(&a, &other) < 0);
	assert_true(pst_draft_same_place(&a, &other));
	other.protocol = "udp";
	assert_false(pst_draft_same_place(&a, &other));
	other = a;
	other.needs = 1;
	assert_false(pst_draft_same_place(&a, &other));
	other = a;
	other.number = 1;
	assert_false(pst_draft_same_place(&a, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_addresses_of_a_network_are_the_network_seven_are_not),
		cmocka_unit_test(what_the_kernel_folded_is_a_network_with_all_that_it_holds),
		cmocka_unit_test(ports_are_a_number_a_range_or_a_list),
		cmocka_unit_test(peers_outside_of_the_house_are_external),
		cmocka_unit_test(places_are_ordered_by_what_is_said_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
