// SPDX-License-Identifier: Apache-2.0
/* What can this kernel have at all? A tracepoint or an LSM hook that its types do not name needs no
 * trial; LSM programs as a whole need `bpf` in lsm=, function tracing, and a kernel that takes one
 * of them. What is out is dropped before the load, with its reason, so that the rest loads at once.
 */
#include "sensor/room.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <linux/bpf.h>

#include "base/cleanup.h"
#include "base/text.h"

#define LSM_LIST "/sys/kernel/security/lsm" /* not there while securityfs is not mounted */
#define IMA_FOLDER "/sys/kernel/security/ima"
#define FTRACE_ENABLED "/proc/sys/kernel/ftrace_enabled"
#define PORT_RANGE "/proc/sys/net/ipv4/ip_local_port_range"

/* Since when there are tracepoints that older kernels of the matrix lack. */
static const struct {
	const char *name, *since;
} tracepoints[] = {
	{ "sock_send_length", "6.3" },
	{ "sock_recv_length", "6.3" },
	{ "io_uring_submit_req", "6.4" },
};

static bool read_line(const char *path, char *out, size_t size)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");

	if (!file || !fgets(out, (int)size, file))
		return false;
	out[strcspn(out, "\n")] = '\0';
	return true;
}

bool pst_tiers_traced(void)
{
	char line[16];

	return !read_line(FTRACE_ENABLED, line, sizeof(line)) || strcmp(line, "0") != 0;
}

void pst_tiers_ports(uint16_t volatile *low, uint16_t volatile *high)
{
	char line[64];
	uint16_t first, last;

	if (!read_line(PORT_RANGE, line, sizeof(line)) ||
	    sscanf(line, "%hu %hu", &first, &last) != 2)
		return; /* the kernel's own defaults stand there */
	*low = first;
	*high = last;
}

/* target - what a section attaches to, when it begins with @prefix */
static const char *target(const char *section, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(section, prefix, len) == 0 ? section + len : NULL;
}

static const char *lsm_target(const char *section)
{
	const char *name = target(section, "lsm/");

	return name ? name : target(section, "lsm.s/");
}

bool pst_tiers_is_lsm(struct bpf_program *program)
{
	return program && lsm_target(bpf_program__section_name(program)) != NULL;
}

static void tell_since(const char *tracepoint, char *out, size_t size)
{
	for (size_t i = 0; i < sizeof(tracepoints) / sizeof(tracepoints[0]); i++) {
		if (strcmp(tracepoints[i].name, tracepoint) == 0)
			(void)pst_text_format(out, size, "no tracepoint %s: Linux %s has it",
					      tracepoint, tracepoints[i].since);
	}
	if (!*out)
		(void)pst_text_format(out, size, "no tracepoint %s", tracepoint); /* cut is fine */
}

/* has_type - does the kernel name @prefix@name? Without its types nothing is known: yes */
static bool has_type(const struct btf *btf, const char *prefix, const char *name, uint32_t kind)
{
	char text[128];

	return !btf || pst_text_format(text, sizeof(text), "%s%s", prefix, name) < 0 ||
	       btf__find_by_name_kind(btf, text, kind) >= 0;
}

static void drop_absent(struct pst_sensor *sensor, const struct btf *btf, size_t i,
			const char *section)
{
	struct pst_sensor_hook *hook = &sensor->hooks[i];
	const char *tracepoint = target(section, "tp_btf/");
	const char *lsm = lsm_target(section);

	if (tracepoint && !has_type(btf, "btf_trace_", tracepoint, BTF_KIND_TYPEDEF)) {
		tell_since(tracepoint, hook->why, sizeof(hook->why));
		pst_hooks_drop(sensor, i, ENOENT);
	} else if (lsm && !has_type(btf, "bpf_lsm_", lsm, BTF_KIND_FUNC)) {
		(void)pst_text_format(hook->why, sizeof(hook->why), "no LSM hook %s", lsm);
		pst_hooks_drop(sensor, i, ENOENT);
	}
}

/* takes_lsm - one trial, of a program that does nothing; 0 or -errno */
static int takes_lsm(const struct btf *btf)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_LSM_MAC);
	const struct bpf_insn body[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int id = btf ? btf__find_by_name_kind(btf, "bpf_lsm_socket_create", BTF_KIND_FUNC) : 0;
	int fd;

	if (!btf)
		return 0; /* the load itself will tell */
	if (id < 0)
		return -ENOENT;
	opts.attach_btf_id = (uint32_t)id;
	fd = bpf_prog_load(BPF_PROG_TYPE_LSM, "pst_trial", "GPL", body,
			   sizeof(body) / sizeof(body[0]), &opts);
	if (fd < 0)
		return -errno;
	(void)close(fd); /* only that it came matters */
	return 0;
}

/* lists_bpf - is it in lsm=? Unknown counts as yes: then the canaries tell */
static bool lists_bpf(void)
{
	char line[256];
	char *rest = line;

	if (!read_line(LSM_LIST, line, sizeof(line)))
		return true;
	for (const char *name = strsep(&rest, ","); name; name = strsep(&rest, ",")) {
		if (strcmp(name, "bpf") == 0)
			return true;
	}
	return false;
}

/* judge_lsm - may LSM programs be loaded? Returns 1, or 0 with the reason in @why and its errno, 0
 * for a choice of the operator's, in @error */
static int judge_lsm(const struct pst_sensor *sensor, const struct btf *btf, char why[64],
		     int *error)
{
	int r;

	*error = EOPNOTSUPP; /* it is not there, and nothing of ours is broken */
	if (!sensor->keys.lsm) {
		*error = 0;
		(void)pst_text_copy(why, 64, "switched off by sensor.lsm");
		return 0;
	}
	if (!lists_bpf()) {
		(void)pst_text_copy(why, 64, "bpf is not in lsm=");
		return 0;
	}
	r = takes_lsm(btf);
	if (r == -ENOENT)
		(void)pst_text_copy(why, 64, "the kernel is built without BPF LSM");
	else if (r < 0)
		(void)pst_text_format(why, 64, "LSM programs are refused by the kernel: %s",
				      strerror(-r)); /* cut is fine */
	return r == 0;
}

/* knows_helper - has the kernel's list of helpers this one? Without its types: yes */
static bool knows_helper(const struct btf *btf, const char *name)
{
	int id = btf ? btf__find_by_name_kind(btf, "bpf_func_id", BTF_KIND_ENUM) : -ENOENT;
	const struct btf_type *list = id < 0 ? NULL : btf__type_by_id(btf, (uint32_t)id);

	for (uint16_t i = 0; list && i < btf_vlen(list); i++) {
		if (strcmp(btf__name_by_offset(btf, btf_enum(list)[i].name_off), name) == 0)
			return true;
	}
	return !list;
}

/* spare_measured - is there anybody who measures? Before the helper that is asked for here IMA also
 * gave digests of files that had changed since (bpf-lsm and IMA of Linux 5.18) */
static void spare_measured(struct pst_sensor *sensor, const struct btf *btf)
{
	size_t hook = pst_hooks_find("pst_lsm_measured");
	const char *why = NULL;

	if (access(IMA_FOLDER, F_OK) < 0)
		why = "no IMA in this kernel, or no securityfs to see it";
	else if (!knows_helper(btf, "BPF_FUNC_ima_file_hash"))
		why = "its hashes may be stale: Linux 5.18 is needed";
	if (!why || sensor->hooks[hook].dropped)
		return;
	(void)pst_text_copy(sensor->hooks[hook].why, sizeof(sensor->hooks[hook].why), why);
	pst_hooks_spare(sensor, hook);
}

void pst_tiers_silent(struct bpf_program *program, char *out, size_t size)
{
	if (!pst_tiers_is_lsm(program))
		return;
	(void)pst_text_copy(out, size,
			    pst_tiers_traced() ? "bpf is not in lsm=" : /* the list is unknown */
						 "kernel.ftrace_enabled is 0");
}

void pst_tiers_decide(struct pst_sensor *sensor, struct bpf_object *object)
{
	struct btf *btf = btf__parse(sensor->keys.btf ? sensor->keys.btf : PST_BTF_DEFAULT, NULL);
	char why[64] = "";
	int error = 0;
	int lsm = judge_lsm(sensor, btf, why, &error);

	for (size_t i = 0; i < PST_HITS; i++) {
		struct pst_sensor_hook *hook = &sensor->hooks[i];
		struct bpf_program *program = bpf_object__find_program_by_name(object,
									       hook->program);

		if (!program) {
			(void)pst_text_copy(hook->why, sizeof(hook->why), "not in this build");
			pst_hooks_drop(sensor, i, ENOENT);
		} else if (!lsm && pst_tiers_is_lsm(program)) {
			(void)pst_text_copy(hook->why, sizeof(hook->why), why);
			pst_hooks_drop(sensor, i, error);
		} else {
			drop_absent(sensor, btf, i, bpf_program__section_name(program));
		}
	}
	spare_measured(sensor, btf);
	sensor->has_lengths = has_type(btf, "btf_trace_", "sock_send_length", BTF_KIND_TYPEDEF);
	sensor->tiers_known = true;
	btf__free(btf);
}
