// SPDX-License-Identifier: Apache-2.0
/* Why did this alert come, and what would have to be declared for it not to? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/one_contract.h"
#include "cli/settings.h"
#include "contract/prose.h"
#include "detect/detect.h"

#define IS_ALERT                                                                         \
	"\"kind\":\"alert\"" /* our records have no blanks; in a text quotes are escaped \
			      */
#define ID_LETTERS "0123456789abcdef:-"
#define ID_MAX 63u
#define IDS_SHOWN 8u
#define LABEL 10u /* characters of the left column */

enum { OPT_ALERTS };

static const struct pst_option options[] = {
	[OPT_ALERTS] = { .name = "alerts",
			 .argument = "FILE",
			 .preset = PST_ALERTS_FILE,
			 .help = "that 'postern run' writes; '-' is standard input" },
	{ .name = NULL },
};

struct search {
	const char *wanted;
	char ids[IDS_SHOWN][ID_MAX + 1]; /* findings that it may mean */
	size_t count;
	char *line; /* the latest of the first finding */
	uint64_t alerts;
	bool no_memory;
};

static struct pst_json_doc *read_line(const char *line, size_t len)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));

	if (!diags)
		return NULL;
	pst_diags_init(diags, "alert");
	return pst_json_read(line, len, diags);
}

static bool begins_with(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The id may stand without its "f:". */
static bool is_meant(const struct search *search, const char *finding, const char *event)
{
	return begins_with(finding, search->wanted) || begins_with(event, search->wanted) ||
	       (begins_with(finding, "f:") && begins_with(finding + 2, search->wanted));
}

static void keep(struct search *search, const char *finding, const char *line)
{
	size_t at = 0;

	while (at < search->count && strcmp(search->ids[at], finding) != 0)
		at++;
	if (at == search->count && at < IDS_SHOWN &&
	    pst_text_copy(search->ids[at], sizeof(search->ids[at]), finding))
		search->count++;
	if (at > 0)
		return;
	free(search->line);
	search->line = strdup(line);
	search->no_memory |= !search->line;
}

static void look(struct search *search, const char *line, size_t len)
{
	_cleanup_(pst_json_doc_clear) struct pst_json_doc *doc = NULL;
	const char *finding;

	if (!strstr(line, IS_ALERT))
		return;
	search->alerts++;
	if (!strstr(line, search->wanted) && !(search->count && strstr(line, search->ids[0])))
		return;
	doc = read_line(line, len);
	if (!doc) /* half a line: the daemon is writing it */
		return;
	finding = pst_json_text_at(pst_json_root(doc), "postern.finding.id");
	if (!*finding || finding[strspn(finding, ID_LETTERS)])
		return; /* none that we gave */
	if (is_meant(search, finding, pst_json_text_at(pst_json_root(doc), "event.id")) ||
	    (search->count && strcmp(finding, search->ids[0]) == 0))
		keep(search, finding, line);
}

static int read_alerts(struct search *search, const char *path)
{
	bool is_input = strcmp(path, "-") == 0;
	_cleanup_free_ char *line = NULL;
	FILE *file = is_input ? stdin : fopen(path, "re");
	size_t size = 0;
	ssize_t len;
	int r;

	if (!file)
		return -errno;
	errno = 0;
	while ((len = getline(&line, &size, file)) > 0)
		look(search, line, (size_t)len - (line[len - 1] == '\n'));
	r = ferror(file) ? -(errno ? errno : EIO) : 0;
	if (!is_input)
		(void)fclose(file); /* it was only read */
	return r;
}

/* ---- the page ---- */

struct page {
	struct pst_prose prose;
	const struct pst_json_value *alert;
	unsigned int width;
};

/* row - "Nearest   {...}", wrapped; nothing of an empty text. It may be anybody's: made harmless */
static void row(struct page *page, const char *label, const char *text)
{
	struct pst_prose_lines lines = { .width = page->width, .indent = LABEL };
	struct pst_prose quoted = { .text = NULL };
	char first[LABEL + 1];
	_cleanup_free_ char *safe = NULL;

	if (!*text)
		return;
	(void)pst_text_format(first, sizeof(first), "%-*s", (int)LABEL, label); /* our own words */
	lines.first = first;
	pst_prose_quote(&quoted, text);
	safe = pst_prose_take(&quoted);
	if (safe)
		pst_prose_wrap(&page->prose, &lines, safe);
	page->prose.failed |= !safe;
}

static void paragraph(struct page *page, const char *text) /* our own words */
{
	const struct pst_prose_lines lines = { .width = page->width, .first = "" };

	pst_prose_say(&page->prose, "\n");
	pst_prose_wrap(&page->prose, &lines, text);
}

static const char *text_at(const struct page *page, const char *path)
{
	return pst_json_text_at(page->alert, path);
}

static void say_alert(struct page *page)
{
	const struct pst_json_value *count = pst_json_at(page->alert, "postern.finding.count");
	char line[256];

	(void)pst_text_format(line, sizeof(line), "%.40s  %.60s on %.100s",
			      text_at(page, "postern.finding.id"), text_at(page, "event.code"),
			      text_at(page, "host.name")); /* cut is fine */
	row(page, "Alert", line);
	row(page, "What", text_at(page, "message"));
	row(page, "Evidence", text_at(page, "event.reason"));
	row(page, "Program", text_at(page, "process.executable"));
	row(page, "Command", text_at(page, "process.command_line"));
	(void)pst_text_format(line, sizeof(line), "%.40s, first %.40s, %" PRId64 " in all",
			      text_at(page, "@timestamp"),
			      text_at(page, "postern.finding.first_seen"),
			      count && count->is_integer ? count->integer : 1); /* as above */
	row(page, "When", line);
}

static void say_contract(struct page *page)
{
	char line[160];

	if (!*text_at(page, "postern.contract.id"))
		return;
	(void)pst_text_format(line, sizeof(line), "%.64s, version %.40s",
			      text_at(page, "postern.contract.id"),
			      text_at(page, "postern.contract.version")); /* cut is fine */
	row(page, "Contract", line);
	row(page, "Verdict", text_at(page, "postern.contract.verdict"));
	row(page, "Nearest", text_at(page, "postern.contract.nearest"));
	row(page, "But", text_at(page, "postern.contract.why_not"));
	if (!*text_at(page, "postern.contract.nearest") &&
	    pst_json_at(page->alert, "postern.channel.kind"))
		row(page, "Nearest", "none: no entry speaks of such channels");
}

/* paste - text that is to be copied: never wrapped */
static void paste(struct page *page, const char *text)
{
	pst_prose_say(&page->prose, "\n    "); /* set apart, so that a script finds it too */
	pst_prose_quote(&page->prose, text);
	pst_prose_say(&page->prose, "\n");
}

static const char *what_to_do_with(const char *entry)
{
	if (begins_with(entry, "{\"allow\""))
		return "If it should be allowed, join this with the contract's \"allow\":";
	if (begins_with(entry, "{\"exec\""))
		return "If it should be allowed, join this with the contract's \"exec\":";
	return "If it should be allowed, add to \"channels\" of the contract:";
}

static void say_allow(struct page *page)
{
	const char *entry = text_at(page, "postern.contract.would_allow");

	if (!*text_at(page, "postern.contract.id")) {
		paragraph(
			page,
			"No contract binds this program. To declare what it may do, draft one from "
			"what it did with 'postern learn', and review it.");
	} else if (*entry) {
		paragraph(page, what_to_do_with(entry));
		paste(page, entry);
	} else if (strcmp(text_at(page, "event.code"), "unexpected_exec") == 0) {
		paragraph(page, "If it should be allowed, add a pattern that fits its path to "
				"\"exec\" of the contract: the path itself has bytes that cannot "
				"be copied.");
	} else {
		paragraph(page, "A contract has no words that would allow this.");
	}
}

static void say_detector(struct page *page)
{
	const struct pst_detector *detector = pst_detector_find(text_at(page, "event.code"));

	paragraph(page, "If it should not be allowed:");
	pst_prose_say(&page->prose, "\n%s\n",
		      detector ? detector->explain :
				 "a later version raised this alert: ask that one");
}

static int print_page(const char *line)
{
	_cleanup_(pst_json_doc_clear) struct pst_json_doc *doc = read_line(line,
									   strcspn(line, "\n"));
	struct page page = { .width = pst_page_width() };
	_cleanup_free_ char *text = NULL;

	if (doc) {
		page.alert = pst_json_root(doc);
		say_alert(&page);
		say_contract(&page);
		say_allow(&page);
		say_detector(&page);
	}
	text = pst_prose_take(&page.prose);
	if (!doc || !text) {
		pst_complain("contract why: not enough memory");
		return PST_EXIT_FAILURE;
	}
	fputs(text, stdout);
	return PST_EXIT_OK;
}

static int conclude(const struct search *search, const char *path)
{
	if (search->no_memory) {
		pst_complain("contract why: not enough memory");
		return PST_EXIT_FAILURE;
	}
	if (!search->count) {
		pst_complain(
			"contract why: no alert of %s has the id '%s' (%" PRIu64
			" alerts were read). It is the finding's, as in \"f:10b822687b92d68b\", or the record's event.id; its beginning is enough",
			path, search->wanted, search->alerts);
		return PST_EXIT_FAILURE;
	}
	if (search->count == 1)
		return print_page(search->line);
	pst_complain("contract why: '%s' may mean %s%zu findings:", search->wanted,
		     search->count == IDS_SHOWN ? "more than " : "",
		     search->count - (search->count == IDS_SHOWN));
	for (size_t i = 0; i < search->count; i++)
		fprintf(stderr, "  %s\n", search->ids[i]);
	return PST_EXIT_FAILURE;
}

static int run(const struct pst_args *args)
{
	const char *path = args->value[OPT_ALERTS] ? args->value[OPT_ALERTS] : PST_ALERTS_FILE;
	struct search search = { .wanted = args->rest[0] };
	int r, result;

	if (!*search.wanted || search.wanted[strspn(search.wanted, ID_LETTERS)]) {
		pst_complain(
			"contract why: '%s' is no id: one is as \"f:10b822687b92d68b\", or an event.id as \"d9283944-1f72-8293-8a61-91b1afa14bf1\"",
			search.wanted);
		return PST_EXIT_USAGE;
	}
	r = read_alerts(&search, path);
	if (r < 0)
		pst_complain("contract why: cannot read %s: %s; name the file with --alerts", path,
			     strerror(-r));
	result = r < 0 ? PST_EXIT_FAILURE : conclude(&search, path);
	free(search.line);
	return result;
}

const struct pst_command pst_contract_why = {
	.name = "contract why",
	.summary = "why did this alert come, and what would allow it?",
	.operands = "ALERT-ID",
	.text = "ALERT-ID is what alerts have as postern.finding.id or event.id; its beginning is enough. The latest alert of that\n"
		"finding is shown: what happened, which entry of the contract came nearest and what kept it from allowing, the entry\n"
		"that would allow it, to be copied, and what to do when it should not be allowed.\n\n"
		"Example: postern contract why f:10b8\n\n"
		"  Alert     f:10b822687b92d68b undeclared_channel on vm\n"
		"  What      curl (acme-agent) connected to 127.0.0.1:8443/tcp: not in contract\n"
		"            acme-agent@1\n"
		"  ...\n"
		"  Contract  acme-agent, version 1\n"
		"  Verdict   undeclared\n"
		"  Nearest   {\"connect\":\"tcp\",\"to\":\"127.0.0.1\",\"port\":8080,\"why\":\"licence server\"}\n"
		"  But       port 8443 is not 8080\n\n"
		"  If it should be allowed, add to \"channels\" of the contract:\n\n"
		"      {\"connect\":\"tcp\",\"to\":\"127.0.0.1\",\"port\":8443}",
	.options = options,
	.rest_min = 1,
	.rest_max = 1,
	.run = run,
};
