// SPDX-License-Identifier: Apache-2.0
/* program_changed: is a change told with both identities, and as grave as it is? */
#include "world.h"

static struct pst_past_identity identity(const char *sha256, const char *package,
					 const char *version)
{
	struct pst_past_identity out = { .hash_state = PST_HASHED,
					 .package = (char *)package,
					 .version = (char *)version };

	memset(out.sha256, sha256[0], sizeof(out.sha256) - 1);
	if (!sha256[0])
		out.sha256[0] = '\0';
	return out;
}

static const struct pst_finding *change(struct world *world, const char *path,
					struct pst_past_identity before,
					struct pst_past_identity after)
{
	struct pst_event exec = world_start(world, 20, WORLD_START + SECOND, path);
	const struct pst_detect_change change = {
		.image = pst_attrib_find(world->detect.attrib, &exec.task.proc)->image,
		.before = &before,
		.after = &after,
		.window_s = 86400,
		.time_ns = 42,
	};

	pst_detect_change(&world->detect, &change);
	assert_int_equal(world->count, 1);
	return &world->found[0];
}

static void an_upgrade_is_told_with_both_releases(void **state)
{
	const struct pst_finding *finding = change(*state, "/opt/collector",
						   identity("a", "collector", "1.0"),
						   identity("b", "collector", "1.1"));

	assert_int_equal(finding->detector, PST_DETECTOR_PROGRAM_CHANGED);
	assert_int_equal(finding->severity, PST_LOW);
	assert_int_equal(finding->time_ns, 42);
	assert_int_equal(finding->judgement.verdict, PST_UNMANAGED);
	assert_string_equal(
		finding->message,
		"collector (no contract) was changed: it was collector 1.0 and is collector 1.1");
	assert_string_equal(
		finding->reason,
		"SHA-256 before: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; "
		"now: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb; "
		"for 24 h its new external peers are one finding");
	assert_string_equal(finding->about, "aaaaaaaaaaaaaaaa to bbbbbbbbbbbbbbbb");
}

static void a_file_that_was_made_unreadable_is_grave(void **state)
{
	struct pst_past_identity after = identity("", NULL, NULL);

	after.hash_state = PST_HASH_UNVERIFIED;
	assert_int_equal(
		change(*state, "/opt/collector", identity("a", NULL, NULL), after)->severity,
		PST_HIGH);
}

static void a_file_that_is_too_big_is_not(void **state)
{
	struct pst_past_identity after = identity("", NULL, NULL);

	after.hash_state = PST_HASH_TOO_BIG;
	assert_int_equal(
		change(*state, "/opt/collector", identity("a", NULL, NULL), after)->severity,
		PST_MEDIUM);
}

static void another_file_of_the_same_release_is_grave(void **state)
{
	const struct pst_finding *finding = change(*state, "/opt/acme/bin/agent",
						   identity("a", "acme", "7"),
						   identity("b", "acme", "7"));

	assert_int_equal(finding->severity, PST_HIGH);
	assert_int_equal(finding->judgement.contract, 0);
	assert_string_equal(finding->message, "agent (acme-backup) was changed: it is not the file "
					      "that it was, but still acme 7");
}

static void without_a_package_the_hash_speaks(void **state)
{
	const struct pst_finding *finding = change(
		*state, "/opt/collector", identity("a", NULL, NULL), identity("b", NULL, NULL));

	assert_int_equal(finding->severity, PST_MEDIUM);
	assert_string_equal(finding->message,
			    "collector (no contract) was changed: it was the file "
			    "aaaaaaaaaaaaaaaa... and is the file bbbbbbbbbbbbbbbb...");
}

static void a_release_may_change_without_a_hash(void **state)
{
	const struct pst_finding *finding = change(*state, "/opt/collector",
						   identity("", "collector", "1.0"),
						   identity("", "collector", "1.1"));

	assert_int_equal(finding->severity, PST_LOW);
	assert_non_null(strstr(finding->reason, "SHA-256 before: not known; now: not known"));
}

static void two_readings_of_one_file_are_told_as_that(void **state)
{
	struct world *world = *state;
	struct pst_event exec = world_start(world, 20, WORLD_START + SECOND, "/opt/collector");
	struct pst_past_identity kernels = identity("a", NULL, NULL),
				 ours = identity("b", NULL, NULL);
	const struct pst_detect_change change = {
		.image = pst_attrib_find(world->detect.attrib, &exec.task.proc)->image,
		.before = &kernels,
		.after = &ours,
		.is_one_file = true,
	};

	pst_detect_change(&world->detect, &change);
	assert_int_equal(world->count, 1);
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
	assert_string_equal(world->found[0].message,
			    "collector (no contract) is not the file that the kernel measured when "
			    "it was executed, though its times say so");
	assert_string_equal(
		world->found[0].reason,
		"SHA-256 measured by the kernel (IMA): "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; read from the "
		"file: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
	assert_string_equal(world->found[0].about, "aaaaaaaaaaaaaaaa to bbbbbbbbbbbbbbbb");
}

static void hostile_names_are_made_safe(void **state)
{
	const struct pst_finding *finding = change(*state, "/opt/collector",
						   identity("a", "x\033[2J", "\n1"),
						   identity("b", "x", "2"));

	assert_null(strchr(finding->message, '\033'));
	assert_null(strchr(finding->message, '\n'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(an_upgrade_is_told_with_both_releases),
		WORLD_CASE(a_file_that_was_made_unreadable_is_grave),
		WORLD_CASE(a_file_that_is_too_big_is_not),
		WORLD_CASE(another_file_of_the_same_release_is_grave),
		WORLD_CASE(without_a_package_the_hash_speaks),
		WORLD_CASE(a_release_may_change_without_a_hash),
		WORLD_CASE(two_readings_of_one_file_are_told_as_that),
		WORLD_CASE(hostile_names_are_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
