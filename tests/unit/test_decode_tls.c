// SPDX-License-Identifier: Apache-2.0
/* Is the server's name found in what real clients send, and no broken ClientHello believed? */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "decode/tls.h"

/* openssl s_client -servername Vault.Bank.example -alpn h2,http/1.1 */
static const char openssl[] =
	"16030101510100014d0303deb1b34c573e43355d9d0b7adb3da10eff9a0980aa97a3661cfcc5547dbeee"
	"6d20465fce71aa12717d9debc87b8a160e6a5018b30cc2f2e75cef0252eb74337891003e130213031301"
	"c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc023c0270067c00ac0140039c009c0130033"
	"009d009c003d003c0035002f00ff010000c60000001700150000125661756c742e42616e6b2e6578616d"
	"706c65000b000403000102000a00160014001d0017001e00190018010001010102010301040023000000"
	"10000e000c02683208687474702f312e310016000000170000000d002a00280403050306030807080808"
	"09080a080b080408050806040105010601030303010302040205020602002b0009080304030303020301"
	"002d00020101003300260024001d0020189b95638fe1f9ff60730bf4e53a731d6506a75974bffcfa33e9"
	"4d2f11311f1b";

/* openssl s_client -tls1_2 -noservername */
static const char openssl_12[] =
	"16030100b7010000b303030ed4e1ffe15d96b63e52a5986589f2055d6826b2281036ca0428f0e1ff034e"
	"7f000038c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc023c0270067c00ac0140039c009"
	"c0130033009d009c003d003c0035002f00ff01000052000b000403000102000a000c000a001d0017001e"
	"00190018002300000016000000170000000d002a0028040305030603080708080809080a080b08040805"
	"0806040105010601030303010302040205020602";

/* the first 300 bytes of curl https://api.acme.example/ */
static const char curl[] =
	"1603010200010001fc03034379b4d6b0869a1214a53a68769c9967eba47efe127362ee39cb737782eac0"
	"29204db0d9595d31d96ed5e440a53776542b4a7efb18fc9ab39c5c90c5f080cf0534003e130213031301"
	"c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc023c0270067c00ac0140039c009c0130033"
	"009d009c003d003c0035002f00ff010001750000001500130000106170692e61636d652e6578616d706c"
	"65000b000403000102000a00160014001d0017001e00190018010001010102010301040010000e000c02"
	"683208687474702f312e31001600000017000000310000000d002a002804030503060308070808080908"
	"0a080b080408050806040105010601030303010302040205020602002b0009080304030303020301002d"
	"000201010033";

struct bytes {
	uint8_t data[1024];
	size_t len;
};

static struct bytes bytes_of(const char *hex)
{
	struct bytes out = { .len = 0 };
	unsigned int byte;

	for (; *hex; hex += 2) {
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		out.data[out.len++] = (uint8_t)byte;
	}
	return out;
}

/* A copy of exactly @len bytes, so that the sanitizer sees a look beyond them. */
static int parse(const struct bytes *b, size_t len, struct pst_tls_hello *out)
{
	uint8_t *exact = malloc(len ? len : 1);
	int r;

	assert_non_null(exact);
	memcpy(exact, b->data, len);
	r = pst_tls_parse(exact, len, out);
	free(exact);
	return r;
}

static void put16(struct bytes *b, size_t at, size_t value)
{
	b->data[at] = (uint8_t)(value >> 8);
	b->data[at + 1] = (uint8_t)value;
}

static void append(struct bytes *b, const char *hex)
{
	struct bytes more = bytes_of(hex);

	memcpy(b->data + b->len, more.data, more.len);
	b->len += more.len;
}

/* A ClientHello of one cipher whose extensions are @extensions. */
static struct bytes with(const char *extensions)
{
	struct bytes b = bytes_of("1603010000"
				  "01000000"
				  "0303"
				  "0102030405060708090a0b0c0d0e0f10"
				  "1112131415161718191a1b1c1d1e1f20"
				  "00"
				  "00021301"
				  "0100"
				  "0000");
	size_t extensions_at = b.len - 2;

	append(&b, extensions);
	put16(&b, 3, b.len - 5);
	put16(&b, 7, b.len - 9);
	put16(&b, extensions_at, b.len - extensions_at - 2);
	return b;
}

static int parse_with(const char *extensions, struct pst_tls_hello *out)
{
	struct bytes b = with(extensions);

	return parse(&b, b.len, out);
}

static int parse_only(const char *extensions)
{
	struct pst_tls_hello hello;

	return parse_with(extensions, &hello);
}

static void real_clients_name_their_server(void **state)
{
	struct bytes b = bytes_of(openssl);
	struct pst_tls_hello hello;

	(void)state;
	assert_true(pst_tls_is_hello(b.data, b.len));
	assert_int_equal(parse(&b, b.len, &hello), 0);
	assert_string_equal(hello.server_name, "vault.bank.example");
	assert_string_equal(hello.alpn, "h2,http/1.1");
	b = bytes_of(openssl_12);
	assert_int_equal(parse(&b, b.len, &hello), 0);
	assert_string_equal(hello.server_name, "");
	assert_string_equal(hello.alpn, "");
	b = bytes_of(curl);
	assert_int_equal(parse(&b, b.len, &hello), 0);
	assert_string_equal(hello.server_name, "api.acme.example");
	assert_string_equal(hello.alpn, "h2,http/1.1");
}

static void the_beginning_of_a_hello_is_taken_as_far_as_it_goes(void **state)
{
	struct bytes b = bytes_of(openssl);
	struct pst_tls_hello hello;
	size_t named = 0;

	(void)state;
	for (size_t len = 9; len <= b.len; len++) {
		assert_int_equal(parse(&b, len, &hello), 0);
		assert_true(!*hello.server_name ||
			    strcmp(hello.server_name, "vault.bank.example") == 0);
		named += *hello.server_name != 0;
	}
	assert_true(named > 100); /* the name stands early */
	for (size_t len = 0; len < 9; len++)
		assert_int_equal(parse(&b, len, &hello), -EBADMSG);
}

static void a_hello_may_span_records_but_not_share_one(void **state)
{
	struct bytes b = bytes_of(openssl);
	struct pst_tls_hello hello;

	(void)state;
	put16(&b, 3, 80); /* the rest follows in another record */
	assert_int_equal(parse(&b, b.len, &hello), 0);
	assert_string_equal(hello.server_name, "");
	b = bytes_of(openssl);
	put16(&b, 3, b.len - 5 + 1);
	assert_int_equal(parse(&b, b.len, &hello), -EBADMSG);
	put16(&b, 3, 3);
	assert_int_equal(parse(&b, b.len, &hello), -EBADMSG);
	put16(&b, 3, 16385);
	assert_int_equal(parse(&b, b.len, &hello), -EBADMSG);
}

#define NAME_AB              \
	"000000070005000002" \
	"6142"

static void a_name_is_lower_case_and_has_no_dot_at_its_end(void **state)
{
	struct pst_tls_hello hello;

	(void)state;
	assert_int_equal(parse_with(NAME_AB, &hello), 0);
	assert_string_equal(hello.server_name, "ab");
	assert_int_equal(parse_with("000000080006000003"
				    "61422e",
				    &hello),
			 0);
	assert_string_equal(hello.server_name, "ab");
	assert_int_equal(parse_only("000000060004000001"
				    "2e"),
			 -EBADMSG);
}

static void a_name_is_printable_ascii(void **state)
{
	(void)state;
	assert_int_equal(parse_only("000000070005000002"
				    "6100"),
			 -EBADMSG);
	assert_int_equal(parse_only("000000070005000002"
				    "6120"),
			 -EBADMSG);
	assert_int_equal(parse_only("000000070005000002"
				    "617f"),
			 -EBADMSG);
	assert_int_equal(parse_only("000000070005000002"
				    "61c3"),
			 -EBADMSG);
	assert_int_equal(parse_only("000000070005000002"
				    "617e"),
			 0);
}

/* A server name of @len times x. */
static int parse_name(size_t len, struct pst_tls_hello *out)
{
	struct bytes b = with("000000000000000000");
	size_t at = b.len - 9;

	put16(&b, at + 2, len + 5);
	put16(&b, at + 4, len + 3);
	put16(&b, at + 7, len);
	memset(b.data + b.len, 'x', len);
	b.len += len;
	put16(&b, 3, b.len - 5);
	put16(&b, 7, b.len - 9);
	put16(&b, at - 2, b.len - at);
	return parse(&b, b.len, out);
}

static void a_name_has_its_longest(void **state)
{
	struct pst_tls_hello hello;

	(void)state;
	assert_int_equal(parse_name(0, &hello), -EBADMSG);
	assert_int_equal(parse_name(253, &hello), 0);
	assert_int_equal(strlen(hello.server_name), 253);
	assert_int_equal(parse_name(254, &hello), -EBADMSG);
	assert_int_equal(parse_name(300, &hello), -EBADMSG);
}

static void there_is_one_name_and_its_lengths_agree(void **state)
{
	(void)state;
	assert_int_equal(parse_only(NAME_AB NAME_AB), -EBADMSG); /* twice the extension */
	assert_int_equal(parse_only("0000000c000a000002"
				    "6142"
				    "000002"
				    "6142"),
			 -EBADMSG);
	assert_int_equal(parse_only("000000070004000002"
				    "6142"),
			 -EBADMSG); /* list too short */
	assert_int_equal(parse_only("000000070006000002"
				    "6142"),
			 -EBADMSG); /* list too long */
	assert_int_equal(parse_only("000000070005000003"
				    "6142"),
			 -EBADMSG);
	assert_int_equal(parse_only("000000080005000002"
				    "614200"),
			 -EBADMSG);
	assert_int_equal(parse_only("000000020000"), -EBADMSG);
	assert_int_equal(parse_only("00000000"), -EBADMSG);
	assert_int_equal(parse_only("0000000700"), -EBADMSG); /* longer than all extensions */
	assert_int_equal(parse_only("000000070005010002"
				    "6142"),
			 0); /* of a sort to come */
}

static void protocols_that_cannot_be_shown_are_left_out(void **state)
{
	struct pst_tls_hello hello;

	(void)state;
	/* GREASE, h2, one with a comma */
	assert_int_equal(parse_with("0010000c000a"
				    "020a0a"
				    "026832"
				    "03612c62",
				    &hello),
			 0);
	assert_string_equal(hello.alpn, "h2");
	assert_int_equal(parse_only("00100003000100"), -EBADMSG); /* an empty protocol */
	assert_int_equal(parse_only("001000020000"), -EBADMSG);
	assert_int_equal(parse_only("0010000400020361"), -EBADMSG);
	assert_int_equal(parse_only("00100005000302683200100005000302"
				    "6832"),
			 -EBADMSG);
}

/* An ALPN extension of two protocols of @first and @second times x. */
static void parse_protocols(size_t first, size_t second, struct pst_tls_hello *out)
{
	struct bytes b = with("001000000000");
	size_t at = b.len - 6, len = first + second + 2;

	put16(&b, at + 2, len + 2);
	put16(&b, at + 4, len);
	b.data[b.len++] = (uint8_t)first;
	memset(b.data + b.len, 'x', first);
	b.len += first;
	b.data[b.len++] = (uint8_t)second;
	memset(b.data + b.len, 'x', second);
	b.len += second;
	put16(&b, 3, b.len - 5);
	put16(&b, 7, b.len - 9);
	put16(&b, at - 2, b.len - at);
	assert_int_equal(parse(&b, b.len, out), 0);
}

static void protocols_fill_their_room_and_no_more(void **state)
{
	struct pst_tls_hello hello;

	(void)state;
	parse_protocols(31, 31, &hello); /* and a comma: 63 */
	assert_int_equal(strlen(hello.alpn), PST_ALPN_MAX - 1);
	parse_protocols(31, 32, &hello);
	assert_int_equal(strlen(hello.alpn), 31);
	parse_protocols(64, 2, &hello);
	assert_string_equal(hello.alpn, "xx");
	parse_protocols(255, 255, &hello);
	assert_string_equal(hello.alpn, "");
}

static int changed(size_t at, uint8_t value)
{
	struct bytes b = with(NAME_AB);
	struct pst_tls_hello hello;

	b.data[at] = value;
	return parse(&b, b.len, &hello);
}

static void the_parts_before_the_extensions_agree(void **state)
{
	struct bytes b = with("");
	struct pst_tls_hello hello;

	(void)state;
	assert_int_equal(changed(0, 0x17), -EBADMSG);
	assert_int_equal(changed(1, 2), -EBADMSG);
	assert_int_equal(changed(5, 2), -EBADMSG);   /* a server's */
	assert_int_equal(changed(9, 2), -EBADMSG);   /* SSL 2 */
	assert_int_equal(changed(43, 33), -EBADMSG); /* session */
	assert_int_equal(changed(45, 0), -EBADMSG);  /* no ciphers */
	assert_int_equal(changed(45, 1), -EBADMSG);  /* half a cipher */
	assert_int_equal(changed(48, 0), -EBADMSG);  /* no compression */
	assert_int_equal(changed(6, 1), -EBADMSG);   /* its extensions do not fill it */
	b.len -= 2;				     /* before extensions were known */
	put16(&b, 3, b.len - 5);
	put16(&b, 7, b.len - 9);
	assert_int_equal(parse(&b, b.len, &hello), 0);
	append(&b, "00"); /* one byte is no list of them */
	put16(&b, 3, b.len - 5);
	put16(&b, 7, b.len - 9);
	assert_int_equal(parse(&b, b.len, &hello), -EBADMSG);
	append(&b, "0000");
	put16(&b, 3, b.len - 5);
	put16(&b, 7, b.len - 9);
	assert_int_equal(parse(&b, b.len, &hello), -EBADMSG);
}

static void a_refused_hello_leaves_the_output_alone(void **state)
{
	struct pst_tls_hello hello = { .server_name = "kept" };

	(void)state;
	assert_int_equal(parse_with(NAME_AB NAME_AB, &hello), -EBADMSG);
	assert_string_equal(hello.server_name, "kept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_clients_name_their_server),
		cmocka_unit_test(the_beginning_of_a_hello_is_taken_as_far_as_it_goes),
		cmocka_unit_test(a_hello_may_span_records_but_not_share_one),
		cmocka_unit_test(a_name_is_lower_case_and_has_no_dot_at_its_end),
		cmocka_unit_test(a_name_is_printable_ascii),
		cmocka_unit_test(a_name_has_its_longest),
		cmocka_unit_test(there_is_one_name_and_its_lengths_agree),
		cmocka_unit_test(protocols_that_cannot_be_shown_are_left_out),
		cmocka_unit_test(protocols_fill_their_room_and_no_more),
		cmocka_unit_test(the_parts_before_the_extensions_agree),
		cmocka_unit_test(a_refused_hello_leaves_the_output_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
