// SPDX-License-Identifier: Apache-2.0
/* Which server does a TLS client ask for, and which protocols does it offer? Only the ClientHello
 * is read, which goes in the clear; an encrypted one (ECH) shows its outer name. */
#include "decode/tls.h"

#include <errno.h>
#include <string.h>

#define RECORD_HEAD 5u
#define RECORD_MAX 16384u
#define HANDSHAKE_HEAD 4u
#define TYPE_HANDSHAKE 22
#define TYPE_CLIENT_HELLO 1
#define RANDOM_BYTES 32u
#define SESSION_MAX 32u
#define EXTENSION_NAME 0u
#define EXTENSION_ALPN 16u
#define NAME_HOST 0
#define NAME_MAX_BYTES 253u

/* A vector that is being read. It may be longer than what was carried: then `have` ends first. */
struct vec {
	const uint8_t *at;
	size_t have;
	size_t len;
};

/* Reading ends early, and well, where the carried bytes do. */
#define CUT 1

static int take(struct vec *in, size_t len, struct vec *out)
{
	if (len > in->len)
		return -EBADMSG;
	*out = (struct vec){ .at = in->at, .have = len < in->have ? len : in->have, .len = len };
	in->at += out->have;
	in->have -= out->have;
	in->len -= len;
	return 0;
}

/* take_number - big endian, of @bytes bytes */
static int take_number(struct vec *in, size_t bytes, size_t *out)
{
	struct vec number;
	int r = take(in, bytes, &number);

	if (r < 0)
		return r;
	if (number.have < bytes)
		return CUT;
	*out = 0;
	for (size_t i = 0; i < bytes; i++) /* at most 3 */
		*out = *out << 8 | number.at[i];
	return 0;
}

/* take_vec - a vector that begins with its length, of @bytes bytes */
static int take_vec(struct vec *in, size_t bytes, struct vec *out)
{
	size_t len;
	int r = take_number(in, bytes, &len);

	return r ? r : take(in, len, out);
}

static bool is_whole(const struct vec *vec)
{
	return vec->have == vec->len;
}

static int host_name(const struct vec *name, char *out)
{
	size_t len = name->len;

	if (len == 0 || len > NAME_MAX_BYTES + 1)
		return -EBADMSG;
	if (name->at[len - 1] == '.')
		len--;
	if (len == 0 || len > NAME_MAX_BYTES)
		return -EBADMSG;
	for (size_t i = 0; i < len; i++) { /* at most 253 */
		uint8_t c = name->at[i];

		if (c <= ' ' || c >= 0x7f)
			return -EBADMSG; /* RFC 6066, 3: ASCII */
		out[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	out[len] = '\0';
	return 0;
}

/* server_name - the list of names; RFC 6066 knows one sort, of which there is at most one */
static int server_name(struct vec body, char *out)
{
	struct vec list, name;
	size_t sort;
	int r = take_vec(&body, 2, &list);

	if (r)
		return r;
	if (body.len || !list.len)
		return -EBADMSG;
	while (list.len) { /* each round takes at least 3 bytes */
		r = take_number(&list, 1, &sort);
		if (r == 0)
			r = take_vec(&list, 2, &name);
		if (r)
			return r;
		if (sort != NAME_HOST)
			continue;
		if (*out)
			return -EBADMSG;
		if (!is_whole(&name))
			return CUT;
		r = host_name(&name, out);
		if (r < 0)
			return r;
	}
	return 0;
}

/* append_protocol - when it is printable and finds room */
static void append_protocol(const struct vec *protocol, char *out)
{
	size_t at = strlen(out), comma = at > 0;

	if (at + comma + protocol->len >= PST_ALPN_MAX)
		return;
	for (size_t i = 0; i < protocol->len; i++) { /* below PST_ALPN_MAX */
		if (protocol->at[i] <= ' ' || protocol->at[i] >= 0x7f || protocol->at[i] == ',')
			return;
	}
	if (comma)
		out[at++] = ',';
	memcpy(out + at, protocol->at, protocol->len);
	out[at + protocol->len] = '\0';
}

static int alpn(struct vec body, char *out)
{
	struct vec list, protocol;
	int r = take_vec(&body, 2, &list);

	if (r)
		return r;
	if (body.len || !list.len)
		return -EBADMSG;
	while (list.len) { /* each round takes at least 2 bytes */
		r = take_vec(&list, 1, &protocol);
		if (r)
			return r;
		if (!protocol.len)
			return -EBADMSG;
		if (!is_whole(&protocol))
			return CUT;
		append_protocol(&protocol, out);
	}
	return 0;
}

static int extensions(struct vec in, struct pst_tls_hello *out)
{
	bool has_name = false, has_alpn = false;
	struct vec body;
	size_t type;
	int r;

	while (in.len) { /* each round takes at least 4 bytes */
		r = take_number(&in, 2, &type);
		if (r == 0)
			r = take_vec(&in, 2, &body);
		if (r)
			return r;
		if ((type == EXTENSION_NAME && has_name) || (type == EXTENSION_ALPN && has_alpn))
			return -EBADMSG;
		has_name |= type == EXTENSION_NAME;
		has_alpn |= type == EXTENSION_ALPN;
		if (type == EXTENSION_NAME)
			r = server_name(body, out->server_name);
		else if (type == EXTENSION_ALPN)
			r = alpn(body, out->alpn);
		if (r)
			return r;
	}
	return 0;
}

/* hello - the message behind the handshake's head */
static int hello(struct vec in, struct pst_tls_hello *out)
{
	struct vec random, session, ciphers, compressions, list;
	size_t version;
	int r = take_number(&in, 2, &version);

	if (r == 0 && version >> 8 != 3)
		return -EBADMSG;
	if (r == 0)
		r = take(&in, RANDOM_BYTES, &random);
	if (r == 0)
		r = take_vec(&in, 1, &session);
	if (r)
		return r;
	if (session.len > SESSION_MAX)
		return -EBADMSG;
	r = take_vec(&in, 2, &ciphers);
	if (r)
		return r;
	if (ciphers.len < 2 || ciphers.len % 2)
		return -EBADMSG;
	r = take_vec(&in, 1, &compressions);
	if (r)
		return r;
	if (!compressions.len)
		return -EBADMSG;
	if (!in.len)
		return 0; /* before extensions were known */
	r = take_vec(&in, 2, &list);
	if (r)
		return r;
	return in.len ? -EBADMSG : extensions(list, out);
}

bool pst_tls_is_hello(const uint8_t *data, size_t len)
{
	return len > RECORD_HEAD && data[0] == TYPE_HANDSHAKE && data[1] == 3 &&
	       data[RECORD_HEAD] == TYPE_CLIENT_HELLO;
}

int pst_tls_parse(const uint8_t *data, size_t len, struct pst_tls_hello *out)
{
	struct pst_tls_hello found = { .server_name = "" };
	struct vec record, body;
	size_t record_len, hello_len;
	int r;

	if (len < RECORD_HEAD + HANDSHAKE_HEAD || !pst_tls_is_hello(data, len))
		return -EBADMSG;
	record_len = (size_t)data[3] << 8 | data[4];
	if (record_len < HANDSHAKE_HEAD || record_len > RECORD_MAX)
		return -EBADMSG;
	hello_len = (size_t)data[6] << 16 | (size_t)data[7] << 8 | data[8];
	record = (struct vec){ .at = data + RECORD_HEAD, .have = len - RECORD_HEAD };
	if (record.have > record_len)
		record.have = record_len; /* the next one is not looked at */
	if (hello_len + HANDSHAKE_HEAD < record_len)
		return -EBADMSG; /* a client says nothing more before it was answered */
	body = (struct vec){ .at = record.at + HANDSHAKE_HEAD,
			     .have = record.have - HANDSHAKE_HEAD,
			     .len = hello_len };
	r = hello(body, &found);
	if (r < 0)
		return r;
	*out = found;
	return 0;
}
