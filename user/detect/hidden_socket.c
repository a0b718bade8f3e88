// SPDX-License-Identifier: Apache-2.0
/* hidden_socket: is there a socket that no descriptor of any process shows?
 * The sweep compares what the kernel holds with what the tables of descriptors show. What hides
 * itself from /proc, ss and lsof is still in the kernel's own lists. Blind to: a kernel that lies
 * in those lists too; sockets whose opening was seen and that lose their descriptor later; sockets
 * that live shorter than the time between two sweeps. */
#include <inttypes.h>

#include "base/text.h"
#include "detect/case.h"

static void report(const struct pst_case *c)
{
	bool watched = pst_case_is_watched(c->process->image);
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_HIDDEN_SOCKET, &finding);
	finding.severity = watched ? PST_HIGH : PST_MEDIUM;
	finding.score = watched ? 75 : 50;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s has a %s channel that no descriptor shows: %s",
			      pst_words_who(c->detect, &finding, who),
			      pst_kind_name((enum pst_kind)c->channel->key.kind),
			      pst_words_end(c->channel, end)); /* a cut sentence is still one */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s) opened or used it last; the kernel holds the "
			      "socket, cookie 0x%" PRIx64,
			      c->process->id.tgid, pst_words_lineage(finding.image, lineage),
			      c->channel->cookie); /* lineage is bounded: it fits */
	pst_case_tell(c, &finding);
}

/* The kernel's own sockets have no descriptor, and who may use io_uring may register sockets with
 * it. */
static bool is_explained(const struct pst_case *c)
{
	return c->channel->kernel ||
	       pst_contract_allows_uring(pst_case_contract(c->detect, c->process->image->contract));
}

static void on_channel(const struct pst_case *c)
{
	if (!c->channel->hidden || is_explained(c))
		pst_case_forget(c->channel, PST_DETECTOR_HIDDEN_SOCKET);
	else if (pst_case_is_first(c, PST_DETECTOR_HIDDEN_SOCKET))
		report(c);
}

const struct pst_detector pst_detector_hidden_socket = {
	.id = PST_DETECTOR_HIDDEN_SOCKET,
	.name = "hidden_socket",
	.title = "Socket that no descriptor shows",
	.category = "hiding",
	.explain =
		"What it means: a sweep found a socket in the kernel that no process has a\n"
		"descriptor for: ss -p and lsof show no owner. It is a finding for every process, vendor\n"
		"software or not, and also when a contract allows the channel; the alert names the\n"
		"process that opened or used it last.\n"
		"What to do: a descriptor that waits in a unix socket's queue (SCM_RIGHTS), or is\n"
		"registered with io_uring, looks so for as long as that lasts: databases and\n"
		"runtimes do the latter; \"io_uring\" in the contract's \"allow\" says so. If it is\n"
		"neither, somebody hides: look for kernel modules that nobody loaded, and trust no\n"
		"tool of this host.\n"
		"Blind to: sockets whose opening was seen, and that lose their descriptor later,\n"
		"to an io_uring or to a unix socket's queue: their channels are known, and are\n"
		"not flagged; what a changed kernel hides from its own socket lists; sockets that\n"
		"live shorter than the time between two sweeps; sockets that the kernel itself\n"
		"made, such as those of network file systems.",
	.technique = { { "TA0005", "Stealth", "T1014", "Rootkit", NULL, NULL },
		       { "TA0005", "Stealth", "T1564", "Hide Artifacts", NULL, NULL } },
	.on_channel = on_channel,
};
