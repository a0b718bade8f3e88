// SPDX-License-Identifier: Apache-2.0
/* Which socket filter was attached? FILTER has the instructions of a classic one as its tail; its
 * hash is the name by which a contract allows it. The fixed part can therefore never grow. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "decode/wire.h"

#define INSN_BYTES 8u /* struct sock_filter */
#define FLAVOURS 3u

static void name_classic(struct pst_filter_seen *out)
{
	uint8_t digest[PST_SHA256_BYTES];
	char hex[PST_SHA256_TEXT];

	/* part of a program would be another program's name */
	if (out->insns == 0 || out->code.len != (size_t)out->insns * INSN_BYTES)
		return;
	pst_sha256(out->code.data, out->code.len, digest);
	(void)snprintf(out->hash, sizeof(out->hash), "sha256:%s",
		       pst_hex(digest, sizeof(digest), hex)); /* sizes are constant and fit */
}

static void name_ebpf(const struct pst_rec_filter *rec, struct pst_filter_seen *out)
{
	static const uint8_t unknown[sizeof(rec->tag)];
	char hex[2 * sizeof(rec->tag) + 1];

	if (memcmp(rec->tag, unknown, sizeof(unknown)) == 0)
		return;
	(void)snprintf(out->hash, sizeof(out->hash), "tag:%s",
		       pst_hex(rec->tag, sizeof(rec->tag), hex)); /* as above */
}

int pst_wire_filter(struct pst_decoder *decoder, const struct pst_rec_filter *rec,
		    struct pst_tail tail, struct pst_filter_seen *out)
{
	int r = pst_wire_listed(rec->flavour, FLAVOURS);

	if (r < 0)
		return r;
	if (rec->len > tail.len || rec->len > PST_FILTER_INSNS_MAX * INSN_BYTES ||
	    rec->len % INSN_BYTES)
		return -EBADMSG;
	*out = (struct pst_filter_seen){
		.cookie = rec->cookie,
		.owner = { .start_ns = rec->owner_start_ns, .tgid = rec->owner_tgid },
		.family = rec->family,
		.sock_type = rec->sock_type,
		.protocol = rec->protocol,
		.ebpf = rec->flavour == PST_FILTER_EBPF,
		.insns = rec->insns,
		.prog_id = rec->prog_id,
	};
	if (rec->len)
		out->code = pst_wire_span(decoder, tail.data, rec->len);
	if (out->ebpf)
		name_ebpf(rec, out);
	else
		name_classic(out);
	return 0;
}
