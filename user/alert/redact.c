// SPDX-License-Identifier: Apache-2.0
/* redact: which parts of a command line are secrets?
 * Known by the name before an equals sign or of the option before it, by the program and its option
 * (mysql -pSECRET), by the place in a URL, or by the look of well-known tokens. Blind to: secrets
 * that nothing marks as such. */
#include "alert/redact.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "alert/alert.h"

#define MASK "***"

/* a name is secret when it ends so, whatever stands before: DB_PASSWORD, --client-secret */
static const char *const secret_names[] = {
	"password",    "passwd",
	"passphrase",  "pass",
	"pwd",	       "passin",
	"passout",     "secret",
	"token",       "apikey",
	"api-key",     "api_key",
	"access-key",  "access_key",
	"secret-key",  "auth",
	"secret_key",  "credential",
	"credentials", "private-key",
	"private_key", "secretkey",
	"accesskey",   "bearer",
	"authtoken",   "connection-string",
};

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

/* as many to a line as fit */
/* clang-format off */
static const char *const token_starts[] = {
	"ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "sk-",
	"sk_live_", "hvs.", "eyJ", "AKIA", "ASIA", "npm_", "dckr_pat_",
};
/* clang-format on */
#define TOKEN_MIN 16u /* shorter words that start so are words */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct walk {
	const char *program; /* last component of the first argument */
	size_t program_len;
	bool next_is_secret;
};

static bool is_secret_name(const char *name, size_t len)
{
	size_t i;

	while (len && *name == '-') {
		name++;
		len--;
	}
	for (i = 0; i < COUNT(secret_names); i++) {
		size_t n = strlen(secret_names[i]);

		if (len < n || strncasecmp(name + len - n, secret_names[i], n))
			continue;
		/* a word of its own: "compass" and "bypass" are none */
		if (len == n || strchr("-_.:", name[len - n - 1]))
			return true;
	}
	return false;
}

/* mask - put the mask over @len bytes at @at of an argument that is @arg_len long; returns the
 * argument's new length */
static size_t mask(char *arg, size_t arg_len, size_t at, size_t len)
{
	size_t stars = len < strlen(MASK) ? len : strlen(MASK);

	memcpy(arg + at, MASK, stars);
	memmove(arg + at + stars, arg + at + len, arg_len - at - len);
	return arg_len - len + stars;
}

static size_t redact_url(char *arg, size_t len)
{
	char *scheme = memmem(arg, len, "://", 3);
	const char *start, *end, *at, *colon;

	if (!scheme)
		return len;
	start = scheme + 3;
	end = memchr(start, '/', len - (size_t)(start - arg));
	if (!end)
		end = arg + len;
	at = memrchr(start, '@', (size_t)(end - start));
	colon = at ? memchr(start, ':', (size_t)(at - start)) : NULL;
	if (!colon)
		return len;
	return mask(arg, len, (size_t)(colon + 1 - arg), (size_t)(at - colon - 1));
}

static size_t redact_token(char *arg, size_t len)
{
	size_t i;

	for (i = 0; i < COUNT(token_starts); i++) {
		size_t n = strlen(token_starts[i]);

		if (len >= TOKEN_MIN && !strncmp(arg, token_starts[i], n))
			return mask(arg, len, n, len - n);
	}
	return len;
}

/* redact_pair - NAME=VALUE and NAME: VALUE; returns the new length, or 0 when it is no such pair */
static size_t redact_pair(char *arg, size_t len)
{
	const char *equals = memchr(arg, '=', len);
	const char *colon;
	size_t at;

	if (equals && is_secret_name(arg, (size_t)(equals - arg)) && equals + 1 < arg + len) {
		at = (size_t)(equals + 1 - arg);
		return mask(arg, len, at, len - at);
	}
	colon = memchr(arg, ':', len);
	if (!colon || colon[1] == '/' || colon + 1 >= arg + len)
		return 0;
	at = (size_t)(colon - arg);
	if (!is_secret_name(arg, at) &&
	    !(at == strlen("Authorization") && !strncasecmp(arg, "Authorization", at)))
		return 0;
	return mask(arg, len, at + 1, len - at - 1);
}

static size_t redact_program_option(struct walk *walk, char *arg, size_t len)
{
	size_t i;

	for (i = 0; i < COUNT(program_options); i++) {
		const char *option = program_options[i].option;
		size_t n = strlen(option);

		if (walk->program_len != strlen(program_options[i].program) ||
		    strncmp(walk->program, program_options[i].program, walk->program_len))
			continue;
		if (len < n || strncmp(arg, option, n))
			continue;
		if (len == n) {
			walk->next_is_secret = program_options[i].next;
			return len;
		}
		if (n == 2) /* a short option with its value attached */
			return mask(arg, len, n, len - n);
	}
	return len;
}

static size_t redact_one(struct walk *walk, char *arg, size_t len)
{
	size_t paired;

	if (walk->next_is_secret) {
		walk->next_is_secret = false;
		if (len < 2 ||
		    strncmp(arg, "--", 2)) /* another option: the one before it has no value */
			return mask(arg, len, 0, len);
	}
	paired = redact_pair(arg, len);
	if (paired)
		return paired;
	if (len > 1 && arg[0] == '-' && is_secret_name(arg, len)) {
		walk->next_is_secret = true;
		return len;
	}
	if (len == 6 && !strncasecmp(arg, "bearer", 6)) {
		walk->next_is_secret = true;
		return len;
	}
	len = redact_program_option(walk, arg, len);
	len = redact_url(arg, len);
	return redact_token(arg, len);
}

static void find_program(struct walk *walk, const char *arg, size_t len)
{
	const char *slash = memrchr(arg, '/', len);

	walk->program = slash ? slash + 1 : arg;
	walk->program_len = len - (size_t)(walk->program - arg);
}

size_t pst_redact_args(char *args, size_t len, char separator)
{
	struct walk walk = { .program = "" };
	size_t at = 0;
	bool first = true;

	while (at < len) {
		const char *end = memchr(args + at, separator, len - at);
		size_t arg_len = end ? (size_t)(end - args) - at : len - at;
		size_t new_len = arg_len;

		if (first && arg_len)
			find_program(&walk, args + at, arg_len);
		else if (arg_len)
			new_len = redact_one(&walk, args + at, arg_len);
		first = first && !arg_len;
		memmove(args + at + new_len, args + at + arg_len, len - at - arg_len + 1);
		len -= arg_len - new_len;
		at += new_len + 1;
	}
	return len;
}

void pst_redact(char *command_line)
{
	(void)pst_redact_args(command_line, strlen(command_line), ' ');
}
