// SPDX-License-Identifier: Apache-2.0
/* What is an address, and does a prefix hold it? 16 bytes in network order; IPv4 stands as
 * ::ffff:a.b.c.d. Pure. */
#ifndef PST_BASE_ADDR_H
#define PST_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PST_ADDR_TEXT 64 /* "[....]:65535/128" and its NUL fit */

struct pst_addr {
	uint8_t b[16];
};

struct pst_prefix {
	struct pst_addr addr; /* host bits are zero */
	uint8_t bits;	      /* 0..128; an IPv4 /n is 96+n */
};

bool pst_addr_is_v4(const struct pst_addr *a);
bool pst_addr_is_zero(const struct pst_addr *a); /* :: or 0.0.0.0 */
bool pst_addr_equal(const struct pst_addr *a, const struct pst_addr *b);
bool pst_addr_is_loopback(const struct pst_addr *a); /* 127.0.0.0/8 or ::1 */
bool pst_prefix_holds(const struct pst_prefix *p, const struct pst_addr *a);

/*
 * pst_addr_parse - one address, "10.0.0.1", "2001:db8::1" or "::ffff:10.0.0.1"
 * Returns 0, or -EINVAL; @out is written only on success.
 */
int pst_addr_parse(const char *text, struct pst_addr *out);

/*
 * pst_prefix_parse - an address or address/bits
 * Returns 0, -EINVAL (not an address or bits out of range) or -ERANGE (host bits are set); @out
 * only on success.
 */
int pst_prefix_parse(const char *text, struct pst_prefix *out);

/* pst_addr_format - "10.0.0.1" or "2001:db8::1"; returns @out, which holds PST_ADDR_TEXT bytes */
const char *pst_addr_format(const struct pst_addr *a, char *out);

/* pst_addr_format_port - "10.0.0.1:443" or "[2001:db8::1]:443"; returns @out, PST_ADDR_TEXT bytes
 */
const char *pst_addr_format_port(const struct pst_addr *a, uint16_t port, char *out);

#endif
