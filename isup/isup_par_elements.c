/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decode and encode parameters that are built of tag, length and content, and the forward GVNS parameter. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_par_priv.h"

/* ---- Access transport (Q.763 3.3, Q.931 4.5), pivot routing and redirect information (3.94, 3.99 …) ---- */

/* Q.931 4.5.1: an information element whose bit 8 is 1 is a single octet. */
static bool is_alone(const struct isup_par_def *def, uint8_t tag)
{
	return def->form == ISUP_FORM_ELEMENTS && tag & 0x80;
}

/* Takes len octets of content into the pool. */
static int element_content(struct isup_elements *elements, const uint8_t *octets, size_t len)
{
	struct isup_element *element = &elements->items[elements->n];

	if (len > sizeof(elements->pool) - elements->n_pool)
		return -EBADMSG;
	element->at = elements->n_pool;
	element->n_content = len;
	memcpy(elements->pool + elements->n_pool, octets, len);
	elements->n_pool += len;
	return 0;
}

static int element_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len,
			  struct isup_elements *elements)
{
	elements->items[elements->n].tag = octets[0];
	if (is_alone(def, octets[0])) {
		element_content(elements, octets, 0);
		return 1;
	}
	if (len < 2 || octets[1] > len - 2 || element_content(elements, octets + 2, octets[1]) < 0)
		return -EBADMSG;
	return 2 + octets[1];
}

static int element_encode(const struct isup_par_def *def, const struct isup_elements *elements,
			  const struct isup_element *element, uint8_t *buf, size_t size)
{
	bool alone = is_alone(def, element->tag);

	if (alone && element->n_content)
		return -EINVAL;
	if (size < (alone ? 1u : 2u + element->n_content))
		return -ENOSPC;
	buf[0] = element->tag;
	if (alone)
		return 1;
	buf[1] = element->n_content;
	memcpy(buf + 2, elements->pool + element->at, element->n_content);
	return 2 + element->n_content;
}

/* ---- Remote operations, Q.763 3.48: the octet of the protocol, then components of X.229 by X.209 ---- */

#define ROSE_PROTOCOL	0x91
#define TAG_INVOKE	0xa1
#define TAG_RESULT	0xa2
#define TAG_INTEGER	0x02
#define TAG_LINKED	0x80
#define TAG_SEQUENCE	0x30

/* present[] of an element, in the order of the row's octets */
enum component_octet { COMPONENT_TAG, COMPONENT_INVOKE, COMPONENT_LINKED, COMPONENT_OPERATION };

/* What is left to read */
struct input {
	const uint8_t *at;
	size_t len;
};

static int take_length(struct input *in, size_t *len)
{
	unsigned int n;

	if (!in->len--)
		return -EBADMSG;
	*len = *in->at++;
	if (*len & 0x80) {	/* the long form, in an octet or two; there is no indefinite one here */
		n = *len & 0x7f;
		if (n < 1 || n > 2 || n > in->len)
			return -EBADMSG;
		for (*len = 0; n; n--, in->len--)
			*len = *len << 8 | *in->at++;
	}
	return *len > in->len ? -EBADMSG : 0;
}

/* An integer of one octet with this tag, if it is the next */
static bool take_octet(struct input *in, uint8_t tag, uint8_t *value, uint8_t *present)
{
	if (in->len < 3 || in->at[0] != tag || in->at[1] != 1)
		return false;
	*value = in->at[2];
	*present = 1;
	in->at += 3;
	in->len -= 3;
	return true;
}

/* In a return result a sequence holds operation and parameters, and nothing follows it. */
static void take_result(struct input *in, struct isup_element *element)
{
	struct input inner = { in->at + 2, in->len - 2 };

	if (in->len < 2 || in->at[0] != TAG_SEQUENCE || in->at[1] != inner.len || in->at[1] & 0x80)
		return;
	if (take_octet(&inner, TAG_INTEGER, &element->operation, &element->present[COMPONENT_OPERATION]))
		*in = inner;
}

static int component_decode(const uint8_t *octets, size_t len, struct isup_elements *elements)
{
	struct isup_element *element = &elements->items[elements->n];
	struct input in = { octets + 1, len - 1 };
	const uint8_t *end;
	size_t body;

	element->tag = octets[0];
	if (take_length(&in, &body) < 0)
		return -EBADMSG;
	in.len = body;
	end = in.at + body;
	if (take_octet(&in, TAG_INTEGER, &element->invoke, &element->present[COMPONENT_INVOKE])) {
		if (element->tag == TAG_INVOKE)
			take_octet(&in, TAG_LINKED, &element->linked, &element->present[COMPONENT_LINKED]);
		if (element->tag == TAG_RESULT)
			take_result(&in, element);
		else
			take_octet(&in, TAG_INTEGER, &element->operation, &element->present[COMPONENT_OPERATION]);
	}
	return element_content(elements, in.at, in.len) < 0 ? -EBADMSG : end - octets;
}

/* Writes tag and length, the latter in the short form where that is enough. */
static size_t put_head(uint8_t *buf, uint8_t tag, size_t len)
{
	buf[0] = tag;
	if (len > 0x7f) {
		buf[1] = 0x81;
		buf[2] = len;
		return 3;
	}
	buf[1] = len;
	return 2;
}

static size_t put_octet(uint8_t *buf, uint8_t tag, uint8_t value, bool present)
{
	if (!present)
		return 0;
	buf[0] = tag;
	buf[1] = 1;
	buf[2] = value;
	return 3;
}

static bool is_legal(const struct isup_element *element)
{
	if (element->present[COMPONENT_LINKED] && element->tag != TAG_INVOKE)
		return false;
	return element->present[COMPONENT_INVOKE] ||
		!(element->present[COMPONENT_LINKED] || element->present[COMPONENT_OPERATION]);
}

static int component_encode(const struct isup_elements *elements, const struct isup_element *element,
			    uint8_t *buf, size_t size)
{
	bool has_operation = element->present[COMPONENT_OPERATION];
	bool wrapped = has_operation && element->tag == TAG_RESULT;
	uint8_t body[UINT8_MAX + 16], head[3];
	size_t at, len;

	if (!is_legal(element) || (wrapped && element->n_content + 3 > 0x7f))
		return -EINVAL;
	at = put_octet(body, TAG_INTEGER, element->invoke, element->present[COMPONENT_INVOKE]);
	at += put_octet(body + at, TAG_LINKED, element->linked, element->present[COMPONENT_LINKED]);
	if (wrapped)
		at += put_head(body + at, TAG_SEQUENCE, 3 + element->n_content);
	at += put_octet(body + at, TAG_INTEGER, element->operation, has_operation);
	memcpy(body + at, elements->pool + element->at, element->n_content);
	at += element->n_content;
	if (at > UINT8_MAX)
		return -ENOSPC;
	len = put_head(head, element->tag, at);
	if (size < len + at)
		return -ENOSPC;
	memcpy(buf, head, len);
	memcpy(buf + len, body, at);
	return len + at;
}

/* ---- Both ---- */

int isup_elements_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	bool components = def->form == ISUP_FORM_COMPONENTS;
	struct isup_elements *elements = out;

	if (components && (*octets++ != ROSE_PROTOCOL || !--len))
		return -EBADMSG;
	for (; len; elements->n++) {
		int rc = -EBADMSG;

		if (elements->n < ISUP_ELEMENTS_MAX)
			rc = components ? component_decode(octets, len, elements) :
				element_decode(def, octets, len, elements);
		if (rc < 0)
			return rc;
		octets += rc;
		len -= rc;
	}
	return 0;
}

int isup_elements_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_elements *elements = in;
	size_t at = 0;

	if (!elements->n || elements->n > ISUP_ELEMENTS_MAX)
		return -EINVAL;
	if (def->form == ISUP_FORM_COMPONENTS) {
		if (!size)
			return -ENOSPC;
		buf[at++] = ROSE_PROTOCOL;
	}
	for (const struct isup_element *e = elements->items; e < elements->items + elements->n; e++) {
		int rc = def->form == ISUP_FORM_COMPONENTS ? component_encode(elements, e, buf + at, size - at) :
			element_encode(def, elements, e, buf + at, size - at);
		if (rc < 0)
			return rc;
		at += rc;
	}
	return at;
}

/* ---- Forward GVNS, Q.763 3.66: three strings of digits, each after an octet with its length ---- */

/* The octet before each: H odd/even indicator, GFE of the last numbering plan, DCBA length */
#define GVNS_ODD	0x80
#define GVNS_LENGTH	0x0f

static int gvns_take(struct input *in, uint8_t *head, struct input *string)
{
	if (!in->len || (in->at[0] & GVNS_LENGTH) > in->len - 1)
		return -EBADMSG;
	*head = in->at[0];
	*string = (struct input){ in->at + 1, *head & GVNS_LENGTH };
	in->at += 1 + string->len;
	in->len -= 1 + string->len;
	return 0;
}

static uint8_t gvns_digits(uint8_t head, const struct input *string, char *digits)
{
	unsigned int n = string->len * 2;

	if (n && head & GVNS_ODD)
		n--;
	isup_digits_decode(string->at, n, digits);
	return n;
}

int isup_gvns_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out)
{
	struct input in = { octets, len }, string;
	struct isup_gvns *gvns = out;
	uint8_t fields[2];

	if (gvns_take(&in, &fields[0], &string) < 0)
		return -EBADMSG;
	gvns->n_opsp = gvns_digits(fields[0], &string, gvns->opsp);
	if (gvns_take(&in, &fields[0], &string) < 0)
		return -EBADMSG;
	gvns->n_gug = gvns_digits(fields[0], &string, gvns->gug);
	if (gvns_take(&in, &fields[0], &string) < 0)
		return -EBADMSG;
	fields[1] = string.len ? *string.at++ : 0;	/* octet 3a */
	string.len -= string.len > 0;
	isup_fields_decode(def, fields, out);
	gvns->n_tnrn = gvns_digits(fields[0], &string, gvns->tnrn);
	return 0;
}

static int gvns_put(uint8_t *buf, uint8_t head, const char *digits, unsigned int n)
{
	if (n > ISUP_GVNS_DIGITS_MAX)
		return -EINVAL;
	buf[0] = head | (n & 1 ? GVNS_ODD : 0) | (n + 1) / 2;
	return isup_digits_encode(digits, n, buf + 1) < 0 ? -EINVAL : (int)(1 + (n + 1) / 2);
}

/* Octet 3a is there if its nature of address, or a digit after it, is. */
int isup_gvns_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size)
{
	const struct isup_gvns *gvns = in;
	uint8_t fields[ISUP_HEAD_MAX] = {}, all[3 * (2 + ISUP_GVNS_DIGITS_MAX / 2)], *last;
	int rc = isup_fields_encode(def, in, fields), at = 0, len;

	if (rc < 0)
		return rc;
	rc = gvns_put(all, 0, gvns->opsp, gvns->n_opsp);
	at = rc;
	if (rc >= 0)
		rc = gvns_put(all + at, 0, gvns->gug, gvns->n_gug);
	at += rc;
	if (rc < 0 || gvns->n_tnrn > ISUP_GVNS_DIGITS_MAX - 2)
		return -EINVAL;
	last = all + at;
	len = gvns_put(last + 1, 0, gvns->tnrn, gvns->n_tnrn);
	if (len < 0)
		return len;
	last[0] = fields[0] | last[1];
	if (gvns->n_tnrn || gvns->noa) {
		last[0]++;
		last[1] = fields[1];
		len++;
	}
	if (size < (size_t)(at + len))
		return -ENOSPC;
	memcpy(buf, all, at + len);
	return at + len;
}
