// SPDX-License-Identifier: Apache-2.0
/* What helps a person who writes a contract? Its canonical text, the schema for editors, and a
 * text to begin with. Pure. */
#ifndef PST_CONTRACT_WRITING_H
#define PST_CONTRACT_WRITING_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

/*
 * pst_contract_format - the canonical text of a contract, or of what is to become one
 * Any JSON with comments is taken: keys that no contract has, and what lacks, are no errors here.
 * Results as pst_json_format.
 */
int64_t pst_contract_format(const char *text, size_t len, struct pst_diags *diags, char **out);

/* pst_contract_make_schema - a JSON Schema (draft 2020-12) of contracts, from the parser's tables;
 * NULL without memory; caller frees */
char *pst_contract_make_schema(void);

struct pst_skeleton {
	const char *id;
	const char *vendor;		   /* may be NULL */
	const char *path, *package, *unit; /* whom it binds; at least one; the others are NULL */
};

/* pst_contract_skeleton - a commented contract that allows nothing yet, in canonical text; results
 * as pst_contract_format. The words in it are not checked: pst_contracts_add does that */
int64_t pst_contract_skeleton(const struct pst_skeleton *skeleton, struct pst_diags *diags,
			      char **out);

#endif
