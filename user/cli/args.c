// SPDX-License-Identifier: Apache-2.0
/* What did the person ask for? Options of one command by its table; help from the same table. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"

#define LONG_BASE 1000

void pst_complain(const char *fmt, ...)
{
	va_list args;

	fputs("postern: ", stderr);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args); /* nowhere else to say it */
	va_end(args);
	fputc('\n', stderr);
}

void pst_tell_line(void *context, const char *text)
{
	(void)context; /* standard error needs none */
	fprintf(stderr, "%s\n", text);
}

int pst_parse_count(const char *text, unsigned long max, unsigned long *out)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || value > max)
		return -EINVAL;
	*out = value;
	return 0;
}

void pst_print_help(const struct pst_command *command)
{
	printf("postern %s: %s\n\nUsage: postern %s%s%s%s\n", command->name, command->summary,
	       command->name, command->options->name ? " [OPTION...]" : "",
	       *command->operands ? " " : "", command->operands);
	if (command->text)
		printf("\n%s\n", command->text);
	if (command->options->name)
		printf("\nOptions:\n");
	for (const struct pst_option *option = command->options; option->name; option++) {
		char left[48], letter[8] = "    ";

		if (option->letter)
			(void)pst_text_format(letter, sizeof(letter), "-%c, ",
					      option->letter); /* fits */
		(void)pst_text_format(left, sizeof(left), "%s--%s%s%s", letter, option->name,
				      option->argument ? " " : "",
				      option->argument ? option->argument :
							 ""); /* names are ours and short */
		printf("  %-26s %s%s%s%s\n", left, option->help, option->preset ? " (default " : "",
		       option->preset ? option->preset : "", option->preset ? ")" : "");
	}
	printf("\nExit codes: 0 ok, 1 failure, 2 usage, 3 configuration or contract invalid, 4 kernel unsupported, 5 privilege missing, 6 findings\n");
}

static int fill_tables(const struct pst_command *command, struct option *longs, char *shorts)
{
	int count = 0;

	*shorts++ = ':';
	for (const struct pst_option *option = command->options; option->name; option++, count++) {
		longs[count] = (struct option){ option->name,
						option->argument ? required_argument : no_argument,
						NULL, LONG_BASE + count };
		if (!option->letter)
			continue;
		*shorts++ = option->letter;
		if (option->argument)
			*shorts++ = ':';
	}
	longs[count] = (struct option){ "help", no_argument, NULL, 'h' };
	longs[count + 1] = (struct option){ NULL, 0, NULL, 0 };
	*shorts++ = 'h';
	*shorts = '\0';
	return count;
}

static int index_of(const struct pst_command *command, int given)
{
	if (given >= LONG_BASE)
		return given - LONG_BASE;
	for (int i = 0; command->options[i].name; i++) {
		if (command->options[i].letter == given)
			return i;
	}
	return -1;
}

static int wrong_option(const struct pst_command *command, char **argv, int given)
{
	const char *words[PST_OPTIONS_MAX + 1] = { "help" };
	const char *text = argv[optind - 1], *near = NULL;
	char letter[3] = { '-', (char)optopt, '\0' };
	size_t count = 1;

	if (strncmp(text, "--", 2) != 0 && optopt > ' ' && optopt <= '~')
		text = letter; /* one of several letters in one word */

	if (given == ':') {
		pst_complain("%s: %s takes an argument; see 'postern %s --help'", command->name,
			     text, command->name);
		return -EINVAL;
	}
	for (const struct pst_option *option = command->options; option->name; option++)
		words[count++] = option->name;
	if (strncmp(text, "--", 2) == 0)
		near = pst_text_nearest(text + 2, words, count);
	if (near)
		pst_complain("%s: unknown option %s; did you mean --%s?", command->name, text,
			     near);
	else
		pst_complain("%s: unknown option %s; see 'postern %s --help'", command->name, text,
			     command->name);
	return -EINVAL;
}

/* refuse_count - @extra: the first operand too many; NULL: there are too few */
static int refuse_count(const struct pst_command *command, const char *extra)
{
	pst_complain("%s: %s%s%s; usage: postern %s%s%s; see 'postern %s --help'", command->name,
		     extra ? "'" : "", extra ? extra : "an operand is missing",
		     extra ? "' is one operand too many" : "", command->name,
		     *command->operands ? " " : "", command->operands, command->name);
	return -EINVAL;
}

int pst_args_parse(const struct pst_command *command, int argc, char **argv, struct pst_args *out)
{
	struct option longs[PST_OPTIONS_MAX + 2];
	char shorts[2 * PST_OPTIONS_MAX + 4];
	struct pst_args args = { .rest = NULL };
	int given;

	(void)fill_tables(command, longs, shorts); /* the count is not needed */
	optind = 1;
	opterr = 0;
	while ((given = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		int index;

		if (given == 'h') {
			pst_print_help(command);
			return 1;
		}
		index = given == '?' || given == ':' ? -1 : index_of(command, given);
		if (index < 0)
			return wrong_option(command, argv, given);
		args.value[index] = optarg ? optarg : "";
	}
	args.rest = argv + optind;
	args.rest_count = argc - optind;
	if (args.rest_count < command->rest_min)
		return refuse_count(command, NULL);
	if (command->rest_max >= 0 && args.rest_count > command->rest_max)
		return refuse_count(command, args.rest[command->rest_max]);
	*out = args;
	return 0;
}
