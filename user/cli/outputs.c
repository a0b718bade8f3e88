// SPDX-License-Identifier: Apache-2.0
/* Where do this command's records go? */
#include "cli/outputs.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define ALERTS_AND_HEALTH ((1u << PST_ALERT) | (1u << PST_HEALTH))
#define ALL_RECORDS ((1u << PST_DATASETS) - 1u)

/* One place where records go. */
struct output {
	const char *name;   /* "alerts" */
	const char *target; /* file or "-" */
	uint32_t datasets;
};

static const char *advice(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "; make its folder, or name another file";
	case EROFS:
	case EACCES:
	case EPERM:
		return "; name a file that may be written";
	case ENOSPC:
	case EDQUOT:
		return "; make room";
	default:
		return "";
	}
}

static int open_one(const struct pst_outputs_keys *keys, const struct output *output,
		    struct pst_outputs *out)
{
	const bool to_stdout = strcmp(output->target, "-") == 0;
	const struct pst_sink_keys sink = { .target = output->target,
					    .datasets = output->datasets,
					    .compact = keys->compact && to_stdout,
					    .colour = to_stdout && isatty(STDOUT_FILENO),
					    .queue_bytes = keys->config->queue_bytes };
	int r = pst_sink_new(to_stdout ? "stdout" : "file", &sink, &out->sink[out->count]);

	if (r < 0) {
		pst_complain("cannot write %s to %s: %s%s", output->name, output->target,
			     strerror(-r), advice(-r));
		return r;
	}
	out->name[out->count] = output->name;
	out->target[out->count] = output->target;
	out->count++;
	return 0;
}

int pst_outputs_open(const struct pst_outputs_keys *keys, struct pst_outputs *out)
{
	const bool readable = keys->compact && !(keys->alerts && strcmp(keys->alerts, "-") == 0) &&
			      !(keys->events && strcmp(keys->events, "-") == 0);
	const bool same = keys->alerts && keys->events && strcmp(keys->alerts, keys->events) == 0;
	const struct output outputs[] = { { "alerts", same ? NULL : keys->alerts,
					    ALERTS_AND_HEALTH },
					  { "events", keys->events, ALL_RECORDS },
					  { "readable", readable ? "-" : NULL, 1u << PST_ALERT } };
	int r = 0;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; r == 0 && i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		if (outputs[i].target)
			r = open_one(keys, &outputs[i], out);
	}
	return r;
}

void pst_outputs_put(struct pst_outputs *outputs, const struct pst_record *record)
{
	for (size_t i = 0; i < outputs->count; i++)
		pst_sink_put(outputs->sink[i], record);
}

/* A stopped terminal and a closed pipe are the reader's own will. */
static int trouble_of(const struct pst_sink_figures *figures)
{
	return figures->last_error == EAGAIN || figures->last_error == EPIPE ? 0 :
									       figures->last_error;
}

static void tell_trouble(struct pst_outputs *outputs, size_t i)
{
	struct pst_sink_figures figures;
	int trouble;

	pst_sink_figures(outputs->sink[i], &figures);
	trouble = trouble_of(&figures);
	if (trouble == outputs->told[i])
		return;
	if (trouble)
		pst_complain("cannot write %s to %s: %s%s; %zu lines wait in memory",
			     outputs->name[i], outputs->target[i], strerror(trouble),
			     advice(trouble), figures.queued);
	else
		pst_complain("%s go to %s again; %" PRIu64 " lines were dropped meanwhile",
			     outputs->name[i], outputs->target[i], figures.dropped);
	outputs->told[i] = trouble;
}

void pst_outputs_flush(struct pst_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++) {
		pst_sink_flush(outputs->sink[i]);
		tell_trouble(outputs, i);
	}
}

void pst_outputs_wait(struct pst_outputs *outputs)
{
	struct pst_sink_figures figures;

	for (size_t i = 0; i < outputs->count; i++) {
		struct pollfd reader = { .fd = STDOUT_FILENO, .events = POLLOUT };

		pst_sink_figures(outputs->sink[i], &figures);
		while (figures.queued && figures.last_error == EAGAIN) {
			if (poll(&reader, 1, -1) < 0 && errno != EINTR)
				return;
			pst_sink_flush(outputs->sink[i]);
			pst_sink_figures(outputs->sink[i], &figures);
		}
	}
}

void pst_outputs_reopen(struct pst_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++) {
		int r = pst_sink_reopen(outputs->sink[i]);

		if (r < 0)
			pst_complain(
				"%s cannot be opened anew, the old file is still written: %s%s",
				outputs->target[i], strerror(-r), advice(-r));
	}
}

void pst_outputs_close(struct pst_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		pst_sink_free(outputs->sink[i]);
	outputs->count = 0;
}

void pst_outputs_figures(const struct pst_outputs *outputs, struct pst_engine *engine)
{
	struct pst_sink_figures figures[PST_OUTPUTS_MAX];

	for (size_t i = 0; i < outputs->count; i++) {
		pst_sink_figures(outputs->sink[i], &figures[i]);
		figures[i].name = outputs->name[i]; /* two sinks may be of one kind */
	}
	pst_engine_sinks(engine, figures, outputs->count);
}

uint64_t pst_outputs_lost(const struct pst_outputs *outputs)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < outputs->count; i++) {
		struct pst_sink_figures figures;
		uint64_t lines;

		pst_sink_figures(outputs->sink[i], &figures);
		lines = figures.dropped + figures.queued;
		if (!lines || figures.last_error == EPIPE)
			continue;
		pst_complain("%" PRIu64 " lines of %s could not be written to %s%s%s", lines,
			     outputs->name[i], outputs->target[i], figures.last_error ? ": " : "",
			     figures.last_error ? strerror(figures.last_error) : "");
		lost += lines;
	}
	return lost;
}
