/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decode and encode parameters some of whose octets may be missing, and lists of fields. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_par_priv.h"

#define EXTENSION 0x80	/* bit 8: 0 the octet is continued, 1 it is the last of its group */

/* ---- Octets that may be missing ---- */

bool isup_field_present(const struct isup_par_def *def, const struct isup_field *field, const void *item)
{
	const uint8_t *present = item;
	return !def->octets || def->octets[field->octet].kind == ISUP_OCTET_MUST || present[field->octet];
}

/* Q.931 4.5.1: octets of a group that no row knows are passed over. */
static size_t skip_extension(const uint8_t *octets, size_t len, size_t at)
{
	while (at < len && !(octets[at++] & EXTENSION))
		;
	return at;
}

/* Does this octet of the row stand at the first of the octets that are left? */
static bool is_next(const struct isup_octet *octet, const uint8_t *head, const uint8_t *left)
{
	uint8_t seen = octet->of ? head[octet->of] : *left;
	return (seen & octet->mask) == octet->value;
}

/* Spreads what is there of the octets to where the row has them; returns how many were read, -EBADMSG. */
static int spread(const struct isup_par_def *def, const uint8_t *octets, size_t len, uint8_t *head, uint8_t *present)
{
	const struct isup_octet *octet = def->octets;
	bool extended = false;
	size_t at = 0;

	for (unsigned int i = 0; octet->name; i++, octet++) {
		if (octet->kind == ISUP_OCTET_NEXT && !extended)
			continue;
		if (octet->kind != ISUP_OCTET_NEXT && extended) {
			at = skip_extension(octets, len, at);
			extended = false;
		}
		if (at == len && octet->kind == ISUP_OCTET_MUST)
			return -EBADMSG;
		if (at == len || (octet->kind == ISUP_OCTET_MAY && !is_next(octet, head, octets + at)))
			continue;
		head[i] = octets[at++];
		present[i] = octet->kind != ISUP_OCTET_MUST;
		extended = octet->extended && !(head[i] & EXTENSION);
	}
	return extended ? skip_extension(octets, len, at) : at;
}

/* May the octet stand there, the one above being there or not? */
static bool is_legal(const struct isup_octet *octet, const uint8_t *head, bool after)
{
	if (octet->kind == ISUP_OCTET_NEXT || (octet->kind == ISUP_OCTET_MAY && !octet->mask))
		return after;
	return octet->kind == ISUP_OCTET_MUST || !octet->of || (head[octet->of] & octet->mask) == octet->value;
}

/* The reverse; head is what the fields gave. Returns the octets written. */
static int gather(const struct isup_par_def *def, uint8_t *head, const uint8_t *present, uint8_t *buf, size_t size)
{
	const struct isup_octet *octet = def->octets;
	bool after = true, missed = false;	/* an octet that a later one would be taken for */
	size_t at = 0;

	for (unsigned int i = 0; octet->name; i++, octet++) {
		if (octet->kind != ISUP_OCTET_MUST && !present[i]) {
			missed |= octet->of && is_legal(octet, head, true);
			after = false;
			continue;
		}
		if (missed || !is_legal(octet, head, after))
			return -EINVAL;
		if (at == size)
			return -ENOSPC;
		if (octet->kind == ISUP_OCTET_NEXT)
			buf[at - 1] &= ~EXTENSION;
		buf[at] = head[i] | (octet->extended ? EXTENSION : 0);
		if (octet->mask && !octet->of)
			buf[at] |= octet->value;
		at++;
		after = true;
	}
	return at;
}

static int chain_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	uint8_t head[ISUP_HEAD_MAX] = {};
	int rc = spread(def, octets, len, head, out);

	if (rc >= 0)
		isup_fields_decode(def, head, out);
	return rc;
}

static int chain_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	uint8_t head[ISUP_HEAD_MAX] = {};
	int rc = isup_fields_encode(def, in, head);

	return rc < 0 ? rc : gather(def, head, in, buf, size);
}

/* ---- The same with a string after it ---- */

static int rest_decode(const struct isup_rest *rest, const uint8_t *octets, size_t len, void *out)
{
	uint8_t *to = out;

	if (len > rest->max)
		return -EBADMSG;
	to[rest->n_offset] = len;
	memcpy(to + rest->offset, octets, len);
	return 0;
}

static int rest_encode(const struct isup_rest *rest, const void *in, uint8_t *buf, size_t size)
{
	const uint8_t *from = in;
	size_t len = from[rest->n_offset];

	if (len > size)
		return -ENOSPC;
	memcpy(buf, from + rest->offset, len);
	return len;
}

int isup_chain_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	int at = chain_decode(def, octets, len, out);

	if (at < 0)
		return at;
	return def->rests ? rest_decode(def->rests, octets + at, len - at, out) : 0;
}

int isup_chain_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	int at = chain_encode(def, in, buf, size), rc = 0;

	if (at < 0)
		return at;
	if (def->rests)
		rc = rest_encode(def->rests, in, buf + at, size - at);
	return rc < 0 ? rc : at + rc;
}

/* ---- Network specific facility, Q.763 3.36: length, network identification if it is not 0, the facility ---- */

int isup_nsf_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	size_t n = octets[0];
	int at = 0, rc;

	if (n > len - 1)
		return -EBADMSG;
	if (n)
		at = chain_decode(def, octets + 1, n, out);
	if (at < 0)
		return at;
	rc = rest_decode(&def->rests[0], octets + 1 + at, n - at, out);
	return rc < 0 ? rc : rest_decode(&def->rests[1], octets + 1 + n, len - 1 - n, out);
}

int isup_nsf_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_nsf *nsf = in;
	int at, rc;

	if (nsf->n_identification && !nsf->present[0])
		return -EINVAL;
	if (!size)
		return -ENOSPC;
	at = chain_encode(def, in, buf + 1, size - 1);
	if (at < 0)
		return at;
	rc = rest_encode(&def->rests[0], in, buf + 1 + at, size - 1 - at);
	if (rc < 0)
		return rc;
	at += rc;
	if (at > UINT8_MAX)
		return -EINVAL;
	buf[0] = at;
	rc = rest_encode(&def->rests[1], in, buf + 1 + at, size - 1 - at);
	return rc < 0 ? rc : 1 + at + rc;
}

/* ---- Lists: circuit state indicator, parameter compatibility information, service activation … ---- */

bool isup_par_is_list(const struct isup_par_def *def)
{
	return def->item_size;
}

unsigned int isup_par_n_items(const struct isup_par_def *def, const void *par)
{
	return def->item_size ? *(const uint8_t *)par : 1;
}

void *isup_par_item(const struct isup_par_def *def, const void *par, unsigned int i)
{
	return (uint8_t *)par + (def->item_size ? 1 + i * def->item_size : 0);
}

/* Returns the octets of the item that begins here. */
static int item_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *item)
{
	if (def->octets)
		return chain_decode(def, octets, len, item);
	if (len < def->head)
		return -EBADMSG;
	isup_fields_decode(def, octets, item);
	return def->head;
}

static int item_encode(const struct isup_par_def *def, const void *item, uint8_t *buf, size_t size)
{
	int rc;

	if (def->octets)
		return chain_encode(def, item, buf, size);
	if (size < def->head)
		return -ENOSPC;
	memset(buf, 0, def->head);
	rc = isup_fields_encode(def, item, buf);
	return rc < 0 ? rc : def->head;
}

int isup_list_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	uint8_t *n = out;

	while (len) {
		int rc = -EBADMSG;

		if (*n < (def->size - 1u) / def->item_size)
			rc = item_decode(def, octets, len, isup_par_item(def, out, *n));
		if (rc < 0)
			return rc;
		++*n;
		if (def->chained && isup_bit_get(octets, def->ones))
			return 0;
		octets += rc;
		len -= rc;
	}
	return 0;
}

int isup_list_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	unsigned int n = isup_par_n_items(def, in);
	size_t at = 0;

	if (!n || n > (def->size - 1u) / def->item_size)
		return -EINVAL;
	for (unsigned int i = 0; i < n; i++) {
		int rc = item_encode(def, isup_par_item(def, in, i), buf + at, size - at);
		if (rc < 0)
			return rc;
		if (def->chained && i + 1 < n)
			buf[at] &= ~EXTENSION;
		at += rc;
	}
	return at;
}
