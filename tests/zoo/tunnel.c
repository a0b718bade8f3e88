// SPDX-License-Identifier: Apache-2.0
/* Interfaces whose packets a process makes itself: TUN and TAP. */
#include "zoo.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int device(const char *name, short flags)
{
	struct ifreq ask = { .ifr_flags = (short)(flags | IFF_NO_PI) };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return zoo_missing();
	(void)strncpy(ask.ifr_name, name, sizeof(ask.ifr_name) - 1);
	if (ioctl(fd, TUNSETIFF, &ask) < 0)
		return 1;
	(void)sleep(1); /* as long as a sweep takes to come by in the tests */
	return close(fd) == 0 ? 0 : 1;
}

static int tun(void)
{
	return device("zootun", IFF_TUN);
}

static int tap(void)
{
	return device("zootap", IFF_TAP);
}

const struct zoo_row zoo_tunnel_rows[] = { { "tun", tun }, { "tap", tap }, { NULL, NULL } };
