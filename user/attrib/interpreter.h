// SPDX-License-Identifier: Apache-2.0
/* Which script does an interpreter run? Inside this room only. */
#ifndef PST_ATTRIB_INTERPRETER_H
#define PST_ATTRIB_INTERPRETER_H

#include "decode/event.h"

/*
 * pst_interpreter_script - the script that was named as an argument
 * @path: of what was executed: "/usr/bin/python3.11"
 * @args: argv, each word ended by NUL; a last one without NUL was cut, and is none
 * Returns its plain path inside @args, absolute or relative to the working directory; of "java -cp"
 * the first part of the class path. Empty when @path is no interpreter, or it itself is what acts:
 * code or a module as an argument, standard input, a name that leads up or may be searched
 * elsewhere, or an option that is not understood.
 */
struct pst_span pst_interpreter_script(const char *path, struct pst_span args);

/* pst_path_is_plain - does a path say by itself where the file lies, without "..", "." or empty
 * parts? */
bool pst_path_is_plain(struct pst_span path);

/* pst_path_relative - a relative path without the "./" at its beginning; empty when it is absolute,
 * or not plain: what ".." leads to behind a link is not told by the names */
struct pst_span pst_path_relative(struct pst_span path);

/* pst_path_names_file - is it plain, and does it say which file it is? What /dev/fd/3 and
 * /proc/self/fd/3 are, their names do not tell. */
bool pst_path_names_file(struct pst_span path);

#endif
