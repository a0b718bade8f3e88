// SPDX-License-Identifier: Apache-2.0
/* How does a scope give back what it took? The cleanup attribute, and take_*() to hand ownership
 * on. */
#ifndef PST_BASE_CLEANUP_H
#define PST_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(fn) __attribute__((cleanup(fn)))

static inline void pst_free_ptr(void *p)
{
	free(*(void **)p);
}

static inline void pst_close_fd(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* nothing can be done about a failed close of a descriptor that
				     was only read */
}

static inline void pst_close_file(FILE **f)
{
	if (*f)
		(void)fclose(*f); /* writers check fflush before they leave the scope */
}

#define _cleanup_free_ _cleanup_(pst_free_ptr)
#define _cleanup_close_ _cleanup_(pst_close_fd)
#define _cleanup_fclose_ _cleanup_(pst_close_file)

/* take_ptr - hand a pointer on and forget it here */
#define take_ptr(p)                         \
	({                                  \
		__typeof__(p) _taken = (p); \
		(p) = NULL;                 \
		_taken;                     \
	})

/* take_fd - hand a descriptor on and forget it here */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
