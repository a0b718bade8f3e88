/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that run and are asked for, as the engine does it. */
#ifndef PST_TESTS_ASKED_H
#define PST_TESTS_ASKED_H

#include "kt.h"
#include "sensor/sensor.h"

/* kt_run_held - a child that executes @path and then waits for its end; 0 when it does */
int kt_run_held(struct kt_actor *me, const char *path);

/* kt_asked_of - by what EXEC told; false when there was none */
bool kt_asked_of(const struct pst_event *exec, char path[4096], struct pst_sensor_ask *ask);

bool kt_is_identity(const struct pst_event *event, const void *path); /* a kt_match */

/* kt_answer - to a question of now, or that was put before; NULL: none; borrowed */
const struct pst_event *kt_answer(struct kt *kt, const struct pst_sensor_ask *ask);
const struct pst_event *kt_answer_to(struct kt *kt, const char *path);

#endif
