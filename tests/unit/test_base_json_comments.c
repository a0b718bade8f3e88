// SPDX-License-Identifier: Apache-2.0
/* Does each comment belong to the value that it is about? */
#include "base/json_comments.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

static struct pst_diags said;

static struct pst_json_tree read_tree(const char *text)
{
	struct pst_json_tree tree;

	pst_diags_init(&said, "t");
	assert_int_equal(pst_json_tree_read(text, strlen(text), &said, &tree), 0);
	return tree;
}

/* The comments of a list, one behind the other. */
static void are(const struct pst_json_comments *comments, const char *wanted)
{
	const struct pst_json_comment *comment;
	char all[128] = "";

	for (comment = comments->first; comment; comment = comment->next)
		strncat(all, comment->slice.text, comment->slice.len);
	assert_string_equal(all, wanted);
}

static void what_stands_in_the_line_of_a_value_is_behind_it(void **state)
{
	struct pst_json_tree tree =
		read_tree("[1 /*a*/, //b\n//c\n2, /*d*/ 3 //e\n//f\n] /*g*/\n//h\n");
	const struct pst_json_node *first = tree.nodes->child, *second = first->next;

	(void)state;
	are(&first->behind, "/*a*///b");
	are(&second->above, "//c");
	are(&second->behind, "");
	are(&second->next->before, "/*d*/");
	are(&second->next->behind, "//e");
	are(&tree.nodes->closing, "//f");
	assert_false(tree.nodes->closing_inline);
	are(&tree.nodes->behind, "/*g*/");
	are(&tree.end, "//h");
	pst_json_tree_clear(&tree);
}

static void what_stands_behind_a_bracket_is_about_what_it_opens(void **state)
{
	struct pst_json_tree tree = read_tree("//x\n{ //a\n//b\n\"k\" /*c*/ : //d\n [/*e*/ 1]\n}");
	const struct pst_json_node *member = tree.nodes->child;

	(void)state;
	are(&tree.nodes->above, "//x");
	are(&tree.nodes->opening, "//a");
	are(&member->within, "/*c*/");
	are(&member->above, "//b//d"); /* a line comment cannot stay between key and value */
	assert_int_equal(member->key.len, 3);
	are(&member->child->before, "/*e*/");
	pst_json_tree_clear(&tree);
}

static void a_list_may_hold_nothing_but_comments(void **state)
{
	struct pst_json_tree tree = read_tree("[/*a*/ /*b*/]");

	(void)state;
	are(&tree.nodes->closing, "/*a*//*b*/");
	assert_true(tree.nodes->closing_inline);
	assert_null(tree.nodes->child);
	pst_json_tree_clear(&tree);
}

static void empty_lines_and_widths_are_kept(void **state)
{
	struct pst_json_tree tree = read_tree("[1,\n\n\t /*a\nb*/\n\n2,\n3]");
	const struct pst_json_node *second = tree.nodes->child->next;

	(void)state;
	assert_true(second->above.first->blank_before);
	assert_true(second->above.first->many_lines);
	assert_int_equal(second->above.first->width, 9);
	assert_true(second->blank_before);
	assert_false(second->next->blank_before);
	pst_json_tree_clear(&tree);
}

static void marks_in_strings_open_nothing(void **state)
{
	struct pst_json_tree tree = read_tree("[\"/*\\\"[,\",2]");

	(void)state;
	assert_int_equal(tree.nodes->child->value.len, 8);
	assert_non_null(tree.nodes->child->next);
	assert_null(tree.nodes->child->next->next);
	pst_json_tree_clear(&tree);
}

static void what_is_not_seen_in_a_comment_is_refused(void **state)
{
	static const char text[] = "[\n 1 /* \xe2\x80\xae */ ]";
	struct pst_json_tree tree;

	(void)state;
	pst_diags_init(&said, "t");
	assert_int_equal(pst_json_tree_read(text, sizeof(text) - 1, &said, &tree), -EINVAL);
	assert_int_equal(said.errors, 1);
	assert_int_equal(said.list[0].line, 2);
	assert_int_equal(said.list[0].column, 7);
	pst_json_tree_clear(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stands_in_the_line_of_a_value_is_behind_it),
		cmocka_unit_test(what_stands_behind_a_bracket_is_about_what_it_opens),
		cmocka_unit_test(a_list_may_hold_nothing_but_comments),
		cmocka_unit_test(empty_lines_and_widths_are_kept),
		cmocka_unit_test(marks_in_strings_open_nothing),
		cmocka_unit_test(what_is_not_seen_in_a_comment_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
