/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decode, encode and build one ISUP message by its row. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "isup/isup_msg.h"

const struct isup_msg_def *isup_msg_def(const struct isup_dialect *dialect, uint8_t type)
{
	const struct isup_msg_def *def = &dialect->msgs[type];
	return def->name && isup_dialect_takes(dialect, def->since, def->in) ? def : NULL;
}

const char *isup_msg_name(const struct isup_dialect *dialect, uint8_t type)
{
	const struct isup_msg_def *def = isup_msg_def(dialect, type);
	return def ? def->name : talloc_asprintf(OTC_SELECT, "MSG-0x%02x", type);
}

void isup_msg_init(struct isup_msg *msg, const struct isup_dialect *dialect, uint8_t type)
{
	msg->dialect = dialect;
	msg->type = type;
	msg->n_pars = 0;
	msg->n_store = 0;
	msg->cic = 0;
	msg->octets_len = 0;
	msg->octets = NULL;
}

/* ---- Decode, Q.763 1.5 to 1.8 ---- */

struct decoder {
	struct isup_msg *msg;
	struct isup_msg_error *err;
	size_t at;			/* next octet of the fixed part or of the pointers */
	size_t end_pointers;		/* first octet that a pointer may point to */
	size_t n_parts;
	struct part {
		size_t start, end;
	} parts[5];			/* what pointers point to: variable parameters, optional part */
};

static int broken(const struct decoder *dec, size_t offset, uint8_t par_code, const char *what)
{
	if (dec->err)
		*dec->err = (struct isup_msg_error){ .what = what, .offset = offset, .par_code = par_code };
	return -EBADMSG;
}

static int add_par(struct decoder *dec, uint8_t code, bool optional, size_t at, size_t len)
{
	struct isup_msg *msg = dec->msg;

	if (msg->n_pars == ARRAY_SIZE(msg->pars))
		return broken(dec, at, code, "too many parameters");
	msg->pars[msg->n_pars++] = (struct isup_par){
		.code = code, .len = len, .optional = optional, .val = msg->octets + at,
	};
	return 0;
}

static int decode_fixed(struct decoder *dec, uint8_t code)
{
	size_t len = isup_par_def(dec->msg->dialect, code)->min_len, at = dec->at;

	if (len > dec->msg->octets_len - at)
		return broken(dec, at, code, "mandatory fixed part is cut short");
	dec->at += len;
	return add_par(dec, code, false, at, len);
}

/* Remembers what a pointer leads to: no octet may belong to two parts. */
static int add_part(struct decoder *dec, uint8_t code, size_t start, size_t end)
{
	for (size_t i = 0; i < dec->n_parts; i++) {
		if (start < dec->parts[i].end && dec->parts[i].start < end)
			return broken(dec, start, code, "parts overlap");
	}
	dec->parts[dec->n_parts++] = (struct part){ start, end };
	return 0;
}

/* Follows the pointer at dec->at; the caller has seen that it is there and not 0. */
static int take_pointer(struct decoder *dec, uint8_t code, size_t *target)
{
	size_t at = dec->at++;

	*target = at + dec->msg->octets[at];
	if (*target < dec->end_pointers)
		return broken(dec, at, code, "pointer does not lead past the pointers");
	if (*target >= dec->msg->octets_len)
		return broken(dec, at, code, "pointer leads beyond the end");
	return 0;
}

static int decode_variable(struct decoder *dec, uint8_t code)
{
	const struct isup_msg *msg = dec->msg;
	size_t target, len;
	int rc;

	if (dec->at >= msg->octets_len)
		return broken(dec, dec->at, code, "pointer of a mandatory parameter is missing");
	if (!msg->octets[dec->at])
		return broken(dec, dec->at, code, "pointer of a mandatory parameter is 0");
	rc = take_pointer(dec, code, &target);
	if (rc < 0)
		return rc;
	len = msg->octets[target];
	if (len > msg->octets_len - target - 1)
		return broken(dec, target, code, "mandatory variable parameter is cut short");
	rc = add_part(dec, code, target, target + 1 + len);
	return rc < 0 ? rc : add_par(dec, code, false, target + 1, len);
}

static int decode_optional(struct decoder *dec)
{
	const struct isup_msg *msg = dec->msg;
	size_t start, at;
	int rc;

	if (dec->at >= msg->octets_len || !msg->octets[dec->at])
		return 0;
	rc = take_pointer(dec, ISUP_PAR_END, &start);
	if (rc < 0)
		return rc;
	for (at = start; at < msg->octets_len && msg->octets[at] != ISUP_PAR_END; at += 2 + msg->octets[at + 1]) {
		uint8_t code = msg->octets[at];
		if (at + 1 >= msg->octets_len || msg->octets[at + 1] > msg->octets_len - at - 2)
			return broken(dec, at, code, "optional parameter is cut short");
		rc = add_par(dec, code, true, at + 2, msg->octets[at + 1]);
		if (rc < 0)
			return rc;
	}
	return add_part(dec, ISUP_PAR_END, start, at + (at < msg->octets_len));
}

static int decode_parts(struct decoder *dec, const struct isup_msg_def *def)
{
	const uint8_t *code;
	int rc;

	for (code = def->fixed; *code; code++) {
		rc = decode_fixed(dec, *code);
		if (rc < 0)
			return rc;
	}
	dec->end_pointers = dec->at + strlen((const char *)def->variable) + def->optional;
	for (code = def->variable; *code; code++) {
		rc = decode_variable(dec, *code);
		if (rc < 0)
			return rc;
	}
	return def->optional ? decode_optional(dec) : 0;
}

int isup_msg_decode(struct isup_msg *msg, const struct isup_dialect *dialect, const uint8_t *octets, size_t len,
		    struct isup_msg_error *err)
{
	struct decoder dec = { .msg = msg, .err = err, .at = 1 };
	const struct isup_msg_def *def;

	if (len == 0 || len > UINT16_MAX)
		return broken(&dec, 0, ISUP_PAR_END, "no message has this length");
	isup_msg_init(msg, dialect, octets[0]);
	msg->octets = octets;
	msg->octets_len = len;
	def = isup_msg_def(dialect, octets[0]);
	return def && !def->opaque ? decode_parts(&dec, def) : 0;
}

int isup_msg_inner(struct isup_msg *inner, const struct isup_msg *msg)
{
	const struct isup_msg_def *def = isup_msg_def(msg->dialect, msg->type);

	if (!def || !def->holds_message || msg->octets_len < 2)
		return -ENOENT;
	if (isup_msg_decode(inner, msg->dialect, msg->octets + 1, msg->octets_len - 1, NULL) < 0)
		return -ENOENT;
	inner->cic = msg->cic;
	def = isup_msg_def(msg->dialect, inner->type);
	return def && !def->holds_message ? 0 : -ENOENT;
}

/* ---- Encode ---- */

struct encoder {
	const struct isup_msg *msg;
	uint8_t *buf;
	size_t size, at;
};

static int put_octets(struct encoder *enc, const uint8_t *octets, size_t len)
{
	if (len > enc->size - enc->at)
		return -ENOSPC;
	if (len)
		memcpy(enc->buf + enc->at, octets, len);
	enc->at += len;
	return 0;
}

static int put_octet(struct encoder *enc, uint8_t octet)
{
	return put_octets(enc, &octet, 1);
}

/* Lets the pointer at this place lead to what comes next. */
static int set_pointer(struct encoder *enc, size_t pointer)
{
	if (enc->at - pointer > UINT8_MAX)
		return -EMSGSIZE;
	enc->buf[pointer] = enc->at - pointer;
	return 0;
}

static const struct isup_par *find_mandatory(const struct isup_msg *msg, uint8_t code)
{
	for (const struct isup_par *par = msg->pars; par < msg->pars + msg->n_pars; par++) {
		if (par->code == code && !par->optional)
			return par;
	}
	return NULL;
}

static int encode_fixed(struct encoder *enc, uint8_t code)
{
	const struct isup_par *par = find_mandatory(enc->msg, code);

	if (!par || par->len != isup_par_def(enc->msg->dialect, code)->min_len)
		return -EINVAL;
	return put_octets(enc, par->val, par->len);
}

static int encode_variable(struct encoder *enc, uint8_t code, size_t pointer)
{
	const struct isup_par *par = find_mandatory(enc->msg, code);
	int rc;

	if (!par)
		return -EINVAL;
	rc = set_pointer(enc, pointer);
	if (rc == 0)
		rc = put_octet(enc, par->len);
	return rc < 0 ? rc : put_octets(enc, par->val, par->len);
}

static int encode_optional(struct encoder *enc, size_t pointer)
{
	bool any = false;
	int rc;

	for (const struct isup_par *par = enc->msg->pars; par < enc->msg->pars + enc->msg->n_pars; par++) {
		if (!par->optional)
			continue;
		rc = any ? 0 : set_pointer(enc, pointer);
		if (rc == 0)
			rc = put_octets(enc, (const uint8_t[]){ par->code, par->len }, 2);
		if (rc == 0)
			rc = put_octets(enc, par->val, par->len);
		if (rc < 0)
			return rc;
		any = true;
	}
	return any ? put_octet(enc, ISUP_PAR_END) : 0;
}

static int encode_parts(struct encoder *enc, const struct isup_msg_def *def)
{
	size_t n_variable = strlen((const char *)def->variable), pointers;
	int rc = put_octet(enc, enc->msg->type);

	for (const uint8_t *code = def->fixed; rc == 0 && *code; code++)
		rc = encode_fixed(enc, *code);
	pointers = enc->at;
	for (size_t i = 0; rc == 0 && i < n_variable + def->optional; i++)
		rc = put_octet(enc, 0);
	for (size_t i = 0; rc == 0 && i < n_variable; i++)
		rc = encode_variable(enc, def->variable[i], pointers + i);
	if (rc == 0 && def->optional)
		rc = encode_optional(enc, pointers + n_variable);
	return rc < 0 ? rc : (int)enc->at;
}

int isup_msg_encode_pars(const struct isup_msg *msg, uint8_t *buf, size_t size)
{
	struct encoder enc = { .msg = msg, .buf = buf, .size = size };
	const struct isup_msg_def *def = isup_msg_def(msg->dialect, msg->type);

	return def && !def->opaque ? encode_parts(&enc, def) : -EINVAL;
}

int isup_msg_encode(const struct isup_msg *msg, uint8_t *buf, size_t size)
{
	if (!msg->octets_len)
		return isup_msg_encode_pars(msg, buf, size);
	if (msg->octets_len > size)
		return -ENOSPC;
	memcpy(buf, msg->octets, msg->octets_len);
	return msg->octets_len;
}

/* ---- Build and look into ---- */

static bool has_code(const uint8_t *codes, uint8_t code)
{
	return code != ISUP_PAR_END && strchr((const char *)codes, code);
}

/* The place for a parameter of len octets at the end of the store, NULL if it is full */
static uint8_t *store_place(struct isup_msg *msg, size_t len)
{
	if (len > sizeof(msg->store) - msg->n_store || msg->n_pars == ARRAY_SIZE(msg->pars))
		return NULL;
	return msg->store + msg->n_store;
}

/* Enters len octets, already at the end of the store, as a parameter. */
static int enter_par(struct isup_msg *msg, uint8_t code, size_t len)
{
	const struct isup_msg_def *def = isup_msg_def(msg->dialect, msg->type);
	bool mandatory;

	if (!def || def->opaque || code == ISUP_PAR_END || len > UINT8_MAX)
		return -EINVAL;
	mandatory = (has_code(def->fixed, code) || has_code(def->variable, code)) && !find_mandatory(msg, code);
	if (!mandatory && !def->optional)
		return -EINVAL;
	msg->pars[msg->n_pars++] = (struct isup_par){
		.code = code, .len = len, .optional = !mandatory, .val = msg->store + msg->n_store,
	};
	msg->n_store += len;
	msg->octets_len = 0;
	return 0;
}

int isup_msg_put_octets(struct isup_msg *msg, uint8_t code, const uint8_t *val, size_t len)
{
	uint8_t *place = store_place(msg, len);

	if (!place)
		return -ENOSPC;
	if (len)
		memcpy(place, val, len);
	return enter_par(msg, code, len);
}

int isup_msg_put(struct isup_msg *msg, uint8_t code, const void *par)
{
	const struct isup_par_def *def = isup_par_def(msg->dialect, code);
	uint8_t *place = store_place(msg, 0);
	int rc;

	if (!def)
		return -EINVAL;
	if (!place)
		return -ENOSPC;
	rc = isup_par_encode(def, par, place, sizeof(msg->store) - msg->n_store);
	return rc < 0 ? rc : enter_par(msg, code, rc);
}

/* The parameter that was put last takes the place of the first one with its code. */
static void move_last(struct isup_msg *msg)
{
	const struct isup_par *last = &msg->pars[msg->n_pars - 1];

	for (struct isup_par *par = msg->pars; par < last; par++) {
		if (par->code != last->code)
			continue;
		par->val = last->val;
		par->len = last->len;
		msg->n_pars--;
		break;
	}
}

int isup_msg_replace(struct isup_msg *msg, uint8_t code, const void *par)
{
	int rc = isup_msg_put(msg, code, par);

	if (rc == 0)
		move_last(msg);
	return rc;
}

int isup_msg_replace_octets(struct isup_msg *msg, uint8_t code, const uint8_t *val, size_t len)
{
	int rc = isup_msg_put_octets(msg, code, val, len);

	if (rc == 0)
		move_last(msg);
	return rc;
}

const struct isup_par *isup_msg_find(const struct isup_msg *msg, uint8_t code)
{
	for (const struct isup_par *par = msg->pars; par < msg->pars + msg->n_pars; par++) {
		if (par->code == code)
			return par;
	}
	return NULL;
}

int isup_msg_get(const struct isup_msg *msg, uint8_t code, void *out)
{
	const struct isup_par_def *def = isup_par_def(msg->dialect, code);
	const struct isup_par *par = isup_msg_find(msg, code);

	if (!par)
		return -ENOENT;
	return def ? isup_par_decode(def, par->val, par->len, out) : -EINVAL;
}

void isup_msg_init_cause(struct isup_msg *msg, const struct isup_dialect *dialect, uint8_t type,
			 uint8_t cause_value, uint8_t location)
{
	struct isup_cause cause = { .location = location & 0xf, .value = cause_value };

	if (cause_value > 127)
		cause.value = ISUP_CAUSE_NORMAL_UNSPECIFIED;
	isup_msg_init(msg, dialect, type);
	OSMO_ASSERT(isup_msg_put(msg, ISUP_PAR_CAUSE, &cause) == 0);
}

uint8_t isup_msg_cause(const struct isup_msg *msg)
{
	struct isup_cause cause;

	return isup_msg_get(msg, ISUP_PAR_CAUSE, &cause) == 0 ? cause.value : ISUP_CAUSE_NORMAL_UNSPECIFIED;
}
