// SPDX-License-Identifier: Apache-2.0
/* Whose is an installed file, by the words of the host's own package tools? What they print is read
 * here, line by line; who runs them is not asked. Names and versions that break the rules of their
 * policy are refused, makers' names are only cut: they are text from outside still. */
#ifndef PST_BASE_PACKAGE_H
#define PST_BASE_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PST_PACKAGE_TEXT 128	  /* of a name, a version or a maker, with its NUL */
#define PST_PACKAGE_PATH_MAX 4096 /* of a path that is asked for, with its NUL */
#define PST_DISTRIBUTION_NAMES 12 /* under which one distribution signs its archives */
#define PST_DISTRIBUTION_NAME_MAX 64

struct pst_package {
	char name[PST_PACKAGE_TEXT];
	char version[PST_PACKAGE_TEXT];
	char origin[PST_PACKAGE_TEXT]; /* field Origin, or rpm's VENDOR; "" when it has none */
	char maker[PST_PACKAGE_TEXT];  /* field Maintainer, or the key that signed it; "" none */
};

/* pst_package_is_name - Debian policy 5.6.7 and what rpm takes; an architecture may follow a colon
 */
bool pst_package_is_name(const char *text, size_t len);
bool pst_package_is_version(const char *text, size_t len);

/* pst_package_is_askable - may this path be put into a query? Absolute, and without control
 * characters, which no line of an answer could give back */
bool pst_package_is_askable(const char *path);

/* ---- dpkg (package_dpkg.c) ---- */

/* pst_dpkg_pattern - the path with what dpkg-query takes for a wildcard quoted; 0 or -ENAMETOOLONG
 */
int pst_dpkg_pattern(const char *path, char *out, size_t size);

/* pst_dpkg_alias - the name under which a package may own the same file where /bin is a link to
 * usr/bin: "/bin/x" for "/usr/bin/x" and the other way round; false when there is none */
bool pst_dpkg_alias(const char *path, char *out, size_t size);

struct pst_dpkg_owner {
	char name[PST_PACKAGE_TEXT];	     /* "" when no package owns it */
	char other[PST_PACKAGE_TEXT];	     /* the next one, where several do; "" */
	char diverter[PST_PACKAGE_TEXT];     /* put its own file in the place of another's; "" */
	char original[PST_PACKAGE_PATH_MAX]; /* it was moved here from that path; "" */
	bool local; /* an administrator's diversion: what stands there is no package's */
};

/* pst_dpkg_search - what `dpkg-query --search` printed, as far as it is about @path; @text need not
 * be terminated; returns 0, or -EBADMSG for a line about it that no dpkg prints */
int pst_dpkg_search(const char *text, size_t len, const char *path, struct pst_dpkg_owner *out);

/* The format that pst_dpkg_fields reads. */
#define PST_DPKG_FORMAT "${Package}\\t${Version}\\t${Origin}\\t${Maintainer}\\n"

/* pst_package_fields - the first line: four fields parted by tabs; 0 or -EBADMSG */
int pst_package_fields(const char *text, size_t len, struct pst_package *out);

/* ---- distribution (package_origin.c) ---- */

struct pst_distribution {
	char names[PST_DISTRIBUTION_NAMES][PST_DISTRIBUTION_NAME_MAX]; /* of archives; "" ends */
	char ids[PST_DISTRIBUTION_NAMES][PST_DISTRIBUTION_NAME_MAX];   /* ID and ID_LIKE */
};

/* pst_distribution_read - from the text of os-release, and the operator's further names of its
 * archives, parted by commas */
void pst_distribution_read(const char *os_release, size_t len, const char *further,
			   struct pst_distribution *out);

/* pst_distribution_is - is this the name under which an archive of the distribution goes? */
bool pst_distribution_is(const struct pst_distribution *distribution, const char *origin);

/* pst_distribution_makes - does this maintainer have an address at the distribution? A weak sign:
 * anybody may write it into a package */
bool pst_distribution_makes(const struct pst_distribution *distribution, const char *maker);

/* pst_package_is_addon - is it where no distribution has files (FHS), so that what a package says
 * of itself makes it none? */
bool pst_package_is_addon(const char *path);

/* ---- apt's lists (package_apt.c) ---- */

struct pst_apt;

struct pst_apt *pst_apt_new(void); /* NULL without memory; caller frees */
void pst_apt_free(struct pst_apt *apt);

/* pst_apt_sources - what `apt-cache policy` printed: which list is whose? */
void pst_apt_sources(struct pst_apt *apt, const char *text, size_t len);

/* pst_apt_packages - what `apt-cache policy` printed of installed packages: in which lists does
 * their installed version stand? After pst_apt_sources */
void pst_apt_packages(struct pst_apt *apt, const char *text, size_t len,
		      const struct pst_distribution *distribution);

/* pst_apt_origin - whose list has the installed version: the distribution's own name where one of
 * its lists does, "" where none has it; NULL when apt said nothing of it; borrowed */
const char *pst_apt_origin(struct pst_apt *apt, const char *name);

/* ---- rpm (package_rpm.c) ---- */

/* The format that pst_rpm_fields reads. */
#define PST_RPM_FORMAT                                                          \
	"%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{VENDOR}\\t"                        \
	"%|RSAHEADER?{%{RSAHEADER:pgpsig}}:{%|DSAHEADER?{%{DSAHEADER:pgpsig}}:" \
	"{%|SIGPGP?{%{SIGPGP:pgpsig}}:{(none)}|}|}|\\n"

/* pst_rpm_fields - as pst_package_fields; the maker is the id of the key, 16 digits, or "" when it
 * is not signed */
int pst_rpm_fields(const char *text, size_t len, struct pst_package *out);

/* pst_rpm_owner - of all that own a file, the first one; but when that is the distribution's and
 * another is not, the other: who can put his own file there can say what it does. 1, 0 when none
 * does, or -EBADMSG; @text is output and complaints of rpm */
int pst_rpm_owner(const char *text, size_t len, const struct pst_package *release,
		  struct pst_package *out);

/* pst_rpm_release - the same of os-release; when its owners are not of one vendor and key, nobody
 * is the measure: the origin is "" */
int pst_rpm_release(const char *text, size_t len, struct pst_package *out);

/* pst_rpm_is_distribution - is the package of the vendor, and signed by the key, of the package
 * that brought os-release? */
bool pst_rpm_is_distribution(const struct pst_package *package, const struct pst_package *release);

#endif
