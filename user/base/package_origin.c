// SPDX-License-Identifier: Apache-2.0
/* Which distribution is this, and under which names does it publish? */
#include "base/package.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Archives and mail domains that a distribution uses beside its ID: as seen in its Release files
 * and in the Maintainer fields of its packages. */
static const struct known {
	const char *id;
	const char *archives[4];
	const char *domains[4];
} known[] = {
	{ "debian", { "Debian", "Debian Backports" }, { "debian.org", "alioth-lists.debian.net" } },
	{ "ubuntu", { "Ubuntu", "UbuntuESM", "UbuntuESMApps" }, { "ubuntu.com", "canonical.com" } },
	{ "raspbian", { "Raspbian", "Raspberry Pi Foundation" }, { "raspberrypi.com" } },
	{ "kali", { "Kali" }, { "kali.org" } },
	{ "devuan", { "Devuan" }, { "devuan.org" } },
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

static bool is_in(const char list[][PST_DISTRIBUTION_NAME_MAX], const char *name)
{
	for (size_t i = 0; i < PST_DISTRIBUTION_NAMES && *list[i]; i++) {
		if (strcasecmp(list[i], name) == 0)
			return true;
	}
	return false;
}

/* add - the first PST_DISTRIBUTION_NAMES count; one that does not fit is none */
static void add(char list[][PST_DISTRIBUTION_NAME_MAX], const char *name, size_t len)
{
	size_t at = 0;

	if (!len || len >= PST_DISTRIBUTION_NAME_MAX)
		return;
	while (at < PST_DISTRIBUTION_NAMES && *list[at])
		at++;
	if (at == PST_DISTRIBUTION_NAMES)
		return;
	memcpy(list[at], name, len);
	list[at][len] = '\0';
}

/* add_words - the words of @text between any of @gaps */
static void add_words(char list[][PST_DISTRIBUTION_NAME_MAX], const char *text, const char *gaps)
{
	while (*text) { /* each turn takes a word and a gap */
		size_t len;

		text += strspn(text, gaps);
		len = strcspn(text, gaps);
		add(list, text, len);
		text += len;
	}
}

/* value_of - of KEY=value or KEY="value" on a line of its own; "" when there is none */
static void value_of(const char *text, size_t len, const char *key, char *out, size_t size)
{
	const char *end = text + len;
	size_t key_len = strlen(key);

	out[0] = '\0';
	while (text < end) { /* each turn takes a line */
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = stop ? stop : end;
		const char *from = text + key_len;

		if ((size_t)(line_end - text) > key_len && memcmp(text, key, key_len) == 0) {
			while (from < line_end && (*from == '"' || *from == '\''))
				from++;
			while (line_end > from && (line_end[-1] == '"' || line_end[-1] == '\''))
				line_end--;
			(void)pst_text_format(out, size, "%.*s", (int)(line_end - from), from);
			return;
		}
		text = line_end + 1;
	}
}

void pst_distribution_read(const char *os_release, size_t len, const char *further,
			   struct pst_distribution *out)
{
	char value[256];

	memset(out, 0, sizeof(*out));
	value_of(os_release, len, "ID=", value, sizeof(value));
	add(out->ids, value, strlen(value));
	add(out->names, value, strlen(value));
	value_of(os_release, len, "ID_LIKE=", value, sizeof(value));
	add_words(out->ids, value, " ");
	for (size_t i = 0; i < KNOWN; i++) {
		for (size_t n = 0; n < 4 && known[i].archives[n] && is_in(out->ids, known[i].id);
		     n++)
			add(out->names, known[i].archives[n], strlen(known[i].archives[n]));
	}
	add_words(out->names, further, ",");
}

bool pst_distribution_is(const struct pst_distribution *distribution, const char *origin)
{
	return *origin && is_in(distribution->names, origin);
}

/* ends_in - is the mail address at the domain or below it? */
static bool ends_in(const char *address, size_t len, const char *domain)
{
	size_t size = strlen(domain);

	return len > size && strncasecmp(address + len - size, domain, size) == 0 &&
	       (address[len - size - 1] == '@' || address[len - size - 1] == '.');
}

bool pst_distribution_makes(const struct pst_distribution *distribution, const char *maker)
{
	const char *from = strrchr(maker, '<');
	const char *end = from ? strchr(from, '>') : NULL;

	if (!end || end[1] || !memchr(from, '@', (size_t)(end - from)))
		return false;
	for (size_t i = 0; i < KNOWN; i++) {
		if (!is_in(distribution->ids, known[i].id))
			continue;
		for (size_t n = 0; n < 4 && known[i].domains[n]; n++) {
			if (ends_in(from + 1, (size_t)(end - from - 1), known[i].domains[n]))
				return true;
		}
	}
	return false;
}

bool pst_package_is_addon(const char *path)
{
	static const char *const folders[] = { "/opt/", "/usr/local/", "/srv/", "/home/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return true;
	}
	return false;
}
