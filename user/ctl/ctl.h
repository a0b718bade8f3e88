// SPDX-License-Identifier: Apache-2.0
/* ctl: the door for readers: a unix stream socket. A client sends one line with a verb and gets
 * lines back; `tail` goes on until the client leaves. Nobody waits for a client: what a slow one
 * cannot take is dropped, counted, and told to it. */
#ifndef PST_CTL_CTL_H
#define PST_CTL_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PST_CTL_REQUEST_MAX 4096u /* one request line with its newline; it may name many paths */
#define PST_CTL_LINE_MAX 65536u	  /* one line of an answer */
#define PST_CTL_WHY_MAX 1024u	  /* the reason of a refusal, with its NUL */

enum pst_ctl_verb {
#define VERB(id, name, permission, help) PST_VERB_##id,
#include "ctl/verbs.def"
#undef VERB
	PST_VERBS,
};

enum pst_ctl_permission {
	PST_CTL_READ,  /* root, the daemon's own user, members of the group */
	PST_CTL_ADMIN, /* root and the daemon's own user */
};

struct pst_ctl_keys {
	const char *path; /* of the socket; its folder exists */
	bool has_group;
	uint32_t group;	     /* members may read; the socket's file is theirs too */
	size_t ring_bytes;   /* recent lines kept for `tail -n N`; 0: 256 KiB */
	size_t client_bytes; /* lines that wait for one client; 0: 256 KiB */
	size_t clients_max;  /* 0: 32 */
	/*
	 * answers every verb but `tail`
	 * @line: the request without its newline; safe to read as a string, but the client's own
	 * words
	 * @reply: text that is sent before the connection closes; ctl frees it
	 * Returns 0, or -errno: the client gets an error line.
	 */
	int (*verb)(void *context, const char *line, char **reply);
	void *context;
};

struct pst_ctl;

/*
 * pst_ctl_new - listen at the path; a socket that nobody answers at is replaced
 * Returns 0 and the door, which the caller frees (that removes the socket); -EADDRINUSE: another
 * daemon answers there; -EEXIST: something that is no socket has the name; another -errno. @out
 * only on success.
 */
int pst_ctl_new(const struct pst_ctl_keys *keys, struct pst_ctl **out);
void pst_ctl_free(struct pst_ctl *ctl); /* sends what it can without waiting; takes NULL */

int pst_ctl_fd(const struct pst_ctl *ctl); /* readable when pst_ctl_poll has something to do */
void pst_ctl_poll(struct pst_ctl *ctl);	   /* take in, answer, send; never waits */

/* pst_ctl_put - one line, with its newline, for everybody who tails, and for those who come later;
 * never waits */
void pst_ctl_put(struct pst_ctl *ctl, const char *line, size_t len);

/* pst_ctl_refusal - the line, with its newline, that says why there is no answer: for keys.verb;
 * NULL without memory; the caller frees */
char *pst_ctl_refusal(const char *why);

struct pst_ctl_figures {
	size_t clients;
	uint64_t accepted, refused; /* refused: no permission, or too many */
	uint64_t dropped;	    /* lines that slow clients did not get */
};
void pst_ctl_figures(const struct pst_ctl *ctl, struct pst_ctl_figures *out);

/* ---- the other side ---- */

struct pst_ctl_reader { /* zero it, set fd */
	int fd;
	size_t start, end;
	char buffer[PST_CTL_LINE_MAX];
};

/* pst_ctl_connect - a connected descriptor, which the caller closes, or -errno: -ENOENT and
 * -ECONNREFUSED: no daemon */
int pst_ctl_connect(const char *path);

/* pst_ctl_ask - send one request ("tail -n 10"), without a newline; 0 or -errno; -EINVAL when it is
 * too long or has a newline */
int pst_ctl_ask(int fd, const char *request);

/*
 * pst_ctl_read_line - the next line, without its newline; waits
 * @line: borrowed until the next call; a longer one than PST_CTL_LINE_MAX comes in parts
 * Returns 1, 0 at the end, or -errno (-EINTR: a signal came, nothing is lost).
 */
int pst_ctl_read_line(struct pst_ctl_reader *reader, const char **line, size_t *len);

/* pst_ctl_is_refusal - does this line say why there is no answer? @why: that, safe to print */
bool pst_ctl_is_refusal(const char *line, size_t len, char why[PST_CTL_WHY_MAX]);

#endif
