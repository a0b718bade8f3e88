// SPDX-License-Identifier: Apache-2.0
/* What has the sensor told of this case? Frames are kept until the next one. */
#include "kt_room.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WAIT_MS 3000
#define SETTLE_MS 250

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static void keep_frame(void *context, const void *frame, size_t len)
{
	struct kt *kt = context;

	if (kt->frames == FRAMES_MAX) {
		kt->lost++;
		return;
	}
	kt->frame[kt->frames] = malloc(len);
	if (!kt->frame[kt->frames])
		abort();
	memcpy(kt->frame[kt->frames], frame, len);
	kt->len[kt->frames++] = len;
}

void kt_drop_frames(struct kt *kt)
{
	for (size_t i = 0; i < kt->frames; i++)
		free(kt->frame[i]);
	kt->frames = 0;
	kt->from = 0;
}

void kt_pump(struct kt *kt, int ms)
{
	struct pollfd wait = { .fd = pst_sensor_fd(kt->sensor), .events = POLLIN };

	(void)poll(&wait, 1, ms);	   /* an early end is harmless */
	(void)pst_sensor_poll(kt->sensor); /* losses are told as frames */
}

static bool search(struct kt *kt, kt_match match, const void *wanted)
{
	for (; kt->from < kt->frames; kt->from++) {
		if (pst_decode(kt->decoder, kt->frame[kt->from], kt->len[kt->from], &kt->event) ==
			    0 &&
		    match(&kt->event, wanted)) {
			kt->from++;
			return true;
		}
	}
	return false;
}

const struct pst_event *kt_find(struct kt *kt, kt_match match, const void *wanted)
{
	uint64_t end = now_ms() + WAIT_MS;

	kt->from = 0;
	do {
		if (search(kt, match, wanted))
			return &kt->event;
		kt_pump(kt, 20);
	} while (now_ms() < end);
	return NULL;
}

size_t kt_count(struct kt *kt, kt_match match, const void *wanted)
{
	uint64_t end = now_ms() + SETTLE_MS;
	size_t count = 0;

	while (now_ms() < end)
		kt_pump(kt, 20);
	kt->from = 0;
	while (search(kt, match, wanted))
		count++;
	return count;
}

int kt_open(struct kt *kt)
{
	const struct pst_sensor_keys keys = { .cgroup = kt->cgroup,
					      .ring_bytes = 1u << 20,
					      .max_channels = 8192,
					      .sweep_ns = 300000000u,
					      .vitals_ns = 60000000000u,
					      .max_share = 4096,
					      .lsm = !kt->no_lsm,
					      .dns = true,
					      .first_bytes = true,
					      .identify = true,
					      .hash = true,
					      .hash_max_bytes = KT_HASH_MAX_BYTES,
					      .packages = true,
					      .frame = keep_frame,
					      .context = kt };
	char error[PST_SENSOR_ERROR];
	int r = pst_sensor_open(&keys, &kt->sensor, error);

	if (r < 0)
		fprintf(stderr, "%s\n", error);
	return r;
}

int kt_reopen(struct kt *kt)
{
	pst_sensor_close(kt->sensor, 0);
	kt_drop_frames(kt);
	return kt_open(kt);
}

void kt_sweep(struct kt *kt)
{
	uint64_t end = now_ms() + 900;

	while (now_ms() < end)
		kt_pump(kt, 50);
}

struct pst_sensor *kt_sensor(struct kt *kt)
{
	return kt->sensor;
}

void kt_sweep_now(struct kt *kt)
{
	kt_pump(kt, 20);
	pst_sensor_sweep(kt->sensor);
}

void kt_fail(struct kt *kt, const char *file, int line, const char *what)
{
	printf("# %s:%d: not so: %s\n", file, line, what);
	kt->failures++;
}

void kt_equal(struct kt *kt, const char *where, uint64_t got, uint64_t wanted)
{
	if (got == wanted)
		return;
	printf("# %s is %llu (0x%llx), not %llu (0x%llx)\n", where, (unsigned long long)got,
	       (unsigned long long)got, (unsigned long long)wanted, (unsigned long long)wanted);
	kt->failures++;
}

bool kt_failed(const struct kt *kt)
{
	return kt->failures != 0;
}

/* has_answered - has a program of that name? */
static bool has_answered(const struct kt *kt, const char *program)
{
	const struct pst_sensor_hook *hooks;
	size_t count = pst_sensor_hooks(kt->sensor, &hooks);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(hooks[i].program, program) == 0)
			return strcmp(hooks[i].state_name, "answered") == 0;
	}
	return false;
}

enum kt_tier kt_tier(const struct kt *kt)
{
	if (has_answered(kt, "pst_lsm_created"))
		return KT_FULL;
	return has_answered(kt, "pst_send_length") ? KT_TRACEPOINT : KT_OLD;
}

bool kt_has_lengths(const struct kt *kt)
{
	return has_answered(kt, "pst_send_length");
}

const char *kt_tier_name(const struct kt *kt)
{
	static const char *const names[] = { "full", "tracepoint", "tracepoint-old" };

	return names[kt_tier(kt)];
}

const char *kt_hook_name(const struct kt *kt, uint32_t hook)
{
	const struct pst_sensor_hook *hooks;
	size_t count = pst_sensor_hooks(kt->sensor, &hooks);

	return hook && hook <= count ? hooks[hook - 1].slot : "sweep";
}
