// SPDX-License-Identifier: Apache-2.0
/* Are the names of a CNAME chain told, in their order, and no others? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "decode/dns.h"

struct message {
	uint8_t bytes[1024];
	size_t len;
};

static void put(struct message *m, const void *data, size_t len)
{
	assert_true(m->len + len <= sizeof(m->bytes));
	memcpy(m->bytes + m->len, data, len);
	m->len += len;
}

/* The name "<letter>.x" */
static void put_name(struct message *m, char letter)
{
	const uint8_t name[] = { 1, (uint8_t)letter, 1, 'x', 0 };

	put(m, name, sizeof(name));
}

static void put_record(struct message *m, char owner, uint8_t type, uint8_t data_len)
{
	const uint8_t head[] = { 0, type, 0, 1, 0, 0, 0, 60, 0, data_len };

	put_name(m, owner);
	put(m, head, sizeof(head));
}

/* An answer to the question for a.x, of this many records. */
static struct message answer_of(uint8_t records)
{
	const uint8_t head[12] = { 0, 7, 0x81, 0x80, 0, 1, 0, records };
	const uint8_t tail[4] = { 0, 1, 0, 1 };
	struct message m = { .len = 0 };

	put(&m, head, sizeof(head));
	put_name(&m, 'a');
	put(&m, tail, sizeof(tail));
	return m;
}

static void put_alias(struct message *m, char owner, char target)
{
	put_record(m, owner, 5, 5);
	put_name(m, target);
}

static void put_address(struct message *m, char owner)
{
	const uint8_t address[4] = { 203, 0, 113, 9 };

	put_record(m, owner, 1, 4);
	put(m, address, sizeof(address));
}

static struct pst_dns parsed(const struct message *m)
{
	struct pst_dns dns = { .over_tcp = false };

	assert_int_equal(pst_dns_parse(&(struct pst_dns_bytes){ .data = m->bytes,
								.len = m->len,
								.total = m->len },
				       &dns),
			 0);
	return dns;
}

static void each_name_of_the_chain_is_told(void **state)
{
	struct message m = answer_of(4);
	struct pst_dns dns;

	(void)state;
	put_alias(&m, 'b', 'c'); /* in any order */
	put_alias(&m, 'a', 'b');
	put_alias(&m, 'y', 'z'); /* of nobody who was asked for */
	put_address(&m, 'c');
	dns = parsed(&m);
	assert_string_equal(dns.question, "a.x");
	assert_int_equal(dns.addr_count, 1);
	assert_int_equal(dns.alias_count, 2);
	assert_string_equal(dns.alias[0], "b.x");
	assert_string_equal(dns.alias[1], "c.x");
}

static void without_aliases_there_are_none(void **state)
{
	struct message m = answer_of(1);

	(void)state;
	put_address(&m, 'a');
	assert_int_equal(parsed(&m).alias_count, 0);
}

static void a_long_chain_is_followed_and_its_first_names_are_told(void **state)
{
	struct message m = answer_of(PST_DNS_ALIASES_MAX + 2);
	struct pst_dns dns;
	char i;

	(void)state;
	for (i = 0; i <= PST_DNS_ALIASES_MAX; i++)
		put_alias(&m, (char)('a' + i), (char)('b' + i));
	put_address(&m, (char)('a' + i));
	dns = parsed(&m);
	assert_int_equal(dns.alias_count, PST_DNS_ALIASES_MAX);
	assert_string_equal(dns.alias[0], "b.x");
	assert_int_equal(dns.addr_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_of_the_chain_is_told),
		cmocka_unit_test(without_aliases_there_are_none),
		cmocka_unit_test(a_long_chain_is_followed_and_its_first_names_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
