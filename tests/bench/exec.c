// SPDX-License-Identifier: Apache-2.0
/* What does an exec cost in the engine? A hundred programs of a service, executed over and over by
 * short-lived processes: with identity, where the engine asks once who each program is and gets an
 * answer, and without; in turn, the median of the rounds. A digest is shown for scale: an exec that
 * costs many of them computes them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "abi/record.h"
#include "base/digest.h"
#include "engine/engine.h"

#define PROGRAMS 100u
#define EXECS 5000u
#define ROUNDS 5u
#define SECOND 1000000000ull

struct stream {
	struct pst_engine *engine;
	uint64_t seq, time_ns;
	uint32_t tgid;
	unsigned int asked;
	const char *top; /* "usr": of the distribution; "opt": vendor software, which is told */
};

struct exec_frame {
	struct pst_rec_exec rec;
	char tail[128];
};

static void die(const char *why)
{
	fprintf(stderr, "exec: %s\n", why);
	exit(1);
}

static double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* there since Linux 2.6 */
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void drop_record(void *context, const struct pst_record *record)
{
	(void)context;
	(void)record; /* what it costs to write it is the sink's */
}

static bool take_question(void *context, const struct pst_identify *program)
{
	struct stream *stream = context;

	(void)program;
	stream->asked++;
	return true;
}

static struct pst_rec head(struct stream *stream, uint16_t type, size_t size)
{
	stream->time_ns += SECOND / 10000;
	return (struct pst_rec){ .type = type,
				 .size = (uint32_t)size,
				 .seq = type < 1000 ? stream->seq++ : 0,
				 .time_ns = stream->time_ns,
				 .task = { .start_ns = stream->time_ns,
					   .image = { .exec_ns = stream->time_ns,
						      .tgid = stream->tgid },
					   .tgid = stream->tgid,
					   .tid = stream->tgid,
					   .root_tgid = stream->tgid,
					   .root_start_ns = stream->time_ns,
					   .mntns = 1 } };
}

static void send(struct stream *stream, const void *record, size_t size)
{
	if (pst_engine_frame(stream->engine, record, size) < 0)
		die("a record of its own is refused");
}

/* /usr/bin/tool-NN in a service, and its end */
static void execute(struct stream *stream, unsigned int program)
{
	struct exec_frame frame;
	struct pst_rec_exit end;
	size_t path, cgroup, size;

	memset(&frame, 0, sizeof(frame));
	path = (size_t)snprintf(frame.tail, sizeof(frame.tail), "tool-%u%cbin%c%s", program, 0, 0,
				stream->top) +
	       1;
	cgroup = (size_t)snprintf(frame.tail + path, sizeof(frame.tail) - path,
				  "vendor.service%csystem.slice", 0) +
		 1;
	size = (sizeof(frame.rec) + path + cgroup + 7) / 8 * 8;
	stream->tgid = 1000 + stream->tgid % 30000;
	frame.rec.h = head(stream, PST_REC_EXEC, size);
	frame.rec.path_len = (uint16_t)path;
	frame.rec.cgroup_len = (uint16_t)cgroup;
	frame.rec.inode = 100 + program;
	stream->tgid++;
	send(stream, &frame, size);
	end = (struct pst_rec_exit){ .h = frame.rec.h };
	end.h.type = PST_REC_EXIT;
	end.h.size = sizeof(end);
	end.h.seq = stream->seq++;
	send(stream, &end, sizeof(end));
}

static void begin(struct stream *stream, const struct pst_config *config, bool identity)
{
	struct pst_rec_host host = { .magic = PST_ABI_MAGIC,
				     .abi_version = PST_ABI_VERSION,
				     .byte_order = PST_ABI_BYTE_ORDER,
				     .cpus = 1,
				     .host_name = "bench" };
	const struct pst_engine_keys keys = { .config = config,
					      .emit = drop_record,
					      .identify = identity ? take_question : NULL,
					      .context = stream };

	stream->engine = pst_engine_new(&keys);
	if (!stream->engine)
		die("not enough memory");
	host.h = head(stream, PST_REC_HOST, sizeof(host));
	send(stream, &host, sizeof(host));
}

/* answer - what the worker would say of each program */
static void answer(struct stream *stream)
{
	struct {
		struct pst_rec_identity rec;
		char path[64];
	} frame;

	for (unsigned int i = 0; i < PROGRAMS; i++) {
		size_t len, size;

		memset(&frame, 0, sizeof(frame));
		len = (size_t)snprintf(frame.path, sizeof(frame.path), "/%s/bin/tool-%u",
				       stream->top, i);
		size = (sizeof(frame.rec) + len + 7) / 8 * 8;
		frame.rec.h = head(stream, PST_REC_IDENTITY, size);
		frame.rec.inode = 100 + i;
		frame.rec.path_len = (uint16_t)len;
		frame.rec.hash_state = PST_IDENT_HASHED;
		memset(frame.rec.sha256, (int)i + 1, sizeof(frame.rec.sha256));
		send(stream, &frame, size);
	}
}

static double exec_ns(const struct pst_config *config, const char *top, bool identity)
{
	struct stream stream = { .time_ns = SECOND, .tgid = 1000, .top = top };
	unsigned int i;
	double began;

	begin(&stream, config, identity);
	for (i = 0; i < PROGRAMS; i++)
		execute(&stream, i);
	if (identity)
		answer(&stream);
	began = now_ns();
	for (i = 0; i < EXECS; i++)
		execute(&stream, i * 7 % PROGRAMS);
	began = now_ns() - began;
	if (stream.asked != (identity ? PROGRAMS : 0))
		die("identity is not asked once for each program");
	pst_engine_free(stream.engine);
	return began / EXECS;
}

static double digest_ns(void)
{
	uint8_t sum[PST_SHA256_BYTES] = { 0 };
	double began = now_ns();

	for (unsigned int i = 0; i < EXECS; i++)
		pst_sha256(sum, sizeof(sum), sum);
	return (now_ns() - began) / EXECS;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void compare(const struct pst_config *config, const char *what, const char *top)
{
	double on[ROUNDS], off[ROUNDS], ratio[ROUNDS];

	for (unsigned int i = 0; i < ROUNDS; i++) {
		off[i] = exec_ns(config, top, false);
		on[i] = exec_ns(config, top, true);
		ratio[i] = on[i] / off[i];
	}
	qsort(on, ROUNDS, sizeof(on[0]), by_value);
	qsort(off, ROUNDS, sizeof(off[0]), by_value);
	qsort(ratio, ROUNDS, sizeof(ratio[0]), by_value);
	printf("%-52s %11.0f ns\n", what, off[ROUNDS / 2]);
	printf("%-52s %11.0f ns\n", "  the same with identity", on[ROUNDS / 2]);
	printf("%-52s %14.3f  %s\n", "  ratio, median of the rounds", ratio[ROUNDS / 2],
	       "at most 1.1");
}

int main(void)
{
	struct pst_config *config = pst_config_new();

	if (!config)
		die("not enough memory");
	printf("%-52s %14s  %s\n", "FIGURE", "MEASURED", "GOAL");
	compare(config, "exec and exit of a distribution's program", "usr");
	compare(config, "exec and exit of vendor software, told in a record", "opt");
	printf("%-52s %11.0f ns\n", "one SHA-256 of 32 bytes", digest_ns());
	pst_config_free(config);
	return 0;
}
