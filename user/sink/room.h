// SPDX-License-Identifier: Apache-2.0
/* What does a sink remember? Used inside sink/ only. */
#ifndef PST_SINK_ROOM_H
#define PST_SINK_ROOM_H

#include <sys/types.h>

#include "sink/queue.h"
#include "sink/sink.h"

struct pst_sink {
	const struct pst_sink_ops *ops;
	struct pst_sink_keys keys; /* target is owned */
	struct pst_queue queue;
	struct pst_sink_figures figures;
	int fd;	   /* -1: closed */
	dev_t dev; /* of the open file */
	ino_t ino;
};

#define SINK(name) extern const struct pst_sink_ops pst_sink_##name;
#include "sink/sinks.def"
#undef SINK

#endif
