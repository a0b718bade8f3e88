// SPDX-License-Identifier: Apache-2.0
/* ecs_process: how does a process, with its parent, its lineage and its contract, stand in a
 * record? */
#include <inttypes.h>
#include <string.h>

#include "alert/ecs.h"
#include "base/text.h"

static void put_args(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const char *args = pst_fact(facts, PST_FACT_ARGS);
	const char *end = args + facts->args_len;
	char safe[1025];
	size_t count = 0;

	while (args < end) {
		size_t len = strnlen(args, (size_t)(end - args));

		if (count < ecs->limits->args) {
			if (!pst_text_safe(args, len, safe, ecs->limits->arg + 1))
				ecs->cut |= PST_CUT_ARGS;
			pst_json_add_text(ecs->json, "process.args", safe);
		} else {
			ecs->cut |= PST_CUT_ARGS;
		}
		count++;
		args += len + 1;
	}
	if (facts->args_cut)
		ecs->cut |= PST_CUT_ARGS; /* nobody knows how many there were */
	else
		pst_ecs_put_uint(ecs, "process.args_count", count);
}

static void put_command_line(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	char line[PST_FACTS_STRING_MAX + 1], safe[PST_FACTS_STRING_MAX + 1];
	size_t len = facts->args_len, i;

	memcpy(line, pst_fact(facts, PST_FACT_ARGS), len);
	while (len && !line[len - 1])
		len--;
	for (i = 0; i < len; i++)
		if (!line[i])
			line[i] = ' ';
	if (!pst_text_safe(line, len, safe, ecs->limits->command_line + 1) || facts->args_cut)
		ecs->cut |= PST_CUT_COMMAND_LINE;
	if (safe[0])
		pst_json_put_text(ecs->json, "process.command_line", safe);
}

static void put_parent(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	char entity[PST_ENTITY_ID_TEXT];

	if (!facts->parent.tgid)
		return;
	pst_json_put_text(ecs->json, "process.parent.entity_id",
			  pst_id_entity(&ecs->speaker->host, &facts->parent, entity));
	pst_ecs_put_uint(ecs, "process.parent.pid", facts->parent.tgid);
	pst_ecs_put_raw(ecs, "process.parent.name", pst_fact(facts, PST_FACT_PARENT_NAME));
	pst_ecs_put_raw(ecs, "process.parent.executable",
			pst_fact(facts, PST_FACT_PARENT_EXECUTABLE));
}

/* The file's hashes: of a script nobody asked for that of its interpreter. The kernel's stands here
 * when ECS has a field for its algorithm; its SHA-256 only where there is no other. */
static void put_hashes(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	static const char *const others[][2] = { { "md5:", "process.hash.md5" },
						 { "sha1:", "process.hash.sha1" },
						 { "sha384:", "process.hash.sha384" },
						 { "sha512:", "process.hash.sha512" } };
	const char *measured = pst_fact(facts, PST_FACT_MEASURED);

	if (pst_fact(facts, PST_FACT_SCRIPT))
		return;
	pst_ecs_put_ours(ecs, "process.hash.sha256", pst_fact(facts, PST_FACT_SHA256));
	for (size_t i = 0; measured && i < sizeof(others) / sizeof(others[0]); i++) {
		size_t len = strlen(others[i][0]);

		if (strncmp(measured, others[i][0], len) == 0)
			pst_ecs_put_ours(ecs, others[i][1], measured + len);
	}
}

void pst_ecs_process(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	char text[PST_ENTITY_ID_TEXT];

	if (facts->has_process) {
		pst_json_put_text(ecs->json, "process.entity_id",
				  pst_id_entity(&ecs->speaker->host, &facts->proc, text));
		pst_ecs_put_uint(ecs, "process.pid", facts->proc.tgid);
		pst_ecs_put_time(ecs, "process.start", facts->proc.start_ns);
		(void)pst_text_format(text, sizeof(text), "%" PRIu32, facts->uid); /* ten digits */
		pst_json_put_text(ecs->json, "process.user.id", text);
	}
	pst_ecs_put_raw(ecs, "process.name", pst_fact(facts, PST_FACT_NAME));
	pst_ecs_put_raw(ecs, "process.executable", pst_fact(facts, PST_FACT_EXECUTABLE));
	put_hashes(ecs, facts);
	if (pst_fact(facts, PST_FACT_ARGS)) {
		put_command_line(ecs, facts);
		put_args(ecs, facts);
	}
	pst_ecs_put_raw(ecs, "process.working_directory", pst_fact(facts, PST_FACT_CWD));
	if (facts->has_process)
		put_parent(ecs, facts);
	pst_ecs_put_raw(ecs, "package.name", pst_fact(facts, PST_FACT_PACKAGE));
	pst_ecs_put_raw(ecs, "package.version", pst_fact(facts, PST_FACT_PACKAGE_VERSION));
}

/* process.hash is the executable's: of a script its interpreter's, which nobody asked for. */
static void put_program(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const char *script = pst_fact(facts, PST_FACT_SCRIPT);

	pst_ecs_put_raw(ecs, "postern.program.script", script);
	if (script)
		pst_ecs_put_ours(ecs, "postern.program.sha256", pst_fact(facts, PST_FACT_SHA256));
	pst_ecs_put_ours(ecs, "postern.program.measured", pst_fact(facts, PST_FACT_MEASURED));
	if (facts->hash_is_kernels)
		pst_json_put_text(ecs->json, "postern.program.hash_by", "kernel");
	if (facts->hashes_differ)
		pst_json_put_bool(ecs->json, "postern.program.hashes_differ", true);
	pst_ecs_put_ours(ecs, "postern.program.owner", pst_fact(facts, PST_FACT_OWNER));
	pst_ecs_put_raw(ecs, "postern.program.origin", pst_fact(facts, PST_FACT_ORIGIN));
}

void pst_ecs_lineage(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	size_t i;

	put_program(ecs, facts);
	pst_ecs_put_raw(ecs, "postern.lineage.root", pst_fact(facts, PST_FACT_ROOT));
	pst_ecs_put_raw(ecs, "postern.lineage.unit", pst_fact(facts, PST_FACT_UNIT));
	pst_ecs_put_raw(ecs, "postern.lineage.home_unit", pst_fact(facts, PST_FACT_HOME_UNIT));
	for (i = 0; i < facts->chain_count && i < ecs->limits->chain; i++)
		pst_ecs_add_raw(ecs, "postern.lineage.chain", facts->text + facts->chain[i]);
	if (facts->chain_count > ecs->limits->chain)
		ecs->cut |= PST_CUT_CHAIN;
}

void pst_ecs_contract(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	pst_ecs_put_ours(ecs, "postern.contract.id", pst_fact(facts, PST_FACT_CONTRACT));
	pst_ecs_put_ours(ecs, "postern.contract.version", pst_fact(facts, PST_FACT_VERSION));
	if (facts->verdict != PST_VERDICT_NONE)
		pst_json_put_text(ecs->json, "postern.contract.verdict",
				  pst_verdict_name(facts->verdict));
	if (facts->has_channel && facts->verdict == PST_DECLARED)
		pst_ecs_put_ours(ecs, "postern.contract.by",
				 pst_judged_by_name((enum pst_judged_by)facts->channel.judged_by));
	pst_ecs_put_ours(ecs, "postern.contract.clause", pst_fact(facts, PST_FACT_CLAUSE));
	pst_ecs_put_ours(ecs, "postern.contract.nearest", pst_fact(facts, PST_FACT_NEAREST));
	pst_ecs_put_ours(ecs, "postern.contract.why_not", pst_fact(facts, PST_FACT_WHY_NOT));
	pst_ecs_put_ours(ecs, "postern.contract.would_allow",
			 pst_fact(facts, PST_FACT_WOULD_ALLOW));
	pst_ecs_put_ours(ecs, "postern.contract.digest", pst_fact(facts, PST_FACT_DIGEST));
}
