/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decode and encode one parameter by its row. */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "isup/isup_par_priv.h"

const struct isup_par_def *isup_par_def(const struct isup_dialect *dialect, uint8_t code)
{
	const struct isup_par_def *def = &dialect->pars[code];

	if (!def->name && dialect->more_pars)
		def = &dialect->more_pars[code];
	return def->name && isup_dialect_takes(dialect, def->since, def->in) ? def : NULL;
}

const struct isup_par_def *isup_par_def_by_name(const struct isup_dialect *dialect, const char *name, uint8_t *code)
{
	for (unsigned int i = 0; i < 256; i++) {
		const struct isup_par_def *def = isup_par_def(dialect, i);
		if (def && strcmp(def->name, name) == 0) {
			*code = i;
			return def;
		}
	}
	return NULL;
}

/* ---- Bit fields ---- */

static unsigned int bit_of(char letter)
{
	return letter <= 'X' ? letter - 'A' : letter - 'a' + 24;
}

unsigned int isup_bit_get(const uint8_t *octets, char letter)
{
	unsigned int bit = bit_of(letter);
	return octets[bit >> 3] >> (bit & 7) & 1;
}

static void bit_set(uint8_t *octets, char letter, unsigned int value)
{
	unsigned int bit = bit_of(letter);
	octets[bit >> 3] |= (value & 1) << (bit & 7);
}

/* Letters up to 8 stand side by side in one octet; more may be anywhere. */
static void field_decode(const struct isup_field *field, const uint8_t *head, uint8_t *out)
{
	uint32_t wide = 0;
	uint16_t half;

	head += field->octet;
	if (field->width <= 8) {
		unsigned int lsb = bit_of(field->letters[field->width - 1]);
		out[field->offset] = head[lsb >> 3] >> (lsb & 7) & ((1 << field->width) - 1);
		return;
	}
	for (unsigned int i = 0; i < field->width; i++)
		wide = wide << 1 | isup_bit_get(head, field->letters[i]);
	half = wide;
	if (field->width <= 16)
		memcpy(out + field->offset, &half, sizeof(half));
	else
		memcpy(out + field->offset, &wide, sizeof(wide));
}

static int field_encode(const struct isup_field *field, const uint8_t *in, uint8_t *head)
{
	unsigned int value = field->width <= 8 ? in[field->offset] : isup_field_get(field, in);

	if (value >> field->width)
		return -EINVAL;
	head += field->octet;
	if (field->width <= 8) {
		unsigned int lsb = bit_of(field->letters[field->width - 1]);
		head[lsb >> 3] |= value << (lsb & 7);
		return 0;
	}
	for (unsigned int i = 0; i < field->width; i++)
		bit_set(head, field->letters[i], value >> (field->width - 1 - i));
	return 0;
}

void isup_fields_decode(const struct isup_par_def *def, const uint8_t *head, void *out)
{
	for (const struct isup_field *field = def->fields; field->name; field++)
		field_decode(field, head, out);
}

int isup_fields_encode(const struct isup_par_def *def, const void *in, uint8_t *head)
{
	for (const struct isup_field *field = def->fields; field->name; field++) {
		int rc = field_encode(field, in, head);
		if (rc < 0)
			return rc;
	}
	if (def->ones)
		bit_set(head, def->ones, 1);
	return 0;
}

static int bits_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	uint8_t head[ISUP_HEAD_MAX] = {};

	memcpy(head, octets, OSMO_MIN(len, def->head));
	isup_fields_decode(def, head, out);
	return 0;
}

static int bits_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	uint8_t head[ISUP_HEAD_MAX] = {};
	int rc = isup_fields_encode(def, in, head);

	if (rc < 0)
		return rc;
	if (size < def->head)
		return -ENOSPC;
	memcpy(buf, head, def->head);
	return def->head;
}

/* ---- Address parameters, Q.763 3.9, 3.10 and those that refer to them ---- */

void isup_digits_decode(const uint8_t *octets, unsigned int n, char *digits)
{
	static const char signals[16] = "0123456789ABCDEF";

	for (unsigned int i = 0; i < n; i++)
		digits[i] = signals[octets[i >> 1] >> (i & 1) * 4 & 0xf];
	digits[n] = '\0';
}

/* The code of an address signal, -EINVAL if it is none */
static int signal_code(char signal)
{
	if (!isxdigit((unsigned char)signal))
		return -EINVAL;
	return signal <= '9' ? signal - '0' : toupper((unsigned char)signal) - 'A' + 10;
}

int isup_digits_encode(const char *digits, unsigned int n, uint8_t *buf)
{
	memset(buf, 0, (n + 1) / 2);	/* filler 0000 */
	for (unsigned int i = 0; i < n; i++) {
		int code = signal_code(digits[i]);
		if (code < 0)
			return code;
		buf[i / 2] |= code << (i & 1) * 4;
	}
	return 0;
}

static int number_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	struct isup_number *number = out;
	size_t n;

	if (len < def->head)
		return -EBADMSG;
	isup_fields_decode(def, octets, out);
	n = (len - def->head) * 2;
	if (n > 0 && def->odd && isup_bit_get(octets, def->odd))
		n--;
	if (n > ISUP_DIGITS_MAX)
		return -EBADMSG;
	isup_digits_decode(octets + def->head, n, number->digits);
	number->n_digits = n;
	return 0;
}

static int number_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_number *number = in;
	uint8_t head[ISUP_HEAD_MAX] = {};
	size_t len = def->head + (number->n_digits + 1) / 2;
	int rc = isup_fields_encode(def, in, head);

	if (rc < 0 || number->n_digits > ISUP_DIGITS_MAX)
		return -EINVAL;
	if (size < len)
		return -ENOSPC;
	if (def->odd)
		bit_set(head, def->odd, number->n_digits);
	memcpy(buf, head, def->head);
	rc = isup_digits_encode(number->digits, number->n_digits, buf + def->head);
	return rc < 0 ? rc : (int)len;
}

/* ---- Cause indicators, Q.763 3.12, Q.850 2.1 ---- */

static int cause_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	struct isup_cause *cause = out;
	/* the extension bit of octet 1 says whether octet 1a (recommendation) follows */
	size_t at = octets[0] & 0x80 ? 1 : 2;
	uint8_t head[ISUP_HEAD_MAX] = { octets[0] };

	if (at >= len)
		return -EBADMSG;
	head[1] = octets[at++];
	isup_fields_decode(def, head, out);
	cause->n_diagnostics = OSMO_MIN(len - at, sizeof(cause->diagnostics));
	memcpy(cause->diagnostics, octets + at, cause->n_diagnostics);
	return 0;
}

static int cause_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_cause *cause = in;
	uint8_t head[ISUP_HEAD_MAX] = { 0x80, 0x80 };	/* extension bits: one octet each */
	int rc = isup_fields_encode(def, in, head);

	if (rc < 0 || cause->n_diagnostics > sizeof(cause->diagnostics))
		return -EINVAL;
	if (size < 2u + cause->n_diagnostics)
		return -ENOSPC;
	memcpy(buf, head, 2);
	memcpy(buf + 2, cause->diagnostics, cause->n_diagnostics);
	return 2 + cause->n_diagnostics;
}

/* ---- Range and status, Q.763 3.43 ---- */

static int range_status_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	struct isup_range_status *rs = out;
	size_t n_status = (octets[0] + 8) / 8;

	isup_fields_decode(def, octets, out);
	if (len == 1)
		return 0;
	if (len - 1 < n_status)
		return -EBADMSG;
	rs->n_status = n_status;
	memcpy(rs->status, octets + 1, n_status);
	return 0;
}

static int range_status_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_range_status *rs = in;

	if (rs->n_status && rs->n_status != (rs->range + 8) / 8)
		return -EINVAL;
	if (size < 1u + rs->n_status)
		return -ENOSPC;
	buf[0] = rs->range;
	memcpy(buf + 1, rs->status, rs->n_status);
	return 1 + rs->n_status;
}

/* ---- Bit fields, then octets: generic digits, user-to-user information, circuit assignment map … ---- */

static int headed_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	struct isup_headed *headed = out;

	if (len < def->head || len - def->head > sizeof(headed->content))
		return -EBADMSG;
	isup_fields_decode(def, octets, out);
	headed->n_content = len - def->head;
	memcpy(headed->content, octets + def->head, headed->n_content);
	return 0;
}

static int headed_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_headed *headed = in;
	uint8_t head[ISUP_HEAD_MAX] = {};
	int rc = isup_fields_encode(def, in, head);

	if (rc < 0)
		return rc;
	if (size < def->head + (size_t)headed->n_content)
		return -ENOSPC;
	memcpy(buf, head, def->head);
	memcpy(buf + def->head, headed->content, headed->n_content);
	return def->head + headed->n_content;
}

/* ---- One way in for all forms ---- */

struct form_ops {
	isup_form_decode_fn *decode;
	isup_form_encode_fn *encode;
};

static const struct form_ops forms[] = {
	[ISUP_FORM_BITS] = { bits_decode, bits_encode },
	[ISUP_FORM_NUMBER] = { number_decode, number_encode },
	[ISUP_FORM_CAUSE] = { cause_decode, cause_encode },
	[ISUP_FORM_RANGE_STATUS] = { range_status_decode, range_status_encode },
	[ISUP_FORM_HEADED] = { headed_decode, headed_encode },
	[ISUP_FORM_CHAIN] = { isup_chain_decode, isup_chain_encode },
	[ISUP_FORM_NSF] = { isup_nsf_decode, isup_nsf_encode },
	[ISUP_FORM_GVNS] = { isup_gvns_decode, isup_gvns_encode },
	[ISUP_FORM_LIST] = { isup_list_decode, isup_list_encode },
	[ISUP_FORM_ELEMENTS] = { isup_elements_decode, isup_elements_encode },
	[ISUP_FORM_TAGGED] = { isup_elements_decode, isup_elements_encode },
	[ISUP_FORM_COMPONENTS] = { isup_elements_decode, isup_elements_encode },
};

int isup_par_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	if (def->form == ISUP_FORM_OCTETS)
		return -EINVAL;
	if (len < def->min_len)
		return -EBADMSG;
	memset(out, 0, def->size);
	return forms[def->form].decode(def, octets, len, out);
}

int isup_par_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	if (def->form == ISUP_FORM_OCTETS)
		return -EINVAL;
	return forms[def->form].encode(def, in, buf, size);
}
