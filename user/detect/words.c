// SPDX-License-Identifier: Apache-2.0
/* How does a finding read? The parts of its sentences. A sentence that is cut at its buffer's end
 * is still one, so results of formatting are ignored here. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

#define LINEAGE_WORDS 8
#define LIST_WORDS 4 /* channels that a sentence names */

const char *pst_words_program(const struct pst_image *image, char *out)
{
	const char *name = pst_program_name(image->program);

	if (image->program->path[0])
		(void)pst_text_safe(name, strlen(name), out, PST_WORDS_NAME);
	else /* what it runs was never told */
		(void)pst_text_format(out, PST_WORDS_NAME, "pid %" PRIu32, image->id.tgid);
	return out;
}

/* Without a path the thread's own name is better than none; it is never an identity, so it stands
 * in quotes. */
static const char *actor(const struct pst_finding *finding, char *out)
{
	const struct pst_process *process = finding->process;
	char comm[PST_WORDS_NAME];

	if (finding->image->program->path[0] || !process || !process->comm[0])
		return pst_words_program(finding->image, out);
	(void)pst_text_safe(process->comm, strlen(process->comm), comm, sizeof(comm));
	(void)pst_text_format(out, PST_WORDS_NAME, "a program named \"%s\"", comm);
	return out;
}

const char *pst_words_who(const struct pst_detect *detect, const struct pst_finding *finding,
			  char *out)
{
	const struct pst_contract *contract = pst_case_contract(detect,
								finding->judgement.contract);
	const size_t size = 4 * PST_WORDS_NAME;
	char name[PST_WORDS_NAME], of[PST_WORDS_NAME];

	(void)pst_text_format(out, size, "%s", actor(finding, name));
	if (finding->subject->program != finding->image->program)
		(void)pst_text_append(out, size, " of %s", pst_words_program(finding->subject, of));
	(void)pst_text_append(out, size, " (%s)", contract ? contract->id : "no contract");
	return out;
}

/* Those that are missing have no port, or name themselves. */
static const char *const transports[PST_KINDS] = {
	[PST_TCP_CONNECT] = "tcp", [PST_TCP_LISTEN] = "tcp",   [PST_TCP_ACCEPT] = "tcp",
	[PST_UDP_PEER] = "udp",	   [PST_UDP_LISTEN] = "udp",   [PST_UDP_ACCEPT] = "udp",
	[PST_UDPLITE] = "udplite", [PST_SCTP] = "sctp",	       [PST_SCTP_LISTEN] = "sctp",
	[PST_DCCP] = "dccp",	   [PST_DCCP_LISTEN] = "dccp",
};

const char *pst_words_address(const struct pst_channel *channel, char *out)
{
	const struct pst_addr *peer = &channel->key.peer;
	char text[PST_ADDR_TEXT];

	if (channel->folded && pst_addr_is_zero(peer))
		(void)pst_text_format(out, PST_WORDS_PEER, "any address");
	else
		(void)pst_text_format(out, PST_WORDS_PEER, "%s%s", pst_addr_format(peer, text),
				      !channel->folded	   ? "" :
				      pst_addr_is_v4(peer) ? "/24" :
							     "/56");
	return out;
}

static bool is_accepted(const struct pst_channel *channel)
{
	return channel->key.kind == PST_TCP_ACCEPT || channel->key.kind == PST_UDP_ACCEPT;
}

const char *pst_words_end(const struct pst_channel *channel, char *out)
{
	const char *transport = channel->key.kind < PST_KINDS ? transports[channel->key.kind] :
								NULL;

	if (is_accepted(channel)) {
		(void)pst_words_address(channel, out);
		(void)pst_text_append(out, PST_WORDS_PEER, " on port %u/%s", channel->key.port,
				      transport);
		return out;
	}
	(void)pst_channel_peer_text(channel, out, PST_WORDS_PEER); /* returns what it was given */
	if (transport)
		(void)pst_text_append(out, PST_WORDS_PEER, "/%s", transport);
	return out;
}

const char *pst_words_lineage(const struct pst_image *image, char *out)
{
	const struct pst_image *chain[LINEAGE_WORDS];
	char name[PST_WORDS_NAME];
	size_t count = 0;

	for (; image && count < LINEAGE_WORDS; image = image->prev)
		chain[count++] = image;
	out[0] = '\0';
	if (image)
		(void)pst_text_append(out, PST_WORDS_LINEAGE, "... > ");
	while (count--)
		(void)pst_text_append(out, PST_WORDS_LINEAGE, "%.24s%s",
				      pst_words_program(chain[count], name), count ? " > " : "");
	return out;
}

const char *pst_words_contract(const struct pst_detect *detect, int32_t index, char *out)
{
	const struct pst_contract *contract = pst_case_contract(detect, index);

	if (contract)
		(void)pst_text_format(out, PST_WORDS_CONTRACT, "%s@%" PRIu64, contract->id,
				      contract->version);
	else
		out[0] = '\0';
	return out;
}

void pst_words_add_result(const struct pst_channel *channel, char *out, size_t out_size)
{
	if (channel->last_result)
		(void)pst_text_append(out, out_size, ", result: %s",
				      pst_result_name(channel->last_result));
}

void pst_words_add_since(const struct pst_channel *channel, char *out, size_t out_size)
{
	if (channel->preexisting)
		(void)pst_text_append(out, out_size, ", was open before monitoring began");
	else
		(void)pst_text_append(out, out_size, ", %s %" PRIu64 " s after its process began",
				      channel->late ? "found by a sweep" : "opened",
				      pst_words_seconds(channel->key.proc.start_ns,
							channel->first_ns));
}

void pst_words_add_nearest(const struct pst_finding *finding, const struct pst_detect *detect,
			   char *out, size_t out_size)
{
	const struct pst_contract *contract = pst_case_contract(detect,
								finding->judgement.contract);
	int32_t nearest = finding->judgement.nearest;
	char why[sizeof(finding->judgement.why_not) * 2];

	if (!contract || nearest < 0 || (size_t)nearest >= contract->channel_count)
		return;
	(void)pst_text_safe(finding->judgement.why_not, strlen(finding->judgement.why_not), why,
			    sizeof(why));
	(void)pst_text_append(out, out_size, "; nearest is entry %d (line %" PRIu32 "): %s",
			      nearest + 1, contract->channels[nearest].line, why);
}

void pst_words_add_list(struct pst_finding *finding)
{
	char *out = finding->reason, end[PST_WORDS_PEER];
	size_t i;

	for (i = 0; i < finding->standing_count && i < LIST_WORDS; i++) {
		const struct pst_channel *channel = finding->standing[i];
		bool listens = pst_kind_is_listener((enum pst_kind)channel->key.kind);

		(void)pst_text_append(out, sizeof(finding->reason), "%s%s %s", i ? ", " : "",
				      listens ? "listens on" : "talks to",
				      pst_words_end(channel, end));
	}
	if (finding->standing_total > i)
		(void)pst_text_append(out, sizeof(finding->reason), " and %zu more",
				      finding->standing_total - i);
}

uint64_t pst_words_seconds(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns > from_ns ? (to_ns - from_ns) / 1000000000u : 0;
}
