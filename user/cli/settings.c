// SPDX-License-Identifier: Apache-2.0
/* Which configuration holds for this command? */
#include "cli/settings.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

struct pst_config *pst_settings_config(const char *file)
{
	struct pst_config *config = pst_config_new();

	if (!config) {
		pst_complain("not enough memory");
		return NULL;
	}
	/* one that may not be looked at is there: defaults in its place would be laxer */
	if (!file && access(PST_CONFIG_FILE, F_OK) < 0 && errno == ENOENT)
		return config;
	if (pst_source_config(config, file ? file : PST_CONFIG_FILE, pst_tell_line, NULL) == 0)
		return config;
	pst_config_free(config);
	return NULL;
}

int pst_settings_trust(const char *config, const char *keys, struct pst_settings_trust *out)
{
	*out = (struct pst_settings_trust){ .config = pst_settings_config(config) };
	if (!out->config)
		return -EINVAL;
	out->signing.folder = keys ? keys : out->config->contract_keys;
	out->signing.require = out->config->require_signature;
	return 0;
}

void pst_settings_trust_clear(struct pst_settings_trust *trust)
{
	pst_config_free(trust->config);
	trust->config = NULL;
}

struct pst_sensor_keys pst_settings_sensor(const struct pst_config *config)
{
	return (struct pst_sensor_keys){
		.cgroup = config->cgroup,
		.ring_bytes = config->ring_bytes,
		.max_channels = config->sensor_channels,
		.sweep_ns = config->sweep_ns,
		.vitals_ns = config->health_ns,
		.max_share = config->sensor_share,
		.lsm = config->sensor_lsm,
		.dns = config->sensor_dns,
		.first_bytes = config->sensor_first_bytes,
		.identify = true,
		.hash = config->identity_hash,
		.hash_max_bytes = config->identity_max_bytes,
		.hash_rate = config->identity_rate,
		.packages = config->identity_packages,
		.origins = config->identity_origins,
	};
}

int pst_settings_ready(const struct pst_config *config, const char *btf)
{
	struct pst_sensor_keys keys = pst_settings_sensor(config);
	char error[PST_SENSOR_ERROR];
	int r;

	keys.btf = btf;
	r = pst_sensor_check(&keys, error);
	if (r < 0)
		pst_complain("%s", error);
	return pst_settings_exit(r);
}

bool pst_settings_identify(struct pst_sensor *sensor, const struct pst_identify *program)
{
	const struct pst_sensor_ask ask = { .start_ns = program->proc.start_ns,
					    .inode = program->inode,
					    .ctime_ns = program->ctime_ns,
					    .tgid = program->proc.tgid,
					    .dev_major = program->dev_major,
					    .dev_minor = program->dev_minor,
					    .path = program->path,
					    .script = program->script,
					    .has_host_path = program->has_host_path,
					    .container = program->container,
					    .cgroup = program->cgroup };

	return sensor && pst_sensor_identify(sensor, &ask) != -EAGAIN;
}

int pst_end_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL); /* cannot fail for this set */
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

uint64_t pst_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

int pst_settings_exit(int r)
{
	if (r >= 0)
		return PST_EXIT_OK;
	if (r == -EPERM || r == -EACCES)
		return PST_EXIT_PRIVILEGE;
	return r == -ENOTSUP ? PST_EXIT_UNSUPPORTED : PST_EXIT_FAILURE;
}
