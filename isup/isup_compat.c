/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unrecognised information, Q.764 2.9.5.2, 2.9.5.3: message types, parameters and values that we do not know. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_compat.h"
#include "isup_priv.h"
#include "isup_segment.h"

/* Q.763 3.33, 3.41: instruction indicators, first octet. What follows it (broadband/narrowband interworking) is for
 * exchanges that have both. */
#define INSTR_END_NODE		0x01	/* A: end node interpretation at a transit exchange too */
#define INSTR_RELEASE		0x02	/* B */
#define INSTR_NOTIFY		0x04	/* C */
#define INSTR_DISCARD_MSG	0x08	/* D */
#define INSTR_MSG_DISCARD_INFO	0x10	/* E of a message that cannot be passed on: discarded, not released */
#define INSTR_DISCARD_PAR	0x10	/* E of a parameter */
#define INSTR_EXT		0x80	/* H: the last octet */

/* What is to be done with a message, the graver thing above */
enum action { PASS_ON, DISCARD_PAR, DISCARD_MSG, RELEASE };

/* Q.764 2.9.5.2: where a call ends, or leaves ISUP, an exchange is of type A: it interprets all indicators and can
 * pass on nothing. With isup_group_cfg.transit it is of type B: the other side is ISUP as well (SIP-I). */
static bool is_transit(const struct isup_circuit *circuit)
{
	return circuit->group->cfg.transit;
}

/* ---- What is asked for ---- */

/* Q.763 3.41 GF: pass on not possible; 3 is interpreted as 0 */
static enum action par_action(uint8_t instr, bool transit)
{
	static const enum action not_possible[] = { RELEASE, DISCARD_MSG, DISCARD_PAR, RELEASE };

	if (transit && !(instr & INSTR_END_NODE))
		return PASS_ON;
	if (instr & INSTR_RELEASE)
		return RELEASE;
	if (instr & INSTR_DISCARD_MSG)
		return DISCARD_MSG;
	if (instr & INSTR_DISCARD_PAR)
		return DISCARD_PAR;
	return transit ? PASS_ON : not_possible[instr >> 5 & 3];
}

static enum action msg_action(uint8_t instr, bool transit)
{
	if (transit && !(instr & INSTR_END_NODE))
		return PASS_ON;
	if (instr & INSTR_RELEASE)
		return RELEASE;
	if (instr & INSTR_DISCARD_MSG)
		return DISCARD_MSG;
	if (transit)
		return PASS_ON;
	return instr & INSTR_MSG_DISCARD_INFO ? DISCARD_MSG : RELEASE;
}

/* Looks for the first instruction octet of a parameter code in one parameter compatibility information. */
static bool find_in(const struct isup_par *compat, uint8_t code, uint8_t *instr)
{
	size_t at = 0;
	uint8_t name;

	while (at + 1 < compat->len) {
		name = compat->val[at++];
		*instr = compat->val[at];
		while (at < compat->len && !(compat->val[at++] & INSTR_EXT))
			;
		if (name == code)
			return true;
	}
	return false;
}

static bool find_instructions(const struct isup_msg *msg, uint8_t code, uint8_t *instr)
{
	const struct isup_par *par;

	for (par = msg->pars; msg->dialect->compat && par < msg->pars + msg->n_pars; par++) {
		if (par->code == ISUP_PAR_PARAMETER_COMPAT && find_in(par, code, instr))
			return true;
	}
	return false;
}

/* ---- What is recognised ---- */

static uint8_t value_of(const struct isup_par *par, const char *letters)
{
	unsigned int width = strlen(letters), lsb = letters[width - 1] - 'A';

	return lsb / 8 < par->len ? par->val[lsb / 8] >> lsb % 8 & ((1 << width) - 1) : 0;
}

static bool is_spare(const struct isup_par *par, const struct isup_value_default *row)
{
	uint8_t value = value_of(par, row->letters);

	return value >= row->from && value <= row->to;
}

static bool has_spare(const struct isup_msg *msg, const struct isup_par *par)
{
	const struct isup_value_default *row =
		msg->dialect->value_defaults ? msg->dialect->value_defaults[par->code] : NULL;

	for (; row && row->letters; row++) {
		if (is_spare(par, row))
			return true;
	}
	return false;
}

/* A parameter that is too short for what Q.763 has in it is as good as unknown. A mandatory one is known: the message
 * would have no layout without it. */
static bool is_known(const struct isup_msg *msg, const struct isup_par *par)
{
	const struct isup_par_def *def = isup_par_def(msg->dialect, par->code);

	return !par->optional || (def && par->len >= def->min_len);
}

/* Is it one that its message has? */
static bool is_expected(const struct isup_msg *msg, const struct isup_par *par)
{
	return !par->optional || isup_dialect_expects(msg->dialect, msg->type, par->code);
}

static bool is_recognised(const struct isup_msg *msg, const struct isup_par *par)
{
	return is_known(msg, par) && is_expected(msg, par);
}

static bool all_recognised(const struct isup_msg *msg)
{
	const struct isup_par *par;

	for (par = msg->pars; par < msg->pars + msg->n_pars; par++) {
		if (!is_recognised(msg, par) || has_spare(msg, par))
			return false;
	}
	return true;
}

/* ---- Judgement ---- */

struct names {
	uint8_t n;
	uint8_t codes[ISUP_DIAGNOSTICS_MAX];
};

struct verdict {
	enum action action;		/* the gravest */
	uint8_t culprit;		/* the first parameter that asks for it */
	bool notify;			/* it asks for a notification, too */
	struct names discarded, passed_on;	/* of which the far end is to be told */
	bool drop[ISUP_MSG_PARS_MAX];
};

static void add_name(struct names *names, uint8_t code)
{
	if (names->n < ARRAY_SIZE(names->codes) && !memchr(names->codes, code, names->n))
		names->codes[names->n++] = code;
}

/* 2.9.5.3: nothing is said in return for CFN and RLC, and what is not recognised there is discarded; REL is never
 * discarded, and takes no more releasing. */
static enum action limit(uint8_t type, enum action action)
{
	if (type == ISUP_MSG_CFN || type == ISUP_MSG_RLC)
		return DISCARD_PAR;
	return type == ISUP_MSG_REL ? OSMO_MIN(action, DISCARD_PAR) : action;
}

/* 2.9.5.3.2, 2.9.5.3.3: without instructions a parameter is discarded and CFN sent where the call ends, and passed on
 * by a transit exchange; a value has its default. A parameter that we know in a message that does not have it counts as
 * not recognised: its instructions are obeyed. Where it has none it is kept all the same, because networks use known
 * parameters in more messages than Q.763 lists, and to lose one is worse than to hand on one that nobody asks for; with
 * the dialect's option strict-parameters it is discarded to the letter of 2.9.5.3.2. */
static void judge(struct verdict *v, const struct isup_msg *msg, unsigned int i, bool transit)
{
	const struct isup_par *par = &msg->pars[i];
	bool known = is_known(msg, par) && (is_expected(msg, par) || !msg->dialect->strict_parameters), told, notify;
	enum action action = transit || known ? PASS_ON : DISCARD_PAR;
	uint8_t instr = 0;

	told = find_instructions(msg, par->code, &instr);
	if (told)
		notify = instr & INSTR_NOTIFY && (!transit || instr & INSTR_END_NODE);
	else
		notify = !transit && !known && msg->dialect->cfn;
	if (told)
		action = par_action(instr, transit);
	if (!par->optional && action == DISCARD_PAR)
		return;
	action = limit(msg->type, action);
	v->drop[i] = action == DISCARD_PAR;
	if (action > v->action) {
		v->action = action;
		v->culprit = par->code;
		v->notify = notify;
	}
	if (notify && action <= DISCARD_PAR)
		add_name(action == DISCARD_PAR ? &v->discarded : &v->passed_on, par->code);
}

static void judge_all(struct verdict *v, const struct isup_msg *msg, bool transit)
{
	unsigned int i;

	memset(v, 0, sizeof(*v));
	for (i = 0; i < msg->n_pars; i++) {
		if (!is_recognised(msg, &msg->pars[i]) || has_spare(msg, &msg->pars[i]))
			judge(v, msg, i, transit);
	}
}

/* ---- What is said in return ---- */

/* Q.850 2.2.5: 97 has the message type as diagnostics, 99 and 103 parameter names, 110 both */
static struct isup_cause cause_of(const struct isup_dialect *dialect, uint8_t value, const uint8_t *diagnostics,
				  size_t n)
{
	struct isup_cause cause = { .location = dialect->location, .value = value, .n_diagnostics = n };

	memcpy(cause.diagnostics, diagnostics, n);
	return cause;
}

static void send_cfn(struct isup_circuit *circuit, uint8_t value, const uint8_t *diagnostics, size_t n)
{
	const struct isup_dialect *dialect = circuit->group->cfg.dialect;
	struct isup_cause cause = cause_of(dialect, value, diagnostics, n);
	struct isup_msg cfn;

	if (!isup_dialect_has(dialect, ISUP_MSG_CFN))
		return;
	isup_msg_init(&cfn, dialect, ISUP_MSG_CFN);
	isup_msg_put(&cfn, ISUP_PAR_CAUSE, &cause);
	isup_tx(circuit, &cfn);
}

static void send_names(struct isup_circuit *circuit, uint8_t value, const struct names *names)
{
	if (names->n)
		send_cfn(circuit, value, names->codes, names->n);
}

/* 2.9.5.3.2: RLC says what of REL was not recognised. */
void isup_compat_send_rlc(struct isup_circuit *circuit, const uint8_t *codes, size_t n)
{
	const struct isup_dialect *dialect = circuit->group->cfg.dialect;
	struct isup_cause cause = cause_of(dialect, ISUP_CAUSE_PARAMETER_NONEXISTENT, codes, n);
	struct isup_msg rlc;

	isup_msg_init(&rlc, dialect, ISUP_MSG_RLC);
	isup_msg_put(&rlc, ISUP_PAR_CAUSE, &cause);
	isup_tx(circuit, &rlc);
}

/* REL on an idle circuit (2.9.5.1 a) is answered at once: there is no call that would keep the names until then. */
static bool answer_idle_rel(struct isup_circuit *circuit, const struct isup_msg *msg, const struct verdict *v)
{
	if (msg->type != ISUP_MSG_REL || !circuit->idle || !v->discarded.n)
		return false;
	isup_load_rx_rel(circuit->group->dest, msg);
	isup_compat_send_rlc(circuit, v->discarded.codes, v->discarded.n);
	return true;
}

/* What REL had and was discarded is kept until RLC. */
static void tell_in_rlc(struct isup_call *call, const struct names *names)
{
	if (!call)
		return;
	call->n_unrecognised = OSMO_MIN(names->n, sizeof(call->unrecognised));
	memcpy(call->unrecognised, names->codes, call->n_unrecognised);
}

static void notify(struct isup_circuit *circuit, const struct isup_msg *msg, const struct verdict *v)
{
	if (msg->type == ISUP_MSG_CFN || msg->type == ISUP_MSG_RLC)
		return;
	if (msg->type == ISUP_MSG_REL) {
		tell_in_rlc(circuit->call, &v->discarded);
		return;
	}
	if (v->action == DISCARD_MSG) {
		if (v->notify)
			send_cfn(circuit, ISUP_CAUSE_PARAMETER_DISCARDED, (uint8_t[]){ msg->type, v->culprit }, 2);
		return;
	}
	send_names(circuit, ISUP_CAUSE_PARAMETER_NONEXISTENT, &v->discarded);
	send_names(circuit, ISUP_CAUSE_PARAMETER_PASSED_ON, &v->passed_on);
}

/* ---- What is left of a message ---- */

/* The parameter with its spare values replaced, in the store of the message that it goes to */
static void put_defaults(struct isup_msg *out, struct isup_par *par)
{
	const struct isup_value_default *row = out->dialect->value_defaults[par->code];
	uint8_t *val = out->store + out->n_store;

	memcpy(val, par->val, par->len);
	out->n_store += par->len;
	for (; row->letters; row++) {
		unsigned int width = strlen(row->letters), lsb = row->letters[width - 1] - 'A';
		if (is_spare(par, row))
			val[lsb / 8] = (val[lsb / 8] & ~(((1 << width) - 1) << lsb % 8)) | row->instead << lsb % 8;
	}
	par->val = val;
}

/* Parameters that are not dropped; octets are made anew, so that the rest is as good as received. */
static void copy_rest(struct isup_msg *out, const struct isup_msg *msg, const struct verdict *v,
		      uint8_t *octets, size_t size)
{
	unsigned int i;
	int len;

	isup_msg_init(out, msg->dialect, msg->type);
	out->cic = msg->cic;
	for (i = 0; i < msg->n_pars; i++) {
		if (v->drop[i])
			continue;
		out->pars[out->n_pars] = msg->pars[i];
		if (has_spare(msg, &msg->pars[i]))
			put_defaults(out, &out->pars[out->n_pars]);
		out->n_pars++;
	}
	len = isup_msg_encode_pars(out, octets, size);
	if (len > 0) {
		out->octets = octets;
		out->octets_len = len;
	}
}

static void rx_rest(struct isup_circuit *circuit, const struct isup_msg *msg, const struct verdict *v)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg rest;

	copy_rest(&rest, msg, v, octets, sizeof(octets));
	isup_segment_rx(circuit, rest.octets_len ? &rest : msg);
}

/* ---- Receiving ---- */

static const char *const action_names[] = {
	[PASS_ON] = "passed on", [DISCARD_PAR] = "discarded", [DISCARD_MSG] = "message discarded",
	[RELEASE] = "call released",
};

static void release(struct isup_circuit *circuit, const struct isup_msg *msg, const struct verdict *v)
{
	struct isup_cause cause = cause_of(msg->dialect, ISUP_CAUSE_PARAMETER_NONEXISTENT, &v->culprit, 1);

	/* It is refused when it has a call: isup_compat_refuses() */
	if (msg->type == ISUP_MSG_IAM)
		isup_circuit_rx(circuit, msg);
	else if (circuit->call)
		isup_call_protocol_error(circuit->call, &cause);
}

static void rx_unrecognised(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	struct verdict v;

	judge_all(&v, msg, is_transit(circuit));
	isup_group_count(circuit->group, ISUP_CTR_UNRECOGNISED);
	LOGP_LIMITED(DISUP, LOGL_NOTICE, "%s/%u: %s with information that is not recognised (parameter 0x%02x): %s\n",
		     circuit->group->name, circuit->cic, isup_msg_name(msg->dialect, msg->type), v.culprit,
		     v.culprit ? action_names[v.action] : "passed on, or default values taken");
	if (v.action == RELEASE) {
		release(circuit, msg, &v);
		return;
	}
	if (answer_idle_rel(circuit, msg, &v))
		return;
	notify(circuit, msg, &v);
	if (v.action != DISCARD_MSG)
		rx_rest(circuit, msg, &v);
}

void isup_compat_rx(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (all_recognised(msg))
		isup_segment_rx(circuit, msg);
	else
		rx_unrecognised(circuit, msg);
}

bool isup_compat_refuses(const struct isup_call *call, const struct isup_msg *iam, struct isup_cause *cause)
{
	struct verdict v;

	if (all_recognised(iam))
		return false;
	judge_all(&v, iam, is_transit(call->circuit));
	*cause = cause_of(iam->dialect, ISUP_CAUSE_PARAMETER_NONEXISTENT, &v.culprit, 1);
	return v.action == RELEASE;
}

/* The instruction indicators of a message whose procedure is not known, as a rule nor its layout. Q.763 1.11: a message
 * type that not everybody recognises has an optional part only, so its pointer is the second octet. */
static bool type_instructions(const struct isup_msg *msg, uint8_t *instr)
{
	const struct isup_par *par = isup_msg_find(msg, ISUP_PAR_MESSAGE_COMPAT);
	size_t at = 1;

	if (isup_msg_def(msg->dialect, msg->type)) {
		if (par && par->len)
			*instr = par->val[0];
		return par && par->len;
	}
	if (msg->octets_len < 2 || !msg->octets[1])
		return false;
	at += msg->octets[1];
	while (at + 2 < msg->octets_len && msg->octets[at] != ISUP_PAR_END) {
		if (msg->octets[at] == ISUP_PAR_MESSAGE_COMPAT && msg->octets[at + 1] > 0) {
			*instr = msg->octets[at + 2];
			return true;
		}
		at += 2 + msg->octets[at + 1];
	}
	return false;
}

void isup_compat_unrecognised(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	struct isup_cause cause = cause_of(msg->dialect, ISUP_CAUSE_MESSAGE_TYPE_NONEXISTENT, &msg->type, 1);
	uint8_t instr = 0;
	bool told = msg->dialect->compat && type_instructions(msg, &instr);
	enum action action = told ? msg_action(instr, is_transit(circuit)) : DISCARD_MSG;

	isup_group_count(circuit->group, ISUP_CTR_UNRECOGNISED);
	LOGP_LIMITED(DISUP, LOGL_NOTICE, "%s/%u: message type 0x%02x not recognised: %s\n", circuit->group->name,
		     circuit->cic, msg->type, action_names[action]);
	if (action == RELEASE) {
		if (circuit->call)
			isup_call_protocol_error(circuit->call, &cause);
	} else if (action == PASS_ON) {
		if (circuit->call)
			isup_call_rx_passed_on(circuit->call, msg);
	} else if (told ? instr & INSTR_NOTIFY : msg->dialect->cfn) {
		send_cfn(circuit, cause.value, cause.diagnostics, cause.n_diagnostics);
	}
}
