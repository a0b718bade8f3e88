// SPDX-License-Identifier: Apache-2.0
/* Inside engine: what both forms of the profile page share. */
#ifndef PST_ENGINE_PAGE_H
#define PST_ENGINE_PAGE_H

#include "engine/rows.h"

/* pst_page_moment - "2026-11-22T09:41:07Z"; returns @out */
const char *pst_page_moment(const struct pst_engine *engine, uint64_t time_ns, char out[24]);

/* pst_page_name - name of a process that is remembered, safe to print; "" of another; returns @out
 */
const char *pst_page_name(const struct pst_engine *engine, const struct pst_proc_id *proc,
			  char *out, size_t out_size);

/* pst_page_has_packets - are its packets counted? A stream's are not: the kernel tells its bytes */
bool pst_page_has_packets(const struct pst_row *row);
bool pst_page_sums_packets(const struct pst_totals *total);

/* pst_page_json - in view_profile_json.c; caller frees; NULL without memory */
char *pst_page_json(const struct pst_engine *engine, const struct pst_rows *rows);

#endif
