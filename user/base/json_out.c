// SPDX-License-Identifier: Apache-2.0
/* How are the characters of JSON written? Strings are escaped anew, as little as may be. */
#include "base/json_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void pst_json_out(struct pst_json_out *out, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		out->column += ((unsigned char)text[i] & 0xc0) != 0x80; /* one per character */
	if (!out->text || out->failed)
		return;
	out->failed = len > out->room - out->len;
	if (out->failed)
		return;
	memcpy(out->text + out->len, text, len);
	out->len += len;
}

void pst_json_out_text(struct pst_json_out *out, const char *text)
{
	pst_json_out(out, text, strlen(text));
}

void pst_json_out_blanks(struct pst_json_out *out, size_t count)
{
	for (; count; count--)
		pst_json_out(out, " ", 1);
}

void pst_json_out_line(struct pst_json_out *out, size_t depth)
{
	pst_json_out(out, "\n", 1);
	out->column = 0;
	pst_json_out_blanks(out, depth * PST_JSON_INDENT);
}

/* Four hex digits of an escape. */
static uint32_t read_unit(const char *digits)
{
	char text[5];

	memcpy(text, digits, 4);
	text[4] = '\0';
	return (uint32_t)strtoul(text, NULL, 16);
}

size_t pst_json_char(const char *at, size_t len, uint32_t *code)
{
	static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
	const char *name;

	if (*at != '\\')
		return pst_utf8_char((const uint8_t *)at, len, code);
	if (at[1] != 'u') {
		name = strchr(names, at[1]);
		*code = (uint8_t)(name ? values[name - names] : at[1]);
		return 2;
	}
	*code = read_unit(at + 2);
	if (*code < 0xd800 || *code > 0xdbff)
		return 6;
	*code = 0x10000 + ((*code - 0xd800) << 10) + (read_unit(at + 8) - 0xdc00); /* a pair */
	return 12;
}

static void put_unit(struct pst_json_out *out, uint32_t unit)
{
	static const char hex[] = "0123456789abcdef";
	char text[] = "\\u0000";
	int i;

	for (i = 5; i > 1; i--, unit >>= 4)
		text[i] = hex[unit & 15];
	pst_json_out_text(out, text);
}

static void put_utf8(struct pst_json_out *out, uint32_t code)
{
	char text[4];
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4, i;

	for (i = len - 1; i; i--, code >>= 6)
		text[i] = (char)(0x80 | (code & 0x3f));
	text[0] = (char)(len == 1 ? code : (0xf00u >> len & 0xf0u) | code);
	pst_json_out(out, text, len);
}

/* Only what cannot stand there as it is, or would not be seen, is escaped. */
static void put_char(struct pst_json_out *out, uint32_t code)
{
	static const char values[] = "\b\f\n\r\t\"\\", names[] = "bfnrt\"\\";
	const char *value = code && code < 0x80 ? strchr(values, (int)code) : NULL;

	if (value) {
		pst_json_out(out, "\\", 1);
		pst_json_out(out, &names[value - values], 1);
	} else if (!pst_utf8_is_unseen(code)) {
		put_utf8(out, code);
	} else if (code < 0x10000) {
		put_unit(out, code);
	} else {
		put_unit(out, 0xd800 + ((code - 0x10000) >> 10));
		put_unit(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
	}
}

void pst_json_out_scalar(struct pst_json_out *out, const struct pst_json_slice *slice)
{
	const char *at = slice->text + 1, *end = slice->text + slice->len - 1;
	uint32_t code = 0;

	if (slice->text[0] != '"') {
		pst_json_out(out, slice->text, slice->len);
		return;
	}
	pst_json_out(out, "\"", 1);
	while (at < end) { /* each round reads at least one byte */
		at += pst_json_char(at, (size_t)(end - at), &code);
		put_char(out, code);
	}
	pst_json_out(out, "\"", 1);
}
