// SPDX-License-Identifier: Apache-2.0
/* Which two paths are one? Inside contract/ only. */
#ifndef PST_CONTRACT_ALIAS_H
#define PST_CONTRACT_ALIAS_H

#include <stdbool.h>
#include <stdint.h>

struct pst_alias {
	const char *pattern; /* what a pattern begins with, */
	const char *path;    /* and how a path may begin instead */
};

/* pst_alias_match - pst_glob_match, also by the other name of the folder that the pattern begins
 * with */
bool pst_alias_match(const char *pattern, const char *path);

/* pst_alias_of_old - the alias of a pattern that a merged /usr, or /run, made another path:
 * "/bin/bash" is executed as "/usr/bin/bash"; NULL when it is none of these */
const struct pst_alias *pst_alias_of_old(const char *pattern);

/* pst_folder_of - a key of the folder that a pattern begins with; 0: it may match in any */
uint64_t pst_folder_of(const char *pattern);

/* pst_folder_each - visit the keys of all folders that a path lies in, also by their other names:
 * a pattern that matches the path, as pst_alias_match says, has the key of one of them, or 0 */
void pst_folder_each(const char *path, void (*visit)(void *context, uint64_t key), void *context);

#endif
