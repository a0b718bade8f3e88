// SPDX-License-Identifier: Apache-2.0
/* Frames past the IP stack: packet and XDP sockets, and one that only listens. */
#include "zoo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ETHERTYPE 0x88b5 /* of IEEE 802, for local experiments */
#define RING_BLOCK 4096u
#define RING_FRAME 2048u
#define XDP_FRAMES 16u

static struct sockaddr_ll on_lo(void)
{
	return (struct sockaddr_ll){ .sll_family = AF_PACKET,
				     .sll_protocol = htons(ETHERTYPE),
				     .sll_ifindex = (int)if_nametoindex("lo"),
				     .sll_halen = ETH_ALEN };
}

static size_t frame_of(char *out)
{
	memset(out, 0, 2 * ETH_ALEN);
	out[12] = (char)(ETHERTYPE >> 8);
	out[13] = (char)(ETHERTYPE & 0xff);
	memcpy(out + ETH_HLEN, ZOO_OUT, strlen(ZOO_OUT));
	return ETH_HLEN + strlen(ZOO_OUT);
}

static int send_frame(int fd, const char *data, size_t len)
{
	struct sockaddr_ll lo = on_lo();

	if (fd < 0)
		return zoo_missing();
	return sendto(fd, data, len, 0, (struct sockaddr *)&lo, sizeof(lo)) == (ssize_t)len ? 0 : 1;
}

static int packet_raw(void)
{
	char frame[64];
	size_t len = frame_of(frame);

	return send_frame(socket(AF_PACKET, SOCK_RAW, htons(ETHERTYPE)), frame, len);
}

static int packet_dgram(void)
{
	return send_frame(socket(AF_PACKET, SOCK_DGRAM, htons(ETHERTYPE)), ZOO_OUT,
			  strlen(ZOO_OUT));
}

static int packet_bypass(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETHERTYPE)), on = 1;
	char frame[64];
	size_t len = frame_of(frame);

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) < 0)
		return zoo_missing();
	return send_frame(fd, frame, len);
}

static int packet_ring(void)
{
	struct tpacket_req ask = { .tp_block_size = RING_BLOCK,
				   .tp_block_nr = 1,
				   .tp_frame_size = RING_FRAME,
				   .tp_frame_nr = RING_BLOCK / RING_FRAME };
	struct sockaddr_ll lo = on_lo();
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETHERTYPE));
	struct tpacket_hdr *slot;

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &ask, sizeof(ask)) < 0)
		return zoo_missing();
	slot = mmap(NULL, RING_BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (slot == MAP_FAILED || bind(fd, (struct sockaddr *)&lo, sizeof(lo)) < 0)
		return 1;
	slot->tp_len = (unsigned int)frame_of((char *)slot + ((sizeof(*slot) + 15u) & ~15u));
	slot->tp_status = TP_STATUS_SEND_REQUEST;
	/* on Linux 7.2 a send that may wait never came back from the loopback */
	return send(fd, NULL, 0, MSG_DONTWAIT) > 0 ? 0 : 1;
}

/* What a back door that waits for a magic packet does: it opens, and only listens. */
static int packet_sniff(void)
{
	static struct sock_filter code[] = { BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
					     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE, 0, 1),
					     BPF_STMT(BPF_RET | BPF_K, 0xffff),
					     BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

	if (fd < 0)
		return zoo_missing();
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0)
		return 1;
	(void)sleep(1); /* as long as a sweep takes to come by in the tests */
	return 0;
}

static int xdp_rings(int fd)
{
	static char area[XDP_FRAMES * RING_BLOCK] __attribute__((aligned(4096)));
	struct xdp_umem_reg umem = { .addr = (uint64_t)(uintptr_t)area,
				     .len = sizeof(area),
				     .chunk_size = RING_BLOCK };
	int count = XDP_FRAMES;

	return setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)) == 0 &&
			       setsockopt(fd, SOL_XDP, XDP_UMEM_FILL_RING, &count, sizeof(count)) ==
				       0 &&
			       setsockopt(fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &count,
					  sizeof(count)) == 0 &&
			       setsockopt(fd, SOL_XDP, XDP_TX_RING, &count, sizeof(count)) == 0 ?
		       0 :
		       -1;
}

static int af_xdp(void)
{
	struct sockaddr_xdp at = { .sxdp_family = AF_XDP,
				   .sxdp_ifindex = if_nametoindex("lo"),
				   .sxdp_flags = XDP_COPY };
	int fd = socket(AF_XDP, SOCK_RAW, 0);

	if (fd < 0 || xdp_rings(fd) < 0)
		return zoo_missing();
	return bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 ? 0 : zoo_missing();
}

const struct zoo_row zoo_packet_rows[] = {
	{ "packet_raw", packet_raw },
	{ "packet_dgram", packet_dgram },
	{ "packet_bypass", packet_bypass },
	{ "packet_ring", packet_ring },
	{ "packet_sniff", packet_sniff },
	{ "af_xdp", af_xdp },
	{ NULL, NULL },
};
