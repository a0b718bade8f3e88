// SPDX-License-Identifier: Apache-2.0
/* What keeps a watch going? Wait for kernel, readers and signals; drain; flush. */
#include "cli/run_loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/settings.h"
#include "engine/source.h"

#define SAVE_LATE_MS 60000u /* no disk that works takes so long */
#define SAVE_LAST_MS 10000u /* a service manager's patience with two of them, and more */

enum { WAIT_SENSOR, WAIT_SIGNALS, WAIT_CTL, WAITS };

/* The first message of a reload, for the health record; all of them go to standard error. */
struct first_message {
	char text[512];
};

static void keep_first(void *context, const char *text)
{
	struct first_message *first = context;
	size_t len = strcspn(text, "\n");

	pst_tell_line(NULL, text);
	if (!*first->text)
		(void)pst_text_safe(text, len, first->text,
				    sizeof(first->text)); /* a cut message still says where */
}

static void tell_versions(struct pst_watch *watch)
{
	struct pst_warning warning = { .action = "contract-versions", .code = "VERSIONS_UNKNOWN" };

	(void)pst_text_copy(warning.message, sizeof(warning.message),
			    pst_versions_trouble(watch->versions)); /* as long as its source */
	if (!*warning.message)
		return;
	pst_complain("%s", warning.message);
	pst_engine_warn(watch->engine, &warning);
}

void pst_watch_versions(struct pst_watch *watch)
{
	(void)pst_versions_take(watch->versions, pst_engine_contract_set(watch->engine),
				time(NULL)); /* the trouble says what went wrong */
	tell_versions(watch);
}

static void guard_versions(struct pst_watch *watch)
{
	if (pst_versions_guard(watch->versions))
		tell_versions(watch);
}

static void reload(struct pst_watch *watch)
{
	struct first_message first = { .text = "" };
	const struct pst_source_contracts_keys keys = { .folder = watch->contracts,
							.tell = keep_first,
							.context = &first,
							.level = PST_DIAG_ERROR,
							.signing = &watch->signing };
	struct pst_contracts *set = NULL;
	uint32_t refused = 0;
	int r;

	pst_outputs_reopen(&watch->outputs);
	if (!watch->contracts)
		return;
	r = pst_source_contracts(&keys, &set, &refused);
	if (r == -ENOENT && watch->contracts_optional)
		return;
	if (r < 0 && !*first.text)
		(void)pst_text_format(first.text, sizeof(first.text), "%s: %s", watch->contracts,
				      strerror(-r)); /* cut is fine */
	if (set)
		pst_complain("reload: contracts in force: %zu", pst_contracts_count(set));
	else
		pst_complain("reload refused: the contracts that were read before stay in force");
	pst_engine_reload(watch->engine, set, refused, first.text);
	if (set)
		pst_watch_versions(watch);
	else
		guard_versions(watch);
}

static void judge_save(const struct pst_watch *watch, int r)
{
	if (r < 0)
		pst_complain("the profiles could not be saved in %s: %s", watch->save.folder,
			     strerror(-r));
}

static int begin_save(struct pst_watch *watch)
{
	uint64_t now_ms = pst_now_ms();

	watch->save.now_s = (uint64_t)time(NULL);
	watch->save_at_ms = now_ms + watch->config->state_interval_ns / 1000000u;
	watch->save_late_ms = now_ms + SAVE_LATE_MS;
	guard_versions(watch);
	return pst_source_history_begin(watch->engine, &watch->save);
}

/* Never two at once: one that is due while another is on its way follows it. A disk that hangs is
 * told, again and again. */
static void keep_saving(struct pst_watch *watch)
{
	int r = pst_source_history_ended(watch->engine, &watch->save);

	if (r == -EAGAIN && pst_now_ms() >= watch->save_late_ms) {
		r = pst_source_history_wait(watch->engine, &watch->save, 0);
		watch->save_late_ms = pst_now_ms() + SAVE_LATE_MS;
	}
	if (r != -EAGAIN && r != -ECHILD)
		judge_save(watch, r);
	if (!watch->save.pid && pst_now_ms() >= watch->save_at_ms)
		judge_save(watch, begin_save(watch));
}

void pst_watch_save_last(struct pst_watch *watch)
{
	int r = pst_source_history_wait(watch->engine, &watch->save, SAVE_LAST_MS);

	if (r != -ETIMEDOUT)
		r = begin_save(watch);
	if (r == 0)
		r = pst_source_history_wait(watch->engine, &watch->save, SAVE_LAST_MS);
	else if (r != -ETIMEDOUT) /* no child can be made */
		r = pst_source_history_save(watch->engine, watch->save.folder,
					    (uint64_t)time(NULL));
	judge_save(watch, r);
}

/* Returns the signal that ends the watch, or 0. */
static int take_signals(struct pst_watch *watch, int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			reload(watch);
		else if (info.ssi_signo == SIGUSR1)
			watch->save_at_ms = 0;
		else
			return (int)info.ssi_signo;
	}
	return 0;
}

int pst_watch_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int pst_watch_loop(struct pst_watch *watch)
{
	struct pollfd wait[WAITS] = {
		[WAIT_SENSOR] = { .fd = pst_sensor_fd(watch->sensor), .events = POLLIN },
		[WAIT_SIGNALS] = { .fd = watch->signals, .events = POLLIN },
		[WAIT_CTL] = { .fd = watch->ctl ? pst_ctl_fd(watch->ctl) : -1, .events = POLLIN },
	};
	int ended = 0;

	while (!ended) {
		if (poll(wait, WAITS, pst_sensor_wait_ms(watch->sensor)) < 0 && errno != EINTR)
			return -errno;
		(void)pst_sensor_poll(watch->sensor); /* what is lost inside is told as LOSS */
		if (watch->ctl)
			pst_ctl_poll(watch->ctl);
		pst_outputs_flush(&watch->outputs);
		pst_outputs_figures(&watch->outputs, watch->engine);
		ended = take_signals(watch, watch->signals);
		if (!ended)
			keep_saving(watch);
	}
	return ended;
}
