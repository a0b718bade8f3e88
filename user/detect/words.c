// SPDX-License-Identifier: Apache-2.0
/* How does a finding read? The parts of its sentences. A sentence that is cut at its buffer's end
 * is still one, so results of formatting are ignored here. */
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

#define LINEAGE_WORDS 8

const char *pst_words_program(const struct pst_image *image, char *out)
{
	const char *name = pst_program_name(image->program);

	(void)pst_text_safe(name, strlen(name), out, PST_WORDS_NAME);
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

static const struct pst_contract *contract_at(const struct pst_detect *detect, int32_t index)
{
	if (index < 0 || (size_t)index >= pst_contracts_count(detect->contracts))
		return NULL;
	return pst_contracts_at(detect->contracts, (size_t)index);
}

const char *pst_words_who(const struct pst_detect *detect, const struct pst_finding *finding,
			  char *out)
{
	const struct pst_contract *contract = contract_at(detect, finding->judgement.contract);
	const size_t size = 4 * PST_WORDS_NAME;
	char name[PST_WORDS_NAME], of[PST_WORDS_NAME];

	(void)pst_text_format(out, size, "%s", actor(finding, name));
	if (finding->subject->program != finding->image->program)
		(void)pst_text_append(out, size, " of %s", pst_words_program(finding->subject, of));
	(void)pst_text_append(out, size, " (%s)", contract ? contract->id : "no contract");
	return out;
}

static const char *transport(const struct pst_channel *channel)
{
	return channel->protocol == IPPROTO_UDP ? "udp" : "tcp";
}

const char *pst_words_end(const struct pst_channel *channel, char *out)
{
	char end[PST_ADDR_TEXT];

	if (channel->key.kind == PST_TCP_ACCEPT)
		(void)pst_text_format(out, PST_WORDS_PEER, "%s on port %u/%s",
				      pst_addr_format(&channel->key.peer, end), channel->key.port,
				      transport(channel));
	else
		(void)pst_text_format(out, PST_WORDS_PEER, "%s/%s",
				      pst_addr_format_port(&channel->key.peer, channel->key.port,
							   end),
				      transport(channel));
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
	const struct pst_contract *contract = contract_at(detect, index);

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

void pst_words_add_nearest(const struct pst_finding *finding, const struct pst_detect *detect,
			   char *out, size_t out_size)
{
	const struct pst_contract *contract = contract_at(detect, finding->judgement.contract);
	int32_t nearest = finding->judgement.nearest;
	char why[sizeof(finding->judgement.why_not) * 2];

	if (!contract || nearest < 0 || (size_t)nearest >= contract->channel_count)
		return;
	(void)pst_text_safe(finding->judgement.why_not, strlen(finding->judgement.why_not), why,
			    sizeof(why));
	(void)pst_text_append(out, out_size, "; nearest is entry %d (line %" PRIu32 "): %s",
			      nearest + 1, contract->channels[nearest].line, why);
}

uint64_t pst_words_seconds(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns > from_ns ? (to_ns - from_ns) / 1000000000u : 0;
}
