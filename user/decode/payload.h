// SPDX-License-Identifier: Apache-2.0
/* What is known of bytes that went over a channel? Only class, server name, ALPN and DNS leave this
 * room; the bytes themselves never do. */
#ifndef PST_DECODE_PAYLOAD_H
#define PST_DECODE_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

enum pst_class { /* what the first bytes look like; values are stable, for recordings' users */
		 PST_CLASS_UNKNOWN,
		 PST_CLASS_TLS,
		 PST_CLASS_QUIC,
		 PST_CLASS_DTLS,
		 PST_CLASS_HTTP,
		 PST_CLASS_HTTP2,
		 PST_CLASS_SSH,
		 PST_CLASS_DNS,
		 PST_CLASS_SMTP,
		 PST_CLASS_FTP,
		 PST_CLASS_POP3,
		 PST_CLASS_IMAP,
		 PST_CLASS_LDAP,
		 PST_CLASS_SMB,
		 PST_CLASS_RDP,
		 PST_CLASS_POSTGRES,
		 PST_CLASS_MYSQL,
		 PST_CLASS_MQTT,
		 PST_CLASS_AMQP,
		 PST_CLASS_SOCKS,
		 PST_CLASS_NTP,
		 PST_CLASS_STUN,
		 PST_CLASS_WIREGUARD,
		 PST_CLASS_TEXT,
		 PST_CLASSES,
};

const char *pst_class_name(enum pst_class class_); /* "tls"; "unknown" */

#define PST_NAME_TEXT_MAX 256 /* a DNS name as text: 253 characters and the end */
#define PST_DNS_ADDRS_MAX 32
#define PST_DNS_ALIASES_MAX 6 /* more are not kept: an address has few names */
#define PST_ALPN_MAX 64

struct pst_dns { /* one DNS message that passed every check of its syntax */
	bool answer;
	bool over_tcp;
	uint16_t id;
	uint8_t rcode; /* of an answer */
	uint16_t qtype;
	char question[PST_NAME_TEXT_MAX]; /* lower case, no dot at the end; odd bytes as \ddd */
	uint16_t records;		  /* resource records of an answer, all sections but OPT */
	uint16_t addr_count; /* A and AAAA of the question's own name or of its CNAME chain */
	bool addrs_cut;	     /* there were more */
	struct pst_addr addr[PST_DNS_ADDRS_MAX];
	uint16_t alias_count; /* names that the question's CNAME chain led through, in its order */
	char alias[PST_DNS_ALIASES_MAX][PST_NAME_TEXT_MAX];
	uint32_t ttl_s;	 /* the least of the chain */
	uint16_t length; /* of the message */
};

#endif
