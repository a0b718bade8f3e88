// SPDX-License-Identifier: Apache-2.0
/* What stands in this one file? A terminal's width, too: pages about contracts are wrapped. */
#include "cli/one_contract.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "cli/cli.h"
#include "engine/source.h"

#define WIDTH 80u
#define WIDTH_MAX 200u /* longer lines are hard to read */
#define MESSAGE 2048

static void tell_all(const struct pst_diags *diags, const char *text)
{
	char message[MESSAGE];

	for (uint32_t i = 0; i < diags->count; i++)
		if (diags->list[i].level == PST_DIAG_ERROR)
			pst_tell_line(NULL, pst_diag_render(diags, &diags->list[i], text, message,
							    sizeof(message)));
}

struct pst_contracts *pst_one_contract(const char *action, const char *path,
				       struct pst_diags *diags)
{
	_cleanup_free_ struct pst_diags *own = diags ? NULL : malloc(sizeof(*own));
	_cleanup_free_ char *text = NULL;
	struct pst_contracts *set = pst_contracts_new();
	int64_t len = pst_source_text(path, PST_JSON_FILE_MAX, &text);
	int r = -ENOMEM;

	if (!diags)
		diags = own;
	if (len < 0) {
		pst_complain("%s: %s: %s", action, path,
			     len == -EFBIG ? "the file is larger than 1 MiB" : strerror((int)-len));
		pst_contracts_free(set);
		return NULL;
	}
	if (set && diags) {
		pst_diags_init(diags, path);
		r = pst_contracts_add(set, path, text, (size_t)len, diags);
		tell_all(diags, text);
	}
	if (r == -ENOMEM)
		pst_complain("%s: not enough memory", action);
	if (r == 0)
		return set;
	pst_contracts_free(set);
	return NULL;
}

unsigned int pst_page_width(void)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return WIDTH;
	return size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}
