// SPDX-License-Identifier: Apache-2.0
/* socket_filter: does software wait for a packet that only it knows?
 * BPFDoor and its kin open no port: a packet socket with a filter wakes them when a packet carries
 * the right bytes. Bound software whose contract does not name the filter's hash, vendor software
 * under no contract, and any program that runs without a file. A filter that compares bytes behind
 * the headers weighs most. Filters of netlink sockets are left alone: no packet reaches them, and
 * libudev gives one to whoever watches devices. So are those that let nothing pass: a capture puts
 * one in for the moment in which it changes its own. Blind to: what an eBPF filter looks for. */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "detect/case.h"
#include "detect/filter_code.h"

static bool is_wide(const struct pst_filter_seen *seen)
{
	return seen->family == AF_PACKET ||
	       ((seen->family == AF_INET || seen->family == AF_INET6) &&
		seen->sock_type == SOCK_RAW);
}

static enum pst_filter_link link_of(const struct pst_filter_seen *seen)
{
	if (seen->family == AF_PACKET && seen->sock_type == SOCK_RAW)
		return PST_FILTER_AT_FRAME;
	if (is_wide(seen))
		return PST_FILTER_AT_IP;
	return seen->sock_type == SOCK_STREAM ? PST_FILTER_AT_TCP : PST_FILTER_AT_UDP;
}

static const char *socket_words(const struct pst_filter_seen *seen)
{
	if (seen->family == AF_PACKET)
		return "a packet socket";
	if (is_wide(seen))
		return "a raw socket";
	if (seen->family == AF_UNIX)
		return "a unix socket";
	if (seen->family != AF_INET && seen->family != AF_INET6)
		return "a socket of another family";
	return seen->sock_type == SOCK_DGRAM ? "a UDP socket" : "a TCP socket";
}

/* "; it compares bytes of the payload with 0x7255, 0x5293; with the port 68" */
static void add_meaning(const struct pst_filter_code *code, char *out, size_t out_size)
{
	size_t i;

	if (code->takes_all)
		(void)pst_text_append(out, out_size, "; it lets everything pass");
	for (i = 0; i < code->magic_count; i++)
		(void)pst_text_append(out, out_size, "%s0x%" PRIx32,
				      i ? ", " : "; it compares bytes of the payload with ",
				      code->magic[i]);
	if (code->magic_total > i)
		(void)pst_text_append(out, out_size, " and %zu more", code->magic_total - i);
	for (i = 0; i < code->port_count; i++)
		(void)pst_text_append(out, out_size, "%s%u", i ? ", " : "; with the port ",
				      code->port[i]);
	if (code->compares && !code->magic_total && !code->port_count)
		(void)pst_text_append(out, out_size, "; it looks at headers only");
}

static void weigh(const struct pst_case *c, const struct pst_filter_code *code,
		  struct pst_finding *finding)
{
	const struct pst_program *program = c->process->image->program;
	bool wide = is_wide(&c->event->filter);

	if (wide && (code->magic_total || program->memfd || program->deleted)) {
		finding->severity = PST_CRITICAL;
		finding->score = 95;
	} else if (wide || code->magic_total || program->memfd) {
		finding->severity = PST_HIGH;
		finding->score = wide ? 80 : 75;
	} else {
		finding->severity = PST_MEDIUM;
		finding->score = 60;
	}
}

static void add_program(const struct pst_filter_seen *seen, char *out, size_t out_size)
{
	if (seen->ebpf)
		(void)pst_text_append(out, out_size, "eBPF program %" PRIu32, seen->prog_id);
	else
		(void)pst_text_append(out, out_size, "%" PRIu32 " instruction%s", seen->insns,
				      seen->insns == 1 ? "" : "s");
	(void)pst_text_append(out, out_size, ", %s", seen->hash[0] ? seen->hash : "not seen whole");
}

static void report(const struct pst_case *c, const struct pst_filter_code *code)
{
	const struct pst_filter_seen *seen = &c->event->filter;
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], contract[PST_WORDS_CONTRACT], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_SOCKET_FILTER, &finding);
	weigh(c, code, &finding);
	(void)pst_text_copy(finding.about, sizeof(finding.about), seen->hash); /* it fits */
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s attached a filter to %s%s",
			      pst_words_who(c->detect, &finding, who), socket_words(seen),
			      code->magic_total ? ", which waits for certain bytes" :
						  ""); /* a cut sentence is still one */
	if (seen->hash[0])
		(void)pst_text_append(finding.message, sizeof(finding.message), ", %s",
				      seen->hash); /* as above */
	if (c->judgement->verdict == PST_UNDECLARED)
		(void)pst_text_append(finding.message, sizeof(finding.message),
				      ": not in contract %s",
				      pst_words_contract(c->detect, c->judgement->contract,
							 contract)); /* as above */
	(void)pst_text_format(finding.reason, sizeof(finding.reason), "pid %" PRIu32 " (%s), ",
			      c->process->id.tgid,
			      pst_words_lineage(finding.image,
						lineage)); /* lineage is bounded: it fits */
	add_program(seen, finding.reason, sizeof(finding.reason));
	if (seen->unseen > 1)
		(void)pst_text_append(finding.reason, sizeof(finding.reason),
				      "; it was changed %" PRIu32 " times before anybody saw it",
				      seen->unseen);
	add_meaning(code, finding.reason, sizeof(finding.reason));
	c->detect->found(c->detect->context, &finding);
}

/* A program of the distribution whose file an upgrade replaced runs on without one: it counts only
 * when its filter waits for certain bytes. */
static bool is_suspect(const struct pst_image *image, const struct pst_filter_code *code)
{
	return pst_case_is_watched(image) || image->program->memfd ||
	       (image->program->deleted && code->magic_total);
}

static void on_filter(struct pst_detect *detect, const struct pst_event *event,
		      struct pst_process *process)
{
	const struct pst_filter_seen *seen = &event->filter;
	struct pst_judgement judgement;
	struct pst_filter_code code = { .insns = 0 };
	const struct pst_case c = {
		.detect = detect, .event = event, .process = process, .judgement = &judgement
	};

	if (seen->family == AF_NETLINK)
		return;
	pst_case_judge_image(detect, process->image, &judgement);
	if (!seen->ebpf && seen->code.data)
		pst_filter_code_read(seen->code.data, seen->code.len, link_of(seen), &code);
	if (code.takes_none && seen->hash[0] && seen->unseen <= 1)
		return;
	if (is_suspect(process->image, &code) &&
	    !pst_contract_allows_filter(pst_case_contract(detect, judgement.contract), seen->hash))
		report(&c, &code);
}

const struct pst_detector pst_detector_socket_filter = {
	.id = PST_DETECTOR_SOCKET_FILTER,
	.name = "socket_filter",
	.title = "Socket filter that nobody declared",
	.category = "traffic-signaling",
	.explain =
		"What it means: a program attached a filter to a socket: bound software whose\n"
		"contract does not name the filter's hash, vendor software under no contract, or\n"
		"any program that runs without a file. Back doors of the BPFDoor kind open no\n"
		"port: they read all packets through a filter and wake when one carries the right\n"
		"bytes. The alert says what the filter compares: bytes behind the headers of IP\n"
		"and TCP, UDP or ICMP are such a magic, and make it critical.\n"
		"What to do: look at the program's file and lineage at once; a packet socket, a\n"
		"deleted file and a magic together are hardly ever innocent. DHCP clients, lldpd\n"
		"and captures have constant filters: put the hash into \"filters\" of the\n"
		"contract's \"allow\". Capture programs compile what their user types, so a hash\n"
		"will not do for them: declare the user's program in another way, or live with it.\n"
		"Blind to: programs of the distribution under no contract; what an eBPF filter\n"
		"compares (its tag is known); constants that a filter computes; classic filters\n"
		"longer than 128 instructions, which have no hash; netlink sockets' filters.\n"
		"A filter that lets nothing pass is left alone.",
	.technique = { { "TA0011", "Command and Control", "T1205", "Traffic Signaling", "T1205.002",
			 "Socket Filters" },
		       { "TA0006", "Credential Access", "T1040", "Network Sniffing", NULL, NULL } },
	.on_filter = on_filter,
};
