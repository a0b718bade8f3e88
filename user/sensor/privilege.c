// SPDX-License-Identifier: Apache-2.0
/* What does a process of ours give up for good? What the worker and the clerk do not hold cannot be
 * taken from them by a file that they read or by a tool that they ask. */
#include "sensor/worker.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* User and group. Others run as 65534 too, and who is the same user may trace a package tool, and
 * say in its place that the distribution owns a program: so it is one that no account, no container
 * and no service manager has. 65534 where a user namespace knows few ids. */
#define NOBODY_ELSE 2884901888u
#define NOBODY 65534u

void pst_privilege_child(pid_t parent, int keep)
{
	int null;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);		       /* cannot fail */
	if (getppid() != parent || dup2(keep, PST_OWN_FD) < 0) /* @keep may be below 3 */
		_exit(1);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
	    close_range(PST_OWN_FD + 1, ~0u, 0) < 0 || fcntl(PST_OWN_FD, F_SETFD, FD_CLOEXEC) < 0 ||
	    chdir("/") < 0)
		_exit(1);
	(void)signal(SIGINT, SIG_IGN); /* the end of the sensor is its end, no sooner */
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
}

void pst_privilege_keep(uint64_t capabilities)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { .effective = 0 } };

	if (syscall(SYS_capget, &head, data) < 0)
		_exit(1);
	for (unsigned int i = 0; i < 2; i++) {
		data[i].permitted &= (__u32)(capabilities >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &head, data) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || /* not even root's exec brings them back
							   */
	    prctl(PR_SET_DUMPABLE, 0) < 0)
		_exit(1);
}

static bool become(uint32_t id)
{
	if (setresgid(id, id, id) < 0)
		return false;
	if (setresuid(id, id, id) < 0)
		_exit(1); /* half of another */
	return true;
}

void pst_privilege_nobody(void)
{
	/* Refused to a sensor that is not root: it stays who it is. */
	if (setgroups(0, NULL) == 0 && !become(NOBODY_ELSE))
		(void)become(NOBODY);
	/* The parent's death signal is gone with the user, and the parent may not send it to
	 * another one: the hang-up of the socket has to do. */
	pst_privilege_keep(0);
}
