// SPDX-License-Identifier: Apache-2.0
/* What is the file behind a program? IDENTITY: its hash, and the package that owns it. Its texts
 * come from package managers and file systems: any byte may stand in them. MEASURED: its digest by
 * the kernel itself. CONTAINER: the image of the container that it runs in. */
#include <errno.h>
#include <string.h>
#include <linux/hash_info.h>

#include "base/container.h"
#include "base/digest.h"
#include "base/text.h"
#include "decode/wire.h"

_Static_assert(PST_HASHED == (int)PST_IDENT_HASHED &&
		       PST_HASH_UNVERIFIED == (int)PST_IDENT_UNVERIFIED &&
		       PST_HASH_TOO_BIG == (int)PST_IDENT_TOO_BIG &&
		       PST_HASH_GONE == (int)PST_IDENT_GONE && PST_HASH_OFF == (int)PST_IDENT_OFF,
	       "hash states are the wire's");
_Static_assert(PST_OWNER_NONE == (int)PST_IDENT_OWNER_NONE &&
		       PST_OWNER_DISTRIBUTION == (int)PST_IDENT_OWNER_DISTRO &&
		       PST_OWNER_VENDOR == (int)PST_IDENT_OWNER_VENDOR,
	       "owners are the wire's");

/* A program's path is absolute, and holds no NUL: what else would be found by it? */
static int take_path(struct pst_decoder *decoder, struct pst_tail tail, uint16_t len,
		     struct pst_span *out)
{
	if (len == 0 || len > PST_PATH_MAX || len > tail.len || tail.data[0] != '/' ||
	    memchr(tail.data, '\0', len))
		return -EBADMSG;
	*out = pst_wire_span(decoder, tail.data, len);
	return 0;
}

int pst_wire_identity(struct pst_decoder *decoder, const struct pst_rec_identity *rec,
		      struct pst_tail tail, struct pst_identity_seen *out)
{
	int r = pst_wire_listed(rec->hash_state, PST_HASH_STATES);

	if (r < 0)
		return r;
	if (rec->owner >= PST_OWNERS)
		return -ENOTSUP;
	out->inode = rec->inode;
	out->ctime_ns = rec->ctime_ns;
	out->dev_major = rec->dev_major;
	out->dev_minor = rec->dev_minor;
	out->size = rec->size;
	out->hash_state = (enum pst_hash_state)rec->hash_state;
	out->owner = (enum pst_owner)rec->owner;
	if (out->hash_state == PST_HASHED)
		memcpy(out->sha256, rec->sha256, sizeof(out->sha256));
	TAKE_TEXT(out->manager, rec->manager);
	TAKE_TEXT(out->package, rec->package);
	TAKE_TEXT(out->version, rec->version);
	TAKE_TEXT(out->origin, rec->origin);
	return take_path(decoder, tail, rec->path_len, &out->path);
}

/* As the kernel calls them; sha3 came after the header of older hosts (Linux 6.7). */
#define SHA3(size) (HASH_ALGO_STREEBOG_512 + (size) / 128 - 1)
static const struct {
	const char *name;
	uint8_t bytes;
} algorithms[] = {
	[HASH_ALGO_MD4] = { "md4", 16 },
	[HASH_ALGO_MD5] = { "md5", 16 },
	[HASH_ALGO_SHA1] = { "sha1", 20 },
	[HASH_ALGO_RIPE_MD_160] = { "rmd160", 20 },
	[HASH_ALGO_SHA256] = { "sha256", 32 },
	[HASH_ALGO_SHA384] = { "sha384", 48 },
	[HASH_ALGO_SHA512] = { "sha512", 64 },
	[HASH_ALGO_SHA224] = { "sha224", 28 },
	[HASH_ALGO_RIPE_MD_128] = { "rmd128", 16 },
	[HASH_ALGO_RIPE_MD_256] = { "rmd256", 32 },
	[HASH_ALGO_RIPE_MD_320] = { "rmd320", 40 },
	[HASH_ALGO_WP_256] = { "wp256", 32 },
	[HASH_ALGO_WP_384] = { "wp384", 48 },
	[HASH_ALGO_WP_512] = { "wp512", 64 },
	[HASH_ALGO_TGR_128] = { "tgr128", 16 },
	[HASH_ALGO_TGR_160] = { "tgr160", 20 },
	[HASH_ALGO_TGR_192] = { "tgr192", 24 },
	[HASH_ALGO_SM3_256] = { "sm3", 32 },
	[HASH_ALGO_STREEBOG_256] = { "streebog256", 32 },
	[HASH_ALGO_STREEBOG_512] = { "streebog512", 64 },
	[SHA3(256)] = { "sha3-256", 32 },
	[SHA3(384)] = { "sha3-384", 48 },
	[SHA3(512)] = { "sha3-512", 64 },
};

int pst_wire_measured(const struct pst_rec_measured *rec, struct pst_measured_seen *out)
{
	char hex[2 * sizeof(rec->digest) + 1];

	if (rec->algorithm >= sizeof(algorithms) / sizeof(algorithms[0]))
		return -ENOTSUP;
	out->inode = rec->inode;
	out->ctime_ns = rec->ctime_ns;
	out->dev_major = rec->dev_major;
	out->dev_minor = rec->dev_minor;
	return pst_text_format(out->digest, sizeof(out->digest), "%s:%s",
			       algorithms[rec->algorithm].name,
			       pst_hex(rec->digest, algorithms[rec->algorithm].bytes, hex));
}

int pst_wire_container(const struct pst_rec_container *rec, struct pst_container_seen *out)
{
	TAKE_TEXT(out->runtime, rec->runtime);
	TAKE_TEXT(out->id, rec->id);
	TAKE_TEXT(out->image, rec->image);
	return out->runtime[0] && pst_container_is_id(out->id) ? 0 : -EBADMSG;
}
