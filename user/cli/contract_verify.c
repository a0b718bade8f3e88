// SPDX-License-Identifier: Apache-2.0
/* Who signed these contracts? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "engine/signing.h"

enum { OPT_KEYS };

static const struct pst_option options[] = {
	[OPT_KEYS] = { .name = "keys",
		       .argument = "DIR",
		       .help = "public keys, *.pub " PST_KEYS_PRESET },
	{ .name = NULL },
};

/* Returns 0 when it is signed. */
static int verify_one(const struct pst_keyring *ring, const char *path)
{
	_cleanup_free_ char *text = NULL;
	struct pst_signed_bytes file = { .path = path };
	struct pst_signer signer = { .name = "" };
	int64_t len = pst_source_text(path, PST_JSON_FILE_MAX, &text);
	char safe[1024];

	(void)pst_text_safe(path, strlen(path), safe, sizeof(safe)); /* cut still says which */
	if (len < 0) {
		printf("%s: error: %s\n", safe,
		       len == -EFBIG ? "the file is larger than 1 MiB" : strerror((int)-len));
		return (int)len;
	}
	file.bytes = text;
	file.len = (size_t)len;
	if (pst_signature_judge(ring, &file, &signer) == 1) {
		printf("%s: ok: signed by %s\n", safe, signer.name);
		return 0;
	}
	printf("%s: error: %s\n", safe, signer.why);
	return -EKEYREJECTED;
}

static int run(const struct pst_args *args)
{
	struct pst_keyring_keys keys = { .tell = pst_tell_line };
	struct pst_settings_trust trust;
	struct pst_keyring *ring;
	int result = PST_EXIT_OK, r;

	if (pst_settings_trust(NULL, args->value[OPT_KEYS], &trust) < 0)
		return PST_EXIT_INVALID;
	keys.folder = trust.signing.folder;
	r = pst_keyring_read(&keys, &ring);
	pst_settings_trust_clear(&trust);
	if (r < 0)
		return PST_EXIT_INVALID;
	for (int i = 0; i < args->rest_count; i++) {
		if (verify_one(ring, args->rest[i]) < 0)
			result = PST_EXIT_INVALID;
	}
	pst_keyring_free(ring);
	return result;
}

const struct pst_command pst_contract_verify = {
	.name = "contract verify",
	.summary = "who signed these contracts?",
	.operands = "FILE...",
	.text = "The signature of FILE is FILE.sig: over its exact bytes, raw or as base64, by the holder of one of the keys:\n"
		"Ed25519, or ECDSA P-256 or P-384 with SHA-256 or SHA-384. A key or a folder of keys that others than its\n"
		"owner may write to is refused. The stock openssl command makes all of it; a key, once, of either kind:\n\n"
		"  openssl genpkey -algorithm ed25519 -out key.pem\n"
		"  openssl ecparam -genkey -noout -name prime256v1 -out key.pem\n"
		"  openssl pkey -in key.pem -pubout -out acme.pub\n\n"
		"a signature with an Ed25519 key (OpenSSL 3), or with an ECDSA key:\n\n"
		"  openssl pkeyutl -sign -rawin -inkey key.pem -in acme.json -out acme.json.sig\n"
		"  openssl dgst -sha256 -sign key.pem -out acme.json.sig acme.json\n\n"
		"A signature that does not verify has its contract refused, always; a missing one does when\n"
		"contract.require_signature is true. So do replay, profile and vendors --from, and contract test, by the installed\n"
		"configuration or --config. The version of a signed contract only goes up, which only the daemon sees to.\n\n"
		"Example: postern contract verify " PST_SYSCONFDIR "/postern/contracts.d/*.json",
	.options = options,
	.rest_min = 1,
	.rest_max = -1,
	.run = run,
};
