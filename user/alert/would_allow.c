// SPDX-License-Identifier: Apache-2.0
/* would_allow: which words of a contract would allow what is no matter of an entry of "channels"?
 * Ready to be copied, and never more than what happened, unless a name cannot be written down. */
#include <string.h>

#include "alert/facts.h"
#include "base/text.h"

#define PLAIN                                                               \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._" \
	"-:@+" /* no JSON, no pattern */

enum form { A_NAME, A_NAME_OR_ANY, ANY };

static const struct {
	enum pst_detector_id detector;
	const char *key;
	enum form form;
} words[] = {
	{ PST_DETECTOR_SOCKET_FILTER, "filters", A_NAME },
	{ PST_DETECTOR_MODULE_REQUEST, "modules", A_NAME },
	{ PST_DETECTOR_BPF_LOAD, "bpf", A_NAME },
	{ PST_DETECTOR_HANDED_OVER_SOCKET, "handed_over_sockets", A_NAME_OR_ANY },
	{ PST_DETECTOR_URING_NETWORK, "io_uring", ANY },
	{ PST_DETECTOR_MEMFD_EXEC, "memfd_exec", ANY },
	{ PST_DETECTOR_DELETED_EXEC, "deleted_exec", ANY },
};

const char *pst_would_allow(enum pst_detector_id detector, const char *name, char *out,
			    size_t out_size)
{
	bool is_plain = name && *name && !name[strspn(name, PLAIN)];
	int r = 0;

	out[0] = '\0';
	if (detector == PST_DETECTOR_UNEXPECTED_EXEC && is_plain)
		r = pst_text_format(out, out_size, "{\"exec\":[\"%s\"]}", name);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].detector != detector)
			continue;
		if (is_plain && words[i].form != ANY)
			r = pst_text_format(out, out_size, "{\"allow\":{\"%s\":[\"%s\"]}}",
					    words[i].key, name);
		else if (words[i].form != A_NAME)
			r = pst_text_format(out, out_size, "{\"allow\":{\"%s\":true}}",
					    words[i].key);
	}
	if (r < 0) /* half of it would allow something else, or nothing */
		out[0] = '\0';
	return out;
}
