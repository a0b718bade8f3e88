// SPDX-License-Identifier: Apache-2.0
/* Where do profiles live while the daemon does not? In one file of the state folder, which is read
 * at start, and written aside and renamed at each interval and at the end. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "engine/source.h"
#include "engine/state.h"
#include "profile/history.h"

#define STATE_MAX (UINT64_C(1) << 28) /* bytes; every bound filled makes a tenth of it */

static int path_of(const char *folder, char *out, size_t out_size)
{
	return pst_text_format(out, out_size, "%s/%s", folder, PST_STATE_FILE);
}

static void warn(struct pst_engine *engine, struct pst_warning *warning)
{
	char safe[sizeof(warning->message)];

	(void)pst_text_safe_again(warning->message, strlen(warning->message), safe,
				  sizeof(safe)); /* a cut message still says what */
	memcpy(warning->message, safe, sizeof(safe));
	pst_engine_warn(engine, warning);
}

/* A file that cannot be used is kept for whoever wants to know why, and never written over. */
static void refuse(struct pst_engine *engine, const char *path, const char *why)
{
	struct pst_warning warning = { .action = "state-refused", .code = "STATE_INVALID" };
	char kept[4096];
	int r = pst_state_keep_aside(path, kept, sizeof(kept));

	(void)pst_text_format(warning.message, sizeof(warning.message),
			      "the profiles of earlier sessions in %s were not taken in: %s; %s %s",
			      path, why, r == 0 ? "the file is kept as" : "it could not be kept:",
			      r == 0 ? kept : strerror(-r)); /* a cut message still says what */
	warn(engine, &warning);
}

int pst_source_history(struct pst_engine *engine, const char *folder)
{
	_cleanup_free_ char *bytes = NULL;
	const char *why = "";
	char path[4096];
	int64_t len;
	int r = path_of(folder, path, sizeof(path));

	if (r < 0)
		return r;
	len = pst_source_text(path, STATE_MAX, &bytes);
	if (len == -ENOENT)
		return 0;
	if (len < 0) {
		refuse(engine, path, strerror((int)-len));
		return (int)len;
	}
	r = pst_history_read(pst_engine_history(engine), (const uint8_t *)bytes, (size_t)len, &why);
	if (r < 0)
		refuse(engine, path, r == -ENOMEM ? "there is not enough memory for it" : why);
	return r;
}

int pst_source_history_save(struct pst_engine *engine, const char *folder, uint64_t now_s)
{
	struct pst_warning warning = { .action = "state-unsaved", .code = "STATE_UNSAVED" };
	_cleanup_free_ uint8_t *bytes = NULL;
	char path[4096];
	size_t len = 0;
	int r = path_of(folder, path, sizeof(path));

	pst_engine_remember(engine);
	if (r == 0) {
		bytes = pst_history_write(pst_engine_history(engine), now_s, &len);
		r = bytes ? pst_state_replace(path, bytes, len) : -ENOMEM;
	}
	if (r == 0)
		return 0;
	(void)pst_text_format(
		warning.message, sizeof(warning.message),
		"the profiles could not be written to %s: %s; the file of the last time stays",
		path, strerror(-r)); /* a cut message still says what */
	warn(engine, &warning);
	return r;
}
