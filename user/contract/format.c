// SPDX-License-Identifier: Apache-2.0
/* How is a contract laid out canonically? In the order of the parser's table, one channel a line.
 */
#include <assert.h>

#include "base/json_format.h"
#include "contract/parse.h"
#include "contract/writing.h"

int64_t pst_contract_format(const char *text, size_t len, struct pst_diags *diags, char **out)
{
	const struct pst_parse_table *table = &pst_parse_contract_table;
	const char *order[PST_PARSE_KEYS_MAX];
	const struct pst_json_style style = { .order = order,
					      .order_count = table->count,
					      .broken = "channels" };
	size_t i;

	assert(table->count <= PST_PARSE_KEYS_MAX);
	for (i = 0; i < table->count; i++)
		order[i] = table->keys[i].name;
	return pst_json_format(text, len, &style, diags, out);
}
