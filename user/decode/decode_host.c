// SPDX-License-Identifier: Apache-2.0
/* Whose stream is this, can this build read it, and what does the host's own table of names say? */
#include <errno.h>
#include <string.h>

#include "decode/wire.h"

#define CPUS_MAX 65536u /* beyond: no machine, but a broken record that would cost memory */

int pst_wire_host(const struct pst_rec_host *rec, struct pst_host *out)
{
	if (memcmp(rec->magic, PST_ABI_MAGIC, sizeof(rec->magic)) != 0 || rec->cpus > CPUS_MAX)
		return -EBADMSG;
	out->abi_version = rec->abi_version;
	out->wall_offset_ns = rec->wall_offset_ns;
	out->root_dev = rec->root_dev;
	out->init_mntns = rec->init_mntns;
	out->cpus = rec->cpus;
	TAKE_TEXT(out->arch, rec->arch);
	TAKE_TEXT(out->boot_id, rec->boot_id);
	TAKE_TEXT(out->machine_id, rec->machine_id);
	TAKE_TEXT(out->agent_id, rec->agent_id);
	TAKE_TEXT(out->host_name, rec->host_name);
	TAKE_TEXT(out->os_id, rec->os_id);
	TAKE_TEXT(out->os_name, rec->os_name);
	TAKE_TEXT(out->os_version, rec->os_version);
	TAKE_TEXT(out->kernel, rec->kernel);
	TAKE_TEXT(out->product_version, rec->product_version);
	out->no_names = rec->host_flags & PST_HOST_NO_NAMES;
	return 0;
}

int pst_wire_host_names(struct pst_decoder *decoder, const struct pst_rec_host_names *rec,
			struct pst_host_names *out)
{
	if (rec->len > sizeof(rec->names) || (rec->len && rec->names[rec->len - 1]))
		return -EBADMSG;
	out->addr = pst_wire_addr(rec->addr);
	out->first = rec->first;
	out->names = pst_wire_span(decoder, rec->names, rec->len);
	return 0;
}

const char *pst_host_check(const void *frame, size_t len)
{
	struct pst_rec_host host;

	memset(&host, 0, sizeof(host));
	memcpy(&host, frame, len < sizeof(host) ? len : sizeof(host));
	if (len < offsetof(struct pst_rec_host, wall_offset_ns) ||
	    memcmp(host.magic, PST_ABI_MAGIC, sizeof(host.magic)) != 0)
		return "it does not begin like a stream of postern's records";
	if (host.byte_order == __builtin_bswap32(PST_ABI_BYTE_ORDER))
		return "it was made on a machine with the other byte order; "
		       "replay it on one of that kind";
	if (host.byte_order != PST_ABI_BYTE_ORDER || host.h.type != PST_REC_HOST ||
	    host.abi_version == 0)
		return "its first record is damaged";
	if (host.abi_version > PST_ABI_VERSION)
		return "it was made by a newer postern, whose records this one does not know; "
		       "use that version or a later one";
	return NULL;
}
