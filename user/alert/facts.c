// SPDX-License-Identifier: Apache-2.0
/* facts: which parts of a process, its lineage and its channel go into a record? */
#include "alert/facts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alert/redact.h"
#include "base/text.h"

#define KEYWORD_BYTES 1024u /* longer keywords are not indexed by Elasticsearch */

const char *pst_fact(const struct pst_facts *facts, enum pst_fact which)
{
	return facts->at[which] ? facts->text + facts->at[which] : NULL;
}

void pst_facts_init(struct pst_facts *facts)
{
	memset(facts, 0, offsetof(struct pst_facts, text));
	facts->text[0] = '\0';
	facts->text_len = 1; /* offset 0 means absent */
}

/* store - copy bytes into the text, terminated; returns their offset, 0 when there is no room */
static uint16_t store(struct pst_facts *facts, const char *bytes, size_t len)
{
	uint32_t at = facts->text_len;

	if (len > PST_FACTS_STRING_MAX)
		len = PST_FACTS_STRING_MAX;
	if (at + len + 1 > PST_FACTS_TEXT)
		return 0;
	memcpy(facts->text + at, bytes, len);
	facts->text[at + len] = '\0';
	facts->text_len = (uint32_t)(at + len + 1);
	return (uint16_t)at;
}

static uint16_t store_keyword(struct pst_facts *facts, const char *text)
{
	size_t len = strlen(text);

	return store(facts, text, len < KEYWORD_BYTES ? len : KEYWORD_BYTES);
}

static void set(struct pst_facts *facts, enum pst_fact which, const char *text)
{
	if (text && *text)
		facts->at[which] = store_keyword(facts, text);
}

const struct pst_image *pst_facts_parent(const struct pst_process *process,
					 const struct pst_image *image)
{
	uint32_t steps;

	if (image->id.tgid != process->id.tgid)
		return image; /* forked without an exec: the parent ran the same */
	for (steps = 0; image && steps < PST_LINEAGE_MAX; steps++) {
		if (image->id.tgid != process->id.tgid)
			return image;
		image = image->prev;
	}
	return NULL;
}

static void set_lineage(struct pst_facts *facts, const struct pst_image *image)
{
	const struct pst_image *at = image->prev;
	uint32_t steps;

	for (steps = 0; at && steps < PST_LINEAGE_MAX && facts->chain_count < PST_FACTS_CHAIN_MAX;
	     steps++, at = at->prev) {
		uint16_t offset;

		if (!at->program->path[0])
			continue;
		offset = store_keyword(facts, at->program->path);
		if (!offset)
			return;
		facts->chain[facts->chain_count++] = offset;
	}
}

static void set_identity(struct pst_facts *facts, const struct pst_program *program)
{
	set(facts, PST_FACT_SHA256, pst_program_sha256(program));
	set(facts, PST_FACT_MEASURED, program->measured);
	facts->hash_is_kernels = pst_program_hash_state(program) == PST_HASH_MEASURED;
	facts->hashes_differ = pst_program_hashes_differ(program);
	set(facts, PST_FACT_PACKAGE, program->package);
	set(facts, PST_FACT_PACKAGE_VERSION, program->version);
	set(facts, PST_FACT_ORIGIN, program->origin);
	if (program->owner != PST_OWNER_UNKNOWN)
		set(facts, PST_FACT_OWNER, pst_owner_name(program->owner));
}

/* The file that the kernel runs: of a script its interpreter. */
static const char *file_of(const struct pst_program *program)
{
	return program->interpreter ? program->interpreter : program->path;
}

static void set_image(struct pst_facts *facts, const struct pst_image *image)
{
	const struct pst_program *program = image->program;

	if (program->path[0])
		set(facts, PST_FACT_NAME, pst_program_name(program));
	set(facts, PST_FACT_EXECUTABLE, file_of(program));
	if (program->interpreter)
		set(facts, PST_FACT_SCRIPT, program->path);
	set_identity(facts, program);
	if (image->args && image->args_len) {
		size_t len = image->args_len < PST_FACTS_STRING_MAX ? image->args_len :
								      PST_FACTS_STRING_MAX;

		facts->at[PST_FACT_ARGS] = store(facts, image->args, len);
		facts->args_len = facts->at[PST_FACT_ARGS] ? (uint16_t)len : 0;
		facts->args_cut = image->args_cut || len < image->args_len;
	}
	set(facts, PST_FACT_CWD, image->cwd);
	set(facts, PST_FACT_UNIT, image->unit);
	set(facts, PST_FACT_HOME_UNIT, image->home);
	set(facts, PST_FACT_CONTAINER, image->container_id);
	set(facts, PST_FACT_RUNTIME, image->runtime);
	set(facts, PST_FACT_CONTAINER_IMAGE, image->container_image);
	facts->has_caps = image->has_more;
	facts->caps_effective = image->caps_effective;
	facts->stdio_mask = image->stdio_mask;
	memcpy(facts->stdio, image->stdio, sizeof(facts->stdio));
	memcpy(facts->pipe_inode, image->pipe_inode, sizeof(facts->pipe_inode));
	facts->memfd = program->memfd;
	facts->deleted = program->deleted;
	facts->inode = program->inode;
	facts->dev_major = program->dev_major;
	facts->dev_minor = program->dev_minor;
	set_lineage(facts, image);
}

void pst_facts_process(struct pst_facts *facts, const struct pst_process *process,
		       const struct pst_image *image)
{
	const struct pst_image *parent, *root;

	set_image(facts, image);
	root = image->binder ? image->binder : pst_attrib_subject(image);
	if (root)
		set(facts, PST_FACT_ROOT, root->program->path);
	if (!process)
		return;
	facts->has_process = true;
	facts->proc = process->id;
	facts->parent = process->parent;
	facts->uid = process->uid;
	facts->netns = process->netns;
	facts->mntns = process->mntns;
	facts->pidns = process->pidns;
	facts->exited = process->exited;
	facts->exit_code = process->exit_code;
	if (!image->program->path[0] && process->comm[0])
		set(facts, PST_FACT_NAME, process->comm);
	parent = pst_facts_parent(process, image);
	if (!parent || !parent->program->path[0])
		return;
	set(facts, PST_FACT_PARENT_NAME, pst_program_name(parent->program));
	set(facts, PST_FACT_PARENT_EXECUTABLE, parent->program->path);
}

static bool is_unix(const struct pst_channel *channel)
{
	return channel->key.kind == PST_UNIX || channel->key.kind == PST_UNIX_LISTEN;
}

/* The strings of a channel go with it: here they are copied. */
static void set_ends(struct pst_facts *facts, const struct pst_channel *channel)
{
	char peer[PST_FACTS_PEER_MAX];

	if (!pst_kind_has_ip((enum pst_kind)channel->key.kind) ||
	    (pst_addr_is_zero(&channel->key.peer) &&
	     !pst_kind_is_listener((enum pst_kind)channel->key.kind)))
		set(facts, PST_FACT_PEER, pst_channel_peer_text(channel, peer, sizeof(peer)));
	if (is_unix(channel) && channel->name && channel->name[0])
		set(facts, PST_FACT_PATH, channel->name);
	set(facts, PST_FACT_SERVER_NAME, channel->server_name);
	set(facts, PST_FACT_ALPN, channel->alpn);
	facts->channel.name = NULL;
	facts->channel.name_len = 0;
	facts->channel.server_name = NULL;
	facts->channel.alpn = NULL;
}

void pst_facts_others(struct pst_facts *facts, struct pst_attrib *attrib,
		      const struct pst_process *process)
{
	const struct pst_channel *channel = &facts->channel;
	const struct pst_process *opener;
	char entry[512];

	if (!attrib || !facts->has_channel)
		return;
	if (process && pst_kind_has_ip((enum pst_kind)channel->key.kind) && !channel->folded)
		set(facts, PST_FACT_DOMAIN,
		    pst_attrib_name_for(attrib, process, &channel->key.peer));
	opener = channel->owner.tgid ? pst_attrib_find(attrib, &channel->owner) : NULL;
	if (!opener)
		return;
	set(facts, PST_FACT_OPENER_NAME,
	    opener->image->program->path[0] ? pst_program_name(opener->image->program) :
					      opener->comm);
	set(facts, PST_FACT_OPENER_EXECUTABLE, file_of(opener->image->program));
	if (facts->detector == PST_DETECTOR_HANDED_OVER_SOCKET &&
	    facts->at[PST_FACT_WOULD_ALLOW]) /* now the opener has a name */
		set(facts, PST_FACT_WOULD_ALLOW,
		    pst_would_allow(facts->detector, opener->image->program->path, entry,
				    sizeof(entry)));
}

void pst_facts_channel(struct pst_facts *facts, const struct pst_channel *channel)
{
	facts->has_channel = true;
	facts->channel = *channel;
	set_ends(facts, channel);
	facts->verdict = channel->verdict;
	facts->preexisting = channel->preexisting;
}

static void set_contract(struct pst_facts *facts, const struct pst_contract *contract)
{
	char version[24];

	if (pst_text_format(version, sizeof(version), "%" PRIu64, contract->version) == 0)
		set(facts, PST_FACT_VERSION, version);
	set(facts, PST_FACT_CONTRACT, contract->id);
	set(facts, PST_FACT_DIGEST, contract->digest);
}

static const struct pst_contract *contract_at(const struct pst_contracts *contracts, int32_t index)
{
	if (!contracts || index < 0 || (size_t)index >= pst_contracts_count(contracts))
		return NULL;
	return pst_contracts_at(contracts, (size_t)index);
}

static const char *clause_text(const struct pst_contract *contract, int32_t clause)
{
	if (clause < 0 || (size_t)clause >= contract->channel_count)
		return NULL;
	return contract->channels[clause].text;
}

void pst_facts_contract(struct pst_facts *facts, const struct pst_contracts *contracts,
			const struct pst_image *image)
{
	const struct pst_contract *contract;

	if (!contracts || image->contract_generation != pst_contracts_generation(contracts))
		return; /* bound by another set: its index says nothing here */
	contract = contract_at(contracts, image->contract);
	if (!contract)
		return;
	set_contract(facts, contract);
	if (facts->has_channel && facts->channel.contract_generation == image->contract_generation)
		set(facts, PST_FACT_CLAUSE, clause_text(contract, facts->channel.clause));
}

void pst_facts_exec(struct pst_facts *facts, const struct pst_contracts *contracts,
		    const struct pst_image *image)
{
	int32_t judge = -1;

	pst_facts_contract(facts, contracts, image);
	facts->at[PST_FACT_BOUND_BY] = facts->at[PST_FACT_CONTRACT];
	if (!contracts)
		return;
	facts->verdict = pst_detect_exec_verdict(contracts, image, &judge);
	if (facts->verdict != PST_VERDICT_NONE)
		set_contract(facts, pst_contracts_at(contracts, (size_t)judge));
}

static void set_judgement(struct pst_facts *facts, const struct pst_contracts *contracts,
			  const struct pst_judgement *judgement)
{
	const struct pst_contract *contract = contract_at(contracts, judgement->contract);

	facts->verdict = judgement->verdict;
	if (!contract)
		return;
	set_contract(facts, contract);
	set(facts, PST_FACT_CLAUSE, clause_text(contract, judgement->clause));
	set(facts, PST_FACT_NEAREST, clause_text(contract, judgement->nearest));
	set(facts, PST_FACT_WHY_NOT, judgement->why_not);
}

static void set_standing(struct pst_facts *facts, const struct pst_finding *finding)
{
	size_t i;

	facts->standing_total = (uint32_t)finding->standing_total;
	for (i = 0; i < finding->standing_count && i < PST_STANDING_MAX; i++) {
		const struct pst_channel *channel = finding->standing[i];
		char peer[PST_FACTS_PEER_MAX], line[PST_FACTS_PEER_MAX + 32];
		uint16_t offset;

		(void)pst_text_format(line, sizeof(line), "%s %s",
				      pst_kind_name((enum pst_kind)channel->key.kind),
				      pst_channel_peer_text(channel, peer,
							    sizeof(peer))); /* it fits */
		offset = store(facts, line, strlen(line));
		if (!offset)
			return;
		facts->standing[facts->standing_count++] = offset;
	}
}

/* What would allow it, if words can: of a program that was executed, its path. */
static void set_would_allow(struct pst_facts *facts, const struct pst_finding *finding)
{
	bool is_exec = finding->detector == PST_DETECTOR_UNEXPECTED_EXEC;
	const char *name = is_exec ? finding->image->program->path : finding->about;
	char entry[512];

	if (*pst_would_allow(finding->detector, name, entry, sizeof(entry)))
		set(facts, PST_FACT_WOULD_ALLOW, entry);
	else if (finding->channel && facts->verdict != PST_DECLARED)
		set(facts, PST_FACT_WOULD_ALLOW,
		    pst_contract_allow_text(finding->channel, entry, sizeof(entry)));
}

void pst_facts_finding(struct pst_facts *facts, const struct pst_contracts *contracts,
		       const struct pst_finding *finding)
{
	facts->detector = finding->detector;
	facts->severity = finding->severity;
	facts->score = finding->score;
	facts->time_ns = finding->time_ns;
	set(facts, PST_FACT_MESSAGE, finding->message);
	set(facts, PST_FACT_REASON, finding->reason);
	set(facts, PST_FACT_ABOUT, finding->about);
	pst_facts_process(facts, finding->process, finding->image);
	set(facts, PST_FACT_ROOT, finding->subject->program->path);
	if (finding->channel)
		pst_facts_channel(facts, finding->channel);
	facts->preexisting = finding->preexisting;
	set_judgement(facts, contracts, &finding->judgement);
	set_would_allow(facts, finding);
	set_standing(facts, finding);
}

void pst_facts_redact(struct pst_facts *facts)
{
	if (facts->at[PST_FACT_ARGS])
		facts->args_len = (uint16_t)pst_redact_args(facts->text + facts->at[PST_FACT_ARGS],
							    facts->args_len, '\0');
}

struct pst_facts *pst_facts_keep(const struct pst_facts *facts)
{
	size_t size = offsetof(struct pst_facts, text) + facts->text_len;
	struct pst_facts *kept = malloc(size);

	assert(facts->text_len <= PST_FACTS_TEXT);
	if (kept)
		memcpy(kept, facts, size);
	return kept;
}
