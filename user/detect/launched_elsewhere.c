// SPDX-License-Identifier: Apache-2.0
/* launched_elsewhere: does software ask somebody else to start programs for it?
 * What systemd, D-Bus, a container engine or libvirt start on request is no descendant of who
 * asked: no lineage and no inherited contract reaches it. Blind to: cron and at spools, which are
 * files; launchers that listen elsewhere. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

enum launcher { BUS, MANAGER, ENGINE }; /* how directly it starts what it is told */

/* Below /run, of which /var/run is another name. */
static const struct {
	const char *path; /* glob */
	enum launcher launcher;
} launchers[] = {
	{ "/run/systemd/private", MANAGER },
	{ "/run/user/*/systemd/private", MANAGER },
	{ "/run/dbus/system_bus_socket", BUS },
	{ "/run/user/*/bus", BUS },
	{ "/run/docker.sock", ENGINE },
	{ "/run/containerd/containerd.sock", ENGINE },
	{ "/run/podman/podman.sock", ENGINE },
	{ "/run/user/*/podman/podman.sock", ENGINE },
	{ "/run/crio/crio.sock", ENGINE },
	{ "/run/libvirt/libvirt-sock", ENGINE },
	{ "/run/libvirt/virtqemud-sock", ENGINE },
};

#define LAUNCHERS (sizeof(launchers) / sizeof(launchers[0]))

static size_t launcher_of(const struct pst_channel *channel)
{
	const char *path = channel->name;
	size_t i;

	if (channel->key.kind != PST_UNIX || !channel->name_len || path[0] != '/' ||
	    strlen(path) != channel->name_len)
		return LAUNCHERS;
	if (strncmp(path, "/var/run/", 9) == 0)
		path += 4;
	for (i = 0; i < LAUNCHERS; i++) {
		if (pst_glob_match(launchers[i].path, path))
			return i;
	}
	return i;
}

bool pst_is_launcher_socket(const struct pst_channel *channel)
{
	return launcher_of(channel) < LAUNCHERS;
}

/* The bus is asked for much that starts nothing. */
static void weigh(const struct pst_case *c, enum launcher launcher, struct pst_finding *finding)
{
	bool bound = c->judgement->verdict == PST_UNDECLARED;

	if (launcher == BUS) {
		finding->severity = bound ? PST_MEDIUM : PST_LOW;
		finding->score = bound ? 50 : 30;
	} else {
		finding->severity = PST_HIGH;
		finding->score = bound ? 80 : 70;
	}
}

static void report(const struct pst_case *c, enum launcher launcher)
{
	static const char *const can[] = { [BUS] = "a bus whose services start programs",
					   [MANAGER] = "which starts services",
					   [ENGINE] = "which starts containers or machines" };
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], contract[PST_WORDS_CONTRACT];
	char lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_LAUNCHED_ELSEWHERE, &finding);
	weigh(c, launcher, &finding);
	(void)pst_text_format(finding.message, sizeof(finding.message), "%s talks to %s, %s",
			      pst_words_who(c->detect, &finding, who),
			      pst_words_end(c->channel, end),
			      can[launcher]); /* a cut sentence is still one */
	if (c->judgement->verdict == PST_UNDECLARED)
		(void)pst_text_append(finding.message, sizeof(finding.message),
				      ": not in contract %s",
				      pst_words_contract(c->detect, c->judgement->contract,
							 contract)); /* as above */
	(void)pst_text_format(
		finding.reason, sizeof(finding.reason),
		"pid %" PRIu32 " (%s), %" PRIu64
		" connection%s; what it starts there is no child of this program",
		c->process->id.tgid, pst_words_lineage(finding.image, lineage),
		c->channel->count.attempts,
		c->channel->count.attempts == 1 ? "" : "s"); /* lineage is bounded: it fits */
	pst_words_add_nearest(&finding, c->detect, finding.reason, sizeof(finding.reason));
	pst_case_tell(c, &finding);
}

static void on_channel(const struct pst_case *c)
{
	const enum pst_verdict verdict = c->judgement->verdict;
	size_t i = launcher_of(c->channel);

	if (i == LAUNCHERS)
		return;
	if (verdict == PST_DECLARED || verdict == PST_UNKNOWN)
		pst_case_forget(c->channel, PST_DETECTOR_LAUNCHED_ELSEWHERE);
	else if (!pst_case_is_news(c, PST_DETECTOR_LAUNCHED_ELSEWHERE))
		return;
	else if (verdict == PST_UNDECLARED ||
		 (verdict == PST_UNMANAGED && pst_attrib_subject(c->process->image)))
		report(c, launchers[i].launcher);
}

const struct pst_detector pst_detector_launched_elsewhere = {
	.id = PST_DETECTOR_LAUNCHED_ELSEWHERE,
	.name = "launched_elsewhere",
	.title = "Talks to what starts programs for others",
	.category = "execution",
	.explain =
		"What it means: a program connected to the socket of a launcher: systemd, the\n"
		"system or session bus, docker, containerd, podman, CRI-O or libvirt. Bound\n"
		"software whose contract has no \"unix\" entry for it, or vendor software under no\n"
		"contract. What a launcher starts on request is nobody's child: it leaves the\n"
		"lineage, and with it the contract. Access to a container engine is root.\n"
		"What to do: find out what was asked for: `journalctl` and the engine's own log\n"
		"have it at the same second. Products that ask systemd for their own state\n"
		"(sd_notify uses another socket), or that manage containers, declare the socket\n"
		"with a \"unix\" entry. The buses are used for much that is harmless, such as host\n"
		"names and time zones: they weigh less.\n"
		"Blind to: what was asked for; cron and at spools and unit files, which are files\n"
		"and no channels; launchers that listen under another path, or over TCP.",
	.technique = { { "TA0002", "Execution", "T1569", "System Services", "T1569.002",
			 "Service Execution" },
		       { "TA0002", "Execution", "T1610", "Deploy a container", NULL, NULL },
		       { "TA0002", "Execution", "T1559", "Inter-Process Communication", NULL,
			 NULL } },
	.on_channel = on_channel,
};
