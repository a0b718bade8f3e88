/* SPDX-License-Identifier: Apache-2.0 */
/* A file system in user space whose files keep their readers waiting. */
#ifndef PST_TESTS_HANG_H
#define PST_TESTS_HANG_H

#include <sys/types.h>

/* two files, 4096 bytes each */
#define HANG_NEVER "never" /* no read of it is answered */
#define HANG_DROPS "drops" /* a read brings a byte, after a while */
#define HANG_LOST "lost"   /* nobody is told whether there is such a name */

/* kt_hang_mount - serve @folder from a child; returns its pid, whose end lets all readers go, or
 * -errno: this machine has no FUSE */
pid_t kt_hang_mount(const char *folder);

#endif
