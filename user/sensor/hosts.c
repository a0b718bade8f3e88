// SPDX-License-Identifier: Apache-2.0
/* Which names does the hosts file give to addresses? Told line by line as it stands there, all
 * again when it changed; what a name may mean is decided behind the stream. */
#include "sensor/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "base/text.h"

#define HOSTS "/etc/hosts"
#define HOSTS_MAX (1024 * 1024) /* bytes of it that are read */
#define BLANKS " \t\r\n\f\v"

static void send_names(struct pst_sensor *sensor, struct pst_rec_host_names *rec)
{
	struct pst_rec_host_names sent;

	pst_frame_open(sensor, &sent, PST_REC_HOST_NAMES, sizeof(sent));
	memcpy(sent.addr, rec->addr, sizeof(sent.addr));
	memcpy(sent.names, rec->names, rec->len);
	sent.len = rec->len;
	sent.first = rec->first;
	pst_frame_send(sensor, &sent);
	rec->first = 0;
	rec->len = 0;
}

/* tell_line - address, names; what does not fit into one record follows in another */
static void tell_line(struct pst_sensor *sensor, char *line, struct pst_rec_host_names *rec)
{
	struct pst_addr addr;
	char *rest = line;
	const char *word;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, BLANKS, &rest);
	if (!word)
		return;
	line[strcspn(line, "%")] = '\0'; /* the interface of a link-local one */
	if (pst_addr_parse(word, &addr) < 0)
		return;
	memcpy(rec->addr, addr.b, sizeof(rec->addr));
	while ((word = strtok_r(NULL, BLANKS, &rest))) {
		size_t size = strlen(word) + 1;

		if (size > sizeof(rec->names))
			continue; /* no name is that long */
		if (rec->len + size > sizeof(rec->names))
			send_names(sensor, rec);
		memcpy(rec->names + rec->len, word, size);
		rec->len = (uint16_t)(rec->len + size);
	}
	if (rec->len)
		send_names(sensor, rec);
}

/* read_hosts - its text up to its first NUL; NULL when it cannot be read; the caller frees */
static char *read_hosts(void)
{
	_cleanup_fclose_ FILE *file = fopen(HOSTS, "re");
	char *text = file ? malloc(HOSTS_MAX + 1) : NULL;

	if (text)
		text[fread(text, 1, HOSTS_MAX, file)] = '\0';
	return text;
}

void pst_frame_host_names(struct pst_sensor *sensor)
{
	struct pst_rec_host_names rec = { .first = 1 };
	struct stat st = { 0 };
	int64_t mtime = stat(HOSTS, &st) == 0 ?
				(int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec :
				0;
	_cleanup_free_ char *text = NULL;
	char *rest;

	if (mtime == sensor->hosts_mtime_ns)
		return;
	sensor->hosts_mtime_ns = mtime;
	rest = text = read_hosts();
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
		tell_line(sensor, line, &rec);
	if (rec.first && sensor->hosts_told)
		send_names(sensor, &rec); /* nothing is left of it */
	sensor->hosts_told = !rec.first;
}
