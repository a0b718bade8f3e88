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

bool pst_rpm_is_distribution(const struct pst_package *package, const struct pst_package *release)
{
	return *release->origin && strcmp(package->origin, release->origin) == 0 &&
	       strcmp(package->maker, release->maker) == 0;
}
