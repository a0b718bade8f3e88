// SPDX-License-Identifier: Apache-2.0
/* Which command is meant? */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

static const struct pst_command *const commands[] = {
#define COMMAND(name) &pst_cmd_##name,
#include "cli/commands.def"
#undef COMMAND
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_overview(FILE *out)
{
	fputs("postern watches which network channels software opens, and alerts when one was not declared.\n\n"
	      "Usage: postern COMMAND [OPTION...]\n\nCommands:\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n'postern COMMAND --help' says more. To begin, as root: postern run --alerts - --compact\n",
	      out);
}

static const struct pst_command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

/* Its own word: "check" of "contract check". */
static const char *action_word(const struct pst_command *action)
{
	return strchr(action->name, ' ') + 1; /* it has two words, always */
}

static void print_actions(const struct pst_command *command, FILE *out)
{
	fprintf(out, "postern %s: %s\n\nUsage: postern %s ACTION [OPTION...]\n\nActions:\n",
		command->name, command->summary, command->name);
	for (size_t i = 0; command->actions[i]; i++)
		fprintf(out, "  %-10s %s\n", action_word(command->actions[i]),
			command->actions[i]->summary);
	fprintf(out, "\n'postern %s ACTION --help' says more.\n", command->name);
}

static const struct pst_command *find_action(const struct pst_command *command, const char *name)
{
	for (size_t i = 0; command->actions[i]; i++) {
		if (strcmp(action_word(command->actions[i]), name) == 0)
			return command->actions[i];
	}
	return NULL;
}

static int unknown_action(const struct pst_command *command, const char *name)
{
	const char *words[PST_ACTIONS_MAX], *near;
	size_t count = 0;

	for (; count < PST_ACTIONS_MAX && command->actions[count]; count++)
		words[count] = action_word(command->actions[count]);
	near = pst_text_nearest(name, words, count);
	if (near)
		pst_complain("%s: unknown action '%s'; did you mean '%s'?", command->name, name,
			     near);
	else
		pst_complain("%s: unknown action '%s'; 'postern help %s' lists them", command->name,
			     name, command->name);
	return PST_EXIT_USAGE;
}

static int unknown_command(const char *name)
{
	const char *words[COMMANDS];
	const char *near;

	for (size_t i = 0; i < COMMANDS; i++)
		words[i] = commands[i]->name;
	near = pst_text_nearest(name, words, COMMANDS);
	if (near)
		pst_complain("unknown command '%s'; did you mean '%s'?", name, near);
	else
		pst_complain("unknown command '%s'; 'postern help' lists them", name);
	return PST_EXIT_USAGE;
}

static int help(int argc, char **argv)
{
	const struct pst_command *command = argc > 2 ? find_command(argv[2]) : NULL;

	if (argc > 2 && !command)
		return unknown_command(argv[2]);
	if (command && command->actions && argc > 3) {
		const struct pst_command *action = find_action(command, argv[3]);

		if (!action)
			return unknown_action(command, argv[3]);
		pst_print_help(action);
	} else if (command && command->actions)
		print_actions(command, stdout);
	else if (command)
		pst_print_help(command);
	else
		print_overview(stdout);
	return PST_EXIT_OK;
}

/* A file must not get the number of a standard stream that was closed: messages would go into it.
 * Opened the wrong way round, so that its use fails as a closed one's does. */
static int hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return -1;
	}
	return 0;
}

static int start(const struct pst_command *command, int argc, char **argv)
{
	struct pst_args args;
	int r = pst_args_parse(command, argc, argv, &args);

	if (r != 0)
		return r > 0 ? PST_EXIT_OK : PST_EXIT_USAGE;
	return command->run(&args);
}

static int start_action(const struct pst_command *command, int argc, char **argv)
{
	const struct pst_command *action;

	if (argc < 2) {
		print_actions(command, stderr);
		return PST_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_actions(command, stdout);
		return PST_EXIT_OK;
	}
	action = find_action(command, argv[1]);
	return action ? start(action, argc - 1, argv + 1) : unknown_action(command, argv[1]);
}

/* Who reads a pipe may leave early, or close it from the start: nothing is wrong then. */
static bool nobody_reads(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return (fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY || /* as hold_streams did */
	       (poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)));
}

/* What a full disk did not take is told here, for all commands. */
static int end_output(int result)
{
	bool whole = fflush(stdout) == 0;
	const char *why = whole ? "what was written is not whole" : strerror(errno);

	if ((whole && !ferror(stdout)) || nobody_reads())
		return result;
	pst_complain("standard output: %s", why);
	return PST_EXIT_FAILURE;
}

static int run(int argc, char **argv)
{
	const struct pst_command *command;

	if (argc < 2) {
		print_overview(stderr);
		return PST_EXIT_USAGE;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0)
		return help(argc, argv);
	command = find_command(strcmp(argv[1], "--version") == 0 ? "version" : argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	return command->actions ? start_action(command, argc - 1, argv + 1) :
				  start(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	if (hold_streams() < 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return PST_EXIT_FAILURE; /* there may be nowhere to say it */
	return end_output(run(argc, argv));
}
