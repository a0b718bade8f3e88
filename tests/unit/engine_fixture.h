// SPDX-License-Identifier: Apache-2.0
/* A stream for the tests of the engine: records of the wire about one bound agent go in, lines come
 * out. */
#ifndef PST_TEST_ENGINE_FIXTURE_H
#define PST_TEST_ENGINE_FIXTURE_H

#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#include "abi/record.h"
#include "engine/engine.h"

#define WIRE_S UINT64_C(1000000000)

/* Ports 80 and 81 are declared, and @more; a name might allow 9000 and 9001. */
#define WIRE_CONTRACT(version, more)                                             \
	"{\"format\":1,\"contract\":\"acme\",\"version\":" version               \
	",\"software\":[{\"path\":\"/opt/acme/**\"}],\"channels\":["             \
	"{\"connect\":\"tcp\",\"to\":\"203.0.113.9\",\"port\":[80,81" more "]}," \
	"{\"connect\":\"tcp\",\"to\":\"vault.example\",\"port\":[9000,9001]}]}"
#define WIRE_CONTRACT_NOTHING                                \
	"{\"format\":1,\"contract\":\"acme\",\"version\":9," \
	"\"software\":[{\"path\":\"/opt/acme/**\"}],\"channels\":[]}"

struct wire {
	struct pst_config *config;
	struct pst_engine *engine;
	uint64_t seq, time_ns;
	struct pst_rec_task task;  /* who acts now */
	uint64_t inode;		   /* of what is executed */
	uint8_t sha256;		   /* its first byte; 0: 0xcd */
	uint32_t hash_state;	   /* PST_IDENT_*; 0: it was hashed */
	struct pst_rec_image prev; /* who executes it */
	/* what came out */
	size_t alerts, flows, asked;
	struct pst_identify question; /* the last one */
	char asked_path[128];
	bool busy; /* no question is taken */
	bool health_last;
	char alert[PST_RECORD_MAX], flow[PST_RECORD_MAX], health[PST_RECORD_MAX];
	char first_summary[PST_RECORD_MAX], loss[PST_RECORD_MAX];
};

static inline void wire_take(void *context, const struct pst_record *record)
{
	struct wire *w = context;
	char *line = record->dataset == PST_ALERT	   ? w->alert :
		     record->dataset == PST_CHANNEL_RECORD ? w->flow :
							     w->health;

	if (record->dataset == PST_EXEC_RECORD)
		return;
	assert_true(pst_record_line(record, 1, line, PST_RECORD_MAX) > 0);
	w->alerts += record->dataset == PST_ALERT;
	w->flows += record->dataset == PST_CHANNEL_RECORD;
	w->health_last = record->dataset == PST_HEALTH;
	if (strstr(line, "channel-summary") && !w->first_summary[0])
		memcpy(w->first_summary, line, PST_RECORD_MAX);
	if (strstr(line, "\"events-lost\""))
		memcpy(w->loss, line, PST_RECORD_MAX);
}

static inline bool wire_asked(void *context, const struct pst_identify *program)
{
	struct wire *w = context;

	w->asked++;
	w->question = *program;
	(void)snprintf(w->asked_path, sizeof(w->asked_path), "%s", program->path);
	return !w->busy;
}

static inline bool wire_last_alert_has(const struct wire *w, const char *part)
{
	if (strstr(w->alert, part))
		return true;
	fprintf(stderr, "no %s in %s\n", part, w->alert);
	return false;
}

static inline struct pst_rec wire_head(struct wire *w, uint16_t type, size_t size)
{
	w->time_ns += WIRE_S / 1000;
	return (struct pst_rec){ .type = type,
				 .size = (uint32_t)size,
				 .seq = type < 1000 ? w->seq++ : 0,
				 .time_ns = w->time_ns,
				 .task = w->task };
}

static inline void wire_send(struct wire *w, const void *record, size_t size)
{
	assert_int_equal(pst_engine_frame(w->engine, record, size), 0);
}

#define WIRE_TAIL 128 /* of an EXEC: what a test may write there */

/* What acts now executes something: @rec says how long the parts of @tail are. */
static inline void wire_exec_tail(struct wire *w, struct pst_rec_exec rec, const char *tail)
{
	struct {
		struct pst_rec_exec rec;
		char tail[WIRE_TAIL];
	} exec = { .rec = rec };
	size_t len = (size_t)rec.path_len + rec.file_len + rec.cgroup_len;
	size_t size = (sizeof(rec) + len + 7) / 8 * 8;

	assert_true(len <= sizeof(exec.tail));
	memcpy(exec.tail, tail, len);
	exec.rec.h = wire_head(w, PST_REC_EXEC, size);
	wire_send(w, &exec, size);
}

/* What acts now executes /@top/@folder/@name. */
static inline void wire_exec_path(struct wire *w, const char *top, const char *folder,
				  const char *name)
{
	char tail[WIRE_TAIL];
	size_t path = (size_t)snprintf(tail, sizeof(tail), "%s%c%s%c%s", name, 0, folder, 0, top) +
		      1;

	wire_exec_tail(w,
		       (struct pst_rec_exec){
			       .path_len = (uint16_t)path, .inode = w->inode, .prev = w->prev },
		       tail);
}

/* Process @tgid acts from now on, and just executed something. */
static inline void wire_process(struct wire *w, uint32_t tgid)
{
	w->task = (struct pst_rec_task){ .start_ns = w->time_ns,
					 .image = { .exec_ns = w->time_ns, .tgid = tgid },
					 .tgid = tgid,
					 .tid = tgid,
					 .mntns = 1 };
}

/* Process @tgid executes /opt/acme/@name in @cgroup: leaf first, each name ended by its NUL. */
static inline void wire_exec_in(struct wire *w, uint32_t tgid, const char *name, const char *cgroup,
				size_t cgroup_len)
{
	char tail[WIRE_TAIL];
	size_t path = (size_t)snprintf(tail, sizeof(tail), "%s%cacme%copt", name, 0, 0) + 1;

	assert_true(path + cgroup_len <= sizeof(tail));
	memcpy(tail + path, cgroup, cgroup_len);
	wire_process(w, tgid);
	wire_exec_tail(w,
		       (struct pst_rec_exec){ .path_len = (uint16_t)path,
					      .cgroup_len = (uint16_t)cgroup_len },
		       tail);
}

/* Process @tgid executes /opt/acme/@name, and acts from now on. */
static inline void wire_exec(struct wire *w, uint32_t tgid, const char *name)
{
	wire_process(w, tgid);
	w->task.root_tgid = tgid;
	w->task.root_start_ns = w->time_ns;
	wire_exec_path(w, "opt", "acme", name);
}

static inline void wire_peer(uint8_t peer[16])
{
	static const uint8_t v4[16] = { [10] = 255, [11] = 255, 203, 0, 113, 9 };

	memcpy(peer, v4, 16);
}

static inline void wire_connect_as(struct wire *w, uint16_t port, uint32_t chan_flags)
{
	struct pst_rec_channel rec = { .h = wire_head(w, PST_REC_CHANNEL, sizeof(rec)),
				       .cookie = port,
				       .chan_flags = chan_flags,
				       .kind = PST_KIND_TCP_CONNECT,
				       .peer_port = port,
				       .family = AF_INET,
				       .sock_type = SOCK_STREAM,
				       .protocol = IPPROTO_TCP };

	wire_peer(rec.peer);
	wire_send(w, &rec, sizeof(rec));
}

static inline void wire_connect(struct wire *w, uint16_t port)
{
	wire_connect_as(w, port, 0);
}

static inline void wire_result(struct wire *w, uint16_t port, uint16_t result)
{
	struct pst_rec_result rec = { .h = wire_head(w, PST_REC_RESULT, sizeof(rec)),
				      .cookie = port,
				      .kind = PST_KIND_TCP_CONNECT,
				      .peer_port = port,
				      .result = result };

	wire_peer(rec.peer);
	wire_send(w, &rec, sizeof(rec));
}

struct wire_count {
	uint16_t port;
	uint64_t attempts, established, failures, bytes_out;
};

static inline void wire_sample(struct wire *w, struct wire_count count)
{
	struct pst_rec_sample rec = { .h = wire_head(w, PST_REC_SAMPLE, sizeof(rec)),
				      .kind = PST_KIND_TCP_CONNECT,
				      .port = count.port,
				      .family = AF_INET,
				      .sock_type = SOCK_STREAM,
				      .protocol = IPPROTO_TCP,
				      .cookie = count.port,
				      .first_ns = w->time_ns,
				      .last_ns = w->time_ns,
				      .attempts = count.attempts,
				      .established = count.established,
				      .failures = count.failures,
				      .bytes_out = count.bytes_out };

	wire_peer(rec.peer);
	wire_send(w, &rec, sizeof(rec));
}

static inline void wire_tick(struct wire *w, uint64_t seconds)
{
	struct pst_rec_tick rec;

	w->time_ns += seconds * WIRE_S;
	rec.h = wire_head(w, PST_REC_TICK, sizeof(rec));
	memset(&rec.h.task, 0, sizeof(rec.h.task));
	wire_send(w, &rec, sizeof(rec));
}

static inline struct pst_contracts *wire_contracts(const char *text)
{
	static struct pst_diags diags;
	struct pst_contracts *set = pst_contracts_new();

	pst_diags_init(&diags, "acme.json");
	if (pst_contracts_add(set, "acme.json", text, strlen(text), &diags) < 0)
		fail_msg("%s", diags.list[0].text);
	return set;
}

static inline void wire_reload(struct wire *w, const char *text)
{
	pst_engine_reload(w->engine, wire_contracts(text), 0, NULL);
}

/* Begin a stream of its own: the agent runs, under the contract. */
static inline void wire_restart(struct wire *w, size_t max_channels)
{
	const struct pst_engine_keys keys = {
		.config = w->config, .emit = wire_take, .identify = wire_asked, .context = w
	};
	struct pst_rec_host host = { .magic = PST_ABI_MAGIC,
				     .abi_version = PST_ABI_VERSION,
				     .byte_order = PST_ABI_BYTE_ORDER,
				     .cpus = 1,
				     .boot_id = "00000000-0000-0000-0000-000000000001",
				     .host_name = "host" };

	pst_engine_free(w->engine);
	w->config->max_channels = max_channels;
	w->engine = pst_engine_new(&keys);
	assert_non_null(w->engine);
	pst_engine_contracts(w->engine, wire_contracts(WIRE_CONTRACT("1", "")));
	w->seq = 0;
	w->time_ns = 1000 * WIRE_S;
	memset(&w->task, 0, sizeof(w->task));
	host.h = wire_head(w, PST_REC_HOST, sizeof(host));
	wire_send(w, &host, sizeof(host));
	wire_exec(w, 10, "agent");
}

static inline int wire_set_up(void **state)
{
	struct wire *w = test_calloc(1, sizeof(*w));

	w->config = pst_config_new();
	assert_non_null(w->config);
	wire_restart(w, 64);
	*state = w;
	return 0;
}

static inline int wire_tear_down(void **state)
{
	struct wire *w = *state;

	pst_engine_free(w->engine);
	pst_config_free(w->config);
	test_free(w);
	return 0;
}

#define WIRE_CASE(name) cmocka_unit_test_setup_teardown(name, wire_set_up, wire_tear_down)

#endif
