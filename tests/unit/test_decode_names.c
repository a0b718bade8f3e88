// SPDX-License-Identifier: Apache-2.0
/* Has every value of the closed lists a word, and every other number the same one? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "decode/event.h"

static void every_listed_value_has_a_word_of_its_own(void **state)
{
	(void)state;
	assert_string_equal(pst_kind_name(PST_TCP_CONNECT), "tcp_connect");
	assert_string_equal(pst_kind_name(PST_TCP_LISTEN), "tcp_listen");
	assert_string_equal(pst_kind_name(PST_TCP_ACCEPT), "tcp_accept");
	assert_string_equal(pst_kind_name(PST_UDP_PEER), "udp_peer");
	for (int i = 1; i < PST_KINDS; i++)
		assert_string_not_equal(pst_kind_name((enum pst_kind)i), "unknown");
	for (int i = 1; i < PST_ACTS; i++)
		assert_string_not_equal(pst_act_name((enum pst_act)i), "unknown");
	for (int i = 1; i < PST_CLASSES; i++)
		assert_string_not_equal(pst_class_name((enum pst_class)i), "unknown");
	for (int i = 1; i < PST_RESULTS; i++)
		assert_string_not_equal(pst_result_name((enum pst_result)i), "unknown");
	for (int i = 1; i < PST_LOST_REASONS; i++)
		assert_string_not_equal(pst_loss_name((enum pst_loss_reason)i), "unknown");
	for (int i = 1; i < PST_HOOK_STATES; i++)
		assert_string_not_equal(pst_hook_state_name((enum pst_hook_state)i), "unknown");
	assert_string_equal(pst_result_name(PST_REFUSED), "refused");
	assert_string_equal(pst_class_name(PST_CLASS_TLS), "tls");
	assert_string_equal(pst_act_name(PST_PASSED), "received a socket");
	assert_string_equal(pst_loss_name(PST_LOST_RING), "ring buffer full");
	assert_string_equal(pst_hook_state_name(PST_ANSWERED), "answered");
}

static void what_is_not_listed_is_unknown(void **state)
{
	(void)state;
	assert_string_equal(pst_kind_name((enum pst_kind)0), "unknown");
	assert_string_equal(pst_kind_name(PST_KINDS), "unknown");
	assert_string_equal(pst_act_name((enum pst_act)0), "unknown");
	assert_string_equal(pst_act_name(PST_ACTS), "unknown");
	assert_string_equal(pst_class_name(PST_CLASS_UNKNOWN), "unknown");
	assert_string_equal(pst_class_name(PST_CLASSES), "unknown");
	assert_string_equal(pst_result_name((enum pst_result)0), "unknown");
	assert_string_equal(pst_result_name(PST_RESULTS), "unknown");
	assert_string_equal(pst_loss_name(PST_LOST_REASONS), "unknown");
	assert_string_equal(pst_hook_state_name(PST_HOOK_STATES), "unknown");
}

static void listeners_and_accepted_peers_come_from_outside(void **state)
{
	(void)state;
	assert_true(pst_kind_is_inbound(PST_TCP_LISTEN));
	assert_true(pst_kind_is_inbound(PST_TCP_ACCEPT));
	assert_true(pst_kind_is_inbound(PST_UDP_LISTEN) && pst_kind_is_inbound(PST_UDP_ACCEPT));
	assert_true(pst_kind_is_inbound(PST_UNIX_LISTEN) && pst_kind_is_inbound(PST_VSOCK_LISTEN));
	assert_false(pst_kind_is_inbound(PST_TCP_CONNECT));
	assert_false(pst_kind_is_inbound(PST_UDP_PEER));
	assert_false(pst_kind_is_inbound(PST_KINDS));
}

static void only_a_listener_waits_for_others(void **state)
{
	static const enum pst_kind listeners[] = { PST_TCP_LISTEN,  PST_UDP_LISTEN,
						   PST_SCTP_LISTEN, PST_DCCP_LISTEN,
						   PST_UNIX_LISTEN, PST_VSOCK_LISTEN };
	int found = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(listeners) / sizeof(listeners[0]); i++)
		assert_true(pst_kind_is_listener(listeners[i]));
	for (int i = 0; i <= PST_KINDS; i++)
		found += pst_kind_is_listener((enum pst_kind)i);
	assert_int_equal(found, sizeof(listeners) / sizeof(listeners[0]));
}

static void an_address_of_another_family_is_no_ip_peer(void **state)
{
	(void)state;
	assert_true(pst_kind_has_ip(PST_TCP_CONNECT) && pst_kind_has_ip(PST_UDP_LISTEN));
	assert_true(pst_kind_has_ip(PST_ICMP) && pst_kind_has_ip(PST_RAW));
	assert_true(pst_kind_has_ip(PST_SCTP) && pst_kind_has_ip(PST_DCCP_LISTEN));
	for (int i = PST_PACKET; i <= PST_KINDS; i++)
		assert_false(pst_kind_has_ip((enum pst_kind)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_listed_value_has_a_word_of_its_own),
		cmocka_unit_test(what_is_not_listed_is_unknown),
		cmocka_unit_test(listeners_and_accepted_peers_come_from_outside),
		cmocka_unit_test(only_a_listener_waits_for_others),
		cmocka_unit_test(an_address_of_another_family_is_no_ip_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
