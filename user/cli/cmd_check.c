// SPDX-License-Identifier: Apache-2.0
/* What can postern see on this machine, by which kernel hook, and what is it blind to? */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/settings.h"
#include "sensor/sensor.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

enum { OPT_CONFIG, OPT_CGROUP, OPT_BTF, OPT_VERBOSE };

static const struct pst_option options[] = {
	[OPT_CONFIG] = { .name = "config",
			 .argument = "FILE",
			 .help = "configuration; without it the built-in defaults" },
	[OPT_CGROUP] = { .name = "cgroup",
			 .argument = "DIR",
			 .help = "cgroup v2 folder to try in; without it the root" },
	[OPT_BTF] = { .name = "btf",
		      .argument = "FILE",
		      .help = "kernel type information, where the kernel has none" },
	[OPT_VERBOSE] = { .name = "verbose", .letter = 'v', .help = "also what libbpf says" },
	{ .name = NULL },
};

static void ignore_frame(void *context, const void *frame, size_t len)
{
	(void)context; /* only the hooks' answers count here */
	(void)frame;
	(void)len;
}

static void print_machine(const char *btf)
{
	struct utsname name;

	if (uname(&name) == 0)
		printf("kernel       %s %s %s\n", name.sysname, name.release, name.machine);
	printf("BTF          %s %s\n", btf ? btf : KERNEL_BTF,
	       access(btf ? btf : KERNEL_BTF, R_OK) == 0 ? "readable" : "MISSING");
}

static void print_capabilities(void)
{
	size_t count;
	const struct pst_sensor_capability *list = pst_sensor_capabilities(&count);

	for (size_t i = 0; i < count; i++)
		printf("capability   %-22s %-8s %s\n", list[i].name,
		       list[i].held ? "held" : "MISSING", list[i].why);
}

static void print_hook(const struct pst_sensor_hook *hook)
{
	printf("%-14s %-20s %4u  %-9s %s", hook->slot, hook->program, hook->rank, hook->state_name,
	       hook->blind_to);
	if (hook->error)
		printf("%s(%s)", *hook->blind_to ? " " : "", strerror(hook->error));
	printf("\n");
}

static void print_hooks(const struct pst_sensor *sensor)
{
	const struct pst_sensor_hook *list;
	size_t count = pst_sensor_hooks(sensor, &list), work = 0;

	printf("\n%-14s %-20s %4s  %-9s %s\n", "SLOT", "PROGRAM", "RANK", "STATE", "BLIND TO");
	for (size_t i = 0; i < count; i++) {
		print_hook(&list[i]);
		work += strcmp(list[i].state_name, "answered") == 0 ||
			strcmp(list[i].state_name, "attached") == 0;
	}
	printf("\n%zu of %zu hooks work here. answered: its canary, a harmless call, made it run; "
	       "attached: there is no such call.\n",
	       work, count);
}

static int run(const struct pst_args *args)
{
	struct pst_config *config = pst_settings_config(args->value[OPT_CONFIG]);
	struct pst_sensor_keys keys;
	struct pst_sensor *sensor;
	char error[PST_SENSOR_ERROR];
	int r;

	if (!config)
		return PST_EXIT_INVALID;
	print_machine(args->value[OPT_BTF]);
	print_capabilities();
	fflush(stdout);
	keys = pst_settings_sensor(config);
	keys.frame = ignore_frame;
	keys.btf = args->value[OPT_BTF];
	keys.verbose = args->value[OPT_VERBOSE] != NULL;
	if (args->value[OPT_CGROUP])
		keys.cgroup = args->value[OPT_CGROUP];
	r = pst_sensor_open(&keys, &sensor, error);
	if (r < 0) {
		pst_complain("check: %s", error);
	} else {
		print_hooks(sensor);
		pst_sensor_close(sensor, 0);
	}
	pst_config_free(config);
	return pst_settings_exit(r);
}

const struct pst_command pst_cmd_check = {
	.name = "check",
	.summary = "say what this kernel lets postern see, hook by hook, and what it is blind to",
	.operands = "",
	.text = "Loads and attaches every kernel program, makes a harmless call for each (its canary), and says which answered.\n"
		"Needs root. Nothing stays attached.",
	.options = options,
	.run = run,
};
