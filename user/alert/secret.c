// SPDX-License-Identifier: Apache-2.0
/* secret: where in a text is the next secret?
 * Behind a name that says so, in a URL, or with the look of a well-known token. Every byte is
 * looked at a fixed number of times. */
#include <string.h>
#include <strings.h>

#include "alert/redact.h"

/* a name is secret when it ends so, whatever stands before: DB_PASSWORD, PGPASSWORD, AccountKey */
static const char *const secret_names[] = {
	"password",   "passwd",	     "passphrase",  "secret",
	"token",      "apikey",	     "api-key",	    "api_key",
	"access-key", "access_key",  "secret-key",  "secret_key",
	"secretkey",  "accesskey",   "accountkey",  "account-key",
	"credential", "credentials", "private-key", "private_key",
	"privatekey", "authtoken",   "bearer",	    "connection-string",
};

/* these only as a word of their own: "compass", "bypass" and "OLDPWD" are none */
static const char *const secret_words[] = { "pass", "pwd", "passin", "passout", "auth" };

/* these only as a whole, before a colon */
static const char *const secret_headers[] = { "authorization", "proxy-authorization", "cookie",
					      "set-cookie" };

/* these only as a whole, in the query of a URL */
static const char *const secret_queries[] = { "key", "sig", "signature", "code" };

/* as many to a line as fit */
/* clang-format off */
static const char *const token_starts[] = {
	"ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "sk-",
	"sk_live_", "hvs.", "eyJ", "AKIA", "ASIA", "npm_", "dckr_pat_",
};
/* clang-format on */
#define TOKEN_MIN 16u /* shorter words that start so are words */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

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

/* ends_in - @own: only when a word of its own begins there */
static bool ends_in(const char *name, size_t len, const char *word, const char *own)
{
	size_t n = strlen(word);
	const char *at;

	if (len < n || strncasecmp(name + len - n, word, n))
		return false;
	at = name + len - n;
	return !own || len == n || strchr(own, at[-1]) ||
	       (at[-1] >= 'a' && at[-1] <= 'z' && at[0] >= 'A' && at[0] <= 'Z');
}

bool pst_secret_is_name(const char *name, size_t len)
{
	while (len && (*name == '-' || is_quote(*name))) {
		name++;
		len--;
	}
	while (len && (is_quote(name[len - 1]) || is_blank(name[len - 1])))
		len--;
	for (size_t i = 0; i < COUNT(secret_names); i++) {
		if (ends_in(name, len, secret_names[i], NULL))
			return true;
	}
	for (size_t i = 0; i < COUNT(secret_words); i++) {
		if (ends_in(name, len, secret_words[i], "-_.:"))
			return true;
	}
	return false;
}

bool pst_secret_is_header(const char *name, size_t len)
{
	while (len && is_quote(*name)) {
		name++;
		len--;
	}
	return is_whole(name, len, secret_headers, COUNT(secret_headers));
}

/* A name and the mark behind it, within @len bytes of text; @opener is what stands before it. */
static bool is_secret_mark(const char *text, size_t len, size_t name, size_t mark)
{
	char opener = name ? text[name - 1] : '\0';
	size_t name_len = mark - name;

	if (text[mark] == ':')
		return (mark + 1 == len || text[mark + 1] != '/') &&
		       (pst_secret_is_name(text + name, name_len) ||
			pst_secret_is_header(text + name, name_len));
	if ((opener == '?' || opener == '&') &&
	    is_whole(text + name, name_len, secret_queries, COUNT(secret_queries)))
		return true;
	if (name_len == 3 && !strncmp(text + name, "PWD", 3) && mark + 1 < len &&
	    text[mark + 1] == '/')
		return false; /* the working directory */
	return pst_secret_is_name(text + name, name_len);
}

/* value_end - a value in a list ends where the next begins, another goes on to the end */
static size_t value_end(const char *text, size_t len, size_t at, char opener)
{
	const char *stops = opener == '?' || opener == '&' ? "&#" :
			    opener == ';'		   ? ";" :
			    opener == ','		   ? "," :
							     "";

	while (at < len && !(text[at] && strchr(stops, text[at])))
		at++;
	return at > 0 && at == len && is_quote(text[at - 1]) ? at - 1 : at;
}

/* userinfo - "//user:secret@" at @at: where the secret begins, or 0; @end: behind the authority, or
 * behind the secret */
static size_t userinfo(const char *text, size_t len, size_t at, size_t *end)
{
	size_t colon = 0, sign = 0, i;

	for (i = at + 2; i < len && !(text[i] && strchr("/?#", text[i])); i++) {
		if (text[i] == '@')
			sign = i;
		else if (text[i] == ':' && !colon && !sign)
			colon = i;
	}
	*end = sign && colon ? sign : i;
	return sign && colon ? colon + 1 : 0;
}

/* token_at - bytes of a well-known token's start, or 0 */
static size_t token_at(const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT(token_starts); i++) {
		size_t n = strlen(token_starts[i]);

		if (len >= TOKEN_MIN && !strncmp(text, token_starts[i], n))
			return n;
	}
	return 0;
}

size_t pst_secret_find(const char *text, size_t len, size_t name, size_t *end)
{
	for (size_t at = name; at < len; at++) {
		size_t token = at == name ? token_at(text + at, len - at) : 0;
		size_t after, secret;

		if (token) {
			*end = value_end(text, len, at + token, name ? text[name - 1] : '\0');
			return at + token;
		}
		if (text[at] == ':' && len - at > 2 && !memcmp(text + at + 1, "//", 2)) {
			secret = userinfo(text, len, at + 1, &after);
			*end = after;
			if (secret)
				return secret;
			at = after - 1;
			continue;
		}
		if ((text[at] == '=' || text[at] == ':') && is_secret_mark(text, len, name, at)) {
			*end = value_end(text, len, at + 1, name ? text[name - 1] : '\0');
			return at + 1;
		}
		if (is_quote(text[at]) && at + 1 < len && text[at + 1] == ':')
			continue; /* "name": */
		if (text[at] && strchr("=:?&;,{\"'", text[at]))
			name = at + 1;
	}
	*end = len;
	return len;
}
