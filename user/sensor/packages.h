/* SPDX-License-Identifier: Apache-2.0 */
/* What do the clerk's questions to dpkg and to rpm share? */
#ifndef PST_SENSOR_PACKAGES_H
#define PST_SENSOR_PACKAGES_H

#include "base/package.h"
#include "sensor/worker.h"

#define PST_OS_RELEASES 2u
extern const char *const pst_os_releases[PST_OS_RELEASES];

#define PST_QUERY_BYTES 4096u
#define PST_QUERY_CPU_SECONDS 5
#define PST_QUERY_SECONDS 20 /* a busy machine gives us little of its CPU */

void pst_answer_fill(struct pst_clerk_answer *answer, const char *manager,
		     const struct pst_package *package);

/* ---- rpm.c ---- */
#define PST_RPM "/usr/bin/rpm"

struct pst_rpm {	    /* made anew when its database changed */
	const char *folder; /* of that database: a tool of another distribution looks elsewhere */
	/* what brought os-release, when it was asked for; zeros when that is unknown, and where it
	 * is dpkg's: there nothing of rpm's is the distribution's */
	struct pst_package release;
	bool asked;
};

/* pst_rpm_ask - 0 with an answer, or -errno */
int pst_rpm_ask(struct pst_rpm *rpm, const char *path, struct pst_clerk_answer *answer);

#endif
