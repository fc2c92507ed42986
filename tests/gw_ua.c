/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a SIP user agent that says what it is told to, and keeps of a call what its next message needs. */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gw_ua.h"

/* Copies what s is, cut where it is too long */
static void copy(char *to, size_t size, struct sip_str s)
{
	osmo_strlcpy(to, s.p ? s.p : "", OSMO_MIN(size, s.len + 1));
}

static struct sip_str value(const struct sip_msg *msg, enum sip_hdr_id id)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, id);

	return hdr ? hdr->value : SIP_STR("");
}

static void keep(struct ua *ua, struct sip_str *where, struct sip_str request)
{
	talloc_free((char *)where->p);
	*where = (struct sip_str){ talloc_memdup(ua, request.p, request.len), request.len };
}

struct ua_call *ua_call(struct ua *ua, unsigned int no)
{
	struct ua_call *call;

	llist_for_each_entry(call, &ua->calls, entry)
		if (call->no == (no ? no : ua->n))
			return call;
	return NULL;
}

static struct ua_call *add(struct ua *ua, bool caller)
{
	struct ua_call *call = talloc_zero(ua, struct ua_call);

	call->caller = caller;
	call->no = ++ua->n;
	llist_add_tail(&call->entry, &ua->calls);
	return call;
}

/* ---- What the gateway sends ---- */

static struct ua_call *call_of(struct ua *ua, const struct sip_msg *msg)
{
	struct ua_call *call;

	llist_for_each_entry(call, &ua->calls, entry)
		if (strlen(call->call_id) == msg->call_id.len &&
		    !memcmp(call->call_id, msg->call_id.p, msg->call_id.len))
			return call;
	return NULL;
}

static void heard_request(struct ua *ua, struct ua_call *call, const struct sip_msg *msg)
{
	if (!call) {
		call = add(ua, false);
		copy(call->call_id, sizeof(call->call_id), msg->call_id);
	}
	if (msg->method == SIP_INVITE && !msg->to.tag.len) {
		copy(call->far, sizeof(call->far), value(msg, SIP_HDR_FROM));
		snprintf(call->own, sizeof(call->own), "%.*s;tag=ua%u", SIP_STR_ARG(value(msg, SIP_HDR_TO)), call->no);
	}
	if (msg->contact.uri_text.len)
		copy(call->target, sizeof(call->target), msg->contact.uri_text);
	if (msg->method < UA_METHODS)
		keep(ua, &call->requests[msg->method], msg->octets);
	if (msg->method != SIP_ACK)
		keep(ua, &call->requests[0], msg->octets);
}

static void heard_response(struct ua_call *call, const struct sip_msg *msg)
{
	if (msg->method != SIP_INVITE || !call)
		return;
	call->status = msg->status;
	if (msg->status == 100)
		return;
	copy(call->far, sizeof(call->far), value(msg, SIP_HDR_TO));
	if (!call->caller)
		copy(call->own, sizeof(call->own), value(msg, SIP_HDR_FROM));
	if (msg->contact.uri_text.len && msg->status < 300)
		copy(call->target, sizeof(call->target), msg->contact.uri_text);
	if (sip_msg_has_token(msg, SIP_HDR_REQUIRE, "100rel") && msg->status < 200) {
		sip_msg_uint(msg, SIP_HDR_RSEQ, &call->rseq);
		call->rseq_cseq = msg->cseq.number;
	}
}

static void heard(struct gw_sent *sent, void *data)
{
	static struct sip_msg msg;
	struct sip_parse_error err;
	struct ua *ua = data;

	OSMO_ASSERT(sip_msg_parse(&msg, sent->octets, sent->len, &err) == 0);
	if (sent->again)
		return;
	if (msg.is_request)
		heard_request(ua, call_of(ua, &msg), &msg);
	else
		heard_response(call_of(ua, &msg), &msg);
}

struct ua *ua_alloc(struct gw_world *w)
{
	struct ua *ua = talloc_zero(w, struct ua);

	ua->w = w;
	INIT_LLIST_HEAD(&ua->calls);
	w->sip_cb = heard;
	w->cb_data = ua;
	return ua;
}

/* ---- What we say ---- */

/* The value of the first line of this name, in buf; NULL if there is none */
static const char *line_value(const char *lines, const char *name, char *buf, size_t size)
{
	size_t len = strlen(name);

	for (const char *p = lines; *p; p += strcspn(p, "\n"), p += !!*p) {
		if (strncasecmp(p, name, len) || p[len] != ':')
			continue;
		p += len + 1;
		p += strspn(p, " ");
		osmo_strlcpy(buf, p, OSMO_MIN(size, strcspn(p, "\r\n") + 1));
		return buf;
	}
	return NULL;
}

/* A header line, unless the line of the flow has its own */
static void put(struct osmo_strbuf *sb, const struct ua_msg *msg, const char *name, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
static void put(struct osmo_strbuf *sb, const struct ua_msg *msg, const char *name, const char *format, ...)
{
	char own[1024];
	va_list ap;

	if (line_value(msg->lines, name, own, sizeof(own)))
		return;
	va_start(ap, format);
	vsnprintf(own, sizeof(own), format, ap);
	va_end(ap);
	OSMO_STRBUF_PRINTF(*sb, "%s: %s\r\n", name, own);
}

static struct sip_str body_of(const struct ua_msg *msg)
{
	return msg->octets.p ? msg->octets : sip_str_from(msg->body);
}

static void put_end(struct osmo_strbuf *sb, const struct ua_msg *msg)
{
	OSMO_STRBUF_PRINTF(*sb, "%s", msg->lines);
	if (msg->body[0])
		put(sb, msg, "Content-Type", "application/sdp");
	OSMO_STRBUF_PRINTF(*sb, "Content-Length: %zu\r\n\r\n", body_of(msg).len);
}

/* head ends with the empty line; size is what there is room for. */
static const char *say(struct ua *ua, char *head, size_t size, const struct ua_msg *msg, struct sip_str *kept)
{
	struct sip_str body = body_of(msg);
	size_t len = strlen(head);

	if (len + body.len > size)
		return "too long";
	memcpy(head + len, body.p, body.len);
	keep(ua, kept, (struct sip_str){ head, len + body.len });
	gw_rx_sip(ua->w, head, len + body.len);
	return NULL;
}

static void begin_invite(struct ua *ua, struct ua_call *call, const struct ua_msg *msg)
{
	char buf[1024];

	if (call->call_id[0])
		return;
	osmo_strlcpy(call->target, msg->ruri[0] ? msg->ruri : "sip:+33201234567@192.0.2.1", sizeof(call->target));
	snprintf(call->call_id, sizeof(call->call_id), "call-%u@192.0.2.2", call->no);
	if (line_value(msg->lines, "Call-ID", buf, sizeof(buf)))
		osmo_strlcpy(call->call_id, buf, sizeof(call->call_id));
	snprintf(call->own, sizeof(call->own), "<sip:+33301112222@192.0.2.2>;tag=ua%u", call->no);
	if (line_value(msg->lines, "From", buf, sizeof(buf)))
		osmo_strlcpy(call->own, buf, sizeof(call->own));
	snprintf(call->far, sizeof(call->far), "<%s>", call->target);
	if (line_value(msg->lines, "To", buf, sizeof(buf)))
		osmo_strlcpy(call->far, buf, sizeof(call->far));
}

/* They stand in the lines of the flow, all of them. */
static void copy_vias(struct ua_call *call, const char *lines)
{
	struct osmo_strbuf sb = { .buf = call->vias, .len = sizeof(call->vias) };

	for (const char *p = lines; *p; p += strcspn(p, "\n"), p += !!*p)
		if (!strncasecmp(p, "Via:", 4))
			OSMO_STRBUF_PRINTF(sb, "%.*s\n", (int)strcspn(p, "\n"), p);
}

/* The Vias of a request: those of the INVITE for its CANCEL, and for the ACK of a refusal */
static void put_vias(struct ua *ua, struct ua_call *call, const struct ua_msg *msg, struct osmo_strbuf *sb)
{
	bool invite = !strcmp(msg->what, "INVITE");
	char own[1024];

	if (!strcmp(msg->what, "CANCEL") || (!strcmp(msg->what, "ACK") && call->status >= 300)) {
		OSMO_STRBUF_PRINTF(*sb, "%s", call->vias);
		return;
	}
	if (line_value(msg->lines, "Via", own, sizeof(own))) {
		if (invite)
			copy_vias(call, msg->lines);
		return;
	}
	snprintf(own, sizeof(own), "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-ua-%u\r\n", ++ua->branch);
	if (invite)
		osmo_strlcpy(call->vias, own, sizeof(call->vias));
	OSMO_STRBUF_PRINTF(*sb, "%s", own);
}

static unsigned int next_cseq(struct ua_call *call, const char *method)
{
	if (!strcmp(method, "ACK") || !strcmp(method, "CANCEL"))
		return call->invite_cseq;
	call->cseq++;
	if (!strcmp(method, "INVITE")) {
		call->invite_cseq = call->cseq;
		call->status = 0;
	}
	return call->cseq;
}

static const char *send_request(struct ua *ua, struct ua_call *call, const struct ua_msg *msg, enum sip_method method)
{
	bool hop = !strcmp(msg->what, "CANCEL") || (!strcmp(msg->what, "ACK") && call->status >= 300);
	struct osmo_strbuf sb;
	char text[SIP_MSG_MAX], number[32];
	unsigned int cseq;

	begin_invite(ua, call, msg);
	cseq = next_cseq(call, msg->what);
	if (line_value(msg->lines, "CSeq", number, sizeof(number)) && sscanf(number, "%u", &cseq) == 1)
		call->cseq = OSMO_MAX(call->cseq, cseq);
	if (!strcmp(msg->what, "INVITE")) {
		osmo_strlcpy(call->invite_ruri, msg->ruri[0] ? msg->ruri : call->target, sizeof(call->invite_ruri));
		call->invite_cseq = cseq;
	}
	sb = (struct osmo_strbuf){ .buf = text, .len = sizeof(text) };
	OSMO_STRBUF_PRINTF(sb, "%s %s SIP/2.0\r\n", msg->what,
			   hop ? call->invite_ruri : msg->ruri[0] ? msg->ruri : call->target);
	put_vias(ua, call, msg, &sb);
	put(&sb, msg, "Max-Forwards", "70");
	put(&sb, msg, "From", "%s", call->own);
	put(&sb, msg, "To", "%s", call->far);
	put(&sb, msg, "Call-ID", "%s", call->call_id);
	put(&sb, msg, "CSeq", "%u %s", cseq, msg->what);
	if (!strcmp(msg->what, "PRACK"))
		put(&sb, msg, "RAck", "%u %u INVITE", call->rseq, call->rseq_cseq);
	if (!hop)
		put(&sb, msg, "Contact", "<sip:pbx@192.0.2.2:5060>");
	put_end(&sb, msg);
	return say(ua, text, sizeof(text), msg, &call->last[method % UA_METHODS]);
}

static const char *send_response(struct ua *ua, struct ua_call *call, const struct ua_msg *msg,
				 struct sip_str request)
{
	unsigned int status = strtoul(msg->what, NULL, 10);
	struct osmo_strbuf sb;
	char text[SIP_MSG_MAX], tag[64];
	struct sip_parse_error err;
	static struct sip_msg to;
	const struct sip_hdr *via;

	if (!request.p || sip_msg_parse(&to, request.p, request.len, &err) < 0)
		return "there is no such request";
	snprintf(tag, sizeof(tag), "ua%u", call->no);
	sb = (struct osmo_strbuf){ .buf = text, .len = sizeof(text) };
	OSMO_STRBUF_PRINTF(sb, "SIP/2.0 %u %.*s\r\n", status, SIP_STR_ARG(sip_status_phrase(status)));
	for (via = sip_msg_hdr(&to, SIP_HDR_VIA); via; via = sip_msg_hdr_next(&to, via))
		OSMO_STRBUF_PRINTF(sb, "Via: %.*s\r\n", SIP_STR_ARG(via->value));
	put(&sb, msg, "From", "%.*s", SIP_STR_ARG(value(&to, SIP_HDR_FROM)));
	if (to.to.tag.len || status == 100)
		put(&sb, msg, "To", "%.*s", SIP_STR_ARG(value(&to, SIP_HDR_TO)));
	else
		put(&sb, msg, "To", "%.*s;tag=%s", SIP_STR_ARG(value(&to, SIP_HDR_TO)), msg->tag[0] ? msg->tag : tag);
	if (msg->tag[0] && status >= 200)
		snprintf(call->own, sizeof(call->own), "%.*s;tag=%s", SIP_STR_ARG(value(&to, SIP_HDR_TO)), msg->tag);
	put(&sb, msg, "Call-ID", "%.*s", SIP_STR_ARG(to.call_id));
	put(&sb, msg, "CSeq", "%.*s", SIP_STR_ARG(value(&to, SIP_HDR_CSEQ)));
	if (status < 300 && status > 100)
		put(&sb, msg, "Contact", "<sip:pbx@192.0.2.2:5060>");
	put_end(&sb, msg);
	return say(ua, text, sizeof(text), msg, &call->responses[status % 700]);
}

static const char *say_again(struct ua *ua, struct sip_str message)
{
	if (!message.p)
		return "it was not sent before";
	gw_rx_sip(ua->w, message.p, message.len);
	return NULL;
}

const char *ua_send(struct ua *ua, const struct ua_msg *msg)
{
	unsigned int status = strtoul(msg->what, NULL, 10) % 700;
	bool is_new = msg->call == ua->n + 1 || (!ua->n && !msg->call);
	struct ua_call *call = is_new ? NULL : ua_call(ua, msg->call);
	enum sip_method method = sip_method_find(sip_str_from(msg->what));
	enum sip_method of = msg->of[0] ? sip_method_find(sip_str_from(msg->of)) : 0;

	if (is_new && strcmp(msg->what, "INVITE"))
		return "there is no such call";
	if (!call && is_new)
		call = add(ua, true);
	if (!call)
		return "there is no such call";
	if (msg->again)
		return say_again(ua, status ? call->responses[status] : call->last[method % UA_METHODS]);
	if (status)
		return send_response(ua, call, msg, call->requests[of]);
	return send_request(ua, call, msg, method);
}

/* ---- What any peer would do ---- */

static void react_to_request(struct ua *ua, const struct ua_call *call, const struct sip_msg *msg)
{
	struct ua_msg answer = { .call = call->no };

	if (msg->method == SIP_ACK)
		return;
	copy(answer.of, sizeof(answer.of), msg->method_name);
	osmo_strlcpy(answer.what, msg->method == SIP_INVITE && !msg->to.tag.len ? "486" : "200", sizeof(answer.what));
	if (msg->method == SIP_INVITE && msg->to.tag.len)
		osmo_strlcpy(answer.body, UA_SDP, sizeof(answer.body));
	ua_send(ua, &answer);
	if (msg->method != SIP_CANCEL)
		return;
	osmo_strlcpy(answer.of, "INVITE", sizeof(answer.of));
	osmo_strlcpy(answer.what, "487", sizeof(answer.what));
	ua_send(ua, &answer);
}

void ua_react(struct ua *ua, const struct gw_sent *sent)
{
	struct ua_msg ack = { .what = "ACK" };
	struct sip_parse_error err;
	static struct sip_msg msg;
	struct ua_call *call;

	if (sip_msg_parse(&msg, sent->octets, sent->len, &err) < 0)
		return;
	call = call_of(ua, &msg);
	if (!call)
		return;
	ack.call = call->no;
	if (msg.is_request)
		react_to_request(ua, call, &msg);
	else if (msg.method == SIP_INVITE && msg.status >= 200)
		ua_send(ua, &ack);
}
