// SPDX-License-Identifier: Apache-2.0
/* recorded: pages made of a recording. */
#ifndef PST_CLI_RECORDED_H
#define PST_CLI_RECORDED_H

/* pst_recorded_profile - print the profile of @what after the whole of a recording; returns an exit
 * code */
int pst_recorded_profile(const char *path, const char *what, const char *form);

#endif
