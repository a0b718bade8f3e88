// SPDX-License-Identifier: Apache-2.0
/* What are the values of the closed lists called? The names of kinds are the wire's own. */
#include "abi/record.h"
#include "decode/event.h"

#define SAME(ours, wire) _Static_assert((int)(ours) == (int)(wire), #ours " is " #wire)

SAME(PST_TCP_CONNECT, PST_KIND_TCP_CONNECT);
SAME(PST_TCP_LISTEN, PST_KIND_TCP_LISTEN);
SAME(PST_TCP_ACCEPT, PST_KIND_TCP_ACCEPT);
SAME(PST_UDP_PEER, PST_KIND_UDP_PEER);
SAME(PST_ESTABLISHED, PST_RESULT_ESTABLISHED);
SAME(PST_REFUSED, PST_RESULT_REFUSED);
SAME(PST_TIMED_OUT, PST_RESULT_TIMED_OUT);
SAME(PST_FAILED, PST_RESULT_FAILED);
SAME(PST_NOT_SENT, PST_RESULT_NOT_SENT);
SAME(PST_CLOSED, PST_RESULT_CLOSED);
SAME(PST_LOST_RING, PST_LOSS_RING);
SAME(PST_LOST_MAP, PST_LOSS_MAP);
SAME(PST_LOST_SEQUENCE, PST_LOSS_SEQUENCE);
SAME(PST_LOST_STORAGE, PST_LOSS_STORAGE);
SAME(PST_LOST_SKIPPED, PST_LOSS_SKIPPED);
SAME(PST_ANSWERED, PST_HOOK_ANSWERED);
SAME(PST_SILENT, PST_HOOK_SILENT);
SAME(PST_REFUSED_BY_KERNEL, PST_HOOK_REFUSED);
SAME(PST_UNUSED, PST_HOOK_UNUSED);
SAME(PST_ATTACHED, PST_HOOK_ATTACHED);

static const char *const kinds[] = {
#define KIND(id, name, text) [id] = text,
#include "abi/kinds.def"
#undef KIND
};
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == PST_KINDS,
	       "event.h lists every kind of kinds.def");

static const char *const results[PST_RESULTS] = {
	[PST_ESTABLISHED] = "established", [PST_REFUSED] = "refused",
	[PST_TIMED_OUT] = "timed out",	   [PST_FAILED] = "failed",
	[PST_NOT_SENT] = "not sent",	   [PST_CLOSED] = "closed",
};

static const char *const losses[PST_LOST_REASONS] = {
	[PST_LOST_RING] = "ring buffer full",
	[PST_LOST_MAP] = "map full",
	[PST_LOST_SEQUENCE] = "hole in a sequence",
	[PST_LOST_STORAGE] = "no storage for a socket's owner",
	[PST_LOST_SKIPPED] = "program already running on its cpu",
};

static const char *const hook_states[PST_HOOK_STATES] = {
	[PST_ANSWERED] = "answered",
	[PST_SILENT] = "silent",
	[PST_REFUSED_BY_KERNEL] = "refused by the kernel",
	[PST_UNUSED] = "unused",
	[PST_ATTACHED] = "attached",
};

static const char *name_in(const char *const *names, size_t count, size_t value)
{
	return value < count && names[value] ? names[value] : "unknown";
}

const char *pst_kind_name(enum pst_kind kind)
{
	return name_in(kinds, PST_KINDS, (size_t)kind);
}

bool pst_kind_is_inbound(enum pst_kind kind)
{
	return kind == PST_TCP_LISTEN || kind == PST_TCP_ACCEPT;
}

const char *pst_result_name(enum pst_result result)
{
	return name_in(results, PST_RESULTS, (size_t)result);
}

const char *pst_loss_name(enum pst_loss_reason reason)
{
	return name_in(losses, PST_LOST_REASONS, (size_t)reason);
}

const char *pst_hook_state_name(enum pst_hook_state state)
{
	return name_in(hook_states, PST_HOOK_STATES, (size_t)state);
}
