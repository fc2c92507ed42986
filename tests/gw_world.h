/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a gateway of all its rooms in one process, its neighbours on both wires, a clock moved by hand. */
#pragma once

#include "isup/isup_circuit.h"
#include "isup/isup_msg.h"
#include "isup/isup_mtp.h"
#include "mapping/map_profile.h"
#include "mapping/mapping.h"
#include "sip/sip_endpoint.h"
#include "sip/sip_msg.h"
#include "sip/sip_peer.h"

#define GW_OWN_PC 1
#define GW_FAR_PC 2
#define GW_CICS 31

/* What the gateway sent: to an exchange (from the CIC on) or to a peer */
struct gw_sent {
	struct llist_head entry;
	unsigned int ms;		/* when */
	bool again;			/* SIP: octet for octet what was sent before */
	size_t len;
	char octets[];			/* with a zero at the end */
};

struct gw_world {
	void *ctx;
	struct mapping *m;
	struct isup_mtp *mtp;
	struct isup_group *group;	/* TRUNK1 */
	struct sip_peer *peer;		/* PBX */
	struct sip_sock *sock;
	union sip_sockaddr far;
	const struct isup_dialect *dialect;
	struct llist_head isup, sip;	/* struct gw_sent, oldest first, until they are taken */
	struct llist_head seen;		/* SIP messages sent so far */
	unsigned int now_ms;		/* since gw_world_start() */
	/* What is sent is told as it is, before it is queued */
	void (*sip_cb)(struct gw_sent *sent, void *data);
	void *cb_data;
	size_t blocks;			/* of talloc after gw_world_start() */
};

/* Once in the process: logging (GW_LOG=DIWU,1:… in the environment), the clock */
void gw_world_init(void);
/* One circuit group with its circuits 1 to 31 and a peer, country 33, routes both ways; to be configured further */
struct gw_world *gw_world_alloc(const struct isup_dialect *dialect);
/* The circuits come up; then nothing is under way. */
void gw_world_start(struct gw_world *w);
void gw_world_free(struct gw_world *w);

/* octets from the CIC on */
void gw_rx_isup(struct gw_world *w, const uint8_t *octets, size_t len);
void gw_rx_sip(struct gw_world *w, const char *octets, size_t len);
/* Time goes by, 50 ms at a time; what is due happens. */
void gw_pass(struct gw_world *w, unsigned int ms);
/* What the exchange answers to a message of circuit supervision, or to REL, as one that agrees; false: nothing */
bool gw_exchange_agrees(struct gw_world *w, const uint8_t *octets, size_t len);

/* What is left: a sentence in buf; false where the gateway is idle. Transactions need their time before. */
bool gw_world_busy(struct gw_world *w, char *buf, size_t size);
