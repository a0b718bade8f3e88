// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Under which licence does the kernel load us, and with which settings? The one place where both
 * are defined. */
#include "lib/maps.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 pst_ring_limit = 3 * 1024 * 1024;
const volatile __u32 pst_whole_host = 1;
const volatile __u32 pst_own_tgid = 0;
const volatile __u64 pst_cgroup_id = 0;
const volatile __u32 pst_first_bytes = 1;
const volatile __u32 pst_dns = 1;
const volatile __u64 pst_seed[2] = { 0xcbf29ce484222325ull, 0x9ae16a3b2f90404full };
const volatile __u32 pst_has_lengths = 1;
const volatile __u32 pst_share = PST_PROCESS_CHANNELS;
const volatile __u32 pst_channels_own = 28672;
const volatile __u16 pst_port_low = 32768, pst_port_high = 60999;

__u64 pst_channels_used = 0;
__u32 pst_canary_on = 0;
__u32 pst_pass = 0;
__u64 pst_root_dentry = 0, pst_root_mnt = 0, pst_root_mntns = 0;
