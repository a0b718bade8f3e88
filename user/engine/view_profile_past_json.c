// SPDX-License-Identifier: Apache-2.0
/* What did this program do in all sessions? The same for programs, with exact counts. */
#include <string.h>
#include <sys/socket.h>

#include "base/json.h"
#include "engine/page.h"

static void put_text(struct pst_json *json, const char *path, const char *text)
{
	if (text)
		pst_json_put_bytes(json, path, text, strlen(text), 4096);
}

static void put_time(struct pst_json *json, const struct pst_past_time *time)
{
	char text[24];

	pst_json_put_text(json, "first", pst_page_second(time->first_s, text));
	pst_json_put_text(json, "last", pst_page_second(time->last_s, text));
	pst_json_put_count(json, "days", time->days_total);
}

static void put_rhythm(struct pst_json *json, const struct pst_past_channel *channel,
		       uint64_t now_s)
{
	struct pst_past_rhythm rhythm;
	char words[PST_PAGE_WORDS];

	if (pst_past_rhythm(channel, &rhythm)) {
		pst_json_put_count(json, "rhythm.median_ms", rhythm.median_ms);
		pst_json_put_count(json, "rhythm.spread_permille", rhythm.spread_permille);
		pst_json_put_count(json, "rhythm.gaps", rhythm.gaps);
		pst_json_put_text(json, "rhythm.words", pst_page_rhythm(channel, words));
	}
	if (*pst_page_sizes(channel, words))
		pst_json_put_text(json, "sizes", words);
	if (*pst_page_silence(&channel->time, now_s, words))
		pst_json_put_text(json, "silence", words);
}

static void put_channel(struct pst_json *json, const struct pst_past_channel *past, uint64_t now_s)
{
	const struct pst_channel channel = pst_past_channel_of(past);
	char text[512];

	pst_json_put_text(json, "kind", pst_kind_name((enum pst_kind)past->kind));
	pst_json_put_text(json, "end", pst_channel_peer_text(&channel, text, sizeof(text)));
	put_time(json, &past->time);
	/* below a key of their own: who adds up what the live channels carried meets none of these
	 */
	pst_json_put_count(json, "count.attempts", past->count.attempts);
	pst_json_put_count(json, "count.established", past->count.established);
	pst_json_put_count(json, "count.failures", past->count.failures);
	pst_json_put_count(json, "count.closed", past->count.closed);
	pst_json_put_count(json, "count.taken", past->count.taken);
	pst_json_put_count(json, "count.given", past->count.given);
	pst_json_put_count(json, "count.bytes_out", past->count.bytes_out);
	pst_json_put_count(json, "count.bytes_in", past->count.bytes_in);
	if (past->count.packets_out || past->count.packets_in || past->sock_type != SOCK_STREAM) {
		pst_json_put_count(json, "count.packets_out", past->count.packets_out);
		pst_json_put_count(json, "count.packets_in", past->count.packets_in);
	}
	pst_json_put_count(json, "count.bursts", past->count.bursts);
	if (pst_kind_is_listener((enum pst_kind)past->kind))
		pst_json_put_count(json, "accepted_from", past->accepted_from);
	pst_json_put_text(json, "verdict", pst_verdict_name(past->verdict));
	pst_json_put_bool(json, "told", past->proposed);
	put_text(json, "via", past->via);
	put_text(json, "server_name", past->server_name);
	for (uint32_t i = 0; i < past->name_count; i++)
		pst_json_add_text(json, "names", past->names[i]);
	put_rhythm(json, past, now_s);
}

static void put_fact(struct pst_json *json, const struct pst_past_fact *fact)
{
	static const char *const names[PST_PAST_WHATS] = {
		[PST_PAST_EXEC] = "exec",     [PST_PAST_HANDED] = "handed",
		[PST_PAST_FILTER] = "filter", [PST_PAST_MODULE] = "module",
		[PST_PAST_URING] = "uring",   [PST_PAST_BPF] = "bpf",
		[PST_PAST_MEMFD] = "memfd",   [PST_PAST_DELETED] = "deleted",
	};

	pst_json_put_text(json, "what", names[fact->what]);
	put_text(json, "text", fact->text);
	pst_json_put_count(json, "count", fact->count);
	put_time(json, &fact->time);
}

static void put_identity(struct pst_json *json, const struct pst_past_identity *identity)
{
	char text[24];

	put_text(json, "package", identity->package);
	put_text(json, "version", identity->version);
	if (identity->sha256[0])
		pst_json_put_text(json, "sha256", identity->sha256);
	pst_json_put_text(json, "first", pst_page_second(identity->first_s, text));
	pst_json_put_text(json, "last", pst_page_second(identity->last_s, text));
}

static void put_lists(struct pst_json *json, const struct pst_past_program *program,
		      const struct pst_view_keys *keys, uint64_t now_s)
{
	struct pst_json *one;

	/* without memory an object is NULL and takes nothing: printing reports it */
	for (uint32_t i = 0; i < program->unit_count; i++)
		pst_json_add_bytes(json, "units", program->units[i], strlen(program->units[i]),
				   1024);
	for (uint32_t i = 0; i < program->identity_count; i++) {
		one = pst_json_add_object(json, "identities");
		if (one)
			put_identity(one, &program->identity[i]);
	}
	for (size_t i = 0; i < program->channel_count; i++) {
		if (program->channels[i]->time.last_s < keys->since_s)
			continue;
		one = pst_json_add_object(json, "channels");
		if (one)
			put_channel(one, program->channels[i], now_s);
	}
	for (size_t i = 0; i < program->fact_count; i++) {
		one = pst_json_add_object(json, "facts");
		if (one)
			put_fact(one, &program->facts[i]);
	}
}

static void put_program(struct pst_json *json, const struct pst_past_program *program)
{
	char text[24];

	put_text(json, "program", program->path);
	put_text(json, "interpreter", program->interpreter);
	pst_json_put_bool(json, "vendor", program->vendor);
	pst_json_put_bool(json, "foreign_root", program->foreign_root);
	pst_json_put_bool(json, "settled", program->settled);
	put_time(json, &program->time);
	pst_json_put_count(json, "watched_s", program->seen_s);
	pst_json_put_count(json, "execs", program->execs);
	if (program->last_new_s)
		pst_json_put_text(json, "last_new", pst_page_second(program->last_new_s, text));
	pst_json_put_count(json, "forgotten", program->dropped);
}

bool pst_page_past_json(struct pst_json *json, const struct pst_engine *engine,
			const struct pst_view_keys *keys)
{
	uint64_t now_s = pst_page_now_s(engine, keys);
	struct pst_picked picked;
	bool whole;

	pst_picked_collect(engine, keys, &picked);
	for (size_t i = 0; i < picked.count; i++) {
		struct pst_json *one = pst_json_add_object(json, "past");

		if (!one)
			continue;
		put_program(one, picked.list[i]);
		put_lists(one, picked.list[i], keys, now_s);
	}
	whole = !picked.failed;
	pst_picked_free(&picked);
	return whole;
}
