// SPDX-License-Identifier: Apache-2.0
/* Which contracts and which configuration lie in the operator's files? Reading and telling; the
 * parsing is elsewhere. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/source.h"

#define MESSAGE_BYTES 2048

/* Reads until the end, growing: the size that stat gives may change meanwhile. */
static int64_t read_whole(FILE *file, size_t max, char **out)
{
	_cleanup_free_ char *text = malloc(max + 2);
	size_t got;
	char *fitted;

	if (!text)
		return -ENOMEM;
	got = fread(text, 1, max + 1, file);
	if (ferror(file))
		return -EIO;
	if (got > max)
		return -EFBIG;
	text[got] = '\0';
	fitted = realloc(text, got + 1);
	*out = fitted ? fitted : text;
	text = NULL;
	return (int64_t)got;
}

int64_t pst_source_text(const char *path, size_t max, char **out)
{
	_cleanup_fclose_ FILE *file = NULL;
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &info) < 0 || !(file = fdopen(fd, "r"))) {
		int error = errno;

		(void)close(fd); /* it was only opened */
		return -error;
	}
	if (S_ISDIR(info.st_mode))
		return -EISDIR;
	return read_whole(file, max, out);
}

static void tell_diags(const struct pst_diags *diags, const char *source,
		       const struct pst_source_contracts_keys *keys)
{
	char message[MESSAGE_BYTES];

	for (uint32_t i = 0; i < diags->count; i++) {
		if (diags->list[i].level <= keys->level)
			keys->tell(keys->context, pst_diag_render(diags, &diags->list[i], source,
								  message, sizeof(message)));
	}
	if (diags->errors + diags->notes > diags->count)
		keys->tell(keys->context, "... and more of the same file");
}

static void tell_errno(const struct pst_source_contracts_keys *keys, const char *path, int error)
{
	char safe[512], message[MESSAGE_BYTES];

	(void)pst_text_safe(path, strlen(path), safe,
			    sizeof(safe)); /* a cut path still tells which */
	(void)pst_text_format(message, sizeof(message), "%s: error: %s", safe,
			      error == EFBIG ? "the file is larger than 1 MiB" :
					       strerror(error)); /* fits */
	keys->tell(keys->context, message);
}

int pst_source_contract_file(struct pst_contracts *set, const char *path,
			     const struct pst_source_contracts_keys *keys)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	_cleanup_free_ char *text = NULL;
	int64_t len;
	int r;

	if (!diags)
		return -ENOMEM;
	len = pst_source_text(path, PST_JSON_FILE_MAX, &text);
	if (len < 0) {
		tell_errno(keys, path, (int)-len);
		return (int)len;
	}
	pst_diags_init(diags, path);
	r = pst_contracts_add(set, path, text, (size_t)len, diags);
	tell_diags(diags, text, keys);
	return r;
}

static int is_contract(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

static int read_folder(const struct pst_source_contracts_keys *keys, struct pst_contracts *set,
		       uint32_t *refused)
{
	struct dirent **list = NULL;
	int count = scandir(keys->folder, &list, is_contract, alphasort);
	int result = 0;

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		char path[4096];
		int r = pst_text_format(path, sizeof(path), "%s/%s", keys->folder, list[i]->d_name);

		if (r == 0)
			r = pst_source_contract_file(set, path, keys);
		if (r < 0) {
			(*refused)++;
			result = -EINVAL;
		}
		free(list[i]);
	}
	free(list);
	return result;
}

int pst_source_contracts(const struct pst_source_contracts_keys *keys, struct pst_contracts **out,
			 uint32_t *refused)
{
	struct pst_contracts *set = pst_contracts_new();
	uint32_t count = 0;
	int r;

	if (!set)
		return -ENOMEM;
	r = read_folder(keys, set, &count);
	if (refused)
		*refused = count;
	if (r < 0) {
		pst_contracts_free(set);
		return r;
	}
	*out = set;
	return 0;
}

int pst_source_config(struct pst_config *config, const char *path, pst_tell_fn tell, void *context)
{
	const struct pst_source_contracts_keys keys = { .tell = tell,
							.context = context,
							.level = PST_DIAG_NOTE };
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	_cleanup_free_ char *text = NULL;
	int64_t len;
	int r;

	if (!diags)
		return -ENOMEM;
	len = pst_source_text(path, PST_JSON_FILE_MAX, &text);
	if (len < 0) {
		tell_errno(&keys, path, (int)-len);
		return (int)len;
	}
	pst_diags_init(diags, path);
	r = pst_config_read(config, text, (size_t)len, diags);
	tell_diags(diags, text, &keys);
	return r;
}
