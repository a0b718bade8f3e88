// SPDX-License-Identifier: Apache-2.0
/* changed_channels: what does vendor software under no contract do since its file was changed that
 * it did not do before? For review.window all of its new external peers are one finding, which
 * grows; so an upgrade is one difference to look at. Raw and packet sockets, vsock, tunnels and
 * listeners beyond loopback never wait: their detectors tell them as ever. Blind to: internal
 * peers; what was there before under another path. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "detect/case.h"

#define SECOND_NS INT64_C(1000000000)

struct list {
	const struct pst_detect *detect;
	const struct pst_program *program;
	const struct pst_program_profile *profile;
	struct pst_finding *finding;
};

static bool is_new(const struct list *list, const struct pst_channel *channel)
{
	return !channel->preexisting && !channel->known_before && !channel->folded &&
	       channel->first_ns >= list->profile->review_from_ns &&
	       (channel->key.kind == PST_TCP_CONNECT || channel->key.kind == PST_UDP_PEER) &&
	       pst_is_external(list->detect, &channel->key.peer) &&
	       pst_case_is_charged(list->detect, channel, list->program);
}

static bool note(void *context, struct pst_channel *channel)
{
	struct list *list = context;

	if (is_new(list, channel))
		(void)pst_case_list(list->finding, channel); /* once is enough */
	return true;
}

/* So that the list is the same in whichever order they were learned. */
static int by_end(const void *left, const void *right)
{
	return pst_channel_end_order(*(const struct pst_channel *const *)left,
				     *(const struct pst_channel *const *)right);
}

/* When its file was changed: findings of two changes are two. */
static void write_about(const struct list *list, struct pst_finding *finding)
{
	int64_t wall_ns = pst_wall_ns(list->profile->review_from_ns, list->detect->wall_offset_ns);
	time_t seconds = (time_t)(wall_ns / SECOND_NS);
	struct tm parts;

	if (!gmtime_r(&seconds, &parts) || strftime(finding->about, sizeof(finding->about),
						    "changed %Y-%m-%d %H:%M:%S UTC", &parts) == 0)
		(void)pst_text_copy(finding->about, sizeof(finding->about), "changed"); /* fits */
}

static void write_sentences(const struct list *list, struct pst_finding *finding)
{
	char who[4 * PST_WORDS_NAME];

	(void)pst_text_format(
		finding->message, sizeof(finding->message),
		"%s has %zu external peer%s that %s new since its file was changed",
		pst_words_who(list->detect, finding, who), finding->standing_total,
		finding->standing_total == 1 ? "" : "s",
		finding->standing_total == 1 ? "is" : "are"); /* a cut sentence is still one */
	pst_words_add_list(finding);
}

bool pst_case_is_reviewed(const struct pst_case *c, const struct pst_program_profile *program)
{
	return !pst_case_is_first(c, PST_DETECTOR_CHANGED_CHANNELS) ||
	       (c->channel->first_ns >= program->review_from_ns &&
		c->channel->first_ns < program->review_until_ns);
}

void pst_case_review(const struct pst_case *c, const struct pst_image *subject,
		     const struct pst_program_profile *program)
{
	struct pst_finding finding;
	struct list list = { .detect = c->detect,
			     .program = subject->program,
			     .profile = program,
			     .finding = &finding };

	if (!pst_case_is_first(c, PST_DETECTOR_CHANGED_CHANNELS))
		return;
	pst_case_open(c, PST_DETECTOR_CHANGED_CHANNELS, &finding);
	finding.channel = NULL; /* it is about all of them */
	finding.image = finding.subject = subject;
	finding.process = NULL;
	finding.occurrences = 1;
	finding.severity = PST_MEDIUM;
	finding.score = 50;
	pst_profile_each(c->detect->profile, note, &list);
	qsort(finding.standing, finding.standing_count, sizeof(finding.standing[0]), by_end);
	write_about(&list, &finding);
	write_sentences(&list, &finding);
	pst_case_tell(c, &finding);
}

const struct pst_detector pst_detector_changed_channels = {
	.id = PST_DETECTOR_CHANGED_CHANNELS,
	.name = "changed_channels",
	.title = "New peers since a program was changed",
	.category = "undeclared",
	.explain =
		"What it means: the file of vendor software under no contract was changed, as an\n"
		"upgrade does, and since then it talks to external peers that it never talked to\n"
		"before. For review.window (a day) they are one finding that grows, instead of\n"
		"one each. What never waits: raw and packet sockets, vsock, tunnels, listeners\n"
		"beyond loopback.\n"
		"What to do: hold the list against the vendor's release notes. A new peer that\n"
		"they do not explain is a question to the vendor; until it is answered, block it.\n"
		"Blind to: peers inside of internal_networks; a peer that was contacted in the\n"
		"moment between the start of the new file and its hash, when the file was\n"
		"changed while postern did not run.",
	.technique = { { "TA0001", "Initial Access", "T1195", "Supply Chain Compromise",
			 "T1195.002", "Compromise Software Supply Chain" } },
};
