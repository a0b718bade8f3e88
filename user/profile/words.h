// SPDX-License-Identifier: Apache-2.0
/* Which word stands for a number of the kernel, in contracts and in all that people read? */
#ifndef PST_PROFILE_WORDS_H
#define PST_PROFILE_WORDS_H

#include <stddef.h>
#include <stdint.h>

struct pst_word {
	const char *name;
	uint32_t number;
};

struct pst_words {
	const struct pst_word *list;
	size_t count;
};

/* "route", "kobject_uevent" */
extern const struct pst_words pst_words_netlink;
/* "alg", "can"; not IP, unix, netlink, packet and vsock, which are kinds of their own */
extern const struct pst_words pst_words_family;
/* "all", "arp" */
extern const struct pst_words pst_words_ethertype;
/* "xdp", "sched_cls": eBPF programs that carry, change or listen to packets, as bpftool calls them
 */
extern const struct pst_words pst_words_bpf;

/* pst_words_name - the word of a number, or NULL */
const char *pst_words_name(const struct pst_words *words, uint32_t number);

#define PST_WORDS_MAX 48u /* no list is longer */

#endif
