// SPDX-License-Identifier: Apache-2.0
/* Does a listener's clause say where it listens, and to whom it opened? */
#include "draft_fixture.h"

#define LISTENERS (1u << PST_DRAFT_LISTENERS)

static struct past past;

static void on_loopback_nobody_has_to_decide(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_TCP_LISTEN, "127.0.0.1", 9300);
	(void)had(&past, PST_TCP_ACCEPT, "127.0.0.1", 9300);
	(void)had(&past, PST_TCP_LISTEN, "::1", 9300);
	says(&past, 0, "\"on\": [ \"::1\", \"127.0.0.1\" ],\n      \"port\": 9300,\n      \"why\"");
	says_not(&past, 0, "\"from\"");
}

static void beyond_loopback_a_person_decides_and_sees_who_came(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_TCP_LISTEN, "0.0.0.0", 80);
	(void)had(&past, PST_TCP_LISTEN, "0.0.0.0", 443);
	(void)had(&past, PST_TCP_ACCEPT, "10.0.0.9", 80);
	(void)had(&past, PST_TCP_ACCEPT, "127.0.0.1", 80);
	(void)had(&past, PST_TCP_ACCEPT, "127.0.0.2", 80);
	says(&past, 0, "// needs a person: other hosts may connect (listeners)");
	says(&past, LISTENERS,
	     "\"on\": \"0.0.0.0\",\n      \"port\": 80,\n"
	     "      \"from\": [ \"10.0.0.9\", \"127.0.0.0/8\" ]");
	says(&past, LISTENERS, "\"on\": \"0.0.0.0\",\n      \"port\": 443,\n      \"why\"");
	says(&past, LISTENERS, "111 connections accepted from 3 peers");
}

static void where_strangers_come_anybody_may(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_TCP_LISTEN, "0.0.0.0", 80);
	(void)had(&past, PST_TCP_ACCEPT, "10.0.0.9", 80);
	(void)had(&past, PST_TCP_ACCEPT, "203.0.113.9", 80);
	says(&past, LISTENERS, "\"listen\": \"tcp\"");
	says_not(&past, LISTENERS, "\"from\"");
}

static void many_networks_of_the_house_are_the_house(void **state)
{
	char text[32];
	unsigned int i;

	(void)state;
	begin(&past);
	(void)had(&past, PST_TCP_LISTEN, "10.0.0.1", 80);
	for (i = 1; i <= 16; i++) {
		(void)snprintf(text, sizeof(text), "10.7.%u.1", i);
		(void)had(&past, PST_TCP_ACCEPT, text, 80);
	}
	says(&past, LISTENERS, "\"10.7.16.1\"");
	(void)had(&past, PST_TCP_ACCEPT, "10.7.17.1", 80);
	says(&past, LISTENERS, "\"from\": \"10.0.0.0/8\"");
}

static void ports_of_the_kernels_choice_are_ephemeral(void **state)
{
	struct pst_past_channel *channel;

	(void)state;
	begin(&past);
	channel = had(&past, PST_TCP_LISTEN, "127.0.0.1", 32768);
	channel->count.attempts = 1;
	channel->time = days(1);
	channel = had(&past, PST_TCP_LISTEN, "127.0.0.1", 60999);
	channel->count.attempts = 1;
	channel->time = days(1);
	(void)had(&past, PST_TCP_LISTEN, "127.0.0.1", 61000);
	(void)had(&past, PST_TCP_LISTEN, "127.0.0.1", 32767);
	says(&past, 0, "\"port\": [ 32767, 61000, \"ephemeral\" ]");
	past.channel[0].count.attempts = 2; /* this one was chosen by the program */
	says(&past, 0, "\"port\": [ 32767, 32768, 61000, \"ephemeral\" ]");
	past.channel[0].count.attempts = 1;
	past.channel[0].time = days(2);
	says(&past, 0, "\"port\": [ 32767, 32768, 61000, \"ephemeral\" ]");
	(void)had(&past, PST_TCP_LISTEN, "127.0.0.1", 0); /* as the history sums them up */
	says(&past, 0, "\"port\": [ 32767, 32768, 61000, \"ephemeral\" ]");
}

/* A port that was open once, for so many seconds. */
static struct pst_past_channel *drew(const char *on, uint16_t port, uint64_t seconds)
{
	struct pst_past_channel *channel = had(&past, PST_UDP_LISTEN, on, port);

	channel->count.attempts = channel->count.closed = 1;
	channel->time = days(1);
	channel->time.first_s = NOW - seconds;
	return channel;
}

static void draw_ports(const char *on, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		(void)drew(on, (uint16_t)(1024 + 1000 * i), 2);
}

static void ports_that_a_program_draws_are_a_range(void **state)
{
	(void)state;
	begin(&past);
	draw_ports("127.0.0.1", 7);
	says_not(&past, 0, "1024-65535");
	(void)drew("127.0.0.1", 65535, 0);
	says(&past, 0, "\"port\": \"1024-65535\"");
	says(&past, 0,
	     "8 times on 1 of 6 days, last 2025-11-23; 8 different ports, each once: others the "
	     "next time");
}

static void ports_that_a_program_has_of_its_own_are_no_range(void **state)
{
	unsigned int i;

	(void)state;
	begin(&past);
	draw_ports("127.0.0.1", 7);
	(void)drew("127.0.0.1", 9000, 3); /* too long for one question */
	drew("127.0.0.1", 9001, 0)->count.closed = 0;
	drew("127.0.0.1", 9002, 0)->count.attempts = 2;
	(void)drew("127.0.0.1", 1023, 0);
	(void)drew("127.0.0.2", 9003, 0);
	drew("127.0.0.1", 9004, 0)->kind = PST_TCP_LISTEN;
	says_not(&past, 0, "1024-65535");
	for (i = 0; i < past.program.channel_count; i++)
		past.channel[i].count.attempts = 1;
	says(&past, 0, "1024-65535"); /* the one that was opened twice, as the others */
}

static void what_a_range_covers_is_not_said_again(void **state)
{
	(void)state;
	begin(&past);
	draw_ports("127.0.0.1", 8);
	(void)had(&past, PST_UDP_LISTEN, "127.0.0.1", 53);
	(void)had(&past, PST_UDP_LISTEN, "127.0.0.1", 1023);
	(void)had(&past, PST_UDP_LISTEN, "127.0.0.1", 1024);
	(void)had(&past, PST_UDP_LISTEN, "127.0.0.1", 5353);
	says(&past, 0, "\"port\": [ 53, 1023, \"1024-65535\" ]");
	(void)had(&past, PST_TCP_LISTEN, "127.0.0.1", 5353);
	says(&past, 0, "\"listen\": \"tcp\",\n      \"on\": \"127.0.0.1\",\n      \"port\": 5353");
}

static void drawn_ports_beyond_loopback_are_for_a_person(void **state)
{
	(void)state;
	begin(&past);
	draw_ports("0.0.0.0", 8);
	(void)had(&past, PST_UDP_ACCEPT, "10.0.0.9", 1024);
	(void)had(&past, PST_UDP_ACCEPT, "10.0.0.8", 4711); /* forgotten to make room */
	says(&past, 0,
	     "\"channels\": [\n    // needs a person: other hosts may connect (listeners)");
	says(&past, LISTENERS,
	     "\"port\": \"1024-65535\",\n      \"from\": [ \"10.0.0.8\", \"10.0.0.9\" ]");
	says_not(&past, LISTENERS, "4711");
	(void)had(&past, PST_UDP_LISTEN, "0.0.0.0", 4711);
	says(&past, LISTENERS, "\"port\": 4711,\n      \"from\": \"10.0.0.8\"");
}

static void who_came_tells_where_it_listens_when_nothing_else_does(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_TCP_ACCEPT, "127.0.0.2", 80);
	says(&past, 0, "\"on\": \"127.0.0.0/8\",\n      \"port\": 80");
	begin(&past);
	(void)had(&past, PST_TCP_ACCEPT, "10.0.0.1", 80);
	says(&past, 0, "// needs a person: other hosts may connect (listeners)");
	says(&past, LISTENERS, "\"listen\": \"tcp\",\n      \"port\": 80,\n      \"from\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_loopback_nobody_has_to_decide),
		cmocka_unit_test(beyond_loopback_a_person_decides_and_sees_who_came),
		cmocka_unit_test(where_strangers_come_anybody_may),
		cmocka_unit_test(many_networks_of_the_house_are_the_house),
		cmocka_unit_test(ports_of_the_kernels_choice_are_ephemeral),
		cmocka_unit_test(ports_that_a_program_draws_are_a_range),
		cmocka_unit_test(ports_that_a_program_has_of_its_own_are_no_range),
		cmocka_unit_test(what_a_range_covers_is_not_said_again),
		cmocka_unit_test(drawn_ports_beyond_loopback_are_for_a_person),
		cmocka_unit_test(who_came_tells_where_it_listens_when_nothing_else_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
