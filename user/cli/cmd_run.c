// SPDX-License-Identifier: Apache-2.0
/* Watch this machine until told to stop. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/answers.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/run_loop.h"
#include "cli/settings.h"
#include "engine/source.h"

enum {
	OPT_CONFIG,
	OPT_CONTRACTS,
	OPT_KEYS,
	OPT_STATE,
	OPT_RUNTIME,
	OPT_ALERTS,
	OPT_EVENTS,
	OPT_COMPACT,
	OPT_BTF,
	OPT_VERBOSE
};

static const struct pst_option options[] = {
	[OPT_CONFIG] = { .name = "config",
			 .argument = "FILE",
			 .preset = PST_CONFIG_FILE,
			 .help = "configuration" },
	[OPT_CONTRACTS] = { .name = "contracts",
			    .argument = "DIR",
			    .preset = PST_CONTRACTS_DIR,
			    .help = "folder of contracts" },
	[OPT_KEYS] = PST_OPTION_KEYS,
	[OPT_STATE] = { .name = "state",
			.argument = "DIR",
			.preset = PST_STATE_DIR,
			.help = "what must outlive a restart" },
	[OPT_RUNTIME] = { .name = "runtime",
			  .argument = "DIR",
			  .preset = PST_RUNTIME_DIR,
			  .help = "live socket and lock" },
	[OPT_ALERTS] = { .name = "alerts",
			 .argument = "FILE",
			 .preset = PST_ALERTS_FILE,
			 .help = "where alerts and health go; '-': standard output" },
	[OPT_EVENTS] = { .name = "events",
			 .argument = "FILE",
			 .help = "where all records go (default " PST_EVENTS_FILE
				 ", when --alerts is not given)" },
	[OPT_COMPACT] = { .name = "compact",
			  .help = "readable lines on standard output, and a summary at the end" },
	[OPT_BTF] = { .name = "btf",
		      .argument = "FILE",
		      .help = "kernel type information, where the kernel has none" },
	[OPT_VERBOSE] = { .name = "verbose", .letter = 'v', .help = "also what libbpf says" },
	{ .name = NULL },
};

struct daemon {
	struct pst_watch watch;
	int lock;
	uint64_t live_sequence;
	uint64_t sweep_from_ms; /* when a question may make the sensor sweep again */
};

static void emit(void *context, const struct pst_record *record)
{
	struct daemon *daemon = context;
	char line[PST_RECORD_MAX];
	int len;

	pst_outputs_put(&daemon->watch.outputs, record);
	/* readers follow what people act on; the events file has the rest */
	if (!daemon->watch.ctl || (record->dataset != PST_ALERT && record->dataset != PST_HEALTH))
		return;
	len = pst_record_line(record, daemon->live_sequence + 1, line, sizeof(line));
	if (len < 0)
		return;
	daemon->live_sequence++;
	pst_ctl_put(daemon->watch.ctl, line, (size_t)len);
}

static bool identify(void *context, const struct pst_identify *program)
{
	const struct daemon *daemon = context;

	return pst_settings_identify(daemon->watch.sensor, program);
}

static void take_frame(void *context, const void *frame, size_t len)
{
	struct daemon *daemon = context;

	daemon->watch.frames++;
	(void)pst_engine_frame(daemon->watch.engine, frame,
			       len); /* a reject is counted and told in health */
}

/* Readers want what is, not what was at the last sweep; but who asks all the time must not cost all
 * the time: after a sweep comes a pause as long as the sweep took. */
static void freshen(struct daemon *daemon)
{
	uint64_t before = pst_now_ms(), after;

	if (before < daemon->sweep_from_ms)
		return;
	pst_sensor_sweep(daemon->watch.sensor);
	after = pst_now_ms();
	daemon->sweep_from_ms = after + (after - before);
}

/* Readers want what is; the engine knows what was told. */
static int answer(void *context, const char *line, char **reply)
{
	struct daemon *daemon = context;

	freshen(daemon);
	return pst_answer(daemon->watch.engine, line, reply);
}

static int make_folder(const char *path, const char *option, mode_t mode)
{
	struct stat info;
	int error;

	if (mkdir(path, mode) == 0)
		return 0;
	error = errno;
	if (error == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
		return 0;
	pst_complain("cannot make the folder %s: %s; give %s another path", path, strerror(error),
		     option);
	return -error;
}

/* One daemon per runtime folder: the lock goes with the process, however that ends. */
static int lock_runtime(struct daemon *daemon, const char *folder)
{
	char path[4096];
	int error = ENAMETOOLONG;

	if (pst_text_format(path, sizeof(path), "%s/postern.lock", folder) == 0) {
		daemon->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		error = errno;
	}
	if (daemon->lock < 0) {
		pst_complain("cannot make %s: %s; give --runtime another folder", path,
			     strerror(error));
		return -error;
	}
	if (flock(daemon->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	pst_complain("another postern runs with %s; stop it, or give --runtime another folder",
		     folder);
	return -EBUSY;
}

static int open_ctl(struct daemon *daemon, const char *folder)
{
	const struct group *group = getgrnam(daemon->watch.config->live_group);
	char path[4096];
	struct pst_ctl_keys keys = {
		.path = path, .has_group = group != NULL, .verb = answer, .context = daemon
	};
	int r = pst_text_format(path, sizeof(path), "%s/%s", folder, PST_SOCKET_NAME);

	if (group)
		keys.group = group->gr_gid;
	if (r == 0)
		r = pst_ctl_new(&keys, &daemon->watch.ctl);
	if (r == 0)
		return 0;
	if (r == -EADDRINUSE)
		pst_complain(
			"another daemon answers at %s; stop it, or give --runtime another folder",
			path);
	else if (r == -EEXIST)
		pst_complain(
			"%s is there and is no socket; remove it, or give --runtime another folder",
			path);
	else
		pst_complain("cannot make the socket %s: %s", path, strerror(-r));
	return r;
}

static int load_contracts(struct daemon *daemon, const char *folder)
{
	const struct pst_source_contracts_keys keys = { .folder = folder ? folder :
									   PST_CONTRACTS_DIR,
							.tell = pst_tell_line,
							.level = PST_DIAG_ERROR,
							.signing = &daemon->watch.signing };
	struct pst_contracts *set;
	int r = pst_source_contracts(&keys, &set, NULL);

	daemon->watch.contracts = keys.folder;
	daemon->watch.contracts_optional = folder == NULL;
	if (r == -ENOENT && !folder)
		return 0;
	if (r < 0) {
		if (r != -EINVAL)
			pst_complain(
				"cannot read the contracts in %s: %s; give --contracts the folder of the *.json files",
				keys.folder, strerror(-r));
		return r;
	}
	pst_engine_contracts(daemon->watch.engine, set);
	return 0;
}

static int prepare_signing(struct daemon *daemon, const struct pst_args *args)
{
	const struct pst_config *config = daemon->watch.config;
	int r = pst_versions_read(args->value[OPT_STATE] ? args->value[OPT_STATE] : PST_STATE_DIR,
				  &daemon->watch.versions);

	daemon->watch.signing = (struct pst_signing){ .folder = args->value[OPT_KEYS] ?
									args->value[OPT_KEYS] :
									config->contract_keys,
						      .require = config->require_signature,
						      .versions = daemon->watch.versions };
	return r;
}

static int prepare_engine(struct daemon *daemon, const struct pst_args *args)
{
	struct pst_engine_keys keys = { .emit = emit, .identify = identify, .context = daemon };

	daemon->watch.config = pst_settings_config(args->value[OPT_CONFIG]);
	if (!daemon->watch.config)
		return PST_EXIT_INVALID;
	keys.config = daemon->watch.config;
	daemon->watch.engine = pst_engine_new(&keys);
	if (!daemon->watch.engine || prepare_signing(daemon, args) < 0) {
		pst_complain("not enough memory");
		return PST_EXIT_FAILURE;
	}
	return load_contracts(daemon, args->value[OPT_CONTRACTS]) < 0 ? PST_EXIT_INVALID :
									PST_EXIT_OK;
}

static void load_profiles(struct daemon *daemon)
{
	int r = pst_source_history(daemon->watch.engine, daemon->watch.save.folder);

	if (r < 0)
		pst_complain(
			"the profiles of earlier sessions in %s were not taken in (%s); a health record says why, and what became of the file",
			daemon->watch.save.folder, strerror(-r));
}

static int prepare_files(struct daemon *daemon, const struct pst_args *args)
{
	const char *runtime = args->value[OPT_RUNTIME] ? args->value[OPT_RUNTIME] : PST_RUNTIME_DIR;
	const char *alerts = args->value[OPT_ALERTS], *events = args->value[OPT_EVENTS];
	struct pst_outputs_keys keys = { .config = daemon->watch.config,
					 .compact = args->value[OPT_COMPACT] != NULL };

	if (make_folder(runtime, "--runtime", 0755) < 0 ||
	    make_folder(daemon->watch.save.folder, "--state", 0750) < 0)
		return PST_EXIT_FAILURE;
	if (!alerts && make_folder("/var/log/postern", "--alerts", 0750) < 0)
		return PST_EXIT_FAILURE;
	keys.alerts = alerts ? alerts : PST_ALERTS_FILE;
	keys.events = !alerts && !events ? PST_EVENTS_FILE : events;
	if (lock_runtime(daemon, runtime) < 0)
		return PST_EXIT_FAILURE;
	load_profiles(daemon); /* with the lock: nobody else writes there */
	if (pst_outputs_open(&keys, &daemon->watch.outputs) < 0 || open_ctl(daemon, runtime) < 0)
		return PST_EXIT_FAILURE;
	return PST_EXIT_OK;
}

static void print_summary(const struct daemon *daemon)
{
	struct pst_engine_figures figures;

	pst_engine_figures(daemon->watch.engine, &figures);
	printf("\npostern watched %" PRIu64 " s: %zu programs, %zu channels, %" PRIu64
	       " alerts (%" PRIu64 " updates); "
	       "%" PRIu64 " records, %" PRIu64 " lost\n",
	       (figures.time_ns - figures.started_ns) / 1000000000u, figures.attrib.programs,
	       figures.profile.channels, figures.alert.alerts, figures.alert.updates, figures.seen,
	       figures.lost);
	fflush(stdout);
}

/* One line for whoever started it by hand; a service's journal keeps it. */
static void tell_start(const struct daemon *daemon, const struct pst_args *args)
{
	const struct pst_contracts *set = pst_engine_contract_set(daemon->watch.engine);
	struct pst_engine_figures figures;

	pst_engine_figures(daemon->watch.engine, &figures);
	pst_complain("watching with %u of %u hooks; contracts: %zu; alerts: %s",
		     figures.vitals.hooks_attached, figures.vitals.hooks_expected,
		     pst_contracts_count(set),
		     args->value[OPT_ALERTS] ? args->value[OPT_ALERTS] : PST_ALERTS_FILE);
}

/* prepare_sensor - with its worker, which must not hold the profiles for ever */
static int prepare_sensor(struct daemon *daemon, const struct pst_args *args)
{
	struct pst_sensor_keys keys = pst_settings_sensor(daemon->watch.config);
	char error[PST_SENSOR_ERROR];
	int r;

	daemon->watch.signals = pst_watch_signals();
	if (daemon->watch.signals < 0) {
		pst_complain("cannot take signals: %s", strerror(-daemon->watch.signals));
		return PST_EXIT_FAILURE;
	}
	keys.btf = args->value[OPT_BTF];
	keys.verbose = args->value[OPT_VERBOSE] != NULL;
	keys.frame = take_frame;
	keys.context = daemon;
	r = pst_sensor_new(&keys, &daemon->watch.sensor, error);
	if (r < 0)
		pst_complain("%s", error);
	return pst_settings_exit(r);
}

static int watch(struct daemon *daemon, const struct pst_args *args)
{
	char error[PST_SENSOR_ERROR];
	int r = pst_sensor_start(daemon->watch.sensor, error);

	if (r < 0) {
		pst_complain("%s", error);
		return pst_settings_exit(r);
	}
	pst_watch_versions(&daemon->watch);
	tell_start(daemon, args);
	daemon->watch.save_at_ms = pst_now_ms() +
				   daemon->watch.config->state_interval_ns / 1000000u;
	r = pst_watch_loop(&daemon->watch);
	pst_sensor_close(take_ptr(daemon->watch.sensor), r > 0 ? (uint32_t)r : 0);
	pst_engine_end(daemon->watch.engine);
	pst_watch_save_last(&daemon->watch);
	pst_outputs_flush(&daemon->watch.outputs);
	if (args->value[OPT_COMPACT])
		print_summary(daemon);
	if (r < 0)
		pst_complain("waiting failed: %s", strerror(-r));
	return pst_outputs_lost(&daemon->watch.outputs) || r < 0 ? PST_EXIT_FAILURE : PST_EXIT_OK;
}

static int run(const struct pst_args *args)
{
	struct daemon daemon = {
		.lock = -1,
		.watch = { .signals = -1,
			   .save.folder = args->value[OPT_STATE] ? args->value[OPT_STATE] :
								   PST_STATE_DIR },
	};
	int result = prepare_engine(&daemon, args);

	if (result == PST_EXIT_OK)
		result = prepare_sensor(&daemon, args);
	if (result == PST_EXIT_OK)
		result = prepare_files(&daemon, args);
	if (result == PST_EXIT_OK)
		result = watch(&daemon, args);
	pst_sensor_close(daemon.watch.sensor, 0); /* one that never started */
	pst_ctl_free(daemon.watch.ctl);
	pst_outputs_close(&daemon.watch.outputs);
	pst_engine_free(daemon.watch.engine);
	pst_versions_free(daemon.watch.versions);
	pst_config_free(daemon.watch.config);
	pst_close_fd(&daemon.watch.signals);
	pst_close_fd(&daemon.lock);
	return result;
}

const struct pst_command pst_cmd_run = {
	.name = "run",
	.summary = "watch this machine: alerts as JSON lines, live socket, health",
	.operands = "",
	.text = "Needs root. Runs in the foreground until SIGINT or SIGTERM; SIGHUP reads the contracts again and reopens the files;\n"
		"SIGUSR1 writes the profiles to the state folder, as every state.interval does.\n\n"
		"Example: postern run --contracts ./contracts --alerts alerts.json --compact",
	.options = options,
	.run = run,
};
