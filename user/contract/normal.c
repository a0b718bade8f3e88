// SPDX-License-Identifier: Apache-2.0
/* Which channels need no declaration? Those that every C program opens without knowing, and what
 * software of one contract tells itself. */
#include "contract/contract.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "contract/judge.h"
#include "contract/set.h"

#define NETLINK_ROUTE 0u

/* What the C library, nss and syslog(3) connect to: nscd, systemd-resolved and the journal, by the
 * names that these bind. Where the journal runs, /dev/log is only a link to its socket. */
static const char *const services[] = {
	"/run/nscd/socket", "/var/run/nscd/socket",   "/run/systemd/journal/*",
	"/dev/log",	    "/run/systemd/resolve/*",
};

static bool is_service(const struct pst_channel *channel)
{
	size_t i;

	if (strlen(channel->name) != channel->name_len)
		return false; /* abstract, or with a NUL inside: anybody may take such a name */
	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (pst_glob_match(services[i], channel->name))
			return true;
	return false;
}

static bool has_name(const struct pst_channel *channel)
{
	return channel->name && channel->name_len;
}

/* Streams without a name are pairs, or lead nowhere yet; of a pair the peer's process is known. */
static bool is_pair(const struct pst_channel *channel)
{
	return channel->sock_type == SOCK_STREAM || channel->sock_type == SOCK_SEQPACKET ||
	       channel->peer_tgid;
}

bool pst_receiver_is_unknown(const struct pst_channel *channel)
{
	return channel->key.kind == PST_UNIX && channel->sock_type == SOCK_DGRAM &&
	       !channel->folded && !has_name(channel) && !channel->peer_tgid;
}

bool pst_contract_is_normal(const struct pst_channel *channel)
{
	static const uint8_t kernel[4] = { 0 };

	if (channel->folded) /* it stands for many, of which nothing is known */
		return false;
	if (channel->key.kind == PST_NETLINK) /* to the kernel itself; a port id is a process */
		return channel->key.port == NETLINK_ROUTE &&
		       !memcmp(channel->key.peer.b + 4, kernel, sizeof(kernel));
	if (channel->key.kind == PST_UNIX)
		return has_name(channel) ? is_service(channel) : is_pair(channel);
	return false;
}

bool pst_stays_inside(const struct pst_contracts *set, const struct pst_image *image,
		      const struct pst_channel *channel)
{
	const struct pst_process *peer;

	if (channel->key.kind != PST_UNIX || !channel->peer_tgid || !set->names.attrib)
		return false;
	peer = pst_attrib_find_pid(set->names.attrib, channel->peer_tgid);
	return peer && peer->image->contract == image->contract &&
	       peer->image->contract_generation == set->generation;
}
