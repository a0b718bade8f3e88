// SPDX-License-Identifier: Apache-2.0
/* memfd_exec: did somebody run a program that was never a file on disk?
 * Any process, vendor software or not, also when it is older than us. Container runtimes run a
 * sealed copy of themselves from memory, so that a container cannot overwrite them: their name for
 * it, called by themselves, is normal. Blind to: code that is loaded without an exec. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

/* The runtimes, and what they call their own copy; by cloned_binary.c of runc and of crun. */
static const struct {
	const char *runtime, *path;
} clones[] = {
	{ "runc", "/memfd:runc_cloned:/proc/self/exe" },
	{ "crun", "/memfd:crun_cloned:/proc/self/exe" },
};

/* A copy runs itself again: the caller may be one too. Who comes from a vendor's directory under
 * the name of a runtime is none. */
static bool is_own_copy(const struct pst_image *image)
{
	const struct pst_image *caller = image->prev;

	for (size_t i = 0; caller && i < sizeof(clones) / sizeof(clones[0]); i++) {
		if (strcmp(image->program->path, clones[i].path) != 0)
			continue;
		if (caller->program == image->program)
			caller = caller->prev; /* once: a third copy is no runtime's doing */
		if (caller && !caller->program->vendor && !caller->program->foreign_root &&
		    strcmp(pst_program_name(caller->program), clones[i].runtime) == 0)
			return true;
		caller = image->prev;
	}
	return false;
}

static bool is_allowed(const struct pst_detect *detect, struct pst_image *image,
		       struct pst_judgement *judgement)
{
	pst_case_judge_image(detect, image, judgement);
	if (judgement->contract < 0 && image->prev)
		pst_case_judge_image(detect, image->prev, judgement); /* it runs on its behalf */
	return pst_contract_allows_memfd(pst_case_contract(detect, judgement->contract));
}

static void report(const struct pst_case *c)
{
	const struct pst_image *caller = c->process->image->prev;
	bool watched = c->judgement->contract >= 0 || (caller && pst_attrib_subject(caller));
	struct pst_finding finding;
	char name[PST_WORDS_NAME], program[256], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_MEMFD_EXEC, &finding);
	finding.severity = watched ? PST_CRITICAL : PST_HIGH;
	finding.score = watched ? 90 : 80;
	(void)pst_text_safe(finding.image->program->path, strlen(finding.image->program->path),
			    program, sizeof(program)); /* a cut path will do here */
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s executed a program from memory, %s: no file holds it",
			      caller ? pst_words_program(caller, name) : "somebody",
			      program); /* a cut sentence is still one */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s), uid %" PRIu32 "%s%s", c->process->id.tgid,
			      pst_words_lineage(finding.image, lineage), c->process->uid,
			      c->event->exec.stdio_mask ? ", with sockets as standard streams" : "",
			      finding.preexisting ? ", was running before monitoring began" :
						    ""); /* lineage is bounded: it fits */
	c->detect->found(c->detect->context, &finding);
}

static void on_exec(struct pst_detect *detect, const struct pst_event *event,
		    struct pst_process *process)
{
	struct pst_judgement judgement;
	const struct pst_case c = {
		.detect = detect, .event = event, .process = process, .judgement = &judgement
	};

	if (event->exec.memfd && !is_own_copy(process->image) &&
	    !is_allowed(detect, process->image, &judgement))
		report(&c);
}

const struct pst_detector pst_detector_memfd_exec = {
	.id = PST_DETECTOR_MEMFD_EXEC,
	.name = "memfd_exec",
	.title = "Program run from memory",
	.category = "execution",
	.explain =
		"What it means: a program was executed from a memfd, a file that exists in memory\n"
		"only. No scanner, package manager or hash list ever saw it, and it is gone with\n"
		"its process. It is a finding for every process, vendor software or not, and also\n"
		"when it is older than monitoring.\n"
		"What to do: copy /proc/PID/exe before the process ends, and follow the lineage up\n"
		"to what made it. Software that unpacks itself in this way (some licence managers,\n"
		"packers, single-file runtimes) is allowed by \"memfd_exec\" in its contract's\n"
		"\"allow\".\n"
		"Blind to: code that is loaded without an exec (libraries from memory, scripts,\n"
		"JIT); a program that calls its memory file as runc or crun call their own copy,\n"
		"and is itself a distribution's program of that name: that is taken for the\n"
		"container runtime.",
	.technique = { { "TA0005", "Stealth", "T1620", "Reflective Code Loading", NULL, NULL },
		       { "TA0005", "Stealth", "T1027", "Obfuscated Files or Information",
			 "T1027.011", "Fileless Storage" } },
	.on_exec = on_exec,
};
