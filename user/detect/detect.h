// SPDX-License-Identifier: Apache-2.0
/* detect: is what just happened a finding? One file per detector, listed in detectors.def; a
 * detector only judges, its state lives in profile/. Pure. */
#ifndef PST_DETECT_DETECT_H
#define PST_DETECT_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrib/attrib.h"
#include "contract/contract.h"
#include "decode/event.h"
#include "profile/history.h"
#include "profile/profile.h"

enum pst_detector_id {
#define DETECTOR(id, name, ...) PST_DETECTOR_##id,
#include "detect/detectors.def"
#undef DETECTOR
	PST_DETECTORS,
};

enum pst_severity { PST_INFO = 1, PST_LOW, PST_MEDIUM, PST_HIGH, PST_CRITICAL };

const char *pst_severity_name(enum pst_severity severity); /* "HIGH" */

struct pst_technique { /* MITRE ATT&CK v19 */
	const char *tactic, *tactic_name;
	const char *technique, *technique_name;
	const char *sub, *sub_name; /* NULL: none */
};

#define PST_TECHNIQUES_MAX 4
#define PST_STANDING_MAX 64

struct pst_finding {
	enum pst_detector_id detector;
	enum pst_severity severity;
	uint32_t score; /* 0..100 */
	const struct pst_process
		*process; /* who did it; NULL for a finding about a program as a whole */
	const struct pst_image *image;	   /* what it ran; never NULL */
	const struct pst_image *subject;   /* what it is charged to; never NULL; may be @image */
	const struct pst_channel *channel; /* NULL: none */
	struct pst_judgement judgement;
	bool preexisting;
	bool by_kind; /* all channels of that kind are one finding of the program and rule: peers do
			 not tell them apart */
	uint64_t occurrences; /* attempts that no finding counted yet; 0: a known one has news */
	uint64_t time_ns;
	char message[512]; /* one sentence: who did what, against which contract */
	char reason[512];  /* the evidence in a sentence, with numbers */
	/* what tells findings without a channel apart that are of one rule and program, as safe
	 * text: a filter's hash, a module's name, an opcode; "" none */
	char about[96];
	const struct pst_channel
		*standing[PST_STANDING_MAX]; /* standing_channels: the list; borrowed */
	size_t standing_count, standing_total;
};

struct pst_detect_keys {
	uint64_t settle_ns;		   /* unmanaged.settle; default 10 min */
	const struct pst_prefix *internal; /* internal_networks; borrowed */
	size_t internal_count;
};

struct pst_detect {
	struct pst_detect_keys keys;
	struct pst_attrib *attrib; /* all borrowed */
	struct pst_profile *profile;
	const struct pst_contracts *contracts;
	uint64_t started_ns;	   /* when the sensor's stream began */
	int64_t wall_offset_ns;	   /* what makes wall clock time (UTC) of the stream's */
	uint64_t standing_next_ns; /* when standing_channels looks again */
	void (*found)(void *context, const struct pst_finding *finding);
	void *context;
};

struct pst_case { /* what a detector looks at; all borrowed */
	struct pst_detect *detect;
	const struct pst_event *event; /* NULL: judged again */
	struct pst_process *process;
	struct pst_channel *channel; /* NULL: not about one */
	const struct pst_judgement *judgement;
};

struct pst_detect_change {		   /* another file behind a known program; all borrowed */
	struct pst_image *image;	   /* that runs it, charged itself */
	const struct pst_process *process; /* NULL: about the program as a whole */
	const struct pst_past_identity *before, *after;
	uint64_t window_s; /* its new peers are one finding that long; 0: they are not */
	bool is_one_file;  /* @before is what the kernel measured of it, @after what was read */
	uint64_t time_ns;
};

struct pst_detector {
	enum pst_detector_id id;
	const char *name;     /* rule.id and event.code */
	const char *title;    /* rule.name */
	const char *category; /* rule.category */
	const char *explain;  /* what it means, what to do, what it is blind to: text for people */
	struct pst_technique
		technique[PST_TECHNIQUES_MAX]; /* ended by a NULL tactic when shorter */
	/* each may be NULL. on_channel: a channel was first seen, got a result, was tried again
	 * after it was found, changed its flags, carried its first bytes, or is judged in another
	 * way after a reload; its event is NULL then */
	void (*on_channel)(const struct pst_case *c);
	/* bytes or bursts of a channel grew: more_out, more_bursts */
	void (*on_growth)(const struct pst_case *c);
	void (*on_exec)(struct pst_detect *detect, const struct pst_event *event,
			struct pst_process *process);
	void (*on_filter)(struct pst_detect *detect, const struct pst_event *event,
			  struct pst_process *process);
	void (*on_act)(struct pst_detect *detect, const struct pst_event *event,
		       struct pst_process *process);
	void (*on_change)(struct pst_detect *detect, const struct pst_detect_change *change);
	void (*on_tick)(struct pst_detect *detect, uint64_t time_ns);
};

const struct pst_detector *pst_detector_at(enum pst_detector_id id);
const struct pst_detector *pst_detector_find(const char *name); /* NULL: none of that name */

void pst_detect_channel(const struct pst_case *c);
/* pst_detect_growth - what a SAMPLE added to a channel; its process is bound */
void pst_detect_growth(struct pst_detect *detect, const struct pst_event *event,
		       struct pst_process *process, struct pst_channel *channel);
void pst_detect_exec(struct pst_detect *detect, const struct pst_event *event,
		     struct pst_process *process);
void pst_detect_filter(struct pst_detect *detect, const struct pst_event *event,
		       struct pst_process *process);
void pst_detect_act(struct pst_detect *detect, const struct pst_event *event,
		    struct pst_process *process);
void pst_detect_change(struct pst_detect *detect, const struct pst_detect_change *change);
void pst_detect_tick(struct pst_detect *detect, uint64_t time_ns);

/*
 * pst_detect_exec_verdict - was the program that @image executed declared by the contract of what
 * called exec?
 * @contract: index of that contract
 * Returns PST_DECLARED or PST_UNDECLARED, or PST_VERDICT_NONE (@contract untouched) when no
 * contract with an exec list judges it.
 */
enum pst_verdict pst_detect_exec_verdict(const struct pst_contracts *set,
					 const struct pst_image *image, int32_t *contract);

/* pst_is_external - outside of internal_networks, loopback and link-local */
bool pst_is_external(const struct pst_detect *detect, const struct pst_addr *addr);

#endif
