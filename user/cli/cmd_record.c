// SPDX-License-Identifier: Apache-2.0
/* What does the kernel tell? The stream as it is, into a file that 'postern replay' reads. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/settings.h"
#include "engine/engine.h"
#include "sensor/sensor.h"

enum { OPT_OUTPUT, OPT_SECONDS, OPT_WITH_PAYLOAD, OPT_CONFIG, OPT_BTF };

static const struct pst_option options[] = {
	[OPT_OUTPUT] = { .name = "output",
			 .letter = 'o',
			 .argument = "FILE",
			 .help = "the recording; must not exist; '-' is standard output" },
	[OPT_SECONDS] = { .name = "seconds",
			  .argument = "N",
			  .help = "end by itself after N seconds" },
	[OPT_WITH_PAYLOAD] = { .name = "with-payload",
			       .help = "also DNS messages and the first bytes of channels" },
	[OPT_CONFIG] = { .name = "config",
			 .argument = "FILE",
			 .preset = PST_CONFIG_FILE,
			 .help = "configuration" },
	[OPT_BTF] = { .name = "btf",
		      .argument = "FILE",
		      .help = "kernel type information, where the kernel has none" },
	{ .name = NULL },
};

struct recording {
	FILE *file;
	uint64_t frames, bytes;
	int error; /* errno of the first failed write */
	/* finds out which programs are new, so that the recording says who they are */
	struct pst_engine *engine;
	struct pst_sensor *sensor;
};

static void drop(void *context, const struct pst_record *record)
{
	(void)context; /* alerts are made of the recording when it is replayed */
	(void)record;
}

static bool identify(void *context, const struct pst_identify *program)
{
	const struct recording *recording = context;

	return pst_settings_identify(recording->sensor, program);
}

static void write_frame(void *context, const void *frame, size_t len)
{
	struct recording *recording = context;

	if (recording->error)
		return;
	errno = 0;
	if (fwrite(frame, 1, len, recording->file) != len) {
		recording->error = errno ? errno : EIO;
		return;
	}
	recording->frames++;
	recording->bytes += len;
	(void)pst_engine_frame(recording->engine, frame, len); /* it only asks */
}

/* Until a signal, the time is over, or the file takes no more. Returns the signal or 0. */
static uint32_t watch(struct pst_sensor *sensor, struct recording *recording, int signals,
		      uint64_t end_ms)
{
	struct signalfd_siginfo info = { .ssi_signo = 0 };
	struct pollfd wait[] = { { .fd = pst_sensor_fd(sensor), .events = POLLIN },
				 { .fd = signals, .events = POLLIN } };

	while (!recording->error && pst_now_ms() < end_ms) {
		(void)poll(wait, 2,
			   pst_sensor_wait_ms(sensor)); /* an interrupted wait is a short one */
		(void)pst_sensor_poll(sensor);		/* what fails inside is told as LOSS */
		if (fflush(recording->file) != 0 && !recording->error)
			recording->error = errno;
		if (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
			return info.ssi_signo;
	}
	return 0;
}

static int open_output(const char *path, FILE **out)
{
	int fd;

	if (strcmp(path, "-") == 0) {
		*out = stdout;
		return 0;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	*out = fdopen(fd, "w");
	return *out ? 0 : -errno;
}

static int record(const struct pst_sensor_keys *asked, struct recording *recording, uint64_t end_ms)
{
	struct pst_sensor_keys keys = *asked;
	char error[PST_SENSOR_ERROR];
	_cleanup_close_ int signals = pst_end_signals();
	uint32_t reason;
	int r;

	if (signals < 0)
		return PST_EXIT_FAILURE;
	keys.frame = write_frame;
	keys.context = recording;
	r = pst_sensor_open(&keys, &recording->sensor, error);
	if (r < 0) {
		pst_complain("record: %s", error);
		return pst_settings_exit(r);
	}
	reason = watch(recording->sensor, recording, signals, end_ms);
	pst_sensor_close(take_ptr(recording->sensor), reason);
	if (!recording->error && fflush(recording->file) != 0)
		recording->error = errno;
	if (recording->error == EPIPE)
		return PST_EXIT_OK; /* the reader has seen enough */
	if (recording->error) {
		pst_complain("record: the recording is cut after %" PRIu64
			     " records: %s; it can be replayed as far as it goes",
			     recording->frames, strerror(recording->error));
		return PST_EXIT_FAILURE;
	}
	fprintf(stderr, "%" PRIu64 " records, %" PRIu64 " bytes\n", recording->frames,
		recording->bytes);
	return PST_EXIT_OK;
}

/* A recording that was never begun leaves no file. */
static int record_to(struct recording *recording, const char *path,
		     const struct pst_sensor_keys *keys, uint64_t seconds)
{
	int r = open_output(path, &recording->file);

	if (r < 0) {
		pst_complain(
			"record: cannot make %s: %s; name a new file in a folder that may be written",
			path, strerror(-r));
		return PST_EXIT_FAILURE;
	}
	r = record(keys, recording, seconds ? pst_now_ms() + seconds * 1000u : UINT64_MAX);
	if (recording->file == stdout)
		return r;
	pst_close_file(&recording->file);
	if (r != PST_EXIT_OK && !recording->frames)
		(void)unlink(path); /* an empty file that stays does no harm */
	return r;
}

static int record_with(const struct pst_config *config, const char *path,
		       const struct pst_sensor_keys *keys, uint64_t seconds)
{
	struct recording recording = { .file = NULL };
	const struct pst_engine_keys engine = {
		.config = config, .emit = drop, .identify = identify, .context = &recording
	};
	int r = PST_EXIT_FAILURE;

	recording.engine = pst_engine_new(&engine);
	if (recording.engine)
		r = record_to(&recording, path, keys, seconds);
	else
		pst_complain("record: not enough memory");
	pst_engine_free(recording.engine);
	return r;
}

static int run(const struct pst_args *args)
{
	const char *path = args->value[OPT_OUTPUT];
	struct pst_sensor_keys keys;
	struct pst_config *config;
	unsigned long seconds = 0;
	int r;

	if (!path) {
		pst_complain("record: name the recording: postern record -o FILE");
		return PST_EXIT_USAGE;
	}
	if (args->value[OPT_SECONDS] &&
	    pst_parse_count(args->value[OPT_SECONDS], 31536000, &seconds) < 0) {
		pst_complain("record: --seconds takes a number from 0 to 31536000, not '%s'",
			     args->value[OPT_SECONDS]);
		return PST_EXIT_USAGE;
	}
	config = pst_settings_config(args->value[OPT_CONFIG]);
	if (!config)
		return PST_EXIT_INVALID;
	keys = pst_settings_sensor(config);
	keys.btf = args->value[OPT_BTF];
	/* not told at all: records left out of the file would be holes in its numbers */
	if (!args->value[OPT_WITH_PAYLOAD])
		keys.dns = keys.first_bytes = false;
	r = pst_settings_ready(config, keys.btf);
	if (r == PST_EXIT_OK)
		r = record_with(config, path, &keys, seconds);
	pst_config_free(config);
	return r;
}

const struct pst_command pst_cmd_record = {
	.name = "record",
	.summary = "write what the kernel tells into a file, for replay",
	.operands = "",
	.text = "The recording holds process names, command lines and addresses, so only its owner may read it (mode 0600).\n"
		"Payload is in it only with --with-payload: whole DNS messages, the first 16 bytes of channels, 512 of a\n"
		"TLS ClientHello. Without it names in contracts and TLS server names are not judged in a replay.\n\n"
		"Example: postern record -o monday.pst --seconds 3600",
	.options = options,
	.run = run,
};
