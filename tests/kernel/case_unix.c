// SPDX-License-Identifier: Apache-2.0
/* Unix sockets: which channel, which name, how many bytes by whom. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kt.h"
#include "named.h"

static char block[4096];

static size_t unix_name(const char *name, struct sockaddr_un *out)
{
	size_t len = strlen(name);

	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	memcpy(out->sun_path, name, len);
	if (name[0] != '@')
		return offsetof(struct sockaddr_un, sun_path) + len + 1;
	out->sun_path[0] = '\0';
	return offsetof(struct sockaddr_un, sun_path) + len;
}

static int unix_bound(struct kt_actor *me, const char *prefix, int type)
{
	struct sockaddr_un own;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	(void)snprintf(me->text, 100, "%s%u", prefix, me->pid);
	return fd >= 0 && bind(fd, (struct sockaddr *)&own, (socklen_t)unix_name(me->text, &own)) ==
				       0 ?
		       fd :
		       -1;
}

static int unix_connected(const char *name, int type)
{
	struct sockaddr_un peer;
	socklen_t len = (socklen_t)unix_name(name, &peer);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	return fd >= 0 && connect(fd, (struct sockaddr *)&peer, len) == 0 ? fd : -1;
}

/* from a socket with a name of its own, which is no name of the server's channel */
static int unix_from_forged(const char *name, int type)
{
	struct kt_actor forger = { .pid = (uint32_t)getpid() };
	struct sockaddr_un peer;
	socklen_t len = (socklen_t)unix_name(name, &peer);
	int fd = unix_bound(&forger, "@postern-kt-forged-", type);

	return fd >= 0 && connect(fd, (struct sockaddr *)&peer, len) == 0 ? fd : -1;
}

static ssize_t unix_send_to(int fd, const char *name, size_t len)
{
	struct sockaddr_un peer;
	socklen_t peer_len = (socklen_t)unix_name(name, &peer);

	return sendto(fd, block, len, 0, (struct sockaddr *)&peer, peer_len);
}

static int end_of(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

/* A child serves: it takes three times 700 bytes and gives 500. */
static int exchange(struct kt_actor *me, const char *prefix, int type)
{
	int listener = unix_bound(me, prefix, type), fd;
	pid_t child;

	if (listener < 0 || listen(listener, 1) < 0)
		return 1;
	child = fork();
	if (child == 0) {
		fd = accept(listener, NULL, NULL);
		_exit(fd < 0 || kt_read_all(fd, 2100) || write(fd, block, 500) != 500);
	}
	me->child = (uint32_t)child;
	fd = me->text[0] == '@' ? unix_from_forged(me->text, type) : unix_connected(me->text, type);
	for (int i = 0; i < 3; i++) {
		if (fd < 0 || send(fd, block, 700, 0) != 700)
			return 1;
	}
	if (recv(fd, block, sizeof(block), MSG_PEEK) != 500 || kt_read_all(fd, 500))
		return 1;
	if (me->text[0] == '/')
		(void)unlink(me->text); /* the cgroup's end is not held up by a file */
	return end_of(child);
}

static struct named unix_of(const struct kt_actor *me, uint32_t tgid)
{
	static char name[108];
	struct named wanted = { PST_EVENT_CHANNEL, tgid, PST_UNIX, name, strlen(me->text) };

	memcpy(name, me->text, sizeof(name));
	if (name[0] == '@')
		name[0] = '\0';
	return wanted;
}

static void check_exchange(struct kt *kt, const struct kt_actor *me, int type)
{
	struct named client = unix_of(me, me->pid), server = unix_of(me, me->child);
	const struct pst_event *event;

	if (kt_tier(kt) == KT_OLD) /* blind, and said to be */
		return;
	kt_check_side(kt, &client, 2100, 500);
	kt_check_side(kt, &server, 500, 2100);
	event = kt_find(kt, kt_is_named, &client);
	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_EQUAL(kt, event->channel.family, AF_UNIX);
	KT_EQUAL(kt, event->channel.sock_type, type);
	KT_EQUAL(kt, event->channel.peer_tgid, me->pid); /* who called listen */
	event = kt_find(kt, kt_is_named, &server);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->channel.peer_tgid, me->pid);
}

static int act_a_unix_stream_is_a_channel_of_both_ends(struct kt_actor *me)
{
	return exchange(me, "/tmp/postern-kt-", SOCK_STREAM);
}

static void check_a_unix_stream_is_a_channel_of_both_ends(struct kt *kt, const struct kt_actor *me)
{
	check_exchange(kt, me, SOCK_STREAM);
}

static int act_an_abstract_name_keeps_its_bytes(struct kt_actor *me)
{
	return exchange(me, "@postern-kt-", SOCK_STREAM);
}

static void check_an_abstract_name_keeps_its_bytes(struct kt *kt, const struct kt_actor *me)
{
	check_exchange(kt, me, SOCK_STREAM);
}

static int act_unix_packets_are_counted(struct kt_actor *me)
{
	return exchange(me, "@postern-kt-packets-", SOCK_SEQPACKET);
}

static void check_unix_packets_are_counted(struct kt *kt, const struct kt_actor *me)
{
	struct named wanted = unix_of(me, me->pid);
	const struct pst_event *event;

	check_exchange(kt, me, SOCK_SEQPACKET);
	wanted.type = PST_EVENT_SAMPLE;
	event = kt_tier(kt) == KT_OLD ? NULL : kt_last(kt, kt_is_named, &wanted);
	if (event)
		KT_EQUAL(kt, event->sample.count.packets_out, 3);
}

static int act_a_unix_listener_is_told_with_its_name(struct kt_actor *me)
{
	int fd = unix_bound(me, "@postern-kt-listener-", SOCK_STREAM);

	return fd < 0 || listen(fd, 1) < 0;
}

static void check_a_unix_listener_is_told_with_its_name(struct kt *kt, const struct kt_actor *me)
{
	struct named wanted = unix_of(me, me->pid);

	wanted.kind = PST_UNIX_LISTEN;
	KT_EQUAL(kt, kt_count(kt, kt_is_named, &wanted), kt_tier(kt) == KT_FULL ? 1 : 0);
}

/* Each message names its receiver; who that is only a security hook sees before it is gone. */
static int act_a_unix_datagram_leads_to_its_receiver(struct kt_actor *me)
{
	int server = unix_bound(me, "@postern-kt-datagram-", SOCK_DGRAM);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	pid_t child = fork();

	if (child == 0)
		_exit(unix_send_to(fd, me->text, 321) != 321 ||
		      unix_send_to(fd, me->text, 321) != 321);
	me->child = (uint32_t)child;
	return server < 0 || fd < 0 || kt_read_all(server, 642) || end_of(child);
}

static void check_a_unix_datagram_leads_to_its_receiver(struct kt *kt, const struct kt_actor *me)
{
	struct named sender = unix_of(me, me->child), receiver = unix_of(me, me->pid);

	if (kt_tier(kt) == KT_OLD)
		return;
	if (kt_tier(kt) == KT_TRACEPOINT) {
		sender.len = 0;
		kt_check_side(kt, &receiver, 0, 642);
	}
	kt_check_side(kt, &sender, 642, 0);
}

static int act_socket_pairs_are_one_channel_without_a_name(struct kt_actor *me)
{
	int pair[2];

	(void)me; /* nothing to remember */
	for (int i = 0; i < 5; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ||
		    write(pair[0], block, 100) != 100 || kt_read_all(pair[1], 100))
			return 1;
	}
	return 0;
}

static void check_socket_pairs_are_one_channel_without_a_name(struct kt *kt,
							      const struct kt_actor *me)
{
	struct named wanted = { PST_EVENT_CHANNEL, me->pid, PST_UNIX, NULL, 0 };

	if (kt_tier(kt) != KT_OLD)
		kt_check_side(kt, &wanted, 500, 500);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), kt_tier(kt) == KT_OLD ? 0 : 1);
}

/* linked - make a link beside the socket; @at becomes its path */
static int linked(const struct kt_actor *me, char *at, size_t size)
{
	(void)snprintf(at, size, "%.90s.link", me->text);
	return symlink(me->text, at);
}

static int unlinked(const struct kt_actor *me, const char *link)
{
	return unlink(link) | unlink(me->text); /* the cgroup's end is not held up by a file */
}

static int act_a_link_to_a_unix_stream_is_told_by_the_name_of_the_socket(struct kt_actor *me)
{
	int server = unix_bound(me, "/tmp/postern-kt-linked-", SOCK_STREAM), fd;
	char link[108];

	if (server < 0 || listen(server, 1) < 0 || linked(me, link, sizeof(link)))
		return 1;
	fd = unix_connected(link, SOCK_STREAM);
	if (fd < 0 || send(fd, block, 100, 0) != 100)
		return 1;
	return kt_read_all(accept(server, NULL, NULL), 100) || unlinked(me, link);
}

static void check_a_link_to_a_unix_stream_is_told_by_the_name_of_the_socket(
	struct kt *kt, const struct kt_actor *me)
{
	struct named own = unix_of(me, me->pid);
	size_t listener = kt_tier(kt) == KT_FULL ? 1 : 0;

	if (kt_tier(kt) == KT_OLD)
		return;
	kt_check_side(kt, &own, 100, 100); /* one process has both ends */
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 1 + listener);
}

static int act_a_link_to_a_unix_datagram_socket_is_told_by_its_name(struct kt_actor *me)
{
	int server = unix_bound(me, "/tmp/postern-kt-linked-", SOCK_DGRAM), fd;
	int apart = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char link[108];

	if (server < 0 || linked(me, link, sizeof(link)))
		return 1;
	fd = unix_connected(link, SOCK_DGRAM);
	if (fd < 0 || send(fd, block, 100, 0) != 100 || unix_send_to(apart, link, 250) != 250)
		return 1;
	return kt_read_all(server, 350) || unlinked(me, link);
}

static void check_a_link_to_a_unix_datagram_socket_is_told_by_its_name(struct kt *kt,
								       const struct kt_actor *me)
{
	struct named own = unix_of(me, me->pid);

	if (kt_tier(kt) == KT_OLD)
		return;
	/* to whom a socket without a peer sends the tracepoint does not say */
	kt_check_side(kt, &own, kt_tier(kt) == KT_FULL ? 350 : 100, 350);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), kt_tier(kt) == KT_FULL ? 1 : 2);
}

/* What goes past the own peer, and what goes to nobody, changes nothing for what follows. */
static int act_a_unix_datagram_socket_comes_back_to_its_peer(struct kt_actor *me)
{
	static struct kt_actor other;
	int server, beside, fd;

	other.pid = me->pid;
	beside = unix_bound(&other, "@postern-kt-beside-", SOCK_DGRAM);
	server = unix_bound(me, "@postern-kt-peer-", SOCK_DGRAM);
	fd = unix_connected(me->text, SOCK_DGRAM);
	if (server < 0 || beside < 0 || fd < 0)
		return 1;
	return send(fd, block, 10, 0) != 10 || unix_send_to(fd, other.text, 20) != 20 ||
	       unix_send_to(fd, "@postern-kt-nobody", 2000) >= 0 || send(fd, block, 40, 0) != 40 ||
	       unix_send_to(fd, "/tmp/postern-kt-nobody", 2000) >= 0 ||
	       send(fd, block, 80, 0) != 80;
}

static void check_a_unix_datagram_socket_comes_back_to_its_peer(struct kt *kt,
								const struct kt_actor *me)
{
	struct named peer = unix_of(me, me->pid), beside;
	struct kt_actor other = { .pid = me->pid };

	if (kt_tier(kt) != KT_FULL)
		return;
	kt_check_side(kt, &peer, 130, 0);
	(void)snprintf(other.text, sizeof(other.text), "@postern-kt-beside-%u", me->pid);
	beside = unix_of(&other, me->pid);
	kt_check_side(kt, &beside, 20, 0);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 2);
}

static int act_a_unix_packet_goes_to_its_peer_whatever_address_it_has(struct kt_actor *me)
{
	int server = unix_bound(me, "@postern-kt-address-", SOCK_SEQPACKET), fd;

	if (server < 0 || listen(server, 1) < 0)
		return 1;
	fd = unix_connected(me->text, SOCK_SEQPACKET);
	return fd < 0 || unix_send_to(fd, "@postern-kt-nobody", 50) != 50 ||
	       kt_read_all(accept(server, NULL, NULL), 50);
}

static void check_a_unix_packet_goes_to_its_peer_whatever_address_it_has(struct kt *kt,
									 const struct kt_actor *me)
{
	struct named own = unix_of(me, me->pid);

	if (kt_tier(kt) != KT_OLD)
		kt_check_side(kt, &own, 50, 50);
}

static int act_a_unix_name_that_nobody_answers_is_no_channel(struct kt_actor *me)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)me; /* nothing to remember */
	return unix_connected("/tmp/postern-kt-nobody", SOCK_STREAM) >= 0 ||
	       unix_connected("@postern-kt-nobody", SOCK_DGRAM) >= 0 ||
	       unix_send_to(fd, "@postern-kt-nobody", 10) >= 0 ||
	       usleep(700000) < 0; /* nor when a sweep comes by */
}

static void check_a_unix_name_that_nobody_answers_is_no_channel(struct kt *kt,
								const struct kt_actor *me)
{
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 0);
}

const struct kt_case kt_unix_cases[] = {
	CASE(a_unix_stream_is_a_channel_of_both_ends),
	CASE(an_abstract_name_keeps_its_bytes),
	CASE(unix_packets_are_counted),
	CASE(a_unix_listener_is_told_with_its_name),
	CASE(a_unix_datagram_leads_to_its_receiver),
	CASE(a_link_to_a_unix_stream_is_told_by_the_name_of_the_socket),
	CASE(a_link_to_a_unix_datagram_socket_is_told_by_its_name),
	CASE(a_unix_datagram_socket_comes_back_to_its_peer),
	CASE(a_unix_packet_goes_to_its_peer_whatever_address_it_has),
	CASE(a_unix_name_that_nobody_answers_is_no_channel),
	CASE(socket_pairs_are_one_channel_without_a_name),
	{ NULL, NULL, NULL, NULL, NULL },
};
