/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simple segmentation, Q.764 2.1.12. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"
#include "isup_segment.h"

/* Q.763 3.37 C, 3.38 C: additional information will be sent in a segmentation message */
#define SEGMENTATION	0x04

/* COT is all that is kept beside the message: type and indicator */
#define COT_LEN		2

/* A message received that waits for its SGM */
struct isup_segment {
	struct llist_head entry;	/* isup_dest.segments */
	struct isup_circuit *circuit;
	struct osmo_timer_list t34;
	uint16_t len;
	bool has_cot;
	uint8_t cot[COT_LEN];
	uint8_t octets[];
};

/* ---- What may be segmented, and which parameter says so ---- */

static const struct {
	uint8_t type;
	uint8_t indicator;		/* the parameter with the simple segmentation indicator */
} announcers[] = {
	{ ISUP_MSG_IAM, ISUP_PAR_OPT_FCI },
	{ ISUP_MSG_ACM, ISUP_PAR_OBCI },
	{ ISUP_MSG_CPG, ISUP_PAR_OBCI },
	{ ISUP_MSG_ANM, ISUP_PAR_OBCI },
	{ ISUP_MSG_CON, ISUP_PAR_OBCI },
	{ ISUP_MSG_PRI, ISUP_PAR_OPT_FCI },	/* forward */
	{ ISUP_MSG_PRI, ISUP_PAR_OBCI },	/* backward */
};

static bool is_indicator(uint8_t type, uint8_t code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(announcers); i++) {
		if (announcers[i].type == type && announcers[i].indicator == code)
			return true;
	}
	return false;
}

static bool announces(const struct isup_msg *msg)
{
	const struct isup_par *par;

	for (par = msg->pars; par < msg->pars + msg->n_pars; par++) {
		if (is_indicator(msg->type, par->code) && par->len > 0 && par->val[0] & SEGMENTATION)
			return isup_dialect_has(msg->dialect, ISUP_MSG_SGM);
	}
	return false;
}

/* Appends a parameter, borrowed. */
static void add(struct isup_msg *out, const struct isup_par *par)
{
	if (out->n_pars < ARRAY_SIZE(out->pars))
		out->pars[out->n_pars++] = *par;
}

/* The same with the simple segmentation indicator as given, in the store. The octet is there. */
static void add_indicator(struct isup_msg *out, const struct isup_par *par, uint8_t bit)
{
	struct isup_par changed = *par;
	uint8_t *val = out->store + out->n_store;

	memcpy(val, par->val, par->len);
	val[0] = (val[0] & ~SEGMENTATION) | bit;
	out->n_store += par->len;
	changed.val = val;
	add(out, &changed);
}

/* ---- Receiving ---- */

static void free_segment(struct isup_segment *segment)
{
	osmo_timer_del(&segment->t34);
	llist_del(&segment->entry);
	segment->circuit->segment = NULL;
	isup_circuit_update(segment->circuit);
	talloc_free(segment);
}

/* The whole message: what was announced is there, or will not come. */
static void merge(struct isup_msg *out, const struct isup_msg *first, const struct isup_msg *sgm)
{
	const struct isup_par *par;

	isup_msg_init(out, first->dialect, first->type);
	out->cic = first->cic;
	for (par = first->pars; par < first->pars + first->n_pars; par++) {
		if (is_indicator(first->type, par->code) && par->len > 0)
			add_indicator(out, par, 0);
		else
			add(out, par);
	}
	for (par = sgm ? sgm->pars : NULL; par && par < sgm->pars + sgm->n_pars; par++) {
		if (par->code != ISUP_PAR_MESSAGE_COMPAT)
			add(out, par);
	}
}

static void rx_merged(struct isup_circuit *circuit, const struct isup_msg *first, const struct isup_msg *sgm)
{
	uint8_t octets[2 * ISUP_MSG_OCTETS_MAX];
	struct isup_msg whole;
	int len;

	merge(&whole, first, sgm);
	len = isup_msg_encode_pars(&whole, octets, sizeof(octets));
	if (len > 0) {
		whole.octets = octets;
		whole.octets_len = len;
	}
	isup_circuit_rx(circuit, len > 0 ? &whole : first);
}

static void rx_octets(struct isup_circuit *circuit, const uint8_t *octets, size_t len, const struct isup_msg *sgm)
{
	struct isup_msg msg;

	/* It was decoded without an error before. */
	if (isup_msg_decode(&msg, circuit->group->cfg.dialect, octets, len, NULL) < 0)
		return;
	msg.cic = circuit->cic;
	if (msg.type == ISUP_MSG_COT)
		isup_circuit_rx(circuit, &msg);
	else
		rx_merged(circuit, &msg, sgm);
}

/* The call goes on, with the segment or (NULL) without. */
static void go_on(struct isup_segment *segment, const struct isup_msg *sgm)
{
	struct isup_circuit *circuit = segment->circuit;
	uint8_t octets[ISUP_MSG_OCTETS_MAX], cot[COT_LEN];
	bool has_cot = segment->has_cot;
	uint16_t len = segment->len;

	memcpy(octets, segment->octets, len);
	memcpy(cot, segment->cot, sizeof(cot));
	free_segment(segment);
	rx_octets(circuit, octets, len, sgm);
	if (has_cot)
		rx_octets(circuit, cot, sizeof(cot), NULL);
}

static void t34_expired(void *data)
{
	struct isup_segment *segment = data;

	LOGP(DISUP, LOGL_INFO, "%s/%u: T34 expired: no segment came\n", segment->circuit->group->name,
	     segment->circuit->cic);
	isup_group_count(segment->circuit->group, ISUP_CTR_TIMER_CALL);
	go_on(segment, NULL);
}

void isup_segment_for_each_timer(const struct isup_circuit *circuit, isup_timer_left_cb *cb, void *data)
{
	struct timeval left;

	if (circuit->segment && osmo_timer_remaining(&circuit->segment->t34, NULL, &left) == 0)
		cb(ISUP_T34, left.tv_sec * 1000 + left.tv_usec / 1000, data);
}

/* False: no memory, the message is taken as it is. */
static bool keep(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	uint32_t ms = isup_group_timer_ms(circuit->group, ISUP_T34);
	struct isup_segment *segment;

	if (msg->octets_len > ISUP_MSG_OCTETS_MAX)
		return false;
	segment = talloc_zero_size(circuit->group->dest, sizeof(*segment) + msg->octets_len);
	if (!segment)
		return false;
	segment->circuit = circuit;
	segment->len = msg->octets_len;
	memcpy(segment->octets, msg->octets, msg->octets_len);
	osmo_timer_setup(&segment->t34, t34_expired, segment);
	osmo_timer_schedule(&segment->t34, ms / 1000, ms % 1000 * 1000);
	llist_add_tail(&segment->entry, &circuit->group->dest->segments);
	circuit->segment = segment;
	isup_circuit_update(circuit);
	return true;
}

/* 2.1.12: after these the segment may still come; any other message says that it is lost. */
static bool may_come_between(uint8_t type)
{
	switch (type) {
	case ISUP_MSG_BLO:
	case ISUP_MSG_BLA:
	case ISUP_MSG_UBL:
	case ISUP_MSG_UBA:
	case ISUP_MSG_CGB:
	case ISUP_MSG_CGBA:
	case ISUP_MSG_CGU:
	case ISUP_MSG_CGUA:
	case ISUP_MSG_CQM:
	case ISUP_MSG_CQR:
		return true;
	default:
		return false;
	}
}

/* While a message waits. False: this one is to be dealt with now. */
static bool rx_between(struct isup_segment *segment, const struct isup_msg *msg)
{
	if (may_come_between(msg->type))
		return false;
	switch (msg->type) {
	case ISUP_MSG_SGM:
		go_on(segment, msg);
		return true;
	case ISUP_MSG_COT:
		segment->has_cot = msg->octets_len == COT_LEN;
		if (segment->has_cot)
			memcpy(segment->cot, msg->octets, COT_LEN);
		return true;
	case ISUP_MSG_REL:
	case ISUP_MSG_RSC:
	case ISUP_MSG_GRS:
		free_segment(segment);
		return false;
	default:
		go_on(segment, NULL);
		return false;
	}
}

/* 2.9.5.1: a segment that nobody waits for is discarded. */
static void discard_sgm(struct isup_circuit *circuit)
{
	isup_group_count(circuit->group, ISUP_CTR_UNEXPECTED);
	LOGP_LIMITED(DISUP, LOGL_NOTICE, "%s/%u: SGM discarded: it was not announced, or comes too late\n",
		     circuit->group->name, circuit->cic);
}

void isup_segment_rx(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (circuit->segment && rx_between(circuit->segment, msg))
		return;
	if (msg->type == ISUP_MSG_SGM && isup_dialect_has(msg->dialect, ISUP_MSG_SGM))
		discard_sgm(circuit);
	else if (!announces(msg) || !keep(circuit, msg))
		isup_circuit_rx(circuit, msg);
}

void isup_segment_drop(struct isup_circuit *circuit)
{
	if (circuit->segment)
		free_segment(circuit->segment);
}

void isup_segment_drop_all(struct isup_dest *dest, const struct isup_group *group)
{
	struct isup_segment *segment, *tmp;

	llist_for_each_entry_safe(segment, tmp, &dest->segments, entry) {
		if (!group || segment->circuit->group == group)
			free_segment(segment);
	}
}

/* ---- Sending ---- */

/* Q.763 Table 49: what SGM may carry, in the order in which it is taken out of a message */
static const uint8_t movable[] = {
	ISUP_PAR_UUI, ISUP_PAR_ACCESS_TRANSPORT, ISUP_PAR_GENERIC_NUMBER, ISUP_PAR_GENERIC_DIGITS,
	ISUP_PAR_GENERIC_NOTIFICATION,
};

static bool is_moved(const struct isup_par *par, unsigned int n_moved)
{
	return par->optional && memchr(movable, par->code, n_moved);
}

/* The parameters that are (not) among the first n_moved of the movable ones */
static void put_part(struct isup_msg *out, const struct isup_msg *msg, unsigned int n_moved, uint8_t indicator)
{
	bool is_segment = out->type == ISUP_MSG_SGM;
	const struct isup_par *par;

	for (par = msg->pars; par < msg->pars + msg->n_pars; par++) {
		if (is_moved(par, n_moved) != is_segment)
			continue;
		if (par->code == indicator && par->len > 0)
			add_indicator(out, par, SEGMENTATION);
		else
			add(out, par);
	}
	if (indicator && !isup_msg_find(msg, indicator))
		isup_msg_put_octets(out, indicator, (uint8_t[]){ SEGMENTATION }, 1);
}

static uint8_t indicator_of(const struct isup_msg *msg)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(announcers); i++) {
		if (announcers[i].type == msg->type)
			return announcers[i].indicator;
	}
	return 0;
}

static int split(const struct isup_msg *msg, uint8_t *octets, uint8_t *segment, int *segment_len)
{
	uint8_t indicator = indicator_of(msg);
	struct isup_msg first, sgm;
	unsigned int n;
	int len;

	/* Of PRI it is not known here which way it goes. */
	if (!indicator || msg->type == ISUP_MSG_PRI || !isup_dialect_has(msg->dialect, ISUP_MSG_SGM))
		return -EMSGSIZE;
	for (n = 1; n <= ARRAY_SIZE(movable); n++) {
		isup_msg_init(&first, msg->dialect, msg->type);
		isup_msg_init(&sgm, msg->dialect, ISUP_MSG_SGM);
		put_part(&first, msg, n, indicator);
		put_part(&sgm, msg, n, 0);
		len = isup_msg_encode_pars(&first, octets, ISUP_SEGMENT_MAX);
		*segment_len = isup_msg_encode_pars(&sgm, segment, ISUP_SEGMENT_MAX);
		if (sgm.n_pars && len > 0 && *segment_len > 0)
			return len;
	}
	*segment_len = 0;
	return -EMSGSIZE;
}

int isup_segment_split(const struct isup_dialect *dialect, uint8_t *octets, size_t len, uint8_t *segment,
		       int *segment_len)
{
	uint8_t copy[2 * ISUP_MSG_OCTETS_MAX];
	struct isup_msg msg;

	if (len > sizeof(copy))
		return -EMSGSIZE;
	memcpy(copy, octets, len);
	if (isup_msg_decode(&msg, dialect, copy, len, NULL) < 0)
		return -EMSGSIZE;
	return split(&msg, octets, segment, segment_len);
}
