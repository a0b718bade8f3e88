// SPDX-License-Identifier: Apache-2.0
/* Do readers get their lines, does a slow one cost nothing, and whose is the socket's name? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl_fixture.h"

static void several_readers_get_every_line(void **state)
{
	struct house *house = house_new(NULL);

	(void)state;
	put(house, "before");
	ask(house, 0, "tail");
	ask(house, 1, "tail");
	put(house, "one");
	put(house, "two");
	assert_string_equal(line_of(house, 0), "one");
	assert_string_equal(line_of(house, 0), "two");
	assert_string_equal(line_of(house, 1), "one");
	assert_string_equal(line_of(house, 1), "two");
	assert_string_equal(line_of(house, 1), "(nothing)");
	house_free(house);
}

static void the_ring_forgets_the_oldest_whole_lines(void **state)
{
	const struct pst_ctl_keys sizes = { .ring_bytes = 10 };
	struct house *house = house_new(&sizes);

	(void)state;
	put(house, "one");
	put(house, "two");
	put(house, "three");
	ask(house, 0, "tail -n 9");
	assert_string_equal(line_of(house, 0), "two");
	assert_string_equal(line_of(house, 0), "three");
	put(house, "longer than the ring");
	assert_string_equal(line_of(house, 0), "longer than the ring");
	house_free(house);
}

static void a_slow_reader_loses_lines_and_is_told_how_many(void **state)
{
	const struct pst_ctl_keys sizes = { .client_bytes = 4096 };
	struct house *house = house_new(&sizes);
	struct pst_ctl_figures figures;
	unsigned long long said = 0, got = 0, told;
	const char *line;
	size_t i;

	(void)state;
	ask(house, 0, "tail");
	ask(house, 1, "tail");
	for (i = 0; i < 20000; i++) {
		put(house,
		    "0123456789012345678901234567890123456789012345678901234567890123456789");
		if (i % 8 == 0)
			pst_ctl_poll(house->ctl);
		assert_true(line_of(house, 1)[0] == '0'); /* the quick one gets every line */
	}
	pst_ctl_figures(house->ctl, &figures);
	assert_true(figures.dropped > 0);
	while ((line = line_of(house, 0)) && strcmp(line, "(nothing)") != 0) {
		got += line[0] == '0';
		if (sscanf(line, "{\"postern\":{\"tail_dropped\":%llu}}", &told) == 1)
			said += told;
	}
	assert_int_equal(said, figures.dropped);
	assert_int_equal(got + said, 20000);
	house_free(house);
}

static void a_reader_that_leaves_is_forgotten(void **state)
{
	struct house *house = house_new(NULL);
	struct pst_ctl_figures figures;

	(void)state;
	ask(house, 0, "tail");
	(void)close(house->reader[0].fd);
	house->reader[0].fd = -1;
	put(house, "one");
	pst_ctl_poll(house->ctl);
	pst_ctl_figures(house->ctl, &figures);
	assert_int_equal(figures.clients, 0);
	house_free(house);
}

static void a_reader_that_only_stops_asking_still_hears(void **state)
{
	struct house *house = house_new(NULL);

	(void)state;
	ask(house, 0, "tail");
	assert_int_equal(shutdown(house->reader[0].fd, SHUT_WR), 0);
	pst_ctl_poll(house->ctl);
	put(house, "one");
	assert_string_equal(line_of(house, 0), "one");
	house_free(house);
}

static void too_many_readers_are_refused_but_idle_ones_make_room(void **state)
{
	const struct pst_ctl_keys sizes = { .clients_max = 2 };
	struct house *house = house_new(&sizes);
	struct pst_ctl_figures figures;

	(void)state;
	house->reader[3].fd = pst_ctl_connect(house->socket); /* says nothing */
	pst_ctl_poll(house->ctl);
	ask(house, 0, "tail");
	ask(house, 1, "tail");
	pst_ctl_figures(house->ctl, &figures);
	assert_int_equal(figures.clients, 2);
	assert_string_equal(line_of(house, 3), "(end)");
	house->reader[2].fd = pst_ctl_connect(house->socket);
	pst_ctl_poll(house->ctl);
	assert_string_equal(line_of(house, 2), "{\"postern\":{\"error\":\"too many readers\"}}");
	pst_ctl_figures(house->ctl, &figures);
	assert_int_equal(figures.refused, 1);
	house_free(house);
}

static void a_living_daemon_keeps_its_name(void **state)
{
	struct house *house = house_new(NULL);
	const struct pst_ctl_keys keys = { .path = house->socket };
	struct pst_ctl *second = NULL;

	(void)state;
	assert_int_equal(pst_ctl_new(&keys, &second), -EADDRINUSE);
	assert_null(second);
	ask(house, 0, "tail"); /* unharmed */
	put(house, "one");
	assert_string_equal(line_of(house, 0), "one");
	house_free(house);
}

static void a_socket_that_nobody_listens_at_is_replaced(void **state)
{
	struct room *room = room_new();
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct pst_ctl_keys keys = { .path = address.sun_path };
	struct pst_ctl *ctl = NULL;
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/postern.sock", room->folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	(void)close(fd);
	assert_int_equal(pst_ctl_new(&keys, &ctl), 0);
	assert_int_equal(stat(address.sun_path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	pst_ctl_free(ctl);
	assert_int_equal(stat(address.sun_path, &st), -1); /* the name is gone with it */
	room_free(room);
}

static void a_file_of_that_name_is_left_alone(void **state)
{
	struct room *room = room_new();
	const struct pst_ctl_keys keys = { .path = room_path(room, "postern.sock") };
	struct pst_ctl *ctl = NULL;
	FILE *file = fopen(room->path, "we");

	(void)state;
	assert_non_null(file);
	(void)fputs("mine", file);
	(void)fclose(file);
	assert_int_equal(pst_ctl_new(&keys, &ctl), -EEXIST);
	assert_string_equal(room_read(room, "postern.sock"), "mine");
	room_free(room);
}

static void a_path_that_is_too_long_or_not_there_is_an_error(void **state)
{
	char path[200];
	struct pst_ctl_keys keys = { .path = path };
	struct pst_ctl *ctl = NULL;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(pst_ctl_new(&keys, &ctl), -ENAMETOOLONG);
	assert_int_equal(pst_ctl_connect(path), -ENAMETOOLONG);
	keys.path = "/nonexistent/folder/postern.sock";
	assert_int_equal(pst_ctl_new(&keys, &ctl), -ENOENT);
	assert_int_equal(pst_ctl_connect(keys.path), -ENOENT);
	pst_ctl_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_readers_get_every_line),
		cmocka_unit_test(the_ring_forgets_the_oldest_whole_lines),
		cmocka_unit_test(a_slow_reader_loses_lines_and_is_told_how_many),
		cmocka_unit_test(a_reader_that_leaves_is_forgotten),
		cmocka_unit_test(a_reader_that_only_stops_asking_still_hears),
		cmocka_unit_test(too_many_readers_are_refused_but_idle_ones_make_room),
		cmocka_unit_test(a_living_daemon_keeps_its_name),
		cmocka_unit_test(a_socket_that_nobody_listens_at_is_replaced),
		cmocka_unit_test(a_file_of_that_name_is_left_alone),
		cmocka_unit_test(a_path_that_is_too_long_or_not_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
