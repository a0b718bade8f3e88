// SPDX-License-Identifier: Apache-2.0
/* Which programs are there, whose are they, and what of them is new? One line for each program that
 * the history knows. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "engine/page.h"

#define WEEK 7u

struct package {
	char name[256], version[256];
};

static void name_package(const struct pst_past_program *program, struct package *out)
{
	const struct pst_past_identity *identity = &program->identity[0];
	const char *name = program->identity_count ? identity->package : NULL;
	const char *version = program->identity_count ? identity->version : NULL;

	*out = (struct package){ .name = "" };
	/* a cut name is still one */
	if (name)
		(void)pst_text_safe(name, strlen(name), out->name, sizeof(out->name));
	if (version)
		(void)pst_text_safe(version, strlen(version), out->version, sizeof(out->version));
}

static void print_line(FILE *out, const struct pst_past_program *program, uint64_t now_s)
{
	char path[1024], newest[24];
	struct package package;

	(void)pst_text_safe(program->path, strlen(program->path), path,
			    sizeof(path)); /* a cut path is still shown */
	name_package(program, &package);
	fprintf(out,
		"%-44s %-24s %-20s %8zu %7" PRIu64 " %7" PRIu64 "  %-20s %5" PRIu32 "  %s%s%s\n",
		*path ? path : "(program unknown)", *package.name ? package.name : "-",
		*package.version ? package.version : "-", program->channel_count,
		pst_page_new_days(program, now_s, 1), pst_page_new_days(program, now_s, WEEK),
		pst_page_second(program->last_new_s, newest), program->time.days_total,
		pst_verdict_name(pst_page_worst(program)), program->vendor ? " (vendor)" : "",
		program->foreign_root ? " (another root)" : "");
}

static char *as_text(const struct pst_picked *picked, uint64_t now_s)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fprintf(out, "%-44s %-24s %-20s %8s %7s %7s  %-20s %5s  %s\n", "PROGRAM", "PACKAGE",
		"VERSION", "CHANNELS", "NEW 1D", "NEW 7D", "LAST NEW", "DAYS", "VERDICT");
	for (size_t i = 0; i < picked->count; i++)
		print_line(out, picked->list[i], now_s);
	if (!picked->count)
		fputs("no program is known yet\n", out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void put_known(struct pst_json *json, const char *key, const char *text)
{
	if (*text)
		pst_json_put_text(json, key, text);
}

static void put_line(struct pst_json *json, const struct pst_past_program *program, uint64_t now_s)
{
	struct package package;
	char text[24];

	name_package(program, &package);
	if (*program->path) /* an exec that was lost has none */
		pst_json_put_bytes(json, "program", program->path, strlen(program->path), 4096);
	put_known(json, "package", package.name);
	put_known(json, "version", package.version);
	pst_json_put_count(json, "channels", program->channel_count);
	pst_json_put_count(json, "new_last_day", pst_page_new_days(program, now_s, 1));
	pst_json_put_count(json, "new_last_week", pst_page_new_days(program, now_s, WEEK));
	if (program->last_new_s)
		pst_json_put_text(json, "last_new", pst_page_second(program->last_new_s, text));
	pst_json_put_text(json, "first", pst_page_second(program->time.first_s, text));
	pst_json_put_text(json, "last", pst_page_second(program->time.last_s, text));
	pst_json_put_int(json, "days", program->time.days_total);
	pst_json_put_text(json, "verdict", pst_verdict_name(pst_page_worst(program)));
	pst_json_put_bool(json, "vendor", program->vendor);
	pst_json_put_bool(json, "foreign_root", program->foreign_root);
}

static char *as_json(const struct pst_picked *picked, uint64_t now_s)
{
	struct pst_json *json = pst_json_new(), *one;
	char *text;

	if (!json)
		return NULL;
	pst_json_put_list(json, "programs");
	for (size_t i = 0; i < picked->count; i++) {
		one = pst_json_add_object(json, "programs");
		if (one) /* without memory printing reports it */
			put_line(one, picked->list[i], now_s);
	}
	text = pst_json_print_pretty(json);
	pst_json_free(json);
	return text;
}

char *pst_view_profiles(const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	uint64_t now_s = pst_page_now_s(engine, keys);
	struct pst_picked picked;
	char *text = NULL;

	pst_picked_collect(engine, keys, &picked);
	if (!picked.failed)
		text = keys->form == PST_VIEW_JSON ? as_json(&picked, now_s) :
						     as_text(&picked, now_s);
	pst_picked_free(&picked);
	return text;
}
