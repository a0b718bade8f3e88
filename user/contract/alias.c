// SPDX-License-Identifier: Apache-2.0
/* Which two paths are one? Where /usr is merged, the kernel names /bin/bash as /usr/bin/bash; and
 * /run is what /var/run was. The pattern stays as it was written: only its beginning may stand for
 * the other name too. Where /usr is not merged a pattern below /bin means both files, which are
 * root's either way. */
#include "contract/alias.h"

#include <string.h>

#include "base/fnv.h"
#include "base/text.h"

/* A link to a folder leads from the old name to the new one: the kernel tells the new one. Names of
 * unix sockets are as the server wrote them, so these go both ways. */
#define OLD 6u
static const struct pst_alias aliases[] = {
	{ "/bin/", "/usr/bin/" },	{ "/sbin/", "/usr/sbin/" }, { "/lib/", "/usr/lib/" },
	{ "/lib64/", "/usr/lib64/" },	{ "/var/run/", "/run/" },   { "/var/lock/", "/run/lock/" },
	{ "/run/lock/", "/var/lock/" }, { "/run/", "/var/run/" },
};

#define COUNT (sizeof(aliases) / sizeof(aliases[0]))

bool pst_alias_match(const char *pattern, const char *path)
{
	size_t i;

	if (pst_glob_match(pattern, path))
		return true;
	for (i = 0; i < COUNT; i++) {
		size_t from = strlen(aliases[i].pattern), to = strlen(aliases[i].path);

		if (!strncmp(pattern, aliases[i].pattern, from) &&
		    !strncmp(path, aliases[i].path, to) &&
		    pst_glob_match(pattern + from, path + to))
			return true;
	}
	return false;
}

const struct pst_alias *pst_alias_of_old(const char *pattern)
{
	size_t i;

	for (i = 0; i < OLD; i++)
		if (!strncmp(pattern, aliases[i].pattern, strlen(aliases[i].pattern)))
			return &aliases[i];
	return NULL;
}

uint64_t pst_folder_of(const char *pattern)
{
	uint64_t key = PST_FNV_START, folder = 0;
	const char *at;

	for (at = pattern; *at && *at != '*' && *at != '?'; at++) { /* at most PST_GLOB_MAX */
		at += *at == '\\' && at[1];
		key = pst_fnv_byte(key, (uint8_t)*at);
		if (*at == '/')
			folder = key;
	}
	return folder;
}

struct visitor {
	void (*visit)(void *context, uint64_t key);
	void *context;
};

/* Each folder in @path, of @key on, which stands for what is before it. Returns the last key. */
static uint64_t visit_folders(const struct visitor *visitor, uint64_t key, const char *path)
{
	for (; *path; path++) { /* paths have an end */
		key = pst_fnv_byte(key, (uint8_t)*path);
		if (*path == '/')
			visitor->visit(visitor->context, key);
	}
	return key;
}

void pst_folder_each(const char *path, void (*visit)(void *context, uint64_t key), void *context)
{
	const struct visitor visitor = { visit, context };
	size_t i;

	(void)visit_folders(&visitor, PST_FNV_START, path); /* nothing follows */
	for (i = 0; i < COUNT; i++) {
		size_t len = strlen(aliases[i].path);
		uint64_t key;

		if (strncmp(path, aliases[i].path, len) != 0)
			continue;
		key = visit_folders(&visitor, PST_FNV_START, aliases[i].pattern);
		(void)visit_folders(&visitor, key, path + len); /* as above */
	}
}
