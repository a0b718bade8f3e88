// SPDX-License-Identifier: Apache-2.0
/* What does the daemon answer to a reader? One function for each verb. */
#include "cli/answers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "engine/view.h"
#include "engine/view_learn.h"

static int answer_learn(struct pst_engine *engine, const char *line, char **reply)
{
	char why[PST_LEARN_WHY];

	*reply = pst_view_learn_answer(engine, line, why);
	if (!*reply)
		*reply = pst_ctl_refusal(why);
	return *reply ? 0 : -ENOMEM;
}

static char *view_status(const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	return pst_view_status(engine, keys->form);
}

static char *view_vendors(const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	return pst_view_vendors(engine, keys->form);
}

static const struct {
	const char *verb;
	char *(*view)(const struct pst_engine *engine, const struct pst_view_keys *keys);
} views[] = {
	{ "status", view_status },
	{ "vendors", view_vendors },
	{ "profiles", pst_view_profiles },
	{ "profile", pst_view_profile },
};

/* Only verbs of verbs.def come here. */
static char *make_view(const struct pst_engine *engine, const char *line,
		       const struct pst_view_keys *keys)
{
	size_t len = strcspn(line, " "), i = 0;

	while (i + 1 < sizeof(views) / sizeof(views[0]) &&
	       (strlen(views[i].verb) != len || strncmp(views[i].verb, line, len) != 0))
		i++;
	return views[i].view(engine, keys);
}

/* "since=SECONDS", which may stand before what is asked for */
static const char *take_since(const char *rest, struct pst_view_keys *keys)
{
	char *end;

	if (strncmp(rest, "since=", 6) != 0)
		return rest;
	keys->since_s = strtoull(rest + 6, &end, 10);
	return end + (*end == ' ');
}

/* "VERB [json] [since=SECONDS] [PROGRAM|PID|UNIT]" */
int pst_answer(struct pst_engine *engine, const char *line, char **reply)
{
	bool known = true;
	struct pst_view_keys keys = { .what = "all", .form = PST_VIEW_TEXT, .known = &known };
	const char *rest = strchr(line, ' ');

	rest = rest ? rest + 1 : "";
	if (strncmp(rest, "json", 4) == 0 && (rest[4] == ' ' || !rest[4])) {
		keys.form = PST_VIEW_JSON;
		rest += rest[4] ? 5 : 4;
	}
	rest = take_since(rest, &keys);
	if (*rest)
		keys.what = rest;
	pst_engine_remember(engine);
	if (strncmp(line, "learn", 5) == 0)
		return answer_learn(engine, line, reply);
	*reply = make_view(engine, line, &keys);
	if (*reply && !known) {
		free(*reply);
		*reply = pst_ctl_refusal(PST_VIEW_NOT_KNOWN);
	}
	return *reply ? 0 : -ENOMEM;
}
