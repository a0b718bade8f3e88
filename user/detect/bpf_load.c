// SPDX-License-Identifier: Apache-2.0
/* bpf_load: did software give the kernel a program that carries, changes or listens to packets?
 * Such a program meets packets before any firewall, has no socket that a tool would list, and stays
 * when pinned after whoever loaded it has ended. One finding for each type: the name is the
 * loader's choice. Blind to: what the program does; software of the distribution under no contract;
 * programs that were loaded before us; kernels without the security hook. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"
#include "profile/words.h"

#define TYPE_MAX 32

static const char *type_name(uint32_t type, char out[TYPE_MAX])
{
	const char *name = pst_words_name(&pst_words_bpf, type);

	if (name)
		return name;
	(void)pst_text_format(out, TYPE_MAX, "number %" PRIu32, type); /* it fits */
	return out;
}

/* sees_others - does it meet packets that are for nobody's sockets, or for those of others? The
 * rest hangs on sockets of the loader's own */
static bool sees_others(const char *type)
{
	return strcmp(type, "socket_filter") != 0 && strcmp(type, "sk_reuseport") != 0;
}

static void weigh(struct pst_finding *finding)
{
	bool bound = finding->judgement.verdict == PST_UNDECLARED;

	if (sees_others(finding->about)) {
		finding->severity = PST_HIGH;
		finding->score = bound ? 80 : 70;
	} else {
		finding->severity = PST_MEDIUM;
		finding->score = bound ? 60 : 55;
	}
}

static void say(const struct pst_case *c, struct pst_finding *finding)
{
	char who[4 * PST_WORDS_NAME], name[PST_WORDS_NAME], contract[PST_WORDS_CONTRACT];

	(void)pst_text_safe(c->event->act.name, strlen(c->event->act.name), name,
			    sizeof(name)); /* a cut name will do here */
	(void)pst_text_format(finding->message, sizeof(finding->message),
			      "%s loads %s%s of type %s into the kernel",
			      pst_words_who(c->detect, finding, who),
			      name[0] ? "the eBPF program " : "an eBPF program without a name",
			      name, finding->about); /* a cut sentence is still one */
	if (finding->judgement.verdict == PST_UNDECLARED)
		(void)pst_text_append(finding->message, sizeof(finding->message),
				      ": not in contract %s",
				      pst_words_contract(c->detect, c->judgement->contract,
							 contract)); /* as above */
}

static void report(const struct pst_case *c)
{
	struct pst_finding finding;
	char type[TYPE_MAX], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_BPF_LOAD, &finding);
	(void)pst_text_copy(finding.about, sizeof(finding.about),
			    type_name(c->event->act.number, type)); /* it fits */
	weigh(&finding);
	say(c, &finding);
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s), uid %" PRIu32 ", %" PRIu64
			      " s after its process began",
			      c->process->id.tgid, pst_words_lineage(finding.image, lineage),
			      c->process->uid,
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

	if (event->act.act != PST_BPF_LOAD)
		return;
	pst_case_judge_image(detect, process->image, &judgement);
	if (pst_case_is_watched(process->image) &&
	    !pst_contract_allows_bpf(pst_case_contract(detect, judgement.contract),
				     event->act.number))
		report(&c);
}

const struct pst_detector pst_detector_bpf_load = {
	.id = PST_DETECTOR_BPF_LOAD,
	.name = "bpf_load",
	.title = "Network program for the kernel",
	.category = "kernel",
	.explain =
		"What it means: a program gave the kernel eBPF code of a type that carries,\n"
		"changes or listens to packets: xdp, sched_cls (tc), netfilter, cgroup_skb,\n"
		"sock_ops, sk_msg, sk_lookup, socket_filter and their like. Such code meets\n"
		"packets before firewall and capture, answers or hides them, needs no open port,\n"
		"and, when pinned, outlives its loader: how modern back doors sleep. Bound\n"
		"software whose contract does not name the type, or vendor software under no\n"
		"contract. One alert for each type; it names the latest program. The attempt\n"
		"counts, whether the kernel took the program or not.\n"
		"What to do: `bpftool prog list` and `bpftool net` show what is loaded and where\n"
		"it hangs. Network plug-ins, load balancers and security agents use eBPF: name\n"
		"the types in the contract's \"allow\", as in \"bpf\": [\"xdp\", \"sched_cls\"]. A\n"
		"lone socket_filter without a name, or named libbpf_nametest, is mostly a library\n"
		"that asks what the kernel can do. Whatever else nobody can explain: keep\n"
		"`bpftool prog dump xlated` of it before the host is touched.\n"
		"Blind to: what the program does; programs of the distribution under no contract,\n"
		"ip, tc and bpftool among them, unless bound software starts them; programs\n"
		"loaded before monitoring; eBPF that only traces. Without LSM programs nothing of\n"
		"it is seen: `postern check` says so.",
	.technique = { { "TA0011", "Command and Control", "T1205", "Traffic Signaling", "T1205.002",
			 "Socket Filters" },
		       { "TA0005", "Stealth", "T1014", "Rootkit", NULL, NULL } },
	.on_act = on_act,
};
