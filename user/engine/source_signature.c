// SPDX-License-Identifier: Apache-2.0
/* Who signed the bytes that were read? The signature lies beside the file, and is held against
 * every key. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "engine/signing.h"

#define ROOM_FOR_MORE 8u

/* The keys that were held against it, as far as they fit. */
static void name_tried(const struct pst_keyring *ring, char *out, size_t out_size)
{
	for (size_t i = 0; i < ring->count; i++) {
		size_t before = strlen(out);

		if (pst_text_append(out, out_size - ROOM_FOR_MORE, "%s%s", i ? ", " : " (",
				    ring->list[i].name) == 0)
			continue;
		out[before] = '\0';
		(void)pst_text_append(out, out_size, ", ..."); /* room was left */
		break;
	}
	(void)pst_text_append(out, out_size, ")"); /* room was left */
}

static int no_key_fits(const struct pst_keyring *ring, const char *sig, struct pst_signer *out)
{
	char tried[512] = "";

	if (!ring->count) {
		(void)pst_text_format(
			out->why, sizeof(out->why),
			"it is signed by %s, but there is no key in %s to tell whose that is%s",
			sig, ring->folder,
			ring->refused ? ": those that are there were refused" :
					""); /* cut is fine */
		return -EKEYREJECTED;
	}
	name_tried(ring, tried, sizeof(tried));
	(void)pst_text_format(out->why, sizeof(out->why),
			      "its signature %s is of none of the %zu keys in %s%s: the file or "
			      "the signature was changed, or the key is missing",
			      sig, ring->count, ring->folder, tried); /* cut is fine */
	return -EKEYREJECTED;
}

static int try_keys(const struct pst_keyring *ring, const struct pst_signature *signature,
		    const struct pst_signed_bytes *file, struct pst_signer *out)
{
	const struct pst_ring_key *unable = NULL;

	for (size_t i = 0; i < ring->count; i++) {
		int r = pst_sign_verify(ring->list[i].key, signature, file->bytes, file->len);

		if (r == 1) {
			(void)pst_text_copy(out->name, sizeof(out->name),
					    ring->list[i].name); /* as long as its source */
			return 1;
		}
		if (r < 0)
			unable = &ring->list[i];
	}
	if (!unable)
		return 0;
	(void)pst_text_format(
		out->why, sizeof(out->why),
		"libcrypto does not verify signatures of %s with %s here, and no other key fits",
		pst_sign_key_algorithm(unable->key), unable->name); /* fits */
	return -EKEYREJECTED;
}

int pst_signature_judge(const struct pst_keyring *ring, const struct pst_signed_bytes *file,
			struct pst_signer *out)
{
	char path[4096], sig[384];
	_cleanup_free_ char *text = NULL;
	struct pst_signature signature;
	const char *why = NULL, *name = strrchr(file->path, '/');
	int64_t len;
	int r;

	*out = (struct pst_signer){ .name = "" };
	name = name ? name + 1 : file->path;
	(void)pst_text_safe(name, strlen(name), sig, sizeof(sig) - 4); /* a cut name still tells */
	(void)pst_text_append(sig, sizeof(sig), ".sig");	       /* room was left */
	len = pst_text_format(path, sizeof(path), "%s.sig", file->path);
	if (len == 0)
		len = pst_source_text(path, PST_SIGN_FILE_MAX, &text);
	if (len == -ENOENT) {
		(void)pst_text_format(out->why, sizeof(out->why),
				      "it is not signed: there is no %s", sig); /* fits */
		return 0;
	}
	if (len < 0)
		why = len == -EFBIG ? "it is larger than any signature" : strerror((int)-len);
	else
		(void)pst_signature_read(text, (size_t)len, &signature, &why); /* why says it */
	if (why) {
		(void)pst_text_format(out->why, sizeof(out->why),
				      "its signature %s cannot be used: %s", sig, why); /* fits */
		return -EKEYREJECTED;
	}
	r = try_keys(ring, &signature, file, out);
	return r ? r : no_key_fits(ring, sig, out);
}
