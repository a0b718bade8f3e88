// SPDX-License-Identifier: Apache-2.0
/* Which script does an interpreter run, by its arguments? What path clauses match is the script's,
 * so nobody must gain a contract by naming a script that he does not run: one option that is not
 * known here, or that brings other code along, and the interpreter itself is the program. */
#include "attrib/interpreter.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum operand { /* what the first word that is no option is */
	       A_SCRIPT,
	       A_CLASS, /* or, behind -jar, the archive */
	       A_DLL
};

struct grammar {
	const char *name; /* a version may follow */
	enum operand operand;
	const char *flags;  /* letters of options without a value; several may share a word */
	const char *digits; /* letters behind which digits may stand */
	const char *valued; /* letters whose value is the rest of the word, or the next word */
	const char *next;   /* letters whose value is the next word, wherever they stand */
	const char *values; /* how such values may begin, separated by spaces; NULL: anyhow */
	const char *words;  /* known whole words, separated by spaces; "x*": that begin with x */
	const char *valued_words; /* whose value is the next word */
	const char *script_word;  /* the next word is the script */
	bool searches;		  /* a name without a slash may be found in PATH, too */
	bool ends_in_stdin;	  /* behind "--" stand arguments of what standard input holds */
	const char *refused;	  /* as words, but of those known: what brings other code along */
};

#define SHELL(shell_name)                                                                \
	{                                                                                \
		.name = (shell_name), .flags = "abefhkmnptuvxBCEHP", .next = "oO",       \
		.searches = true,                                                        \
		.words = "--posix --norc --noprofile --noediting --verbose --restricted" \
	}

static const struct grammar grammars[] = {
	SHELL("sh"),
	SHELL("bash"),
	SHELL("dash"),
	SHELL("ksh"),
	SHELL("mksh"),
	{ .name = "python",
	  .flags = "bBdEIOPqsStuvx",
	  .valued = "WX",
	  .values = "default error always module once ignore dev utf8 importtime "
		    "faulthandler tracemalloc no_debug_ranges int_max_str_digits=",
	  .valued_words = "--check-hash-based-pycs" },
	{ .name = "perl", .flags = "wWtTUXsnpa", .digits = "l0" },
	{ .name = "ruby",
	  .flags = "wlnpsaU",
	  .digits = "W",
	  .words = "--disable=* --disable-* --enable=* --enable-* --yjit --jit --encoding=*" },
	{ .name = "php",
	  .flags = "nq",
	  .valued = "d",
	  .script_word = "-f",
	  .ends_in_stdin = true,
	  .values =
		  "memory_limit= max_execution_time= display_errors= error_reporting= log_errors= "
		  "date.timezone=" },
#define NODE_WORDS                                                                                 \
	"--max-old-space-size=* --max-semi-space-size=* --stack-size=* --max-http-header-size=* "  \
	"--no-warnings --no-deprecation --enable-source-maps --expose-gc "                         \
	"--trace-warnings --trace-deprecation --trace-uncaught --unhandled-rejections=* "          \
	"--preserve-symlinks --use-openssl-ca --dns-result-order=* --abort-on-uncaught-exception " \
	"--optimize-for-size"
	{ .name = "node", .words = NODE_WORDS },
	{ .name = "nodejs", .words = NODE_WORDS },
	{ .name = "dotnet", .operand = A_DLL, .words = "exec" },
	{ .name = "java",
	  .operand = A_CLASS,
	  .words =
		  "-jar -D* -Xm* -Xs* -Xlog* -Xint -Xcomp -Xshare* -Xrs -XX:+* -XX:-* -XX:Max* -XX:Min* -XX:Initial* -XX:G1* "
		  "-XX:New* -XX:Survivor* -XX:Parallel* -XX:Conc* -XX:Thread* -XX:Metaspace* "
		  "-XX:Reserved* -XX:HeapDumpPath=* -XX:ErrorFile=* -ea -ea:* -da -da:* "
		  "-esa -dsa -server -client -verbose* --add-opens=* --add-exports=* "
		  "--add-modules=* --enable-preview --enable-native-access=* "
		  "--illegal-access=* -enableassertions -disableassertions",
	  .valued_words = "--add-opens --add-exports --add-modules",
	  .refused =
		  "-Djava.library.path=* -Dsun.boot.library.path=* -Djava.system.class.loader=* -Djava.class.path=* "
		  "-Djava.ext.dirs=* -Djava.endorsed.dirs=*" },
};

struct words { /* argv, one after the other; each word has its NUL inside @left */
	const char *at;
	size_t left;
};

struct reading {
	const struct grammar *grammar;
	struct words words;
	const char *class_path; /* NULL: none */
	bool archive;		/* -jar was seen */
};

enum step { GO_ON, OPERAND, AT_END /* of the options: the next word is it */, STAY };

static const char *next_word(struct words *words)
{
	const char *word = words->at;
	size_t len = words->left ? strnlen(word, words->left) : 0;

	if (!words->left || len == words->left)
		return NULL; /* the end, or a word that was cut */
	words->at += len + 1;
	words->left -= len + 1;
	return word;
}

static bool is_among(const char *letters, char c)
{
	return letters && c && strchr(letters, c);
}

/* Is @word in a list of words, or does it begin as one that ends in a star? */
static bool is_listed(const char *list, const char *word)
{
	while (list && *list) { /* at most one turn a byte of the table */
		size_t len = strcspn(list, " ");

		if (list[len - 1] == '*' ? strncmp(word, list, len - 1) == 0 :
					   strlen(word) == len && strncmp(word, list, len) == 0)
			return true;
		list += len + (list[len] == ' ');
	}
	return false;
}

static bool begins_as(const char *beginnings, const char *word)
{
	while (beginnings && *beginnings) { /* as above */
		size_t len = strcspn(beginnings, " ");

		if (strncmp(word, beginnings, len) == 0)
			return true;
		beginnings += len + (beginnings[len] == ' ');
	}
	return beginnings == NULL;
}

/* php reads a value as a line of its configuration: a second line would be one too. */
static bool is_one_line(const char *value)
{
	return !value[strcspn(value, "\n\r")];
}

static enum step take_value(struct reading *reading, const char *attached)
{
	const char *value = *attached ? attached : next_word(&reading->words);

	return value && is_one_line(value) && begins_as(reading->grammar->values, value) ? GO_ON :
											   STAY;
}

/* "-eo": letters that share a word. */
static enum step take_letters(struct reading *reading, const char *letter)
{
	const struct grammar *grammar = reading->grammar;

	for (; *letter; letter++) { /* at most one turn a byte */
		if (is_among(grammar->valued, *letter))
			return take_value(reading, letter + 1);
		if (is_among(grammar->next, *letter)) {
			if (!next_word(&reading->words))
				return STAY;
		} else if (is_among(grammar->digits, *letter)) {
			letter += strspn(letter + 1, "0123456789");
		} else if (!is_among(grammar->flags, *letter)) {
			return STAY;
		}
	}
	return GO_ON;
}

/* java puts the words of a file in the place of "@file", whatever stands before it. */
static const char *next_value(struct reading *reading)
{
	const char *value = next_word(&reading->words);

	return value && value[0] != '@' ? value : NULL;
}

static enum step take_class_path(struct reading *reading, const char *word)
{
	if (strncmp(word, "--class-path=", 13) == 0)
		reading->class_path = word + 13;
	else
		reading->class_path = next_value(reading);
	return reading->class_path ? GO_ON : STAY;
}

static enum step take_java(struct reading *reading, const char *word)
{
	if (is_listed("-cp -classpath --class-path --class-path=*", word))
		return take_class_path(reading, word);
	reading->archive |= strcmp(word, "-jar") == 0;
	return is_listed(reading->grammar->words, word) ? GO_ON : STAY;
}

static enum step take_word(struct reading *reading, const char *word)
{
	const struct grammar *grammar = reading->grammar;

	if (is_listed(grammar->refused, word))
		return STAY;
	if (is_listed(grammar->script_word, word))
		return AT_END;
	if (strcmp(word, "--") == 0)
		return grammar->ends_in_stdin || grammar->operand != A_SCRIPT ? STAY : AT_END;
	if (is_listed(grammar->valued_words, word))
		return next_value(reading) ? GO_ON : STAY;
	if (grammar->operand == A_CLASS && word[0] == '-')
		return take_java(reading, word);
	if (is_listed(grammar->words, word))
		return GO_ON;
	if (word[0] == '-' && word[1] && word[1] != '-')
		return take_letters(reading, word + 1);
	if (word[0] == '+' && grammar->next) /* a shell's: switched off */
		return take_letters(reading, word + 1);
	return word[0] == '-' || word[0] == '@' ? STAY : OPERAND; /* "-": stdin; "@": more words */
}

/* has_plain_parts - is none empty, "." or ".."? */
static bool has_plain_parts(struct pst_span path)
{
	const uint8_t *end = path.data + path.len, *part = path.data;

	if (!path.len || memchr(path.data, 0, path.len))
		return false;
	while (part < end) { /* at most one turn a byte */
		const uint8_t *slash = memchr(part, '/', (size_t)(end - part));
		size_t len = (size_t)((slash ? slash : end) - part);

		if (len == 0 || (len == 1 && part[0] == '.') ||
		    (len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		part += len + 1;
	}
	return path.data[path.len - 1] != '/';
}

static const struct pst_span none;

static bool is_absolute(struct pst_span path)
{
	return path.len && path.data[0] == '/';
}

static struct pst_span behind(struct pst_span path, size_t len)
{
	return (struct pst_span){ .data = path.data + len, .len = path.len - len };
}

bool pst_path_is_plain(struct pst_span path)
{
	return is_absolute(path) && has_plain_parts(behind(path, 1));
}

struct pst_span pst_path_relative(struct pst_span path)
{
	while (path.len > 2 && path.data[0] == '.' && path.data[1] == '/')
		path = behind(path, 2);
	return has_plain_parts(path) ? path : none;
}

static struct pst_span span_of(const char *text, size_t len)
{
	return (struct pst_span){ .data = (const uint8_t *)text, .len = len };
}

bool pst_path_names_file(struct pst_span path)
{
	return pst_path_is_plain(path) && !(path.len > 5 && memcmp(path.data, "/dev/", 5) == 0) &&
	       !(path.len > 6 && memcmp(path.data, "/proc/", 6) == 0);
}

static struct pst_span as_script(struct pst_span path)
{
	if (!is_absolute(path))
		return pst_path_relative(path);
	return pst_path_names_file(path) ? path : none;
}

static size_t folder_len(struct pst_span path)
{
	const uint8_t *slash = memrchr(path.data, '/', path.len);

	return slash ? (size_t)(slash - path.data) : 0;
}

/*
 * first_of - the first part of a class path, when the main class can come of one folder only
 * Which part holds it is not told: parts of two folders could be one of the vendor's, named, and
 * one of somebody else's, executed.
 */
static struct pst_span first_of(const char *class_path)
{
	size_t len = strcspn(class_path, ":");
	struct pst_span first = as_script(span_of(class_path, len));
	const char *at = class_path + len;

	while (first.len && *at == ':') { /* at most one turn a byte */
		struct pst_span part;

		len = strcspn(at + 1, ":");
		part = as_script(span_of(at + 1, len));
		if (!part.len || is_absolute(part) != is_absolute(first) ||
		    folder_len(part) != folder_len(first) ||
		    memcmp(part.data, first.data, folder_len(first)) != 0)
			return none;
		at += 1 + len;
	}
	return first;
}

static bool ends_in(const char *word, const char *end)
{
	size_t len = strlen(word), end_len = strlen(end);

	return len > end_len && strcmp(word + len - end_len, end) == 0;
}

static struct pst_span take_operand(const struct reading *reading, const char *word)
{
	enum operand operand = reading->grammar->operand;

	if ((operand == A_DLL && !ends_in(word, ".dll")) ||
	    (reading->grammar->searches && !strchr(word, '/')))
		return none;
	if (operand != A_CLASS || reading->archive)
		return as_script(span_of(word, strlen(word)));
	if (strchr(word, '/')) /* a source file, or a module */
		return none;
	return reading->class_path ? first_of(reading->class_path) : none;
}

static struct pst_span read_args(struct reading *reading)
{
	const char *word = next_word(&reading->words); /* argv[0] */
	enum step step = GO_ON;

	while (step == GO_ON && (word = next_word(&reading->words))) { /* each takes a word */
		step = take_word(reading, word);
		if (step != AT_END)
			continue;
		word = next_word(&reading->words);
		step = OPERAND;
	}
	return step == OPERAND && word ? take_operand(reading, word) : none;
}

static bool is_named(const char *name, const char *base)
{
	size_t len = strlen(base);

	return strncmp(name, base, len) == 0 &&
	       strspn(name + len, "0123456789.") == strlen(name + len);
}

struct pst_span pst_interpreter_script(const char *path, struct pst_span args)
{
	const char *slash = strrchr(path, '/');
	struct reading reading = {
		.words = { .at = (const char *)args.data, .left = args.len },
	};

	for (size_t i = 0; i < COUNT(grammars); i++) {
		if (!is_named(slash ? slash + 1 : path, grammars[i].name))
			continue;
		reading.grammar = &grammars[i];
		return read_args(&reading);
	}
	return none;
}
