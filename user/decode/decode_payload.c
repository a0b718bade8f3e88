// SPDX-License-Identifier: Apache-2.0
/* What do a channel's own bytes say of it? The border behind which no payload goes: class, server
 * name, ALPN and DNS leave, the bytes do not. The fixed part of PAYLOAD can never grow. */
#include <errno.h>
#include <string.h>

#include "decode/dns.h"
#include "decode/first.h"
#include "decode/tls.h"
#include "decode/wire.h"

#define WHATS 3u
#define DIRECTIONS 3u
#define PREFIX 2u /* the length of a DNS message in a stream */

static bool is_datagram(enum pst_kind kind)
{
	return kind != PST_TCP_CONNECT && kind != PST_TCP_ACCEPT;
}

static void take_first(const struct pst_rec_payload *rec, const uint8_t *data,
		       struct pst_payload_seen *out)
{
	struct pst_first first = { .data = data,
				   .len = rec->len,
				   .total = rec->total,
				   .datagram = is_datagram(out->kind) };
	struct pst_tls_hello hello;

	out->form = PST_PAYLOAD_IS_FIRST;
	out->class_ = pst_first_class(&first);
	if (first.datagram || !pst_tls_is_hello(data, rec->len))
		return;
	if (pst_tls_parse(data, rec->len, &hello) < 0) {
		out->form = PST_PAYLOAD_IS_BAD;
		return;
	}
	memcpy(out->server_name, hello.server_name, sizeof(out->server_name));
	memcpy(out->alpn, hello.alpn, sizeof(out->alpn));
}

/* message_in - a stream puts the length before each message; what follows the first one is left
 * alone */
static int message_in(const struct pst_rec_payload *rec, const uint8_t *data,
		      struct pst_dns_bytes *out)
{
	*out = (struct pst_dns_bytes){ .data = data, .len = rec->len, .total = rec->total };
	if (is_datagram((enum pst_kind)rec->kind))
		return 0;
	if (rec->len < PREFIX)
		return -EBADMSG;
	out->data += PREFIX;
	out->len -= PREFIX;
	out->total = (size_t)data[0] << 8 | data[1];
	if (out->len > out->total)
		out->len = out->total;
	return 0;
}

static void take_dns(struct pst_decoder *decoder, const struct pst_rec_payload *rec,
		     const uint8_t *data, struct pst_payload_seen *out)
{
	struct pst_dns *dns = &decoder->dns;
	struct pst_dns_bytes message;

	out->class_ = PST_CLASS_DNS;
	out->form = PST_PAYLOAD_IS_BAD;
	dns->over_tcp = !is_datagram(out->kind);
	if (message_in(rec, data, &message) < 0 || pst_dns_parse(&message, dns) < 0)
		return;
	out->form = PST_PAYLOAD_IS_DNS;
	out->dns = dns;
}

int pst_wire_payload(struct pst_decoder *decoder, const struct pst_rec_payload *rec,
		     struct pst_tail tail, struct pst_payload_seen *out)
{
	int r = pst_wire_listed(rec->what, WHATS);

	if (r == 0)
		r = pst_wire_listed(rec->direction, DIRECTIONS);
	if (r == 0)
		r = pst_wire_listed(rec->kind, PST_KINDS);
	if (r < 0)
		return r;
	if (rec->len == 0 || rec->len > tail.len || rec->len > PST_PAYLOAD_MAX ||
	    rec->len > rec->total)
		return -EBADMSG;
	*out = (struct pst_payload_seen){
		.inbound = rec->direction == PST_PAYLOAD_IN,
		.cookie = rec->cookie,
		.peer = pst_wire_addr(rec->peer),
		.local = pst_wire_addr(rec->local),
		.kind = (enum pst_kind)rec->kind,
		.peer_port = rec->peer_port,
		.local_port = rec->local_port,
	};
	if (rec->what == PST_PAYLOAD_DNS)
		take_dns(decoder, rec, tail.data, out);
	else
		take_first(rec, tail.data, out);
	return 0;
}
