// SPDX-License-Identifier: Apache-2.0
/* Is the signer of what was read named, and is it said why there is none? */
#include "signing_fixture.h"

#include <errno.h>

struct case_of {
	struct room *room;
	struct pst_keyring *ring;
	struct told told;
	struct pst_signer signer;
};

static void begin(struct case_of *c)
{
	*c = (struct case_of){ .room = room_new() };
	put_text(c->room, "b.pub", key_p256);
	put_text(c->room, "a.pub", key_other);
	c->ring = ring_of(c->room, &c->told);
}

static void end(struct case_of *c)
{
	pst_keyring_free(c->ring);
	room_free(c->room);
}

static int judge(struct case_of *c, const char *text)
{
	char path[256];
	const struct pst_signed_bytes file = { .path = path, .bytes = text, .len = strlen(text) };

	(void)snprintf(path, sizeof(path), "%s/acme.json", c->room->folder);
	return pst_signature_judge(c->ring, &file, &c->signer);
}

static void why_has(const struct case_of *c, const char *part)
{
	if (!strstr(c->signer.why, part))
		fail_msg("no '%s' in '%s'", part, c->signer.why);
	assert_string_equal(c->signer.name, "");
}

static void the_key_that_fits_is_named(void **state)
{
	struct case_of c;

	(void)state;
	begin(&c);
	put_text(c.room, "acme.json.sig", signature_p256_sha256);
	assert_int_equal(judge(&c, SIGNED_TEXT), 1);
	assert_string_equal(c.signer.name, "b.pub (589b2515e3d62c71)");
	end(&c);
}

static void a_missing_signature_is_no_wrong_one(void **state)
{
	struct case_of c;

	(void)state;
	begin(&c);
	assert_int_equal(judge(&c, SIGNED_TEXT), 0);
	why_has(&c, "it is not signed: there is no acme.json.sig");
	end(&c);
}

static void a_signature_that_does_not_fit_names_what_was_tried(void **state)
{
	struct case_of c;

	(void)state;
	begin(&c);
	put_text(c.room, "acme.json.sig", signature_p256_sha256);
	assert_int_equal(judge(&c, SIGNED_TEXT " "), -EKEYREJECTED);
	why_has(&c, "its signature acme.json.sig is of none of the 2 keys in /tmp/");
	why_has(&c, "(a.pub (bcb685d28364918f), b.pub (589b2515e3d62c71)): the file or the "
		    "signature was changed, or the key is missing");
	put_text(c.room, "acme.json.sig", signature_ed25519); /* of a key that is not there */
	assert_int_equal(judge(&c, SIGNED_TEXT), -EKEYREJECTED);
	why_has(&c, "is of none of the 2 keys");
	end(&c);
}

static void many_keys_are_named_as_far_as_they_fit(void **state)
{
	struct case_of c;
	char name[32];

	(void)state;
	begin(&c);
	pst_keyring_free(c.ring);
	for (int i = 0; i < 60; i++) {
		(void)snprintf(name, sizeof(name), "c%02d.pub", i);
		put_text(c.room, name, key_other);
	}
	c.ring = ring_of(c.room, &c.told);
	put_text(c.room, "acme.json.sig", signature_ed25519);
	assert_int_equal(judge(&c, SIGNED_TEXT), -EKEYREJECTED);
	why_has(&c, "of none of the 62 keys");
	why_has(&c, "), ...): the file or the signature was changed");
	end(&c);
}

static void without_keys_it_is_said_that_there_are_none(void **state)
{
	struct case_of c;

	(void)state;
	begin(&c);
	c.ring->count = 0;
	put_text(c.room, "acme.json.sig", signature_p256_sha256);
	assert_int_equal(judge(&c, SIGNED_TEXT), -EKEYREJECTED);
	why_has(&c, "it is signed by acme.json.sig, but there is no key in /tmp/");
	c.ring->refused = 1;
	assert_int_equal(judge(&c, SIGNED_TEXT), -EKEYREJECTED);
	why_has(&c, "those that are there were refused");
	c.ring->count = 2;
	end(&c);
}

static void a_file_that_is_no_signature_is_never_passed_over(void **state)
{
	static char large[PST_SIGN_FILE_MAX + 1];
	struct case_of c;

	(void)state;
	begin(&c);
	put_text(c.room, "acme.json.sig", "");
	assert_int_equal(judge(&c, SIGNED_TEXT), -EKEYREJECTED);
	why_has(&c, "acme.json.sig cannot be used: the signature is empty");
	put_bytes(c.room, "acme.json.sig", large, sizeof(large));
	assert_int_equal(judge(&c, SIGNED_TEXT), -EKEYREJECTED);
	why_has(&c, "it is larger than any signature");
	put_bytes(c.room, "acme.json.sig", large, sizeof(large) - 1);
	assert_int_equal(judge(&c, SIGNED_TEXT), -EKEYREJECTED);
	why_has(&c, "the form of none");
	assert_int_equal(remove(room_path(c.room, "acme.json.sig")), 0);
	assert_int_equal(mkdir(room_path(c.room, "acme.json.sig"), 0755), 0);
	assert_int_equal(judge(&c, SIGNED_TEXT), -EKEYREJECTED);
	why_has(&c, "cannot be used: Is a directory");
	end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_that_fits_is_named),
		cmocka_unit_test(a_missing_signature_is_no_wrong_one),
		cmocka_unit_test(a_signature_that_does_not_fit_names_what_was_tried),
		cmocka_unit_test(many_keys_are_named_as_far_as_they_fit),
		cmocka_unit_test(without_keys_it_is_said_that_there_are_none),
		cmocka_unit_test(a_file_that_is_no_signature_is_never_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
