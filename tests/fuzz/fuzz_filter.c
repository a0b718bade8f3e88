// SPDX-License-Identifier: Apache-2.0
/* Can the records that have a tail, FILTER and PAYLOAD, break decode, and does a filter's name hold
 * what it says? */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/record.h"
#include "decode/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_filter(const struct pst_filter_seen *filter)
{
	size_t len = strnlen(filter->hash, sizeof(filter->hash));

	if (len == sizeof(filter->hash) || filter->code.len % 8 ||
	    filter->code.len > PST_FILTER_INSNS_MAX * 8u)
		abort();
	if (len && strncmp(filter->hash, filter->ebpf ? "tag:" : "sha256:", 4) != 0)
		abort();
	if (len && !filter->ebpf && filter->code.len != filter->insns * 8u)
		abort();
	for (size_t i = 0; i < filter->code.len; i++)
		(void)*(const volatile uint8_t *)&filter->code.data[i];
}

static void check_payload(const struct pst_payload_seen *payload)
{
	if ((payload->form == PST_PAYLOAD_IS_DNS) != (payload->dns != NULL))
		abort();
	if (payload->form != PST_PAYLOAD_IS_FIRST && (*payload->server_name || *payload->alpn))
		abort();
	if (payload->class_ >= PST_CLASSES)
		abort();
}

/* The bytes are a record but for its type and size, which are made to fit. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pst_decoder *decoder;
	struct pst_event event;
	struct pst_rec head;
	uint8_t *frame;

	if (size < sizeof(head) || size > PST_FRAME_MAX)
		return 0;
	frame = malloc(size);
	decoder = pst_decoder_new();
	if (!frame || !decoder)
		abort();
	memcpy(&head, data, sizeof(head));
	head.type = head.type & 1 ? PST_REC_FILTER : PST_REC_PAYLOAD;
	head.size = (uint32_t)size;
	memcpy(frame, data, size);
	memcpy(frame, &head, sizeof(head));
	if (pst_decode(decoder, frame, size, &event) == 0) {
		if (event.type == PST_EVENT_FILTER)
			check_filter(&event.filter);
		else
			check_payload(&event.payload);
	}
	pst_decoder_free(decoder);
	free(frame);
	return 0;
}
