// SPDX-License-Identifier: Apache-2.0
/* Where does one character end, and would a reader see it? */
#include "base/utf8.h"

struct span {
	uint32_t first, last;
};

/* C0, DEL, C1, soft hyphen, and the format characters that reorder or hide text (Unicode 15.1,
 * category Cf and line breaks). */
static const struct span unseen[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad },   { 0x061c, 0x061c },
	{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },   { 0x2060, 0x206f },
	{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
};

static bool is_tail(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

size_t pst_utf8_char(const uint8_t *in, size_t len, uint32_t *code)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need, i;
	uint32_t value;

	if (!len)
		return 0;
	if (in[0] < 0x80) {
		*code = in[0];
		return 1;
	}
	if (in[0] < 0xc2 || in[0] > 0xf4)
		return 0;
	need = in[0] < 0xe0 ? 2 : in[0] < 0xf0 ? 3 : 4;
	if (len < need)
		return 0;
	value = in[0] & (0xffu >> (need + 1));
	for (i = 1; i < need; i++) { /* need <= 4 */
		if (!is_tail(in[i]))
			return 0;
		value = value << 6 | (in[i] & 0x3fu);
	}
	if (value < least[need] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return need;
}

bool pst_utf8_is_unseen(uint32_t code)
{
	size_t i;

	for (i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (code >= unseen[i].first && code <= unseen[i].last)
			return true;
	return false;
}
