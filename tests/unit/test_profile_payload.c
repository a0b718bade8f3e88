// SPDX-License-Identifier: Apache-2.0
/* Do first bytes find their channel, and is what they say written once? */
#include "profile_fixture.h"

static struct pst_event first_bytes(const struct pst_event *channel, const char *server_name)
{
	struct pst_event event = build_as(channel, PST_EVENT_PAYLOAD, 700);

	event.payload = (struct pst_payload_seen){ .form = PST_PAYLOAD_IS_FIRST,
						   .peer = channel->channel.peer,
						   .local = channel->channel.local,
						   .kind = channel->channel.kind,
						   .peer_port = channel->channel.peer_port,
						   .local_port = channel->channel.local_port,
						   .class_ = PST_CLASS_TLS,
						   .alpn = "h2" };
	strcpy(event.payload.server_name, server_name);
	return event;
}

static void the_first_name_stays(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event hello = first_bytes(&connect, "vault.example");
	struct pst_event again = first_bytes(&connect, "other.example");
	struct pst_channel *channel = see(*state, &connect);

	assert_ptr_equal(pst_profile_payload(*state, &hello, &process), channel);
	assert_int_equal(channel->class_, PST_CLASS_TLS);
	assert_string_equal(channel->server_name, "vault.example");
	assert_string_equal(channel->alpn, "h2");
	again.payload.class_ = PST_CLASS_SSH;
	assert_ptr_equal(pst_profile_payload(*state, &again, &process), channel);
	assert_string_equal(channel->server_name, "vault.example");
	assert_int_equal(channel->class_, PST_CLASS_TLS);
	assert_false(channel->name_mismatch);
}

static void a_name_that_does_not_match_takes_its_place(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event hello = first_bytes(&connect, "vault.example");
	struct pst_channel *channel = see(*state, &connect);

	(void)pst_profile_payload(*state, &hello, &process);
	pst_channel_mismatch(channel, "front.example");
	assert_true(channel->name_mismatch);
	assert_string_equal(channel->server_name, "front.example");
}

static void text_gives_way_to_a_better_word(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 25);
	struct pst_event bytes = first_bytes(&connect, "");
	struct pst_channel *channel = see(*state, &connect);

	bytes.payload.class_ = PST_CLASS_TEXT;
	(void)pst_profile_payload(*state, &bytes, &process);
	bytes.payload.class_ = PST_CLASS_SMTP;
	(void)pst_profile_payload(*state, &bytes, &process);
	assert_int_equal(channel->class_, PST_CLASS_SMTP);
	bytes.payload.class_ = PST_CLASS_TEXT;
	(void)pst_profile_payload(*state, &bytes, &process);
	assert_int_equal(channel->class_, PST_CLASS_SMTP);
	assert_null(channel->server_name);
}

static void an_accepted_channel_is_found_by_its_local_port(void **state)
{
	struct pst_event accept = build_channel(&task, 500, PST_TCP_ACCEPT, "198.51.100.9", 9005);
	struct pst_event bytes;

	accept.channel.peer_port = 50123;
	bytes = first_bytes(&accept, "");
	assert_ptr_equal(pst_profile_payload(*state, &bytes, &process), see(*state, &accept));
}

static void a_folded_channel_is_found_by_its_network(void **state)
{
	struct pst_event fold = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.0", 443);
	struct pst_event member = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event hello = first_bytes(&member, "vault.example");
	struct pst_channel *channel;

	channel = see(*state, &fold);
	assert_null(pst_profile_payload(*state, &hello, &process));
	fold.channel.folded = true;
	assert_ptr_equal(see(*state, &fold), channel);
	assert_ptr_equal(pst_profile_payload(*state, &hello, &process), channel);
}

static void malformed_bytes_say_nothing(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event bad = first_bytes(&connect, "vault.example");
	const struct pst_channel *channel = see(*state, &connect);

	bad.payload.form = PST_PAYLOAD_IS_BAD;
	assert_null(pst_profile_payload(*state, &bad, &process));
	assert_int_equal(channel->class_, PST_CLASS_UNKNOWN);
	assert_null(channel->server_name);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_first_name_stays),
		CASE(a_name_that_does_not_match_takes_its_place),
		CASE(text_gives_way_to_a_better_word),
		CASE(an_accepted_channel_is_found_by_its_local_port),
		CASE(a_folded_channel_is_found_by_its_network),
		CASE(malformed_bytes_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
