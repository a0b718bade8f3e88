// SPDX-License-Identifier: Apache-2.0
/* What does a full history cost, in memory and when it is saved? Each bound filled: 4,096 programs
 * and 32,768 channels that have a name, a server name, bursts and facts, as those of a busy host
 * do. Figures are printed beside their goals; a missed goal is shown and fails nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/source.h"
#include "profile/history.h"

#define PROGRAMS 4096u
#define CHANNELS_EACH 8u
#define FACTS_EACH 4u
#define NOON_S 1728043200ull
#define SECOND 1000000000ull
#define MIB (1024.0 * 1024.0)
#define GOAL_MIB 28.0
#define GOAL_MS 5.0
#define WAIT_MS 60000u

static void die(const char *why)
{
	fprintf(stderr, "history: %s\n", why);
	exit(1);
}

static double now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* there since Linux 2.6 */
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double rss_mib(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long all, resident = 0;

	if (!file || fscanf(file, "%lu %lu", &all, &resident) != 2)
		die("/proc/self/statm cannot be read");
	(void)fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / MIB;
}

/* Eight bursts, each a bit later and larger than the one before. */
static void add_channel(struct pst_history *history, struct pst_past_program *program,
			unsigned int number)
{
	struct pst_channel channel = { .key = { .kind = PST_TCP_CONNECT, .port = 443 },
				       .first_ns = SECOND,
				       .last_ns = 700 * SECOND,
				       .server_name = (char *)"api.vendor.example" };
	char name[64];
	const char *names[] = { name };
	const struct pst_past_sight sight = { .channel = &channel,
					      .since = &channel.count,
					      .names = names,
					      .name_count = 1,
					      .wall_offset_ns = (int64_t)(NOON_S * SECOND) };

	(void)snprintf(name, sizeof(name), "host-%u.region.vendor.example", number);
	memcpy(channel.key.peer.b + 12, &number, sizeof(number));
	channel.count.attempts = channel.count.bursts = PST_EVENT_BURSTS;
	for (unsigned int i = 0; i < PST_EVENT_BURSTS; i++)
		channel.count.burst[i] = (struct pst_burst){ (1 + i * i * 10) * SECOND, 100u << i };
	if (!pst_history_add(history, program, &sight, NULL))
		die("not enough memory");
}

static void add_program(struct pst_history *history, unsigned int number)
{
	struct pst_past_program *program;
	char path[128];

	(void)snprintf(path, sizeof(path), "/opt/vendor-%u/lib/suite/bin/agent", number);
	program = pst_history_program(history, path, NOON_S);
	if (!program)
		die("not enough memory");
	(void)pst_history_identity(program,
				   &(struct pst_past_identity){ .hash_state = PST_HASH_GONE,
								.package = (char *)"vendor-suite",
								.version = (char *)"4.2.1-1",
								.first_s = NOON_S });
	for (unsigned int i = 0; i < FACTS_EACH; i++) {
		(void)snprintf(path, sizeof(path), "/opt/vendor-%u/lib/suite/tool-%u", number, i);
		pst_history_fact(history, program,
				 &(struct pst_past_deed){ PST_PAST_EXEC, path, NOON_S });
	}
	for (unsigned int i = 0; i < CHANNELS_EACH; i++)
		add_channel(history, program, number * CHANNELS_EACH + i);
}

static void drop_record(void *context, const struct pst_record *record)
{
	(void)context;
	(void)record;
}

static void figure(const char *what, double value, const char *unit, const char *goal)
{
	printf("%-52s %10.1f %s  %s\n", what, value, unit, goal);
}

/* How long does the daemon do nothing else, when it writes itself and when a child does? */
static void save(struct pst_engine *engine, const char *folder)
{
	struct pst_save child = { .folder = folder, .now_s = NOON_S };
	double began = now_ms(), made;

	if (pst_source_history_save(engine, folder, NOON_S) < 0)
		die("the file cannot be written");
	figure("writing it oneself", now_ms() - began, "ms ", "");
	began = now_ms();
	if (pst_source_history_begin(engine, &child) < 0)
		die("no child can be made");
	made = now_ms() - began;
	if (pst_source_history_wait(engine, &child, WAIT_MS) < 0)
		die("the child failed");
	figure("making the child that writes it", made, "ms ", "at most 5 ms");
	figure("until that has ended", now_ms() - began, "ms ", "");
	if (made > GOAL_MS)
		printf("goal missed: the pause\n");
}

/* The folder that is given is the disk that is measured. */
int main(int argc, char **argv)
{
	struct pst_config *config = pst_config_new();
	const struct pst_engine_keys keys = { .config = config, .emit = drop_record };
	struct pst_engine *engine = config ? pst_engine_new(&keys) : NULL;
	double before = rss_mib(), full;

	if (!engine)
		die("not enough memory");
	for (unsigned int i = 0; i < PROGRAMS; i++)
		add_program(pst_engine_history(engine), i);
	full = rss_mib() - before;
	printf("%-52s %14s  %s\n", "FIGURE", "MEASURED", "GOAL");
	figure("memory of a full history", full, "MiB", "at most 28 MiB");
	if (full > GOAL_MIB)
		printf("goal missed: the memory\n");
	save(engine, argc > 1 ? argv[1] : "/tmp");
	pst_engine_free(engine);
	pst_config_free(config);
	return 0;
}
