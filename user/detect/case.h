// SPDX-License-Identifier: Apache-2.0
/* What do the detectors share? How a finding begins, and the words that its sentences are made of.
 * Inside this room only. */
#ifndef PST_DETECT_CASE_H
#define PST_DETECT_CASE_H

#include "detect/detect.h"

#define DETECTOR(id, name, ...) extern const struct pst_detector pst_detector_##name;
#include "detect/detectors.def"
#undef DETECTOR

/* pst_case_open - a finding with all that follows from the case: who, charged to whom, when. No
 * severity, no sentences */
void pst_case_open(const struct pst_case *c, enum pst_detector_id detector,
		   struct pst_finding *out);

/*
 * pst_case_is_news - is there something to tell of this channel that this detector has not told
 * yet? The first sight is, the first result of each sort, further attempts, and another judgement
 * after a reload.
 */
bool pst_case_is_news(const struct pst_case *c, enum pst_detector_id detector);

/* pst_case_tell - hand a finding about a channel on, and mark what it tells as told */
void pst_case_tell(const struct pst_case *c, const struct pst_finding *finding);

/* pst_case_forget - the channel is no finding at present: should it become one, it is news again */
void pst_case_forget(struct pst_channel *channel, enum pst_detector_id detector);

/* pst_case_is_first - was this detector silent about the channel until now? For what is told once
 */
bool pst_case_is_first(const struct pst_case *c, enum pst_detector_id detector);

/* pst_case_detector - which one tells of a channel of this sort when it should not be? One, so that
 * nothing is told twice */
enum pst_detector_id pst_case_detector(const struct pst_channel *channel);

/* pst_is_launcher_socket - a unix socket through which programs are started outside of the
 * lineage; in launched_elsewhere.c */
bool pst_is_launcher_socket(const struct pst_channel *channel);

/* pst_case_is_reviewed - is the channel part of one difference, since the program's file was
 * changed when it was opened? (changed_channels.c) */
bool pst_case_is_reviewed(const struct pst_case *c, const struct pst_program_profile *program);

/* pst_case_review - tell it as such, once; @subject: the vendor software that it is charged to */
void pst_case_review(const struct pst_case *c, const struct pst_image *subject,
		     const struct pst_program_profile *program);

/* pst_case_is_charged - is it a channel of that vendor software, or of what this started, under no
 * contract? Not of a process that was forgotten */
bool pst_case_is_charged(const struct pst_detect *detect, const struct pst_channel *channel,
			 const struct pst_program *program);

/* pst_case_list - add a channel to those that a finding lists: one for each end, however many
 * processes have it; false: its end was there */
bool pst_case_list(struct pst_finding *finding, const struct pst_channel *channel);

/* pst_case_contract - the contract that was judged by; NULL: none */
const struct pst_contract *pst_case_contract(const struct pst_detect *detect, int32_t contract);

/* pst_case_is_watched - is it bound by a contract, or vendor software under none? */
bool pst_case_is_watched(const struct pst_image *image);

/*
 * pst_case_judge_image - the judgement of something that @image does, which is no channel
 * Undeclared when a contract binds the image, which is bound again when its set is gone; unmanaged
 * when none does.
 */
void pst_case_judge_image(const struct pst_detect *detect, struct pst_image *image,
			  struct pst_judgement *out);

/* ---- exotic.c ---- */

struct pst_exotic { /* a detector of kinds that software rarely needs */
	enum pst_detector_id detector;
	/* severity and score */
	void (*weigh)(const struct pst_case *c, struct pst_finding *finding);
	/* "opened a raw icmp channel to 203.0.113.9", into @out of PST_WORDS_DEED bytes */
	void (*deed)(const struct pst_channel *channel, char *out);
};

#define PST_WORDS_DEED 320

/*
 * pst_exotic_judge - tell of a channel of such a kind
 * Bound software: what no entry allows. Vendor software under no contract: at once, also when older
 * than us; it never settles. All channels of one kind are one finding of the program.
 */
void pst_exotic_judge(const struct pst_case *c, const struct pst_exotic *rule);

/* ---- terms.c ---- */

struct pst_terms { /* what the contract says of a channel beside that it may be */
	const struct pst_contract *contract; /* NULL: none binds the program */
	const struct pst_clause *clause;     /* that declared the channel; NULL: none does now */
	int32_t index;			     /* of the clause */
};

/* pst_terms_of - the terms that hold for a channel that grew */
struct pst_terms pst_terms_of(const struct pst_case *c);

/* pst_terms_key - the same for the same contract and entry, in every set; @clause: NULL: of the
 * contract as a whole */
uint64_t pst_terms_key(const struct pst_contract *contract, const struct pst_clause *clause);

/* pst_terms_mix - the key of one channel's peer under a key */
uint64_t pst_terms_mix(uint64_t key, const struct pst_channel *channel);

/* ---- words.c: all return @out; what comes from outside is safe to print, what does not fit is cut
 * ---- */

#define PST_WORDS_NAME 80
#define PST_WORDS_PEER 192
#define PST_WORDS_LINEAGE 200
#define PST_WORDS_CONTRACT 96

/* pst_words_program - last component of what an image executed; "?" when unknown; @out holds
 * PST_WORDS_NAME */
const char *pst_words_program(const struct pst_image *image, char *out);

/* pst_words_who - "bkagent (acme-backup)", "curl of collector (no contract)"; @out holds 4 *
 * PST_WORDS_NAME */
const char *pst_words_who(const struct pst_detect *detect, const struct pst_finding *finding,
			  char *out);

/* pst_words_end - "203.0.113.9:443/tcp", "vsock:2:5000"; for a listener its own end; @out holds
 * PST_WORDS_PEER */
const char *pst_words_end(const struct pst_channel *channel, char *out);

/* pst_words_address - the peer's address alone: "203.0.113.9", "203.0.113.0/24" when folded; @out
 * holds PST_WORDS_PEER */
const char *pst_words_address(const struct pst_channel *channel, char *out);

/* pst_words_lineage - "systemd > agent > sh > curl", the nearest eight; @out holds
 * PST_WORDS_LINEAGE */
const char *pst_words_lineage(const struct pst_image *image, char *out);

/* pst_words_contract - "acme-backup@7"; @out holds PST_WORDS_CONTRACT */
const char *pst_words_contract(const struct pst_detect *detect, int32_t contract, char *out);

/* pst_words_add_result - ", result: refused", once there is one; appended to @out */
void pst_words_add_result(const struct pst_channel *channel, char *out, size_t out_size);

/* pst_words_add_since - ", opened 59 s after its process began", found then, or older than us;
 * appended to @out */
void pst_words_add_since(const struct pst_channel *channel, char *out, size_t out_size);

/* pst_words_nearest - "; nearest is entry 2 (line 9): port 8443 is not 443", "" without one;
 * appended to @out */
void pst_words_add_nearest(const struct pst_finding *finding, const struct pst_detect *detect,
			   char *out, size_t out_size);

/* pst_words_add_list - "listens on 0.0.0.0:80/tcp, talks to 203.0.113.9:443/tcp and 3 more", of
 * what the finding lists, appended to its reason */
void pst_words_add_list(struct pst_finding *finding);

/* pst_words_seconds - whole seconds from @from to @to; 0 when that is the past */
uint64_t pst_words_seconds(uint64_t from_ns, uint64_t to_ns);

#endif
