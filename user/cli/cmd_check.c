// SPDX-License-Identifier: Apache-2.0
/* What can postern see on this machine, by which kernel hook, and what is it blind to? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "engine/coverage.h"
#include "engine/engine.h"
#include "sensor/sensor.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

enum { OPT_OUTPUT, OPT_CONFIG, OPT_CGROUP, OPT_BTF, OPT_VERBOSE };

static const struct pst_option options[] = {
	[OPT_OUTPUT] = PST_OPTION_OUTPUT,
	[OPT_CONFIG] = { .name = "config",
			 .argument = "FILE",
			 .preset = PST_CONFIG_FILE,
			 .help = "configuration" },
	[OPT_CGROUP] = { .name = "cgroup",
			 .argument = "DIR",
			 .help = "cgroup v2 folder to try in; without it the root" },
	[OPT_BTF] = { .name = "btf",
		      .argument = "FILE",
		      .help = "kernel type information, where the kernel has none" },
	[OPT_VERBOSE] = { .name = "verbose", .letter = 'v', .help = "also what libbpf says" },
	{ .name = NULL },
};

/* What the command found; hooks and coverage are there only when a sensor could be opened. */
struct finding {
	bool json;
	struct utsname machine;
	const char *btf;
	bool btf_readable;
	const struct pst_sensor_capability *capability;
	size_t capabilities;
	const struct pst_sensor_hook *hook;
	size_t hooks;
	struct pst_coverage coverage;
	struct pst_engine *engine;
	struct pst_units units;
	char error[PST_SENSOR_ERROR];
};

/* Who runs is told while the sensor is opened; the rest does not count here. */
static void take_frame(void *context, const void *frame, size_t len)
{
	(void)pst_engine_frame(context, frame, len); /* broken ones say nothing of units */
}

static void drop(void *context, const struct pst_record *record)
{
	(void)context; /* nothing is alerted of */
	(void)record;
}

static bool hook_works(const struct pst_sensor_hook *hook)
{
	return hook->state == PST_ANSWERED || hook->state == PST_ATTACHED;
}

static size_t count_working(const struct finding *found)
{
	size_t work = 0;

	for (size_t i = 0; i < found->hooks; i++)
		work += hook_works(&found->hook[i]);
	return work;
}

static const char *reason_of(const struct pst_sensor_hook *hook)
{
	if (hook->why[0])
		return hook->why;
	return hook->error ? strerror(hook->error) : "";
}

/* missed_of - the list says what lateness costs, and blindness where nothing comes late */
static const char *missed_of(const struct pst_cover *row, enum pst_cover_state state)
{
	return state == PST_COVER_BLIND && *row->late ? "all of it" : row->why;
}

/* ---- for people ---- */

static void print_machine(const struct finding *found)
{
	printf("kernel       %s %s %s\n", found->machine.sysname, found->machine.release,
	       found->machine.machine);
	printf("BTF          %s %s\n", found->btf, found->btf_readable ? "readable" : "MISSING");
	for (size_t i = 0; i < found->capabilities; i++)
		printf("capability   %-22s %-8s %s\n", found->capability[i].name,
		       found->capability[i].held ? "held" : "MISSING", found->capability[i].why);
	fflush(stdout);
}

static void print_hooks(const struct finding *found)
{
	printf("\n%-14s %-20s %4s  %-9s %s\n", "SLOT", "PROGRAM", "RANK", "STATE", "BLIND TO");
	for (size_t i = 0; i < found->hooks; i++) {
		const struct pst_sensor_hook *hook = &found->hook[i];
		const char *reason = reason_of(hook);

		printf("%-14s %-20s %4u  %-9s %s", hook->slot, hook->program, hook->rank,
		       hook->state_name, hook->blind_to);
		if (*reason)
			printf("%s(%s)", *hook->blind_to ? " " : "", reason);
		printf("\n");
	}
	printf("\n%zu of %zu hooks work here. answered: its canary, a harmless call, made it run; "
	       "attached: there is no such call.\n",
	       count_working(found), found->hooks);
}

static void print_coverage(const struct finding *found)
{
	const struct pst_coverage *cover = &found->coverage;
	const struct pst_cover *row = pst_cover_rows(&(size_t){ 0 });
	size_t count[PST_COVER_BLIND + 1] = { 0 };

	printf("\n%-16s %-6s %-22s %s\n", "WHAT", "SEEN", "BY", "WHAT IS MISSED, AND WHY");
	for (size_t i = 0; i < cover->count; i++) {
		count[cover->state[i]]++;
		printf("%-16s %-6s %-22s", row[i].name, pst_cover_state_name(cover->state[i]),
		       cover->by[i]);
		if (cover->state[i] != PST_COVER_SEEN)
			printf(" %s%s%s%s", missed_of(&row[i], cover->state[i]),
			       cover->reason[i][0] ? " (" : "", cover->reason[i],
			       cover->reason[i][0] ? ")" : "");
		printf("\n");
	}
	printf("\n%zu are seen at once, %zu late, %zu not at all.\n", count[PST_COVER_SEEN],
	       count[PST_COVER_LATE], count[PST_COVER_BLIND]);
}

static void print_units(const struct finding *found)
{
	if (found->units.in_units)
		printf("\n%zu of %zu processes are seen in a systemd unit.\n",
		       found->units.in_units, found->units.processes);
	else
		printf("\nNone of %zu processes is seen in a systemd unit: contracts that name one bind nobody here; %s.\n",
		       found->units.processes, PST_UNITS_ADVICE);
}

/* ---- for programs ---- */

static void put_machine(struct pst_json *json, const struct finding *found)
{
	pst_json_put_bytes(json, "kernel.release", found->machine.release,
			   strlen(found->machine.release), 256);
	pst_json_put_bytes(json, "kernel.machine", found->machine.machine,
			   strlen(found->machine.machine), 256);
	pst_json_put_bytes(json, "btf.path", found->btf, strlen(found->btf), 4096);
	pst_json_put_bool(json, "btf.readable", found->btf_readable);
	for (size_t i = 0; i < found->capabilities; i++) {
		struct pst_json *one = pst_json_add_object(json, "capabilities");

		if (!one)
			return; /* printing reports the lack of memory */
		pst_json_put_text(one, "name", found->capability[i].name);
		pst_json_put_bool(one, "held", found->capability[i].held);
	}
	if (found->error[0])
		pst_json_put_text(json, "error", found->error);
}

static void put_hooks(struct pst_json *json, const struct finding *found)
{
	for (size_t i = 0; i < found->hooks; i++) {
		const struct pst_sensor_hook *hook = &found->hook[i];
		struct pst_json *one = pst_json_add_object(json, "hooks");

		if (!one)
			return;
		pst_json_put_text(one, "slot", hook->slot);
		pst_json_put_text(one, "program", hook->program);
		pst_json_put_int(one, "rank", hook->rank);
		pst_json_put_text(one, "state", hook->state_name);
		pst_json_put_text(one, "blind_to", hook->blind_to);
		pst_json_put_text(one, "reason", reason_of(hook));
	}
}

static void put_coverage(struct pst_json *json, const struct finding *found)
{
	const struct pst_coverage *cover = &found->coverage;
	const struct pst_cover *row = pst_cover_rows(&(size_t){ 0 });

	for (size_t i = 0; i < cover->count; i++) {
		struct pst_json *one = pst_json_add_object(json, "coverage");

		if (!one)
			return;
		pst_json_put_text(one, "name", row[i].name);
		pst_json_put_text(one, "text", row[i].text);
		pst_json_put_text(one, "state", pst_cover_state_name(cover->state[i]));
		pst_json_put_text(one, "by", cover->by[i]);
		if (cover->state[i] == PST_COVER_SEEN)
			continue;
		pst_json_put_text(one, "missed", missed_of(&row[i], cover->state[i]));
		pst_json_put_text(one, "reason", cover->reason[i]);
	}
}

static void put_units(struct pst_json *json, const struct finding *found)
{
	if (!found->hooks)
		return; /* the sensor could not be opened: nobody was seen */
	pst_json_put_int(json, "units.processes", (int64_t)found->units.processes);
	pst_json_put_int(json, "units.in_units", (int64_t)found->units.in_units);
}

static int print_json(const struct finding *found)
{
	struct pst_json *json = pst_json_new();
	char *text = NULL;

	if (json) {
		put_machine(json, found);
		put_hooks(json, found);
		put_coverage(json, found);
		put_units(json, found);
		text = pst_json_print_pretty(json);
	}
	pst_json_free(json);
	if (!text) {
		pst_complain("check: not enough memory");
		return PST_EXIT_FAILURE;
	}
	puts(text);
	free(text);
	return PST_EXIT_OK;
}

/* judge - the hooks of the sensor as the engine would get them */
static void judge(const struct pst_config *config, struct finding *found)
{
	struct pst_hook *hooks = calloc(found->hooks, sizeof(*hooks));
	const struct pst_coverage_in in = { .hooks = hooks,
					    .count = hooks ? found->hooks : 0,
					    .dns = config->sensor_dns,
					    .first_bytes = config->sensor_first_bytes };

	for (size_t i = 0; i < in.count;
	     i++) { /* the texts are ours, and fit as they do on the wire */
		hooks[i].state = (enum pst_hook_state)found->hook[i].state;
		hooks[i].error = (uint32_t)found->hook[i].error;
		hooks[i].rank = found->hook[i].rank;
		(void)pst_text_copy(hooks[i].slot, sizeof(hooks[i].slot), found->hook[i].slot);
		(void)pst_text_copy(hooks[i].why, sizeof(hooks[i].why), found->hook[i].why);
	}
	pst_coverage_judge(&in, &found->coverage);
	free(hooks);
}

/* tell - everything, in the form that was asked for; returns the exit code */
static int tell(const struct finding *found, int code)
{
	int printed;

	if (found->json) {
		printed = print_json(found);
		return code == PST_EXIT_OK ? printed : code;
	}
	if (found->hooks) {
		print_hooks(found);
		print_coverage(found);
		print_units(found);
	}
	return code;
}

static int look(const struct pst_args *args, const struct pst_config *config, struct finding *found)
{
	struct pst_sensor_keys keys = pst_settings_sensor(config);
	struct pst_sensor *sensor = NULL;
	int r;

	found->btf = args->value[OPT_BTF] ? args->value[OPT_BTF] : KERNEL_BTF;
	found->btf_readable = access(found->btf, R_OK) == 0;
	found->capability = pst_sensor_capabilities(&found->capabilities);
	(void)uname(&found->machine); /* cannot fail with a valid buffer */
	if (!found->json)
		print_machine(found);
	keys.frame = take_frame;
	keys.context = found->engine;
	keys.btf = args->value[OPT_BTF];
	keys.verbose = args->value[OPT_VERBOSE] != NULL;
	if (args->value[OPT_CGROUP])
		keys.cgroup = args->value[OPT_CGROUP];
	r = pst_sensor_open(&keys, &sensor, found->error);
	if (r < 0) {
		pst_complain("check: %s", found->error);
	} else {
		found->error[0] = '\0';
		found->hooks = pst_sensor_hooks(sensor, &found->hook);
		found->units = pst_engine_units(found->engine);
		judge(config, found);
	}
	r = tell(found, pst_settings_exit(r));
	pst_sensor_close(sensor, 0);
	return r;
}

static int run(const struct pst_args *args)
{
	const char *form = pst_ask_form("check", args->value[OPT_OUTPUT]);
	struct pst_engine_keys engine_keys = { .emit = drop };
	struct finding *found;
	struct pst_config *config;
	int r = PST_EXIT_FAILURE;

	if (!form)
		return PST_EXIT_USAGE;
	config = pst_settings_config(args->value[OPT_CONFIG]);
	if (!config)
		return PST_EXIT_INVALID;
	found = calloc(1, sizeof(*found));
	engine_keys.config = config;
	if (found)
		found->engine = pst_engine_new(&engine_keys);
	if (found && found->engine) {
		found->json = strcmp(form, "json") == 0;
		r = look(args, config, found);
	} else {
		pst_complain("check: not enough memory");
	}
	if (found)
		pst_engine_free(found->engine);
	free(found);
	pst_config_free(config);
	return r;
}

const struct pst_command pst_cmd_check = {
	.name = "check",
	.summary = "say what this kernel lets postern see, hook by hook, and what it is blind to",
	.operands = "",
	.text = "Loads and attaches every kernel program, makes a harmless call for each (its canary), and says which answered,\n"
		"which channels are therefore seen at once, late or not at all, and why; and whether processes are seen in systemd\n"
		"units, which contracts may name. Needs root. Nothing stays attached.",
	.options = options,
	.run = run,
};
