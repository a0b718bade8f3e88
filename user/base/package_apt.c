// SPDX-License-Identifier: Apache-2.0
/* In whose lists does the installed version of a package stand? apt has checked the signatures of
 * the lists' Release files when it fetched them; what it printed of them is read here. */
#include "base/package.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "base/text.h"

#define SOURCES_MAX 256
#define PACKAGES_MAX 16384
#define SOURCE_MAX 256

struct source {
	char line[SOURCE_MAX]; /* "http://mirror.example/debian bookworm/main amd64 Packages" */
	char origin[PST_DISTRIBUTION_NAME_MAX];
};

struct name {
	char text[PST_PACKAGE_TEXT];
};

struct pst_apt {
	struct source source[SOURCES_MAX];
	size_t sources;
	bool kept;		    /* the line before was the last of these */
	struct pst_table *packages; /* struct name -> index of the source, NOWHERE: in none */
};

#define NOWHERE SOURCES_MAX

struct pst_apt *pst_apt_new(void)
{
	const struct pst_table_shape shape = { .key_bytes = sizeof(struct name),
					       .value_bytes = sizeof(uint16_t),
					       .capacity = PACKAGES_MAX };
	struct pst_apt *apt = calloc(1, sizeof(*apt));

	if (!apt)
		return NULL;
	apt->packages = pst_table_new(&shape);
	if (apt->packages)
		return apt;
	free(apt);
	return NULL;
}

void pst_apt_free(struct pst_apt *apt)
{
	if (!apt)
		return;
	pst_table_free(apt->packages);
	free(apt);
}

/* source_on - the source that a line names behind its priority: " 500 http://... Packages"; NULL
 * when it is no such line */
static const char *source_on(const char *line)
{
	const char *from = line + strspn(line, " ");
	size_t digits = strspn(from, "0123456789");

	if (from == line || !digits || from[digits] != ' ')
		return NULL;
	return from + digits + 1;
}

/* see_release - "     release v=12.11,o=Debian,a=stable,...": the origin of the last source */
static void see_release(struct pst_apt *apt, const char *line)
{
	struct source *last = apt->kept ? &apt->source[apt->sources - 1] : NULL;
	const char *at = line + strspn(line, " ");

	if (!last || strncmp(at, "release ", 8) != 0)
		return;
	at = strstr(at, "o=");
	if (at && (at[-1] == ',' || at[-1] == ' '))
		(void)pst_text_format(last->origin, sizeof(last->origin), "%.*s",
				      (int)strcspn(at + 2, ","), at + 2); /* cut: no name of ours */
}

static void see_source(struct pst_apt *apt, const char *line, void *context)
{
	const char *source = source_on(line);

	(void)context;
	if (!source)
		see_release(apt, line);
	apt->kept = source && apt->sources < SOURCES_MAX &&
		    pst_text_copy(apt->source[apt->sources].line, SOURCE_MAX, source);
	if (apt->kept)
		apt->source[apt->sources++].origin[0] = '\0';
}

/* Where are we in what is told of one package? */
struct place {
	const struct pst_distribution *distribution;
	uint16_t *found; /* of the package; NULL before the first, and beyond the bound */
	bool installed;	 /* the sources that follow have the installed version */
};

static void see_package(struct pst_apt *apt, struct place *place, const char *line)
{
	struct name key = { .text = "" };
	size_t len = strlen(line);
	bool created;

	place->found = NULL;
	place->installed = false;
	if (len < 2 || line[len - 1] != ':' || !pst_package_is_name(line, len - 1))
		return;
	memcpy(key.text, line, len - 1);
	place->found = pst_table_put(apt->packages, &key, &created);
	if (place->found)
		*place->found = NOWHERE;
}

/* see_list - the distribution's name wins over others' */
static void see_list(struct pst_apt *apt, struct place *place, const char *source)
{
	for (size_t i = 0; i < apt->sources; i++) {
		const char *origin = apt->source[i].origin;

		if (!*origin || strcmp(apt->source[i].line, source) != 0)
			continue;
		if (*place->found == NOWHERE || pst_distribution_is(place->distribution, origin))
			*place->found = (uint16_t)i;
		return;
	}
}

static void see_policy(struct pst_apt *apt, const char *line, void *context)
{
	struct place *place = context;
	const char *source = source_on(line);

	if (line[0] != ' ')
		see_package(apt, place, line);
	else if (strncmp(line, " *** ", 5) == 0)
		place->installed = true;
	else if (strncmp(line, "        ", 8) != 0)
		place->installed = false; /* another version, or a line above the table */
	else if (place->found && place->installed && source)
		see_list(apt, place, source);
}

static void each_line(struct pst_apt *apt, const char *text, size_t len,
		      void (*see)(struct pst_apt *, const char *, void *), void *context)
{
	const char *end = text + len;
	char line[SOURCE_MAX + 64];

	while (text < end) { /* each turn takes a line */
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((stop ? stop : end) - text);

		if (stop && size < sizeof(line) && !memchr(text, '\0', size)) {
			memcpy(line, text, size);
			line[size] = '\0';
			see(apt, line, context);
		} else {
			apt->kept = false;
		}
		text += size + 1;
	}
}

void pst_apt_sources(struct pst_apt *apt, const char *text, size_t len)
{
	each_line(apt, text, len, see_source, NULL);
}

void pst_apt_packages(struct pst_apt *apt, const char *text, size_t len,
		      const struct pst_distribution *distribution)
{
	struct place place = { .distribution = distribution };

	each_line(apt, text, len, see_policy, &place);
}

const char *pst_apt_origin(struct pst_apt *apt, const char *name)
{
	struct name key = { .text = "" };
	const uint16_t *found;

	if (!pst_text_copy(key.text, sizeof(key.text), name))
		return NULL;
	found = pst_table_find(apt->packages, &key);
	if (!found)
		return NULL;
	return *found == NOWHERE ? "" : apt->source[*found].origin;
}
