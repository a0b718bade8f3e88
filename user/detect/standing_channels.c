// SPDX-License-Identifier: Apache-2.0
/* standing_channels: what does vendor software under no contract hold open, once it has settled?
 * One finding per program, so that a first run shows something true without flooding anybody. From
 * then on what is new is a finding of undeclared_channel. Blind to: programs that end and are
 * forgotten before they settle; internal peers; listeners on loopback. */
#include <inttypes.h>

#include "base/text.h"
#include "detect/case.h"

#define AT_ONCE 64	       /* programs that settle in one tick; the others settle in the next */
#define LOOK_NS 10000000000ull /* for those whose beginning was told late */

struct due { /* programs whose time has come */
	struct pst_detect *detect;
	uint64_t time_ns;
	uint64_t next_ns;		  /* when the next one's time comes */
	struct pst_image *image[AT_ONCE]; /* one of each program, one that runs if there is any */
	size_t count;
};

struct list {
	struct pst_detect *detect;
	const struct pst_program *program;
	struct pst_finding *finding;
	size_t listeners, peers;
};

/* Those that ran before us have long settled. */
static bool is_time(const struct pst_detect *detect, const struct pst_program *program,
		    uint64_t time_ns)
{
	if (program->ran_before_us || program->first_exec_ns < detect->started_ns)
		return true;
	return time_ns >= program->first_exec_ns &&
	       time_ns - program->first_exec_ns >= detect->keys.settle_ns;
}

static struct pst_image **find_due(struct due *due, const struct pst_program *program)
{
	for (size_t i = 0; i < due->count; i++) {
		if (due->image[i]->program == program)
			return &due->image[i];
	}
	return NULL;
}

static bool note_due(void *context, struct pst_image *image)
{
	struct due *due = context;
	const struct pst_program_profile *profile;
	struct pst_image **known;

	if (!image->program->vendor || image->contract >= 0)
		return true;
	profile = pst_profile_program(due->detect->profile, image->program);
	if (!profile || profile->settled)
		return true;
	if (!is_time(due->detect, image->program, due->time_ns)) {
		uint64_t settles_ns = image->program->first_exec_ns + due->detect->keys.settle_ns;

		due->next_ns = settles_ns < due->next_ns ? settles_ns : due->next_ns;
		return true;
	}
	known = find_due(due, image->program);
	if (known && !(*known)->processes)
		*known = image;
	else if (!known && due->count < AT_ONCE)
		due->image[due->count++] = image;
	return true;
}

static bool is_door(const struct pst_channel *channel)
{
	return channel->key.kind == PST_TCP_LISTEN || channel->key.kind == PST_UDP_LISTEN;
}

/* Unusual kinds are findings of their own at once, and do not stand here. */
static bool stands_out(const struct list *list, const struct pst_channel *channel)
{
	if (is_door(channel))
		return channel->open && !pst_addr_is_loopback(&channel->key.peer);
	if (channel->key.kind == PST_TCP_CONNECT || channel->key.kind == PST_UDP_PEER)
		return pst_is_external(list->detect, &channel->key.peer);
	return false;
}

static bool note_channel(void *context, struct pst_channel *channel)
{
	struct list *list = context;

	if (!stands_out(list, channel) ||
	    !pst_case_is_charged(list->detect, channel, list->program) ||
	    !pst_case_list(list->finding, channel))
		return true;
	if (is_door(channel))
		list->listeners++;
	else
		list->peers++;
	return true;
}

static void write_sentences(const struct list *list, struct pst_finding *finding)
{
	char who[4 * PST_WORDS_NAME];

	(void)pst_text_format(
		finding->message, sizeof(finding->message),
		"%s has settled with %zu listener%s beyond loopback and %zu external peer%s",
		pst_words_who(list->detect, finding, who), list->listeners,
		list->listeners == 1 ? "" : "s", list->peers,
		list->peers == 1 ? "" : "s"); /* a cut sentence is still one */
	pst_words_add_list(finding);
}

static void settle(const struct due *due, struct pst_image *image)
{
	struct pst_program_profile *profile = pst_profile_program(due->detect->profile,
								  image->program);
	struct pst_finding finding = {
		.detector = PST_DETECTOR_STANDING_CHANNELS,
		.severity = PST_LOW,
		.score = 20,
		.image = image,
		.subject = image,
		.judgement = { .verdict = PST_UNMANAGED,
			       .contract = -1,
			       .clause = -1,
			       .nearest = -1 },
		.preexisting = image->program->ran_before_us,
		.occurrences = 1,
		.time_ns = due->time_ns,
	};
	struct list list = { .detect = due->detect,
			     .program = image->program,
			     .finding = &finding };

	if (!profile)
		return;
	profile->settled = true;
	profile->settled_ns = due->time_ns;
	pst_profile_each(due->detect->profile, note_channel, &list);
	if (!finding.standing_total)
		return;
	write_sentences(&list, &finding);
	due->detect->found(due->detect->context, &finding);
}

/* A look at all images each second would cost more than all else when idle: the next one is when
 * the next program settles. One that begins after this look settles a settling time later at the
 * earliest. */
static void on_tick(struct pst_detect *detect, uint64_t time_ns)
{
	uint64_t settle_ns = detect->keys.settle_ns;
	struct due due = { .detect = detect,
			   .time_ns = time_ns,
			   .next_ns = time_ns + (settle_ns < LOOK_NS ? settle_ns : LOOK_NS) };

	if (time_ns < detect->standing_next_ns)
		return;
	pst_attrib_each_image(detect->attrib, note_due, &due);
	for (size_t i = 0; i < due.count; i++) /* at most AT_ONCE */
		settle(&due, due.image[i]);
	detect->standing_next_ns = due.count < AT_ONCE ? due.next_ns : time_ns;
}

const struct pst_detector pst_detector_standing_channels = {
	.id = PST_DETECTOR_STANDING_CHANNELS,
	.name = "standing_channels",
	.title = "What vendor software holds open",
	.category = "inventory",
	.explain =
		"What it means: vendor software under no contract has settled (unmanaged.settle\n"
		"after its first start; at once when it ran before monitoring began). The alert\n"
		"lists once what it listens on beyond loopback and which external peers it\n"
		"talked to. It is an inventory, not an accusation.\n"
		"What to do: compare the list with what the vendor says, and write a contract\n"
		"for the program; from then on every deviation is a finding of its own. A new\n"
		"external peer is one from now on even without a contract.\n"
		"Blind to: peers inside of internal_networks; listeners on loopback; programs\n"
		"that ended and were forgotten before they had settled. A back door that was\n"
		"open before monitoring began stands in this list and nowhere else.",
	.on_tick = on_tick,
};
