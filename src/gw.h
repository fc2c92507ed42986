/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gateway: one struct gw owns the rooms, opens them to the networks, and stops them cleanly. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/tdef.h>
#include <osmocom/core/timer.h>

#include "isup/isup.h"
#include "mapping/mapping.h"
#include "sip/sip.h"

#include "gw_config.h"
#include "gw_isup.h"

/* The VTY listens here (127.0.0.1) if "line vty / bind" says nothing else. */
#define GW_VTY_PORT 4271

/* Timers of the daemon itself, seconds */
enum gw_timer {
	GW_X1_STOP = -1,		/* longest wait for calls to be released at a clean stop */
};

enum gw_state {
	GW_CONFIG,			/* configuration is being loaded: nothing is open yet */
	GW_RUNNING,
	GW_STOPPING,			/* no new calls; the present ones are being released */
	GW_STOPPED,			/* main() may end */
};

/* A socket that SIP listens on */
struct gw_listener {
	struct llist_head entry;
	enum sip_proto proto;
	struct osmo_sockaddr addr;
};

struct gw {
	enum gw_state state;
	struct isup *isup;
	struct gw_isup *gi;
	struct sip *sip;
	struct mapping *mapping;
	struct media *media;
	struct llist_head listeners;	/* struct gw_listener, in the order of configuration */
	struct osmo_tdef *tdefs;	/* enum gw_timer */
	struct osmo_timer_list stop_timer;
	unsigned int stop_polls;
	struct timespec start_time;
};

struct gw *gw_alloc(void *ctx);

/* Gives each problem of the configuration as a whole to cb; returns how many there are. (gw_check.c) */
unsigned int gw_check(struct gw *gw, gw_problem_cb *cb, void *data);

/* The configuration is loaded and checked: opens the sockets and starts the circuit groups. Problems go to cb.
 * Returns 0 or negative errno. */
int gw_start(struct gw *gw, gw_problem_cb *cb, void *data);

/* TLS has a certificate, which is read if it has not been yet; else what is wrong is in why. */
bool gw_tls_ready(struct gw *gw, char *why, size_t size);
/* SIGHUP: reads certificates and keys, and files of routes, anew. */
void gw_reload(struct gw *gw);

/* Begins the clean stop; state is GW_STOPPED when it is done. */
void gw_stop(struct gw *gw);
/* Nothing is waited for any more. */
void gw_stop_at_once(struct gw *gw);

/* "192.0.2.1 5060": as in the configuration */
const char *gw_addr_buf(char *buf, size_t size, const struct osmo_sockaddr *addr);
const char *gw_proto_name(enum sip_proto proto);

/* A route as the configuration has it, without its priority: "route prefix +33 from any to peer PBX" */
const char *gw_route_text_buf(char *buf, size_t size, const struct route *route);
/* "circuit-group", "peer" */
const char *gw_route_kind_name(enum route_kind kind);
enum route_kind gw_route_kind(const char *word);
