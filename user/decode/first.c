// SPDX-License-Identifier: Apache-2.0
/* Which protocol speaks like this? By its fixed first bytes, or by the few fields that its standard
 * fixes; never by the port, which whoever hides chooses. The first that fits is taken. */
#include "decode/first.h"

#include <string.h>

struct fixed {
	enum pst_class class_;
	uint8_t at;
	uint8_t len;
	const char *bytes;
};

#define FIXED(name, offset, text)                                                    \
	{                                                                            \
		.class_ = PST_CLASS_##name, .at = (offset), .len = sizeof(text) - 1, \
		.bytes = (text)                                                      \
	}

static const struct fixed of_streams[] = {
	FIXED(SSH, 0, "SSH-"),
	FIXED(HTTP2, 0, "PRI * HTTP/2"),
	FIXED(HTTP, 0, "GET "),
	FIXED(HTTP, 0, "POST "),
	FIXED(HTTP, 0, "HEAD "),
	FIXED(HTTP, 0, "PUT "),
	FIXED(HTTP, 0, "PATCH "),
	FIXED(HTTP, 0, "DELETE "),
	FIXED(HTTP, 0, "OPTIONS "),
	FIXED(HTTP, 0, "CONNECT "),
	FIXED(HTTP, 0, "TRACE "),
	FIXED(HTTP, 0, "PROPFIND "),
	FIXED(HTTP, 0, "HTTP/1."),
	FIXED(SMTP, 0, "EHLO "),
	FIXED(SMTP, 0, "HELO "),
	FIXED(SMTP, 0, "LHLO "),
	FIXED(FTP, 0, "USER "),
	FIXED(FTP, 0, "220 (vsFTPd"),
	FIXED(FTP, 0, "220 ProFTPD"),
	FIXED(FTP, 0, "220 FTP"),
	FIXED(FTP, 0, "220---------- We"), /* Pure-FTPd */
	FIXED(SMTP, 0, "220 "),
	FIXED(SMTP, 0, "220-"),
	FIXED(POP3, 0, "+OK"),
	FIXED(POP3, 0, "CAPA\r\n"),
	FIXED(IMAP, 0, "* OK"),
	FIXED(IMAP, 0, "* PREAUTH"),
	FIXED(SMB, 4, "\xffSMB"),
	FIXED(SMB, 4, "\xfeSMB"),
	FIXED(SMB, 4, "\xfdSMB"),
	FIXED(AMQP, 0, "AMQP"),
	FIXED(POSTGRES, 0, "\x00\x00\x00\x08\x04\xd2\x16\x2f"), /* SSLRequest */
	FIXED(POSTGRES, 0, "\x00\x00\x00\x08\x04\xd2\x16\x30"), /* GSSENCRequest */
};

/* The first @offset bytes are there, and so is what is compared. */
static bool has(const struct pst_first *f, size_t offset, const void *bytes, size_t len)
{
	return f->len >= offset + len && memcmp(f->data + offset, bytes, len) == 0;
}

static size_t be16(const struct pst_first *f, size_t at)
{
	return (size_t)f->data[at] << 8 | f->data[at + 1];
}

/* The functions below are asked only with at least 8 bytes, unless they say less. */

static bool is_tls(const struct pst_first *f)
{
	uint8_t type = f->data[0];

	/* handshake: hello of a client or a server; or an alert */
	return f->data[1] == 3 && f->data[2] <= 4 &&
	       ((type == 22 && (f->data[5] == 1 || f->data[5] == 2)) ||
		(type == 21 && be16(f, 3) == 2));
}

static bool is_rdp(const struct pst_first *f)
{
	/* TPKT (RFC 1006) that holds a connection request or confirm of X.224 */
	return f->data[0] == 3 && f->data[1] == 0 && be16(f, 2) == f->total &&
	       (f->data[5] == 0xe0 || f->data[5] == 0xd0);
}

static bool is_ldap(const struct pst_first *f)
{
	size_t at = 2;

	if (f->data[0] != 0x30)
		return false;
	if (f->data[1] & 0x80)
		at += f->data[1] & 0x7fu;
	/* messageID 1 to 127, then a request or response of its application */
	return at <= 6 && f->len > at + 3 && f->data[at] == 2 && f->data[at + 1] == 1 &&
	       f->data[at + 2] && f->data[at + 2] < 0x80 && f->data[at + 3] >= 0x42 &&
	       f->data[at + 3] <= 0x78;
}

static bool is_postgres(const struct pst_first *f)
{
	/* StartupMessage, protocol 3.x; CancelRequest */
	if (be16(f, 0) || be16(f, 2) != f->total)
		return false;
	return (be16(f, 4) == 3 && be16(f, 6) <= 2) || (be16(f, 4) == 1234 && be16(f, 6) == 5678);
}

static bool is_mysql(const struct pst_first *f)
{
	/* greeting of a server: length, number 0, protocol 10, version as text */
	return f->data[3] == 0 && f->data[4] == 10 && f->data[5] >= '1' && f->data[5] <= '9' &&
	       (size_t)(f->data[0] | f->data[1] << 8) + 4 == f->total && f->data[2] == 0;
}

static bool is_mqtt(const struct pst_first *f)
{
	size_t at = 1;

	if (f->data[0] != 0x10)
		return false;
	while (at < 5 && f->data[at] & 0x80) /* its length: at most 4 bytes */
		at++;
	return has(f, at + 1, "\x00\x04MQTT", 6) || has(f, at + 1, "\x00\x06MQIsdp", 8);
}

/* from 3 bytes */
static bool is_socks(const struct pst_first *f)
{
	if (f->data[0] == 5)
		return f->data[1] && f->total == 2u + f->data[1];
	return f->data[0] == 4 && (f->data[1] == 1 || f->data[1] == 2) && f->total >= 9;
}

static bool is_dtls(const struct pst_first *f)
{
	return f->data[0] >= 20 && f->data[0] <= 23 && f->data[1] == 0xfe &&
	       (f->data[2] == 0xff || f->data[2] == 0xfd) && f->total >= 13;
}

static bool is_stun(const struct pst_first *f)
{
	return f->data[0] < 0x40 && has(f, 4, "\x21\x12\xa4\x42", 4) && f->total >= 20 &&
	       be16(f, 2) % 4 == 0 && be16(f, 2) + 20 == f->total;
}

static bool is_wireguard(const struct pst_first *f)
{
	static const size_t totals[] = { 0, 148, 92, 64 };
	uint8_t type = f->data[0];

	if (f->data[1] || f->data[2] || f->data[3])
		return false;
	return (type >= 1 && type <= 3 && f->total == totals[type]) ||
	       (type == 4 && f->total >= 32 && f->total % 16 == 0);
}

static bool is_quic(const struct pst_first *f)
{
	/* a long header: versions 1 and 2, drafts, or the answer to another version */
	if ((f->data[0] & 0x80) == 0 || f->data[5] > 20 || f->total < 7u + f->data[5])
		return false;
	return (f->data[0] & 0x40 &&
		(has(f, 1, "\x00\x00\x00\x01", 4) || has(f, 1, "\x6b\x33\x43\xcf", 4) ||
		 has(f, 1, "\xff\x00\x00", 3))) ||
	       has(f, 1, "\x00\x00\x00\x00", 4);
}

static bool is_ntp(const struct pst_first *f)
{
	uint8_t version = f->data[0] >> 3 & 7, mode = f->data[0] & 7;

	return f->total >= 48 && f->total <= 68 && f->total % 4 == 0 && version >= 1 &&
	       version <= 4 && mode >= 1 && mode <= 5 && f->data[1] <= 16;
}

static bool is_dns(const struct pst_first *f)
{
	/* as the kernel looks: opcode 0, Z 0, one question; a query has no answers */
	if (f->len < 13 || f->total < 17 || be16(f, 2) & 0x7840 || be16(f, 4) != 1 ||
	    f->data[12] > 63)
		return false;
	return f->data[2] & 0x80 || (!be16(f, 6) && !be16(f, 8) && be16(f, 10) <= 2);
}

static bool is_dns_stream(const struct pst_first *f)
{
	struct pst_first message = { .data = f->data + 2, .len = f->len - 2, .total = be16(f, 0) };

	return is_dns(&message);
}

struct sort {
	enum pst_class class_;
	size_t least; /* bytes that the function needs */
	bool (*fits)(const struct pst_first *f);
};

static const struct sort sorts_of_streams[] = {
	{ PST_CLASS_TLS, 8, is_tls },	      { PST_CLASS_RDP, 8, is_rdp },
	{ PST_CLASS_LDAP, 8, is_ldap },	      { PST_CLASS_POSTGRES, 8, is_postgres },
	{ PST_CLASS_MYSQL, 8, is_mysql },     { PST_CLASS_MQTT, 8, is_mqtt },
	{ PST_CLASS_DNS, 15, is_dns_stream }, { PST_CLASS_SOCKS, 3, is_socks },
};

static const struct sort sorts_of_datagrams[] = {
	{ PST_CLASS_DTLS, 8, is_dtls }, { PST_CLASS_STUN, 8, is_stun },
	{ PST_CLASS_DNS, 13, is_dns },	{ PST_CLASS_WIREGUARD, 8, is_wireguard },
	{ PST_CLASS_QUIC, 8, is_quic }, { PST_CLASS_NTP, 8, is_ntp },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define TEXT_LEAST 4u

/* is_text - printable lines, in whichever protocol */
static bool is_text(const struct pst_first *f)
{
	for (size_t i = 0; i < f->len; i++) { /* what was carried */
		uint8_t c = f->data[i];

		if ((c < ' ' && c != '\r' && c != '\n' && c != '\t') || c >= 0x7f)
			return false;
	}
	return f->len >= TEXT_LEAST;
}

static enum pst_class class_in(const struct pst_first *f, const struct sort *sorts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (f->len >= sorts[i].least && sorts[i].fits(f))
			return sorts[i].class_;
	}
	return is_text(f) ? PST_CLASS_TEXT : PST_CLASS_UNKNOWN;
}

enum pst_class pst_first_class(const struct pst_first *first)
{
	if (first->datagram)
		return class_in(first, sorts_of_datagrams, COUNT(sorts_of_datagrams));
	for (size_t i = 0; i < COUNT(of_streams); i++) {
		const struct fixed *fixed = &of_streams[i];

		if (has(first, fixed->at, fixed->bytes, fixed->len))
			return fixed->class_;
	}
	return class_in(first, sorts_of_streams, COUNT(sorts_of_streams));
}
