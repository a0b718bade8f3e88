// SPDX-License-Identifier: Apache-2.0
/* What is the file behind a program? IDENTITY: its hash, and the package that owns it. Its texts
 * come from package managers and file systems: any byte may stand in them. */
#include <errno.h>
#include <string.h>

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
