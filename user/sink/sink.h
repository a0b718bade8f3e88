// SPDX-License-Identifier: Apache-2.0
/* sink: where finished lines go. Each kind is one file, listed in sinks.def; each sink numbers what
 * it sends by itself. */
#ifndef PST_SINK_SINK_H
#define PST_SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"

struct pst_sink;

struct pst_sink_keys {
	const char *target; /* path, or "-" */
	uint32_t datasets;  /* bit per enum pst_dataset that it takes */
	bool compact;	    /* one readable line instead of JSON */
	bool colour;
	size_t queue_bytes; /* bounded queue for what cannot be written now; alerts and health are
			       the last to be dropped */
};

struct pst_sink_ops {
	const char *name;		    /* as in sinks.def */
	int (*open)(struct pst_sink *sink); /* 0 or -errno */
	int (*write)(struct pst_sink *sink, const char *line,
		     size_t len); /* bytes taken, or -errno; the rest stays queued */
	int (*reopen)(struct pst_sink
			      *sink); /* may be NULL; keeps the old target when the new one fails */
	void (*check)(struct pst_sink *sink); /* may be NULL; at each flush: is the target still the
						 one that is open? */
	void (*close)(struct pst_sink *sink);
};

struct pst_sink_figures {
	const char *name;
	uint64_t sent, dropped, last_sequence;
	size_t queued;
	int last_error; /* errno of the last failed write, 0 when all is well */
};

/*
 * pst_sink_new - open a sink of the kind that sinks.def names: "file", "stdout"
 * Returns 0 and the sink, which the caller frees; -errno, @out untouched.
 */
int pst_sink_new(const char *kind, const struct pst_sink_keys *keys, struct pst_sink **out);
void pst_sink_free(struct pst_sink *sink); /* flushes what it can without waiting; takes NULL */

void pst_sink_put(struct pst_sink *sink,
		  const struct pst_record *record); /* never blocks; counts what it must drop */
void pst_sink_flush(struct pst_sink *sink); /* try queued lines again; also reopens a file whose
					       name has another inode */
int pst_sink_reopen(struct pst_sink *sink); /* SIGHUP */
void pst_sink_figures(const struct pst_sink *sink, struct pst_sink_figures *out);

#endif
