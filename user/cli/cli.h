// SPDX-License-Identifier: Apache-2.0
/* cli: what can a person ask of postern? One file per command, one table of options per command,
 * from which help is made. */
#ifndef PST_CLI_CLI_H
#define PST_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

enum pst_exit {
	PST_EXIT_OK = 0,
	PST_EXIT_FAILURE = 1,	  /* something failed while it ran */
	PST_EXIT_USAGE = 2,	  /* the command line is wrong */
	PST_EXIT_INVALID = 3,	  /* configuration or contract invalid */
	PST_EXIT_UNSUPPORTED = 4, /* this kernel, or its BTF */
	PST_EXIT_PRIVILEGE = 5,	  /* a capability is missing */
	PST_EXIT_FINDINGS = 6,	  /* contracts would have raised alerts */
};

#define PST_OPTIONS_MAX 16
#define PST_ACTIONS_MAX 32

struct pst_option {
	const char *name;     /* "contracts": --contracts; ends the table when NULL */
	char letter;	      /* 'n': -n; 0: none */
	const char *argument; /* "DIR"; NULL: takes none */
	const char *preset;   /* what stands without it; NULL: nothing */
	const char *help;
};

struct pst_args {
	const char *value[PST_OPTIONS_MAX]; /* by index in the command's table; a given option
					       without argument is "" */
	char **rest;
	int rest_count;
};

struct pst_command {
	const char *name;
	const char *summary;  /* one line */
	const char *operands; /* "[FILE...]"; "" for none */
	const char *text;     /* what a person wants to know before using it, with an example */
	const struct pst_option *options;
	int rest_min, rest_max; /* how many operands it takes; -1: any */
	int (*run)(const struct pst_args *args);
	/* what it can do, by its first word: "contract check"; NULL-terminated. NULL: one thing.
	 * Each is a command of its own, named with both words */
	const struct pst_command *const *actions;
};

/* pst_args_parse - 0; 1 when help was printed; -EINVAL after a message on standard error */
int pst_args_parse(const struct pst_command *command, int argc, char **argv, struct pst_args *out);
void pst_print_help(const struct pst_command *command);

/* pst_complain - "postern: ..." on standard error */
void pst_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void pst_tell_line(void *context,
		   const char *text); /* a pst_tell_fn: the text and a newline on standard error */

/* pst_parse_count - a whole number from 0 to @max; -EINVAL */
int pst_parse_count(const char *text, unsigned long max, unsigned long *out);

#define COMMAND(name) extern const struct pst_command pst_cmd_##name;
#include "cli/commands.def"
#undef COMMAND

#define ACTION(name) extern const struct pst_command pst_contract_##name;
#include "cli/contract_actions.def"
#undef ACTION

#endif
