// SPDX-License-Identifier: Apache-2.0
/* Listeners and who was accepted. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kt.h"

static const struct pst_addr v4_any = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0 } };
static const struct pst_addr v4_loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0,
					       1 } };
static const struct pst_addr v4_second = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0,
					     2 } };

static void check_listener(struct kt *kt, const struct kt_actor *me, const struct pst_addr *local,
			   uint16_t family)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_TCP_LISTEN, me->port);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, !event->no_task);
	KT_TRUE(kt, memcmp(&event->channel.local, local, sizeof(*local)) == 0);
	KT_TRUE(kt, pst_addr_is_zero(&event->channel.peer));
	KT_EQUAL(kt, event->channel.peer_port, 0);
	KT_EQUAL(kt, event->channel.family, family);
	KT_EQUAL(kt, event->channel.sock_type, SOCK_STREAM);
	KT_EQUAL(kt, event->channel.protocol, IPPROTO_TCP);
	KT_TRUE(kt, event->channel.cookie != 0);
}

static int act_a_listener_is_seen_with_every_field(struct kt_actor *me)
{
	return kt_listen("127.0.0.1", &me->port) < 0;
}

static void check_a_listener_is_seen_with_every_field(struct kt *kt, const struct kt_actor *me)
{
	check_listener(kt, me, &v4_loopback, AF_INET);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 1);
}

static int act_a_listener_on_every_address_is_seen(struct kt_actor *me)
{
	return kt_listen("0.0.0.0", &me->port) < 0;
}

static void check_a_listener_on_every_address_is_seen(struct kt *kt, const struct kt_actor *me)
{
	check_listener(kt, me, &v4_any, AF_INET);
}

static int act_a_listener_on_every_ipv6_address_is_seen(struct kt_actor *me)
{
	return kt_listen("::", &me->port) < 0;
}

static void check_a_listener_on_every_ipv6_address_is_seen(struct kt *kt, const struct kt_actor *me)
{
	static const struct pst_addr any = { { 0 } };

	check_listener(kt, me, &any, AF_INET6);
}

/* The port is chosen after the change of state that is seen; the sensor looks it up. A child keeps
 * the listener until then. */
static int act_a_listen_without_a_bind_is_seen(struct kt_actor *me)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in own = { .sin_port = 0 };
	socklen_t len = sizeof(own);
	pid_t child;

	if (listen(fd, 1) < 0 || getsockname(fd, (struct sockaddr *)&own, &len) < 0)
		return 1;
	me->port = ntohs(own.sin_port);
	child = fork();
	if (child == 0) {
		(void)alarm(20);
		(void)pause();
		_exit(0);
	}
	me->child = (uint32_t)child;
	return child < 0;
}

static void check_a_listen_without_a_bind_is_seen(struct kt *kt, const struct kt_actor *me)
{
	check_listener(kt, me, &v4_any, AF_INET);
	KT_TRUE(kt, kill_child(me->child));
}

static int act_a_bind_alone_is_no_listener(struct kt_actor *me)
{
	struct sockaddr_in6 own;
	socklen_t len = kt_address("127.0.0.1", 0, (struct sockaddr *)&own);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)me; /* nothing to remember */
	return bind(fd, (struct sockaddr *)&own, len) < 0;
}

static void check_a_bind_alone_is_no_listener(struct kt *kt, const struct kt_actor *me)
{
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 0);
}

static int act_the_end_of_a_listener_is_told(struct kt_actor *me)
{
	int fd = kt_listen("127.0.0.1", &me->port);

	return fd < 0 || close(fd) < 0;
}

static void check_the_end_of_a_listener_is_told(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_result(kt, me->pid, PST_TCP_LISTEN, me->port);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->result.result, PST_CLOSED);
}

static int connect_from(const char *own_host, uint16_t port)
{
	struct sockaddr_in6 own, peer;
	socklen_t len = kt_address(own_host, 0, (struct sockaddr *)&own);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&own, len) < 0)
		return 1;
	len = kt_address("127.0.0.1", port, (struct sockaddr *)&peer);
	return connect(fd, (struct sockaddr *)&peer, len) < 0;
}

/* The client is another process, so that the accept happens in its context. */
static int act_an_accept_is_charged_to_the_listener_with_its_peer(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), status;
	pid_t child = fork();

	if (child == 0)
		_exit(connect_from("127.0.0.2", me->port));
	me->child = (uint32_t)child;
	if (accept(listener, NULL, NULL) < 0 || waitpid(child, &status, 0) != child)
		return 1;
	return status != 0;
}

static void check_an_accept_is_charged_to_the_listener_with_its_peer(struct kt *kt,
								     const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_TCP_ACCEPT, me->port);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, memcmp(&event->channel.peer, &v4_second, sizeof(v4_second)) == 0);
	KT_TRUE(kt, memcmp(&event->channel.local, &v4_loopback, sizeof(v4_loopback)) == 0);
	KT_EQUAL(kt, event->channel.local_port, me->port);
	KT_EQUAL(kt, event->channel.family, AF_INET);
	KT_EQUAL(kt, event->channel.protocol, IPPROTO_TCP);
	event = kt_channel(kt, me->child, PST_TCP_CONNECT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->task.parent.tgid, me->pid);
}

const struct kt_case kt_listen_cases[] = {
	CASE(a_listener_is_seen_with_every_field),
	CASE(a_listener_on_every_address_is_seen),
	CASE(a_listener_on_every_ipv6_address_is_seen),
	CASE(a_listen_without_a_bind_is_seen),
	CASE(a_bind_alone_is_no_listener),
	CASE(the_end_of_a_listener_is_told),
	CASE(an_accept_is_charged_to_the_listener_with_its_peer),
	{ NULL, NULL, NULL, NULL, NULL },
};
