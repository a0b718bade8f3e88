/* SPDX-License-Identifier: Apache-2.0 */
/* hold: a child that keeps open what it opened, until the check ends it. */
#ifndef PST_TESTS_HOLD_H
#define PST_TESTS_HOLD_H

#include "kt.h"

/* kt_hold - run @open in a child, which then waits. Its id is left in me->child.
 * Returns what @open returned; the child lives on only when that is 0. */
int kt_hold(struct kt_actor *me, int (*open)(struct kt_actor *me));

/* kt_release - end the child and wait until it is gone; returns whether it was there */
bool kt_release(const struct kt_actor *me);

/* kt_held - the child, as an actor of its own */
struct kt_actor kt_held(const struct kt_actor *me);

/* kt_act - an act of that process; of PST_URING_NETWORK that with the opcode @number */
const struct pst_event *kt_act(struct kt *kt, uint32_t tgid, enum pst_act act, uint32_t number);
size_t kt_acts_of(struct kt *kt, uint32_t tgid); /* but moves: each actor is put into the cgroup */

#endif
