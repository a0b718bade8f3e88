// SPDX-License-Identifier: Apache-2.0
/* In which container does it run, and of which image is that? */
#include <string.h>

#include "base/container.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/page.h"

#define SAFE_MAX (4 * PST_IMAGE_NAME) /* each byte may become an escape */

void pst_page_print_container(FILE *out, const char *before, const struct pst_image *image)
{
	const char *name = image->container_image;
	char safe[SAFE_MAX + 1];

	if (!image->container_id[0])
		return;
	fprintf(out, "%scontainer %.12s", before, image->container_id);
	if (!name)
		return;
	(void)pst_text_safe(name, strlen(name), safe, sizeof(safe)); /* a cut text is still shown */
	fprintf(out, " of %s", safe);
}

void pst_page_put_container(struct pst_json *json, const struct pst_image *image)
{
	const char *name = image->container_image;

	if (image->container_id[0])
		pst_json_put_text(json, "container", image->container_id); /* digits */
	if (name)
		pst_json_put_bytes(json, "container_image", name, strlen(name), SAFE_MAX);
}
