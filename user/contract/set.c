// SPDX-License-Identifier: Apache-2.0
/* Which contracts are in force together? */
#include "contract/set.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/text.h"
#include "contract/gist.h"
#include "contract/parse.h"

#define EPHEMERAL_FIRST 32768u /* ip_local_port_range, as the kernel sets it */
#define EPHEMERAL_LAST 60999u
#define CONTRACTS_MAX 4096u /* of one set: far more than a host has vendors */

static void free_contract(struct pst_contract *contract)
{
	if (!contract)
		return;
	pst_contract_clear(contract);
	free(contract);
}

static void drop_contract(struct pst_contract **contract)
{
	free_contract(*contract);
}

struct pst_contracts *pst_contracts_new(void)
{
	struct pst_contracts *set = calloc(1, sizeof(*set));

	if (!set)
		return NULL;
	set->generation = 1; /* 0 means "never judged" in an image */
	set->ephemeral = (struct pst_port_range){ EPHEMERAL_FIRST, EPHEMERAL_LAST };
	return set;
}

void pst_contracts_free(struct pst_contracts *set)
{
	size_t i;

	if (!set)
		return;
	for (i = 0; i < set->count; i++)
		free_contract(set->list[i]);
	pst_index_clear(&set->index);
	free(set->list);
	free(set);
}

static int fill_origin(struct pst_contract *contract, const char *file, const char *text,
		       size_t len)
{
	uint8_t sum[PST_SHA256_BYTES];

	pst_sha256(text, len, sum);
	memcpy(contract->digest, "sha256:", 7);
	(void)pst_hex(sum, sizeof(sum), contract->digest + 7); /* 7 + 65 <= 80 */
	contract->file = strdup(file);
	return contract->file ? 0 : -ENOMEM;
}

static const struct pst_contract *find_id(const struct pst_contracts *set, const char *id)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (!strcmp(set->list[i]->id, id))
			return set->list[i];
	return NULL;
}

static int make_gists(struct pst_contract *contract)
{
	size_t i;

	if (!contract->channel_count)
		return 0;
	contract->gists = reallocarray(NULL, contract->channel_count, sizeof(*contract->gists));
	if (!contract->gists)
		return -ENOMEM;
	for (i = 0; i < contract->channel_count; i++)
		contract->gists[i] = pst_gist_of(&contract->channels[i]);
	return 0;
}

/* Takes @contract over on success only. */
static int append(struct pst_contracts *set, struct pst_contract *contract)
{
	struct pst_contract **grown = reallocarray(set->list, set->count + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	set->list = grown;
	if (pst_index_add(&set->index, contract, (int32_t)set->count) < 0)
		return -ENOMEM;
	set->list[set->count++] = contract;
	return 0;
}

int pst_contracts_add(struct pst_contracts *set, const char *file, const char *text, size_t len,
		      struct pst_diags *diags)
{
	_cleanup_(drop_contract) struct pst_contract *contract = calloc(1, sizeof(*contract));
	const struct pst_contract *other;
	char other_file[sizeof(diags->file)];
	int err = contract ? pst_contract_parse(text, len, diags, contract) : -ENOMEM;

	if (err)
		return err;
	other = find_id(set, contract->id);
	if (other) {
		(void)pst_text_safe(other->file, strlen(other->file), other_file,
				    sizeof(other_file)); /* cut still names it */
		pst_diags_add(diags, PST_DIAG_ERROR, 0, 0,
			      "a contract named \"%s\" was already read from %s", contract->id,
			      other_file);
		return -EEXIST;
	}
	if (pst_tie_check(set, contract, diags))
		return -EINVAL;
	if (set->count >= CONTRACTS_MAX) {
		pst_diags_add(diags, PST_DIAG_ERROR, 0, 0,
			      "there are %u contracts already; no more are read", CONTRACTS_MAX);
		return -EINVAL;
	}
	err = fill_origin(contract, file, text, len);
	if (!err)
		err = make_gists(contract);
	if (!err)
		err = append(set, contract);
	if (!err)
		contract = NULL; /* the set's now */
	return err;
}

void pst_contracts_sign(struct pst_contracts *set, const char *signer)
{
	struct pst_contract *last;

	assert(set->count);
	last = set->list[set->count - 1];
	(void)pst_text_copy(last->signer, sizeof(last->signer), signer); /* as long as its source */
}

size_t pst_contracts_signed(const struct pst_contracts *set)
{
	size_t i, count = 0;

	for (i = 0; i < set->count; i++)
		count += *set->list[i]->signer != '\0';
	return count;
}

size_t pst_contracts_count(const struct pst_contracts *set)
{
	return set->count;
}

const struct pst_contract *pst_contracts_at(const struct pst_contracts *set, size_t index)
{
	assert(index < set->count);
	return set->list[index];
}

uint32_t pst_contracts_generation(const struct pst_contracts *set)
{
	return set->generation;
}

void pst_contracts_set_generation(struct pst_contracts *set, uint32_t generation)
{
	assert(generation); /* 0 means "never judged" in an image */
	set->generation = generation;
}

void pst_contracts_resolvers(struct pst_contracts *set, const struct pst_addr *addr, size_t count)
{
	set->resolver_count = count < PST_EVENT_RESOLVERS_MAX ? count : PST_EVENT_RESOLVERS_MAX;
	set->resolvers_known = true;
	if (set->resolver_count)
		memcpy(set->resolvers, addr, set->resolver_count * sizeof(*addr));
}

void pst_contracts_names(struct pst_contracts *set, const struct pst_contract_names *names)
{
	set->names = *names;
}

void pst_contracts_now(struct pst_contracts *set, int64_t wall_s)
{
	set->has_time = true;
	set->wall_s = wall_s;
}

void pst_contracts_ephemeral(struct pst_contracts *set, struct pst_port_range range)
{
	set->ephemeral = range;
}
