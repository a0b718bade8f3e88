// SPDX-License-Identifier: Apache-2.0
/* Is a DNS message taken only when all of it agrees, and do only addresses of the asked name count?
 * The queries are glibc's own, as they left a machine. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "decode/dns.h"

#define QUESTION "055661756c740442616e6b076578616d706c650000010001"
#define GLIBC_A "b8cd01000001000000000001" QUESTION "00002904b0000000000000"
#define GLIBC_AAAA \
	"86ca01000001000000000001055661756c740442616e6b076578616d706c6500001c000100002904b0000000000000"
#define OPT "0000290200000000000000"
#define HEAD(counts) \
	"b8cd8180"   \
	"0001" counts QUESTION
/* of the question's name, by a pointer to it */
#define CNAME_BD1 "c00c000500010000012c000603626431c012"
#define A_9(name, ttl) name "00010001" ttl "0004cb007109"
#define BD1 "c030"
#define ITSELF "c00c"

struct bytes {
	uint8_t data[4096];
	size_t len;
};

static struct bytes bytes_of(const char *hex)
{
	struct bytes out = { .len = 0 };
	unsigned int byte;

	for (; hex[0] && hex[1]; hex += 2) {
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		out.data[out.len++] = (uint8_t)byte;
	}
	return out;
}

static int parse_bytes(const struct bytes *b, size_t total, struct pst_dns *out)
{
	const struct pst_dns_bytes in = { .data = b->data, .len = b->len, .total = total };

	memset(out, 0, sizeof(*out));
	return pst_dns_parse(&in, out);
}

static int parse(const char *hex, struct pst_dns *out)
{
	struct bytes b = bytes_of(hex);

	return parse_bytes(&b, b.len, out);
}

static int parse_only(const char *hex)
{
	return parse(hex, &(struct pst_dns){ .id = 0 });
}

static void a_query_of_glibc_is_read(void **state)
{
	struct pst_dns dns;

	(void)state;
	assert_int_equal(parse(GLIBC_A, &dns), 0);
	assert_false(dns.answer);
	assert_int_equal(dns.id, 0xb8cd);
	assert_int_equal(dns.qtype, 1);
	assert_int_equal(dns.length, 47);
	assert_int_equal(dns.records, 0);
	assert_string_equal(dns.question, "vault.bank.example");
	assert_int_equal(parse(GLIBC_AAAA, &dns), 0);
	assert_int_equal(dns.qtype, 28);
}

static void an_alias_leads_to_its_address(void **state)
{
	struct pst_dns dns;

	(void)state;
	assert_int_equal(parse(HEAD("000200000001") CNAME_BD1 A_9(BD1, "0000003c") OPT, &dns), 0);
	assert_true(dns.answer);
	assert_int_equal(dns.rcode, 0);
	assert_int_equal(dns.records, 2);
	assert_int_equal(dns.addr_count, 1);
	assert_int_equal(dns.addr[0].b[10], 0xff);
	assert_int_equal(dns.addr[0].b[12], 203);
	assert_int_equal(dns.addr[0].b[15], 9);
	assert_int_equal(dns.ttl_s, 60);
	assert_false(dns.addrs_cut);
	/* in the other order, and with the alias living shorter */
	assert_int_equal(parse(HEAD("000200000000") "0362643104"
						    "42616e6b076578616d706c6500"
						    "0001000100000e100004cb007109"
						    "c00c000500010000001e0006"
						    "03626431c012",
			       &dns),
			 0);
	assert_int_equal(dns.addr_count, 1);
	assert_int_equal(dns.ttl_s, 30);
}

static void an_address_of_another_name_is_none_of_the_questions(void **state)
{
	struct pst_dns dns;

	(void)state;
	/* bank.example, which nobody asked for */
	assert_int_equal(parse(HEAD("000100000000") A_9("c012", "0000003c"), &dns), 0);
	assert_int_equal(dns.addr_count, 0);
	assert_int_equal(dns.ttl_s, 0);
	assert_int_equal(parse(HEAD("000200000000") A_9(ITSELF, "0000003c") A_9("c012", "0000003c"),
			       &dns),
			 0);
	assert_int_equal(dns.addr_count, 1);
	assert_int_equal(parse(HEAD("000000010000") A_9(ITSELF, "0000003c"), &dns), 0);
	assert_int_equal(dns.addr_count, 0);
	assert_int_equal(dns.records, 1);
	assert_int_equal(parse(HEAD("000000000001") A_9(ITSELF, "0000003c"), &dns), 0);
	assert_int_equal(dns.addr_count, 0);
}

static void another_class_and_an_error_give_no_address(void **state)
{
	struct pst_dns dns;

	(void)state;
	assert_int_equal(parse(HEAD("000100000000") ITSELF "000100030000003c0004cb007109", &dns),
			 0);
	assert_int_equal(dns.addr_count, 0);
	assert_int_equal(parse("b8cd81830001000100000000" QUESTION A_9(ITSELF, "0000003c"), &dns),
			 0);
	assert_int_equal(dns.rcode, 3);
	assert_int_equal(dns.addr_count, 0);
}

static void an_ipv6_address_is_taken_as_it_is(void **state)
{
	struct pst_dns dns;

	(void)state;
	assert_int_equal(parse(HEAD("000100000000") ITSELF "001c000180000001"
							   "001020010db8000000000000000000000009",
			       &dns),
			 0);
	assert_int_equal(dns.addr_count, 1);
	assert_int_equal(dns.addr[0].b[0], 0x20);
	assert_int_equal(dns.addr[0].b[15], 9);
	assert_int_equal(dns.ttl_s, 0); /* a lifetime with its highest bit is none */
}

static void a_ring_of_aliases_ends(void **state)
{
	struct pst_dns dns;

	(void)state;
	/* the name is an alias of itself, twice, and has an address */
	assert_int_equal(parse(HEAD("000300000000") ITSELF
			       "000500010000012c0002c00c" ITSELF
			       "000500010000012c0002c00c" A_9(ITSELF, "0000003c"),
			       &dns),
			 0);
	assert_int_equal(dns.addr_count, 1);
}

static void more_addresses_than_there_is_room_for_are_said_to_be_cut(void **state)
{
	const struct bytes head = bytes_of(HEAD("002100000000"));
	const struct bytes one = bytes_of(A_9(ITSELF, "0000003c"));
	struct bytes b = head;
	struct pst_dns dns;

	(void)state;
	for (int i = 0; i < PST_DNS_ADDRS_MAX + 1; i++) {
		memcpy(b.data + b.len, one.data, one.len);
		b.len += one.len;
	}
	assert_int_equal(parse_bytes(&b, b.len, &dns), 0);
	assert_int_equal(dns.addr_count, PST_DNS_ADDRS_MAX);
	assert_true(dns.addrs_cut);
	b.data[7]--;
	b.len -= one.len;
	assert_int_equal(parse_bytes(&b, b.len, &dns), 0);
	assert_int_equal(dns.addr_count, PST_DNS_ADDRS_MAX);
	assert_false(dns.addrs_cut);
}

static void a_message_that_was_cut_is_taken_up_to_its_last_whole_record(void **state)
{
	struct bytes b = bytes_of(HEAD("000300000000") CNAME_BD1 A_9(BD1, "0000003c")
					  A_9(BD1, "0000003c"));
	struct pst_dns dns;

	(void)state;
	b.len--;
	assert_int_equal(parse_bytes(&b, b.len, &dns), -EBADMSG);
	assert_int_equal(parse_bytes(&b, b.len + 1, &dns), 0);
	assert_int_equal(dns.addr_count, 1);
	assert_true(dns.addrs_cut);
	assert_int_equal(dns.length, b.len + 1);
	/* the resolver's own mark that there is more */
	assert_int_equal(parse("b8cd83800001000100000000" QUESTION A_9(ITSELF, "0000003c"), &dns),
			 0);
	assert_true(dns.addrs_cut);
	assert_int_equal(dns.addr_count, 1);
}

static void every_prefix_of_a_message_is_refused(void **state)
{
	const struct bytes whole = bytes_of(HEAD("000200000001") CNAME_BD1 A_9(BD1, "0000003c")
						    OPT);
	struct pst_dns dns;

	(void)state;
	for (size_t len = 0; len < whole.len; len++) {
		struct bytes b = whole;

		b.len = len;
		assert_int_equal(parse_bytes(&b, len, &dns), -EBADMSG);
	}
}

static void a_query_ends_where_its_last_record_does(void **state)
{
	(void)state;
	assert_int_equal(parse_only("b8cd01000001000000000000" QUESTION), 0);
	assert_int_equal(parse_only("b8cd01000001000000000000" QUESTION "00"), -EBADMSG);
	assert_int_equal(parse_only(GLIBC_A "00"), -EBADMSG);
}

static void counts_and_flags_of_a_query_are_strict(void **state)
{
	(void)state;
	assert_int_equal(parse_only("b8cd01000002000000000000" QUESTION), -EBADMSG);
	assert_int_equal(parse_only("b8cd01000000000000000000" QUESTION), -EBADMSG);
	assert_int_equal(parse_only("b8cd01000001000100000000" QUESTION A_9(ITSELF, "0000003c")),
			 -EBADMSG);
	assert_int_equal(parse_only("b8cd01000001000000000003" QUESTION OPT), -EBADMSG);
	assert_int_equal(parse_only("b8cd09000001000000000000" QUESTION), -EBADMSG); /* opcode 1 */
	assert_int_equal(parse_only("b8cd01400001000000000000" QUESTION), -EBADMSG); /* Z */
	assert_int_equal(parse_only("b8cd01200001000000000000" QUESTION), 0);	     /* AD */
}

static void a_pointer_leads_back_and_not_into_the_header(void **state)
{
	(void)state;
	assert_int_equal(parse_only(HEAD("000100000000") A_9("c000", "0000003c")), -EBADMSG);
	assert_int_equal(parse_only(HEAD("000100000000") A_9("c00b", "0000003c")), -EBADMSG);
	assert_int_equal(parse_only(HEAD("000100000000") A_9("c00c", "0000003c")), 0);
	/* to itself, forward, and from a question */
	assert_int_equal(parse_only(HEAD("000100000000") A_9("c024", "0000003c")), -EBADMSG);
	assert_int_equal(parse_only(HEAD("000100000000") A_9("c026", "0000003c")), -EBADMSG);
	assert_int_equal(parse_only("b8cd01000001000000000000c00c00010001"), -EBADMSG);
	/* a label, then a pointer back to that label */
	assert_int_equal(parse_only(HEAD("000100000000") A_9("0161c024", "0000003c")), -EBADMSG);
	/* the two reserved sorts of label */
	assert_int_equal(parse_only("b8cd0100000100000000000041610000010001"), -EBADMSG);
	assert_int_equal(parse_only("b8cd0100000100000000000081610000010001"), -EBADMSG);
}

/* A query for a name of @labels labels of @len bytes and a last one of @last. */
static int parse_long(size_t labels, size_t len, size_t last, struct pst_dns *out)
{
	struct bytes b = bytes_of("b8cd01000001000000000000");

	for (size_t i = 0; i <= labels; i++) {
		size_t n = i < labels ? len : last;

		b.data[b.len++] = (uint8_t)n;
		memset(b.data + b.len, 'X', n);
		b.len += n;
	}
	memcpy(b.data + b.len, "\0\0\1\0\1", 5);
	b.len += 5;
	return parse_bytes(&b, b.len, out);
}

static void names_and_labels_have_their_longest(void **state)
{
	struct pst_dns dns;

	(void)state;
	assert_int_equal(parse_long(3, 63, 61, &dns), 0); /* 255 bytes */
	assert_int_equal(strlen(dns.question), 253);
	assert_int_equal(parse_long(3, 63, 62, &dns), -EBADMSG);
	assert_int_equal(parse_long(126, 1, 1, &dns), 0);
	assert_int_equal(strlen(dns.question), 253);
	assert_int_equal(parse_long(127, 1, 1, &dns), -EBADMSG);
}

static void odd_bytes_of_a_name_are_written_as_numbers(void **state)
{
	struct pst_dns dns;
	struct bytes b;

	(void)state;
	/* a dot, a backslash, NUL, escape and 0xff within one label */
	assert_int_equal(parse("b8cd01000001000000000000"
			       "06412e5c001bff"
			       "0000010001",
			       &dns),
			 0);
	assert_string_equal(dns.question, "a\\046\\092\\000\\027\\255");
	/* the root */
	assert_int_equal(parse("b8cd01000001000000000000"
			       "0000020001",
			       &dns),
			 0);
	assert_string_equal(dns.question, "");
	/* longer as text than there is room: no name ends in a backslash */
	b = bytes_of("b8cd01000001000000000000");
	for (int i = 0; i < 2; i++) {
		b.data[b.len++] = 40;
		memset(b.data + b.len, 7, 40);
		b.len += 40;
	}
	memcpy(b.data + b.len, "\0\0\1\0\1", 5);
	b.len += 5;
	assert_int_equal(parse_bytes(&b, b.len, &dns), 0);
	assert_true(strlen(dns.question) < PST_NAME_TEXT_MAX);
	assert_int_equal(dns.question[strlen(dns.question) - 1], '\\');
}

static void the_length_of_known_data_is_right(void **state)
{
	(void)state;
	assert_int_equal(parse_only(HEAD("000100000000") ITSELF "000100010000003c0003cb0071"),
			 -EBADMSG);
	assert_int_equal(parse_only(HEAD("000100000000") ITSELF "001c00010000003c0004cb007109"),
			 -EBADMSG);
	/* an alias whose data goes on behind its name, or ends before */
	assert_int_equal(parse_only(HEAD("000100000000") ITSELF
				    "000500010000012c000703626431c01200"),
			 -EBADMSG);
	assert_int_equal(parse_only(HEAD("000100000000") ITSELF "000500010000012c000503626431c012"),
			 -EBADMSG);
	/* of an unknown type any */
	assert_int_equal(parse_only(HEAD("000100000000") ITSELF "ff0000010000003c0003cb0071"), 0);
}

static void there_is_one_opt_of_the_root_with_whole_options(void **state)
{
	(void)state;
	assert_int_equal(parse_only(HEAD("000000000002") OPT OPT), -EBADMSG);
	assert_int_equal(parse_only(HEAD("000000000001") "0161" OPT), -EBADMSG);
	assert_int_equal(parse_only(HEAD("000100000000") OPT), -EBADMSG);
	assert_int_equal(parse_only(HEAD("000000000001") "00002902000000000000"
							 "08"
							 "000a0004aabbccdd"),
			 0);
	assert_int_equal(parse_only(HEAD("000000000001") "00002902000000000000"
							 "08"
							 "000a0005aabbccdd"),
			 -EBADMSG);
	assert_int_equal(parse_only(HEAD("000000000001") "00002902000000000000"
							 "03"
							 "000a00"),
			 -EBADMSG);
}

static void a_refused_message_leaves_the_output_alone(void **state)
{
	const struct pst_dns_bytes in = { .data = (const uint8_t *)"", .len = 0, .total = 0 };
	struct pst_dns dns = { .id = 4711 };

	(void)state;
	assert_int_equal(pst_dns_parse(&in, &dns), -EBADMSG);
	assert_int_equal(dns.id, 4711);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_query_of_glibc_is_read),
		cmocka_unit_test(an_alias_leads_to_its_address),
		cmocka_unit_test(an_address_of_another_name_is_none_of_the_questions),
		cmocka_unit_test(another_class_and_an_error_give_no_address),
		cmocka_unit_test(an_ipv6_address_is_taken_as_it_is),
		cmocka_unit_test(a_ring_of_aliases_ends),
		cmocka_unit_test(more_addresses_than_there_is_room_for_are_said_to_be_cut),
		cmocka_unit_test(a_message_that_was_cut_is_taken_up_to_its_last_whole_record),
		cmocka_unit_test(every_prefix_of_a_message_is_refused),
		cmocka_unit_test(a_query_ends_where_its_last_record_does),
		cmocka_unit_test(counts_and_flags_of_a_query_are_strict),
		cmocka_unit_test(a_pointer_leads_back_and_not_into_the_header),
		cmocka_unit_test(names_and_labels_have_their_longest),
		cmocka_unit_test(odd_bytes_of_a_name_are_written_as_numbers),
		cmocka_unit_test(the_length_of_known_data_is_right),
		cmocka_unit_test(there_is_one_opt_of_the_root_with_whole_options),
		cmocka_unit_test(a_refused_message_leaves_the_output_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
