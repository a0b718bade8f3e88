// SPDX-License-Identifier: Apache-2.0
/* What did rpm say of a package, and is it one of the distribution? No list of vendors: what the
 * package that brought os-release says of itself is the measure. */
#include "base/package.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"

#define KEY_ID "Key ID "
#define KEY_DIGITS 16

/* keep_key - the id in "RSA/SHA256, Tue 04 Apr 2023 ..., Key ID 199e2f91fd431d51"; "" without one
 */
static void keep_key(char *maker)
{
	const char *id = strstr(maker, KEY_ID);
	size_t len = 0;

	if (id) {
		id += strlen(KEY_ID);
		while (len < KEY_DIGITS && isxdigit((unsigned char)id[len]))
			len++;
	}
	if (len == KEY_DIGITS)
		memmove(maker, id, KEY_DIGITS);
	maker[len == KEY_DIGITS ? KEY_DIGITS : 0] = '\0';
}

int pst_rpm_fields(const char *text, size_t len, struct pst_package *out)
{
	struct pst_package found;
	int r = pst_package_fields(text, len, &found);

	if (r < 0)
		return r;
	if (strcmp(found.origin, "(none)") == 0)
		found.origin[0] = '\0';
	keep_key(found.maker);
	*out = found;
	return 0;
}

static bool is_alike(const struct pst_package *one, const struct pst_package *other)
{
	return strcmp(one->origin, other->origin) == 0 && strcmp(one->maker, other->maker) == 0;
}

bool pst_rpm_is_distribution(const struct pst_package *package, const struct pst_package *release)
{
	return *release->origin && is_alike(package, release);
}

static bool begins(const char *line, const char *end, const char *with)
{
	return (size_t)(end - line) >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* is_remark - a line about no package: "file /x is not owned by any package", or that rpm may not
 * look at it either */
static bool is_remark(const char *line, const char *end)
{
	return begins(line, end, "file /") || begins(line, end, "error: file /") ||
	       begins(line, end, "warning: ");
}

/* next_package - of several lines; 1, 0 at the end, or -EBADMSG: also when the database cannot be
 * read, of which rpm complains, and says that nobody owns the file */
static int next_package(const char **text, const char *end, struct pst_package *out)
{
	while (*text < end) { /* each turn takes a line */
		const char *line = *text, *stop = memchr(line, '\n', (size_t)(end - line));
		int r;

		if (!stop)
			return -EBADMSG; /* cut in the middle */
		*text = stop + 1;
		if (is_remark(line, stop))
			continue;
		r = pst_rpm_fields(line, (size_t)(stop + 1 - line), out);
		return r < 0 ? r : 1;
	}
	return 0;
}

int pst_rpm_owner(const char *text, size_t len, const struct pst_package *release,
		  struct pst_package *out)
{
	const char *end = text + len;
	struct pst_package found, one;
	int r = next_package(&text, end, &found);

	if (r <= 0)
		return r;
	while ((r = next_package(&text, end, &one)) > 0) {
		if (pst_rpm_is_distribution(&found, release) &&
		    !pst_rpm_is_distribution(&one, release))
			found = one;
	}
	if (r < 0)
		return r;
	*out = found;
	return 1;
}

int pst_rpm_release(const char *text, size_t len, struct pst_package *out)
{
	const char *end = text + len;
	struct pst_package found, one;
	bool is_one = true;
	int r = next_package(&text, end, &found);

	if (r <= 0)
		return r;
	while ((r = next_package(&text, end, &one)) > 0)
		is_one = is_one && is_alike(&one, &found);
	if (r < 0)
		return r;
	if (!is_one)
		found.origin[0] = '\0';
	*out = found;
	return 1;
}
