// SPDX-License-Identifier: Apache-2.0
/* peer: who is at the other end, and what may he do? The kernel says it; nothing that a client
 * sends counts. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ctl/room.h"

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59 /* Linux 4.13 */
#endif

static bool is_member(int fd, const struct ucred *peer, gid_t group)
{
	_cleanup_free_ gid_t *groups = NULL;
	gid_t few[64];
	const gid_t *list = few;
	socklen_t len = sizeof(few);
	size_t i;

	if (peer->gid == group)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, few, &len) < 0) {
		if (errno != ERANGE)
			return false;
		groups = malloc(len);
		if (!groups || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) < 0)
			return false;
		list = groups;
	}
	for (i = 0; i < len / sizeof(*list); i++)
		if (list[i] == group)
			return true;
	return false;
}

bool pst_peer_may(const struct pst_ctl *ctl, int fd, enum pst_ctl_permission *may)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	if (peer.uid == 0 || peer.uid == geteuid()) {
		*may = PST_CTL_ADMIN;
		return true;
	}
	*may = PST_CTL_READ;
	return ctl->keys.has_group && is_member(fd, &peer, ctl->keys.group);
}
