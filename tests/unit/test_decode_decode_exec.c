// SPDX-License-Identifier: Apache-2.0
/* Are EXEC's strings taken whole, and no byte beyond them? */
#include <errno.h>

#include "frames.h"

/* An EXEC whose tail is only @path, of @len bytes. */
static struct frame with_path(const char *path, size_t len)
{
	struct frame frame = frame_stored("exec");

	frame_resize(&frame, sizeof(struct pst_rec_exec));
	frame_resize(&frame, sizeof(struct pst_rec_exec) + len);
	frame_set(&frame, pst_rec_exec, path_len, len);
	frame_set(&frame, pst_rec_exec, file_len, 0);
	frame_set(&frame, pst_rec_exec, args_len, 0);
	frame_set(&frame, pst_rec_exec, cgroup_len, 0);
	memcpy(frame.bytes + sizeof(struct pst_rec_exec), path, len);
	return frame;
}

static int decode_path(void *decoder, const char *path, size_t len, struct pst_event *out)
{
	struct frame frame = with_path(path, len);

	return frame_decode(decoder, &frame, out);
}

static void a_stored_exec_reads_as_ever(void **state)
{
	struct frame frame = frame_stored("exec");
	struct pst_event event;
	const struct pst_exec *exec = &event.exec;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	memset(frame.bytes, 0xff, sizeof(frame.bytes)); /* strings live in the decoder */
	assert_int_equal(exec->prev.tgid, 9);
	assert_int_equal(exec->prev.exec_ns, 1500);
	assert_int_equal(exec->inode, 4711);
	assert_int_equal(exec->ctime_ns, 123456789);
	assert_int_equal(exec->root_dev, 0x800001);
	assert_int_equal(exec->dev_major, 8);
	assert_int_equal(exec->dev_minor, 1);
	assert_true(exec->args_cut);
	assert_false(exec->memfd || exec->deleted || exec->path_cut || exec->cgroup_cut ||
		     exec->file_cut);
	assert_int_equal(exec->login_uid, 1000);
	assert_int_equal(exec->session_id, 3);
	assert_int_equal(exec->stdio_mask, 3);
	assert_int_equal(exec->stdio[1].family, 2);
	assert_int_equal(exec->stdio[1].sock_type, 1);
	assert_int_equal(exec->stdio[1].peer_port, 4444);
	assert_int_equal(exec->stdio[1].peer.b[15], 9);
	assert_int_equal(exec->stdio[1].cookie, 55);
	assert_int_equal(exec->stdio[2].family, 0);
	assert_string_equal(exec->path, "/opt/acme/bin/bkagent");
	assert_string_equal(exec->cgroup, "/system.slice/acme.service");
	assert_int_equal(exec->file.len, 9);
	assert_memory_equal(exec->file.data, "./bkagent", 9);
	assert_int_equal(exec->args.len, 17);
	assert_memory_equal(exec->args.data, "bkagent\0--daemon", 17);
}

static void a_path_stands_leaf_first(void **state)
{
	struct pst_event event;

	assert_int_equal(decode_path(*state, "c\0bb\0a", 7, &event), 0);
	assert_string_equal(event.exec.path, "/a/bb/c");
	assert_int_equal(decode_path(*state, "x", 2, &event), 0);
	assert_string_equal(event.exec.path, "/x");
}

static void an_empty_path_is_the_root(void **state)
{
	struct pst_event event;

	assert_int_equal(decode_path(*state, "", 0, &event), 0);
	assert_string_equal(event.exec.path, "/");
	assert_string_equal(event.exec.cgroup, "/");
	assert_int_equal(event.exec.args.len, 0);
}

static void a_component_is_neither_empty_nor_a_way_up_nor_holds_a_slash(void **state)
{
	struct pst_event event;

	assert_int_equal(decode_path(*state, "", 1, &event), -EBADMSG);
	assert_int_equal(decode_path(*state, "a\0\0b", 5, &event), -EBADMSG);
	assert_int_equal(decode_path(*state, "a/b", 4, &event), -EBADMSG);
	assert_int_equal(decode_path(*state, "a\0..", 5, &event), -EBADMSG);
	assert_int_equal(decode_path(*state, ".\0a", 4, &event), -EBADMSG);
	assert_int_equal(decode_path(*state, "...\0.a", 7, &event), 0);
	assert_string_equal(event.exec.path, "/.a/...");
}

static void a_path_without_its_end_is_broken(void **state)
{
	struct pst_event event;

	assert_int_equal(decode_path(*state, "ab", 2, &event), -EBADMSG);
}

static int decode_memfd(void *decoder, const char *path, size_t len, struct pst_event *out)
{
	struct frame frame = with_path(path, len);

	frame_set(&frame, pst_rec_exec, exec_flags, PST_EXEC_MEMFD);
	return frame_decode(decoder, &frame, out);
}

static void a_memory_file_may_be_called_anything(void **state)
{
	struct pst_event event;

	assert_int_equal(decode_memfd(*state, "memfd:a/../b", 13, &event), 0);
	assert_string_equal(event.exec.path, "/memfd:a/../b");
	assert_true(event.exec.memfd);
}

static void a_memory_file_is_called_so(void **state)
{
	struct pst_event event;

	assert_int_equal(decode_memfd(*state, "opt/acme", 9, &event), -EBADMSG);
	assert_int_equal(decode_memfd(*state, "memfd:a/b\0x", 12, &event), -EBADMSG);
}

static int decode_lengths(void *decoder, uint16_t path, uint16_t file, size_t tail)
{
	struct frame frame = frame_stored("exec");
	struct pst_event event;

	frame_resize(&frame, sizeof(struct pst_rec_exec));
	frame_resize(&frame, sizeof(struct pst_rec_exec) + tail);
	memset(frame.bytes + sizeof(struct pst_rec_exec), 'x', tail);
	if (path)
		frame.bytes[sizeof(struct pst_rec_exec) + path - 1] = '\0';
	frame_set(&frame, pst_rec_exec, path_len, path);
	frame_set(&frame, pst_rec_exec, file_len, file);
	frame_set(&frame, pst_rec_exec, args_len, 0);
	frame_set(&frame, pst_rec_exec, cgroup_len, 0);
	return frame_decode(decoder, &frame, &event);
}

static void strings_end_where_the_frame_ends(void **state)
{
	assert_int_equal(decode_lengths(*state, 10, 20, 30), 0);
	assert_int_equal(decode_lengths(*state, 10, 21, 30), -EBADMSG);
	assert_int_equal(decode_lengths(*state, 10, 20, 31), 0); /* a later version's */
}

static void strings_are_no_longer_than_the_wire_allows(void **state)
{
	assert_int_equal(decode_lengths(*state, PST_PATH_MAX, 0, PST_PATH_MAX), 0);
	assert_int_equal(decode_lengths(*state, PST_PATH_MAX + 1, 0, PST_PATH_MAX + 1), -EBADMSG);
	assert_int_equal(decode_lengths(*state, 0, PST_FILE_MAX, PST_FILE_MAX), 0);
	assert_int_equal(decode_lengths(*state, 0, PST_FILE_MAX + 1, PST_FILE_MAX + 1), -EBADMSG);
}

/* An EXEC with @more bytes of pst_rec_exec_more behind a path of 3 bytes. */
static struct pst_event exec_with_more(void *decoder, size_t more)
{
	const struct pst_rec_exec_more full = { .caps_effective = 1ull << 13,
						.caps_permitted = 3,
						.pipe_inode = { 4711, 0, 4712 },
						.peer_cookie = { 0, 99, 0 } };
	struct frame frame = with_path("ab", 3);
	struct pst_event event;

	frame_resize(&frame, frame.len + more);
	memcpy(frame.bytes + sizeof(struct pst_rec_exec) + 3, &full, sizeof(full));
	assert_int_equal(frame_decode(decoder, &frame, &event), 0);
	return event;
}

static void what_stands_behind_the_strings_is_known_when_it_is_whole(void **state)
{
	struct pst_event event = exec_with_more(*state, sizeof(struct pst_rec_exec_more));

	assert_true(event.exec.has_more);
	assert_int_equal(event.exec.caps_effective, 1ull << 13);
	assert_int_equal(event.exec.caps_permitted, 3);
	assert_int_equal(event.exec.pipe_inode[0], 4711);
	assert_int_equal(event.exec.pipe_inode[2], 4712);
	assert_int_equal(event.exec.peer_cookie[1], 99);
	event = exec_with_more(*state, sizeof(struct pst_rec_exec_more) - 1);
	assert_false(event.exec.has_more);
	assert_int_equal(event.exec.caps_effective, 0);
}

/* An EXEC with the first @size bytes of what tells its working directory: @flags, and @len bytes of
 * "acme\0opt\0x". */
struct told {
	uint32_t flags;
	uint16_t len;
	size_t size;
};

static int exec_in(void *decoder, struct told told, struct pst_event *event)
{
	const struct pst_rec_exec_cwd cwd = {
		.inode = 7, .root_dev = 0x800001, .flags = told.flags, .len = told.len
	};
	const size_t before = sizeof(struct pst_rec_exec_more);
	struct frame frame = with_path("ab", 3);
	uint8_t tail[sizeof(cwd) + 10];

	memcpy(tail, &cwd, sizeof(cwd));
	memcpy(tail + sizeof(cwd), "acme\0opt\0x", 10);
	frame_resize(&frame, frame.len + before + told.size);
	memset(frame.bytes + sizeof(struct pst_rec_exec) + 3, 0, before);
	memcpy(frame.bytes + sizeof(struct pst_rec_exec) + 3 + before, tail, told.size);
	return frame_decode(decoder, &frame, event);
}

#define CWD_HEAD sizeof(struct pst_rec_exec_cwd)

static void the_working_directory_stands_behind_that(void **state)
{
	struct pst_event event;

	assert_int_equal(exec_in(*state, (struct told){ 0, 9, CWD_HEAD + 9 }, &event), 0);
	assert_string_equal(event.exec.cwd, "/opt/acme");
	assert_int_equal(event.exec.cwd_root_dev, 0x800001);
	assert_false(event.exec.cwd_cut || event.exec.cwd_unsure || event.exec.cwd_late ||
		     event.exec.own_root);
	assert_int_equal(exec_in(*state, (struct told){ 0, 0, CWD_HEAD }, &event), 0);
	assert_string_equal(event.exec.cwd, "/");
}

static void an_earlier_sensor_told_no_working_directory(void **state)
{
	struct pst_event event;

	assert_int_equal(exec_in(*state, (struct told){ 0, 9, 0 }, &event), 0);
	assert_true(event.exec.has_more);
	assert_null(event.exec.cwd);
	assert_int_equal(exec_in(*state, (struct told){ 0, 9, CWD_HEAD - 1 }, &event), 0);
	assert_null(event.exec.cwd);
}

static void a_working_directory_is_whole(void **state)
{
	struct pst_event event;

	assert_int_equal(exec_in(*state, (struct told){ 0, 9, CWD_HEAD + 8 }, &event), -EBADMSG);
	assert_int_equal(exec_in(*state, (struct told){ 0, 10, CWD_HEAD + 10 }, &event), -EBADMSG);
	assert_int_equal(exec_in(*state, (struct told){ 0, 0xffff, CWD_HEAD + 9 }, &event),
			 -EBADMSG);
}

static void a_working_directory_is_no_longer_than_the_wire_allows(void **state)
{
	const struct pst_rec_exec_cwd most = { .len = PST_CWD_MAX },
				      more = { .len = PST_CWD_MAX + 1 };
	const size_t before = sizeof(struct pst_rec_exec) + 3 + sizeof(struct pst_rec_exec_more);
	struct frame frame = with_path("ab", 3);
	struct pst_event event;

	frame_resize(&frame, before + CWD_HEAD + PST_CWD_MAX + 1);
	memset(frame.bytes + before + CWD_HEAD, 'd', PST_CWD_MAX + 1);
	frame.bytes[before + CWD_HEAD + PST_CWD_MAX - 1] = '\0';
	memcpy(frame.bytes + before, &most, sizeof(most));
	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	assert_int_equal(strlen(event.exec.cwd), PST_CWD_MAX);
	frame.bytes[before + CWD_HEAD + PST_CWD_MAX] = '\0';
	frame.bytes[before + CWD_HEAD + PST_CWD_MAX - 1] = 'd';
	memcpy(frame.bytes + before, &more, sizeof(more));
	assert_int_equal(frame_decode(*state, &frame, &event), -EBADMSG);
}

static void what_is_not_sure_of_a_working_directory_is_told(void **state)
{
	static const uint32_t unsure[] = { PST_CWD_GONE, PST_CWD_OTHER_MOUNTS, PST_CWD_SHARED,
					   PST_CWD_FOREIGN };
	struct pst_event event;

	for (size_t i = 0; i < sizeof(unsure) / sizeof(unsure[0]); i++) {
		assert_int_equal(
			exec_in(*state, (struct told){ unsure[i], 9, CWD_HEAD + 9 }, &event), 0);
		assert_true(event.exec.cwd_unsure && !event.exec.cwd_cut && !event.exec.cwd_late &&
			    !event.exec.own_root);
	}
	(void)exec_in(*state, (struct told){ PST_CWD_CUT, 9, CWD_HEAD + 9 }, &event);
	assert_true(event.exec.cwd_cut && !event.exec.cwd_unsure);
	(void)exec_in(*state, (struct told){ PST_CWD_LATE, 9, CWD_HEAD + 9 }, &event);
	assert_true(event.exec.cwd_late && !event.exec.cwd_unsure);
	(void)exec_in(*state, (struct told){ PST_CWD_OTHER_ROOT, 9, CWD_HEAD + 9 }, &event);
	assert_true(event.exec.own_root && !event.exec.cwd_unsure);
}

static void the_fixed_part_is_never_shorter(void **state)
{
	struct frame frame = with_path("", 0);
	struct pst_event event;

	assert_int_equal(frame_decode(*state, &frame, &event), 0);
	frame_resize(&frame, sizeof(struct pst_rec_exec) - 1);
	assert_int_equal(frame_decode(*state, &frame, &event), -EBADMSG);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, decoder_set_up, decoder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_stored_exec_reads_as_ever),
		CASE(a_path_stands_leaf_first),
		CASE(an_empty_path_is_the_root),
		CASE(a_component_is_neither_empty_nor_a_way_up_nor_holds_a_slash),
		CASE(a_path_without_its_end_is_broken),
		CASE(a_memory_file_may_be_called_anything),
		CASE(a_memory_file_is_called_so),
		CASE(strings_end_where_the_frame_ends),
		CASE(strings_are_no_longer_than_the_wire_allows),
		CASE(what_stands_behind_the_strings_is_known_when_it_is_whole),
		CASE(the_working_directory_stands_behind_that),
		CASE(an_earlier_sensor_told_no_working_directory),
		CASE(a_working_directory_is_whole),
		CASE(a_working_directory_is_no_longer_than_the_wire_allows),
		CASE(what_is_not_sure_of_a_working_directory_is_told),
		CASE(the_fixed_part_is_never_shorter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
