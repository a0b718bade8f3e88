// SPDX-License-Identifier: Apache-2.0
/* What do the channels' counters say now? Every entry that changed since the last sweep becomes a
 * SAMPLE; one whose process and sockets are gone is forgotten. A live key is never deleted, so that
 * its counters only grow. */
#include "sensor/room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>

#include "base/cleanup.h"

#define BATCH 256u
#define ORPHAN_SWEEPS                                                                            \
	20u /* after which an ended process's channel goes even if a socket's end was never seen \
	     */

struct pst_sweep {
	struct pst_key key[BATCH];
	struct pst_channel channel[BATCH];
	struct pst_key ended[BATCH];
	uint32_t ended_count;
	uint64_t used;
};

/* has_name - the key holds a hash of its name, or one that the name says better */
static bool has_name(uint16_t kind)
{
	return kind == PST_KIND_UNIX || kind == PST_KIND_UNIX_LISTEN || kind == PST_KIND_ALG ||
	       kind == PST_KIND_PACKET || kind == PST_KIND_XDP || kind == PST_KIND_TUNNEL;
}

/* find_name - the map may have forgotten it: the first sight told it */
static bool find_name(struct pst_sensor *sensor, const struct pst_key *key, struct pst_name *out)
{
	return has_name(key->kind) &&
	       bpf_map_lookup_elem(pst_loader_map(sensor, "pst_names"), key->addr, out) == 0 &&
	       out->len <= sizeof(out->bytes);
}

static void send_sample(struct pst_sensor *sensor, const struct pst_key *key,
			const struct pst_channel *ch)
{
	struct pst_rec_sample rec;
	struct pst_name name;

	pst_frame_open(sensor, &rec, PST_REC_SAMPLE, sizeof(rec));
	rec.h.flags = (uint16_t)(PST_RF_NO_TASK | ch->rec_flags);
	rec.h.task = ch->task;
	memcpy(rec.peer, key->addr, sizeof(rec.peer));
	rec.kind = key->kind;
	rec.port = key->port;
	rec.family = ch->family;
	rec.sock_type = ch->sock_type;
	rec.protocol = ch->protocol;
	rec.chan_flags = ch->chan_flags;
	rec.cookie = ch->cookie;
	rec.first_ns = ch->first_ns;
	rec.last_ns = ch->last_ns;
	rec.attempts = ch->attempts;
	rec.established = ch->established;
	rec.failures = ch->failures;
	rec.closed = ch->closed;
	rec.bytes_out = ch->bytes_out;
	rec.bytes_in = ch->bytes_in;
	rec.packets_out = ch->packets_out;
	rec.packets_in = ch->packets_in;
	rec.bursts = ch->bursts;
	memcpy(rec.burst, ch->burst, sizeof(rec.burst));
	rec.taken = ch->taken;
	rec.given = ch->given;
	if (find_name(sensor, key, &name)) {
		rec.name_len = name.len;
		memcpy(rec.name, name.bytes, name.len);
	}
	pst_frame_send(sensor, &rec);
}

static bool process_lives(int lineages, const struct pst_key *key)
{
	struct pst_lineage line;

	return bpf_map_lookup_elem(lineages, &key->tgid, &line) == 0 &&
	       line.task.start_ns == key->start_ns;
}

/* has_end - is the end of each of its sockets seen? Of the others an ended process is the end */
static bool has_end(uint16_t kind)
{
	switch (kind) {
	case PST_KIND_TCP_CONNECT:
	case PST_KIND_TCP_LISTEN:
	case PST_KIND_TCP_ACCEPT:
	case PST_KIND_SCTP:
	case PST_KIND_SCTP_LISTEN:
	case PST_KIND_DCCP:
	case PST_KIND_DCCP_LISTEN:
		return true;
	default:
		return false;
	}
}

/* count_open - of the sockets that it opened or took over, how many are neither closed nor with
 * another process by what events told */
static uint64_t count_open(const struct pst_key *key, const struct pst_channel *ch)
{
	uint64_t had = ch->attempts + ch->taken, left = ch->given + ch->failures + ch->closed;

	return has_end(key->kind) && had > left ? had - left : 0;
}

/* has_ended - the process is gone, its sockets are closed, and the last sweep has told all of it. A
 * socket outlives its process in the hands of others, or while its last bytes leave: then a sweep
 * meets it. One that none meets, and whose end no event told, is counted as gone at last. */
static bool has_ended(struct pst_sensor *sensor, const struct pst_key *key,
		      const struct pst_channel *ch, uint64_t since)
{
	uint64_t idle_ns = sensor->sweep_began_ns - ch->last_ns;

	if (ch->met_ns && ch->met_ns >= since)
		return false;
	if (count_open(key, ch) && idle_ns < ORPHAN_SWEEPS * sensor->keys.sweep_ns)
		return false;
	return !process_lives(pst_loader_map(sensor, "pst_lineages"), key);
}

static void inspect(struct pst_sensor *sensor, const struct pst_key *key,
		    const struct pst_channel *ch, uint64_t since)
{
	struct pst_sweep *sweep = sensor->sweep;

	if (!ch->first_ns) /* still being made */
		return;
	sweep->used++;
	if (ch->last_ns >= since) {
		send_sample(sensor, key, ch);
	} else if (has_ended(sensor, key, ch, since)) {
		/* at most BATCH of them: the list is emptied batch by batch */
		sweep->ended[sweep->ended_count++] = *key;
		sensor->gone += count_open(key, ch);
	}
}

static void forget(struct pst_sensor *sensor, int map)
{
	struct pst_sweep *sweep = sensor->sweep;

	for (uint32_t i = 0; i < sweep->ended_count; i++)
		(void)bpf_map_delete_elem(map,
					  &sweep->ended[i]); /* not there any more is as good */
	sweep->used -= sweep->ended_count;
	sweep->ended_count = 0;
}

struct pst_sweep *pst_sweep_new(void)
{
	return calloc(1, sizeof(struct pst_sweep));
}

void pst_sweep_free(struct pst_sweep *sweep)
{
	free(sweep);
}

void pst_sweep(struct pst_sensor *sensor)
{
	struct pst_sweep *sweep = sensor->sweep;
	uint64_t since = sensor->sweep_began_ns;
	int map = pst_loader_map(sensor, "pst_channels");
	uint64_t rounds = sensor->keys.max_channels / BATCH * 2 +
			  4; /* new keys may come while we read */
	uint32_t cursor = 0, count;
	uint64_t made = pst_loader_channels(sensor);
	void *in = NULL;
	int r = 0;

	sensor->sweep_began_ns = pst_sensor_now();
	sweep->used = 0;
	while (r == 0 && rounds-- > 0) {
		count = BATCH;
		r = bpf_map_lookup_batch(map, in, &cursor, sweep->key, sweep->channel, &count,
					 NULL);
		if (r < 0 && r != -ENOENT)
			break;
		for (uint32_t i = 0; i < count; i++)
			inspect(sensor, &sweep->key[i], &sweep->channel[i], since);
		forget(sensor, map); /* the cursor names a bucket: deleting does not disturb it */
		in = &cursor;
	}
	sensor->map_used = sweep->used;
	/* those made meanwhile may be counted twice: until the next sweep */
	if (r == -ENOENT)
		pst_loader_set_channels(sensor, sweep->used + pst_loader_channels(sensor) - made);
}
