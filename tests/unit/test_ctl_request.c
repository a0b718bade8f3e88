// SPDX-License-Identifier: Apache-2.0
/* Is a request understood, refused in words, and answered whole? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>

#include "ctl_fixture.h"

static void other_verbs_are_answered_and_the_connection_ends(void **state)
{
	struct house *house = house_new(NULL);

	(void)state;
	ask(house, 0, "status json");
	assert_string_equal(house->asked, "status json");
	assert_string_equal(line_of(house, 0), "ok");
	assert_string_equal(line_of(house, 0), "(end)");
	ask(house, 1, "profile nothing");
	assert_string_equal(line_of(house, 1),
			    "{\"postern\":{\"error\":\"the request is not understood\"}}");
	assert_string_equal(line_of(house, 1), "(end)");
	house_free(house);
}

static void an_answer_longer_than_a_queue_arrives_whole(void **state)
{
	const struct pst_ctl_keys sizes = { .client_bytes = 256 };
	struct house *house = house_new(&sizes);
	char block[65536];
	size_t total = 0;
	ssize_t n;
	int rounds;

	(void)state;
	house->reply_len = 3000000;
	ask(house, 0, "profile");
	for (rounds = 0; rounds < 10000; rounds++) {
		pst_ctl_poll(house->ctl);
		n = read(house->reader[0].fd, block, sizeof(block));
		if (n == 0)
			break;
		total += n > 0 ? (size_t)n : 0;
	}
	assert_int_equal(total, 3000003);
	house_free(house);
}

static void nonsense_is_told_so(void **state)
{
	struct house *house = house_new(NULL);

	(void)state;
	ask(house, 0, "tails");
	assert_string_equal(line_of(house, 0), "{\"postern\":{\"error\":\"no such verb\"}}");
	assert_string_equal(line_of(house, 0), "(end)");
	ask(house, 1, "tail -n x");
	assert_string_equal(line_of(house, 1),
			    "{\"postern\":{\"error\":\"tail takes nothing or -n N\"}}");
	ask(house, 2, "tail -n 99999999999999999999");
	assert_string_equal(line_of(house, 2),
			    "{\"postern\":{\"error\":\"tail takes nothing or -n N\"}}");
	ask(house, 3, "");
	assert_string_equal(line_of(house, 3), "{\"postern\":{\"error\":\"no such verb\"}}");
	assert_string_equal(house->asked, "");
	house_free(house);
}

static void a_request_without_an_end_is_cut_off(void **state)
{
	struct house *house = house_new(NULL);
	struct pst_ctl_figures figures;
	char many[PST_CTL_REQUEST_MAX];

	(void)state;
	memset(many, 'x', sizeof(many));
	house->reader[0].fd = pst_ctl_connect(house->socket);
	assert_int_equal(send(house->reader[0].fd, many, sizeof(many), MSG_NOSIGNAL), sizeof(many));
	pst_ctl_poll(house->ctl);
	pst_ctl_poll(house->ctl);
	pst_ctl_figures(house->ctl, &figures);
	assert_int_equal(figures.accepted, 1);
	assert_int_equal(figures.clients, 0);
	house_free(house);
}

static void tail_n_begins_with_the_last_lines(void **state)
{
	struct house *house = house_new(NULL);

	(void)state;
	put(house, "one");
	put(house, "two");
	put(house, "three");
	ask(house, 0, "tail -n 2");
	put(house, "four");
	assert_string_equal(line_of(house, 0), "two");
	assert_string_equal(line_of(house, 0), "three");
	assert_string_equal(line_of(house, 0), "four");
	ask(house, 1, "tail -n 100");
	assert_string_equal(line_of(house, 1), "one");
	house_free(house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_verbs_are_answered_and_the_connection_ends),
		cmocka_unit_test(an_answer_longer_than_a_queue_arrives_whole),
		cmocka_unit_test(nonsense_is_told_so),
		cmocka_unit_test(a_request_without_an_end_is_cut_off),
		cmocka_unit_test(tail_n_begins_with_the_last_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
