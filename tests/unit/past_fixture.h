/* SPDX-License-Identifier: Apache-2.0 */
/* One session after the other: what the first one knew is read by the second. */
#ifndef PST_TESTS_PAST_FIXTURE_H
#define PST_TESTS_PAST_FIXTURE_H

#include <stdlib.h>

#include "engine/internal.h"
#include "engine_fixture.h"
#include "history_bytes.h"

#define AGENT "/opt/acme/agent"

static inline struct pst_history *wire_history(struct wire *w)
{
	pst_engine_remember(w->engine);
	return pst_engine_history(w->engine);
}

static inline const struct pst_past_program *wire_past(struct wire *w, const char *path)
{
	const struct pst_past_program *program = pst_history_find(wire_history(w), path);

	assert_non_null(program);
	return program;
}

static inline const struct pst_past_channel *wire_past_port(struct wire *w, const char *path,
							    uint16_t port)
{
	const struct pst_past_program *program = wire_past(w, path);

	for (size_t i = 0; i < program->channel_count; i++) {
		if (program->channels[i]->port == port)
			return program->channels[i];
	}
	return NULL;
}

/* The same host, rebooted days later: another stream, without a contract, and the agent starts. */
static inline void wire_next_session(struct wire *w)
{
	const struct pst_engine_keys keys = { .config = w->config,
					      .emit = wire_take,
					      .context = w };
	struct pst_rec_host host = { .magic = PST_ABI_MAGIC,
				     .abi_version = PST_ABI_VERSION,
				     .byte_order = PST_ABI_BYTE_ORDER,
				     .cpus = 1,
				     .boot_id = "00000000-0000-0000-0000-000000000002",
				     .host_name = "host" };
	const char *why = NULL;
	uint8_t *bytes;
	size_t len = 0;

	pst_engine_end(w->engine);
	bytes = history_bytes(pst_engine_history(w->engine), 1, &len);
	assert_non_null(bytes);
	pst_engine_free(w->engine);
	w->engine = pst_engine_new(&keys);
	assert_non_null(w->engine);
	assert_int_equal(pst_history_read(pst_engine_history(w->engine), bytes, len, &why), 0);
	free(bytes);
	w->seq = 0;
	w->time_ns = 900000 * WIRE_S;
	w->alerts = 0;
	memset(&w->task, 0, sizeof(w->task));
	host.h = wire_head(w, PST_REC_HOST, sizeof(host));
	wire_send(w, &host, sizeof(host));
	wire_exec(w, 10, "agent");
}

static inline void wire_listen(struct wire *w, uint16_t port)
{
	struct pst_rec_channel rec = { .h = wire_head(w, PST_REC_CHANNEL, sizeof(rec)),
				       .cookie = port,
				       .kind = PST_KIND_TCP_LISTEN,
				       .local_port = port,
				       .family = AF_INET,
				       .sock_type = SOCK_STREAM,
				       .protocol = IPPROTO_TCP };

	rec.local[10] = rec.local[11] = 255;
	wire_send(w, &rec, sizeof(rec));
}

#endif
