// SPDX-License-Identifier: Apache-2.0
/* How does a finding begin, and what of a channel was told already? */
#include "detect/case.h"

#include <string.h>

static const struct pst_image *subject_of(const struct pst_image *image)
{
	const struct pst_image *subject = image->contract >= 0 ? image->binder :
								 pst_attrib_subject(image);

	return subject ? subject : image;
}

static const enum pst_detector_id detector_of[PST_KINDS] = {
	[PST_TCP_CONNECT] = PST_DETECTOR_UNDECLARED_CHANNEL,
	[PST_TCP_LISTEN] = PST_DETECTOR_NEW_LISTENER,
	[PST_TCP_ACCEPT] = PST_DETECTOR_UNDECLARED_CHANNEL,
	[PST_UDP_PEER] = PST_DETECTOR_UNDECLARED_CHANNEL,
	[PST_UDP_LISTEN] = PST_DETECTOR_NEW_LISTENER,
	[PST_UDP_ACCEPT] = PST_DETECTOR_UNDECLARED_CHANNEL,
	[PST_ICMP] = PST_DETECTOR_RAW_SOCKET,
	[PST_RAW] = PST_DETECTOR_RAW_SOCKET,
	[PST_UDPLITE] = PST_DETECTOR_RAW_SOCKET,
	[PST_SCTP] = PST_DETECTOR_RAW_SOCKET,
	[PST_SCTP_LISTEN] = PST_DETECTOR_NEW_LISTENER,
	[PST_DCCP] = PST_DETECTOR_RAW_SOCKET,
	[PST_DCCP_LISTEN] = PST_DETECTOR_NEW_LISTENER,
	[PST_PACKET] = PST_DETECTOR_PACKET_SOCKET,
	[PST_XDP] = PST_DETECTOR_PACKET_SOCKET,
	[PST_VSOCK] = PST_DETECTOR_NONIP_CHANNEL,
	[PST_VSOCK_LISTEN] = PST_DETECTOR_NEW_LISTENER,
	[PST_UNIX] = PST_DETECTOR_UNDECLARED_CHANNEL,
	[PST_UNIX_LISTEN] = PST_DETECTOR_NEW_LISTENER,
	[PST_NETLINK] = PST_DETECTOR_UNDECLARED_CHANNEL,
	[PST_ALG] = PST_DETECTOR_NONIP_CHANNEL,
	[PST_TIPC] = PST_DETECTOR_NONIP_CHANNEL,
	[PST_BLUETOOTH] = PST_DETECTOR_NONIP_CHANNEL,
	[PST_CAN] = PST_DETECTOR_NONIP_CHANNEL,
	[PST_OTHER] = PST_DETECTOR_NONIP_CHANNEL,
	[PST_TUNNEL] = PST_DETECTOR_TUNNEL_DEVICE,
};

enum pst_detector_id pst_case_detector(const struct pst_channel *channel)
{
	if (pst_is_launcher_socket(channel))
		return PST_DETECTOR_LAUNCHED_ELSEWHERE;
	return channel->key.kind < PST_KINDS ? detector_of[channel->key.kind] :
					       PST_DETECTOR_UNDECLARED_CHANNEL;
}

bool pst_case_is_charged(const struct pst_detect *detect, const struct pst_channel *channel,
			 const struct pst_program *program)
{
	const struct pst_process *process = pst_attrib_find(detect->attrib, &channel->key.proc);
	const struct pst_image *subject = process && process->image->contract < 0 ?
						  pst_attrib_subject(process->image) :
						  NULL;

	return subject && subject->program == program;
}

static bool is_listed(const struct pst_finding *finding, const struct pst_channel *channel)
{
	for (size_t i = 0; i < finding->standing_count; i++) { /* at most PST_STANDING_MAX */
		const struct pst_channel_key *key = &finding->standing[i]->key;

		if (key->kind == channel->key.kind && key->port == channel->key.port &&
		    pst_addr_equal(&key->peer, &channel->key.peer))
			return true;
	}
	return false;
}

bool pst_case_list(struct pst_finding *finding, const struct pst_channel *channel)
{
	if (is_listed(finding, channel))
		return false;
	if (finding->standing_count < PST_STANDING_MAX)
		finding->standing[finding->standing_count++] = channel;
	finding->standing_total++;
	return true;
}

const struct pst_contract *pst_case_contract(const struct pst_detect *detect, int32_t contract)
{
	if (contract < 0 || (size_t)contract >= pst_contracts_count(detect->contracts))
		return NULL;
	return pst_contracts_at(detect->contracts, (size_t)contract);
}

bool pst_case_is_watched(const struct pst_image *image)
{
	return image->contract >= 0 || pst_attrib_subject(image);
}

void pst_case_judge_image(const struct pst_detect *detect, struct pst_image *image,
			  struct pst_judgement *out)
{
	if (image->contract_generation != pst_contracts_generation(detect->contracts))
		pst_contract_bind(detect->contracts,
				  image); /* its index is of a set that is gone */
	*out = (struct pst_judgement){
		.verdict = image->contract >= 0 ? PST_UNDECLARED : PST_UNMANAGED,
		.contract = image->contract,
		.clause = -1,
		.nearest = -1,
	};
}

static uint64_t time_of(const struct pst_case *c)
{
	if (c->event)
		return c->event->time_ns;
	return c->channel ? c->channel->last_ns : 0;
}

static bool is_told(const struct pst_channel *channel, enum pst_detector_id detector)
{
	return channel->told & 1u << detector;
}

static uint64_t further_attempts(const struct pst_channel *channel)
{
	return channel->count.attempts > channel->judged ?
		       channel->count.attempts - channel->judged :
		       0;
}

static uint32_t result_bit(const struct pst_channel *channel)
{
	return channel->last_result ? 1u << channel->last_result : 0;
}

/* What was allowed until now, and is no longer, occurs once: while it lasts. */
static uint64_t occurrences(const struct pst_channel *channel, enum pst_detector_id detector)
{
	uint64_t further = channel ? further_attempts(channel) : 0;

	if (further)
		return further;
	return channel && is_told(channel, detector) ? 0 : 1;
}

void pst_case_open(const struct pst_case *c, enum pst_detector_id detector, struct pst_finding *out)
{
	memset(out, 0, sizeof(*out));
	out->detector = detector;
	out->process = c->process;
	out->image = c->process->image;
	out->subject = subject_of(c->process->image);
	out->channel = c->channel;
	out->judgement = *c->judgement;
	out->preexisting = c->channel ? c->channel->preexisting : c->event && c->event->preexisting;
	out->occurrences = occurrences(c->channel, detector);
	out->time_ns = time_of(c);
}

bool pst_case_is_news(const struct pst_case *c, enum pst_detector_id detector)
{
	const struct pst_channel *channel = c->channel;

	return !is_told(channel, detector) || !c->event || further_attempts(channel) > 0 ||
	       result_bit(channel) & ~channel->told_results;
}

bool pst_case_is_first(const struct pst_case *c, enum pst_detector_id detector)
{
	return !is_told(c->channel, detector);
}

void pst_case_tell(const struct pst_case *c, const struct pst_finding *finding)
{
	c->channel->told |= 1u << finding->detector;
	c->channel->told_results |= result_bit(c->channel);
	c->detect->found(c->detect->context, finding);
}

void pst_case_forget(struct pst_channel *channel, enum pst_detector_id detector)
{
	channel->told &= ~(1u << detector);
	if (!channel->told)
		channel->told_results = 0;
}
