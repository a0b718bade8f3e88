// SPDX-License-Identifier: Apache-2.0
/* uring_network: does software use the network through io_uring, where no system call shows it?
 * The channels themselves are seen all the same; this tells of the way. Once per program. Blind to:
 * software of the distribution under no contract. */
#include <inttypes.h>

#include "base/text.h"
#include "detect/case.h"

/* enum io_uring_op: those that open or move, by linux/io_uring.h */
static const struct {
	uint32_t opcode;
	const char *name;
} operations[] = {
	{ 9, "sendmsg" }, { 10, "recvmsg" }, { 13, "accept" },	   { 16, "connect" },
	{ 26, "send" },	  { 27, "recv" },    { 30, "splice" },	   { 34, "shutdown" },
	{ 45, "socket" }, { 47, "send_zc" }, { 48, "sendmsg_zc" }, { 56, "bind" },
	{ 57, "listen" }, { 58, "recv_zc" }, { 1, "readv" },	   { 2, "writev" },
	{ 22, "read" },	  { 23, "write" },
};

static const char *operation_name(uint32_t opcode)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (operations[i].opcode == opcode)
			return operations[i].name;
	}
	return "unknown";
}

static void report(const struct pst_case *c)
{
	bool bound = c->judgement->verdict == PST_UNDECLARED;
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], contract[PST_WORDS_CONTRACT], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_URING_NETWORK, &finding);
	finding.severity = bound ? PST_MEDIUM : PST_LOW;
	finding.score = bound ? 55 : 35;
	(void)pst_text_format(
		finding.message, sizeof(finding.message), "%s uses the network through io_uring",
		pst_words_who(c->detect, &finding, who)); /* a cut sentence is still one */
	if (bound)
		(void)pst_text_append(finding.message, sizeof(finding.message),
				      ": not in contract %s",
				      pst_words_contract(c->detect, c->judgement->contract,
							 contract)); /* as above */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s), first %s operation (opcode %" PRIu32
			      "), %" PRIu64 " s after its process began",
			      c->process->id.tgid, pst_words_lineage(finding.image, lineage),
			      operation_name(c->event->act.number), c->event->act.number,
			      pst_words_seconds(c->process->id.start_ns,
						c->event->time_ns)); /* lineage is bounded */
	c->detect->found(c->detect->context, &finding);
}

static void on_act(struct pst_detect *detect, const struct pst_event *event,
		   struct pst_process *process)
{
	struct pst_judgement judgement;
	const struct pst_case c = {
		.detect = detect, .event = event, .process = process, .judgement = &judgement
	};

	if (event->act.act != PST_URING_NETWORK)
		return;
	pst_case_judge_image(detect, process->image, &judgement);
	if (pst_case_is_watched(process->image) &&
	    !pst_contract_allows_uring(pst_case_contract(detect, judgement.contract)))
		report(&c);
}

const struct pst_detector pst_detector_uring_network = {
	.id = PST_DETECTOR_URING_NETWORK,
	.name = "uring_network",
	.title = "Network through io_uring",
	.category = "execution",
	.explain =
		"What it means: a program submitted network operations to io_uring, which run\n"
		"without a system call. Tools that watch system calls do not see them; postern\n"
		"does, and charges channels and bytes as always. Bound software whose contract\n"
		"does not allow io_uring, or vendor software under no contract. One alert for a\n"
		"program; it names the latest sort of operation.\n"
		"What to do: databases, storage software and modern runtimes use io_uring for\n"
		"speed; the product's notes should say so: allow it by \"io_uring\" in the\n"
		"contract's \"allow\". A small agent that was never in need of speed has another\n"
		"reason. The sysctl kernel.io_uring_disabled takes it away from everybody.\n"
		"Blind to: programs of the distribution under no contract; what an operation\n"
		"carried; on kernels without the tracepoint, the operations: `postern check` says\n"
		"so. The channels are seen even then.",
	.technique = { { "TA0002", "Execution", "T1106", "Native API", NULL, NULL } },
	.on_act = on_act,
};
