// SPDX-License-Identifier: Apache-2.0
/* What does a contract allow beside channels? Filters, rings, sockets that were handed over, where
 * programs may lie, modules, eBPF programs. */
#include "contract/contract.h"

#include <string.h>

#include "contract/alias.h"

static bool matches_one(char *const *globs, size_t count, const char *text)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (pst_alias_match(globs[i], text))
			return true;
	return false;
}

bool pst_contract_allows_filter(const struct pst_contract *contract, const char *hash)
{
	size_t i;

	for (i = 0; contract && hash[0] && i < contract->allow.filter_count; i++)
		if (!strcmp(contract->allow.filters[i], hash))
			return true;
	return false;
}

bool pst_contract_allows_uring(const struct pst_contract *contract)
{
	return contract && contract->allow.io_uring;
}

bool pst_contract_allows_handover(const struct pst_contract *contract, const char *opener_path)
{
	if (!contract)
		return false;
	return contract->allow.any_handed_over ||
	       matches_one(contract->allow.handed_over, contract->allow.handed_over_count,
			   opener_path);
}

bool pst_contract_allows_memfd(const struct pst_contract *contract)
{
	return contract && contract->allow.memfd_exec;
}

bool pst_contract_allows_deleted(const struct pst_contract *contract)
{
	return contract && contract->allow.deleted_exec;
}

bool pst_contract_allows_module(const struct pst_contract *contract, const char *name)
{
	return contract && matches_one(contract->allow.modules, contract->allow.module_count, name);
}

bool pst_contract_allows_bpf(const struct pst_contract *contract, uint32_t type)
{
	if (!contract)
		return false;
	return type < 64 ? contract->allow.bpf >> type & 1 : contract->allow.bpf == UINT64_MAX;
}
