// SPDX-License-Identifier: Apache-2.0
/* Can any bytes break the parser of DNS, or make it give what no message of its syntax says? */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decode/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct pst_dns *dns, const struct pst_dns_bytes *in)
{
	size_t len = strnlen(dns->question, sizeof(dns->question));

	if (len == sizeof(dns->question) || dns->addr_count > PST_DNS_ADDRS_MAX ||
	    dns->length != in->total || dns->rcode > 15)
		abort();
	if ((!dns->answer || dns->rcode) && dns->addr_count)
		abort();
	/* a record that gives an address has at least 14 bytes */
	if (dns->addr_count * 14u > in->len || dns->records * 11u > in->len)
		abort();
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)dns->question[i];

		if (c <= ' ' || c >= 0x7f || (c >= 'A' && c <= 'Z'))
			abort();
	}
}

/* The first byte says how much of the message was not carried. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pst_dns_bytes in;
	struct pst_dns dns = { .answer = false }, again = { .answer = false };

	if (size < 1)
		return 0;
	in = (struct pst_dns_bytes){ .data = data + 1,
				     .len = size - 1,
				     .total = size - 1 + data[0] };
	if (pst_dns_parse(&in, &dns) < 0)
		return 0;
	check(&dns, &in);
	if (pst_dns_parse(&in, &again) < 0 || memcmp(&dns, &again, sizeof(dns)) != 0)
		abort();
	return 0;
}
