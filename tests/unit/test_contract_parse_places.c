// SPDX-License-Identifier: Apache-2.0
/* Is a key refused where it means nothing, with the one that was meant? */
#include "contract_fixture.h"

static void keys_are_refused_where_they_mean_nothing(void **state)
{
	(void)state;
	refuses_channel(
		"{\"connect\":\"tcp\",\"on\":\"10.0.0.1\"}", 18,
		"\"on\" belongs to an entry with listen of tcp, udp, sctp or dccp, this one has connect; did you mean "
		"\"to\"?");
	refuses_channel("{\"connect\":\"tcp\",\"from\":\"10.0.0.1\"}", 18, "did you mean \"to\"?");
	refuses_channel("{\"listen\":\"tcp\",\"to\":\"10.0.0.1\"}", 17,
			"did you mean \"from\" or \"on\"?");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"10.0.0.1\",\"on\":\"10.0.0.2\"}", 34,
			"did you mean \"to\"?");
	refuses_channel("{\"unix\":\"/run/a\",\"port\":1}", 18, "this one has unix");
	refuses_channel("{\"unix\":\"run/a\"}", 9, "begins with");
}

static void keys_depend_on_the_protocol(void **state)
{
	(void)state;
	refuses_channel(
		"{\"connect\":\"icmp\",\"port\":1}", 19,
		"belongs to an entry with connect or listen of tcp, udp, udplite, sctp, dccp or "
		"vsock, this one has connect icmp");
	refuses_channel("{\"connect\":\"tcp\",\"protocol\":6}", 18, "connect raw");
	refuses_channel("{\"connect\":\"tcp\",\"cid\":2}", 18, "connect vsock");
	refuses_channel("{\"connect\":\"vsock\",\"to\":\"10.0.0.1\"}", 20,
			"this one has connect vsock");
	refuses_channel("{\"listen\":\"unix\",\"path\":\"/x\",\"port\":1}", 30,
			"this one has listen unix");
	refuses_channel("{\"listen\":\"tcp\",\"path\":\"/x\"}", 17, "listen unix");
	refuses_channel("{\"tunnel\":\"tun0\",\"ethertype\":3}", 18,
			"belongs to an entry with packet, this one has tunnel");
	refuses_channel("{\"listen\":\"unix\"}", 17, "needs the key \"path\"");
}

static void an_entry_is_about_exactly_one_thing(void **state)
{
	(void)state;
	refuses_channel("{\"to\":\"10.0.0.1\"}", 1, "needs exactly one of connect, listen, unix,");
	refuses_channel("{\"connect\":\"tcp\",\"listen\":\"tcp\"}", 1, "this has 2");
}

static void a_misspelt_key_is_told_once(void **state)
{
	(void)state;
	refuses_channel("{\"conect\":\"tcp\"}", 2, "did you mean \"connect\"?");
	assert_string_equal(said.list[0].suggestion, "connect");
	/* its own keys are judged as if it had not been there */
	refuses_channel("{\"conect\":\"tcp\",\"port\":443}", 2, "did you mean \"connect\"?");
}

static void a_wrong_word_counts_as_the_usual_protocol(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"tpc\",\"to\":\"10.0.0.1\",\"port\":443}", 12,
			"did you mean \"tcp\"?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_refused_where_they_mean_nothing),
		cmocka_unit_test(keys_depend_on_the_protocol),
		cmocka_unit_test(an_entry_is_about_exactly_one_thing),
		cmocka_unit_test(a_misspelt_key_is_told_once),
		cmocka_unit_test(a_wrong_word_counts_as_the_usual_protocol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
