// SPDX-License-Identifier: Apache-2.0
/* Which contracts of a folder come into force, by their signatures and versions? */
#include "signing_fixture.h"

#include <errno.h>
#include <unistd.h>

/* A folder of contracts, which holds the keys too. */
struct folder {
	struct room *room;
	struct told told;
	struct pst_signing signing;
	struct pst_contracts *set;
	uint32_t refused;
};

static void begin(struct folder *f)
{
	*f = (struct folder){ .room = room_new() };
	f->signing.folder = f->room->folder;
	put_text(f->room, "acme.pub", key_ed25519);
	put_text(f->room, "acme.json", CONTRACT_7);
}

static int read_folder(struct folder *f, const struct pst_signing *signing)
{
	const struct pst_source_contracts_keys keys = { .folder = f->room->folder,
							.tell = told_take,
							.context = &f->told,
							.level = PST_DIAG_NOTE,
							.signing = signing };

	pst_contracts_free(f->set);
	f->set = NULL;
	f->told = (struct told){ 0 };
	return pst_source_contracts(&keys, &f->set, &f->refused);
}

static void end(struct folder *f)
{
	pst_contracts_free(f->set);
	room_free(f->room);
}

static const char *signer_of(const struct folder *f)
{
	assert_int_equal(pst_contracts_count(f->set), 1);
	return pst_contracts_at(f->set, 0)->signer;
}

static void a_signed_contract_says_by_whom(void **state)
{
	struct folder f;

	(void)state;
	begin(&f);
	put_text(f.room, "acme.json.sig", signature_contract_7);
	assert_int_equal(read_folder(&f, &f.signing), 0);
	assert_string_equal(signer_of(&f), "acme.pub (c86239088b81859b)");
	assert_int_equal(pst_contracts_signed(f.set), 1);
	f.signing.require = true;
	assert_int_equal(read_folder(&f, &f.signing), 0);
	assert_int_equal(f.told.count, 0);
	end(&f);
}

static void an_unsigned_contract_is_taken_unless_a_signature_is_required(void **state)
{
	struct folder f;

	(void)state;
	begin(&f);
	assert_int_equal(read_folder(&f, &f.signing), 0);
	assert_string_equal(signer_of(&f), "");
	assert_int_equal(pst_contracts_signed(f.set), 0);
	assert_int_equal(f.told.count, 0);
	f.signing.require = true;
	assert_int_equal(read_folder(&f, &f.signing), -EINVAL);
	assert_null(f.set);
	assert_int_equal(f.refused, 1);
	told_has(&f.told, "/acme.json: error: it is not signed: there is no acme.json.sig, and "
			  "contract.require_signature is true");
	end(&f);
}

static void a_broken_signature_is_never_ignored(void **state)
{
	struct folder f;

	(void)state;
	begin(&f);
	put_text(f.room, "acme.json.sig", signature_contract_6);
	assert_int_equal(read_folder(&f, &f.signing), -EINVAL);
	assert_null(f.set);
	told_has(&f.told,
		 "/acme.json: error: its signature acme.json.sig is of none of the 1 keys");
	told_has(&f.told, "acme.pub (c86239088b81859b)");
	end(&f);
}

static void what_is_refused_is_not_parsed(void **state)
{
	struct folder f;

	(void)state;
	begin(&f);
	put_text(f.room, "acme.json", "{ no json");
	put_text(f.room, "acme.json.sig", signature_contract_7);
	assert_int_equal(read_folder(&f, &f.signing), -EINVAL);
	assert_int_equal(f.told.count, 1);
	told_has(&f.told, "is of none of the 1 keys");
	end(&f);
}

static void who_does_not_ask_for_signatures_gets_none(void **state)
{
	struct folder f;

	(void)state;
	begin(&f);
	put_text(f.room, "acme.json.sig", "broken");
	assert_int_equal(read_folder(&f, NULL), 0);
	assert_string_equal(signer_of(&f), "");
	assert_int_equal(f.told.count, 0);
	end(&f);
}

static void who_only_wants_to_know_is_told(void **state)
{
	struct folder f;

	(void)state;
	begin(&f);
	f.signing.only_tell = true;
	assert_int_equal(read_folder(&f, &f.signing), 0);
	assert_int_equal(f.told.count, 0);
	put_text(f.room, "acme.json.sig", signature_contract_6);
	assert_int_equal(read_folder(&f, &f.signing), 0);
	assert_string_equal(signer_of(&f), "");
	told_has(&f.told,
		 "/acme.json: note: the daemon would refuse it: its signature acme.json.sig is "
		 "of none of the 1 keys");
	assert_int_equal(unlink(room_path(f.room, "acme.json.sig")), 0);
	f.signing.require = true;
	assert_int_equal(read_folder(&f, &f.signing), 0);
	assert_int_equal(pst_contracts_count(f.set), 1);
	told_has(&f.told,
		 "/acme.json: note: the daemon would refuse it: it is not signed: there is no "
		 "acme.json.sig, and contract.require_signature is true");
	f.signing.folder = "/nowhere";
	assert_int_equal(read_folder(&f, &f.signing), 0);
	told_has(&f.told, "/nowhere: error: No such file");
	end(&f);
}

static void a_folder_of_keys_that_cannot_be_read_refuses_all(void **state)
{
	struct folder f;

	(void)state;
	begin(&f);
	f.signing.folder = "/nowhere";
	assert_int_equal(read_folder(&f, &f.signing), -EINVAL);
	assert_null(f.set);
	told_has(&f.told, "/nowhere: error: No such file");
	end(&f);
}

static void a_replayed_older_contract_is_refused(void **state)
{
	struct pst_versions *versions = NULL;
	struct folder f;

	(void)state;
	begin(&f);
	assert_int_equal(pst_versions_read(f.room->folder, &versions), 0);
	f.signing.versions = versions;
	put_text(f.room, "acme.json.sig", signature_contract_7);
	assert_int_equal(read_folder(&f, &f.signing), 0);
	assert_int_equal(pst_versions_take(versions, f.set, 0), 0);
	assert_int_equal(read_folder(&f, &f.signing), 0);
	put_text(f.room, "acme.json", CONTRACT_6);
	put_text(f.room, "acme.json.sig", signature_contract_6);
	assert_int_equal(read_folder(&f, &f.signing), -EINVAL);
	assert_null(f.set);
	told_has(&f.told, "/acme.json: error: version 6 of contract acme is older than 7");
	put_text(f.room, "acme.json", CONTRACT_7_OTHER);
	put_text(f.room, "acme.json.sig", signature_contract_7_other);
	assert_int_equal(read_folder(&f, &f.signing), -EINVAL);
	told_has(&f.told, "with another text");
	pst_versions_free(versions);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signed_contract_says_by_whom),
		cmocka_unit_test(an_unsigned_contract_is_taken_unless_a_signature_is_required),
		cmocka_unit_test(a_broken_signature_is_never_ignored),
		cmocka_unit_test(what_is_refused_is_not_parsed),
		cmocka_unit_test(who_does_not_ask_for_signatures_gets_none),
		cmocka_unit_test(who_only_wants_to_know_is_told),
		cmocka_unit_test(a_folder_of_keys_that_cannot_be_read_refuses_all),
		cmocka_unit_test(a_replayed_older_contract_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
