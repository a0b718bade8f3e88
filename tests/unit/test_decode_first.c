// SPDX-License-Identifier: Apache-2.0
/* Is each protocol known by its first 16 bytes, and nothing else taken for it? Those of streams
 * were sent by openssl, curl, ssh and psql. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "decode/first.h"

struct sight {
	enum pst_class class_;
	size_t total; /* 0: no more than the bytes */
	size_t len;
	const char *bytes;
};

#define SIGHT(name, total_, text)                                                       \
	{                                                                               \
		.class_ = PST_CLASS_##name, .total = (total_), .len = sizeof(text) - 1, \
		.bytes = (text)                                                         \
	}

static const struct sight streams[] = {
	SIGHT(TLS, 342, "\x16\x03\x01\x01\x51\x01\x00\x01\x4d\x03\x03\x0f\x86\x43\x76\xa6"),
	SIGHT(TLS, 1300, "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03\x0f\x86\x43\x76\xa6"),
	SIGHT(HTTP, 80, "GET / HTTP/1.1\r\n"),
	SIGHT(HTTP, 80, "HTTP/1.1 200 OK\r"),
	SIGHT(HTTP, 80, "POST /beacon HTT"),
	SIGHT(HTTP2, 0, "PRI * HTTP/2.0\r\n"),
	SIGHT(SSH, 33, "SSH-2.0-OpenSSH_"),
	SIGHT(FTP, 0, "USER anonymous\r\n"),
	SIGHT(FTP, 20, "220 (vsFTPd 3.0."),
	SIGHT(SMTP, 0, "EHLO vm\r\n"),
	SIGHT(SMTP, 40, "220 mx.bank.exam"),
	SIGHT(POP3, 0, "CAPA\r\n"),
	SIGHT(POP3, 0, "+OK ready\r\n"),
	SIGHT(IMAP, 0, "* OK IMAP4rev1 \r"),
	SIGHT(LDAP, 0, "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"),
	SIGHT(LDAP, 90, "\x30\x84\x00\x00\x00\x54\x02\x01\x07\x63\x84\x00\x00\x00\x4b\x04"),
	SIGHT(SMB, 73, "\x00\x00\x00\x45\xffSMBr\x00\x00\x00\x00\x18\x01\x48"),
	SIGHT(SMB, 200, "\x00\x00\x00\xc4\xfeSMB@\x00\x00\x00\x00\x00\x00\x00"),
	SIGHT(RDP, 19, "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03"),
	SIGHT(POSTGRES, 0, "\x00\x00\x00\x08\x04\xd2\x16\x2f"),
	SIGHT(POSTGRES, 49, "\x00\x00\x00\x31\x00\x03\x00\x00user\x00u\x00d"),
	SIGHT(MYSQL, 77,
	      "\x49\x00\x00\x00\x0a"
	      "8.0.36\x00\x08\x00\x00\x00"),
	SIGHT(MQTT, 26,
	      "\x10\x18\x00\x04MQTT\x04\x02\x00\x3c\x00\x0c"
	      "cu"),
	SIGHT(MQTT, 300, "\x10\xa9\x02\x00\x06MQIsdp\x03\x02\x00\x3c\x00"),
	SIGHT(AMQP, 0, "AMQP\x00\x00\x09\x01"),
	SIGHT(SOCKS, 0, "\x05\x02\x00\x01"),
	SIGHT(SOCKS, 18,
	      "\x04\x01\x00\x50\x00\x00\x00\x01\x00"
	      "a.examp"),
	SIGHT(DNS, 49, "\x00\x2f\xb8\xcd\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x05v"),
	SIGHT(TEXT, 0, "id\r\n"),
	SIGHT(TEXT, 0, "A001 CAPABILITY\r"),
	SIGHT(UNKNOWN, 0, "id\n"),
	SIGHT(UNKNOWN, 0,
	      "\x7f"
	      "ELF\x02\x01\x01\x00"),
	SIGHT(UNKNOWN, 0, ""),
	SIGHT(UNKNOWN, 0, "\x16"),
	SIGHT(UNKNOWN, 0, "\x05"),
	SIGHT(UNKNOWN, 0, "\x05\x02\x00\x01\x00"), /* one method more than it says */
	SIGHT(UNKNOWN, 342, "\x16\x03\x01\x01\x51\x03\x00\x01\x4d\x03\x03\x0f\x86\x43\x76\xa6"),
};

static const struct sight datagrams[] = {
	SIGHT(DTLS, 205, "\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc0\x01\x00\x00"),
	SIGHT(DNS, 47, "\xb8\xcd\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x05vau"),
	SIGHT(QUIC, 1200, "\xc3\x00\x00\x00\x01\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x00\x00"),
	SIGHT(QUIC, 1200, "\xd3\x6b\x33\x43\xcf\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x00\x00"),
	SIGHT(QUIC, 40, "\x80\x00\x00\x00\x00\x08\x83\x94\xc8\xf0\x3e\x51\x57\x08\x00\x00"),
	SIGHT(NTP, 48, "\x23\x00\x06\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
	SIGHT(NTP, 48, "\xe3\x00\x03\xfa\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00"),
	SIGHT(STUN, 20, "\x00\x01\x00\x00\x21\x12\xa4\x42\x01\x02\x03\x04\x05\x06\x07\x08"),
	SIGHT(WIREGUARD, 148, "\x01\x00\x00\x00\x4a\x3b\x2c\x1d\x11\x22\x33\x44\x55\x66\x77\x88"),
	SIGHT(WIREGUARD, 92, "\x02\x00\x00\x00\x4a\x3b\x2c\x1d\x11\x22\x33\x44\x55\x66\x77\x88"),
	SIGHT(WIREGUARD, 32, "\x04\x00\x00\x00\x4a\x3b\x2c\x1d\x00\x00\x00\x00\x00\x00\x00\x00"),
	SIGHT(TEXT, 0, "<134>Nov 22 20:0"),
	SIGHT(UNKNOWN, 0, "\x00\x01\x02\x03"),
	SIGHT(UNKNOWN, 149, "\x01\x00\x00\x00\x4a\x3b\x2c\x1d\x11\x22\x33\x44\x55\x66\x77\x88"),
	SIGHT(UNKNOWN, 47, "\x23\x00\x06\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
	SIGHT(UNKNOWN, 24, "\x00\x01\x00\x00\x21\x12\xa4\x42\x01\x02\x03\x04\x05\x06\x07\x08"),
	SIGHT(UNKNOWN, 0, ""),
};

static enum pst_class class_of(const struct sight *sight, size_t len, bool datagram)
{
	const struct pst_first first = { .data = (const uint8_t *)sight->bytes,
					 .len = len,
					 .total = sight->total ? sight->total : len,
					 .datagram = datagram };

	return pst_first_class(&first);
}

static void streams_are_known_by_their_first_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		assert_true(streams[i].len <= 16);
		assert_int_equal(class_of(&streams[i], streams[i].len, false), streams[i].class_);
	}
}

static void datagrams_are_known_by_their_first_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++) {
		assert_true(datagrams[i].len <= 16);
		assert_int_equal(class_of(&datagrams[i], datagrams[i].len, true),
				 datagrams[i].class_);
	}
}

static void every_class_is_met(void **state)
{
	bool met[PST_CLASSES] = { false };

	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		met[streams[i].class_] = true;
	for (size_t i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++)
		met[datagrams[i].class_] = true;
	for (int i = 0; i < PST_CLASSES; i++)
		assert_true(met[i]);
}

static void a_stream_is_no_datagram(void **state)
{
	(void)state;
	assert_int_equal(class_of(&streams[0], streams[0].len, true), PST_CLASS_UNKNOWN);
	assert_int_equal(class_of(&datagrams[2], datagrams[2].len, false), PST_CLASS_UNKNOWN);
}

static void fewer_bytes_are_no_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		for (size_t len = 0; len < streams[i].len; len++)
			assert_true(class_of(&streams[i], len, false) < PST_CLASSES);
	}
	for (size_t i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++) {
		for (size_t len = 0; len < datagrams[i].len; len++)
			assert_true(class_of(&datagrams[i], len, true) < PST_CLASSES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_known_by_their_first_bytes),
		cmocka_unit_test(datagrams_are_known_by_their_first_bytes),
		cmocka_unit_test(every_class_is_met),
		cmocka_unit_test(a_stream_is_no_datagram),
		cmocka_unit_test(fewer_bytes_are_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
