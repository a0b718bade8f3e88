// SPDX-License-Identifier: Apache-2.0
/* How is this contract written canonically? Comments stay; a file is replaced as a whole or not at
 * all. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/cli.h"
#include "contract/writing.h"
#include "engine/source.h"

#define MESSAGE_BYTES 2048

enum { OPT_CHECK, OPT_WRITE };

static const struct pst_option options[] = {
	[OPT_CHECK] = { .name = "check",
			.help = "change nothing; name the files that are not canonical, exit 3" },
	[OPT_WRITE] = { .name = "write",
			.letter = 'w',
			.help = "write the files anew instead of printing them" },
	{ .name = NULL },
};

struct file {
	const char *path;
	char *text, *made; /* as it is, and as it should be */
	size_t len, made_len;
};

static void clear_file(struct file *file)
{
	free(file->text);
	free(file->made);
}

static void tell_diags(const struct pst_diags *diags, const char *source)
{
	char message[MESSAGE_BYTES];

	for (uint32_t i = 0; i < diags->count; i++)
		pst_tell_line(NULL, pst_diag_render(diags, &diags->list[i], source, message,
						    sizeof(message)));
}

/* 0; -errno after a message */
static int make_file(struct file *file)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	int64_t len;

	if (!diags)
		return -ENOMEM;
	pst_diags_init(diags, file->path);
	len = pst_source_text(file->path, PST_JSON_FILE_MAX, &file->text);
	if (len < 0) {
		pst_complain("contract fmt: %s: %s", diags->file,
			     len == -EFBIG ? "the file is larger than 1 MiB" : strerror((int)-len));
		return (int)len;
	}
	file->len = (size_t)len;
	len = pst_contract_format(file->text, file->len, diags, &file->made);
	tell_diags(diags, file->text);
	if (len == -ENOMEM)
		pst_complain("contract fmt: %s: not enough memory", diags->file);
	file->made_len = len < 0 ? 0 : (size_t)len;
	return len < 0 ? (int)len : 0;
}

static bool is_canonical(const struct file *file)
{
	return file->len == file->made_len && !memcmp(file->text, file->made, file->len);
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) { /* each round writes at least one byte */
		ssize_t done = write(fd, text, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		text += done;
		len -= (size_t)done;
	}
	return 0;
}

/* The new file belongs to whom the old one belonged to, and may be read by the same. */
static int fill_new(int fd, const struct file *file, const struct stat *old)
{
	struct stat new;
	int r;

	if (fstat(fd, &new) < 0)
		return -errno;
	if ((new.st_uid != old->st_uid || new.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid) < 0)
		return -errno;
	if (fchmod(fd, old->st_mode & 07777) < 0)
		return -errno;
	r = write_all(fd, file->made, file->made_len);
	return r < 0 ? r : fsync(fd) < 0 ? -errno : 0;
}

/* Beside the file that a link names, so that the link stays. */
static int replace_file(const struct file *file)
{
	_cleanup_free_ char *real = realpath(file->path, NULL);
	_cleanup_close_ int fd = -1;
	char aside[PATH_MAX];
	struct stat old;
	int r;

	if (!real || stat(real, &old) < 0)
		return -errno;
	if (!S_ISREG(old.st_mode))
		return -EINVAL;
	r = pst_text_format(aside, sizeof(aside), "%s.XXXXXX", real);
	if (r < 0)
		return r;
	fd = mkostemp(aside, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fill_new(fd, file, &old);
	if (r == 0 && rename(aside, real) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(aside); /* nobody else knows it */
	return r;
}

static int write_file(const struct file *file)
{
	char safe[512], sig[PATH_MAX];
	int r = is_canonical(file) ? 0 : replace_file(file);

	if (r == 0 && is_canonical(file))
		return PST_EXIT_OK;
	(void)pst_text_safe(file->path, strlen(file->path), safe,
			    sizeof(safe)); /* a cut path still tells which */
	if (r < 0) {
		pst_complain("contract fmt: %s: was not written: %s", safe, strerror(-r));
		return PST_EXIT_FAILURE;
	}
	if (!pst_text_format(sig, sizeof(sig), "%s.sig", file->path) && access(sig, F_OK) == 0)
		pst_complain(
			"contract fmt: %s: its signature is over the bytes as they were; sign it anew",
			safe);
	return PST_EXIT_OK;
}

static int check_file(const struct file *file)
{
	char safe[512];

	if (is_canonical(file))
		return PST_EXIT_OK;
	(void)pst_text_safe(file->path, strlen(file->path), safe,
			    sizeof(safe)); /* a cut path still tells which */
	printf("%s: not canonical; 'postern contract fmt -w' writes it so\n", safe);
	return PST_EXIT_INVALID;
}

static int print_file(const struct file *file)
{
	size_t done = fwrite(file->made, 1, file->made_len, stdout);

	return done == file->made_len ? PST_EXIT_OK : PST_EXIT_FAILURE;
}

static int run(const struct pst_args *args)
{
	int (*finish)(const struct file *) = args->value[OPT_CHECK] ? check_file :
					     args->value[OPT_WRITE] ? write_file :
								      print_file;
	int result = PST_EXIT_OK;

	if (args->value[OPT_CHECK] && args->value[OPT_WRITE]) {
		pst_complain(
			"contract fmt: --check changes nothing, --write does; give one of them");
		return PST_EXIT_USAGE;
	}
	for (int i = 0; i < args->rest_count; i++) {
		_cleanup_(clear_file) struct file file = { .path = args->rest[i] };
		int r = make_file(&file) < 0 ? PST_EXIT_INVALID : finish(&file);

		if (result == PST_EXIT_OK || r == PST_EXIT_FAILURE)
			result = r;
	}
	return result;
}

const struct pst_command pst_contract_fmt = {
	.name = "contract fmt",
	.summary = "the canonical text of a contract",
	.operands = "FILE...",
	.text = "Two blanks a level, one channel a line, what fits in 100 columns in one line, keys in the usual order, comments\n"
		"where they were. Any JSON with comments is taken, also a draft that 'contract check' refuses; a file with an error\n"
		"of syntax is left alone. A signature is over the bytes: what was signed must be signed anew.\n\n"
		"Example: $ postern contract fmt --check acme.json\n"
		"         acme.json: not canonical; 'postern contract fmt -w' writes it so\n"
		"         $ postern contract fmt -w acme.json",
	.options = options,
	.rest_min = 1,
	.rest_max = -1,
	.run = run,
};
