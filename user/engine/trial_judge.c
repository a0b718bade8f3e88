// SPDX-License-Identifier: Apache-2.0
/* Is what a program once did declared? As the judge of live channels says, with the names that were
 * seen then. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/wall.h"
#include "engine/trial_parts.h"

#define EPHEMERAL_PORT 32768u /* one of those that the kernel chooses */
#define PATH_SHOWN 1024	      /* bytes of a path, made harmless */
#define PEER_SHOWN 512
#define ENTRY_SHOWN 512
#define NAMES_BYTES 1100 /* PST_PAST_NAMES names */

static void take_line(struct pst_trial_run *run, char *line)
{
	struct pst_trial *trial = run->trial;
	char **grown = line ? reallocarray(trial->lines, trial->count + 1, sizeof(*grown)) : NULL;

	if (!grown) {
		run->no_memory = true;
		free(line);
		return;
	}
	trial->lines = grown;
	grown[trial->count++] = line;
}

/* "/opt/acme/agent" in a form that a terminal can show */
static const char *path_text(const struct pst_past_program *program, char out[PATH_SHOWN])
{
	(void)pst_text_safe(program->path, strlen(program->path), out,
			    PATH_SHOWN); /* cut is fine */
	return out;
}

/* From now on the names of this channel's peer are those that were seen with it, and no others. */
static void teach_names(struct pst_trial_run *run, const struct pst_past_channel *past)
{
	char names[NAMES_BYTES];
	struct pst_event event = { .type = PST_EVENT_HOST_NAMES, .time_ns = run->time_ns };
	size_t len = 0;

	for (uint32_t i = 0; i < past->name_count; i++) {
		size_t size = strlen(past->names[i]) + 1;

		if (size > sizeof(names) - len)
			break; /* not reached: a name has at most 253 bytes */
		memcpy(names + len, past->names[i], size);
		len += size;
	}
	event.host_names.addr = past->peer;
	event.host_names.first = true;
	event.host_names.names = (struct pst_span){ (const uint8_t *)names, len };
	(void)pst_attrib_see(run->attrib, &event); /* an event without a task */
}

static void tell_channel(struct pst_trial_run *run, const struct pst_past_program *program,
			 const struct pst_past_channel *past, const struct pst_judgement *judgement)
{
	const struct pst_channel channel = pst_past_channel_of(past);
	char path[PATH_SHOWN], peer[PEER_SHOWN], entry[ENTRY_SHOWN], day[PST_WALL_TEXT];
	const char *allow = pst_contract_allow_text(&channel, entry, sizeof(entry));
	char *line = NULL;

	(void)pst_wall_day((int64_t)past->time.last_s, day); /* returns what it was given */
	if (asprintf(&line, "%s  %s %s%s%s%s  on %" PRIu32 " day%s, last %s%s%s%s%s%s",
		     path_text(program, path), pst_kind_name((enum pst_kind)past->kind),
		     pst_channel_peer_text(&channel, peer, sizeof(peer)),
		     past->name_count ? " (" : "", past->name_count ? past->names[0] : "",
		     past->name_count ? ")" : "", past->time.days_total,
		     past->time.days_total == 1 ? "" : "s", day, judgement->why_not[0] ? ": " : "",
		     judgement->why_not, allow[0] ? "  (would allow it: " : "", allow,
		     allow[0] ? ")" : "") < 0)
		line = NULL;
	take_line(run, line);
}

/* Ports that the kernel chose are one entry of the history. */
static bool is_any_ephemeral(const struct pst_past_channel *past)
{
	enum pst_kind kind = (enum pst_kind)past->kind;

	return !past->port && !past->folded && pst_kind_has_ip(kind) && pst_kind_is_inbound(kind);
}

void pst_trial_channel(struct pst_trial_run *run, const struct pst_past_program *program,
		       const struct pst_past_channel *past, const struct pst_image *image)
{
	struct pst_channel channel = pst_past_channel_of(past);
	struct pst_judgement judgement;

	if (is_any_ephemeral(past))
		channel.key.port = EPHEMERAL_PORT;
	teach_names(run, past);
	pst_contract_judge(run->set, image, &channel, &judgement);
	run->trial->deeds++;
	if (judgement.verdict == PST_UNKNOWN)
		run->trial->unknown++;
	else if (judgement.verdict == PST_UNDECLARED)
		tell_channel(run, program, past, &judgement);
}

/* As the detectors say: of a script that was an argument the interpreter was executed, and may be
 * named instead; one that was executed itself must be named. */
static const char *executed(const struct pst_trial_run *run, const char *path)
{
	const struct pst_past_program *program = pst_history_find(run->history, path);

	return program && program->argument && program->interpreter ? program->interpreter : path;
}

static bool is_allowed(const struct pst_trial_run *run, const struct pst_contract *contract,
		       const struct pst_past_fact *fact)
{
	switch (fact->what) {
	case PST_PAST_EXEC: /* without a list nothing is said about it */
		return pst_contract_exec_allowed(contract, fact->text) != 0 ||
		       pst_contract_exec_allowed(contract, executed(run, fact->text)) != 0;
	case PST_PAST_HANDED:
		return pst_contract_allows_handover(contract, fact->text) ||
		       pst_contract_allows_handover(contract, executed(run, fact->text));
	case PST_PAST_FILTER:
		return pst_contract_allows_filter(contract, fact->text);
	case PST_PAST_MODULE:
		return pst_contract_allows_module(contract, fact->text);
	case PST_PAST_URING:
		return pst_contract_allows_uring(contract);
	case PST_PAST_BPF:
		return pst_contract_allows_bpf(contract, (uint32_t)strtoul(fact->text, NULL, 10));
	case PST_PAST_MEMFD:
		return pst_contract_allows_memfd(contract);
	case PST_PAST_DELETED:
		return pst_contract_allows_deleted(contract);
	default:
		return true; /* of a later version: nobody knows what it means */
	}
}

static const char *const fact_words[PST_PAST_WHATS] = {
	[PST_PAST_EXEC] = "executed",
	[PST_PAST_HANDED] = "was handed a socket by",
	[PST_PAST_FILTER] = "attached the socket filter",
	[PST_PAST_MODULE] = "had the kernel load the module",
	[PST_PAST_URING] = "used the network through io_uring",
	[PST_PAST_BPF] = "loaded an eBPF program of type",
	[PST_PAST_MEMFD] = "executed a program from memory",
	[PST_PAST_DELETED] = "executed a deleted file",
};

static void tell_fact(struct pst_trial_run *run, const struct pst_past_program *program,
		      const struct pst_past_fact *fact)
{
	char path[PATH_SHOWN], text[PATH_SHOWN], day[PST_WALL_TEXT];
	char *line = NULL;

	(void)pst_text_safe(fact->text, strlen(fact->text), text, sizeof(text)); /* cut is fine */
	(void)pst_wall_day((int64_t)fact->time.last_s, day); /* returns what it was given */
	if (asprintf(&line, "%s  %s%s%s  on %" PRIu32 " day%s, last %s", path_text(program, path),
		     fact_words[fact->what], text[0] ? " " : "", text, fact->time.days_total,
		     fact->time.days_total == 1 ? "" : "s", day) < 0)
		line = NULL;
	take_line(run, line);
}

void pst_trial_facts(struct pst_trial_run *run, const struct pst_past_program *program,
		     const struct pst_contract *contract)
{
	for (size_t i = 0; i < program->fact_count; i++) {
		run->trial->deeds++;
		if (!is_allowed(run, contract, &program->facts[i]))
			tell_fact(run, program, &program->facts[i]);
	}
}
