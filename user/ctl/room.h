// SPDX-License-Identifier: Apache-2.0
/* What does the door remember of itself and of each client? Used inside ctl/ only. */
#ifndef PST_CTL_ROOM_H
#define PST_CTL_ROOM_H

#include <sys/types.h>

#include "ctl/ctl.h"
#include "ctl/ring.h"

struct pst_client {
	int fd; /* -1: free place */
	enum pst_ctl_permission may;
	bool tails, closing;
	bool deaf;	  /* it has shut its side: nothing more to read from it */
	uint32_t watched; /* epoll events that are set */
	uint64_t number;  /* in the order of their coming */
	uint64_t dropped; /* lines since the last notice */
	size_t asked;	  /* bytes in request */
	char request[PST_CTL_REQUEST_MAX + 1];
	struct pst_ring out;
};

struct pst_ctl {
	struct pst_ctl_keys keys;
	char *path;
	dev_t dev; /* of the socket's file: another daemon's is left alone */
	ino_t ino;
	int listener, epoll;
	struct pst_ring recent;
	struct pst_client *clients; /* keys.clients_max places */
	uint64_t number;
	struct pst_ctl_figures figures;
};

/* clients.c */
void pst_client_open(struct pst_ctl *ctl, int fd); /* takes the descriptor over */
void pst_client_close(struct pst_ctl *ctl, struct pst_client *client);
void pst_client_serve(struct pst_ctl *ctl, struct pst_client *client, uint32_t events);
void pst_client_put(struct pst_ctl *ctl, struct pst_client *client, const char *line, size_t len);

/* peer.c: may the other end do that? Returns whether it may read at all, and sets @may. */
bool pst_peer_may(const struct pst_ctl *ctl, int fd, enum pst_ctl_permission *may);

/* request.c: one whole request line, without its newline */
void pst_request_answer(struct pst_ctl *ctl, struct pst_client *client, const char *line);

#endif
