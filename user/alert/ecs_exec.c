// SPDX-License-Identifier: Apache-2.0
/* ecs_exec: how does the execution of a program stand in a record? */
#include <inttypes.h>
#include <string.h>

#include "alert/ecs.h"
#include "base/text.h"

static void exec_message(const struct pst_facts *facts, char *out, size_t out_size)
{
	const char *by = pst_fact(facts, PST_FACT_PARENT_NAME),
		   *path = pst_fact(facts, PST_FACT_EXECUTABLE);
	char safe_by[129], safe_path[257];

	by = by ? by : "an unknown program";
	path = path ? path : "an unknown program";
	(void)pst_text_safe(by, strlen(by), safe_by,
			    sizeof(safe_by)); /* cut names will do in a sentence */
	(void)pst_text_safe(path, strlen(path), safe_path, sizeof(safe_path));
	(void)pst_text_format(out, out_size, "%s executed %s", safe_by,
			      safe_path); /* both are bounded */
}

void pst_ecs_fill_exec(struct pst_ecs *ecs, const void *what)
{
	const struct pst_ecs_exec *exec = what;
	const struct pst_facts *facts = exec->facts;
	char message[400], inode[48];
	const struct pst_ecs_head head = {
		.time_ns = exec->time_ns,
		.id = exec->event_id,
		.kind = "event",
		.dataset = "postern.exec",
		.action = "exec",
		.message = message,
		.category = { "process" },
		.type = { "start" },
	};

	exec_message(facts, message, sizeof(message));
	pst_ecs_head(ecs, &head);
	pst_json_put_text(ecs->json, "event.outcome", "success");
	pst_ecs_process(ecs, facts);
	pst_ecs_powers(ecs, facts);
	pst_ecs_context(ecs, facts);
	pst_ecs_put_ours(ecs, "postern.exec.lineage_vendor", pst_fact(facts, PST_FACT_BOUND_BY));
	pst_json_put_bool(ecs->json, "postern.exec.memfd", facts->memfd);
	pst_json_put_bool(ecs->json, "postern.exec.deleted", facts->deleted);
	if (facts->inode) {
		(void)pst_text_format(inode, sizeof(inode), "%02" PRIx32 "%02" PRIx32 ":%" PRIu64,
				      facts->dev_major, facts->dev_minor,
				      facts->inode); /* 8 + 8 + 1 + 20 */
		pst_json_put_text(ecs->json, "postern.exec.inode", inode);
	}
	pst_ecs_streams(ecs, facts);
	pst_ecs_contract(ecs, facts);
	pst_ecs_lineage(ecs, facts);
}
