// SPDX-License-Identifier: Apache-2.0
/* What goes over a channel: first bytes once each way, DNS messages by whichever call, and no more.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <resolv.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kt.h"

#define DNS_A_SECOND 200 /* as bpf/lib/payload.h */

/* vault.bank.example A */
static const uint8_t query[] = { 0x12, 0x34, 1,	  0,   0,   1,	 0,   0,   0,	0,   0,	  0,
				 5,    'v',  'a', 'u', 'l', 't', 4,   'b', 'a', 'n', 'k', 7,
				 'e',  'x',  'a', 'm', 'p', 'l', 'e', 0,   0,	1,   0,	  1 };
static const uint8_t answer_tail[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 9 };

struct wanted {
	uint32_t tgid;
	enum pst_payload_form form;
	bool inbound;
	enum pst_kind kind;
};

static bool is_wanted(const struct pst_event *event, const void *context)
{
	const struct wanted *w = context;

	return event->type == PST_EVENT_PAYLOAD && event->task.proc.tgid == w->tgid &&
	       event->payload.form == w->form && event->payload.inbound == w->inbound &&
	       event->payload.kind == w->kind;
}

static const struct pst_payload_seen *find(struct kt *kt, struct wanted wanted)
{
	const struct pst_event *event = kt_find(kt, is_wanted, &wanted);

	return event ? &event->payload : NULL;
}

static size_t count(struct kt *kt, struct wanted wanted)
{
	return kt_count(kt, is_wanted, &wanted);
}

/* A connected datagram socket, and in *@server who hears it. */
static int pair_of(const char *host, uint16_t *port, int *server)
{
	struct sockaddr_in6 peer;
	socklen_t len;
	int fd;

	*server = kt_udp(host, port);
	len = kt_address(host, *port, (struct sockaddr *)&peer);
	fd = socket(peer.sin6_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return *server >= 0 && fd >= 0 && connect(fd, (struct sockaddr *)&peer, len) == 0 ? fd : -1;
}

/* answer - to the query of @len bytes in @text; returns its length */
static size_t answer(uint8_t *text, size_t len)
{
	text[2] |= 0x80;
	text[7] = 1;
	text[11] = 0; /* without the query's OPT */
	len = 12 + strlen((const char *)text + 12) + 5;
	memcpy(text + len, answer_tail, sizeof(answer_tail));
	return len + sizeof(answer_tail);
}

/* ask - by the C library's resolver, at the server of that port */
static int ask(uint16_t port, unsigned long options)
{
	struct __res_state state = { 0 };
	uint8_t text[512];
	int len;

	if (res_ninit(&state) < 0)
		return 1;
	state.options = (state.options & ~(unsigned long)RES_DNSRCH) | options;
	state.nscount = 1;
	state.nsaddr_list[0] = (struct sockaddr_in){ .sin_family = AF_INET,
						     .sin_port = htons(port),
						     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	len = res_nquery(&state, "Vault.bank.example", ns_c_in, ns_t_a, text, sizeof(text));
	res_nclose(&state);
	return len > 0 ? 0 : 1;
}

static int reap(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

static int act_a_question_to_a_resolver_and_its_answer_are_told(struct kt_actor *me)
{
	int server = kt_udp("127.0.0.1", &me->port);
	pid_t child = fork();

	if (child == 0) {
		struct sockaddr_in6 peer;
		socklen_t len = sizeof(peer);
		uint8_t text[512];
		ssize_t got = recvfrom(server, text, sizeof(text) - sizeof(answer_tail), 0,
				       (struct sockaddr *)&peer, &len);
		size_t put = got > 12 ? answer(text, (size_t)got) : 0;

		_exit(put && sendto(server, text, put, 0, (struct sockaddr *)&peer, len) > 0 ? 0 :
											       1);
	}
	return ask(me->port, 0) || reap(child);
}

static void check_message(struct kt *kt, const struct kt_actor *me, bool over_tcp)
{
	enum pst_kind kind = over_tcp ? PST_TCP_CONNECT : PST_UDP_PEER;
	const struct pst_payload_seen *seen =
		find(kt, (struct wanted){ me->pid, PST_PAYLOAD_IS_DNS, false, kind });
	uint16_t id;

	KT_NEED(kt, seen);
	KT_TRUE(kt, strcmp(seen->dns->question, "vault.bank.example") == 0);
	KT_TRUE(kt, !seen->dns->answer);
	KT_EQUAL(kt, seen->dns->over_tcp, over_tcp);
	KT_EQUAL(kt, seen->dns->qtype, ns_t_a);
	KT_EQUAL(kt, seen->peer_port, me->port);
	KT_TRUE(kt, seen->local_port != 0 && seen->cookie != 0);
	KT_EQUAL(kt, seen->peer.b[12], 127);
	id = seen->dns->id;
	seen = find(kt, (struct wanted){ me->pid, PST_PAYLOAD_IS_DNS, true, kind });
	KT_NEED(kt, seen);
	KT_TRUE(kt, seen->dns->answer);
	KT_EQUAL(kt, seen->dns->id, id);
	KT_EQUAL(kt, seen->dns->addr_count, 1);
	KT_EQUAL(kt, seen->dns->addr[0].b[15], 9);
	KT_EQUAL(kt, seen->dns->ttl_s, 60);
	KT_EQUAL(kt, seen->peer_port, me->port);
}

static void check_a_question_to_a_resolver_and_its_answer_are_told(struct kt *kt,
								   const struct kt_actor *me)
{
	check_message(kt, me, false);
}

static int act_dns_over_tcp_is_told(struct kt_actor *me)
{
	int server = kt_listen("127.0.0.1", &me->port);
	pid_t child = fork();

	if (child == 0) {
		int fd = accept(server, NULL, NULL);
		uint8_t text[512];
		ssize_t got = recv(fd, text, sizeof(text) - sizeof(answer_tail), 0);
		size_t put = got > 14 ? answer(text + 2, (size_t)got - 2) : 0;

		text[0] = 0;
		text[1] = (uint8_t)put;
		_exit(put && send(fd, text, put + 2, 0) > 0 ? 0 : 1);
	}
	return ask(me->port, RES_USEVC) || reap(child);
}

static void check_dns_over_tcp_is_told(struct kt *kt, const struct kt_actor *me)
{
	check_message(kt, me, true);
}

static int act_each_message_of_a_sendmmsg_is_told(struct kt_actor *me)
{
	struct iovec parts[2][2] = { { { (void *)query, 10 }, { (void *)(query + 10), 26 } },
				     { { (void *)query, 30 }, { (void *)(query + 30), 6 } } };
	struct mmsghdr messages[2] = { { .msg_hdr = { .msg_iov = parts[0], .msg_iovlen = 2 } },
				       { .msg_hdr = { .msg_iov = parts[1], .msg_iovlen = 2 } } };
	int server, fd = pair_of("127.0.0.1", &me->port, &server);

	return fd >= 0 && sendmmsg(fd, messages, 2, 0) == 2 ? 0 : 1;
}

static void check_each_message_of_a_sendmmsg_is_told(struct kt *kt, const struct kt_actor *me)
{
	KT_EQUAL(kt, count(kt, (struct wanted){ me->pid, PST_PAYLOAD_IS_DNS, false, PST_UDP_PEER }),
		 2);
	/* DNS says the class: first bytes are not told beside it */
	KT_EQUAL(kt,
		 count(kt, (struct wanted){ me->pid, PST_PAYLOAD_IS_FIRST, false, PST_UDP_PEER }),
		 0);
}

static int act_a_query_that_is_written_over_ipv6_is_told(struct kt_actor *me)
{
	int server, fd = pair_of("::1", &me->port, &server);

	return fd >= 0 && write(fd, query, sizeof(query)) == sizeof(query) ? 0 : 1;
}

static void check_a_query_that_is_written_over_ipv6_is_told(struct kt *kt,
							    const struct kt_actor *me)
{
	const struct pst_payload_seen *seen =
		find(kt, (struct wanted){ me->pid, PST_PAYLOAD_IS_DNS, false, PST_UDP_PEER });

	KT_NEED(kt, seen);
	KT_EQUAL(kt, seen->dns->id, 0x1234);
	KT_EQUAL(kt, seen->dns->length, sizeof(query));
	KT_EQUAL(kt, seen->peer.b[15], 1);
	KT_EQUAL(kt, seen->peer.b[12], 0);
	KT_EQUAL(kt, seen->peer_port, me->port);
}

/* A network of its own, whose loopback is up. */
static int enter_network(void)
{
	struct ifreq link = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };

	return unshare(CLONE_NEWNET) < 0 ||
	       ioctl(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), SIOCSIFFLAGS, &link) < 0;
}

static int act_a_query_names_the_network_of_its_socket(struct kt_actor *me)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), server, fd;
	struct stat own;

	if (home < 0 || enter_network() || stat("/proc/self/ns/net", &own) < 0)
		return 1;
	me->number = own.st_ino;
	fd = pair_of("127.0.0.1", &me->port, &server);
	/* its owner is at home again, and was seen there */
	if (fd < 0 || setns(home, CLONE_NEWNET) < 0 || kt_udp("127.0.0.1", &me->other_port) < 0)
		return 1;
	return write(fd, query, sizeof(query)) == sizeof(query) ? 0 : 1;
}

static void check_a_query_names_the_network_of_its_socket(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted wanted = { me->pid, PST_PAYLOAD_IS_DNS, false, PST_UDP_PEER };
	const struct pst_event *event = kt_find(kt, is_wanted, &wanted);

	KT_NEED(kt, event);
	KT_TRUE(kt, me->number != me->netns);
	KT_EQUAL(kt, event->task.netns, me->number);
	event = kt_channel(kt, me->pid, PST_UDP_PEER, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->task.netns, me->number);
}

static int act_a_socket_that_speaks_otherwise_is_let_alone(struct kt_actor *me)
{
	int server, fd = pair_of("127.0.0.1", &me->port, &server);

	for (int i = 0; i < 8; i++) {
		if (fd < 0 || send(fd, "no name is asked for here", 25, 0) != 25)
			return 1;
	}
	return send(fd, query, sizeof(query), 0) == sizeof(query) ? 0 : 1;
}

static void check_a_socket_that_speaks_otherwise_is_let_alone(struct kt *kt,
							      const struct kt_actor *me)
{
	const struct wanted first = { me->pid, PST_PAYLOAD_IS_FIRST, false, PST_UDP_PEER };
	const struct pst_payload_seen *seen = find(kt, first);

	KT_NEED(kt, seen);
	KT_EQUAL(kt, seen->class_, PST_CLASS_TEXT);
	KT_EQUAL(kt, seen->peer_port, me->port);
	KT_EQUAL(kt, count(kt, first), 1);
	KT_EQUAL(kt, count(kt, (struct wanted){ me->pid, PST_PAYLOAD_IS_DNS, false, PST_UDP_PEER }),
		 0);
}

static int act_a_flood_of_queries_is_bounded(struct kt_actor *me)
{
	int server, fd = pair_of("127.0.0.1", &me->port, &server);
	uint8_t text[512];

	for (int i = 0; i < DNS_A_SECOND + 50; i++) {
		if (fd < 0 || send(fd, query, sizeof(query), 0) != sizeof(query) ||
		    recv(server, text, sizeof(text), 0) != sizeof(query))
			return 1;
	}
	return 0;
}

static void check_a_flood_of_queries_is_bounded(struct kt *kt, const struct kt_actor *me)
{
	/* the flood may lie across the end of one second */
	size_t told = count(kt,
			    (struct wanted){ me->pid, PST_PAYLOAD_IS_DNS, false, PST_UDP_PEER });

	KT_TRUE(kt, told >= DNS_A_SECOND && told < DNS_A_SECOND + 50);
}

/* speak - one connection on which both say something */
static int speak(const char *host, uint16_t port, int server)
{
	char text[64];
	int fd = kt_connect(host, port), peer = accept(server, NULL, NULL);
	int r = fd >= 0 && peer >= 0 && send(fd, "GET / HTTP/1.1\r\n\r\n", 18, 0) == 18 &&
				recv(peer, text, sizeof(text), 0) == 18 &&
				send(peer, "SSH-2.0-OpenSSH_9.2\r\n", 21, 0) == 21 &&
				recv(fd, text, sizeof(text), 0) == 21 ?
			0 :
			1;

	(void)close(fd);
	(void)close(peer);
	return r;
}

static int act_first_bytes_are_told_once_each_way(struct kt_actor *me)
{
	int server = kt_listen("127.0.0.1", &me->port);

	return server < 0 || speak("127.0.0.1", me->port, server) ||
	       speak("127.0.0.1", me->port, server);
}

static void check_first_bytes_are_told_once_each_way(struct kt *kt, const struct kt_actor *me)
{
	static const struct {
		enum pst_kind kind;
		bool inbound;
		enum pst_class class_;
	} ways[] = { { PST_TCP_CONNECT, false, PST_CLASS_HTTP },
		     { PST_TCP_CONNECT, true, PST_CLASS_SSH },
		     { PST_TCP_ACCEPT, false, PST_CLASS_SSH },
		     { PST_TCP_ACCEPT, true, PST_CLASS_HTTP } };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const struct wanted wanted = { me->pid, PST_PAYLOAD_IS_FIRST, ways[i].inbound,
					       ways[i].kind };
		const struct pst_payload_seen *seen = find(kt, wanted);

		KT_NEED(kt, seen);
		KT_EQUAL(kt, seen->class_, ways[i].class_);
		KT_EQUAL(kt, ways[i].kind == PST_TCP_CONNECT ? seen->peer_port : seen->local_port,
			 me->port);
		KT_EQUAL(kt, count(kt, wanted), 1);
	}
}

/* A ClientHello of one cipher with a server name of 18 bytes and the protocol h2. */
static const uint8_t hello[] = "\x16\x03\x01\x00\x53\x01\x00\x00\x4f\x03\x03"
			       "0123456789abcdef0123456789abcdef"
			       "\x00\x00\x02\x13\x01\x01\x00\x00\x24"
			       "\x00\x00\x00\x17\x00\x15\x00\x00\x12Vault.bank.example"
			       "\x00\x10\x00\x05\x00\x03\x02h2";

static int act_the_server_of_a_client_hello_is_told(struct kt_actor *me)
{
	int server = kt_listen("127.0.0.1", &me->port);

	for (int i = 0; i < 2; i++) {
		int fd = kt_connect("127.0.0.1", me->port);

		if (server < 0 || fd < 0 ||
		    send(fd, hello, sizeof(hello) - 1, 0) != sizeof(hello) - 1)
			return 1;
		(void)close(fd);
	}
	return 0;
}

static void check_the_server_of_a_client_hello_is_told(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted wanted = { me->pid, PST_PAYLOAD_IS_FIRST, false, PST_TCP_CONNECT };
	const struct pst_payload_seen *seen = find(kt, wanted);

	KT_NEED(kt, seen);
	KT_EQUAL(kt, seen->class_, PST_CLASS_TLS);
	KT_TRUE(kt, strcmp(seen->server_name, "vault.bank.example") == 0);
	KT_TRUE(kt, strcmp(seen->alpn, "h2") == 0);
	/* of each connection: another name may be asked for at the same address */
	KT_EQUAL(kt, count(kt, wanted), 2);
}

const struct kt_case kt_payload_cases[] = {
	CASE(a_question_to_a_resolver_and_its_answer_are_told),
	CASE(dns_over_tcp_is_told),
	CASE(each_message_of_a_sendmmsg_is_told),
	CASE(a_query_that_is_written_over_ipv6_is_told),
	CASE(a_query_names_the_network_of_its_socket),
	CASE(a_socket_that_speaks_otherwise_is_let_alone),
	CASE(a_flood_of_queries_is_bounded),
	CASE(first_bytes_are_told_once_each_way),
	CASE(the_server_of_a_client_hello_is_told),
	{ NULL, NULL, NULL, NULL, NULL },
};
