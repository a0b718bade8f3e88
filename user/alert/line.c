// SPDX-License-Identifier: Apache-2.0
/* line: how does a record become one line of one sink? */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "alert/alert.h"
#include "base/text.h"

int pst_record_line(const struct pst_record *record, uint64_t sequence, char *out, size_t out_size)
{
	char number[40];
	size_t digits, at = record->sequence_at;

	assert(at <= record->len);
	(void)pst_text_format(number, sizeof(number), "\"sequence\":%" PRIu64 ",",
			      sequence); /* 12 + 20 */
	digits = strlen(number);
	if (record->len + digits + 2 > out_size)
		return -EMSGSIZE;
	memcpy(out, record->json, at);
	memcpy(out + at, number, digits);
	memcpy(out + at + digits, record->json + at, record->len - at);
	out[record->len + digits] = '\n';
	out[record->len + digits + 1] = '\0';
	return (int)(record->len + digits + 1);
}
