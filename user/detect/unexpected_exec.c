// SPDX-License-Identifier: Apache-2.0
/* unexpected_exec: did bound software execute a program that its contract does not name?
 * Judged by the contract of the image that called exec: what starts the software itself is not its
 * doing. Blind to: code that runs without an exec (libraries, interpreters' scripts); contracts
 * without an exec list. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

/* Programs that move bytes or run commands for others: what an intruder executes first. */
static const char *const tools[] = { "sh",   "bash", "dash",   "zsh",	  "ksh",   "busybox",
				     "nc",   "ncat", "socat",  "curl",	  "wget",  "ssh",
				     "scp",  "sftp", "rsync",  "openssl", "perl",  "python3",
				     "tftp", "ftp",  "telnet", "xxd",	  "base64" };

static bool is_tool(const struct pst_image *image)
{
	const char *path = pst_program_executed(image->program), *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		if (strcmp(name, tools[i]) == 0)
			return true;
	}
	return false;
}

/* A process that is older than us stands for an exec of its own, though it may be a worker that its
 * parent forked: one that runs what its parent runs is taken for that. */
static bool is_fork_of(const struct pst_image *image, const struct pst_image *caller)
{
	return image->preexisting && strcmp(image->program->path, caller->program->path) == 0;
}

enum pst_verdict pst_detect_exec_verdict(const struct pst_contracts *set,
					 const struct pst_image *image, int32_t *contract)
{
	struct pst_image *caller = image->prev;
	const struct pst_contract *contract_of;
	int allowed;

	if (!caller || !image->program->path[0] || is_fork_of(image, caller))
		return PST_VERDICT_NONE; /* what is unknown cannot be judged */
	if (caller->contract_generation != pst_contracts_generation(set))
		pst_contract_bind(set, caller); /* its index is of a set that is gone */
	if (caller->contract < 0)
		return PST_VERDICT_NONE;
	contract_of = pst_contracts_at(set, (size_t)caller->contract);
	allowed = pst_contract_exec_allowed(contract_of, image->program->path);
	if (allowed == 0) /* who may execute the interpreter may give it a script */
		allowed = pst_contract_exec_allowed(contract_of,
						    pst_program_executed(image->program));
	if (allowed < 0)
		return PST_VERDICT_NONE;
	*contract = caller->contract;
	return allowed ? PST_DECLARED : PST_UNDECLARED;
}

static void report(const struct pst_case *c, const struct pst_contract *contract)
{
	const struct pst_image *image = c->process->image;
	struct pst_finding finding;
	char caller[PST_WORDS_NAME], path[256], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_UNEXPECTED_EXEC, &finding);
	finding.subject = image->prev->binder ? image->prev->binder : image->prev;
	finding.severity = is_tool(image) ? PST_HIGH : PST_MEDIUM;
	finding.score = is_tool(image) ? 75 : 60;
	(void)pst_text_safe(image->program->path, strlen(image->program->path), path,
			    sizeof(path)); /* a cut path will do here */
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s (%s) executed %s: not in the exec list of contract %s@%" PRIu64,
			      pst_words_program(image->prev, caller), contract->id, path,
			      contract->id, contract->version); /* a cut sentence is still one */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s); the list has %zu entr%s", c->process->id.tgid,
			      pst_words_lineage(image, lineage), contract->exec_count,
			      contract->exec_count == 1 ? "y" :
							  "ies"); /* lineage is bounded: it fits */
	c->detect->found(c->detect->context, &finding);
}

static void on_exec(struct pst_detect *detect, const struct pst_event *event,
		    struct pst_process *process)
{
	struct pst_judgement judgement = { .contract = -1, .clause = -1, .nearest = -1 };
	const struct pst_case c = {
		.detect = detect, .event = event, .process = process, .judgement = &judgement
	};

	judgement.verdict = pst_detect_exec_verdict(detect->contracts, process->image,
						    &judgement.contract);
	if (judgement.verdict == PST_UNDECLARED)
		report(&c, pst_contracts_at(detect->contracts, (size_t)judgement.contract));
}

const struct pst_detector pst_detector_unexpected_exec = {
	.id = PST_DETECTOR_UNEXPECTED_EXEC,
	.name = "unexpected_exec",
	.title = "Program outside of the contract's exec list",
	.category = "execution",
	.explain = "What it means: software under a contract with an \"exec\" list executed a\n"
		   "program that the list does not name. Shells, interpreters and tools that move\n"
		   "bytes weigh more.\n"
		   "What to do: look at the command line and the lineage. A new helper of a new\n"
		   "version belongs into the list; a shell, curl or nc below a product that never\n"
		   "needed one is how most intrusions begin.\n"
		   "Blind to: code that runs without an exec, such as libraries, plug-ins and\n"
		   "scripts of an allowed interpreter; contracts without an exec list; programs\n"
		   "whose path the kernel could not tell.",
	.technique = { { "TA0002", "Execution", "T1059", "Command and Scripting Interpreter",
			 "T1059.004", "Unix Shell" },
		       { "TA0011", "Command and Control", "T1105", "Ingress Tool Transfer", NULL,
			 NULL } },
	.on_exec = on_exec,
};
