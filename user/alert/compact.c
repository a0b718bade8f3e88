// SPDX-License-Identifier: Apache-2.0
/* compact: how does a person read a record? One line: when, how bad, which rule, who, under which
 * contract, where to, what came of it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

#define ARROW "\xe2\x86\x92" /* U+2192 */
#define PLAIN "\x1b[0m"
#define TRANSPORT 32 /* bytes of the longest word of ours, and to spare */

struct page { /* one line in the making */
	const struct pst_json_value *root;
	char *out;
	size_t size;
};

static const char *const colours[] = {
	[0] = "",
	[PST_INFO] = "\x1b[2m",
	[PST_LOW] = "\x1b[36m",
	[PST_MEDIUM] = "\x1b[33m",
	[PST_HIGH] = "\x1b[31m",
	[PST_CRITICAL] = "\x1b[1;31m",
};

/* look - the value at a dotted path, or NULL */
static const struct pst_json_value *look(const struct page *page, const char *path)
{
	return pst_json_at(page->root, path);
}

static const char *text_at(const struct page *page, const char *path)
{
	return pst_json_text_at(page->root, path);
}

static int64_t number_at(const struct page *page, const char *path, int64_t otherwise)
{
	const struct pst_json_value *value = look(page, path);

	return value && value->type == PST_JSON_NUMBER && value->is_integer ? value->integer :
									      otherwise;
}

/* add - our own words; what does not fit is left out */
static void add(struct page *page, const char *text)
{
	(void)pst_text_append(page->out, page->size, "%s", text); /* a cut line is still a line */
}

/* add_value - words of the record, which anybody may have written: made harmless for a terminal */
static void add_value(struct page *page, const char *text)
{
	char safe[700];

	(void)pst_text_safe_again(text, strlen(text), safe,
				  sizeof(safe)); /* a cut word is enough here */
	add(page, safe);
}

static void add_number(struct page *page, int64_t number)
{
	(void)pst_text_append(page->out, page->size, "%" PRId64, number); /* as in add */
}

static void add_part(struct page *page, const char *before, const char *path, const char *behind)
{
	const char *text = text_at(page, path);

	if (!*text)
		return;
	add(page, before);
	add_value(page, text);
	add(page, behind);
}

/* without - @text, but for a leading @word and its mark */
static const char *without(const char *text, const char *word)
{
	size_t len = strlen(word);

	if (!len || strncmp(text, word, len) != 0 || (text[len] != ':' && text[len] != ' '))
		return text;
	return text + len + 1;
}

/* transport_of - "tcp"; of a raw socket "raw/253", since what it speaks it makes itself */
static const char *transport_of(const struct page *page, char out[TRANSPORT])
{
	bool is_raw = !strcmp(text_at(page, "postern.channel.kind"), "raw");

	(void)pst_text_format(out, TRANSPORT, "%s%s", is_raw ? "raw/" : "",
			      text_at(page, is_raw ? "network.iana_number" :
						     "network.transport")); /* a cut one will do */
	return out;
}

/* add_peer - "address:port", with brackets around IPv6 */
static void add_peer(struct page *page, const char *end)
{
	char path[40], transport[TRANSPORT];
	const char *address;
	int64_t port;

	(void)pst_text_format(path, sizeof(path), "%s.address", end); /* "source", "destination" */
	address = text_at(page, path);
	(void)pst_text_format(path, sizeof(path), "%s.port", end);
	port = number_at(page, path, -1);
	if (port < 0) /* "unix:/run/x" behind its transport is "/run/x" */
		address = without(address, transport_of(page, transport));
	add(page, strchr(address, ':') && port >= 0 ? "[" : "");
	add_value(page, address);
	add(page, strchr(address, ':') && port >= 0 ? "]" : "");
	if (port < 0)
		return;
	add(page, ":");
	add_number(page, port);
}

static void add_process(struct page *page)
{
	int64_t pid = number_at(page, "process.pid", -1);

	if (!*text_at(page, "process.name") && pid < 0)
		return;
	add(page, " ");
	if (!*text_at(page, "process.name")) { /* what it runs was never told */
		add(page, "pid ");
		add_number(page, pid);
		return;
	}
	add_value(page, text_at(page, "process.name"));
	if (pid < 0)
		return;
	add(page, "[");
	add_number(page, pid);
	add(page, "]");
}

static void add_ends(struct page *page)
{
	bool inbound = !strcmp(text_at(page, "network.direction"), "ingress");
	char transport[TRANSPORT];

	if (!*text_at(page, "network.transport"))
		return;
	add(page, "  ");
	add_value(page, transport_of(page, transport));
	if (inbound && !*text_at(page, "source.address")) {
		add(page, " listens on ");
		add_peer(page, "destination");
	} else if (inbound) {
		add(page, " ");
		add_peer(page, "source");
		add(page, " " ARROW " ");
		add_peer(page, "destination");
	} else {
		add(page, " " ARROW " ");
		add_peer(page, "destination");
	}
	add_part(page, "  ", "postern.channel.result", "");
}

static void add_standing(struct page *page)
{
	const struct pst_json_value *list = look(page, "postern.standing"), *item;
	size_t shown = 0;

	if (!list || list->type != PST_JSON_ARRAY)
		return;
	for (item = list->child; item && shown < 4; item = item->next, shown++) {
		add(page, shown ? ", " : "  ");
		add_value(page, item->type == PST_JSON_STRING ? item->string : "?");
	}
	if (number_at(page, "postern.standing_total", 0) > (int64_t)shown) {
		add(page, ", and ");
		add_number(page, number_at(page, "postern.standing_total", 0) - (int64_t)shown);
		add(page, " more");
	}
}

static void write_alert(struct page *page)
{
	int64_t count = number_at(page, "postern.finding.count", 1);

	add_part(page, " ", "event.code", "");
	add_process(page);
	add_part(page, " ", "postern.contract.id", "");
	add_ends(page);
	add_standing(page);
	if (!look(page, "network.transport") && !look(page, "postern.standing"))
		add_part(page, "  ", "message", "");
	add_part(page, "  ", "postern.contract.verdict", "");
	add_part(page, "  (nearest: ", "postern.contract.nearest", ")");
	if (!look(page, "network.transport"))
		add_part(page, "  (would allow it: ", "postern.contract.would_allow", ")");
	if (look(page, "postern.preexisting"))
		add(page, "  preexisting");
	if (count > 1) {
		add(page, "  seen ");
		add_number(page, count);
		add(page, " times");
	}
}

static void write_health(struct page *page)
{
	add_part(page, " health ", "event.action", "");
	add_part(page, " ", "postern.health.state", " ");
	add_number(page, number_at(page, "postern.health.hooks.attached", 0));
	add(page, "/");
	add_number(page, number_at(page, "postern.health.hooks.expected", 0));
	add(page, " hooks, ");
	add_number(page, number_at(page, "postern.health.events.lost", 0));
	add(page, " lost");
	add_part(page, ": ", *text_at(page, "error.message") ? "error.message" : "message", "");
}

static void write_channel(struct page *page)
{
	add(page, " channel");
	add_process(page);
	add_part(page, " ", "postern.contract.id", "");
	add_ends(page);
	add(page, "  ");
	add_number(page, number_at(page, "postern.channel.flows", 0));
	add(page, " flows ");
	add_number(page, number_at(page, "network.bytes", 0));
	add(page, " B");
	add_part(page, "  ", "postern.contract.verdict", "");
}

static void write_exec(struct page *page)
{
	add(page, " exec");
	add_process(page);
	add_part(page, " ", "postern.contract.id", "");
	add_part(page, "  ", "process.command_line", "");
	add_part(page, "  by ", "process.parent.executable", "");
}

static const struct {
	const char *dataset;
	void (*write)(struct page *page);
} writers[] = {
	{ "postern.alert", write_alert },
	{ "postern.health", write_health },
	{ "postern.channel", write_channel },
	{ "postern.exec", write_exec },
};

static void add_severity(struct page *page, bool colour)
{
	int64_t severity = number_at(page, "event.severity", PST_INFO);

	if (severity < PST_INFO || severity > PST_CRITICAL)
		severity = PST_INFO;
	add(page, " ");
	add(page, colour ? colours[severity] : "");
	add(page, pst_severity_name((enum pst_severity)severity));
	add(page, colour ? PLAIN : "");
}

/* write_notice - what the live socket says to one reader; returns false when it is none */
static bool write_notice(struct page *page)
{
	int64_t dropped = number_at(page, "postern.tail_dropped", 0);

	if (dropped > 0) {
		add(page, "-- ");
		add_number(page, dropped);
		add(page, " lines were left out here: this reader was too slow");
		return true;
	}
	add_part(page, "-- ", "postern.error", "");
	return page->out[0] != '\0';
}

/* write_record - returns false when it is no record of ours */
static bool write_record(struct page *page, bool colour)
{
	const char *dataset = text_at(page, "event.dataset"), *time = text_at(page, "@timestamp");
	char clock[10]; /* "09:41:07Z": records are in UTC */
	size_t i;

	if (strlen(time) < 20 || time[10] != 'T')
		return write_notice(page);
	for (i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		if (strcmp(writers[i].dataset, dataset))
			continue;
		memcpy(clock, time + 11, 8);
		memcpy(clock + 8, "Z", 2);
		add_value(page, clock);
		add_severity(page, colour);
		writers[i].write(page);
		return true;
	}
	return false;
}

const char *pst_compact_line(const char *json, size_t len, bool colour, char *out, size_t out_size)
{
	_cleanup_free_ struct pst_diags *diags =
		malloc(sizeof(*diags)); /* large: not for the stack of a loop */
	_cleanup_(pst_json_doc_clear) struct pst_json_doc *doc = NULL;
	struct page page = { .out = out, .size = out_size };

	if (!out_size)
		return out;
	out[0] = '\0';
	while (len && (json[len - 1] == '\n' || json[len - 1] == '\r'))
		len--;
	if (diags) {
		pst_diags_init(diags, "record");
		doc = pst_json_read(json, len, diags);
	}
	if (doc) {
		page.root = pst_json_root(doc);
		if (write_record(&page, colour))
			return out;
		out[0] = '\0';
	}
	(void)pst_text_safe_again(json, len, out, out_size); /* shown as far as it goes */
	return out;
}
