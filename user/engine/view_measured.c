// SPDX-License-Identifier: Apache-2.0
/* Which hashes of a program's file are known: read by us, or measured by the kernel (IMA)? */
#include "base/json.h"
#include "engine/page.h"

void pst_page_print_measured(FILE *out, const struct pst_program *program)
{
	if (!program->measured)
		return;
	fprintf(out, "  measured by the kernel (IMA): %s%s\n", program->measured,
		pst_program_hashes_differ(program) ? "; its file reads otherwise" : "");
}

void pst_page_put_hash(struct pst_json *json, const struct pst_program *program)
{
	const char *sha256 = pst_program_sha256(program);

	if (*sha256)
		pst_json_put_text(json, "sha256", sha256);
	if (pst_program_hash_state(program) == PST_HASH_MEASURED)
		pst_json_put_text(json, "hash_state", pst_hash_state_name(PST_HASH_MEASURED));
	if (program->measured)
		pst_json_put_text(json, "measured", program->measured);
	if (pst_program_hashes_differ(program))
		pst_json_put_bool(json, "hashes_differ", true);
}
