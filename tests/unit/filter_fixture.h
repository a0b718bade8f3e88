// SPDX-License-Identifier: Apache-2.0
/* Classic socket filters for tests: what a sleeping back door attaches, and what benign programs
 * do. */
#ifndef PST_TESTS_FILTER_FIXTURE_H
#define PST_TESTS_FILTER_FIXTURE_H

#include <linux/filter.h>
#include <stdint.h>

#define LDH_ABS (BPF_LD | BPF_H | BPF_ABS)
#define LDB_ABS (BPF_LD | BPF_B | BPF_ABS)
#define LDH_IND (BPF_LD | BPF_H | BPF_IND)
#define LDB_IND (BPF_LD | BPF_B | BPF_IND)
#define LDW_ABS (BPF_LD | BPF_W | BPF_ABS)
#define LDX_MSH (BPF_LDX | BPF_B | BPF_MSH)
#define JEQ_K (BPF_JMP | BPF_JEQ | BPF_K)
#define JSET_K (BPF_JMP | BPF_JSET | BPF_K)
#define RET_K (BPF_RET | BPF_K)

/* IPv4 on Ethernet: UDP with 7255 as its first payload, ICMP with the same, TCP with 5293; the
 * shape that is known of BPFDoor. */
static const struct sock_filter filter_of_a_back_door[] = {
	{ LDH_ABS, 0, 0, 12 },
	{ JEQ_K, 0, 25, 0x800 },
	{ LDB_ABS, 0, 0, 23 },
	{ JEQ_K, 0, 5, 17 },
	{ LDH_ABS, 0, 0, 20 },
	{ JSET_K, 21, 0, 0x1fff },
	{ LDX_MSH, 0, 0, 14 },
	{ LDH_IND, 0, 0, 22 },
	{ JEQ_K, 17, 18, 0x7255 },
	{ JEQ_K, 0, 7, 1 },
	{ LDH_ABS, 0, 0, 20 },
	{ JSET_K, 15, 0, 0x1fff },
	{ LDX_MSH, 0, 0, 14 },
	{ LDH_IND, 0, 0, 22 },
	{ JEQ_K, 0, 12, 0x7255 },
	{ LDB_IND, 0, 0, 14 },
	{ JEQ_K, 9, 10, 8 },
	{ JEQ_K, 0, 9, 6 },
	{ LDX_MSH, 0, 0, 14 },
	{ LDB_IND, 0, 0, 26 },
	{ BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xf0 },
	{ BPF_ALU | BPF_RSH | BPF_K, 0, 0, 2 },
	{ BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0 },
	{ BPF_MISC | BPF_TAX, 0, 0, 0 },
	{ LDH_IND, 0, 0, 14 },
	{ JEQ_K, 0, 1, 0x5293 },
	{ RET_K, 0, 0, 65535 },
	{ RET_K, 0, 0, 0 },
};

/* What a DHCP client attaches: UDP to port 68, not a later fragment, with DHCP's cookie. */
static const struct sock_filter filter_of_a_dhcp_client[] = {
	{ LDH_ABS, 0, 0, 12 },	     { JEQ_K, 0, 9, 0x800 },
	{ LDB_ABS, 0, 0, 23 },	     { JEQ_K, 0, 7, 17 },
	{ LDH_ABS, 0, 0, 20 },	     { JSET_K, 5, 0, 0x1fff },
	{ LDX_MSH, 0, 0, 14 },	     { LDH_IND, 0, 0, 16 },
	{ JEQ_K, 0, 2, 68 },	     { LDW_ABS, 0, 0, 14 + 20 + 8 + 236 },
	{ JEQ_K, 1, 0, 0x63825363 }, { RET_K, 0, 0, 0 },
	{ RET_K, 0, 0, 1500 },
};

/* tcpdump's "tcp[tcpflags] & tcp-syn != 0" for IPv4. */
static const struct sock_filter filter_of_a_capture[] = {
	{ LDH_ABS, 0, 0, 12 },	 { JEQ_K, 0, 8, 0x800 }, { LDB_ABS, 0, 0, 23 },
	{ JEQ_K, 0, 6, 6 },	 { LDH_ABS, 0, 0, 20 },	 { JSET_K, 4, 0, 0x1fff },
	{ LDX_MSH, 0, 0, 14 },	 { LDB_IND, 0, 0, 27 },	 { JSET_K, 0, 1, 2 },
	{ RET_K, 0, 0, 262144 }, { RET_K, 0, 0, 0 },
};

#endif
