/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: an endpoint on a real stream socket, clients of it, and a clock that is moved by hand. */
#pragma once

#include <sys/types.h>

#include <osmocom/core/select.h>

#include "sip/sip_conn.h"
#include "sip/sip_peer.h"

extern struct sip *sip;
extern struct osmo_sockaddr stream_local;	/* what it listens on */
extern struct sip_call *call;			/* the last that came up */
extern unsigned int failed, answered;
extern char got[1 << 20];			/* what stream_take() has read */

void stream_init(void);
void stream_start(enum sip_proto proto);
void stream_end(void);
/* Until nothing more happens for a moment of real time */
void stream_turn(void);
/* On the clock of timers and deadlines, not the world's */
void stream_pass(unsigned int seconds);
int stream_client_from(const char *from, int rcvbuf);
int stream_client(void);
/* What the other side has to read by now; -1: the connection is shut */
ssize_t stream_take(int fd);
/* In got */
unsigned int stream_count(const char *needle);
/* buf: 512 */
size_t stream_put_options(char *buf, unsigned int n);
uint64_t stream_ctr(enum sip_ctr n);
