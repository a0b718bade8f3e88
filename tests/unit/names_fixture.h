// SPDX-License-Identifier: Apache-2.0
/* What do the tests of names have in common? A resolver, and questions and answers as the decoder
 * tells them. */
#ifndef PST_TEST_NAMES_FIXTURE_H
#define PST_TEST_NAMES_FIXTURE_H

#include "build.h"

#include "attrib/attrib.h"

#define RESOLVER "10.0.0.53"
#define HOUR (3600 * SECOND)

static inline struct pst_attrib *names_of_resolver(size_t max_named)
{
	const struct pst_attrib_keys keys = { .max_named = max_named, .max_questions = 4 };
	struct pst_attrib *attrib = pst_attrib_new(&keys);
	struct pst_event event = build_event(PST_EVENT_RESOLVERS, 0, 0);

	assert_non_null(attrib);
	event.resolvers.count = 1;
	event.resolvers.addr[0] = build_addr(RESOLVER);
	(void)pst_attrib_see(attrib, &event);
	return attrib;
}

static struct pst_dns dns; /* of the last message; a test program is one thread */

/* The process of @task asks @name for its address. */
static inline struct pst_event ask(const struct pst_event *task, uint64_t time_ns, const char *name)
{
	struct pst_event event = build_as(task, PST_EVENT_PAYLOAD, time_ns);

	memset(&dns, 0, sizeof(dns));
	dns.id = 7;
	dns.qtype = 1;
	strcpy(dns.question, name);
	event.payload = (struct pst_payload_seen){ .form = PST_PAYLOAD_IS_DNS,
						   .cookie = 99,
						   .peer = build_addr(RESOLVER),
						   .local = build_addr("10.0.0.1"),
						   .kind = PST_UDP_PEER,
						   .peer_port = 53,
						   .local_port = 40000,
						   .class_ = PST_CLASS_DNS,
						   .dns = &dns };
	return event;
}

/* The answer to @question: @name has this address for @ttl_s seconds. */
static inline struct pst_event answer(const struct pst_event *question, const char *addr,
				      uint32_t ttl_s)
{
	struct pst_event event = *question;

	event.no_task = true;
	event.payload.inbound = true;
	dns.answer = true;
	dns.addr_count = 1;
	dns.addr[0] = build_addr(addr);
	dns.ttl_s = ttl_s;
	return event;
}

/* Question and answer at once. */
static inline void resolve(struct pst_attrib *attrib, const struct pst_event *task,
			   const char *name, const char *addr)
{
	struct pst_event event = ask(task, task->time_ns, name);

	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, addr, 60);
	(void)pst_attrib_see(attrib, &event);
}

struct chain {
	const char *question, *alias, *last;
};

/* As resolve, over two aliases. */
static inline void resolve_over(struct pst_attrib *attrib, const struct pst_event *task,
				struct chain chain, const char *addr)
{
	struct pst_event event = ask(task, task->time_ns, chain.question);

	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, addr, 60);
	dns.alias_count = 2;
	strcpy(dns.alias[0], chain.alias);
	strcpy(dns.alias[1], chain.last);
	(void)pst_attrib_see(attrib, &event);
}

static inline bool has(const struct pst_attrib *attrib, const char *addr, const char *pattern)
{
	struct pst_addr wanted = build_addr(addr);

	return pst_attrib_has_name(attrib, &wanted, pattern);
}

static inline struct pst_attrib_figures figures_of(const struct pst_attrib *attrib)
{
	struct pst_attrib_figures figures;

	pst_attrib_figures(attrib, &figures);
	return figures;
}

/* A moment passes. */
static inline void pass(struct pst_attrib *attrib, uint64_t time_ns)
{
	struct pst_event event = build_event(PST_EVENT_TICK, 0, 0);

	event.time_ns = time_ns;
	(void)pst_attrib_see(attrib, &event);
}

#endif
