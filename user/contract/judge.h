// SPDX-License-Identifier: Apache-2.0
/* What is asked about a channel, and how far does an entry allow it? Inside contract/ only. */
#ifndef PST_CONTRACT_JUDGE_H
#define PST_CONTRACT_JUDGE_H

#include "contract/contract.h"
#include "profile/words.h"

#define PST_QUESTION_NAME 128 /* "./" and the longest name of a socket */

/* pst_question.asks */
#define PST_ASKS_ADDRESS 0x01u
#define PST_ASKS_PORT 0x02u
#define PST_ASKS_FROM 0x04u
#define PST_ASKS_NUMBER 0x08u
#define PST_ASKS_NAME 0x10u

struct pst_question {
	enum pst_clause_does does;
	uint16_t protocol;
	unsigned int asks;
	const char *does_name, *protocol_name; /* "connect", "tcp"; "netlink", "route" */
	uint32_t port;
	uint32_t number;	       /* protocol, ethertype, family, CID */
	const char *number_name;       /* key of a contract that holds it: "ethertype" */
	const struct pst_words *words; /* for the number; may be NULL */
	bool some_address;	       /* the address was folded away: it may be any */
	struct pst_prefix address;     /* /128, or what peers were folded to */
	bool folded_away;	       /* so were the port and the name */
	bool some_number;
	bool some_from;
	struct pst_prefix from;
	bool has_own; /* the address that the socket has itself is known */
	struct pst_addr own;
	char name[PST_QUESTION_NAME]; /* "/run/x", "@abstract", "./relative", "eth0", raw bytes; ""
					 any or none */
};

/* pst_receiver_is_unknown - a unix datagram socket without a name and without a pair: where its
 * datagrams go stands in each of them, and no hook that runs has read it */
bool pst_receiver_is_unknown(const struct pst_channel *channel);

enum pst_fit { PST_FITS_NOT, PST_FITS_MAYBE, PST_FITS };

struct pst_fits { /* one entry against one question */
	enum pst_fit number, address, port, from, when;
	enum pst_judged_by by; /* what made the address fit */
	const char *name;      /* of a host, when that did */
};

struct pst_known_names { /* of one address, looked up at most once */
	bool looked_up;
	const char *list[2 * PST_NAMES_MAX];
	size_t count;
};

enum { PST_KNOWN_ADDRESS, PST_KNOWN_FROM, PST_KNOWN };

struct pst_asking { /* one question to one contract */
	const struct pst_contracts *set;
	const struct pst_process *process; /* that has the channel; NULL: not in the table */
	struct pst_question question;
	struct pst_known_names known[PST_KNOWN];
};

/* How far does this part of an entry fit? (fit.c) */
enum pst_fit pst_fit_best(enum pst_fit a, enum pst_fit b);
void pst_fit_address(struct pst_asking *asking, const struct pst_clause *clause,
		     struct pst_fits *fits);
void pst_fit_pattern(const struct pst_question *question, const struct pst_clause *clause,
		     struct pst_fits *fits);
enum pst_fit pst_fit_from(struct pst_asking *asking, const struct pst_clause *clause);
enum pst_fit pst_fit_port(const struct pst_asking *asking, const struct pst_clause *clause);
/* pst_fit_has_names - is any name known of the address that is asked for? */
bool pst_fit_has_names(struct pst_asking *asking);
enum pst_fit pst_fit_when(const struct pst_asking *asking, const struct pst_clause *clause);

/* pst_question_of - what a channel asks of a contract; false when a contract has no words for its
 * kind */
bool pst_question_of(const struct pst_channel *channel, struct pst_question *out);

/* pst_judge_explain - write into the judgement what kept an entry from allowing this */
void pst_judge_explain(const struct pst_asking *asking, const struct pst_clause *clause,
		       const struct pst_fits *fits, struct pst_judgement *judgement);

/* pst_judge_prefix_text - "10.0.0.0/8"; returns @out, which holds PST_ADDR_TEXT bytes */
const char *pst_judge_prefix_text(const struct pst_prefix *prefix, char *out);

/* pst_listens_on_any - "on": "0.0.0.0" and "::" declare a listener on any address */
bool pst_listens_on_any(const struct pst_clause *clause);

/* pst_set_holds - do all addresses of a prefix belong to "@private", or surely to "@local"? */
bool pst_set_holds(const char *set, const struct pst_prefix *prefix);

#endif
