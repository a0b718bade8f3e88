// SPDX-License-Identifier: Apache-2.0
/* What do the tests of contracts have in common? Contracts made of short texts, images and channels
 * made of short words. */
#ifndef PST_TEST_CONTRACT_FIXTURE_H
#define PST_TEST_CONTRACT_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "contract/contract.h"

static struct pst_diags said; /* of the last text that was read; a test program is one thread */

static inline int add_text(struct pst_contracts *set, const char *text)
{
	pst_diags_init(&said, "test.json");
	return pst_contracts_add(set, "test.json", text, strlen(text), &said);
}

/* A contract named @id whose software and channels are the given entries, separated by commas. */
static inline int add_contract(struct pst_contracts *set, const char *id, const char *software,
			       const char *channels)
{
	char text[4096];

	(void)snprintf(text, sizeof(text),
		       "{\"format\":1,\"contract\":\"%s\",\"version\":1,\n\"software\":[%s],"
		       "\n\"channels\":[%s]\n}",
		       id, software, channels);
	return add_text(set, text);
}

static inline struct pst_contracts *contracts_of(const char *channels)
{
	struct pst_contracts *set = pst_contracts_new();

	assert_int_equal(add_contract(set, "acme", "{\"path\":\"/opt/acme/**\"}", channels), 0);
	return set;
}

/* The text is refused with one error that holds @what at this place. */
static inline void refuses(const char *text, uint32_t line, uint32_t column, const char *what)
{
	struct pst_contracts *set = pst_contracts_new();
	const struct pst_diag *first = said.list;

	assert_true(add_text(set, text) < 0);
	assert_int_equal(pst_contracts_count(set), 0);
	pst_contracts_free(set);
	while (first->level != PST_DIAG_ERROR && first < said.list + said.count - 1)
		first++;
	if (said.errors != 1 || !strstr(first->text, what))
		fail_msg("%u errors, the first: %s", said.errors, first->text);
	assert_int_equal(first->line, line);
	assert_int_equal(first->column, column);
}

/* As refuses, for one entry of "channels"; its first column is 1, in line 3. */
static inline void refuses_channel(const char *entry, uint32_t column, const char *what)
{
	char text[4096];

	(void)snprintf(text, sizeof(text),
		       "{\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],"
		       "\n\"channels\":[\n%s]}",
		       entry);
	refuses(text, 3, column, what);
}

static inline struct pst_addr addr(const char *text)
{
	struct pst_addr a;

	assert_int_equal(pst_addr_parse(text, &a), 0);
	return a;
}

static inline struct pst_channel channel(enum pst_kind kind, const char *peer, uint16_t port)
{
	return (struct pst_channel){
		.key = { .kind = (uint16_t)kind, .peer = addr(peer), .port = port }
	};
}

static inline struct pst_judgement judge(const struct pst_contracts *set,
					 const struct pst_channel *channel)
{
	struct pst_image image = { .contract = 0 };
	struct pst_judgement judgement;

	pst_contract_judge(set, &image, channel, &judgement);
	return judgement;
}

#endif
