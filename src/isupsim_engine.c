/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario exchange: its peers and circuits, and the way of a message to the scenario that it is for. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/byteswap.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isupsim_play.h"
#include "log_cats.h"

#define CIC_LEN 2
/* The network between the two ends delays all messages, but not always equally. */
#define EARLY_MS 100
#define RECV_TIMEOUT_MS 10000
/* A circuit that is not answered is asked again so often, then left alone. */
#define RESET_MS 5000
#define RESETS_MAX 10

const uint32_t sim_rtd_limits_ms[SIM_RTD_PARTS] = { 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 0 };

uint64_t sim_now_us(void)
{
	struct timespec now;

	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static uint32_t timer_ms(const struct sim_engine *engine, unsigned int timer, enum sim_bound bound)
{
	const struct isup_timer_def *def = &isup_timer_defs[timer];

	if (engine->timer_ms[timer])
		return engine->timer_ms[timer];
	return bound == SIM_BOUND_MIN ? def->min_ms : bound == SIM_BOUND_MAX ? def->max_ms : def->default_ms;
}

uint32_t sim_time_ms(const struct sim_engine *engine, const struct sim_time *time)
{
	uint32_t ms = time->ms;

	for (unsigned int i = 0; i < time->n_terms; i++)
		ms += time->terms[i].times * timer_ms(engine, time->terms[i].timer, time->terms[i].bound);
	return ms;
}

void sim_engine_count(struct sim_engine *engine, const char *name)
{
	struct sim_counter *counter;

	llist_for_each_entry(counter, &engine->counters, entry) {
		if (strcmp(counter->name, name) == 0) {
			counter->n++;
			return;
		}
	}
	counter = talloc_zero(engine, struct sim_counter);
	counter->name = talloc_strdup(counter, name);
	counter->n = 1;
	llist_add_tail(&counter->entry, &engine->counters);
}

/* ---- Circuits ---- */

static void reset_cb(void *data);

static struct sim_circuit *circuit_alloc(struct sim_peer *peer, uint16_t cic, bool equipped)
{
	struct sim_circuit *circuit = talloc_zero(peer, struct sim_circuit);

	OSMO_ASSERT(circuit);
	circuit->peer = peer;
	circuit->cic = cic;
	circuit->equipped = equipped;
	osmo_timer_setup(&circuit->reset, reset_cb, circuit);
	INIT_LLIST_HEAD(&circuit->entry);
	peer->by_cic[cic] = circuit;
	return circuit;
}

static void make_free(struct sim_circuit *circuit)
{
	circuit->peer->n_free++;
	llist_add_tail(&circuit->entry, &circuit->peer->free);
}

static void make_taken(struct sim_circuit *circuit)
{
	if (llist_empty(&circuit->entry))
		return;
	circuit->peer->n_free--;
	llist_del_init(&circuit->entry);
}

int sim_peer_add_cics(struct sim_peer *peer, uint16_t first, uint16_t last)
{
	if (first > last || last >= 1u << peer->dialect->cic_bits)
		return -ERANGE;
	for (unsigned int cic = first; cic <= last; cic++) {
		if (peer->by_cic[cic])
			continue;
		make_free(circuit_alloc(peer, cic, true));
		peer->n_circuits++;
	}
	return 0;
}

static bool has_parity(const struct sim_circuit *circuit, enum sim_parity parity)
{
	return parity == SIM_PARITY_ANY || (circuit->cic % 2 == 0) == (parity == SIM_PARITY_EVEN);
}

static struct sim_circuit *take_free(struct sim_peer *peer, enum sim_parity parity)
{
	struct sim_circuit *circuit, *best = NULL;

	llist_for_each_entry(circuit, &peer->free, entry) {
		if (!has_parity(circuit, parity))
			continue;
		if (!peer->engine->lowest_first)
			return circuit;
		if (!best || circuit->cic < best->cic)
			best = circuit;
	}
	return best;
}

/* The highest CIC that is not there: it is far from those that may be added */
static struct sim_circuit *take_unequipped(struct sim_peer *peer)
{
	for (unsigned int cic = 1u << peer->dialect->cic_bits; cic-- > 0;) {
		if (!peer->by_cic[cic])
			return circuit_alloc(peer, cic, false);
	}
	return NULL;
}

/* The one with this CIC, unless a scenario has it, or it is not reset yet */
static struct sim_circuit *take_cic(struct sim_peer *peer, uint16_t cic)
{
	struct sim_circuit *circuit;

	if (cic >= 1u << peer->dialect->cic_bits)
		return NULL;
	circuit = peer->by_cic[cic];
	if (!circuit)
		return circuit_alloc(peer, cic, false);
	return circuit->play || circuit->n_resets ? NULL : circuit;
}

struct sim_circuit *sim_peer_take(struct sim_peer *peer, const struct sim_role *role)
{
	if (role->bind == SIM_BIND_CIC)
		return take_cic(peer, role->cic);
	return role->bind == SIM_BIND_FREE ? take_free(peer, role->parity) : take_unequipped(peer);
}

void sim_circuit_bind(struct sim_circuit *circuit, struct sim_play *play, uint8_t role)
{
	circuit->play = play;
	circuit->role = role;
	make_taken(circuit);
	if (play)
		return;
	if (circuit->equipped) {
		make_free(circuit);
		return;
	}
	circuit->peer->by_cic[circuit->cic] = NULL;
	osmo_timer_del(&circuit->reset);
	talloc_free(circuit);
}

static void reset_cb(void *data)
{
	static const uint8_t rsc[] = { ISUP_MSG_RSC };
	struct sim_circuit *circuit = data;

	if (circuit->n_resets++ == RESETS_MAX) {
		LOGP(DSIM, LOGL_ERROR, "CIC %u: no answer to RSC, it is not used any more\n", circuit->cic);
		return;
	}
	sim_peer_send(circuit->peer, circuit->cic, rsc, sizeof(rsc));
	osmo_timer_schedule(&circuit->reset, RESET_MS / 1000, 0);
}

void sim_circuit_reset(struct sim_circuit *circuit)
{
	if (!circuit->equipped || circuit->play || circuit->n_resets)
		return;
	make_taken(circuit);
	reset_cb(circuit);
}

/* RLC for the RSC of ours */
static bool reset_acked(struct sim_circuit *circuit, uint8_t type)
{
	if (!circuit->n_resets || type != ISUP_MSG_RLC)
		return false;
	osmo_timer_del(&circuit->reset);
	circuit->n_resets = 0;
	make_free(circuit);
	return true;
}

/* ---- Out ---- */

int sim_peer_send(struct sim_peer *peer, uint16_t cic, const uint8_t *octets, size_t len)
{
	struct sim_engine *engine = peer->engine;
	struct isup_mtp_label label = { .opc = peer->opc, .dpc = peer->dpc, .sls = cic & 0xf };
	uint8_t buf[CIC_LEN + ISUP_MSG_OCTETS_MAX];
	int rc;

	if (len < 1 || len > ISUP_MSG_OCTETS_MAX)
		return -EMSGSIZE;
	osmo_store16le(cic, buf);
	memcpy(buf + CIC_LEN, octets, len);
	if (engine->verbose)
		LOGP(DSIM, LOGL_NOTICE, "%u > %s\n", cic, isup_msg_name(peer->dialect, octets[0]));
	if (engine->ops->trace)
		engine->ops->trace(engine->data, peer, &label, buf, CIC_LEN + len, true);
	rc = peer->mtp->ops->transfer_req(peer->mtp, &label, buf, CIC_LEN + len);
	if (rc < 0)
		engine->stats.send_errors++;
	else
		engine->stats.sent++;
	return rc;
}

/* ---- Answers of an exchange on which nothing happens ---- */

static const struct answer_row {
	uint8_t type, answer;
	uint8_t pars[3];		/* taken over as they are */
	uint8_t zeros;			/* GRA: a status bit for each circuit, all 0 */
} answer_rows[] = {
	{ ISUP_MSG_REL, ISUP_MSG_RLC, {}, 0 },
	{ ISUP_MSG_RSC, ISUP_MSG_RLC, {}, 0 },
	{ ISUP_MSG_BLO, ISUP_MSG_BLA, {}, 0 },
	{ ISUP_MSG_UBL, ISUP_MSG_UBA, {}, 0 },
	{ ISUP_MSG_UPT, ISUP_MSG_UPA, {}, 0 },
	{ ISUP_MSG_CCR, ISUP_MSG_LPA, {}, 0 },
	{ ISUP_MSG_GRS, ISUP_MSG_GRA, {}, 1 },
	{ ISUP_MSG_CGB, ISUP_MSG_CGBA, { ISUP_PAR_CGS_MESSAGE_TYPE, ISUP_PAR_RANGE_AND_STATUS }, 0 },
	{ ISUP_MSG_CGU, ISUP_MSG_CGUA, { ISUP_PAR_CGS_MESSAGE_TYPE, ISUP_PAR_RANGE_AND_STATUS }, 0 },
};

/* Q.763 3.43: GRA has a status bit for each circuit, 0: not blocked */
static void put_zeros(struct isup_msg *answer, const struct isup_msg *msg)
{
	struct isup_range_status rs;

	if (isup_msg_get(msg, ISUP_PAR_RANGE_AND_STATUS, &rs) < 0)
		return;
	rs.n_status = rs.range / 8 + 1;
	memset(rs.status, 0, sizeof(rs.status));
	isup_msg_put(answer, ISUP_PAR_RANGE_AND_STATUS, &rs);
}

static void send_answer(struct sim_peer *peer, const struct isup_msg *msg, const struct answer_row *row)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg answer;
	int len;

	isup_msg_init(&answer, peer->dialect, row->answer);
	for (const uint8_t *code = row->pars; *code; code++) {
		const struct isup_par *par = isup_msg_find(msg, *code);
		if (par)
			isup_msg_put_octets(&answer, *code, par->val, par->len);
	}
	if (row->zeros)
		put_zeros(&answer, msg);
	len = isup_msg_encode(&answer, octets, sizeof(octets));
	if (len > 0)
		sim_peer_send(peer, msg->cic, octets, len);
}

/* A call that nobody plays */
static void refuse(struct sim_peer *peer, uint16_t cic)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg rel;
	int len;

	isup_msg_init_cause(&rel, peer->dialect, ISUP_MSG_REL, ISUP_CAUSE_TEMPORARY_FAILURE, ISUP_LOC_LN);
	len = isup_msg_encode(&rel, octets, sizeof(octets));
	if (len > 0)
		sim_peer_send(peer, cic, octets, len);
}

void sim_peer_answer(struct sim_peer *peer, const struct isup_msg *msg)
{
	if (peer->engine->silent)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(answer_rows); i++) {
		if (answer_rows[i].type == msg->type) {
			send_answer(peer, msg, &answer_rows[i]);
			return;
		}
	}
	if (msg->type == ISUP_MSG_IAM)
		refuse(peer, msg->cic);
}

/* ---- In ---- */

static bool claimed(struct sim_engine *engine, struct sim_circuit *circuit, const struct isup_msg *msg)
{
	struct sim_play *play, *next;

	if (!engine->n_unbound)
		return false;
	llist_for_each_entry_safe(play, next, &engine->plays, entry) {
		if (play->n_unbound && play->peer == circuit->peer && sim_play_claim(play, circuit, msg))
			return true;
	}
	return false;
}

static bool is_answering(const struct sim_engine *engine)
{
	return engine->answering && (!engine->max_calls || engine->stats.started < engine->max_calls);
}

static void rx_circuit(struct sim_peer *peer, struct sim_circuit *circuit, const struct isup_msg *msg)
{
	struct sim_engine *engine = peer->engine;

	if (circuit->play) {
		sim_play_rx(circuit->play, circuit, msg);
		return;
	}
	if (reset_acked(circuit, msg->type))
		return;
	if (!circuit->n_resets && claimed(engine, circuit, msg))
		return;
	if (!circuit->n_resets && is_answering(engine) && sim_play_begin(engine, engine->answering, circuit, msg))
		return;
	engine->stats.out_of_play++;
	sim_peer_answer(peer, msg);
}

static struct sim_peer *find_peer(const struct sim_engine *engine, const struct isup_mtp *mtp, uint32_t opc,
				  uint32_t dpc)
{
	struct sim_peer *peer;

	llist_for_each_entry(peer, &engine->peers, entry) {
		if (peer->mtp == mtp && peer->opc == opc && peer->dpc == dpc)
			return peer;
	}
	return NULL;
}

static void trace_received(const struct sim_below *below, const struct sim_peer *peer,
			   const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	struct sim_engine *engine = below->engine;
	const struct sim_peer *other;

	if (!engine->ops->trace)
		return;
	llist_for_each_entry(other, &engine->peers, entry) {
		if (!peer && other->mtp == below->mtp)
			peer = other;
	}
	if (peer)
		engine->ops->trace(engine->data, peer, label, octets, len, false);
}

static void transfer_ind(void *user, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	const struct sim_below *below = user;
	struct sim_engine *engine = below->engine;
	struct sim_peer *peer = find_peer(engine, below->mtp, label->dpc, label->opc);
	struct isup_msg_error err = {};
	struct isup_msg msg;
	uint16_t cic;

	trace_received(below, peer, label, octets, len);
	engine->stats.received++;
	if (!peer || len <= CIC_LEN) {
		engine->stats.broken++;
		LOGP(DSIM, LOGL_ERROR, "%zu octets from point code %u discarded: %s\n", len, label->opc,
		     peer ? "too short" : "it is not configured");
		return;
	}
	peer->n_received++;
	cic = osmo_load16le(octets) & ((1 << peer->dialect->cic_bits) - 1);
	if (engine->verbose)
		LOGP(DSIM, LOGL_NOTICE, "%u < %s\n", cic, isup_msg_name(peer->dialect, octets[CIC_LEN]));
	if (isup_msg_decode(&msg, peer->dialect, octets + CIC_LEN, len - CIC_LEN, &err) < 0) {
		engine->stats.broken++;
		LOGP(DSIM, LOGL_ERROR, "CIC %u: broken %s: %s (octet %u)\n", cic,
		     isup_msg_name(peer->dialect, octets[CIC_LEN]), err.what, err.offset);
		msg.n_pars = 0;
	}
	msg.cic = cic;
	if (peer->by_cic[cic]) {
		rx_circuit(peer, peer->by_cic[cic], &msg);
		return;
	}
	engine->stats.out_of_play++;
	sim_peer_answer(peer, &msg);
}

static void pause_ind(void *user, uint32_t pc)
{
	const struct sim_below *below = user;

	LOGP(DSIM, LOGL_NOTICE, "point code %u cannot be reached\n", pc);
	if (below->user_ops)
		below->user_ops->pause_ind(below->user, pc);
}

static void resume_ind(void *user, uint32_t pc)
{
	const struct sim_below *below = user;

	LOGP(DSIM, LOGL_NOTICE, "point code %u can be reached\n", pc);
	if (below->user_ops)
		below->user_ops->resume_ind(below->user, pc);
}

static void status_ind(void *user, uint32_t pc, enum isup_mtp_status status, unsigned int level)
{
	const struct sim_below *below = user;

	LOGP(DSIM, LOGL_NOTICE, "point code %u: %s\n", pc,
	     status == ISUP_MTP_STATUS_CONGESTED ? "congested" : "there is no ISUP");
	if (below->user_ops)
		below->user_ops->status_ind(below->user, pc, status, level);
}

static const struct isup_mtp_user_ops user_ops = {
	.transfer_ind = transfer_ind,
	.pause_ind = pause_ind,
	.resume_ind = resume_ind,
	.status_ind = status_ind,
};

/* ---- Set up ---- */

/* Nobody is told any more. */
static const struct sim_engine_ops no_ops;

void sim_engine_stop(struct sim_engine *engine)
{
	uint64_t skipped = engine->stats.skipped;
	struct sim_play *play, *next;
	struct sim_peer *peer;

	engine->ops = &no_ops;
	engine->answering = NULL;
	llist_for_each_entry_safe(play, next, &engine->plays, entry)
		sim_play_end(play, SIM_SKIPPED, "the end");
	llist_for_each_entry(peer, &engine->peers, entry) {
		for (unsigned int cic = 0; cic < 1u << peer->dialect->cic_bits; cic++) {
			if (peer->by_cic[cic])
				osmo_timer_del(&peer->by_cic[cic]->reset);
		}
	}
	engine->stats.skipped = skipped;
}

static int engine_destructor(struct sim_engine *engine)
{
	sim_engine_stop(engine);
	return 0;
}

struct sim_engine *sim_engine_alloc(void *ctx, const struct sim_engine_ops *ops, void *data)
{
	struct sim_engine *engine = talloc_zero(ctx, struct sim_engine);

	OSMO_ASSERT(engine);
	INIT_LLIST_HEAD(&engine->peers);
	INIT_LLIST_HEAD(&engine->below);
	INIT_LLIST_HEAD(&engine->plays);
	INIT_LLIST_HEAD(&engine->counters);
	engine->ops = ops;
	engine->data = data;
	engine->recv_timeout_ms = RECV_TIMEOUT_MS;
	engine->early_ms = EARLY_MS;
	engine->next_id = 1;
	talloc_set_destructor(engine, engine_destructor);
	return engine;
}

void sim_engine_attach(struct sim_engine *engine, struct isup_mtp *mtp)
{
	struct sim_below *below;

	if (mtp->user_ops == &user_ops)
		return;
	below = talloc_zero(engine, struct sim_below);
	OSMO_ASSERT(below);
	*below = (struct sim_below){ .engine = engine, .mtp = mtp, .user_ops = mtp->user_ops, .user = mtp->user };
	llist_add_tail(&below->entry, &engine->below);
	mtp->user_ops = &user_ops;
	mtp->user = below;
}

void sim_engine_detach(struct sim_engine *engine)
{
	struct sim_below *below, *next;

	llist_for_each_entry_safe(below, next, &engine->below, entry) {
		if (below->mtp->user == below) {
			below->mtp->user_ops = below->user_ops;
			below->mtp->user = below->user;
		}
		llist_del(&below->entry);
		talloc_free(below);
	}
}

struct sim_peer *sim_peer_get(struct sim_engine *engine, struct isup_mtp *mtp, uint32_t opc, uint32_t dpc,
			      const struct isup_dialect *dialect)
{
	struct sim_peer *peer = find_peer(engine, mtp, opc, dpc);

	if (peer)
		return peer;
	peer = talloc_zero(engine, struct sim_peer);
	OSMO_ASSERT(peer);
	peer->engine = engine;
	peer->mtp = mtp;
	peer->opc = opc;
	peer->dpc = dpc;
	peer->dialect = dialect;
	INIT_LLIST_HEAD(&peer->free);
	peer->by_cic = talloc_zero_array(peer, struct sim_circuit *, 1u << dialect->cic_bits);
	llist_add_tail(&peer->entry, &engine->peers);
	return peer;
}
