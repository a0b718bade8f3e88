// SPDX-License-Identifier: Apache-2.0
/* program_changed: is the file behind a known program another one than before?
 * Bound software and vendor software; told once for each change, when the file's hash or its
 * package's version is known and differs from what the history of weeks knows. An upgrade changes
 * both; another file of the same package and version is none that the package installed.
 * Blind to: libraries and configuration; files that are never hashed (too big, gone before they
 * were read) and of no package; code that is changed in memory. */
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

#define HASH_SHOWN "%.16s"

static bool has_version(const struct pst_past_identity *identity)
{
	return identity->package && identity->version;
}

static bool is_same_release(const struct pst_detect_change *change)
{
	const struct pst_past_identity *a = change->before, *b = change->after;

	return has_version(a) && has_version(b) && strcmp(a->package, b->package) == 0 &&
	       strcmp(a->version, b->version) == 0;
}

/* Was it made unreadable before anybody knew what it is? */
static bool is_hidden(const struct pst_past_identity *identity)
{
	return identity->hash_state == PST_HASH_UNVERIFIED || identity->hash_state == PST_HASH_GONE;
}

static void weigh(const struct pst_detect_change *change, struct pst_finding *finding)
{
	bool upgraded = has_version(change->before) && has_version(change->after);

	finding->severity = PST_MEDIUM;
	finding->score = 50;
	if (is_same_release(change) || (!upgraded && is_hidden(change->after))) {
		finding->severity = PST_HIGH;
		finding->score = 75;
	} else if (upgraded) {
		finding->severity = PST_LOW;
		finding->score = 25;
	}
}

/* "acme-backup 7.2.1-3", or what else tells it apart; @out holds PST_WORDS_PEER */
static const char *release(const struct pst_past_identity *identity, char *out)
{
	char package[PST_WORDS_NAME], version[PST_WORDS_NAME];

	if (!has_version(identity)) {
		(void)pst_text_format(out, PST_WORDS_PEER,
				      identity->sha256[0] ? "the file " HASH_SHOWN "..." :
							    "a file that was not hashed",
				      identity->sha256); /* fits */
		return out;
	}
	(void)pst_text_safe(identity->package, strlen(identity->package), package,
			    sizeof(package)); /* cut names will do in a sentence */
	(void)pst_text_safe(identity->version, strlen(identity->version), version, sizeof(version));
	(void)pst_text_format(out, PST_WORDS_PEER, "%s %s", package, version); /* fits */
	return out;
}

static const char *hash(const struct pst_past_identity *identity)
{
	return identity->sha256[0] ? identity->sha256 : "not known";
}

/* Two readings of one file, between which it should have been the same. */
static void write_readings(const struct pst_detect *detect, const struct pst_detect_change *change,
			   struct pst_finding *finding)
{
	char who[4 * PST_WORDS_NAME];

	(void)pst_text_format(
		finding->message, sizeof(finding->message),
		"%s is not the file that the kernel measured when it was executed, though its times say so",
		pst_words_who(detect, finding, who)); /* a cut sentence is still one */
	(void)pst_text_format(finding->reason, sizeof(finding->reason),
			      "SHA-256 measured by the kernel (IMA): %s; read from the file: %s",
			      change->before->sha256, change->after->sha256); /* fits */
}

static void write_sentences(const struct pst_detect *detect, const struct pst_detect_change *change,
			    struct pst_finding *finding)
{
	char who[4 * PST_WORDS_NAME], before[PST_WORDS_PEER], after[PST_WORDS_PEER];

	(void)pst_text_format(
		finding->message, sizeof(finding->message),
		is_same_release(change) ?
			"%s was changed: it is not the file that it was, but still %s" :
			"%s was changed: it was %s",
		pst_words_who(detect, finding, who),
		release(change->before, before)); /* a cut sentence is still one */
	if (!is_same_release(change))
		(void)pst_text_append(finding->message, sizeof(finding->message), " and is %s",
				      release(change->after, after)); /* as above */
	(void)pst_text_format(finding->reason, sizeof(finding->reason),
			      "SHA-256 before: %s; now: %s", hash(change->before),
			      hash(change->after)); /* 2 * 64 digits fit */
	if (change->window_s)
		(void)pst_text_append(finding->reason, sizeof(finding->reason),
				      "; for %u h its new external peers are one finding",
				      (unsigned int)(change->window_s / 3600)); /* as above */
}

static void on_change(struct pst_detect *detect, const struct pst_detect_change *change)
{
	struct pst_finding finding = {
		.detector = PST_DETECTOR_PROGRAM_CHANGED,
		.process = change->process,
		.image = change->image,
		.subject = change->image,
		.occurrences = 1,
		.time_ns = change->time_ns,
	};

	pst_case_judge_image(detect, change->image, &finding.judgement);
	weigh(change, &finding);
	if (change->is_one_file)
		write_readings(detect, change, &finding);
	else
		write_sentences(detect, change, &finding);
	(void)pst_text_format(finding.about, sizeof(finding.about), HASH_SHOWN " to " HASH_SHOWN,
			      hash(change->before), hash(change->after)); /* fits */
	detect->found(detect->context, &finding);
}

const struct pst_detector pst_detector_program_changed = {
	.id = PST_DETECTOR_PROGRAM_CHANGED,
	.name = "program_changed",
	.title = "Another file behind a known program",
	.category = "integrity",
	.explain =
		"What it means: a program that a contract binds, or vendor software, is executed\n"
		"from another file than before: its SHA-256, or the version of its package,\n"
		"differs from what was known. An upgrade does that, and is of low severity when\n"
		"the package's version changed with it. Another file under the same package and\n"
		"version is none that the package brought: of high severity. So is a new file that\n"
		"was touched or taken away before its hash was known. Where the kernel measures\n"
		"what is executed (IMA) by SHA-256, a file that reads otherwise although its time\n"
		"of change is the same was written past the file system, or lies where IMA does not\n"
		"see changes (network file systems), or IMA was told to measure by fs-verity.\n"
		"What to do: was an upgrade planned, and does the vendor publish this hash? Then\n"
		"read changed_channels for what is new since, and 'postern learn' for what the\n"
		"contract would need. If not, keep the file and treat the host as suspect.\n"
		"Blind to: libraries, configuration and data; files that were never hashed and\n"
		"belong to no package; code that is changed in memory; changes of a time in which\n"
		"the program never ran; those of a running script, until it starts again;\n"
		"files of the distribution that were overwritten, which count as its own still.",
	.technique = { { "TA0003", "Persistence", "T1554", "Compromise Host Software Binary", NULL,
			 NULL },
		       { "TA0001", "Initial Access", "T1195", "Supply Chain Compromise",
			 "T1195.002", "Compromise Software Supply Chain" } },
	.on_change = on_change,
};
