// SPDX-License-Identifier: Apache-2.0
/* How does what an entry allows read? As the end of a sentence that begins with "may". */
#include "contract/box.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

#include "contract/judge.h"
#include "profile/words.h"

#define HOLES_SHOWN 8u /* of one place; of more their number */

/* "2 GiB"; a number that is no whole one of a unit is told in bytes */
static void say_amount(struct pst_prose *prose, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;

	while (bytes && bytes % 1024 == 0 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		bytes /= 1024;
		unit++;
	}
	pst_prose_say(prose, "%" PRIu64 " %s", bytes, units[unit]);
}

static void say_place(struct pst_prose *prose, const struct pst_place *place, const char *any)
{
	char text[PST_ADDR_TEXT];

	switch (place->kind) {
	case PST_PLACE_ANY:
		pst_prose_say(prose, "%s", any);
		break;
	case PST_PLACE_PREFIX:
		pst_prose_say(prose, "%s", pst_judge_prefix_text(&place->prefix, text));
		break;
	case PST_PLACE_NAME:
		pst_prose_quote(prose, place->text);
		if (place->narrowed)
			pst_prose_say(prose, " within %s",
				      pst_judge_prefix_text(&place->prefix, text));
		break;
	case PST_PLACE_NUMBER:
		pst_prose_say(prose, "%" PRIu64, place->number);
		break;
	case PST_PLACE_AMOUNT:
		say_amount(prose, place->number);
		break;
	default:
		pst_prose_quote(prose, place->text);
	}
}

static void say_holes(struct pst_prose *prose, const struct pst_region *region)
{
	size_t shown = region->hole_count > HOLES_SHOWN ? HOLES_SHOWN : region->hole_count;
	size_t said = region->hole_count > shown ? shown + 1 : shown;

	pst_prose_say(prose, " (except ");
	for (size_t i = 0; i < shown; i++) {
		pst_prose_say(prose, "%s", pst_prose_between(i, said));
		say_place(prose, &region->holes[i], "any");
	}
	if (said > shown)
		pst_prose_say(prose, " and %zu more", region->hole_count - shown);
	pst_prose_say(prose, ")");
}

void pst_scope_say(struct pst_prose *prose, const struct pst_scope *scope, const char *any)
{
	for (size_t i = 0; i < scope->count; i++) {
		pst_prose_say(prose, "%s", pst_prose_between(i, scope->count));
		say_place(prose, &scope->list[i].base, any);
		if (scope->list[i].hole_count)
			say_holes(prose, &scope->list[i]);
	}
}

/* A number that has a word: "arp", else "0x88b5" of an ethertype and "31" of others. */
static void say_number(struct pst_prose *prose, const struct pst_box *box,
		       const struct pst_words *words)
{
	const struct pst_scope *scope = &box->side[PST_SIDE_NUMBER];
	const struct pst_place *place = scope->count ? &scope->list[0].base : NULL;
	const char *word = place && place->kind == PST_PLACE_NUMBER ?
				   pst_words_name(words, (uint32_t)place->number) :
				   NULL;

	if (word)
		pst_prose_say(prose, "%s", word);
	else if (place && place->kind == PST_PLACE_NUMBER && words == &pst_words_ethertype)
		pst_prose_say(prose, "0x%04" PRIx64, place->number);
	else
		pst_scope_say(prose, scope, "any");
}

static void say_range(struct pst_prose *prose, const struct pst_port_range *range)
{
	if (range->first == range->last)
		pst_prose_say(prose, "%" PRIu32, range->first);
	else
		pst_prose_say(prose, "%" PRIu32 "-%" PRIu32, range->first, range->last);
}

/* "port 443", "ports 80 and 8000-8010", "any port but ephemeral ones" */
static void say_ports(struct pst_prose *prose, const struct pst_ranges *ports)
{
	size_t said = ports->count + ports->ephemeral;
	bool one = ports->count == 1 && ports->list[0].first == ports->list[0].last;

	if (ports->count == 1 && ports->list[0].first <= 1 && ports->list[0].last == ports->max) {
		pst_prose_say(prose, "any port");
	} else if (ports->count) {
		pst_prose_say(prose, one && said == 1 ? "port " : "ports ");
		for (size_t i = 0; i < ports->count; i++) {
			pst_prose_say(prose, "%s", pst_prose_between(i, said));
			say_range(prose, &ports->list[i]);
		}
		if (ports->ephemeral)
			pst_prose_say(prose, " and ephemeral ones");
	} else {
		pst_prose_say(prose, "ephemeral ports");
	}
	if (ports->not_ephemeral)
		pst_prose_say(prose, " but ephemeral ones");
}

static const char *protocol_name(uint16_t protocol)
{
	static const struct {
		uint16_t protocol;
		const char *name;
	} names[] = {
		{ IPPROTO_TCP, "TCP" },	  { IPPROTO_UDP, "UDP" },   { IPPROTO_UDPLITE, "UDP-Lite" },
		{ IPPROTO_SCTP, "SCTP" }, { IPPROTO_DCCP, "DCCP" }, { PST_PROTOCOL_VSOCK, "vsock" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].protocol == protocol)
			return names[i].name;
	return "";
}

static void say_connect(struct pst_prose *prose, const struct pst_box *box)
{
	if (box->protocol == IPPROTO_ICMP) {
		pst_prose_say(prose, "send ICMP to ");
	} else if (box->protocol == IPPROTO_RAW) {
		pst_prose_say(prose, "use raw IP sockets of protocol ");
		pst_scope_say(prose, &box->side[PST_SIDE_NUMBER], "any");
		pst_prose_say(prose, " to ");
	} else {
		pst_prose_say(prose, "connect by %s to ", protocol_name(box->protocol));
	}
	if (box->protocol == PST_PROTOCOL_VSOCK) {
		pst_prose_say(prose, "machine ");
		pst_scope_say(prose, &box->side[PST_SIDE_NUMBER], "any");
	} else {
		pst_scope_say(prose, &box->side[PST_SIDE_WHERE], "any address");
	}
	if (box->protocol == IPPROTO_ICMP || box->protocol == IPPROTO_RAW)
		return;
	pst_prose_say(prose, " on ");
	say_ports(prose, &box->ports);
}

/* "use the unix socket /run/x", "use unix sockets of any name (except /run/x)" */
static void say_named(struct pst_prose *prose, const struct pst_box *box, const char *verb,
		      const char *what)
{
	const struct pst_scope *where = &box->side[PST_SIDE_WHERE];
	bool any = where->count && where->list[0].base.kind == PST_PLACE_ANY;

	pst_prose_say(prose, any ? "%s %ss of " : "%s the %s ", verb, what);
	pst_scope_say(prose, where, "any name");
}

static void say_listen(struct pst_prose *prose, const struct pst_box *box)
{
	if (box->protocol == PST_PROTOCOL_UNIX) {
		say_named(prose, box, "listen on", "unix socket");
		return;
	}
	pst_prose_say(prose, "listen by %s on ", protocol_name(box->protocol));
	say_ports(prose, &box->ports);
	if (box->protocol == PST_PROTOCOL_VSOCK)
		return;
	pst_prose_say(prose, " of ");
	pst_scope_say(prose, &box->side[PST_SIDE_WHERE], "any address");
	pst_prose_say(prose, " for ");
	if (!pst_scope_is_any(&box->side[PST_SIDE_FROM]))
		pst_prose_say(prose, "peers in ");
	pst_scope_say(prose, &box->side[PST_SIDE_FROM], "any peer");
}

static void say_unix(struct pst_prose *prose, const struct pst_box *box)
{
	say_named(prose, box, "use", "unix socket");
}

static void say_packet(struct pst_prose *prose, const struct pst_box *box)
{
	pst_prose_say(prose, "open packet sockets on ");
	pst_scope_say(prose, &box->side[PST_SIDE_WHERE], "any interface");
	pst_prose_say(prose, " for ethertype ");
	say_number(prose, box, &pst_words_ethertype);
}

static void say_netlink(struct pst_prose *prose, const struct pst_box *box)
{
	pst_prose_say(prose, "use netlink sockets of protocol ");
	say_number(prose, box, &pst_words_netlink);
}

static void say_family(struct pst_prose *prose, const struct pst_box *box)
{
	pst_prose_say(prose, "use sockets of the family ");
	say_number(prose, box, &pst_words_family);
}

static void say_tunnel(struct pst_prose *prose, const struct pst_box *box)
{
	say_named(prose, box, "open", "tunnel device");
}

void pst_scope_say_amount(struct pst_prose *prose, const struct pst_scope *scope)
{
	const struct pst_region *region = &scope->list[0]; /* amounts hold each other */

	if (region->hole_count) {
		pst_prose_say(prose, "more than ");
		say_amount(prose, region->holes[0].number);
	}
	if (region->base.kind == PST_PLACE_AMOUNT) {
		pst_prose_say(prose, "%s", region->hole_count ? " but at most " : "at most ");
		say_amount(prose, region->base.number);
	}
	pst_prose_say(prose, " out a day");
}

/* A period covers itself only: without one of them any is left. */
static void say_every(struct pst_prose *prose, const struct pst_scope *every)
{
	const struct pst_region *region = &every->list[0];

	if (pst_scope_is_any(every))
		return;
	pst_prose_say(prose, region->hole_count ? ", not every " : ", every ");
	say_place(prose, region->hole_count ? &region->holes[0] : &region->base, "any");
}

void pst_box_say(struct pst_prose *prose, const struct pst_box *box)
{
	static void (*const say[])(struct pst_prose * prose, const struct pst_box *box) = {
		[PST_CLAUSE_CONNECT] = say_connect, [PST_CLAUSE_LISTEN] = say_listen,
		[PST_CLAUSE_UNIX] = say_unix,	    [PST_CLAUSE_PACKET] = say_packet,
		[PST_CLAUSE_NETLINK] = say_netlink, [PST_CLAUSE_FAMILY] = say_family,
		[PST_CLAUSE_TUNNEL] = say_tunnel,
	};

	say[box->does](prose, box);
	if (!pst_ranges_are_any(&box->minutes)) {
		pst_prose_say(prose, ", ");
		pst_minutes_say(prose, &box->minutes);
	}
	say_every(prose, &box->side[PST_SIDE_EVERY]);
	if (!pst_scope_is_any(&box->side[PST_SIDE_AMOUNT])) {
		pst_prose_say(prose, ", ");
		pst_scope_say_amount(prose, &box->side[PST_SIDE_AMOUNT]);
	}
}

/* say_paths - "programs below /opt/acme", "programs that match /opt/a*" */
static void say_paths(struct pst_prose *prose, const struct pst_scope *paths)
{
	const struct pst_region *only = paths->count == 1 ? &paths->list[0] : NULL;
	const char *text = only && only->base.kind == PST_PLACE_PATTERN ? only->base.text : "";
	size_t len = strcspn(text, "*?\\");

	if (only && only->base.kind == PST_PLACE_ANY) {
		pst_scope_say(prose, paths, "programs");
	} else if (only && !only->hole_count && len > 1 && !strcmp(text + len, "**") &&
		   text[len - 1] == '/') {
		pst_prose_say(prose, "programs below ");
		pst_prose_quote_part(prose, text, len - 1); /* without "/" and two stars */
	} else {
		pst_prose_say(prose, text[0] && !text[len] ? "the program " : "programs at ");
		pst_scope_say(prose, paths, "any path");
	}
}

void pst_box_say_software(struct pst_prose *prose, const struct pst_box *box)
{
	static const struct {
		enum pst_side side;
		const char *before, *any;
	} parts[] = {
		{ PST_SIDE_PACKAGE, " of the package ", "any" },
		{ PST_SIDE_UNIT, " in the unit ", "any" },
		{ PST_SIDE_UID, " of the user ", "any" },
	};

	say_paths(prose, &box->side[PST_SIDE_PATH]);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct pst_scope *scope = &box->side[parts[i].side];

		if (pst_scope_is_any(scope))
			continue;
		pst_prose_say(prose, "%s", parts[i].before);
		pst_scope_say(prose, scope, parts[i].any);
	}
}
