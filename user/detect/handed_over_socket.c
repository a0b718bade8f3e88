// SPDX-License-Identifier: Apache-2.0
/* handed_over_socket: does software use a socket that a stranger opened?
 * A socket passes by SCM_RIGHTS or pidfd_getfd to processes that neither descend from its opener
 * nor run the same program: a way to let others make the connection. Socket activation passes them
 * down the lineage, and is normal. Only sockets that reach beyond the host's own means (unix,
 * netlink, AF_ALG): those are passed around all day. Blind to: who passed it on in between. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

static bool is_local_kind(const struct pst_channel *channel)
{
	return channel->key.kind == PST_UNIX || channel->key.kind == PST_UNIX_LISTEN ||
	       channel->key.kind == PST_NETLINK || channel->key.kind == PST_ALG;
}

static bool is_same(const struct pst_proc_id *a, const struct pst_proc_id *b)
{
	return a->tgid == b->tgid && a->start_ns == b->start_ns;
}

/* What the first process opened went down to its descendants, which all others are. */
static bool came_down(const struct pst_case *c, const struct pst_proc_id *opener)
{
	const struct pst_process *user = c->process;

	return opener->tgid <= 1 || is_same(opener, &user->id) || is_same(opener, &user->parent) ||
	       is_same(opener, &user->root) ||
	       pst_attrib_descends(c->detect->attrib, &user->id, opener);
}

static bool is_allowed(const struct pst_case *c, const struct pst_process *opener)
{
	const struct pst_contract *contract = pst_case_contract(c->detect,
								c->process->image->contract);
	const struct pst_program *program = opener ? opener->image->program : NULL;

	return pst_contract_allows_handover(contract, program ? program->path : "") ||
	       (program && pst_contract_allows_handover(contract, pst_program_executed(program)));
}

struct weight {
	enum pst_severity severity;
	uint32_t score;
};

/* A program of the distribution that speaks for vendor software is the better disguise. */
static struct weight weight_of(const struct pst_case *c)
{
	if (c->process->image->contract >= 0)
		return (struct weight){ PST_HIGH, 75 };
	if (pst_attrib_subject(c->process->image))
		return (struct weight){ PST_MEDIUM, 60 };
	return (struct weight){ PST_HIGH, 70 };
}

static void report(const struct pst_case *c, const struct pst_process *opener)
{
	const struct pst_channel *channel = c->channel;
	struct weight weight = weight_of(c);
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], from[PST_WORDS_NAME];
	char lineage[PST_WORDS_LINEAGE], other[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_HANDED_OVER_SOCKET, &finding);
	finding.severity = weight.severity;
	finding.score = weight.score;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s uses a %s socket to %s that %s opened",
			      pst_words_who(c->detect, &finding, who),
			      pst_kind_name((enum pst_kind)channel->key.kind),
			      pst_words_end(channel, end),
			      opener ? pst_words_program(opener->image, from) :
				       "a process that is gone"); /* a cut sentence is still one */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s) does not descend from the opener, pid %" PRIu32
			      "%s%s%s; %" PRIu64 " socket%s taken over",
			      c->process->id.tgid, pst_words_lineage(finding.image, lineage),
			      channel->owner.tgid, opener ? " (" : "",
			      opener ? pst_words_lineage(opener->image, other) : "",
			      opener ? ")" : "", channel->count.taken,
			      channel->count.taken == 1 ? "" : "s"); /* lineages are bounded */
	pst_case_tell(c, &finding);
}

static bool is_strange(const struct pst_case *c, const struct pst_process *opener)
{
	if (came_down(c, &c->channel->owner))
		return false;
	if (!opener) /* what is older than us may have lost its chain */
		return !c->channel->preexisting && pst_case_is_watched(c->process->image);
	return opener->image->program != c->process->image->program &&
	       (pst_case_is_watched(c->process->image) || pst_case_is_watched(opener->image));
}

static void on_channel(const struct pst_case *c)
{
	const struct pst_process *opener;

	if (!c->channel->handed || !c->channel->owner.tgid || is_local_kind(c->channel) ||
	    !pst_case_is_first(c, PST_DETECTOR_HANDED_OVER_SOCKET))
		return;
	opener = pst_attrib_find(c->detect->attrib, &c->channel->owner);
	if (is_strange(c, opener) && !is_allowed(c, opener))
		report(c, opener);
}

const struct pst_detector pst_detector_handed_over_socket = {
	.id = PST_DETECTOR_HANDED_OVER_SOCKET,
	.name = "handed_over_socket",
	.title = "Socket that a stranger opened",
	.category = "handover",
	.explain =
		"What it means: a process uses a network socket that another one opened, from\n"
		"which it does not descend and whose program it does not run. One of the two is\n"
		"bound by a contract, or vendor software under none. Whoever may not connect can\n"
		"have others connect, and take the socket (SCM_RIGHTS, pidfd_getfd). The bytes are\n"
		"charged to who moved them; the alert names the opener too.\n"
		"What to do: look at both lineages. Proxies, sandboxes and privilege-separated\n"
		"products pass sockets by design: name the opener in \"handed_over_sockets\" of\n"
		"the contract's \"allow\". pidfd_getfd from outside needs the right to debug the\n"
		"other process, which servers have no use for.\n"
		"Blind to: processes in between, since only opener and user are known; sockets of\n"
		"unix, netlink and AF_ALG, which are passed around all day; a helper that the\n"
		"program starts itself: what a descendant gets, as with socket activation by\n"
		"systemd, is normal.",
	.technique = { { "TA0002", "Execution", "T1559", "Inter-Process Communication", NULL,
			 NULL },
		       { "TA0011", "Command and Control", "T1090", "Proxy", "T1090.001",
			 "Internal Proxy" } },
	.on_channel = on_channel,
};
