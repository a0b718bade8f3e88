// SPDX-License-Identifier: Apache-2.0
/* What does a person begin with who writes a contract? A text that allows nothing yet, and says in
 * comments what could stand where. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "contract/writing.h"

#define TEXT_BYTES 16384u

static void put(struct pst_json *json, const char *path, const char *value)
{
	if (value)
		pst_json_put_text(json, path, value); /* backslashes are part of a pattern */
}

/* Who and whom, as JSON: what is in the words is escaped there. */
static int put_words(const struct pst_skeleton *skeleton, char *out, size_t out_size)
{
	_cleanup_(pst_json_clear) struct pst_json *json = pst_json_new();
	struct pst_json *software;

	if (!json)
		return -ENOMEM;
	put(json, "contract", skeleton->id);
	pst_json_put_int(json, "version", 1);
	put(json, "vendor", skeleton->vendor);
	software = pst_json_add_object(json, "software");
	put(software, "path", skeleton->path);
	put(software, "package", skeleton->package);
	put(software, "unit", skeleton->unit);
	return pst_json_print(json, out, out_size);
}

static const char head[] =
	"// Which network channels may this software open? All that is not declared here makes an alert.\n"
	"// 'postern contract check FILE' tells every error, 'postern contract fmt -w FILE' tidies it.\n"
	"{ \"format\": 1,";

static const char tail[] =
	", \"children\": \"all\", // what it starts is bound too; \"own\": only what matches itself\n\n"
	"// What it may open; an absent key means any. Each entry needs a reason that a reviewer can check:\n"
	"//   { \"connect\": \"tcp\", \"to\": \"10.20.0.0/16\", \"port\": 443, \"why\": \"backup vault\" },\n"
	"//   { \"connect\": \"udp\", \"to\": \"@resolvers\", \"port\": 53, \"why\": \"names\" },\n"
	"//   { \"listen\": \"tcp\", \"on\": \"127.0.0.1\", \"port\": 9300, \"from\": \"127.0.0.0/8\" },\n"
	"//   { \"unix\": \"/run/acme/*\" }\n"
	"\"channels\": [],\n\n"
	"// What it may execute, when that is to be told:\n"
	"//   \"exec\": [\"/opt/acme/bin/*\", \"/usr/bin/bash\"],\n"
	"\"on_violation\": \"alert\" }";

int64_t pst_contract_skeleton(const struct pst_skeleton *skeleton, struct pst_diags *diags,
			      char **out)
{
	_cleanup_free_ char *words = malloc(TEXT_BYTES), *text = malloc(2 * TEXT_BYTES);
	int len = words && text ? put_words(skeleton, words, TEXT_BYTES) : -ENOMEM;

	if (len == -EMSGSIZE)
		pst_diags_add(diags, PST_DIAG_ERROR, 0, 0, "these words are too long");
	if (len < 0)
		return len == -EMSGSIZE ? -EINVAL : len;
	words[len - 1] = '\0'; /* its brackets are ours */
	(void)pst_text_format(text, 2 * TEXT_BYTES, "%s%s%s", head, words + 1, tail); /* fits */
	return pst_contract_format(text, strlen(text), diags, out);
}
