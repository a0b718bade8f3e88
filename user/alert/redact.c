// SPDX-License-Identifier: Apache-2.0
/* redact: which parts of a command line are secrets?
 * Known by the name before an equals sign or colon or of the option before it, by the program and
 * its option (mysql -pSECRET), by the place in a URL, or by the look of well-known tokens. An
 * argument with blanks is a header, or a command line itself. One pass per level of quotes, and few
 * levels. Blind to: secrets that nothing marks as such. */
#include "alert/redact.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "alert/alert.h"

#define MASK "***"
#define LEVELS 4u /* command lines within arguments of command lines */

static const char *const shells[] = { "sh", "bash", "dash", "ash", "zsh", "ksh", "su" };

static const char *const schemes[] = { "bearer", "basic", "digest", "token", "negotiate" };

/* options of certain programs; the value is attached (-pX) or the next argument (-p X) */
static const struct {
	const char *program, *option;
	bool next; /* also as an argument of its own */
} program_options[] = {
	{ "mysql", "-p", false },	 { "mysqldump", "-p", false },
	{ "mysqladmin", "-p", false },	 { "mariadb", "-p", false },
	{ "mariadb-dump", "-p", false }, { "sshpass", "-p", true },
	{ "curl", "-u", true },		 { "curl", "--user", true },
	{ "curl", "-U", true },		 { "curl", "--proxy-user", true },
	{ "redis-cli", "-a", true },	 { "ldapsearch", "-w", true },
	{ "ldapmodify", "-w", true },	 { "ldapadd", "-w", true },
	{ "smbclient", "-U", true },	 { "ipmitool", "-P", true },
	{ "sqlcmd", "-P", true },	 { "mosquitto_pub", "-P", true },
	{ "mosquitto_sub", "-P", true }, { "docker", "-p", false },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum awaited { AWAIT_NOTHING, AWAIT_SECRET, AWAIT_SCHEME };

/* Text is read ahead of where it is written: it only gets shorter. */
struct walk {
	char *out;
	const char *program; /* as it stands in program_options, or NULL */
	bool is_shell;	     /* its arguments are command lines */
	enum awaited awaited;
	unsigned int level;
};

static void keep(struct walk *walk, const char *text, size_t len)
{
	memmove(walk->out, text, len);
	walk->out += len;
}

static void mask(struct walk *walk, size_t len)
{
	size_t stars = len < strlen(MASK) ? len : strlen(MASK);

	memcpy(walk->out, MASK, stars);
	walk->out += stars;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_whole(const char *text, size_t len, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (len == strlen(list[i]) && !strncasecmp(text, list[i], len))
			return true;
	}
	return false;
}

static void redact_text(struct walk *walk, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t end, secret = pst_secret_find(text, len, at, &end);

		if (secret < end && is_quote(text[secret]))
			secret++;
		keep(walk, text + at, secret - at);
		mask(walk, end > secret ? end - secret : 0);
		at = end > secret ? end : secret;
		if (at < len)
			keep(walk, text + at++, 1); /* what ended it */
	}
}

/* redact_option - is it an option of a known program? Its value is masked, or awaited. */
static bool redact_option(struct walk *walk, const char *word, size_t len)
{
	for (size_t i = 0; walk->program && i < COUNT(program_options); i++) {
		const char *option = program_options[i].option;
		size_t n = strlen(option);

		if (strcmp(walk->program, program_options[i].program) || len < n ||
		    strncmp(word, option, n))
			continue;
		if (len > n && n > 2)
			continue; /* only a short option has its value attached */
		if (len == n && program_options[i].next)
			walk->awaited = AWAIT_SECRET;
		keep(walk, word, n);
		mask(walk, len - n);
		return true;
	}
	return false;
}

/* see_program - the first known name is it, also behind a wrapper (sudo, env) */
static void see_program(struct walk *walk, const char *word, size_t len)
{
	const char *slash = memrchr(word, '/', len);
	const char *name = slash ? slash + 1 : word;
	size_t n = len - (size_t)(name - word);

	for (size_t i = 0; !walk->program && i < COUNT(program_options); i++) {
		if (n == strlen(program_options[i].program) &&
		    !strncmp(name, program_options[i].program, n))
			walk->program = program_options[i].program;
	}
	if (is_whole(name, n, shells, COUNT(shells)))
		walk->is_shell = true;
}

static bool redact_awaited(struct walk *walk, const char *word, size_t len)
{
	enum awaited awaited = walk->awaited;

	walk->awaited = AWAIT_NOTHING;
	if (awaited == AWAIT_NOTHING || (len > 1 && !strncmp(word, "--", 2)))
		return false; /* another option: the one before it has no value */
	if (awaited == AWAIT_SCHEME && is_whole(word, len, schemes, COUNT(schemes))) {
		walk->awaited = AWAIT_SECRET;
		keep(walk, word, len);
	} else {
		mask(walk, len);
	}
	return true;
}

static void redact_word(struct walk *walk, const char *word, size_t len)
{
	if (redact_awaited(walk, word, len))
		return;
	if (!walk->program)
		see_program(walk, word, len);
	if (len > 1 && word[0] == '-' && !memchr(word, '=', len) && pst_secret_is_name(word, len))
		walk->awaited = AWAIT_SECRET;
	else if (len == 6 && !strncasecmp(word, "bearer", 6))
		walk->awaited = AWAIT_SECRET;
	else if (len > 1 && word[len - 1] == ':' && pst_secret_is_header(word, len - 1))
		walk->awaited = AWAIT_SCHEME;
	else if (redact_option(walk, word, len))
		return;
	redact_text(walk, word, len);
}

/* is_break - does an unquoted @at end a word? An ampersand within a word is one of a URL. */
static bool is_break(const char *text, size_t len, size_t at)
{
	if (text[at] == '&')
		return at + 1 == len || is_blank(text[at + 1]) || text[at + 1] == '&';
	return is_blank(text[at]) || (text[at] && strchr(";|()`", text[at]));
}

static size_t word_end(const char *text, size_t len, size_t at)
{
	char quote = '\0';

	for (; at < len; at++) {
		if (quote)
			quote = text[at] == quote ? '\0' : quote;
		else if (is_quote(text[at]))
			quote = text[at];
		else if (is_break(text, len, at))
			break;
	}
	return at;
}

static void redact_arg(struct walk *walk, const char *text, size_t len);

/* redact_line - a command line within an argument: word by word */
static void redact_line(struct walk *walk, const char *text, size_t len)
{
	struct walk inner = { .out = walk->out, .level = walk->level + 1 };
	size_t at = 0;

	while (at < len) {
		size_t end = word_end(text, len, at);

		if (end > at) {
			if (is_quote(text[at]))
				redact_arg(&inner, text + at, end - at);
			else
				redact_word(&inner, text + at, end - at);
			at = end;
			continue;
		}
		if (text[at] == '\n' || !is_blank(text[at])) { /* another command begins */
			inner.program = NULL;
			inner.is_shell = false;
			inner.awaited = AWAIT_NOTHING;
		}
		keep(&inner, text + at++, 1);
	}
	walk->out = inner.out;
}

static size_t first_blank(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && !is_blank(text[at]))
		at++;
	return at;
}

static void redact_arg(struct walk *walk, const char *text, size_t len)
{
	bool is_quoted = len > 1 && is_quote(text[0]) && text[len - 1] == text[0];
	char quote = text[0];
	size_t blank, end;

	if (is_quoted) {
		keep(walk, &quote, 1);
		text++;
		len -= 2;
	}
	blank = first_blank(text, len);
	if (blank == len || text[0] == '-' || walk->awaited != AWAIT_NOTHING ||
	    walk->level >= LEVELS)
		redact_word(walk, text, len);
	else if (!walk->is_shell && pst_secret_find(text, len, 0, &end) <= blank)
		redact_text(walk, text, len); /* a header, or a value with blanks */
	else
		redact_line(walk, text, len);
	if (is_quoted)
		keep(walk, &quote, 1);
}

size_t pst_redact_args(char *args, size_t len, char separator)
{
	struct walk walk = { .out = args };
	size_t at = 0;

	while (at < len) {
		const char *end = memchr(args + at, separator, len - at);
		size_t arg_len = end ? (size_t)(end - args) - at : len - at;

		if (arg_len)
			redact_arg(&walk, args + at, arg_len);
		at += arg_len;
		if (at < len)
			keep(&walk, args + at++, 1);
	}
	*walk.out = '\0';
	return (size_t)(walk.out - args);
}

void pst_redact(char *command_line)
{
	struct walk walk = { .out = command_line };

	redact_line(&walk, command_line, strlen(command_line));
	*walk.out = '\0';
}
