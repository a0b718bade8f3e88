// SPDX-License-Identifier: Apache-2.0
/* Which package owns a path, and is that package the distribution's? Asked of the host's own tools,
 * in this order of trust: whose signed list has the installed version (apt), what the package says
 * of its origin, who maintains it; for rpm: vendor and signing key, held against those of the
 * package that brought os-release. What nobody vouches for is a vendor's. */
#include "sensor/packages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/table.h"
#include "base/text.h"

#define ANSWERS_MAX 512u /* that are remembered, about 600 bytes each */
#define DPKG "/usr/bin/dpkg-query"
#define APT "/usr/bin/apt-cache"
#define LISTS_BYTES                                                                   \
	(8u << 20) /* of what apt prints of all installed packages: 250 bytes of each \
		    */
#define LISTS_FILE_BYTES                                                        \
	(4u << 20) /* apt unpacks each signed Release file into a nameless file \
		    */
#define LISTS_CPU_SECONDS 20
#define LISTS_SECONDS 60

#define SYSIMAGE "/usr/lib/sysimage/rpm" /* the other may be a link to it, or be left over */
#define VAR_LIB "/var/lib/rpm"

/* What an answer depends on: a change of any of these makes all of them worthless. */
static const char *const databases[] = {
	"/var/lib/dpkg/status",	  "/var/lib/dpkg/diversions",	"/var/lib/apt/lists",
	SYSIMAGE "/rpmdb.sqlite", SYSIMAGE "/rpmdb.sqlite-wal", SYSIMAGE "/Packages.db",
	SYSIMAGE "/Packages",	  VAR_LIB "/rpmdb.sqlite",	VAR_LIB "/rpmdb.sqlite-wal",
	VAR_LIB "/Packages.db",	  VAR_LIB "/Packages",
};

#define DATABASES (sizeof(databases) / sizeof(databases[0]))
#define DPKG_DATABASES 1u
#define SYSIMAGE_FROM 3u
#define VAR_LIB_FROM 7u

struct stamp {
	int64_t changed_ns[DATABASES]; /* 0: it is not there */
};

struct path_key {
	uint8_t sha256[PST_SHA256_BYTES];
};

struct pst_packages {
	struct pst_distribution distribution;
	struct stamp stamp;
	struct pst_table *answers; /* struct path_key -> struct pst_clerk_answer */
	struct pst_apt *apt;	   /* NULL until it is asked for */
	struct pst_rpm rpm;
};

const char *const pst_os_releases[] = { "/usr/lib/os-release", "/etc/os-release" };

static void read_release(struct pst_distribution *out, const char *origins)
{
	char text[PST_QUERY_BYTES];
	ssize_t got = -1;

	for (size_t i = 0; got < 0 && i < PST_OS_RELEASES; i++) {
		_cleanup_close_ int fd = open(pst_os_releases[i], O_RDONLY | O_CLOEXEC);

		got = fd < 0 ? -1 : read(fd, text, sizeof(text));
	}
	pst_distribution_read(text, got < 0 ? 0 : (size_t)got, origins ? origins : "", out);
}

static struct pst_table *new_answers(void)
{
	const struct pst_table_shape shape = { .key_bytes = sizeof(struct path_key),
					       .value_bytes = sizeof(struct pst_clerk_answer),
					       .capacity = ANSWERS_MAX };

	return pst_table_new(&shape);
}

struct pst_packages *pst_packages_new(const char *origins)
{
	struct pst_packages *packages = calloc(1, sizeof(*packages));

	if (!packages)
		return NULL;
	read_release(&packages->distribution, origins);
	packages->answers = new_answers();
	if (packages->answers)
		return packages;
	free(packages);
	return NULL;
}

static struct stamp look(void)
{
	struct stamp stamp;
	struct stat info;

	for (size_t i = 0; i < DATABASES; i++) {
		stamp.changed_ns[i] = 0;
		if (stat(databases[i], &info) == 0)
			stamp.changed_ns[i] = info.st_mtim.tv_sec * 1000000000 +
					      info.st_mtim.tv_nsec;
	}
	return stamp;
}

static bool has_database(const struct pst_packages *packages, size_t from, size_t to)
{
	while (from < to) {
		if (packages->stamp.changed_ns[from++])
			return true;
	}
	return false;
}

static bool has_dpkg(const struct pst_packages *packages)
{
	return has_database(packages, 0, DPKG_DATABASES) && access(DPKG, X_OK) == 0;
}

/* rpm_folder - of the database that there is; NULL: none, or nobody to ask it */
static const char *rpm_folder(const struct pst_packages *packages)
{
	if (access(PST_RPM, X_OK) < 0)
		return NULL;
	if (has_database(packages, SYSIMAGE_FROM, VAR_LIB_FROM))
		return SYSIMAGE;
	return has_database(packages, VAR_LIB_FROM, DATABASES) ? VAR_LIB : NULL;
}

static int query(const char *const *argv, char **text, size_t *len)
{
	const struct pst_tool tool = { .argv = argv,
				       .limit = PST_QUERY_BYTES,
				       .cpu_seconds = PST_QUERY_CPU_SECONDS,
				       .seconds = PST_QUERY_SECONDS };

	return pst_tool_run(&tool, text, len);
}

/* ---- dpkg and apt ---- */

/* is_alias - is there another name under which a package may own this very file? */
static bool is_alias(const char *path, char *alias, size_t size)
{
	struct stat one, other;

	return pst_dpkg_alias(path, alias, size) && stat(path, &one) == 0 &&
	       stat(alias, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* search - both names of a file; 0 or -errno */
static int search(const char *path, struct pst_dpkg_owner *out)
{
	char pattern[2 * PST_PACKAGE_PATH_MAX], other[2 * PST_PACKAGE_PATH_MAX];
	char alias[PST_PACKAGE_PATH_MAX];
	bool aliased = is_alias(path, alias, sizeof(alias));
	const char *const argv[] = { DPKG, "--search", pattern, aliased ? other : NULL, NULL };
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	int r = pst_dpkg_pattern(path, pattern, sizeof(pattern));

	if (r == 0 && aliased)
		r = pst_dpkg_pattern(alias, other, sizeof(other));
	if (r == 0)
		r = query(argv, &text, &len);
	if (r > 1) /* 1: one of the two, or both, is owned by nobody */
		return -EIO;
	if (r >= 0)
		r = pst_dpkg_search(text ? text : "", len, path, out);
	if (r == 0 && aliased && !*out->name && !*out->diverter && !out->local)
		r = pst_dpkg_search(text ? text : "", len, alias, out);
	return r;
}

/* find_owner - the package's name, "" for none; 0 or -errno */
static int find_owner(const char *path, char owner[PST_PACKAGE_TEXT])
{
	struct pst_dpkg_owner found;
	int r = search(path, &found);

	if (r == 0 && *found.original) { /* it was moved out of the way: whose was it there? */
		char original[PST_PACKAGE_PATH_MAX], diverter[PST_PACKAGE_TEXT];

		(void)pst_text_copy(original, sizeof(original), found.original); /* fits */
		(void)pst_text_copy(diverter, sizeof(diverter), found.diverter); /* fits */
		r = search(original, &found);
		if (r == 0 && strcmp(found.name, diverter) == 0)
			(void)pst_text_copy(found.name, sizeof(found.name), found.other); /* fits */
	} else if (r == 0 && *found.diverter) {
		(void)pst_text_copy(found.name, sizeof(found.name), found.diverter); /* fits */
	} else if (r == 0 && found.local) {
		found.name[0] = '\0';
	}
	if (r == 0)
		(void)pst_text_copy(owner, PST_PACKAGE_TEXT, found.name); /* fits */
	return r;
}

/* read_lists - what apt knows of all installed packages, by two runs for all of them: each reads
 * its lists anew, which takes most of a second. What apt does not say, nobody says. */
static void read_lists(struct pst_packages *packages)
{
	static const char *const sources[] = { APT, "policy", NULL };
	static const char *const installed[] = { APT, "policy", "~i", NULL };
	struct pst_tool tool = { .argv = sources,
				 .limit = LISTS_BYTES,
				 .file_bytes = LISTS_FILE_BYTES,
				 .cpu_seconds = LISTS_CPU_SECONDS,
				 .seconds = LISTS_SECONDS };
	_cleanup_free_ char *lists = NULL;
	_cleanup_free_ char *policy = NULL;
	size_t len = 0;

	packages->apt = pst_apt_new();
	if (!packages->apt || pst_tool_run(&tool, &lists, &len) != 0)
		return;
	pst_apt_sources(packages->apt, lists ? lists : "", len);
	tool.argv = installed;
	if (pst_tool_run(&tool, &policy, &len) == 0)
		pst_apt_packages(packages->apt, policy ? policy : "", len, &packages->distribution);
}

/* listed - the origin of a list that has the installed version; "" when none is known */
static const char *listed(struct pst_packages *packages, const char *owner, const char *name)
{
	const char *origin;

	if (!packages->apt)
		read_lists(packages);
	if (!packages->apt)
		return "";
	origin = pst_apt_origin(packages->apt, owner); /* "libc6:i386" where that is foreign here */
	if (!origin)
		origin = pst_apt_origin(packages->apt, name);
	return origin ? origin : "";
}

static void judge_dpkg(struct pst_packages *packages, const char *owner,
		       const struct pst_package *package, struct pst_clerk_answer *answer)
{
	const char *list = listed(packages, owner, package->name);
	const char *origin = *list ? list : package->origin;
	bool ours = pst_distribution_is(&packages->distribution, origin);

	(void)pst_text_copy(answer->origin, sizeof(answer->origin), origin); /* fits */
	if (!*origin) {
		ours = pst_distribution_makes(&packages->distribution, package->maker);
		(void)pst_text_format(answer->origin, sizeof(answer->origin), "Maintainer: %s",
				      package->maker); /* cut is fine */
	}
	answer->owner = ours ? PST_IDENT_OWNER_DISTRO : PST_IDENT_OWNER_VENDOR;
}

void pst_answer_fill(struct pst_clerk_answer *answer, const char *manager,
		     const struct pst_package *package)
{
	(void)pst_text_copy(answer->manager, sizeof(answer->manager), manager);		 /* fits */
	(void)pst_text_copy(answer->package, sizeof(answer->package), package->name);	 /* fits */
	(void)pst_text_copy(answer->version, sizeof(answer->version), package->version); /* fits */
}

/* ask_dpkg - 0 with an answer, or -errno */
static int ask_dpkg(struct pst_packages *packages, const char *path,
		    struct pst_clerk_answer *answer)
{
	char owner[PST_PACKAGE_TEXT];
	const char *const argv[] = { DPKG, "--show", "--showformat=" PST_DPKG_FORMAT, owner, NULL };
	_cleanup_free_ char *text = NULL;
	struct pst_package package;
	size_t len = 0;
	int r = find_owner(path, owner);

	if (r < 0)
		return r;
	answer->owner = PST_IDENT_OWNER_NONE;
	if (!*owner)
		return 0;
	r = query(argv, &text, &len);
	if (r == 0)
		r = pst_package_fields(text ? text : "", len, &package);
	if (r != 0)
		return -EIO;
	pst_answer_fill(answer, "dpkg", &package);
	judge_dpkg(packages, owner, &package, answer);
	if (pst_package_is_addon(path) && !*listed(packages, owner, package.name))
		answer->owner = PST_IDENT_OWNER_VENDOR; /* whatever it says of itself */
	return 0;
}

/* is_dpkgs - is the distribution one of dpkg's? Where that cannot be told, it may be */
static bool is_dpkgs(const struct pst_packages *packages)
{
	char owner[PST_PACKAGE_TEXT] = "";

	for (size_t i = 0; has_dpkg(packages) && i < PST_OS_RELEASES; i++) {
		if (find_owner(pst_os_releases[i], owner) < 0 || *owner)
			return true;
	}
	return false;
}

/* ---- both ---- */

/* refresh - forget what the databases said before they changed */
static void refresh(struct pst_packages *packages)
{
	struct stamp now = look();
	struct pst_table *empty;

	if (memcmp(&now, &packages->stamp, sizeof(now)) == 0)
		return;
	empty = new_answers();
	if (!empty)
		return; /* without memory the old answers stand until there is some */
	pst_table_free(packages->answers);
	packages->answers = empty;
	pst_apt_free(take_ptr(packages->apt));
	packages->stamp = now;
	packages->rpm = (struct pst_rpm){ .folder = rpm_folder(packages) };
	packages->rpm.asked = packages->rpm.folder && is_dpkgs(packages);
}

/* is_fleeting - a folder that a start of the host or a clean-up empties: no package has files
 * there, and what builds and tests run in it by the thousand is not worth a search */
static bool is_fleeting(const char *path)
{
	static const char *const folders[] = { "/tmp/", "/var/tmp/", "/dev/shm/", "/run/",
					       "/proc/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return true;
	}
	return false;
}

/* ask - 0 with an answer: that no package owns it is one, that nobody could say is none */
static int ask(struct pst_packages *packages, const char *path, struct pst_clerk_answer *answer)
{
	bool of_dpkg = has_dpkg(packages);
	int first = of_dpkg ? ask_dpkg(packages, path, answer) : -ENOENT, r;

	/* a host of one kind may have the tools of the other, with nothing in its database */
	if ((first == 0 && answer->owner != PST_IDENT_OWNER_NONE) || !packages->rpm.folder)
		return first;
	r = pst_rpm_ask(&packages->rpm, path, answer);
	if (r == 0 && answer->owner == PST_IDENT_OWNER_NONE && of_dpkg)
		return first; /* none of both, if dpkg could say so */
	return r;
}

struct pst_clerk_answer pst_packages_find(struct pst_packages *packages, const char *path)
{
	struct pst_clerk_answer answer = { .owner = 0 }, *known;
	struct path_key key;

	if (!pst_package_is_askable(path))
		return answer;
	if (is_fleeting(path))
		return (struct pst_clerk_answer){ .owner = PST_IDENT_OWNER_NONE };
	refresh(packages);
	pst_sha256(path, strlen(path), key.sha256);
	known = pst_table_find(packages->answers, &key);
	if (known)
		return *known;
	if (ask(packages, path, &answer) < 0)
		return (struct pst_clerk_answer){ .owner = 0 };
	known = pst_table_put(packages->answers, &key, NULL);
	if (known) /* without memory it is asked again */
		*known = answer;
	return answer;
}
