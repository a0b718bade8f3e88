# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# How does a suite count and say what it found? Source this; call pass, fail or skip once per case and finish at the end.

suite_passed=0
suite_failed=0
suite_skipped=0

# pass NAME
pass()
{
	suite_passed=$((suite_passed + 1))
	printf 'ok    %s\n' "$1"
}

# fail NAME REASON REPRODUCE - REASON may have many lines; REPRODUCE is a command that a person can paste
fail()
{
	suite_failed=$((suite_failed + 1))
	printf 'FAIL  %s\n' "$1"
	printf '%s\n' "$2" | sed 's/^/      /'
	printf '      again: %s\n' "$3"
}

# skip NAME REASON - not a pass
skip()
{
	suite_skipped=$((suite_skipped + 1))
	printf 'skip  %s: %s\n' "$1" "$2"
}

# add PASSED FAILED SKIPPED - cases that a program counted and printed itself
add()
{
	suite_passed=$((suite_passed + $1))
	suite_failed=$((suite_failed + $2))
	suite_skipped=$((suite_skipped + $3))
}

# finish - the closing line, and the suite's status
finish()
{
	printf '%d passed, %d failed, %d skipped\n' "$suite_passed" "$suite_failed" "$suite_skipped"
	[ "$suite_failed" -eq 0 ]
}
