// SPDX-License-Identifier: Apache-2.0
/* refusal: how is it told that there is no answer, and why: {"postern":{"error":"..."}} */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "ctl/ctl.h"

#define AT "postern.error"

char *pst_ctl_refusal(const char *why)
{
	char safe[PST_CTL_WHY_MAX];
	const size_t size = 2 * sizeof(safe) + 64; /* each quote and backslash is two */
	struct pst_json *json = pst_json_new();
	char *line = malloc(size);
	int len = -1;

	(void)pst_text_safe_again(why, strlen(why), safe,
				  sizeof(safe)); /* a cut sentence still helps */
	if (json && line) {
		pst_json_put_text(json, AT, safe);
		len = pst_json_print(json, line, size - 1);
	}
	pst_json_free(json);
	if (len < 0) {
		free(line);
		return NULL;
	}
	(void)pst_text_copy(line + len, size - (size_t)len, "\n"); /* fits */
	return line;
}

bool pst_ctl_is_refusal(const char *line, size_t len, char why[PST_CTL_WHY_MAX])
{
	static const char head[] = "{\"postern\":{\"error\":";
	_cleanup_free_ struct pst_diags *diags = NULL;
	struct pst_json_doc *doc;
	const char *text;

	if (len < sizeof(head) - 1 || memcmp(line, head, sizeof(head) - 1) != 0)
		return false;
	diags = malloc(sizeof(*diags));
	if (!diags)
		return false;
	pst_diags_init(diags, "answer");
	doc = pst_json_read(line, len, diags);
	text = doc ? pst_json_text_at(pst_json_root(doc), AT) : "";
	(void)pst_text_safe_again(text, strlen(text), why, PST_CTL_WHY_MAX); /* as above */
	pst_json_doc_free(doc);
	return why[0];
}
