// SPDX-License-Identifier: Apache-2.0
/* Which rpm package owns a path, and is it the distribution's? The measure are vendor and signing
 * key of the package that brought os-release. */
#include "sensor/packages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* says - a line of each package that owns the path; 0 or -errno */
static int says(const struct pst_rpm *rpm, const char *path, char **text, size_t *len)
{
	const char *const argv[] = { PST_RPM,	     "-q", "--dbpath", rpm->folder, "--queryformat",
				     PST_RPM_FORMAT, "-f", path,       NULL };
	const struct pst_tool tool = { .argv = argv,
				       .limit = PST_QUERY_BYTES,
				       .cpu_seconds = PST_QUERY_CPU_SECONDS,
				       .seconds = PST_QUERY_SECONDS,
				       .complaints = true };
	int r = pst_tool_run(&tool, text, len);

	return r > 1 ? -EIO : r < 0 ? r : 0; /* 1: none owns it */
}

/* read_release - 0 when it is known, or known that there is none; or -errno */
static int read_release(struct pst_rpm *rpm)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < PST_OS_RELEASES; i++) {
		_cleanup_free_ char *text = NULL;
		size_t len = 0;

		r = says(rpm, pst_os_releases[i], &text, &len);
		if (r == 0)
			r = pst_rpm_release(text ? text : "", len, &rpm->release);
	}
	rpm->asked = r >= 0;
	return r < 0 ? r : 0;
}

static void judge(const struct pst_rpm *rpm, const struct pst_package *package,
		  struct pst_clerk_answer *answer)
{
	pst_answer_fill(answer, "rpm", package);
	answer->owner = pst_rpm_is_distribution(package, &rpm->release) ? PST_IDENT_OWNER_DISTRO :
									  PST_IDENT_OWNER_VENDOR;
	(void)pst_text_format(answer->origin, sizeof(answer->origin), "%s%s%s",
			      *package->origin ? package->origin : "no vendor",
			      *package->maker ? ", key " : ", not signed",
			      package->maker); /* cut is fine */
}

int pst_rpm_ask(struct pst_rpm *rpm, const char *path, struct pst_clerk_answer *answer)
{
	_cleanup_free_ char *text = NULL;
	struct pst_package package;
	size_t len = 0;
	int r = rpm->asked ? 0 : read_release(rpm);

	if (r == 0)
		r = says(rpm, path, &text, &len);
	if (r == 0)
		r = pst_rpm_owner(text ? text : "", len, &rpm->release, &package);
	answer->owner = PST_IDENT_OWNER_NONE;
	if (r > 0)
		judge(rpm, &package, answer);
	return r < 0 ? r : 0;
}
