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
#include "engine/signing.h"

#define MESSAGE_BYTES 2048

/* One reading of contracts. */
struct reader {
	const struct pst_source_contracts_keys *keys;
	struct pst_contracts *set;
	struct pst_keyring *ring; /* NULL: signatures are not looked at */
};

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

	if (keys->take) {
		keys->take(keys->context, diags);
		return;
	}
	for (uint32_t i = 0; i < diags->count; i++) {
		if (diags->list[i].level <= keys->level)
			keys->tell(keys->context, pst_diag_render(diags, &diags->list[i], source,
								  message, sizeof(message)));
	}
	if (diags->errors + diags->notes > diags->count)
		keys->tell(keys->context, "... and more of the same file");
}

static void tell_level(const struct pst_source_contracts_keys *keys, const char *path,
		       enum pst_diag_level level, const char *why)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));

	if (!diags)
		return; /* the result tells it */
	pst_diags_init(diags, path);
	pst_diags_add(diags, level, 0, 0, "%s", why);
	tell_diags(diags, NULL, keys);
}

static void tell_errno(const struct pst_source_contracts_keys *keys, const char *path, int error)
{
	tell_level(keys, path, PST_DIAG_ERROR,
		   error == EFBIG ? "the file is larger than 1 MiB" : strerror(error));
}

/* What the daemon would do, to who only wants to know. */
static int tell_refusal(const struct reader *reader, const char *path, const char *why)
{
	char note[PST_SIGNING_WHY + 64];

	(void)pst_text_format(note, sizeof(note), "the daemon would refuse it: %s", why); /* fits */
	tell_level(reader->keys, path, PST_DIAG_NOTE, note);
	return 0;
}

/* Before anything is parsed: what is refused is not read further. 0, or -EKEYREJECTED, told. */
static int take_signature(const struct reader *reader, const struct pst_signed_bytes *file,
			  struct pst_signer *signer)
{
	const struct pst_signing *signing = reader->keys->signing;
	int r = pst_signature_judge(reader->ring, file, signer);

	if (r == 1)
		return 0;
	if (r == 0 && !signing->require)
		return 0;
	if (r == 0)
		(void)pst_text_append(
			signer->why, sizeof(signer->why),
			", and contract.require_signature is true; 'postern contract verify --help' shows how to sign"); /* fits */
	if (signing->only_tell)
		return tell_refusal(reader, file->path, signer->why);
	tell_level(reader->keys, file->path, PST_DIAG_ERROR, signer->why);
	return -EKEYREJECTED;
}

/* Of the contract that was added last. */
static int take_version(const struct reader *reader, const char *path)
{
	const struct pst_contract *contract =
		pst_contracts_at(reader->set, pst_contracts_count(reader->set) - 1);
	const struct pst_versions *versions = reader->keys->signing->versions;
	char why[PST_SIGNING_WHY];
	int r = versions ? pst_versions_check(versions, contract, why, sizeof(why)) : 0;

	if (r < 0)
		tell_level(reader->keys, path, PST_DIAG_ERROR, why);
	return r;
}

static int read_contract(const struct reader *reader, const char *path)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	_cleanup_free_ char *text = NULL;
	struct pst_signed_bytes file = { .path = path };
	struct pst_signer signer;
	int64_t len;
	int r = 0;

	if (!diags)
		return -ENOMEM;
	len = pst_source_text(path, PST_JSON_FILE_MAX, &text);
	if (len < 0) {
		tell_errno(reader->keys, path, (int)-len);
		return (int)len;
	}
	file.bytes = text;
	file.len = (size_t)len;
	if (reader->ring)
		r = take_signature(reader, &file, &signer);
	if (r < 0)
		return r;
	pst_diags_init(diags, path);
	r = pst_contracts_add(reader->set, path, text, (size_t)len, diags);
	tell_diags(diags, text, reader->keys);
	if (r < 0 || !reader->ring)
		return r;
	pst_contracts_sign(reader->set, signer.name);
	return take_version(reader, path);
}

/* The keys, when signatures are to be looked at; told when they cannot be read. */
static int read_ring(struct reader *reader)
{
	const struct pst_signing *signing = reader->keys->signing;
	struct pst_keyring_keys keys = { .tell = reader->keys->tell,
					 .context = reader->keys->context };
	int r;

	if (!signing)
		return 0;
	keys.folder = signing->folder;
	r = pst_keyring_read(&keys, &reader->ring);
	return signing->only_tell ? 0 : r;
}

int pst_source_contract_file(struct pst_contracts *set, const char *path,
			     const struct pst_source_contracts_keys *keys)
{
	struct reader reader = { .keys = keys, .set = set };
	int r = read_ring(&reader);

	if (r == 0)
		r = read_contract(&reader, path);
	pst_keyring_free(reader.ring);
	return r;
}

static int is_contract(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

static int read_folder(const struct reader *reader, uint32_t *refused)
{
	struct dirent **list = NULL;
	int count = scandir(reader->keys->folder, &list, is_contract, alphasort);
	int result = 0;

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		char path[4096];
		int r = pst_text_format(path, sizeof(path), "%s/%s", reader->keys->folder,
					list[i]->d_name);

		if (r == 0)
			r = read_contract(reader, path);
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
	struct reader reader = { .keys = keys, .set = pst_contracts_new() };
	uint32_t count = 0;
	int r;

	if (!reader.set)
		return -ENOMEM;
	r = read_ring(&reader) < 0 ? -EINVAL : read_folder(&reader, &count);
	pst_keyring_free(reader.ring);
	if (refused)
		*refused = count;
	if (r < 0) {
		pst_contracts_free(reader.set);
		return r;
	}
	*out = reader.set;
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
