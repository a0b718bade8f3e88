// SPDX-License-Identifier: Apache-2.0
/* What does the running daemon answer? */
#include "cli/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/settings.h"
#include "ctl/ctl.h"

struct answer {
	const char *command;
	size_t bytes;
	bool refused; /* the daemon said why, and so did we */
};

static bool take_refusal(struct answer *answer, const char *text, size_t len)
{
	char why[PST_CTL_WHY_MAX];

	if (answer->bytes || !pst_ctl_is_refusal(text, len, why))
		return false;
	answer->refused = true;
	pst_complain("%s: %s", answer->command, why);
	return true;
}

static bool print_line(void *context, const char *text, size_t len)
{
	struct answer *answer = context;

	if (take_refusal(answer, text, len))
		return false;
	answer->bytes += len;
	(void)fwrite(text, 1, len, stdout); /* checked by fflush */
	fputc('\n', stdout);
	return fflush(stdout) == 0;
}

/* 0 at the end of the answer, or -errno. */
static int read_answer(int fd, const struct pst_ask_keys *keys)
{
	_cleanup_free_ struct pst_ctl_reader *reader = calloc(1, sizeof(*reader));
	const char *line;
	size_t len;
	int r = pst_ctl_ask(fd, keys->request);

	if (!reader)
		return -ENOMEM;
	reader->fd = fd;
	while (r >= 0) {
		r = pst_ctl_read_line(reader, &line, &len);
		if (r == 0 || (r > 0 && !keys->print(keys->context, line, len)))
			return 0;
	}
	return r;
}

int pst_ask_lines(const struct pst_ask_keys *keys)
{
	_cleanup_close_ int fd = -1;
	char path[4096];
	int r;

	if (pst_text_format(path, sizeof(path), "%s/%s",
			    keys->runtime ? keys->runtime : PST_RUNTIME_DIR, PST_SOCKET_NAME) < 0) {
		pst_complain("%s: the path of the runtime folder is too long", keys->command);
		return PST_EXIT_USAGE;
	}
	fd = pst_ctl_connect(path);
	if (fd < 0) {
		pst_complain("%s: no daemon answers at %s: %s; %s", keys->command, path,
			     strerror(-fd),
			     fd == -EACCES || fd == -EPERM ?
				     "ask as root, or as a member of its group (live.group)" :
				     "is 'postern run' running, and with this --runtime?");
		return PST_EXIT_FAILURE;
	}
	r = read_answer(fd, keys);
	if (r == 0)
		return PST_EXIT_OK;
	pst_complain("%s: the daemon at %s: %s", keys->command, path, strerror(-r));
	return PST_EXIT_FAILURE;
}

int pst_ask(const char *command, const char *runtime, const char *request)
{
	struct answer answer = { .command = command };
	const struct pst_ask_keys keys = { .command = command,
					   .runtime = runtime,
					   .request = request,
					   .print = print_line,
					   .context = &answer };
	int r = pst_ask_lines(&keys);

	if (answer.refused)
		return PST_EXIT_FAILURE;
	if (r != PST_EXIT_OK || answer.bytes)
		return r;
	pst_complain("%s: the daemon gave no answer", command);
	return PST_EXIT_FAILURE;
}

const char *pst_ask_form(const char *command, const char *value)
{
	if (!value || strcmp(value, "text") == 0)
		return "text";
	if (strcmp(value, "json") == 0)
		return "json";
	pst_complain("%s: -o takes text or json, not '%s'", command, value);
	return NULL;
}
