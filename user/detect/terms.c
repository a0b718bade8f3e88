// SPDX-License-Identifier: Apache-2.0
/* Which terms hold for a channel beside that it may be? And the key under which profile/ keeps what
 * was seen of them: it is made of texts, so that a reload of the same contract goes on counting. */
#include "detect/case.h"

#include <string.h>

#include "base/fnv.h"

struct pst_terms pst_terms_of(const struct pst_case *c)
{
	struct pst_terms terms = { .contract = pst_case_contract(c->detect, c->judgement->contract),
				   .index = -1 };
	const struct pst_channel *channel = c->channel;

	if (terms.contract && channel->verdict == PST_DECLARED && channel->clause >= 0 &&
	    channel->contract_generation == pst_contracts_generation(c->detect->contracts) &&
	    (size_t)channel->clause < terms.contract->channel_count) {
		terms.index = channel->clause;
		terms.clause = &terms.contract->channels[channel->clause];
	}
	return terms;
}

/* With their NULs: "ab", "c" is not "a", "bc". */
uint64_t pst_terms_key(const struct pst_contract *contract, const struct pst_clause *clause)
{
	uint64_t key = pst_fnv_bytes(PST_FNV_START, contract->id, strlen(contract->id) + 1);

	return clause && clause->text ? pst_fnv_bytes(key, clause->text, strlen(clause->text) + 1) :
					key;
}

uint64_t pst_terms_mix(uint64_t key, const struct pst_channel *channel)
{
	key = pst_fnv_bytes(key, &channel->key.peer, sizeof(channel->key.peer));
	key = pst_fnv_bytes(key, &channel->key.kind, sizeof(channel->key.kind));
	return pst_fnv_bytes(key, &channel->key.port, sizeof(channel->key.port));
}
