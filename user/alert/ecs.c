// SPDX-License-Identifier: Apache-2.0
/* ecs: what do all records have in common, and what is left out when one grows too long? */
#include "alert/ecs.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define NS_PER_S 1000000000

/* Tried in this order until the record fits. Command lines go first: everything else says more
 * about a finding. */
static const struct pst_ecs_limits limits[] = {
	{ .command_line = 2048,
	  .args = 64,
	  .arg = 1024,
	  .chain = 16,
	  .standing = 64,
	  .text = 1024 },
	{ .command_line = 512, .args = 16, .arg = 128, .chain = 16, .standing = 64, .text = 1024 },
	{ .command_line = 128, .args = 0, .arg = 0, .chain = 8, .standing = 48, .text = 512 },
	{ .command_line = 0, .args = 0, .arg = 0, .chain = 4, .standing = 16, .text = 256 },
	{ .command_line = 0, .args = 0, .arg = 0, .chain = 0, .standing = 8, .text = 96 },
};

static const struct {
	enum pst_ecs_cut bit;
	const char *name;
} cuts[] = {
	{ PST_CUT_COMMAND_LINE, "process.command_line" },
	{ PST_CUT_ARGS, "process.args" },
	{ PST_CUT_CHAIN, "postern.lineage.chain" },
	{ PST_CUT_STANDING, "postern.standing" },
	{ PST_CUT_TEXT, "*" }, /* some string */
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct civil {
	int64_t year;
	unsigned int month, day;
};

/* Days since 1970-01-01 to a date of the Gregorian calendar; years begin in March, so that the leap
 * day comes last. */
static struct civil civil_of(int64_t days)
{
	int64_t shifted = days + 719468; /* since 0000-03-01 */
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	unsigned int of_era = (unsigned int)(shifted - era * 146097);
	unsigned int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned int of_year = of_era - (365 * year + year / 4 - year / 100);
	unsigned int month = (5 * of_year + 2) / 153; /* 0 is March */
	struct civil out;

	out.day = of_year - (153 * month + 2) / 5 + 1;
	out.month = month < 10 ? month + 3 : month - 9;
	out.year = (int64_t)year + era * 400 + (out.month <= 2);
	return out;
}

const char *pst_ecs_time(const struct pst_ecs *ecs, uint64_t time_ns, char out[PST_ECS_TIME_TEXT])
{
	/* clamped far below overflow: 2^62 ns after 1970 is the year 2116 */
	int64_t boot = time_ns < (UINT64_C(1) << 62) ? (int64_t)time_ns : INT64_C(1) << 62;
	int64_t wall, seconds, ns, of_day;
	struct civil date;

	if (__builtin_add_overflow(boot, ecs->speaker->wall_offset_ns, &wall))
		wall = boot;
	seconds = wall / NS_PER_S;
	ns = wall % NS_PER_S;
	if (ns < 0) {
		ns += NS_PER_S;
		seconds--;
	}
	of_day = seconds % 86400;
	if (of_day < 0)
		of_day += 86400;
	date = civil_of((seconds - of_day) / 86400);
	(void)pst_text_format(out, PST_ECS_TIME_TEXT,
			      "%04" PRId64 "-%02u-%02uT%02d:%02d:%02d.%06dZ", date.year, date.month,
			      date.day, (int)(of_day / 3600), (int)(of_day / 60 % 60),
			      (int)(of_day % 60), (int)(ns / 1000)); /* fits */
	return out;
}

void pst_ecs_put_time(struct pst_ecs *ecs, const char *path, uint64_t time_ns)
{
	char text[PST_ECS_TIME_TEXT];

	pst_json_put_text(ecs->json, path, pst_ecs_time(ecs, time_ns, text));
}

void pst_ecs_put_uint(struct pst_ecs *ecs, const char *path, uint64_t value)
{
	pst_json_put_count(ecs->json, path, value);
}

void pst_ecs_put_span(struct pst_ecs *ecs, uint64_t start_ns, uint64_t end_ns)
{
	if (end_ns < start_ns)
		end_ns = start_ns;
	pst_ecs_put_time(ecs, "event.start", start_ns);
	pst_ecs_put_time(ecs, "event.end", end_ns);
	pst_ecs_put_uint(ecs, "event.duration", end_ns - start_ns);
}

void pst_ecs_put_raw(struct pst_ecs *ecs, const char *path, const char *text)
{
	char safe[1025];
	size_t room = ecs->limits->text + 1 < sizeof(safe) ? ecs->limits->text + 1 : sizeof(safe);

	if (!text || !*text)
		return;
	if (!pst_text_safe(text, strlen(text), safe, room))
		ecs->cut |= PST_CUT_TEXT;
	pst_json_put_text(ecs->json, path, safe);
}

void pst_ecs_put_ours(struct pst_ecs *ecs, const char *path, const char *text)
{
	char safe[1025];
	size_t room = ecs->limits->text + 1 < sizeof(safe) ? ecs->limits->text + 1 : sizeof(safe);

	if (!text || !*text)
		return;
	if (!pst_text_safe_again(text, strlen(text), safe, room))
		ecs->cut |= PST_CUT_TEXT;
	pst_json_put_text(ecs->json, path, safe);
}

void pst_ecs_add_raw(struct pst_ecs *ecs, const char *path, const char *text)
{
	char safe[1025];
	size_t room = ecs->limits->text + 1 < sizeof(safe) ? ecs->limits->text + 1 : sizeof(safe);

	if (!pst_text_safe(text, strlen(text), safe, room))
		ecs->cut |= PST_CUT_TEXT;
	pst_json_add_text(ecs->json, path, safe);
}

static void put_host(struct pst_ecs *ecs)
{
	const struct pst_host *host = &ecs->speaker->host;

	pst_ecs_put_raw(ecs, "agent.version", host->product_version);
	pst_ecs_put_raw(ecs, "agent.id", host->agent_id);
	pst_ecs_put_ours(ecs, "agent.ephemeral_id", ecs->speaker->ephemeral_id);
	pst_ecs_put_raw(ecs, "host.id", host->machine_id);
	pst_ecs_put_raw(ecs, "host.name", host->host_name);
	pst_ecs_put_raw(ecs, "host.hostname", host->host_name);
	pst_ecs_put_raw(ecs, "host.architecture", host->arch);
	pst_ecs_put_raw(ecs, "host.boot.id", host->boot_id);
	pst_json_put_text(ecs->json, "host.os.type", "linux");
	pst_ecs_put_raw(ecs, "host.os.platform", host->os_id);
	pst_ecs_put_raw(ecs, "host.os.name", host->os_name);
	pst_ecs_put_raw(ecs, "host.os.version", host->os_version);
	pst_ecs_put_raw(ecs, "host.os.kernel", host->kernel);
}

void pst_ecs_head(struct pst_ecs *ecs, const struct pst_ecs_head *head)
{
	size_t i;

	pst_ecs_put_time(ecs, "@timestamp", head->time_ns);
	pst_json_put_text(ecs->json, "ecs.version", "9.4.0");
	pst_ecs_put_ours(ecs, "message", head->message);
	pst_json_put_text(ecs->json, "event.module", "postern");
	pst_json_put_text(ecs->json, "event.provider", "postern");
	pst_json_put_text(ecs->json, "event.id", head->id);
	pst_json_put_text(ecs->json, "event.kind", head->kind);
	for (i = 0; i < COUNT(head->category) && head->category[i]; i++)
		pst_json_add_text(ecs->json, "event.category", head->category[i]);
	for (i = 0; i < COUNT(head->type) && head->type[i]; i++)
		pst_json_add_text(ecs->json, "event.type", head->type[i]);
	pst_json_put_text(ecs->json, "event.action", head->action);
	pst_json_put_text(ecs->json, "event.dataset", head->dataset);
	pst_json_put_text(ecs->json, "agent.type", "postern");
	put_host(ecs);
}

static int print_with(struct pst_ecs *ecs, pst_ecs_fill_fn fill, const void *what, char *out)
{
	size_t i;
	int len;

	ecs->json = pst_json_new();
	if (!ecs->json)
		return -ENOMEM;
	fill(ecs, what);
	for (i = 0; i < COUNT(cuts); i++)
		if (ecs->cut & (uint32_t)cuts[i].bit)
			pst_json_add_text(ecs->json, "postern.truncated", cuts[i].name);
	len = pst_json_print(ecs->json, out, PST_ECS_PRINT_MAX);
	pst_json_free(ecs->json);
	return len;
}

int pst_ecs_print(const struct pst_speaker *speaker, pst_ecs_fill_fn fill, const void *what,
		  char *out)
{
	int len = -EMSGSIZE;
	size_t i;

	for (i = 0; i < COUNT(limits) && len == -EMSGSIZE; i++) {
		struct pst_ecs ecs = { .speaker = speaker, .limits = &limits[i] };

		len = print_with(&ecs, fill, what, out);
	}
	return len;
}
