// SPDX-License-Identifier: Apache-2.0
/* One host, one vendor agent and its shell, one contract and one finding: what the tests of alert/
 * and sink/ work on. */
#ifndef PST_TEST_ALERT_FIXTURE_H
#define PST_TEST_ALERT_FIXTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert.h"

#define FIXTURE_S UINT64_C(1000000000)
#define FIXTURE_LINES 256

struct fixture {
	struct pst_host host;
	struct pst_program systemd_program, agent_program, shell_program;
	struct pst_image systemd, agent, shell;
	struct pst_process process;
	struct pst_channel channel;
	struct pst_finding finding;
	struct pst_contracts *contracts;
	struct pst_alerts *alerts;
	uint64_t seq;
	/* what came out */
	size_t count;
	struct {
		enum pst_dataset dataset;
		enum pst_severity severity;
		char text[PST_RECORD_MAX];
	} line[FIXTURE_LINES];
};

static const char fixture_contract[] =
	"{\"format\":1,\"contract\":\"acme-backup\",\"version\":7,\"software\":[{\"path\":\"/opt/acme/backup/**\"}],"
	"\"channels\":[{\"connect\":\"tcp\",\"to\":\"10.20.0.0/16\",\"port\":443,\"why\":\"backup vault\"}]}";

static inline void fixture_take(void *context, const struct pst_record *record)
{
	struct fixture *f = context;

	if (f->count >= FIXTURE_LINES)
		abort();
	f->line[f->count].dataset = record->dataset;
	f->line[f->count].severity = record->severity;
	if (pst_record_line(record, f->count + 1, f->line[f->count].text, PST_RECORD_MAX) < 0)
		abort();
	f->count++;
}

static inline const char *fixture_last(const struct fixture *f)
{
	return f->count ? f->line[f->count - 1].text : "";
}

static inline bool fixture_last_has(const struct fixture *f, const char *part)
{
	if (strstr(fixture_last(f), part))
		return true;
	fprintf(stderr, "no %s in %s\n", part, fixture_last(f));
	return false;
}

static inline struct pst_addr fixture_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct pst_addr){ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, a, b, c, d } };
}

static inline void fixture_image(struct pst_image *image, struct pst_program *program,
				 const char *path, uint32_t tgid)
{
	*program = (struct pst_program){ .path = (char *)path,
					 .inode = 1000 + tgid,
					 .dev_major = 253,
					 .refs = 1,
					 .number = tgid };
	*image = (struct pst_image){
		.id = { .exec_ns = tgid * FIXTURE_S, .tgid = tgid },
		.program = program,
		.cgroup = (char *)"/system.slice/acme-backup.service",
		.unit = (char *)"acme-backup.service",
		.contract = -1,
		.software = -1,
		.processes = 1,
	};
}

static inline void fixture_people(struct fixture *f)
{
	static const char agent_sha256[] =
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
	static char agent_args[] = "/opt/acme/backup/bin/bkagent\0--daemon\0--password=hunter2";

	fixture_image(&f->systemd, &f->systemd_program, "/usr/lib/systemd/systemd", 1);
	f->systemd.unit = (char *)"";
	fixture_image(&f->agent, &f->agent_program, "/opt/acme/backup/bin/bkagent", 18734);
	f->agent.prev = &f->systemd;
	f->agent.args = agent_args;
	f->agent.args_len = sizeof(agent_args);
	f->agent_program.vendor = true;
	f->agent_program.owner = PST_OWNER_VENDOR;
	memcpy(f->agent_program.sha256, agent_sha256, sizeof(agent_sha256));
	f->agent_program.package = (char *)"acme-backup";
	f->agent_program.version = (char *)"7.2.1-3";
	f->agent_program.origin = (char *)"Acme Corp.";
	fixture_image(&f->shell, &f->shell_program, "/usr/bin/bash", 20991);
	f->shell.prev = &f->agent;
	f->process = (struct pst_process){
		.id = { .start_ns = 91823377120033, .tgid = 18734 },
		.parent = { .start_ns = 17, .tgid = 1 },
		.root = { .start_ns = 91823377120033, .tgid = 18734 },
		.image = &f->agent,
		.uid = 991,
		.comm = "bkagent",
	};
}

static inline void fixture_channel(struct fixture *f)
{
	f->channel = (struct pst_channel){
		.key = { .proc = f->process.id,
			 .peer = fixture_v4(203, 0, 113, 44),
			 .kind = PST_TCP_CONNECT,
			 .port = 8443 },
		.local = fixture_v4(10, 20, 7, 14),
		.local_port = 41822,
		.family = 2,
		.sock_type = 1,
		.protocol = 6,
		.cookie = 0x1a2b3c,
		.first_ns = 100000 * FIXTURE_S,
		.last_ns = 100000 * FIXTURE_S,
		.count = { .attempts = 1 },
		.verdict = PST_UNDECLARED,
		.clause = -1,
	};
	f->finding = (struct pst_finding){
		.detector = PST_DETECTOR_UNDECLARED_CHANNEL,
		.severity = PST_HIGH,
		.score = 81,
		.process = &f->process,
		.image = &f->agent,
		.subject = &f->agent,
		.channel = &f->channel,
		.judgement = { .verdict = PST_UNDECLARED,
			       .contract = 0,
			       .clause = -1,
			       .nearest = 0,
			       .why_not = "203.0.113.44 is not in 10.20.0.0/16" },
		.occurrences = 1,
		.time_ns = 100000 * FIXTURE_S + 318204000,
		.message =
			"bkagent (acme-backup) connects to 203.0.113.44:8443: not in contract acme-backup@7",
		.reason = "first connect to this peer",
	};
}

static inline void fixture_host(struct pst_host *host)
{
	*host = (struct pst_host){
		.abi_version = 1,
		.wall_offset_ns = INT64_C(1795240467000000000),
		.cpus = 4,
		.arch = "x86_64",
		.boot_id = "f8818ede-6132-42a1-b5f2-15ee4ee69299",
		.machine_id = "3d1219c7c4c5404aaa1f6d2a48adfda4",
		.agent_id = "6b0b1c1e-7d0e-4f0e-9d1a-0d7b6c1f2a11",
		.host_name = "pay-core-07",
		.os_id = "rhel",
		.os_name = "Red Hat Enterprise Linux",
		.os_version = "9.4",
		.kernel = "5.14.0-427.el9.x86_64",
		.product_version = "0.1.0",
	};
}

static inline void fixture_at(struct fixture *f, uint64_t time_ns)
{
	f->finding.time_ns = time_ns;
	pst_alerts_position(f->alerts, 1, ++f->seq, time_ns);
}

static inline void fixture_found(struct fixture *f, uint64_t time_ns)
{
	fixture_at(f, time_ns);
	pst_alerts_found(f->alerts, &f->finding);
}

/* A result of a channel that was found before: it counts nothing. */
static inline void fixture_result(struct fixture *f, uint64_t time_ns, enum pst_result result)
{
	f->channel.last_result = result;
	f->finding.occurrences = 0;
	fixture_found(f, time_ns);
	f->finding.occurrences = 1;
}

/* fixture_new - @keys: NULL for the defaults, with redaction */
static inline struct fixture *fixture_new(const struct pst_alert_keys *keys)
{
	static const struct pst_alert_keys defaults = { .redact = true };
	struct fixture *f = calloc(1, sizeof(*f));
	struct pst_diags *diags = calloc(1, sizeof(*diags));

	if (!f || !diags)
		abort();
	fixture_host(&f->host);
	fixture_people(f);
	fixture_channel(f);
	f->contracts = pst_contracts_new();
	pst_diags_init(diags, "acme.json");
	if (!f->contracts || pst_contracts_add(f->contracts, "acme.json", fixture_contract,
					       strlen(fixture_contract), diags) < 0) {
		fprintf(stderr, "the contract was refused: %s\n", diags->list[0].text);
		abort();
	}
	free(diags);
	f->alerts = pst_alerts_new(keys ? keys : &defaults, fixture_take, f);
	if (!f->alerts)
		abort();
	pst_alerts_host(f->alerts, &f->host, 99000 * FIXTURE_S);
	pst_alerts_contracts(f->alerts, f->contracts);
	fixture_at(f, 100000 * FIXTURE_S + 318204000);
	return f;
}

static inline void fixture_free(struct fixture *f)
{
	pst_alerts_free(f->alerts);
	pst_contracts_free(f->contracts);
	free(f);
}

#endif
