// SPDX-License-Identifier: Apache-2.0
/* Inside engine: what both forms of the profile page share. */
#ifndef PST_ENGINE_PAGE_H
#define PST_ENGINE_PAGE_H

#include <stdio.h>

#include "engine/rows.h"
#include "profile/history.h"

/* pst_page_moment - "2026-11-22T09:41:07Z"; returns @out */
const char *pst_page_moment(const struct pst_engine *engine, uint64_t time_ns, char out[24]);

/* pst_page_name - name of a process that is remembered, safe to print; "" of another; returns @out
 */
const char *pst_page_name(const struct pst_engine *engine, const struct pst_proc_id *proc,
			  char *out, size_t out_size);

/* pst_page_has_packets - are its packets counted? A stream's are not: the kernel tells its bytes */
bool pst_page_has_packets(const struct pst_row *row);
bool pst_page_sums_packets(const struct pst_totals *total);

/* ---- view_measured.c ---- */
struct pst_json;
/* pst_page_print_measured - a line of what the kernel measured of its file, if it did */
void pst_page_print_measured(FILE *out, const struct pst_program *program);
/* pst_page_put_hash - its SHA-256, whoever made it, and the kernel's digest */
void pst_page_put_hash(struct pst_json *json, const struct pst_program *program);

/* ---- view_container.c ---- */
/* pst_page_print_container - "container 0123456789ab of registry/agent:1.4", when it is in one */
void pst_page_print_container(FILE *out, const char *before, const struct pst_image *image);
/* pst_page_put_container - the same as "container", whole, and "container_image" */
void pst_page_put_container(struct pst_json *json, const struct pst_image *image);

/* pst_page_json - in view_profile_json.c; caller frees; NULL without memory */
char *pst_page_json(const struct pst_engine *engine, const struct pst_rows *rows,
		    const struct pst_view_keys *keys);

/* pst_page_amount - "1.234 kB"; returns @out */
const char *pst_page_amount(uint64_t bytes, char out[24]);

/* ---- view_profiles_pick.c: programs of the history ---- */

struct pst_picked {
	const struct pst_past_program **list; /* those with most bytes first */
	size_t count;
	bool failed; /* memory ran out */
};

/* pst_picked_collect - what @keys name; pst_picked_free frees the list */
void pst_picked_collect(const struct pst_engine *engine, const struct pst_view_keys *keys,
			struct pst_picked *out);
void pst_picked_free(struct pst_picked *picked);

/* pst_page_now_s - the time that the page is made for */
uint64_t pst_page_now_s(const struct pst_engine *engine, const struct pst_view_keys *keys);

/* pst_page_new_days - channels that were new in the last @days days before @now_s */
uint64_t pst_page_new_days(const struct pst_past_program *program, uint64_t now_s, uint64_t days);

/* pst_page_worst - the verdict that a person should see first: undeclared, unknown, ... */
enum pst_verdict pst_page_worst(const struct pst_past_program *program);

/* ---- view_profile_words.c: all return @out, of PST_PAGE_WORDS bytes; "" when there is nothing to
 * say ---- */

#define PST_PAGE_WORDS 96

/* pst_page_second - "2026-11-22T09:41:07Z", "-" of 0 */
const char *pst_page_second(uint64_t wall_s, char out[24]);

/* pst_page_span - "3d 4h", "5m 0s", "1.5s" */
const char *pst_page_span(uint64_t ms, char *out);

/* pst_page_rhythm - "every 5m 0s +-2%" */
const char *pst_page_rhythm(const struct pst_past_channel *channel, char *out);

/* pst_page_sizes - "64 B to 127 B at a time": where the middle half of its bursts lie */
const char *pst_page_sizes(const struct pst_past_channel *channel, char *out);

/* pst_page_silence - "silent for 23 days until 2026-11-23", or "since" a day */
const char *pst_page_silence(const struct pst_past_time *time, uint64_t now_s, char *out);

/* ---- view_profile_past.c, view_profile_past_json.c ---- */

/* pst_page_past - what the history says of the programs that @keys name, as text */
void pst_page_past(FILE *out, const struct pst_engine *engine, const struct pst_view_keys *keys);

/* pst_page_past_json - the same below "past"; false when memory ran out */
bool pst_page_past_json(struct pst_json *json, const struct pst_engine *engine,
			const struct pst_view_keys *keys);

#endif
