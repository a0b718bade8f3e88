// SPDX-License-Identifier: Apache-2.0
/* ids: under which names do findings, records, processes and channels stand? */
#include "alert/ids.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/digest.h"
#include "base/text.h"

#define EPHEMERAL_FIRST                                                          \
	32768u /* ports that Linux hands out by itself, unless it is told others \
		*/
#define EPHEMERAL_LAST 60999u

/* Bytes to hash: parts are joined by their length, so that ("ab","c") and ("a","bc") differ. */
struct pile {
	uint8_t bytes[16384]; /* three paths of at most 4 KiB, a host id and small parts */
	size_t len;
};

static void pile_add(struct pile *pile, const void *data, size_t len)
{
	uint32_t size;

	if (len > 5000)
		len = 5000; /* no part is longer; a path has at most 4096 bytes */
	size = (uint32_t)len;
	assert(pile->len + sizeof(size) + len <= sizeof(pile->bytes));
	memcpy(pile->bytes + pile->len, &size, sizeof(size));
	memcpy(pile->bytes + pile->len + sizeof(size), data, len);
	pile->len += sizeof(size) + len;
}

static void pile_text(struct pile *pile, const char *text)
{
	pile_add(pile, text, strlen(text));
}

static void pile_number(struct pile *pile, uint64_t number)
{
	uint8_t bytes[8];
	unsigned int i;

	for (i = 0; i < 8; i++) /* one byte order on every machine */
		bytes[i] = (uint8_t)(number >> (8 * i));
	pile_add(pile, bytes, sizeof(bytes));
}

static void pile_channel(struct pile *pile, const struct pst_channel_key *key)
{
	pile_text(pile, pst_kind_name((enum pst_kind)key->kind));
	pile_add(pile, key->peer.b, sizeof(key->peer.b));
	pile_number(pile, key->port);
}

static const char *short_id(const struct pile *pile, const char *prefix, size_t bytes, char *out)
{
	uint8_t digest[PST_SHA256_BYTES];

	pst_sha256(pile->bytes, pile->len, digest);
	memcpy(out, prefix, 2);
	(void)pst_hex(digest, bytes, out + 2); /* returns what it was given */
	return out;
}

/* is_ephemeral - a listener on a port that the kernel chose, of software that nobody told which to
 * take: the next one is the same finding */
static bool is_ephemeral(const struct pst_finding *finding)
{
	return finding->detector == PST_DETECTOR_NEW_LISTENER && finding->judgement.contract < 0 &&
	       finding->channel->key.port >= EPHEMERAL_FIRST &&
	       finding->channel->key.port <= EPHEMERAL_LAST;
}

static void pile_finding_channel(struct pile *pile, const struct pst_finding *finding)
{
	const struct pst_channel_key *key = &finding->channel->key;

	if (finding->by_kind) {
		pile_text(pile, pst_kind_name((enum pst_kind)key->kind));
		return;
	}
	if (!is_ephemeral(finding)) {
		pile_channel(pile, key);
		return;
	}
	pile_text(pile, pst_kind_name((enum pst_kind)key->kind));
	pile_add(pile, key->peer.b, sizeof(key->peer.b));
	pile_text(pile, "ephemeral");
}

/* pile_stream - the connection that the lowest of the standard streams is, if any is one */
static void pile_stream(struct pile *pile, const struct pst_image *image)
{
	for (unsigned int i = 0; i < 3; i++) {
		const struct pst_stdio *stdio = &image->stdio[i];

		if (!(image->stdio_mask & 1u << i) ||
		    (stdio->family != AF_INET && stdio->family != AF_INET6))
			continue;
		pile_add(pile, stdio->peer.b, sizeof(stdio->peer.b));
		pile_number(pile, stdio->peer_port);
		return;
	}
}

/* pile_exec - an exec is told apart by who called it, and a shell by who is at its other end */
static void pile_exec(struct pile *pile, const struct pst_finding *finding)
{
	const struct pst_image *caller = finding->image->prev;

	pile_text(pile, caller ? caller->program->path : "");
	if (finding->detector == PST_DETECTOR_SHELL_ON_SOCKET)
		pile_stream(pile, finding->image);
}

static const char *contract_id(const struct pst_contracts *contracts, int32_t index)
{
	if (!contracts || index < 0 || (size_t)index >= pst_contracts_count(contracts))
		return "";
	return pst_contracts_at(contracts, (size_t)index)->id;
}

const char *pst_id_finding(const struct pst_host *host, const struct pst_contracts *contracts,
			   const struct pst_finding *finding, char out[PST_FINDING_ID_TEXT])
{
	const struct pst_detector *detector = pst_detector_at(finding->detector);
	struct pile pile = { .len = 0 };

	pile_text(&pile, host->machine_id);
	pile_text(&pile, finding->subject->program->path);
	pile_text(&pile, finding->image->program->path);
	if (finding->channel)
		pile_finding_channel(&pile, finding);
	else if (detector->on_exec)
		pile_exec(&pile, finding);
	if (finding->about[0])
		pile_text(&pile, finding->about);
	pile_text(&pile, contract_id(contracts, finding->judgement.contract));
	pile_text(&pile, detector->name);
	return short_id(&pile, "f:", 8, out);
}

const char *pst_id_channel(const struct pst_host *host, const struct pst_facts *facts,
			   char out[PST_CHANNEL_ID_TEXT])
{
	const char *script = pst_fact(facts, PST_FACT_SCRIPT);
	const char *executable = script ? script : pst_fact(facts, PST_FACT_EXECUTABLE);
	struct pile pile = { .len = 0 };

	pile_text(&pile, host->machine_id);
	pile_text(&pile, executable ? executable : "");
	pile_channel(&pile, &facts->channel.key);
	return short_id(&pile, "c:", 4, out);
}

const char *pst_id_entity(const struct pst_host *host, const struct pst_proc_id *proc,
			  char out[PST_ENTITY_ID_TEXT])
{
	int r = pst_text_format(out, PST_ENTITY_ID_TEXT, "%.8s-%" PRIu32 "-%" PRIu64, host->boot_id,
				proc->tgid, proc->start_ns);

	assert(r == 0); /* 8 + 10 + 20 digits and two dashes */
	(void)r;
	return out;
}

const char *pst_id_event(const struct pst_host *host, const struct pst_position *position,
			 char out[PST_UUID_TEXT])
{
	struct pile pile = { .len = 0 };

	pile_text(&pile, host->boot_id);
	pile_number(&pile, position->cpu);
	pile_number(&pile, position->seq);
	pile_number(&pile, position->time_ns); /* records of the sensor itself have no sequence */
	pile_number(&pile, position->dataset);
	pile_number(&pile, position->ordinal);
	return pst_uuid_from(pile.bytes, pile.len, out);
}

const char *pst_id_ephemeral(const struct pst_host *host, uint64_t start_ns,
			     char out[PST_UUID_TEXT])
{
	struct pile pile = { .len = 0 };

	pile_text(&pile, host->boot_id);
	pile_number(&pile, start_ns);
	return pst_uuid_from(pile.bytes, pile.len, out);
}
