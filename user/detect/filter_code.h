// SPDX-License-Identifier: Apache-2.0
/* What would pass a classic socket filter, as far as one look along its instructions can tell?
 * Inside this room only. */
#ifndef PST_DETECT_FILTER_CODE_H
#define PST_DETECT_FILTER_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PST_FILTER_VALUES_MAX 6
#define PST_FILTER_INSNS 128

/* Where the bytes that it sees begin. */
enum pst_filter_link {
	PST_FILTER_AT_FRAME, /* Ethernet: a packet socket of type SOCK_RAW */
	PST_FILTER_AT_IP,    /* a raw socket, or a packet socket of type SOCK_DGRAM */
	PST_FILTER_AT_TCP,
	PST_FILTER_AT_UDP, /* and all other protocols whose header has eight bytes */
};

struct pst_filter_code {
	size_t insns;
	size_t compares; /* jumps on what was read from a packet */
	/* constants that bytes behind the headers are compared with, each once: what a magic packet
	 * must carry */
	uint32_t magic[PST_FILTER_VALUES_MAX];
	size_t magic_count, magic_total;
	uint16_t port[PST_FILTER_VALUES_MAX]; /* compared with a port of TCP or UDP, each once */
	size_t port_count;
	bool takes_none; /* no way through it accepts anything: it only drops */
	bool takes_all;	 /* it looks at nothing and accepts */
};

/*
 * pst_filter_code_read - what does it compare?
 * @code: struct sock_filter, 8 bytes each in the host's byte order; untrusted
 * Follows all jumps, which only lead forward; where ways meet, what they do not agree on is not
 * known. Good enough for what tcpdump's compiler and people write; who wants to hide a constant can
 * compute it. What lies behind PST_FILTER_INSNS instructions is not read. Cannot fail.
 */
void pst_filter_code_read(const uint8_t *code, size_t len, enum pst_filter_link link,
			  struct pst_filter_code *out);

#endif
