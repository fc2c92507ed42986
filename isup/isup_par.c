/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decode and encode one parameter by its row. */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "isup/isup_par.h"

#define HEAD_MAX 6	/* octets that letters can name */

const struct isup_par_def *isup_par_def(const struct isup_dialect *dialect, uint8_t code)
{
	const struct isup_par_def *def = &dialect->pars[code];
	return def->name ? def : NULL;
}

const struct isup_par_def *isup_par_def_by_name(const struct isup_dialect *dialect, const char *name, uint8_t *code)
{
	for (unsigned int i = 0; i < 256; i++) {
		const struct isup_par_def *def = &dialect->pars[i];
		if (def->name && strcmp(def->name, name) == 0) {
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

static unsigned int bit_get(const uint8_t *octets, char letter)
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

	if (field->width <= 8) {
		unsigned int lsb = bit_of(field->letters[field->width - 1]);
		out[field->offset] = head[lsb >> 3] >> (lsb & 7) & ((1 << field->width) - 1);
		return;
	}
	for (unsigned int i = 0; i < field->width; i++)
		wide = wide << 1 | bit_get(head, field->letters[i]);
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
	for (unsigned int i = 0; i < field->width; i++)
		bit_set(head, field->letters[i], value >> (field->width - 1 - i));
	return 0;
}

static void fields_decode(const struct isup_par_def *def, const uint8_t *head, void *out)
{
	for (const struct isup_field *field = def->fields; field->name; field++)
		field_decode(field, head, out);
}

static int fields_encode(const struct isup_par_def *def, const void *in, uint8_t *head)
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
	uint8_t head[HEAD_MAX] = {};

	memcpy(head, octets, OSMO_MIN(len, def->head));
	fields_decode(def, head, out);
	return 0;
}

static int bits_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	uint8_t head[HEAD_MAX] = {};
	int rc = fields_encode(def, in, head);

	if (rc < 0)
		return rc;
	if (size < def->head)
		return -ENOSPC;
	memcpy(buf, head, def->head);
	return def->head;
}

/* ---- Address parameters, Q.763 3.9, 3.10 and those that refer to them ---- */

static int number_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	static const char signals[16] = "0123456789ABCDEF";
	struct isup_number *number = out;
	const uint8_t *digits = octets + def->head;
	size_t n;

	if (len < def->head)
		return -EBADMSG;
	fields_decode(def, octets, out);
	n = (len - def->head) * 2;
	if (n > 0 && bit_get(octets, def->odd))
		n--;
	if (n > ISUP_DIGITS_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++)
		number->digits[i] = signals[digits[i >> 1] >> (i & 1) * 4 & 0xf];
	number->n_digits = n;
	return 0;
}

/* The code of an address signal, -EINVAL if it is none */
static int signal_code(char signal)
{
	if (!isxdigit((unsigned char)signal))
		return -EINVAL;
	return signal <= '9' ? signal - '0' : toupper((unsigned char)signal) - 'A' + 10;
}

static int number_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_number *number = in;
	uint8_t head[HEAD_MAX] = {};
	size_t len = def->head + (number->n_digits + 1) / 2;
	int rc = fields_encode(def, in, head);

	if (rc < 0 || number->n_digits > ISUP_DIGITS_MAX)
		return -EINVAL;
	if (size < len)
		return -ENOSPC;
	bit_set(head, def->odd, number->n_digits);
	memcpy(buf, head, def->head);
	memset(buf + def->head, 0, len - def->head);	/* filler 0000 */
	for (unsigned int i = 0; i < number->n_digits; i++) {
		int code = signal_code(number->digits[i]);
		if (code < 0)
			return code;
		buf[def->head + i / 2] |= code << (i & 1) * 4;
	}
	return len;
}

/* ---- Cause indicators, Q.763 3.12, Q.850 2.1 ---- */

static int cause_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	struct isup_cause *cause = out;
	/* the extension bit of octet 1 says whether octet 1a (recommendation) follows */
	size_t at = octets[0] & 0x80 ? 1 : 2;
	uint8_t head[HEAD_MAX] = { octets[0] };

	if (at >= len)
		return -EBADMSG;
	head[1] = octets[at++];
	fields_decode(def, head, out);
	cause->n_diagnostics = OSMO_MIN(len - at, sizeof(cause->diagnostics));
	memcpy(cause->diagnostics, octets + at, cause->n_diagnostics);
	return 0;
}

static int cause_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_cause *cause = in;
	uint8_t head[HEAD_MAX] = { 0x80, 0x80 };	/* extension bits: one octet each */
	int rc = fields_encode(def, in, head);

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

	fields_decode(def, octets, out);
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

/* ---- Bit fields, then octets: generic digits, circuit assignment map ---- */

static int headed_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	struct isup_headed *headed = out;

	if (len - def->head > sizeof(headed->content))
		return -EBADMSG;
	fields_decode(def, octets, out);
	headed->n_content = len - def->head;
	memcpy(headed->content, octets + def->head, headed->n_content);
	return 0;
}

static int headed_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_headed *headed = in;
	uint8_t head[HEAD_MAX] = {};
	int rc = fields_encode(def, in, head);

	if (rc < 0)
		return rc;
	if (size < def->head + (size_t)headed->n_content)
		return -ENOSPC;
	memcpy(buf, head, def->head);
	memcpy(buf + def->head, headed->content, headed->n_content);
	return def->head + headed->n_content;
}

/* ---- Lists: circuit state indicator, parameter compatibility information, service activation ---- */

unsigned int isup_par_n_items(const struct isup_par_def *def, const void *par)
{
	return def->form == ISUP_FORM_LIST ? *(const uint8_t *)par : 1;
}

void *isup_par_item(const struct isup_par_def *def, const void *par, unsigned int i)
{
	return (uint8_t *)par + (def->form == ISUP_FORM_LIST ? 1 + i * def->item_size : 0);
}

/* An extension indicator of 0, more octets of the item, is not of this form. */
static int list_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	uint8_t *n = out;

	if (len % def->head || len / def->head > (def->size - 1u) / def->item_size)
		return -EBADMSG;
	for (; len; octets += def->head, len -= def->head, ++*n) {
		if (def->ones && !bit_get(octets, def->ones))
			return -EBADMSG;
		fields_decode(def, octets, isup_par_item(def, out, *n));
	}
	return 0;
}

static int list_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	unsigned int n = isup_par_n_items(def, in);

	if (!n || n > (def->size - 1u) / def->item_size)
		return -EINVAL;
	if (size < n * def->head)
		return -ENOSPC;
	memset(buf, 0, n * def->head);
	for (unsigned int i = 0; i < n; i++, buf += def->head) {
		int rc = fields_encode(def, isup_par_item(def, in, i), buf);
		if (rc < 0)
			return rc;
	}
	return n * def->head;
}

/* ---- One way in for all forms ---- */

struct form_ops {
	int (*decode)(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out);
	int (*encode)(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size);
};

static const struct form_ops forms[] = {
	[ISUP_FORM_BITS] = { bits_decode, bits_encode },
	[ISUP_FORM_NUMBER] = { number_decode, number_encode },
	[ISUP_FORM_CAUSE] = { cause_decode, cause_encode },
	[ISUP_FORM_RANGE_STATUS] = { range_status_decode, range_status_encode },
	[ISUP_FORM_HEADED] = { headed_decode, headed_encode },
	[ISUP_FORM_LIST] = { list_decode, list_encode },
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
