// SPDX-License-Identifier: Apache-2.0
/* What was executed? EXEC is the one record with a tail: path, file, args and cgroup, one behind
 * the other. The fixed part can therefore never grow; a later version appends behind the tail. */
#include <errno.h>
#include <string.h>

#include "decode/wire.h"

#define MEMFD_NAME \
	"memfd:" /* how the kernel names a memory file; what follows was chosen by the program */

static int check_component(const uint8_t *name, size_t len)
{
	if (len == 0 || memchr(name, '/', len))
		return -EBADMSG;
	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')))
		return -EBADMSG;
	return 0;
}

/*
 * join - components that stand leaf first, each ended by NUL, to an absolute path
 * @out: holds @len + 2 bytes: each NUL becomes a slash
 */
static int join(const uint8_t *in, size_t len, char *out)
{
	size_t end = len, at = 0;

	if (len && in[len - 1] != '\0')
		return -EBADMSG;
	while (end > 0) {
		size_t last = end - 1; /* the NUL of this component */
		size_t start = last;

		while (start > 0 && in[start - 1] != '\0')
			start--;
		if (check_component(in + start, last - start) < 0)
			return -EBADMSG;
		out[at++] = '/';
		memcpy(out + at, in + start, last - start);
		at += last - start;
		end = start;
	}
	if (at == 0)
		out[at++] = '/';
	out[at] = '\0';
	return 0;
}

/* The name of a memory file may hold a slash: it must not make the record of a fileless exec a
 * broken one. */
static int join_memfd(const uint8_t *in, size_t len, char *out)
{
	const size_t prefix = sizeof(MEMFD_NAME) - 1;

	if (len <= prefix || memcmp(in, MEMFD_NAME, prefix) != 0 ||
	    memchr(in, '\0', len) != in + len - 1)
		return join(in, len, out);
	out[0] = '/';
	memcpy(out + 1, in, len);
	return 0;
}

static int take_strings(struct pst_decoder *decoder, const struct pst_rec_exec *rec,
			struct pst_exec *out)
{
	const uint8_t *path = decoder->tail;
	const uint8_t *file = path + rec->path_len;
	const uint8_t *args = file + rec->file_len;
	const uint8_t *cgroup = args + rec->args_len;
	int r;

	r = out->memfd ? join_memfd(path, rec->path_len, decoder->path) :
			 join(path, rec->path_len, decoder->path);
	if (r < 0)
		return r;
	r = join(cgroup, rec->cgroup_len, decoder->cgroup);
	if (r < 0)
		return r;
	out->path = decoder->path;
	out->cgroup = decoder->cgroup;
	out->file = (struct pst_span){ .data = file, .len = rec->file_len };
	out->args = (struct pst_span){ .data = args, .len = rec->args_len };
	return 0;
}

static size_t strings_len(const struct pst_rec_exec *rec)
{
	return (size_t)rec->path_len + rec->file_len + rec->args_len + rec->cgroup_len;
}

static bool lengths_fit(const struct pst_rec_exec *rec, size_t tail_len)
{
	if (rec->path_len > PST_PATH_MAX || rec->file_len > PST_FILE_MAX ||
	    rec->args_len > PST_ARGS_MAX || rec->cgroup_len > PST_CGROUP_MAX)
		return false;
	return strings_len(rec) <= tail_len;
}

static void take_stdio(const struct pst_rec_exec *rec, struct pst_exec *out)
{
	for (size_t i = 0; i < 3; i++) {
		const struct pst_rec_stdio *from = &rec->stdio[i];

		out->stdio[i] = (struct pst_stdio){
			.peer = pst_wire_addr(from->peer),
			.peer_port = from->peer_port,
			.family = from->family,
			.sock_type = from->sock_type,
			.cookie = from->cookie,
		};
	}
	out->stdio_mask = rec->stdio_mask & 7u;
}

/* what a later version put behind the strings, at no alignment; @tail begins there */
static void take_more(struct pst_tail tail, struct pst_exec *out)
{
	struct pst_rec_exec_more more;

	if (tail.len < sizeof(more))
		return;
	memcpy(&more, tail.data, sizeof(more));
	out->has_more = true;
	out->caps_effective = more.caps_effective;
	out->caps_permitted = more.caps_permitted;
	for (size_t i = 0; i < 3; i++) {
		out->pipe_inode[i] = more.pipe_inode[i];
		out->peer_cookie[i] = more.peer_cookie[i];
	}
}

/* what a still later one put behind that */
static int take_cwd(struct pst_decoder *decoder, struct pst_tail tail, struct pst_exec *out)
{
	const size_t before = sizeof(struct pst_rec_exec_more);
	struct pst_rec_exec_cwd cwd;
	int r;

	if (tail.len < before + sizeof(cwd))
		return 0;
	memcpy(&cwd, tail.data + before, sizeof(cwd));
	if (cwd.len > PST_CWD_MAX || cwd.len > tail.len - before - sizeof(cwd))
		return -EBADMSG;
	r = join(tail.data + before + sizeof(cwd), cwd.len, decoder->cwd);
	if (r < 0)
		return r;
	out->cwd = decoder->cwd;
	out->cwd_root_dev = cwd.root_dev;
	out->cwd_cut = cwd.flags & PST_CWD_CUT;
	out->cwd_unsure = cwd.flags &
			  (PST_CWD_GONE | PST_CWD_SHARED | PST_CWD_OTHER_MOUNTS | PST_CWD_FOREIGN);
	out->cwd_late = cwd.flags & PST_CWD_LATE;
	out->own_root = cwd.flags & PST_CWD_OTHER_ROOT;
	return 0;
}

static int take_rest(struct pst_decoder *decoder, const struct pst_rec_exec *rec,
		     struct pst_tail tail, struct pst_exec *out)
{
	size_t len = strings_len(rec); /* which fit */
	struct pst_tail rest = { .len = tail.len - len };

	if (!rest.len)
		return 0;
	rest.data = tail.data + len;
	take_more(rest, out);
	return take_cwd(decoder, rest, out);
}

int pst_wire_exec(struct pst_decoder *decoder, const struct pst_rec_exec *rec, struct pst_tail tail,
		  struct pst_exec *out)
{
	int r;

	if (!lengths_fit(rec, tail.len))
		return -EBADMSG;
	if (tail.len)
		memcpy(decoder->tail, tail.data, tail.len);
	out->prev = (struct pst_image_id){ .exec_ns = rec->prev.exec_ns, .tgid = rec->prev.tgid };
	out->inode = rec->inode;
	out->ctime_ns = rec->ctime_ns;
	out->root_dev = rec->root_dev;
	out->dev_major = rec->dev_major;
	out->dev_minor = rec->dev_minor;
	out->memfd = rec->exec_flags & PST_EXEC_MEMFD;
	out->deleted = rec->exec_flags & PST_EXEC_DELETED;
	out->path_cut = rec->exec_flags & PST_EXEC_PATH_CUT;
	out->args_cut = rec->exec_flags & PST_EXEC_ARGS_CUT;
	out->cgroup_cut = rec->exec_flags & PST_EXEC_CGROUP_CUT;
	out->file_cut = rec->exec_flags & PST_EXEC_FILE_CUT;
	out->foreign = rec->exec_flags & PST_EXEC_FOREIGN;
	out->script = rec->exec_flags & PST_EXEC_SCRIPT;
	out->login_uid = rec->login_uid;
	out->session_id = rec->session_id;
	take_stdio(rec, out);
	r = take_rest(decoder, rec, tail, out);
	return r < 0 ? r : take_strings(decoder, rec, out);
}
