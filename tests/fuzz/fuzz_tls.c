// SPDX-License-Identifier: Apache-2.0
/* Can any bytes break the parser of a ClientHello, and is what it finds fit to be shown? */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decode/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text, size_t room)
{
	size_t len = strnlen(text, room);

	if (len == room)
		abort();
	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] >= 0x7f)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pst_tls_hello hello, shorter;

	if (pst_tls_parse(data, size, &hello) < 0)
		return 0;
	if (!pst_tls_is_hello(data, size))
		abort();
	check_text(hello.server_name, sizeof(hello.server_name));
	check_text(hello.alpn, sizeof(hello.alpn));
	/* the beginning of a good one is good, and says nothing else */
	if (size < 10)
		return 0;
	if (pst_tls_parse(data, size - 1, &shorter) < 0 ||
	    (*shorter.server_name && strcmp(shorter.server_name, hello.server_name) != 0))
		abort();
	return 0;
}
