// SPDX-License-Identifier: Apache-2.0
/* Whose signatures count? The public keys of a folder; each file that is none is told, and is no
 * key. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "engine/signing.h"

#define NAME_MAX_BYTES 128 /* of a key's file, as it is shown; the id tells two apart */
#define MESSAGE_BYTES 2048

static void tell(const struct pst_keyring_keys *keys, const char *path, const char *why)
{
	char safe[1024], message[MESSAGE_BYTES];

	(void)pst_text_safe(path, strlen(path), safe, sizeof(safe)); /* a cut path still tells */
	(void)pst_text_format(message, sizeof(message), "%s: error: %s", safe, why); /* fits */
	keys->tell(keys->context, message);
}

/* Who may change a key may sign as its owner: it must be root's or ours, and nobody else's. */
static const char *distrust(const struct stat *info)
{
	if (info->st_uid != 0 && info->st_uid != geteuid())
		return "it belongs to another user, who could change it; give it to root";
	if (info->st_mode & (S_IWGRP | S_IWOTH))
		return "others may write to it; take that away: chmod go-w";
	return NULL;
}

static int read_text(int fd, char *out, size_t max)
{
	size_t len = 0;

	while (len < max) {
		ssize_t got = read(fd, out + len, max - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (int)len; /* max: 16 KiB and one byte */
}

/* Returns NULL with the key, or why it is none. */
static const char *read_key(const char *path, struct pst_sign_key **out)
{
	char text[PST_SIGN_KEY_FILE_MAX + 1];
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *why = NULL;
	struct stat info;
	int len, r;

	if (fd < 0 || fstat(fd, &info) < 0)
		return strerror(errno);
	if (!S_ISREG(info.st_mode))
		return "it is no file";
	why = distrust(&info);
	if (why)
		return why;
	len = read_text(fd, text, sizeof(text));
	if (len < 0)
		return strerror(-len);
	if (len > (int)PST_SIGN_KEY_FILE_MAX)
		return "it is larger than 16 KiB, which no key is";
	r = pst_sign_key_read(text, (size_t)len, out, &why);
	if (r == 0)
		return NULL;
	return r == -ENOMEM ? "not enough memory" : why;
}

static void name_key(struct pst_ring_key *key, const char *file)
{
	char safe[NAME_MAX_BYTES];

	(void)pst_text_safe(file, strlen(file), safe, sizeof(safe)); /* the id tells it apart */
	(void)pst_text_format(key->name, sizeof(key->name), "%s (%s)", safe,
			      pst_sign_key_id(key->key)); /* 127 + 19 */
}

static void add_key(struct pst_keyring *ring, const struct pst_keyring_keys *keys, const char *file)
{
	struct pst_ring_key *key = &ring->list[ring->count];
	const char *why = NULL;
	char path[4096];

	if (pst_text_format(path, sizeof(path), "%s/%s", keys->folder, file) < 0)
		why = strerror(ENAMETOOLONG);
	else if (ring->count == PST_KEYRING_MAX)
		why = "there are 64 keys already; this one is not used";
	else
		why = read_key(path, &key->key);
	if (why) {
		ring->refused++;
		tell(keys, path, why);
		return;
	}
	name_key(key, file);
	ring->count++;
}

static int is_key(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".pub") == 0;
}

/* 0, or -errno after a message. */
static int read_folder(struct pst_keyring *ring, const struct pst_keyring_keys *keys)
{
	_cleanup_close_ int fd = open(keys->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **list = NULL;
	const char *why = NULL;
	struct stat info;
	int count, error;

	if (fd < 0 && errno == ENOENT && strcmp(keys->folder, PST_KEYS_DIR) == 0)
		return 0;
	if (fd < 0 || fstat(fd, &info) < 0) {
		error = errno;
		tell(keys, keys->folder, strerror(error));
		return -error;
	}
	why = distrust(&info);
	if (why) {
		tell(keys, keys->folder, why);
		return -EPERM;
	}
	count = scandirat(fd, ".", &list, is_key, alphasort);
	if (count < 0) {
		error = errno;
		tell(keys, keys->folder, strerror(error));
		return -error;
	}
	for (int i = 0; i < count; i++) {
		add_key(ring, keys, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return 0;
}

int pst_keyring_read(const struct pst_keyring_keys *keys, struct pst_keyring **out)
{
	struct pst_keyring *ring = calloc(1, sizeof(*ring));
	int r;

	if (!ring)
		return -ENOMEM;
	(void)pst_text_safe(keys->folder, strlen(keys->folder), ring->folder,
			    sizeof(ring->folder)); /* a cut path still tells */
	r = read_folder(ring, keys);
	if (r < 0) {
		pst_keyring_free(ring);
		return r;
	}
	*out = ring;
	return 0;
}

void pst_keyring_free(struct pst_keyring *ring)
{
	if (!ring)
		return;
	for (size_t i = 0; i < ring->count; i++)
		pst_sign_key_free(ring->list[i].key);
	free(ring);
}
