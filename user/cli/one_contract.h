// SPDX-License-Identifier: Apache-2.0
/* one_contract: what the actions on contract files share. */
#ifndef PST_CLI_ONE_CONTRACT_H
#define PST_CLI_ONE_CONTRACT_H

#include "base/diag.h"
#include "contract/contract.h"

/*
 * pst_one_contract - read one file; every error is told
 * @action: "contract diff", for messages; @diags: what was noted about it; NULL: nobody asks
 * Returns the set that holds it alone, which the caller frees, or NULL after messages.
 */
struct pst_contracts *pst_one_contract(const char *action, const char *path,
				       struct pst_diags *diags);

/* pst_page_width - columns of the terminal that is standard output; 80 of what is none */
unsigned int pst_page_width(void);

#endif
