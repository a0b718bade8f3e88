// SPDX-License-Identifier: Apache-2.0
/* state: how does a file of the state folder outlive a sudden end? Used by whoever keeps something
 * there. */
#ifndef PST_ENGINE_STATE_H
#define PST_ENGINE_STATE_H

#include <stddef.h>

/*
 * pst_state_replace - new content for a file, whole or not at all
 * Written aside as "@path.new", brought to the disk, renamed. The file is its owner's alone.
 * Returns 0 or -errno; then the old content stands, unless the last step, the folder's, failed.
 */
int pst_state_replace(const char *path, const void *bytes, size_t len);

/* Writes a file's content; 0 or -errno. */
typedef int (*pst_state_fill)(void *context, int fd);

/* pst_state_replace_by - the same of content that @fill writes, by pst_state_write */
int pst_state_replace_by(const char *path, pst_state_fill fill, void *context);
int pst_state_write(int fd, const void *bytes, size_t len); /* all of them; 0 or -errno */

/*
 * pst_state_keep_aside - a file that cannot be used becomes "@path.refused-N", the first N from 1
 * that is free
 * Returns 0 and the new name in @kept, or -errno: -EMFILE when 99 were kept.
 */
int pst_state_keep_aside(const char *path, char *kept, size_t kept_size);

#endif
