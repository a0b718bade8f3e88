// SPDX-License-Identifier: Apache-2.0
/* deleted_exec: did somebody run a file that had no name any more?
 * An upgrade replaces files that run already: that is no exec. To execute what is unlinked already
 * takes a descriptor, or a race, and is what implants do. Any process, vendor software or not. For
 * programs older than us the moment of the unlink is unknown: only those below directories that
 * anybody can write count. Blind to: a file that is unlinked right after its exec. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

static const char *const writable[] = { "/dev/shm/", "/tmp/", "/var/tmp/", "/run/", "/var/run/" };

static bool is_below_writable(const char *path)
{
	for (size_t i = 0; i < sizeof(writable) / sizeof(writable[0]); i++) {
		if (strncmp(path, writable[i], strlen(writable[i])) == 0)
			return true;
	}
	return false;
}

/* systemd holds its executor by a descriptor from its own start on, so that an upgrade cannot
 * change it in between: until it is executed again, each service begins with a file without a name.
 */
static bool is_pinned_executor(const struct pst_image *image)
{
	const struct pst_image *caller = image->prev;

	return caller && !caller->program->vendor && !caller->program->foreign_root &&
	       strcmp(pst_program_name(caller->program), "systemd") == 0 &&
	       strcmp(image->program->path, "/usr/lib/systemd/systemd-executor") == 0;
}

static bool is_allowed(const struct pst_detect *detect, struct pst_image *image,
		       struct pst_judgement *judgement)
{
	pst_case_judge_image(detect, image, judgement);
	if (judgement->contract < 0 && image->prev)
		pst_case_judge_image(detect, image->prev, judgement); /* it runs on its behalf */
	return pst_contract_allows_deleted(pst_case_contract(detect, judgement->contract));
}

static void report(const struct pst_case *c)
{
	const struct pst_image *image = c->process->image;
	bool grave = is_below_writable(image->program->path);
	struct pst_finding finding;
	char name[PST_WORDS_NAME], path[256], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_DELETED_EXEC, &finding);
	finding.severity = grave ? PST_CRITICAL : PST_HIGH;
	finding.score = grave ? 90 : 75;
	(void)pst_text_safe(image->program->path, strlen(image->program->path), path,
			    sizeof(path)); /* a cut path will do here */
	if (finding.preexisting)
		(void)pst_text_format(finding.message, sizeof(finding.message),
				      "%s runs, and its file is deleted",
				      path); /* a cut sentence is still one */
	else
		(void)pst_text_format(finding.message, sizeof(finding.message),
				      "%s executed %s after that file had been deleted",
				      image->prev ? pst_words_program(image->prev, name) :
						    "somebody",
				      path); /* as above */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s), uid %" PRIu32 ", inode %" PRIu64 "%s%s",
			      c->process->id.tgid, pst_words_lineage(image, lineage),
			      c->process->uid, image->program->inode,
			      grave ? ", from a directory that anybody can write" : "",
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

	if (!event->exec.deleted || event->exec.memfd || is_pinned_executor(process->image))
		return;
	if (event->preexisting && !is_below_writable(process->image->program->path))
		return;
	if (!is_allowed(detect, process->image, &judgement))
		report(&c);
}

const struct pst_detector pst_detector_deleted_exec = {
	.id = PST_DETECTOR_DELETED_EXEC,
	.name = "deleted_exec",
	.title = "Program run from a deleted file",
	.category = "execution",
	.explain =
		"What it means: a program was executed whose file had already been deleted, so\n"
		"that nobody can look at it; or one that is older than monitoring runs from a\n"
		"deleted file below /dev/shm, /tmp, /var/tmp or /run. It is a finding for every\n"
		"process, vendor software or not.\n"
		"What to do: copy /proc/PID/exe before the process ends, and follow the lineage.\n"
		"An upgrade makes the files of running programs deleted, but is no exec, and is\n"
		"not told. Software that deletes its own unpacked helper before running it is\n"
		"allowed by \"deleted_exec\" in its contract's \"allow\".\n"
		"Blind to: a file that is deleted after its exec, which every upgrade does too;\n"
		"systemd's executor, which systemd holds open across upgrades; programs older than\n"
		"monitoring that were deleted elsewhere: needrestart lists those.",
	.technique = { { "TA0005", "Stealth", "T1070", "Indicator Removal on Host", "T1070.004",
			 "File Deletion" },
		       { "TA0005", "Stealth", "T1620", "Reflective Code Loading", NULL, NULL } },
	.on_exec = on_exec,
};
