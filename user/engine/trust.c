// SPDX-License-Identifier: Apache-2.0
/* Did somebody change what names and "@resolvers" mean? Whoever edits resolv.conf or the hosts file
 * widens what contracts allow by name. */
#include "engine/trust.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"

#define HOSTS_MAX 4096u /* names that are compared; of more the counts are too high */
#define TOLD_MAX 4u	/* that the message names */
#define NAME_MAX 64u	/* bytes of each that it shows */

struct host_name {
	struct pst_addr addr;
	uint32_t telling; /* that had it last */
	char name[NAME_MAX];
};

int pst_trust_init(struct pst_trust *trust)
{
	trust->hosts =
		pst_table_new(&(struct pst_table_shape){ .key_bytes = PST_SHA256_BYTES,
							 .value_bytes = sizeof(struct host_name),
							 .capacity = HOSTS_MAX });
	return trust->hosts ? 0 : -1;
}

void pst_trust_clear(struct pst_trust *trust)
{
	pst_table_free(trust->hosts);
}

static void add_addr(char *text, size_t size, uint32_t *count, const struct pst_addr *addr)
{
	char shown[PST_ADDR_TEXT];

	if ((*count)++ < TOLD_MAX)
		(void)pst_text_append(text, size, "%s%s", text[0] ? ", " : "",
				      pst_addr_format(addr, shown)); /* fits */
}

static void add_name(char *text, size_t size, uint32_t *count, const struct host_name *host)
{
	char shown[PST_ADDR_TEXT];

	if ((*count)++ < TOLD_MAX)
		(void)pst_text_append(text, size, "%s%s %s", text[0] ? ", " : "",
				      pst_addr_format(&host->addr, shown),
				      host->name); /* may cut */
}

static bool lists(const struct pst_resolvers *resolvers, const struct pst_addr *addr)
{
	for (uint32_t i = 0; i < resolvers->count; i++)
		if (pst_addr_equal(&resolvers->addr[i], addr))
			return true;
	return false;
}

void pst_trust_resolvers(const struct pst_resolvers *before, const struct pst_resolvers *now,
			 struct pst_trust_change *change)
{
	*change = (struct pst_trust_change){ .added = 0 };
	for (uint32_t i = 0; i < now->count; i++)
		if (!lists(before, &now->addr[i]))
			add_addr(change->added_text, sizeof(change->added_text), &change->added,
				 &now->addr[i]);
	for (uint32_t i = 0; i < before->count; i++)
		if (!lists(now, &before->addr[i]))
			add_addr(change->removed_text, sizeof(change->removed_text),
				 &change->removed, &before->addr[i]);
}

static void see_name(struct pst_trust *trust, const struct pst_addr *addr, const uint8_t *name,
		     size_t len)
{
	struct pst_trust_change *change = &trust->hosts_change;
	uint8_t pair[sizeof(*addr) + PST_SHA256_BYTES], key[PST_SHA256_BYTES];
	struct host_name *host;
	bool created = false;

	memcpy(pair, addr, sizeof(*addr));
	pst_sha256(name, len, pair + sizeof(*addr));
	pst_sha256(pair, sizeof(pair), key);
	host = pst_table_put(trust->hosts, key, &created);
	if (!host)
		return;
	host->telling = trust->telling;
	if (!created)
		return;
	host->addr = *addr;
	(void)pst_text_safe(name, len, host->name, sizeof(host->name)); /* a cut is fine */
	add_name(change->added_text, sizeof(change->added_text), &change->added, host);
}

void pst_trust_hosts(struct pst_trust *trust, const struct pst_host_names *line)
{
	const uint8_t *at = line->names.data;
	const uint8_t *end = at + line->names.len;

	if (line->first) {
		trust->telling++;
		trust->hosts_told = true;
	}
	while (at < end) { /* at most one round a byte */
		const uint8_t *nul = memchr(at, 0, (size_t)(end - at));
		size_t len = (size_t)((nul ? nul : end) - at);

		if (len)
			see_name(trust, &line->addr, at, len);
		at += len + 1;
	}
}

/* forget_old - the names that the last telling did not have */
static void forget_old(struct pst_trust *trust)
{
	struct pst_trust_change *change = &trust->hosts_change;
	const void *key, *next_key;
	struct host_name *host = pst_table_next(trust->hosts, NULL, &key), *next;

	for (; host; host = next, key = next_key) {
		next = pst_table_next(trust->hosts, host, &next_key);
		if (host->telling == trust->telling)
			continue;
		add_name(change->removed_text, sizeof(change->removed_text), &change->removed,
			 host);
		(void)pst_table_remove(trust->hosts, key); /* it is there: just met */
	}
}

bool pst_trust_hosts_end(struct pst_trust *trust, struct pst_trust_change *change)
{
	bool was_watching = trust->watching;

	trust->watching = true;
	if (!trust->hosts_told)
		return false;
	trust->hosts_told = false;
	forget_old(trust);
	*change = trust->hosts_change;
	trust->hosts_change = (struct pst_trust_change){ .added = 0 };
	return was_watching && (change->added || change->removed);
}

static void say_some(char *out, size_t size, const char *verb, uint32_t count, const char *text)
{
	if (!count)
		return;
	(void)pst_text_append(out, size, "%s %s", verb, text); /* a cut is fine */
	if (count > TOLD_MAX)
		(void)pst_text_append(out, size, " and %u more", count - TOLD_MAX);
}

const char *pst_trust_say(const char *what, const struct pst_trust_change *change, char *out,
			  size_t size)
{
	(void)pst_text_format(out, size, "%s changed:", what); /* fits */
	say_some(out, size, " added", change->added, change->added_text);
	say_some(out, size, change->added ? "; removed" : " removed", change->removed,
		 change->removed_text);
	return out;
}
