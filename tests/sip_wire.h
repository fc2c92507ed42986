/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a SIP endpoint on a transport that prints what is sent, and a clock that is moved by hand. */
#pragma once

#include "sip/sip_endpoint.h"
#include "sip/sip_transport.h"

/* Endpoint 192.0.2.1:5060; everything else is at 192.0.2.2:5060 unless said otherwise */
struct wire {
	struct sip *sip;
	struct sip_sock *sock;
	struct sip_transport_ops ops;	/* reliable may be set */
	int send_rc;			/* what sending returns from now on */
	unsigned int n_fail;		/* so often only; 0: always */
	bool quiet;			/* nothing is printed */
	unsigned int last_rseq;		/* of the reliable response sent last */
	unsigned int n_sent;
	char last[SIP_MSG_MAX];		/* the message sent last */
	size_t last_len;
	char request[SIP_MSG_MAX];	/* the request but ACK sent last */
	size_t request_len;
	char invite[SIP_MSG_MAX];	/* the INVITE sent last */
	size_t invite_len;
};

void wire_init(void);
struct wire *wire_alloc(sip_user_cb *cb, void *user);
void wire_free(struct wire *w);

/* Prints a line with the time since wire_start(). */
void wire_start(const char *title);
void wire_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Lets time pass, timers run. */
void wire_pass(unsigned int ms);

/* A message is received; its lines end with \n in text. */
void wire_rx(struct wire *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void wire_rx_from(struct wire *w, const char *ip, uint16_t port, const char *text);
/* A response to the request sent last: lines is further header lines; body after an empty line. */
void wire_answer(struct wire *w, unsigned int status, const char *to_tag, const char *lines);
void wire_answer_to_invite(struct wire *w, unsigned int status, const char *to_tag, const char *lines);
/* A header value of the message sent last; in a static buffer of its own for each of a few calls in a row */
const char *wire_sent_hdr(struct wire *w, enum sip_hdr_id id);
const char *wire_sent_to_tag(struct wire *w);
