/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking a parsed message: headers by id and name, and their values. */

#include "sip/sip_msg.h"
#include "sip/sip_scan.h"

bool sip_msg_answerable(const struct sip_msg *msg)
{
	return msg->is_request && msg->method != SIP_ACK && msg->via.host.p;
}

const struct sip_hdr *sip_msg_hdr(const struct sip_msg *msg, enum sip_hdr_id id)
{
	return msg->first[id] ? &msg->hdrs[msg->first[id] - 1] : NULL;
}

const struct sip_hdr *sip_msg_hdr_next(const struct sip_msg *msg, const struct sip_hdr *hdr)
{
	const struct sip_hdr *h, *end = msg->hdrs + msg->n_hdrs;

	for (h = hdr + 1; h < end; h++) {
		if (h->id == hdr->id && (h->id != SIP_HDR_OTHER || sip_str_ieq(h->name, hdr->name)))
			return h;
	}
	return NULL;
}

const struct sip_hdr *sip_msg_hdr_named(const struct sip_msg *msg, struct sip_str name)
{
	enum sip_hdr_id id = sip_hdr_find(name);
	const struct sip_hdr *h, *end = msg->hdrs + msg->n_hdrs;

	if (id != SIP_HDR_OTHER)
		return sip_msg_hdr(msg, id);
	for (h = msg->hdrs; h < end; h++) {
		if (h->id == SIP_HDR_OTHER && sip_str_ieq(h->name, name))
			return h;
	}
	return NULL;
}

static void use_line(struct sip_values *v, const struct sip_hdr *hdr)
{
	v->hdr = hdr;
	v->rest = hdr ? hdr->value : (struct sip_str){};
}

void sip_values_init(struct sip_values *v, const struct sip_msg *msg, enum sip_hdr_id id)
{
	v->msg = msg;
	use_line(v, sip_msg_hdr(msg, id));
}

/* There is another value; header lines without any are passed over */
static bool more(struct sip_values *v)
{
	while (v->hdr && !v->rest.len)
		use_line(v, sip_msg_hdr_next(v->msg, v->hdr));
	return v->hdr;
}

int sip_values_next_addr(struct sip_values *v, struct sip_addr *addr)
{
	return more(v) ? sip_addr_take(addr, &v->rest) : -ENOENT;
}

int sip_values_next_via(struct sip_values *v, struct sip_via *via)
{
	return more(v) ? sip_via_take(via, &v->rest) : -ENOENT;
}

int sip_values_next_token(struct sip_values *v, struct sip_str *token)
{
	return more(v) ? sip_token_take(token, &v->rest) : -ENOENT;
}

int sip_values_next_reason(struct sip_values *v, struct sip_reason *reason)
{
	return more(v) ? sip_reason_take(reason, &v->rest) : -ENOENT;
}

int sip_values_next_media_type(struct sip_values *v, struct sip_media_type *mt)
{
	return more(v) ? sip_media_type_take(mt, &v->rest) : -ENOENT;
}

/* What sip_msg_parse() has read already */
static const struct sip_addr *known_addr(const struct sip_msg *msg, enum sip_hdr_id id)
{
	switch (id) {
	case SIP_HDR_FROM:
		return &msg->from;
	case SIP_HDR_TO:
		return &msg->to;
	case SIP_HDR_CONTACT:
		return &msg->contact;
	default:
		return NULL;
	}
}

int sip_msg_addr_uri(const struct sip_msg *msg, enum sip_hdr_id id, struct sip_addr *addr, struct sip_uri *uri)
{
	const struct sip_addr *known = known_addr(msg, id);
	struct sip_values v;
	int rc = 0;

	if (known && known->uri_text.p) {
		*addr = *known;
	} else {
		sip_values_init(&v, msg, id);
		rc = sip_values_next_addr(&v, addr);
	}
	return rc || !uri ? rc : sip_uri_parse(uri, addr->uri_text);
}

int sip_msg_uint(const struct sip_msg *msg, enum sip_hdr_id id, uint32_t *n)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, id);

	return hdr ? sip_uint_parse(n, hdr->value, UINT32_MAX) : -ENOENT;
}

/* An element of the list counts only if it is a token and nothing else */
static bool list_has_token(struct sip_str list, struct sip_str wanted)
{
	struct sip_scan s = sip_scan_of(list);
	struct sip_str token;
	char c = '\0';

	while (!sip_at_end(&s)) {
		sip_take_lws(&s);
		token = sip_take_class(&s, SIP_C_TOKEN);
		sip_take_lws(&s);
		if ((sip_at_end(&s) || sip_peek(&s) == ',' || sip_peek(&s) == ';') && sip_str_ieq(token, wanted))
			return true;
		while (sip_take_any(&s, &c) && c != ',' && c != ';')
			;
	}
	return false;
}

bool sip_msg_has_token(const struct sip_msg *msg, enum sip_hdr_id id, const char *token)
{
	const struct sip_hdr *hdr;

	for (hdr = sip_msg_hdr(msg, id); hdr; hdr = sip_msg_hdr_next(msg, hdr)) {
		if (list_has_token(hdr->value, sip_str_from(token)))
			return true;
	}
	return false;
}

int sip_msg_reason_cause(const struct sip_msg *msg, const char *protocol, unsigned int *cause)
{
	struct sip_reason reason;
	struct sip_values v;

	sip_values_init(&v, msg, SIP_HDR_REASON);
	while (!sip_values_next_reason(&v, &reason)) {
		if (reason.has_cause && sip_str_ieq(reason.protocol, sip_str_from(protocol))) {
			*cause = reason.cause;
			return 0;
		}
	}
	return -ENOENT;
}
