// SPDX-License-Identifier: Apache-2.0
/* What did dpkg-query say of a path, and of a package? */
#include "base/package.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool pst_package_is_name(const char *text, size_t len)
{
	if (!len || len >= PST_PACKAGE_TEXT || !is_alnum(text[0]))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(text[i]) && !is_one_of(text[i], "+-._:"))
			return false;
	}
	return true;
}

bool pst_package_is_version(const char *text, size_t len)
{
	if (!len || len >= PST_PACKAGE_TEXT)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(text[i]) && !is_one_of(text[i], ".+:~^_-"))
			return false;
	}
	return true;
}

bool pst_package_is_askable(const char *path)
{
	if (path[0] != '/' || strlen(path) >= PST_PACKAGE_PATH_MAX)
		return false;
	for (const char *at = path; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	}
	return true;
}

int pst_dpkg_pattern(const char *path, char *out, size_t size)
{
	size_t at = 0;

	for (; *path; path++) {
		if (is_one_of(*path, "*?[]\\")) {
			if (at + 1 >= size)
				return -ENAMETOOLONG;
			out[at++] = '\\';
		}
		if (at + 1 >= size)
			return -ENAMETOOLONG;
		out[at++] = *path;
	}
	out[at] = '\0';
	return 0;
}

bool pst_dpkg_alias(const char *path, char *out, size_t size)
{
	static const char *const merged[] = { "/bin/",	 "/sbin/",  "/lib/",
					      "/lib64/", "/lib32/", "/libx32/" };
	bool below_usr = strncmp(path, "/usr/", 5) == 0;
	const char *rest = below_usr ? path + 4 : path;

	for (size_t i = 0; i < sizeof(merged) / sizeof(merged[0]); i++) {
		if (strncmp(rest, merged[i], strlen(merged[i])) == 0)
			return pst_text_format(out, size, "%s%s", below_usr ? "" : "/usr", rest) ==
			       0;
	}
	return false;
}

/* keep - a bounded copy of what a line holds; false when it does not fit */
static bool keep(char *out, size_t size, const char *text, size_t len)
{
	if (len >= size)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

static bool keep_name(char *out, const char *text, size_t len)
{
	return pst_package_is_name(text, len) && keep(out, PST_PACKAGE_TEXT, text, len);
}

/* skip - @line without @prefix, or NULL */
static const char *skip(const char *line, const char *end, const char *prefix)
{
	size_t len = strlen(prefix);

	if ((size_t)(end - line) < len || memcmp(line, prefix, len) != 0)
		return NULL;
	return line + len;
}

/* One reading of what a search printed. */
struct reading {
	const char *path; /* that it is about */
	struct pst_dpkg_owner owner;
	/* a diversion is told in two lines: whence, and whither */
	char by[PST_PACKAGE_TEXT]; /* "": an administrator's */
	const char *from;
	size_t from_len;
};

static bool is_path(const char *text, size_t len, const char *path)
{
	return len == strlen(path) && memcmp(text, path, len) == 0;
}

static int see_from(struct reading *reading, const char *by, size_t by_len, const char *from,
		    size_t len)
{
	reading->by[0] = '\0';
	reading->from = from;
	reading->from_len = len;
	return !by_len || keep_name(reading->by, by, by_len) ? 0 : -EBADMSG;
}

/* see_to - both ends are known: is our path one of them? */
static int see_to(struct reading *reading, const char *to, size_t len)
{
	struct pst_dpkg_owner *owner = &reading->owner;

	if (!reading->from)
		return -EBADMSG;
	if (is_path(reading->from, reading->from_len, reading->path)) {
		(void)pst_text_copy(owner->diverter, sizeof(owner->diverter),
				    reading->by); /* fits */
		owner->local = !*reading->by;
	} else if (is_path(to, len, reading->path)) {
		(void)pst_text_copy(owner->diverter, sizeof(owner->diverter),
				    reading->by); /* fits */
		if (!keep(owner->original, sizeof(owner->original), reading->from,
			  reading->from_len))
			return -EBADMSG;
	}
	return 0;
}

/* see_diversion - 1 for a line of a diversion, 0 for another, -EBADMSG */
static int see_diversion(struct reading *reading, const char *line, const char *end)
{
	const char *by = skip(line, end, "diversion by ");
	const char *rest = by ? memchr(by, ' ', (size_t)(end - by)) :
				skip(line, end, "local diversion");
	const char *from, *to;
	int r;

	if (!rest)
		return by ? -EBADMSG : 0;
	from = skip(rest, end, " from: ");
	to = skip(rest, end, " to: ");
	if (from)
		r = see_from(reading, by, by ? (size_t)(rest - by) : 0, from, (size_t)(end - from));
	else
		r = to ? see_to(reading, to, (size_t)(end - to)) : -EBADMSG;
	return r < 0 ? r : 1;
}

/* see_owners - "libc6:amd64, libc6:i386: /path": the first two */
static int see_owners(struct reading *reading, const char *line, const char *end)
{
	const char *path = reading->path, *names_end;
	size_t path_len = strlen(path);

	if ((size_t)(end - line) < path_len + 3 || !is_path(end - path_len, path_len, path) ||
	    end[-(ptrdiff_t)path_len - 2] != ':' || end[-(ptrdiff_t)path_len - 1] != ' ')
		return 0; /* another path's */
	names_end = end - path_len - 2;
	for (size_t number = 0; number < 2 && line < names_end; number++) {
		const char *comma = memchr(line, ',', (size_t)(names_end - line));
		const char *name_end = comma ? comma : names_end;

		if (!keep_name(number ? reading->owner.other : reading->owner.name, line,
			       (size_t)(name_end - line)))
			return -EBADMSG;
		line = comma ? comma + 2 : names_end;
	}
	return 0;
}

int pst_dpkg_search(const char *text, size_t len, const char *path, struct pst_dpkg_owner *out)
{
	struct reading reading = { .path = path };
	const char *end = text + len;

	for (const char *line = text; line < end;) { /* each turn takes one line */
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		int r;

		if (!stop)
			return -EBADMSG; /* cut in the middle */
		r = see_diversion(&reading, line, stop);
		if (r == 0)
			r = see_owners(&reading, line, stop);
		if (r < 0)
			return r;
		line = stop + 1;
	}
	*out = reading.owner;
	return 0;
}

int pst_package_fields(const char *text, size_t len, struct pst_package *out)
{
	const char *end = memchr(text, '\n', len);
	const char *field[4];
	size_t size[4];

	for (size_t i = 0; i < 4; i++) {
		const char *tab = end ? memchr(text, '\t', (size_t)(end - text)) : NULL;

		if (!end || (!tab && i < 3))
			return -EBADMSG;
		field[i] = text;
		size[i] = (size_t)((i < 3 ? tab : end) - text);
		text = i < 3 ? tab + 1 : end;
	}
	if (!pst_package_is_name(field[0], size[0]) || !pst_package_is_version(field[1], size[1]))
		return -EBADMSG;
	*out = (struct pst_package){ .name = "" };
	(void)keep(out->name, sizeof(out->name), field[0], size[0]);	   /* fits: checked */
	(void)keep(out->version, sizeof(out->version), field[1], size[1]); /* fits: checked */
	for (size_t i = 2; i < 4; i++) {				   /* a longer one is cut */
		char *to = i == 2 ? out->origin : out->maker;

		(void)keep(to, PST_PACKAGE_TEXT, field[i],
			   size[i] < PST_PACKAGE_TEXT ? size[i] : PST_PACKAGE_TEXT - 1);
	}
	return 0;
}
