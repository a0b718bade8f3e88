// SPDX-License-Identifier: Apache-2.0
/* Which frames does the sensor add to what the kernel tells? Hooks, clock steps, vitals.
 * Their cpu number is one above the last real one, so that (cpu, sequence) stays unique in the
 * stream. */
#include "sensor/room.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define CLOCK_STEP_NS 1000000 /* what the wall clock may drift before it is told */

static uint64_t read_clock(clockid_t id)
{
	struct timespec now;

	(void)clock_gettime(id, &now); /* cannot fail for these clocks */
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t pst_sensor_now(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

int64_t pst_sensor_wall_offset(void)
{
	return (int64_t)(read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME));
}

void pst_frame_open(struct pst_sensor *sensor, void *record, uint16_t type, size_t size)
{
	struct pst_rec *h = record;

	memset(record, 0, size);
	h->type = type;
	h->flags = PST_RF_NO_TASK | PST_RF_NO_OWNER;
	h->size = (uint32_t)size;
	h->cpu = sensor->cpus;
	h->seq = ++sensor->frames;
	h->time_ns = pst_sensor_now();
}

void pst_frame_send(struct pst_sensor *sensor, const void *record)
{
	const struct pst_rec *h = record;

	sensor->keys.frame(sensor->keys.context, record, h->size);
}

void pst_frame_hooks(struct pst_sensor *sensor)
{
	struct pst_rec_hook rec;

	for (size_t i = 0; i < PST_HITS; i++) {
		const struct pst_sensor_hook *hook = &sensor->hooks[i];

		pst_frame_open(sensor, &rec, PST_REC_HOOK, sizeof(rec));
		rec.state = hook->state;
		rec.error = (uint32_t)hook->error;
		rec.rank = hook->rank;
		(void)pst_text_copy((char *)rec.slot, sizeof(rec.slot), hook->slot);
		(void)pst_text_copy((char *)rec.program, sizeof(rec.program), hook->program);
		(void)pst_text_copy((char *)rec.blind_to, sizeof(rec.blind_to), hook->blind_to);
		(void)pst_text_copy((char *)rec.why, sizeof(rec.why), hook->why);
		pst_frame_send(sensor, &rec);
	}
}

void pst_frame_clock(struct pst_sensor *sensor)
{
	int64_t offset = pst_sensor_wall_offset();
	int64_t step = offset - sensor->wall_offset_ns;
	struct pst_rec_clock rec;

	if (step > -CLOCK_STEP_NS && step < CLOCK_STEP_NS)
		return;
	sensor->wall_offset_ns = offset;
	pst_frame_open(sensor, &rec, PST_REC_CLOCK, sizeof(rec));
	rec.wall_offset_ns = offset;
	pst_frame_send(sensor, &rec);
}

static uint64_t resident_kb(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/statm", "re");
	unsigned long long size, pages = 0;

	if (file && fscanf(file, "%llu %llu", &size, &pages) != 2)
		pages = 0;
	return pages * (unsigned long long)sysconf(_SC_PAGESIZE) / 1024;
}

static uint64_t cpu_ms(void)
{
	struct rusage use;

	if (getrusage(RUSAGE_SELF, &use) < 0)
		return 0;
	return (uint64_t)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
	       (uint64_t)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000;
}

void pst_frame_vitals(struct pst_sensor *sensor)
{
	struct pst_rec_vitals rec;

	pst_frame_open(sensor, &rec, PST_REC_VITALS, sizeof(rec));
	rec.ring_bytes = sensor->keys.ring_bytes;
	rec.ring_high_water = sensor->high_water;
	rec.records = sensor->records;
	rec.map_used = sensor->map_used;
	rec.map_max = sensor->keys.max_channels;
	rec.rss_kb = resident_kb();
	rec.cpu_ms = cpu_ms();
	rec.identity_refused = pst_sensor_asked(sensor).refused;
	for (size_t i = 0; i < PST_HITS; i++) {
		rec.hooks_expected += sensor->hooks[i].state != PST_HOOK_UNUSED;
		rec.hooks_attached += sensor->hooks[i].state == PST_HOOK_ANSWERED ||
				      sensor->hooks[i].state == PST_HOOK_ATTACHED ||
				      sensor->hooks[i].state == PST_HOOK_SILENT;
	}
	pst_frame_send(sensor, &rec);
}
