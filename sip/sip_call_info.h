/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the console sees of a leg. */
#pragma once

#include "sip/sip.h"
#include "sip/sip_transport.h"

/* Text is borrowed from the leg. */
struct sip_call_info {
	const char *state;		/* "UP" */
	bool incoming;
	struct sip_str call_id, local, local_tag, remote, remote_tag, target, routes;
	char to[SIP_HOSTPORT_SIZE];	/* where requests go */
	uint32_t local_cseq, remote_cseq;
	bool updates;			/* the peer knows UPDATE */
	const char *rel100;		/* reliable provisional responses: "off", "ours", "theirs" */
	enum sip_precond precond;
	unsigned int n_forks;		/* early dialogs besides */
	uint32_t session_s;		/* session timer; 0: none */
	uint32_t session_left_s;	/* of what runs: until our refresh, or until BYE */
	bool session_ours;		/* we refresh */
	bool ack_wait;			/* a 200 of ours waits for its ACK */
	bool modifying;			/* a re-INVITE or UPDATE of ours waits for its answer */
};
void sip_call_info(const struct sip_call *call, struct sip_call_info *info);
