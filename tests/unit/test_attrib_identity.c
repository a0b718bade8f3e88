// SPDX-License-Identifier: Apache-2.0
/* Does the right program learn who it is, and does that decide whether it is vendor software? */
#include "attrib_fixture.h"

static struct pst_event exec_of(uint32_t tgid, const char *path)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, tgid, 100 + tgid);

	return build_exec(&birth, 1000 + tgid, path);
}

static struct pst_identity_seen answer_for(const struct pst_event *exec, enum pst_owner owner)
{
	struct pst_identity_seen seen = { .inode = exec->exec.inode,
					  .ctime_ns = exec->exec.ctime_ns,
					  .hash_state = PST_HASHED,
					  .owner = owner,
					  .sha256 = { 0xab },
					  .package = "acme",
					  .version = "7.2",
					  .origin = "Acme Corp." };

	seen.path = (struct pst_span){ .data = (const uint8_t *)exec->exec.path,
				       .len = strlen(exec->exec.path) };
	return seen;
}

static size_t tell(void *attrib, const struct pst_identity_seen *seen)
{
	struct pst_identity_news news[PST_IDENTITY_NEWS];

	return pst_attrib_identity(attrib, seen, news);
}

static const struct pst_program *run(void *attrib, const struct pst_event *exec)
{
	return pst_attrib_see(attrib, exec)->image->program;
}

static void a_program_learns_its_hash_and_its_package(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/a");
	const struct pst_program *program = run(*state, &exec);
	struct pst_identity_seen seen = answer_for(&exec, PST_OWNER_VENDOR);

	assert_int_equal(tell(*state, &seen), 1);
	assert_int_equal(program->hash_state, PST_HASHED);
	assert_string_equal(program->sha256,
			    "ab00000000000000000000000000000000000000000000000000000000000000");
	assert_int_equal(program->owner, PST_OWNER_VENDOR);
	assert_string_equal(program->package, "acme");
	assert_string_equal(program->version, "7.2");
	assert_string_equal(program->origin, "Acme Corp.");
}

static void the_same_answer_again_is_no_news(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/a");
	struct pst_identity_seen seen = answer_for(&exec, PST_OWNER_NONE);

	(void)run(*state, &exec);
	assert_int_equal(tell(*state, &seen), 1);
	assert_int_equal(tell(*state, &seen), 0);
	seen.sha256[31] = 1;
	assert_int_equal(tell(*state, &seen), 1);
	seen.version[0] = '8';
	assert_int_equal(tell(*state, &seen), 1);
}

static void an_answer_is_for_one_file_and_path_only(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/a");
	struct pst_identity_seen right, seen;

	exec.exec.ctime_ns = 5;
	(void)run(*state, &exec);
	seen = right = answer_for(&exec, PST_OWNER_NONE);
	seen.inode++;
	assert_int_equal(tell(*state, &seen), 0);
	seen = right;
	seen.dev_minor++;
	assert_int_equal(tell(*state, &seen), 0);
	seen = right;
	seen.dev_major++;
	assert_int_equal(tell(*state, &seen), 0);
	seen = right;
	seen.ctime_ns++;
	assert_int_equal(tell(*state, &seen), 0);
	seen = right;
	seen.path.len--;
	assert_int_equal(tell(*state, &seen), 0);
	seen = right;
	seen.path.data = (const uint8_t *)"/usr/bin/b";
	assert_int_equal(tell(*state, &seen), 0);
	assert_int_equal(tell(*state, &right), 1);
}

static bool is_vendor(void *attrib, const struct pst_event *exec, enum pst_owner owner)
{
	struct pst_identity_seen seen = answer_for(exec, owner);
	const struct pst_program *program = run(attrib, exec);

	(void)tell(attrib, &seen);
	return program->vendor;
}

static void the_owner_decides_who_is_vendor_software_and_not_the_path(void **state)
{
	struct pst_event inside = exec_of(10, "/opt/a"), outside = exec_of(11, "/usr/bin/a");

	assert_true(is_vendor(*state, &inside, PST_OWNER_UNKNOWN));
	assert_true(is_vendor(*state, &inside, PST_OWNER_NONE));
	assert_true(is_vendor(*state, &inside, PST_OWNER_VENDOR));
	assert_false(is_vendor(*state, &inside, PST_OWNER_DISTRIBUTION));
	assert_false(is_vendor(*state, &outside, PST_OWNER_UNKNOWN));
	assert_true(is_vendor(*state, &outside, PST_OWNER_NONE));
	assert_true(is_vendor(*state, &outside, PST_OWNER_VENDOR));
	assert_false(is_vendor(*state, &outside, PST_OWNER_DISTRIBUTION));
}

static void memory_and_nameless_files_are_of_no_package(void **state)
{
	struct pst_event memory = exec_of(10, "/memfd:x"), nameless = exec_of(11, "/usr/bin/a");

	memory.exec.memfd = true;
	nameless.exec.deleted = true;
	assert_true(is_vendor(*state, &memory, PST_OWNER_DISTRIBUTION));
	assert_true(is_vendor(*state, &nameless, PST_OWNER_DISTRIBUTION));
}

static void a_containers_file_is_of_no_package_of_the_host(void **state)
{
	struct pst_event inside = exec_of(10, "/opt/a"), outside = exec_of(11, "/usr/bin/a");

	inside.exec.foreign = outside.exec.foreign = true;
	assert_true(is_vendor(*state, &inside, PST_OWNER_DISTRIBUTION));
	assert_false(is_vendor(*state, &outside, PST_OWNER_NONE));
	assert_null(run(*state, &outside)->package);
	assert_int_not_equal(run(*state, &outside)->sha256[0], 0);
}

static void an_answer_that_knows_less_takes_nothing_away(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/a");
	const struct pst_program *program = run(*state, &exec);
	struct pst_identity_seen seen = answer_for(&exec, PST_OWNER_VENDOR);

	assert_int_equal(tell(*state, &seen), 1);
	seen = (struct pst_identity_seen){ .inode = seen.inode,
					   .path = seen.path,
					   .hash_state = PST_HASH_GONE };
	assert_int_equal(tell(*state, &seen), 0);
	assert_int_equal(program->hash_state, PST_HASHED);
	assert_string_equal(program->package, "acme");
	assert_true(program->vendor);
}

static void why_there_is_no_hash_is_kept(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/a");
	struct pst_identity_seen seen = answer_for(&exec, PST_OWNER_UNKNOWN);

	seen.hash_state = PST_HASH_TOO_BIG;
	(void)run(*state, &exec);
	assert_int_equal(tell(*state, &seen), 0);
	assert_int_equal(run(*state, &exec)->hash_state, PST_HASH_TOO_BIG);
	assert_string_equal(run(*state, &exec)->sha256, "");
}

static void a_file_that_was_changed_in_place_must_be_asked_for_again(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a"), later = exec_of(11, "/opt/a");
	struct pst_program *program = pst_attrib_see(*state, &exec)->image->program;
	struct pst_identity_seen seen = answer_for(&exec, PST_OWNER_DISTRIBUTION);

	program->identity_asked = true;
	assert_int_equal(tell(*state, &seen), 1);
	later.exec.ctime_ns = exec.exec.ctime_ns + 1;
	assert_ptr_equal(run(*state, &later), program);
	assert_false(program->identity_asked);
	assert_int_equal(program->hash_state, PST_HASH_UNKNOWN);
	assert_string_equal(program->sha256, "");
	assert_false(program->vendor); /* until a new answer: no flapping */
	assert_int_equal(tell(*state, &seen), 0);
	seen.ctime_ns++;
	seen.owner = PST_OWNER_NONE;
	assert_int_equal(tell(*state, &seen), 1);
	assert_true(program->vendor);
}

static void only_what_comes_of_the_program_is_unbound(void **state)
{
	struct pst_event exec = exec_of(10, "/usr/bin/a"), other = exec_of(11, "/usr/bin/b"), child;
	struct pst_identity_seen seen = answer_for(&exec, PST_OWNER_VENDOR);
	struct pst_image *image, *below, *beside;

	image = pst_attrib_see(*state, &exec)->image;
	beside = pst_attrib_see(*state, &other)->image;
	child = build_exec(&exec, 3000, "/bin/sh");
	below = pst_attrib_see(*state, &child)->image;
	image->contract_generation = below->contract_generation = beside->contract_generation = 3;
	assert_int_equal(tell(*state, &seen), 1);
	assert_int_equal(image->contract_generation, 0);
	assert_int_equal(below->contract_generation, 0);
	assert_int_equal(beside->contract_generation, 3);
	assert_true(pst_image_comes_of(below, image->program));
	assert_false(pst_image_comes_of(beside, image->program));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_program_learns_its_hash_and_its_package),
		CASE(the_same_answer_again_is_no_news),
		CASE(an_answer_is_for_one_file_and_path_only),
		CASE(the_owner_decides_who_is_vendor_software_and_not_the_path),
		CASE(memory_and_nameless_files_are_of_no_package),
		CASE(a_containers_file_is_of_no_package_of_the_host),
		CASE(an_answer_that_knows_less_takes_nothing_away),
		CASE(why_there_is_no_hash_is_kept),
		CASE(a_file_that_was_changed_in_place_must_be_asked_for_again),
		CASE(only_what_comes_of_the_program_is_unbound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
