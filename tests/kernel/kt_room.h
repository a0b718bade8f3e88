// SPDX-License-Identifier: Apache-2.0
/* The running test, for kt.c, which hears the sensor, and main.c, which runs the cases. */
#ifndef PST_TESTS_KT_ROOM_H
#define PST_TESTS_KT_ROOM_H

#include "kt.h"
#include "sensor/sensor.h"

#define FRAMES_MAX 20000

struct kt {
	struct pst_sensor *sensor; /* NULL until kt_open */
	struct pst_decoder *decoder;
	struct pst_event event;
	char cgroup[512];
	uint8_t *frame[FRAMES_MAX];
	size_t len[FRAMES_MAX];
	size_t frames, from; /* of the case: where the next search begins */
	unsigned int failures;
	bool no_lsm; /* the tracepoint tier, by config */
	uint64_t lost;
};

int kt_open(struct kt *kt);	     /* its sensor; 0 or -errno after a message */
void kt_pump(struct kt *kt, int ms); /* take what the sensor says within that time */
void kt_drop_frames(struct kt *kt);

#endif
