// SPDX-License-Identifier: Apache-2.0
/* Which command is meant? */
#include <fcntl.h>
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
	if (command)
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

int main(int argc, char **argv)
{
	const struct pst_command *command;
	struct pst_args args;
	int r;

	if (hold_streams() < 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return PST_EXIT_FAILURE; /* there may be nowhere to say it */
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
	r = pst_args_parse(command, argc - 1, argv + 1, &args);
	if (r != 0)
		return r > 0 ? PST_EXIT_OK : PST_EXIT_USAGE;
	return command->run(&args);
}
