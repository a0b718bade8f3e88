// SPDX-License-Identifier: Apache-2.0
/* shell_on_socket: does somebody at the other end of a network connection type into a shell?
 * A shell (or a script of one), or an interpreter without a script, is executed with its standard
 * streams on TCP or UDP sockets: stdin or stdout, and one more. Unix sockets are what sshd and
 * systemd use for that, and are left alone. Blind to: a shell behind pipes or a pty that another
 * process serves; shells under other names; an inetd-like service that is meant to do this looks
 * the same and is a finding too.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "detect/case.h"

static const char *const shells[] = { "sh",  "bash", "rbash", "dash", "ash",  "zsh",
				      "ksh", "mksh", "lksh",  "csh",  "tcsh", "fish" };

/* Interpreters read commands from stdin when they get no script, or run what stands on the command
 * line. */
static const struct {
	const char *name;
	const char *inlined; /* options whose code is on the command line */
	const char *valued;  /* options that take the next argument */
} interpreters[] = {
	{ "python", "c", "WX" }, { "perl", "eE", "I" }, { "ruby", "e", "I" },
	{ "php", "rB", "dcz" },	 { "lua", "e", "l" },	{ "node", "ep", "r" },
	{ "tclsh", "", "" },	 { "expect", "c", "" },
};

/* "python3.11" is "python": what follows the name may only be a version. */
static bool is_named(const char *name, const char *base)
{
	size_t len = strlen(base);

	return strncmp(name, base, len) == 0 &&
	       strspn(name + len, "0123456789.") == strlen(name + len);
}

struct words { /* argv, one after the other */
	const char *at;
	size_t left;
};

static const char *next_word(struct words *words)
{
	const char *word = words->at;
	size_t len;

	if (!words->left)
		return NULL;
	len = strnlen(word, words->left);
	words->at += len < words->left ? len + 1 : len;
	words->left -= len < words->left ? len + 1 : len;
	return word; /* ended: args have a NUL behind them */
}

static bool is_among(const char *letters, char c)
{
	return c && strchr(letters, c);
}

/* node --eval, php --run: the long names of what is inlined */
static bool is_long_inlined(const char *word)
{
	return strncmp(word, "--eval", 6) == 0 || strncmp(word, "--print", 7) == 0 ||
	       strncmp(word, "--run", 5) == 0;
}

/* Is there no script among the arguments? Unknown ones are none. */
static bool has_no_script(const struct pst_image *image, const char *inlined, const char *valued)
{
	struct words words = { .at = image->args, .left = image->args_len };
	const char *word = next_word(&words); /* argv[0] */

	while ((word = next_word(&words))) { /* at most args_len */
		size_t len = strlen(word);

		if (word[0] != '-' || len == 0)
			return false;
		if (len == 1)
			return true; /* "-": stdin */
		if (word[1] != '-' &&
		    (is_among(inlined, word[1]) || is_among(inlined, word[len - 1])))
			return true;
		if (is_long_inlined(word))
			return true;
		if (len == 2 && is_among(valued, word[1]))
			(void)next_word(&words); /* its value */
	}
	return true;
}

/* busybox is a shell when it is called so: as argv[0], or as its first argument. */
static bool is_busybox_shell(const struct pst_image *image)
{
	struct words words = { .at = image->args, .left = image->args_len };

	for (int i = 0; i < 2; i++) {
		const char *word = next_word(&words);
		const char *slash = word ? strrchr(word, '/') : NULL;
		const char *name = slash ? slash + 1 : word;

		if (name && name[0] == '-')
			name++; /* a login shell */
		if (name && (strcmp(name, "sh") == 0 || strcmp(name, "ash") == 0 ||
			     strcmp(name, "hush") == 0))
			return true;
	}
	return false;
}

/* The name of what runs: of a script, its interpreter's. */
static const char *running_name(const struct pst_program *program)
{
	const char *slash = program->interpreter ? strrchr(program->interpreter, '/') : NULL;

	if (!program->interpreter)
		return pst_program_name(program);
	return slash ? slash + 1 : program->interpreter;
}

static bool takes_commands(const struct pst_image *image)
{
	const char *name = running_name(image->program);

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (is_named(name, shells[i]))
			return true;
	}
	for (size_t i = 0; i < sizeof(interpreters) / sizeof(interpreters[0]); i++) {
		if (!is_named(name, interpreters[i].name))
			continue;
		if (image->program->interpreter && !image->args_len)
			return false; /* it has a script, whatever its arguments were */
		return has_no_script(image, interpreters[i].inlined, interpreters[i].valued);
	}
	return is_named(name, "busybox") && is_busybox_shell(image);
}

static bool is_connected(const struct pst_stdio *stdio)
{
	return (stdio->family == AF_INET || stdio->family == AF_INET6) &&
	       !pst_addr_is_zero(&stdio->peer);
}

/* The streams that are network connections, as bits. */
static unsigned int streams_of(const struct pst_exec *exec)
{
	unsigned int streams = 0;

	for (unsigned int i = 0; i < 3; i++) {
		if (exec->stdio_mask & 1u << i && is_connected(&exec->stdio[i]))
			streams |= 1u << i;
	}
	return streams;
}

static const char *const stream_names[8] = { "",
					     "",
					     "",
					     "stdin and stdout",
					     "",
					     "stdin and stderr",
					     "stdout and stderr",
					     "stdin, stdout and stderr" };

static void report(const struct pst_case *c, unsigned int streams)
{
	const struct pst_stdio *stdio = &c->event->exec.stdio[__builtin_ctz(streams)];
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], peer[PST_ADDR_TEXT], lineage[PST_WORDS_LINEAGE];
	bool grave;

	pst_case_open(c, PST_DETECTOR_SHELL_ON_SOCKET, &finding);
	grave = c->process->image->contract >= 0 || pst_attrib_subject(c->process->image) ||
		pst_is_external(c->detect, &stdio->peer);
	finding.severity = grave ? PST_CRITICAL : PST_HIGH;
	finding.score = grave ? 95 : 85;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s runs with %s on a connection with %s",
			      pst_words_who(c->detect, &finding, who), stream_names[streams],
			      pst_addr_format_port(&stdio->peer, stdio->peer_port,
						   peer)); /* a cut sentence is still one */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s), uid %" PRIu32
			      ": whoever is at the other end gives the commands",
			      c->process->id.tgid, pst_words_lineage(finding.image, lineage),
			      c->process->uid); /* lineage is bounded: it fits */
	c->detect->found(c->detect->context, &finding);
}

static void on_exec(struct pst_detect *detect, const struct pst_event *event,
		    struct pst_process *process)
{
	const struct pst_image *image = process->image;
	const struct pst_judgement judgement = { .verdict = image->contract >= 0 ? PST_UNDECLARED :
										   PST_UNMANAGED,
						 .contract = image->contract,
						 .clause = -1,
						 .nearest = -1 };
	const struct pst_case c = {
		.detect = detect, .event = event, .process = process, .judgement = &judgement
	};
	unsigned int streams = streams_of(&event->exec);

	if (__builtin_popcount(streams) >= 2 && takes_commands(image))
		report(&c, streams);
}

const struct pst_detector pst_detector_shell_on_socket = {
	.id = PST_DETECTOR_SHELL_ON_SOCKET,
	.name = "shell_on_socket",
	.title = "Shell on a network connection",
	.category = "remote-shell",
	.explain =
		"What it means: a shell, or an interpreter without a script, was executed with\n"
		"its standard streams on a TCP or UDP connection. Whoever is at the other end\n"
		"gives the commands: a reverse shell, or a bound one. It is a finding for every\n"
		"process, vendor software or not, and also when it is older than monitoring.\n"
		"What to do: cut the connection, keep memory and process state, and follow the\n"
		"lineage up to what started it.\n"
		"Blind to: a shell behind pipes, a pty or a unix socket that another process\n"
		"serves; shells under other names. There is no exception for services that do\n"
		"this on purpose (inetd, socket units with a shell): look at the lineage and\n"
		"decide.",
	.technique = { { "TA0002", "Execution", "T1059", "Command and Scripting Interpreter",
			 "T1059.004", "Unix Shell" },
		       { "TA0011", "Command and Control", "T1095", "Non-Application Layer Protocol",
			 NULL, NULL } },
	.on_exec = on_exec,
};
