// SPDX-License-Identifier: Apache-2.0
/* What does a verdict cost? 1,000 contracts of 100 entries each; images that they bind, asked in a
 * random order, so that little is in a cache; one of a hundred channels is not declared, the others
 * are by any of the entries. Figures are printed beside their goals; a missed goal is shown and
 * fails nothing. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "contract/contract.h"

#define CONTRACTS 1000u
#define ENTRIES 100u
#define ROUNDS 1000000u
#define TEXT_MAX 65536u
#define GOAL_NS 1000.0

struct host {
	struct pst_contracts *set;
	struct pst_program program[CONTRACTS];
	struct pst_image image[CONTRACTS];
	char path[CONTRACTS][64];
};

/* xorshift: the same questions each time */
static uint32_t next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* there since Linux 2.6 */
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void die(const char *why)
{
	fprintf(stderr, "verdict: %s\n", why);
	exit(1);
}

static void say(char *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(char *out, const char *fmt, ...)
{
	size_t used = strlen(out);
	va_list list;
	int len;

	va_start(list, fmt);
	len = vsnprintf(out + used, TEXT_MAX - used, fmt, list);
	va_end(list);
	if (len < 0 || (size_t)len >= TEXT_MAX - used)
		die("a contract is too long");
}

/* Seven of ten entries are a peer or network by TCP, one by UDP, one a unix socket, one a name. */
static void say_entry(char *out, unsigned int contract, unsigned int entry)
{
	unsigned int a = contract % 250, b = entry;

	if (entry % 10 == 7)
		say(out, "{\"connect\":\"udp\",\"to\":\"10.%u.%u.0/24\",\"port\":53}", a, b);
	else if (entry % 10 == 8)
		say(out, "{\"unix\":\"/run/vendor%u/%u/*\"}", contract, entry);
	else if (entry % 10 == 9)
		say(out, "{\"connect\":\"tcp\",\"to\":\"h%u.vendor%u.example\",\"port\":443}",
		    entry, contract);
	else
		say(out,
		    "{\"connect\":\"tcp\",\"to\":[\"10.%u.%u.0/24\",\"192.168.%u.%u\"],"
		    "\"port\":443}",
		    a, b, a, b);
}

static void add_contract(struct pst_contracts *set, unsigned int contract)
{
	static char text[TEXT_MAX];
	static struct pst_diags diags;
	unsigned int i;

	text[0] = '\0';
	say(text,
	    "{\"format\":1,\"contract\":\"vendor%u\",\"version\":1,\"software\":[{\"path\":"
	    "\"/opt/vendor%u/**\"}],\"channels\":[",
	    contract, contract);
	for (i = 0; i < ENTRIES; i++) {
		say(text, "%s", i ? "," : "");
		say_entry(text, contract, i);
	}
	say(text, "]}");
	pst_diags_init(&diags, "bench.json");
	if (pst_contracts_add(set, "bench.json", text, strlen(text), &diags))
		die(diags.list[0].text);
}

static struct host *host_of(unsigned int contracts)
{
	struct host *host = calloc(1, sizeof(*host));
	unsigned int i;

	if (!host || !(host->set = pst_contracts_new()))
		die("not enough memory");
	for (i = 0; i < contracts; i++)
		add_contract(host->set, i);
	for (i = 0; i < CONTRACTS; i++) {
		(void)snprintf(host->path[i], sizeof(host->path[i]), "/opt/vendor%u/bin/agent", i);
		host->program[i].path = host->path[i];
		host->image[i] = (struct pst_image){ .program = &host->program[i],
						     .unit = (char *)"acme.service",
						     .contract = -1 };
	}
	return host;
}

static void end_of(struct host *host)
{
	pst_contracts_free(host->set);
	free(host);
}

/* How long does it take to bind an image that was never seen? */
static double bind_ns(struct host *host)
{
	uint32_t seed = 7;
	double began = now_ns();
	unsigned int i;

	for (i = 0; i < ROUNDS / 10; i++)
		pst_contract_bind(host->set, &host->image[next(&seed) % CONTRACTS]);
	return (now_ns() - began) / (ROUNDS / 10);
}

static struct pst_channel tcp_to(unsigned int contract, unsigned int entry)
{
	struct pst_channel channel = { .key = { .kind = PST_TCP_CONNECT, .port = 443 } };
	uint8_t *b = channel.key.peer.b;

	b[10] = b[11] = 0xff;
	b[12] = 10;
	b[13] = (uint8_t)(contract % 250);
	b[14] = (uint8_t)entry;
	b[15] = 9;
	return channel;
}

struct cost {
	double ns;
	unsigned int undeclared;
};

/* @spoiled_pct: of the channels, how many lead where no entry allows it */
static struct cost judge_ns(struct host *host, unsigned int spoiled_pct)
{
	struct cost cost = { .undeclared = 0 };
	struct pst_judgement judgement;
	uint32_t seed = 7;
	double began = now_ns();
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		unsigned int contract = next(&seed) % CONTRACTS;
		unsigned int entry = next(&seed) % (ENTRIES / 10) * 10 + next(&seed) % 7;
		struct pst_channel channel = tcp_to(contract, entry);

		if (next(&seed) % 100 < spoiled_pct)
			channel.key.peer.b[12] = 11;
		pst_contract_judge(host->set, &host->image[contract], &channel, &judgement);
		cost.undeclared += judgement.verdict != PST_DECLARED;
	}
	cost.ns = (now_ns() - began) / ROUNDS;
	return cost;
}

static void figure(const char *what, double ns, const char *goal)
{
	printf("%-52s %11.0f ns  %s\n", what, ns, goal);
}

int main(void)
{
	struct host *many = host_of(CONTRACTS), *few = host_of(10);
	double bind_many, bind_few;
	struct cost cost;

	bind_few = bind_ns(few);
	bind_many = bind_ns(many);
	cost = judge_ns(many, 1);
	printf("%-52s %14s  %s\n", "FIGURE", "MEASURED", "GOAL");
	figure("verdict, 1,000 contracts of 100 entries", cost.ns, "under 1000 ns");
	figure("the same, all of them declared", judge_ns(many, 0).ns, "");
	figure("the same, none of them declared", judge_ns(many, 100).ns, "");
	figure("binding an image, 10 contracts", bind_few, "");
	figure("binding an image, 1,000 contracts", bind_many, "at most 10 times that of 10");
	printf("%-52s %14s\n", "goals kept",
	       cost.ns < GOAL_NS && bind_many < 10 * bind_few ? "yes" : "NO");
	if (cost.undeclared < ROUNDS / 200 || cost.undeclared > ROUNDS / 50)
		die("the entries do not say what they were meant to");
	end_of(few);
	end_of(many);
	return 0;
}
