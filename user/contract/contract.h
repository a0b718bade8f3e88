// SPDX-License-Identifier: Apache-2.0
/* contract: which channels did the vendor declare, whom does that bind, and is this channel one of
 * them? Pure. */
#ifndef PST_CONTRACT_CONTRACT_H
#define PST_CONTRACT_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrib/attrib.h"
#include "base/addr.h"
#include "base/diag.h"
#include "contract/period.h"
#include "contract/window.h"
#include "profile/profile.h"

#define PST_CONTRACT_ID_MAX 64
#define PST_SIGNER_MAX 159

enum pst_children { PST_CHILDREN_ALL, PST_CHILDREN_OWN, PST_CHILDREN_NONE };

enum pst_clause_does {
	PST_CLAUSE_CONNECT,
	PST_CLAUSE_LISTEN,
	PST_CLAUSE_UNIX,
	PST_CLAUSE_PACKET,
	PST_CLAUSE_NETLINK,
	PST_CLAUSE_FAMILY,
	PST_CLAUSE_TUNNEL,
};

/* pst_clause.protocol: IPPROTO_* and these; a raw one says IPPROTO_RAW, its number stands apart */
#define PST_PROTOCOL_VSOCK 256u
#define PST_PROTOCOL_UNIX 257u /* of a listen */

struct pst_port_range {
	uint32_t first, last; /* vsock's have 32 bits */
};

struct pst_clause { /* one entry of "channels" */
	enum pst_clause_does does;
	uint16_t protocol;	       /* of a connect or listen */
	bool any_address;	       /* no "to" (connect) or no "on" (listen) */
	bool any_from;		       /* no "from" */
	bool resolvers;		       /* "@resolvers" stands in "to" */
	bool to_local, to_private;     /* "@local", "@private" in "to" or "on" */
	bool from_local, from_private; /* in "from" */
	bool has_within;	       /* "within" narrows the host names */
	struct pst_prefix within;
	struct pst_prefix *to; /* "to" of a connect, "on" of a listen */
	size_t to_count;
	char **names; /* host names in "to" or "on", lower case; "*." stands for one or more labels
		       */
	size_t name_count;
	struct pst_prefix *from;
	size_t from_count;
	char **from_names;
	size_t from_name_count;
	struct pst_port_range *ports; /* none: any */
	size_t port_count;
	bool ephemeral;	 /* "ephemeral" stands in "port": ports inside ip_local_port_range */
	char *pattern;	 /* glob of a unix socket, interface or tunnel; NULL: none */
	bool has_number; /* protocol of raw and netlink, ethertype, family, CID */
	uint32_t number;
	struct pst_window *when; /* none: at any time */
	size_t when_count;
	struct pst_period every;    /* of a connect */
	uint64_t bytes_out_per_day; /* 0: no limit of its own */
	char *why;		    /* may be NULL; UTF-8 */
	char *text; /* the entry as one line of JSON, for alerts; a long one is cut and ends in "
		       ..." */
	uint32_t line, column;
};

struct pst_allow {	/* what "allow" says, beside the channels */
	char **filters; /* "sha256:..." or "tag:..." */
	size_t filter_count;
	char **handed_over; /* globs of the opener's path */
	size_t handed_over_count;
	char **modules; /* globs */
	size_t module_count;
	uint64_t bpf; /* bit n: eBPF programs of the kernel's type n; all: UINT64_MAX */
	bool io_uring, any_handed_over, memfd_exec, deleted_exec;
};

struct pst_software {  /* one entry of "software"; all keys of an entry must hold */
	char *path;    /* glob, or NULL */
	char *package; /* glob of the name of the package that owns the file, or NULL */
	char *unit;    /* glob */
	bool has_uid;
	uint32_t uid;
	uint32_t line, column;
};

struct pst_contract {
	char id[PST_CONTRACT_ID_MAX + 1];
	uint64_t version;
	char *vendor;	 /* may be NULL */
	char *file;	 /* where it was read */
	char digest[80]; /* "sha256:" and 64 hex digits of the file's bytes */
	/* key that signed it, "acme.pub (0123456789abcdef)"; "": unsigned, or nobody looked */
	char signer[PST_SIGNER_MAX + 1];
	struct pst_software *software;
	size_t software_count;
	enum pst_children children;
	struct pst_clause *channels;
	size_t channel_count;
	struct pst_gist *gists; /* of each of them, by pst_contracts_add; for judge.c */
	char **exec;		/* globs */
	size_t exec_count;
	bool has_exec;
	struct pst_allow allow;
	bool has_windows;	    /* an entry has "when" */
	uint64_t bytes_out_per_day; /* 0: none */
};

struct pst_contracts; /* a set; immutable once it is in use */

struct pst_contracts *pst_contracts_new(void); /* NULL without memory; caller frees */
void pst_contracts_free(struct pst_contracts *set);

/*
 * pst_contracts_add - parse one file's text into the set
 * @file: its name for messages
 * @diags: initialised; gets every error, and a PST_DIAG_NOTE for what means more than it says
 * Returns 0; -EINVAL when the file has errors, or names software in the very words of another
 * contract; -EEXIST when a contract of that id is in the set (said in @diags); -ENOMEM. The set
 * changes only on success.
 */
int pst_contracts_add(struct pst_contracts *set, const char *file, const char *text, size_t len,
		      struct pst_diags *diags);

/* pst_contracts_sign - who signed the contract that was added last; copied */
void pst_contracts_sign(struct pst_contracts *set, const char *signer);
size_t pst_contracts_signed(const struct pst_contracts *set); /* how many of them are */

size_t pst_contracts_count(const struct pst_contracts *set);
const struct pst_contract *pst_contracts_at(const struct pst_contracts *set,
					    size_t index); /* borrowed */
uint32_t pst_contracts_generation(
	const struct pst_contracts *set); /* differs for each set made by this process */
void pst_contracts_set_generation(struct pst_contracts *set, uint32_t generation);

/* pst_contracts_resolvers - what "@resolvers" means from now on; copied */
void pst_contracts_resolvers(struct pst_contracts *set, const struct pst_addr *addr, size_t count);

/* Where host names come from. */
struct pst_contract_names {
	const struct pst_attrib *attrib; /* borrowed while the set is in use */
	bool dns_seen; /* answers can be seen: a name that is not known is none. Else only a name of
			  the hosts file allows, and what no name allows is unknown */
};

/* pst_contracts_names - judge host names from now on; copied. Until then they are unknown */
void pst_contracts_names(struct pst_contracts *set, const struct pst_contract_names *names);

/* pst_contracts_ephemeral - what "ephemeral" means from now on: ip_local_port_range of the host;
 * until then 32768 to 60999, the kernel's default */
void pst_contracts_ephemeral(struct pst_contracts *set, struct pst_port_range range);

/*
 * pst_contracts_now - what time it is from now on, in seconds since 1970 (UTC)
 * Until then no window of an entry can be judged.
 */
void pst_contracts_now(struct pst_contracts *set, int64_t wall_s);

/*
 * pst_contract_bind - find the contract that binds an image, and write it into the image, and into
 * those above it in the lineage that this set did not bind yet
 * Looks at the image itself, then up its lineage: children "all" inherit, "own" and "none" do not.
 * Inheritance ends where an image matches another contract, or is of another systemd unit
 * (pst_image_home_unit, which clauses with a unit go by too) or another login session than its
 * binder; a session ends nothing when the binder has none. The most special path wins (longest
 * literal prefix; then package; then unit; then uid; then the contract's id, alphabetically).
 * A foreign_root program or a cut path matches no path clause.
 */
void pst_contract_bind(const struct pst_contracts *set, struct pst_image *image);

enum pst_judged_by {
	PST_BY_NOTHING, /* it is not allowed */
	PST_BY_NORMAL,	/* normal for everybody: see normal.c */
	PST_BY_KIND,	/* the entry asks for nothing more, or the channel was only created */
	PST_BY_ADDRESS,
	PST_BY_ADDRESS_OF_NAME,
	PST_BY_RESOLVERS,
	PST_BY_PATTERN, /* of a unix socket, an interface or a device */
	PST_JUDGED_BY,
};

const char *pst_judged_by_name(enum pst_judged_by by); /* "address_of_name"; "" for nothing */

struct pst_judgement {
	enum pst_verdict verdict;
	enum pst_judged_by by;
	const char *name;  /* by ADDRESS_OF_NAME: as the contract has it; borrowed from the set */
	int32_t contract;  /* index, or -1 */
	int32_t clause;	   /* that allowed it, or -1 */
	int32_t nearest;   /* that came nearest when none did, or -1 */
	char why_not[160]; /* what kept the nearest from it: "port 8443 is not 443"; "" when allowed
			    */
};

/* pst_contract_judge - hold one channel against the contract of the image that has it; cannot fail
 */
void pst_contract_judge(const struct pst_contracts *set, const struct pst_image *image,
			const struct pst_channel *channel, struct pst_judgement *out);

/* pst_contract_is_normal - does every program have such channels? Asking the kernel about its
 * network (NETLINK_ROUTE), nscd, systemd-resolved and the journal, and pairs of unix sockets */
bool pst_contract_is_normal(const struct pst_channel *channel);

/*
 * pst_contract_allow_text - the entry that would allow this channel, as one line of contract JSON
 * Returns @out, "" when a contract has no words for that kind.
 */
const char *pst_contract_allow_text(const struct pst_channel *channel, char *out, size_t out_size);

/* pst_contract_exec_allowed - may software under this contract execute @path? 1 yes, 0 no, -1 the
 * contract says nothing */
int pst_contract_exec_allowed(const struct pst_contract *contract, const char *path);

/* What "allow" says, for detectors. @contract: NULL, for software under none, allows nothing. */
bool pst_contract_allows_filter(const struct pst_contract *contract,
				const char *hash); /* "sha256:..." or "tag:..."; "" never */
bool pst_contract_allows_uring(const struct pst_contract *contract);
/* @opener_path: of the program that opened the socket; "" when it is not known */
bool pst_contract_allows_handover(const struct pst_contract *contract, const char *opener_path);
bool pst_contract_allows_memfd(const struct pst_contract *contract);
bool pst_contract_allows_deleted(const struct pst_contract *contract);
bool pst_contract_allows_module(const struct pst_contract *contract, const char *name);
/* @type: enum bpf_prog_type of the kernel */
bool pst_contract_allows_bpf(const struct pst_contract *contract, uint32_t type);

#endif
