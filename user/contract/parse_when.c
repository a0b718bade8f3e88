// SPDX-License-Identifier: Apache-2.0
/* When may a channel be used, how often is it expected, and how much may it carry? What an entry
 * says beside who and where. */
#include "contract/parse.h"

#include <string.h>

#define DAY_PATTERN "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
#define DAYS_PATTERN DAY_PATTERN "(-" DAY_PATTERN ")?"
#define HOUR_PATTERN "([01][0-9]|2[0-3]):[0-5][0-9]"

const struct pst_parse_form pst_parse_when_form = {
	.items = PST_TYPE_STRING,
	.pattern = "^(daily|" DAYS_PATTERN "(," DAYS_PATTERN ")*) (" HOUR_PATTERN ")-(" HOUR_PATTERN
		   "|24:00)$",
};
const struct pst_parse_form pst_parse_every_form = {
	.pattern = "^[0-9]{1,6}[smhd]( \\+-0{0,5}([1-9]|[1-4][0-9]|50)%)?$",
};

static void take_window(struct pst_parse *parse, const struct pst_json_value *value,
			struct pst_clause *clause)
{
	if (value->type == PST_JSON_STRING &&
	    !pst_window_parse(value->string, &clause->when[clause->when_count]))
		clause->when_count++;
	else
		pst_parse_error(parse, value,
				"this must be days and hours in UTC such as \"Mon-Fri "
				"01:00-05:00\", \"Sat,Sun 00:00-24:00\" or \"daily 22:00-02:00\"");
}

void pst_parse_when(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct pst_parse_draft *)into)->clause;
	const struct pst_json_value *item;

	if (!pst_parse_items(value))
		pst_parse_error(
			parse, value,
			"an empty list allows nothing; leave the key out to allow any time");
	clause->when = pst_parse_room(parse, pst_parse_items(value), sizeof(*clause->when));
	for (item = pst_parse_first(value); item && clause->when;
	     item = pst_parse_next(value, item))
		take_window(parse, item, clause);
	parse->contract->has_windows |= clause->when_count > 0;
}

void pst_parse_every(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct pst_parse_draft *)into)->clause;

	if (pst_period_parse(value->string, &clause->every))
		pst_parse_error(parse, value,
				"this must be a time from 2s to 31d with s, m, h or d, such as "
				"\"5m\", and may end in a tolerance of 1 to 50 percent: \"5m "
				"+-10%%\"");
}

void pst_parse_entry_limit(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_clause *clause = ((struct pst_parse_draft *)into)->clause;

	(void)pst_parse_size(parse, value, &clause->bytes_out_per_day); /* reports by itself */
}
