// SPDX-License-Identifier: Apache-2.0
/* Of which image is a container, by the words of its runtime's own files? They are read here; who
 * opens them is not asked. A name is text from outside still. */
#ifndef PST_BASE_CONTAINER_H
#define PST_BASE_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

#define PST_CONTAINER_ID 64 /* digits of a container's name for itself */
#define PST_IMAGE_NAME 256  /* of an image's name, with its NUL */
#define PST_CONTAINER_FILE_MAX (256u * 1024)

/* pst_container_is_id - 64 lower case hexadecimal digits, and nothing behind them? */
bool pst_container_is_id(const char *text);

/*
 * pst_container_image - the name of the image that container @id was made of
 * @runtime: "docker", "containerd", "cri-o" or "podman", which says how the file is written
 * @text: the file, at most PST_CONTAINER_FILE_MAX bytes
 * Returns whether the file tells it; else @out is "". A name that is too long is none.
 */
bool pst_container_image(const char *runtime, const char *id, const char *text, size_t len,
			 char out[PST_IMAGE_NAME]);

#endif
