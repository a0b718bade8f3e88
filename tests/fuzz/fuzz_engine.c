// SPDX-License-Identifier: Apache-2.0
/* Can a hostile stream break the whole pipeline, or put a control character into a line of JSON? */
#include <assert.h>

#include "abi/record.h"
#include "engine/engine.h"
#include "fuzz/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CONTRACT                                                                   \
	"{ \"format\": 1, \"contract\": \"a\", \"version\": 1, \"vendor\": \"A\"," \
	"\"software\": [ { \"path\": \"/opt/**\" } ],"                             \
	"\"channels\": [ { \"connect\": \"tcp\", \"to\": \"10.0.0.0/8\", \"port\": 443 } ] }"

static void take_record(void *context, const struct pst_record *record)
{
	static char line[PST_RECORD_MAX];
	int len, at;

	(void)context; /* the line alone is looked at */
	len = pst_record_line(record, 1, line, sizeof(line));
	assert(len > 0 && line[len - 1] == '\n');
	for (at = 0; at < len - 1; at++)
		assert((unsigned char)line[at] >= ' ' && line[at] != 0x7f);
}

static void open_stream(struct pst_engine *engine)
{
	struct pst_rec_host host = {
		.h = { .type = PST_REC_HOST, .size = sizeof(host) },
		.magic = PST_ABI_MAGIC,
		.abi_version = PST_ABI_VERSION,
		.byte_order = PST_ABI_BYTE_ORDER,
		.cpus = 2,
		.boot_id = "00000000-0000-0000-0000-000000000001",
		.host_name = "fuzz",
	};

	assert(pst_engine_frame(engine, &host, sizeof(host)) == 0);
}

static struct pst_contracts *contracts(void)
{
	static struct pst_diags diags;
	struct pst_contracts *set = pst_contracts_new();

	pst_diags_init(&diags, "a.json");
	assert(set &&
	       pst_contracts_add(set, "a.json", CONTRACT, sizeof(CONTRACT) - 1, &diags) == 0);
	return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pst_config *config;
	struct pst_fuzz_input in = { .bytes = data, .left = size };
	uint8_t frame[PST_REC_MAX] __attribute__((aligned(8)));
	struct pst_engine *engine;
	size_t len;

	if (!config) { /* small tables, so that evictions happen; read only from here on */
		config = pst_config_new();
		assert(config);
		config->max_processes = config->max_images = config->max_channels =
			config->max_programs = 8;
	}
	engine = pst_engine_new(&(struct pst_engine_keys){ .config = config, .emit = take_record });
	assert(engine);
	pst_engine_contracts(engine, contracts());
	open_stream(engine);
	while ((len = pst_fuzz_frame(&in, frame)) > 0)
		(void)pst_engine_frame(engine, frame,
				       len); /* a broken one is counted; the stream goes on */
	pst_engine_end(engine);
	pst_engine_free(engine);
	return 0;
}
