// SPDX-License-Identifier: Apache-2.0
/* Is this signed contract older than one that was in force? The highest version of each is kept in
 * the state folder, for ever: a contract that was taken away and comes back must not come back
 * older. Only the daemon writes, and it says when the file is not as it left it. Blind to: a file
 * that somebody replaced by an older one of ours while no daemon ran. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/signing.h"
#include "engine/state.h"

#define FILE_NAME "contracts.versions"
#define VERSIONS_MAX 4096u /* as many contracts as a set holds; 220 bytes each in the file */
#define FORMAT 1
#define HEX "0123456789abcdef"
#define DIGEST_HEAD 7 /* "sha256:" in a contract's digest */

struct version {
	char contract[PST_CONTRACT_ID_MAX + 1];
	char sha256[65];
	char since[21]; /* "2026-11-23T08:00:00Z": first seen in force */
	uint64_t number;
};

struct pst_versions {
	char path[4096];
	char trouble[PST_SIGNING_WHY];
	bool lost;    /* the file is gone, or cannot be used, or is not ours any more */
	bool unsaved; /* what is here is not on the disk */
	bool kept;    /* the file is there, and these are its bytes */
	uint8_t digest[PST_SHA256_BYTES];
	size_t count;
	struct version list[VERSIONS_MAX + 1]; /* the last one is never used: the end is a place */
};

static void say_trouble(struct pst_versions *versions, const char *what, const char *why)
{
	char path[1024];

	(void)pst_text_safe(versions->path, strlen(versions->path), path,
			    sizeof(path)); /* cut still says which */
	(void)pst_text_format(
		versions->trouble, sizeof(versions->trouble),
		"%s %s: %s; until each signed contract was seen again, an older version of it is not noticed",
		what, path, why); /* cut is fine */
}

/* Its place in the list; the end of that when it is not known. */
static size_t find(const struct pst_versions *versions, const char *contract)
{
	size_t i = 0;

	while (i < versions->count && strcmp(versions->list[i].contract, contract) != 0)
		i++;
	return i;
}

static bool take_text(const struct pst_json_value *entry, const char *key, char *out,
		      size_t out_size)
{
	const struct pst_json_value *value = pst_json_get(entry, key);

	return value && value->type == PST_JSON_STRING && *value->string &&
	       pst_text_copy(out, out_size, value->string);
}

/* "2026-11-23T08:00:00Z" */
static bool is_time(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";

	for (size_t i = 0; i < sizeof(form); i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (form[i] == 'd' ? !digit : text[i] != form[i])
			return false;
	}
	return true;
}

static bool take_entry(struct pst_versions *versions, const struct pst_json_value *entry)
{
	struct version version = { .contract = "" };
	const struct pst_json_value *number;

	if (entry->type != PST_JSON_OBJECT || entry->children != 4 ||
	    versions->count >= VERSIONS_MAX)
		return false;
	number = pst_json_get(entry, "version");
	if (!number || !number->is_integer || number->integer < 1 ||
	    !take_text(entry, "contract", version.contract, sizeof(version.contract)) ||
	    !take_text(entry, "sha256", version.sha256, sizeof(version.sha256)) ||
	    !take_text(entry, "since", version.since, sizeof(version.since)))
		return false;
	if (strspn(version.sha256, HEX) != sizeof(version.sha256) - 1 || !is_time(version.since) ||
	    find(versions, version.contract) < versions->count)
		return false;
	version.number = (uint64_t)number->integer;
	versions->list[versions->count++] = version;
	return true;
}

static bool take_root(struct pst_versions *versions, const struct pst_json_value *root)
{
	const struct pst_json_value *format, *list;

	if (root->type != PST_JSON_OBJECT)
		return false;
	format = pst_json_get(root, "format");
	list = pst_json_get(root, "contracts"); /* none was signed: it is not there */
	if (!format || !format->is_integer || format->integer != FORMAT ||
	    root->children != (list ? 2 : 1) || (list && list->type != PST_JSON_ARRAY))
		return false;
	for (const struct pst_json_value *entry = list ? list->child : NULL; entry;
	     entry = entry->next) {
		if (!take_entry(versions, entry))
			return false;
	}
	return true;
}

struct pst_versions *pst_versions_new(void)
{
	return calloc(1, sizeof(struct pst_versions));
}

bool pst_versions_load(struct pst_versions *versions, const char *text, size_t len)
{
	struct pst_diags diags;
	struct pst_json_doc *doc;
	bool taken;

	pst_diags_init(&diags, FILE_NAME);
	doc = pst_json_read(text, len, &diags);
	taken = doc && take_root(versions, pst_json_root(doc));
	pst_json_doc_free(doc);
	if (!taken)
		versions->count = 0;
	return taken;
}

static void remember_bytes(struct pst_versions *versions, const char *text, size_t len)
{
	pst_sha256(text, len, versions->digest);
	versions->kept = true;
}

/* Did an earlier session keep something here? It begins by writing the versions. */
static bool has_history(const char *folder)
{
	char path[4096];

	return pst_text_format(path, sizeof(path), "%s/" PST_STATE_FILE, folder) == 0 &&
	       access(path, F_OK) == 0;
}

int pst_versions_read(const char *folder, struct pst_versions **out)
{
	_cleanup_free_ struct pst_versions *versions = pst_versions_new();
	_cleanup_free_ char *text = NULL;
	const char *why = NULL;
	int64_t len;

	if (!versions)
		return -ENOMEM;
	len = pst_text_format(versions->path, sizeof(versions->path), "%s/" FILE_NAME, folder);
	if (len == 0)
		len = pst_source_text(versions->path, PST_JSON_FILE_MAX, &text);
	if (len == -ENOENT)
		why = has_history(folder) ? "it was removed: " PST_STATE_FILE
					    " beside it is of an earlier session" :
					    NULL;
	else if (len < 0)
		why = strerror((int)-len);
	else if (pst_versions_load(versions, text, (size_t)len))
		remember_bytes(versions, text, (size_t)len);
	else
		why = "it is torn, or no file of postern";
	versions->lost = why != NULL;
	versions->unsaved = !versions->kept;
	if (why)
		say_trouble(versions, "cannot use", why);
	*out = take_ptr(versions);
	return 0;
}

void pst_versions_free(struct pst_versions *versions)
{
	free(versions);
}

const char *pst_versions_trouble(const struct pst_versions *versions)
{
	return versions->trouble;
}

int pst_versions_check(const struct pst_versions *versions, const struct pst_contract *contract,
		       char *why, size_t why_size)
{
	size_t at = find(versions, contract->id);
	const struct version *known = &versions->list[at];

	if (at == versions->count || !*contract->signer || contract->version > known->number)
		return 0;
	if (contract->version == known->number &&
	    strcmp(contract->digest + DIGEST_HEAD, known->sha256) == 0)
		return 0;
	if (contract->version == known->number)
		(void)pst_text_format(
			why, why_size,
			"version %" PRIu64
			" of contract %s was in force on %s with another text (sha256:%.16s...); a change needs a higher version",
			known->number, known->contract, known->since, known->sha256); /* fits */
	else
		(void)pst_text_format(why, why_size,
				      "version %" PRIu64 " of contract %s is older than %" PRIu64
				      ", which was in force on %s; versions only go up",
				      contract->version, known->contract, known->number,
				      known->since); /* fits */
	return -ESTALE;
}

/* Nothing is wrong with it where signatures are not required, but somebody should know. */
static void say_unsigned(struct pst_versions *versions, const struct version *known)
{
	if (*versions->trouble)
		return; /* with the file itself, which is worse */
	(void)pst_text_format(
		versions->trouble, sizeof(versions->trouble),
		"contract %s was signed on %s, in version %" PRIu64
		", and is not signed any more: its version cannot be held against that one",
		known->contract, known->since, known->number); /* fits */
}

static void take_contract(struct pst_versions *versions, const struct pst_contract *contract,
			  const char *since)
{
	size_t at = find(versions, contract->id);
	struct version *known = &versions->list[at];

	if (!*contract->signer && at < versions->count)
		say_unsigned(versions, known);
	if (!*contract->signer || (at < versions->count && known->number >= contract->version))
		return;
	if (at == VERSIONS_MAX) {
		say_trouble(versions, "no more contracts fit in", "it holds 4096");
		return;
	}
	versions->count += at == versions->count;
	known->number = contract->version;
	(void)pst_text_copy(known->contract, sizeof(known->contract), contract->id); /* same size */
	(void)pst_text_copy(known->sha256, sizeof(known->sha256),
			    contract->digest + DIGEST_HEAD);		/* 64 digits */
	(void)pst_text_copy(known->since, sizeof(known->since), since); /* 20 letters */
	versions->unsaved = true;
}

static int write_file(struct pst_versions *versions)
{
	struct pst_json *json = pst_json_new();
	_cleanup_free_ char *text = malloc(PST_JSON_FILE_MAX);
	int len = -ENOMEM, r;

	pst_json_put_int(json, "format", FORMAT);
	for (size_t i = 0; json && text && i < versions->count; i++) {
		const struct version *version = &versions->list[i];
		struct pst_json *one = pst_json_add_object(json, "contracts");

		pst_json_put_text(one, "contract", version->contract);
		pst_json_put_int(one, "version", (int64_t)version->number); /* at most 2^53 - 1 */
		pst_json_put_text(one, "sha256", version->sha256);
		pst_json_put_text(one, "since", version->since);
	}
	if (json && text)
		len = pst_json_print(json, text, PST_JSON_FILE_MAX - 1);
	pst_json_free(json);
	if (len < 0)
		return len;
	text[len] = '\n';
	versions->kept = false; /* when it fails, it may have been replaced all the same */
	r = pst_state_replace(versions->path, text, (size_t)len + 1);
	if (r == 0)
		remember_bytes(versions, text, (size_t)len + 1);
	return r;
}

/* What cannot be used is kept for whoever wants to know why. */
static void keep_aside(struct pst_versions *versions)
{
	char kept[4200], safe[512];

	if (pst_state_keep_aside(versions->path, kept, sizeof(kept)) < 0)
		return; /* the write that follows replaces it, or fails and says so */
	(void)pst_text_safe(kept, strlen(kept), safe, sizeof(safe)); /* cut still says which */
	(void)pst_text_append(versions->trouble, sizeof(versions->trouble), "; it is kept as %s",
			      safe); /* cut is fine */
}

static void write_time(int64_t wall_s, char *out, size_t out_size)
{
	time_t now = (time_t)wall_s;
	struct tm when;

	if (!gmtime_r(&now, &when) ||
	    strftime(out, out_size, "%Y-%m-%dT%H:%M:%SZ", &when) + 1 != out_size)
		(void)pst_text_copy(out, out_size, "1970-01-01T00:00:00Z"); /* a clock gone mad */
}

/* Is the file as it was left? Whoever may put an older one there has an older contract accepted
 * after the next start. */
static void look_again(struct pst_versions *versions)
{
	_cleanup_free_ char *text = NULL;
	uint8_t digest[PST_SHA256_BYTES];
	char path[1024];
	int64_t len;

	if (!versions->kept)
		return; /* that was told */
	len = pst_source_text(versions->path, PST_JSON_FILE_MAX, &text);
	if (len >= 0)
		pst_sha256(text, (size_t)len, digest);
	if (len >= 0 && memcmp(digest, versions->digest, sizeof(digest)) == 0)
		return;
	versions->lost = versions->unsaved = true;
	(void)pst_text_safe(versions->path, strlen(versions->path), path,
			    sizeof(path)); /* cut still says which */
	(void)pst_text_format(
		versions->trouble, sizeof(versions->trouble),
		"%s was %s, and not by this postern; the versions that it knows hold, and are written anew",
		path, len == -ENOENT ? "removed" : "changed or replaced"); /* cut is fine */
}

static int save(struct pst_versions *versions)
{
	int r;

	if (versions->lost)
		keep_aside(versions);
	versions->lost = false;
	r = write_file(versions);
	if (r < 0)
		say_trouble(versions, "cannot write", strerror(-r));
	else
		versions->unsaved = false;
	return r;
}

bool pst_versions_guard(struct pst_versions *versions)
{
	bool lost;

	look_again(versions);
	lost = versions->lost;
	return versions->unsaved && (save(versions) < 0 || lost);
}

int pst_versions_take(struct pst_versions *versions, const struct pst_contracts *set,
		      int64_t wall_s)
{
	char since[sizeof(versions->list[0].since)];

	if (!versions->lost)
		versions->trouble[0] = '\0'; /* what was told before */
	look_again(versions);
	write_time(wall_s, since, sizeof(since));
	for (size_t i = 0; i < pst_contracts_count(set); i++)
		take_contract(versions, pst_contracts_at(set, i), since);
	return versions->unsaved ? save(versions) : 0;
}
