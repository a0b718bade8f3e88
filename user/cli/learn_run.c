// SPDX-License-Identifier: Apache-2.0
/* What does a program do that is not trusted yet? It runs where only it is, and is watched from
 * before its first instruction; what comes out is the draft, and what is new against a contract. */
#include "cli/learn.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/one_contract.h"
#include "cli/settings.h"
#include "contract/diff.h"

#define PROGRAMS_MAX 16u
#define GRACE_MS 5000u /* between asking it to end and ending it */
#define STEP_MS 100    /* how long its end may stay unseen */

/* What the command may turn out to be: a script among its arguments is the program, not what runs
 * it. */
struct candidates {
	char *path[PROGRAMS_MAX]; /* arguments first, then the command itself */
	size_t count;
};

struct session {
	const struct pst_learn_run *keys;
	struct pst_config *config;
	struct pst_engine *engine;
	struct pst_cage cage;
	struct pst_contracts *before; /* what the draft is compared with; NULL: with nothing */
	FILE *record;		      /* NULL: nobody keeps the stream */
	bool record_failed;
};

static void take_frame(void *context, const void *frame, size_t len)
{
	struct session *session = context;

	(void)pst_engine_frame(session->engine, frame, len); /* a reject is counted by it */
	if (session->record && fwrite(frame, 1, len, session->record) != len)
		session->record_failed = true;
}

static void no_record(void *context, const struct pst_record *record)
{
	(void)context; /* only the history is asked for */
	(void)record;
}

/* find_program - the file that execvp will execute; false when there is none */
static bool find_program(const char *name, char out[PATH_MAX])
{
	const char *path = getenv("PATH"), *at;
	char tried[PATH_MAX];
	size_t len;

	if (strchr(name, '/'))
		return realpath(name, out) != NULL;
	for (at = path ? path : "/usr/bin:/bin"; *at; at += len + (at[len] == ':')) {
		len = strcspn(at, ":");
		if (pst_text_format(tried, sizeof(tried), "%.*s/%s", (int)len, at, name) == 0 &&
		    access(tried, X_OK) == 0)
			return realpath(tried, out) != NULL;
	}
	return false;
}

static int find_candidates(char *const *command, struct candidates *out)
{
	char program[PATH_MAX];
	size_t i;

	if (!find_program(command[0], program))
		return -ENOENT;
	for (i = 1; command[i] && out->count + 1 < PROGRAMS_MAX; i++) {
		char *path = realpath(command[i], NULL);

		if (path)
			out->path[out->count++] = path;
	}
	out->path[out->count] = strdup(program);
	return out->path[out->count++] ? 0 : -ENOMEM;
}

/* Until nobody is left; when the time is over, or a person says so, it is asked to end, then ended.
 */
static void watch(struct session *session, struct pst_sensor *sensor, int signals)
{
	uint64_t end_ms = session->keys->limit_ms ? pst_now_ms() + session->keys->limit_ms :
						    UINT64_MAX;
	struct pollfd wait[] = { { .fd = pst_sensor_fd(sensor), .events = POLLIN },
				 { .fd = signals, .events = POLLIN } };
	struct signalfd_siginfo info;
	bool asked = false;

	while (!pst_cage_is_empty(&session->cage)) {
		int wait_ms = pst_sensor_wait_ms(sensor);

		(void)poll(wait, 2,
			   wait_ms < STEP_MS ? wait_ms : STEP_MS); /* a shorter wait is fine */
		(void)pst_sensor_poll(sensor);			   /* what fails is told as LOSS */
		if (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
			end_ms = asked ? 0 : pst_now_ms();
		if (pst_now_ms() < end_ms)
			continue;
		pst_cage_signal(&session->cage, asked ? SIGKILL : SIGTERM);
		end_ms = pst_now_ms() + (asked ? STEP_MS : GRACE_MS);
		asked = true;
	}
	(void)pst_sensor_poll(sensor); /* its last deeds */
}

static int run_watched(struct session *session)
{
	struct pst_sensor_keys keys = pst_settings_sensor(session->config);
	_cleanup_close_ int signals = pst_end_signals();
	char error[PST_SENSOR_ERROR];
	struct pst_sensor *sensor;
	int r;

	if (signals < 0)
		return PST_EXIT_FAILURE;
	keys.cgroup = session->cage.path;
	keys.frame = take_frame;
	keys.context = session;
	r = pst_sensor_open(&keys, &sensor, error);
	if (r < 0) {
		pst_complain("learn: %s", error);
		return pst_settings_exit(r);
	}
	pst_cage_go(&session->cage);
	watch(session, sensor, signals);
	pst_sensor_close(sensor, 0);
	pst_engine_end(session->engine);
	return PST_EXIT_OK;
}

static void print_changes(const struct pst_changes *changes)
{
	size_t told = 0, i;

	for (i = 0; i < changes->count; i++) {
		if (changes->list[i].kind != PST_CHANGE_NEWLY)
			continue;
		fprintf(stderr, "+ %s\n", changes->list[i].text);
		told++;
	}
	if (!told)
		fputs("nothing: the contract allows all of the draft\n", stderr);
}

/* The draft goes to standard output, which is a contract; what is new goes beside it. */
static int compare(const struct session *session, const char *text)
{
	struct pst_contracts *after = pst_contracts_new();
	struct pst_diags *diags = malloc(sizeof(*diags));
	struct pst_changes changes;
	int r = -ENOMEM;

	if (after && diags) {
		pst_diags_init(diags, "the draft");
		r = pst_contracts_add(after, "the draft", text, strlen(text), diags);
	}
	if (r == 0)
		r = pst_contract_compare(pst_contracts_at(session->before, 0),
					 pst_contracts_at(after, 0), &changes);
	if (r == 0) {
		fprintf(stderr, "new against %s:\n", session->keys->contract);
		print_changes(&changes);
		pst_changes_clear(&changes);
	} else {
		pst_complain("learn: the draft cannot be compared: %s", strerror(-r));
	}
	free(diags);
	pst_contracts_free(after);
	return r == 0 ? PST_EXIT_OK : PST_EXIT_FAILURE;
}

/* known - the one of them that was executed */
static const char *known(const struct session *session, const struct candidates *candidates)
{
	const struct pst_history *history = pst_engine_history(session->engine);
	size_t i;

	for (i = 0; i + 1 < candidates->count; i++)
		if (pst_history_find(history, candidates->path[i]))
			return candidates->path[i];
	return candidates->path[i];
}

static int print_draft(const struct session *session, const struct candidates *candidates)
{
	const struct pst_learn_run *run = session->keys;
	char why[PST_LEARN_WHY];
	const char *name = known(session, candidates);
	struct pst_learn_keys keys = {
		.history = pst_engine_history(session->engine),
		.names = &name,
		.name_count = 1,
		.whole = true,
		.id = run->id,
		/* under the contract that binds it all was told: that is no alert of anybody's */
		.accept = run->accept | 1u << PST_DRAFT_ALERTED,
		.internal = session->config->internal_networks.list,
		.internal_count = session->config->internal_networks.count,
	};
	struct pst_engine_figures figures;
	int result = PST_EXIT_OK;
	char *text;

	pst_engine_figures(session->engine, &figures);
	keys.now_s = pst_wall_s(figures.time_ns, pst_engine_wall_offset(session->engine));
	text = pst_view_learn(&keys, why);
	if (!text) {
		pst_complain("learn: %s", why);
		return PST_EXIT_FAILURE;
	}
	fputs(text, stdout);
	if (fflush(stdout) == 0 && session->before) /* else the end of main tells */
		result = compare(session, text);
	free(text);
	return result;
}

static void tell_end(int status, const char *program)
{
	if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status))
		pst_complain("learn: %s ended with status %d", program, WEXITSTATUS(status));
	else if (status >= 0 && WIFSIGNALED(status))
		pst_complain("learn: %s was ended by signal %d", program, WTERMSIG(status));
}

/* Whatever it starts is charged to it then. */
static int bind_programs(struct session *session, const struct candidates *candidates)
{
	_cleanup_free_ char *text = pst_draft_binding((const char *const *)candidates->path,
						      candidates->count);
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	struct pst_contracts *set = pst_contracts_new();

	if (text && diags && set) {
		pst_diags_init(diags, "learnt");
		if (pst_contracts_add(set, "learnt", text, strlen(text), diags) == 0) {
			pst_engine_contracts(session->engine, set);
			return 0;
		}
	}
	pst_contracts_free(set);
	pst_complain("learn: no contract can name %s", candidates->path[candidates->count - 1]);
	return -EINVAL;
}

/* open_session - what is needed before anything runs; an exit code */
static int open_session(struct session *session)
{
	struct pst_engine_keys keys = { .emit = no_record };
	int fd, result;

	session->config = pst_settings_config(session->keys->config);
	if (!session->config)
		return PST_EXIT_INVALID;
	if (session->keys->contract) { /* before anything runs: a run may take long */
		session->before = pst_one_contract("learn --contract", session->keys->contract,
						   NULL);
		if (!session->before)
			return PST_EXIT_INVALID;
	}
	result = pst_settings_ready(session->config, NULL);
	if (result != PST_EXIT_OK)
		return result;
	keys.config = session->config;
	session->engine = pst_engine_new(&keys);
	if (!session->engine) {
		pst_complain("learn: not enough memory");
		return PST_EXIT_FAILURE;
	}
	if (!session->keys->record)
		return PST_EXIT_OK;
	fd = open(session->keys->record, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	session->record = fd < 0 ? NULL : fdopen(fd, "w");
	if (session->record)
		return PST_EXIT_OK;
	pst_complain("learn: cannot make %s: %s; name a new file", session->keys->record,
		     strerror(errno));
	return PST_EXIT_FAILURE;
}

static int close_session(struct session *session, int result)
{
	if (session->record && (fflush(session->record) != 0 || session->record_failed)) {
		pst_complain("learn: the recording %s is not whole", session->keys->record);
		result = PST_EXIT_FAILURE;
	}
	pst_close_file(&session->record);
	pst_contracts_free(session->before);
	pst_engine_free(session->engine);
	pst_config_free(session->config);
	return result;
}

int pst_learn_run(const struct pst_learn_run *keys)
{
	struct session session = { .keys = keys, .cage = { .pid = -1, .gate = -1 } };
	struct candidates candidates = { .count = 0 };
	int result, status;

	if (find_candidates(keys->command, &candidates) < 0) {
		pst_complain("learn: there is no program %s", keys->command[0]);
		return PST_EXIT_USAGE;
	}
	result = open_session(&session);
	if (result == PST_EXIT_OK && bind_programs(&session, &candidates) < 0)
		result = PST_EXIT_FAILURE;
	if (result == PST_EXIT_OK &&
	    (pst_cage_open(&session.cage) < 0 || pst_cage_start(&session.cage, keys->command) < 0))
		result = PST_EXIT_PRIVILEGE;
	if (result == PST_EXIT_OK)
		result = run_watched(&session);
	status = pst_cage_close(&session.cage);
	if (result == PST_EXIT_OK) {
		tell_end(status, keys->command[0]);
		result = print_draft(&session, &candidates);
	}
	while (candidates.count)
		free(candidates.path[--candidates.count]);
	return close_session(&session, result);
}
