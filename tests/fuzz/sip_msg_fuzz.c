/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a SIP message as it comes in one datagram, all that can be asked of it, and its session description. */

#include <stdio.h>
#include <stdlib.h>

#include "sip/sip_body.h"
#include "sip/sip_build.h"
#include "sip/sip_sdp.h"
#include "fuzz.h"

static struct sip_msg msg, again;
static char mem[70000], decoded[70000];

/* Whatever is given out lies within what was taken in */
static void check_within(struct sip_str s, struct sip_str whole)
{
	CHECK(!s.p ? !s.len : s.p >= whole.p && s.len <= whole.len && s.p + s.len <= whole.p + whole.len);
}

static void check_uri(struct sip_str text)
{
	struct sip_uri uri;
	struct sip_tel tel;
	struct sip_str value;
	char buf[64];
	int len;

	if (sip_uri_parse(&uri, text) < 0)
		return;
	check_within(uri.user, text);
	check_within(uri.user_params, text);
	check_within(uri.password, text);
	check_within(uri.host, text);
	check_within(uri.params, text);
	check_within(uri.headers, text);
	len = sip_uri_number(&uri, buf, sizeof(buf));
	CHECK(len < 0 || (size_t)len == strlen(buf));
	if (sip_uri_param(&uri, "lr", &value))
		check_within(value, text);
	if (sip_uri_header(&uri, "Reason", &value))
		check_within(value, text);
	if (!sip_tel_parse(&tel, &uri)) {
		check_within(tel.number, text);
		check_within(tel.context, text);
		check_within(tel.rn, text);
	}
}

static void check_addrs(const struct sip_hdr *hdr)
{
	struct sip_str list = hdr->value, value;
	struct sip_addr addr;

	while (!sip_addr_take(&addr, &list)) {
		check_within(list, hdr->value);
		check_within(addr.display, hdr->value);
		check_within(addr.params, hdr->value);
		check_within(addr.tag, hdr->value);
		check_uri(addr.uri_text);
		if (sip_param(addr.params, "q", &value))
			check_within(value, hdr->value);
	}
	CHECK(!list.len);
}

static void check_vias(const struct sip_hdr *hdr)
{
	struct sip_str list = hdr->value;
	struct sip_via via;

	while (!sip_via_take(&via, &list)) {
		check_within(via.text, hdr->value);
		check_within(via.branch, via.text);
		check_within(via.received, via.text);
		check_within(via.rport_text, via.text);
		check_within(via.params, via.text);
	}
}

static void check_others(const struct sip_hdr *hdr)
{
	struct sip_media_type mt;
	struct sip_reason reason;
	struct sip_param param;
	struct sip_cseq cseq;
	struct sip_rack rack;
	struct sip_str list, token;
	uint32_t n;

	for (list = hdr->value; !sip_media_type_take(&mt, &list);)
		check_within(mt.params, hdr->value);
	for (list = hdr->value; !sip_reason_take(&reason, &list);)
		check_within(reason.text, hdr->value);
	for (list = hdr->value; !sip_param_take(&param, &list);)
		check_within(param.value, hdr->value);
	for (list = hdr->value; !sip_token_take(&token, &list);)
		check_within(token, hdr->value);
	sip_cseq_parse(&cseq, hdr->value);
	sip_rack_parse(&rack, hdr->value);
	sip_retry_after_parse(&n, hdr->value);
	check_uri(hdr->value);
}

/* Who diverted it, and what users say to each other */
static void check_call_headers(const struct sip_hdr *hdr)
{
	struct sip_diversion diversion;
	struct sip_history history;
	uint8_t octets[16];
	struct sip_uui uui;
	struct sip_str list;

	for (list = hdr->value; !sip_diversion_take(&diversion, &list);)
		check_within(diversion.reason, hdr->value);
	for (list = hdr->value; !sip_history_take(&history, &list);) {
		check_within(history.index, hdr->value);
		check_within(history.reason, hdr->value);
	}
	for (list = hdr->value; !sip_uui_take(&uui, &list);) {
		check_within(uui.data, hdr->value);
		CHECK(sip_uui_octets(&uui, octets, sizeof(octets)) <= (int)sizeof(octets));
	}
}

/* What a session and its resources are called */
static void check_session_headers(const struct sip_hdr *hdr)
{
	struct sip_session_expires se;
	struct sip_resource resource;
	struct sip_session_id id;
	enum sip_early_media em;
	struct sip_str list;
	unsigned int set = 0;

	for (list = hdr->value; !sip_resource_take(&resource, &list);)
		check_within(resource.priority, hdr->value);
	for (list = hdr->value; !sip_early_media_take(&em, &list);)
		CHECK(em <= SIP_EM_SUPPORTED);
	sip_session_expires_parse(&se, hdr->value);
	sip_session_id_parse(&id, hdr->value);
	sip_privacy_parse(&set, hdr->value);
}

static void put_all(struct sip_buf *b, const struct sip_msg *m)
{
	const struct sip_hdr *hdr;

	if (m->is_request)
		sip_put_request_line(b, m->method_name, m->ruri);
	else
		sip_put_status_line(b, m->status, m->reason);
	for (hdr = m->hdrs; hdr < m->hdrs + m->n_hdrs; hdr++)
		sip_put_hdr(b, hdr->name, hdr->value);
	sip_put_lit(b, "\r\n");
	sip_put_str(b, m->body);
}

/* A good message written down from its parts is the same message */
static void check_again(void)
{
	struct sip_parse_error err;
	struct sip_buf b;
	unsigned int i;

	sip_buf_init(&b, mem, sizeof(mem));
	put_all(&b, &msg);
	CHECK(!b.full);
	CHECK(!sip_msg_parse(&again, b.start, sip_buf_len(&b), &err));
	CHECK(again.n_hdrs == msg.n_hdrs && sip_str_eq(again.body, msg.body) && again.method == msg.method);
	for (i = 0; i < msg.n_hdrs; i++)
		CHECK(again.hdrs[i].id == msg.hdrs[i].id && sip_str_eq(again.hdrs[i].value, msg.hdrs[i].value));
	CHECK(sip_str_eq(again.via.branch, msg.via.branch) && sip_str_eq(again.from.tag, msg.from.tag));
}

/* Whatever could be read of a request, its response is a message whose Via can be read */
static void check_answer(void)
{
	struct sip_parse_error err;
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_status_line(&b, 400, (struct sip_str){});
	sip_put_vias_answered(&b, &msg, SIP_STR("2001:db8::1"), 5060);
	sip_put_hdrs_of(&b, &msg, SIP_HDR_CALL_ID);
	sip_put_body(&b, (struct sip_str){}, (struct sip_str){});
	CHECK(!b.full);
	sip_msg_parse(&again, b.start, sip_buf_len(&b), &err);
	CHECK(again.status == 400 && sip_str_eq(again.via.host, msg.via.host) && again.n_hdrs <= msg.n_hdrs + 1);
}

static void check_sdp(struct sip_str text)
{
	static const struct sip_sdp_local local = {
		.address = { "192.0.2.1", 9 }, .port = 4000, .dir = SIP_SDP_SENDRECV, .telephone_event = true,
		.n_codecs = 3, .codecs = { SIP_SDP_PCMA, SIP_SDP_PCMU, SIP_SDP_CLEARMODE },
	};
	static struct sip_sdp sdp, answer;
	struct sip_buf b;

	if (sip_sdp_parse(&sdp, text) < 0)
		return;
	sip_buf_init(&b, mem, sizeof(mem));
	if (sip_sdp_put_answer(&b, &local, &sdp) < 0)
		return;
	CHECK(!b.full);
	CHECK(!sip_sdp_parse(&answer, sip_buf_str(&b)));
	CHECK(answer.n_media == sdp.n_media && sip_sdp_attr(answer.lines, "x", NULL) == false);
}

static void check_msg(struct sip_str octets)
{
	const struct sip_hdr *hdr;

	check_within(msg.body, octets);
	check_within(msg.ruri, octets);
	check_within(msg.octets, octets);
	for (hdr = msg.hdrs; hdr < msg.hdrs + msg.n_hdrs; hdr++) {
		check_within(hdr->name, octets);
		check_within(hdr->value, octets);
		CHECK(sip_msg_hdr(&msg, hdr->id) <= hdr && sip_msg_hdr_named(&msg, hdr->name));
		check_addrs(hdr);
		check_vias(hdr);
		check_others(hdr);
		check_call_headers(hdr);
		check_session_headers(hdr);
		sip_msg_has_token(&msg, hdr->id, "100rel");
	}
	check_sdp(sip_msg_sdp(&msg, decoded, sizeof(decoded)));
	check_sdp(msg.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sip_str octets = { (const char *)data, size };
	struct sip_parse_error err;
	int rc = sip_msg_parse(&msg, octets.p, octets.len, &err);

	CHECK(!rc == !err.status && !rc == !err.what && err.offset <= size);
	check_msg(octets);
	if (!rc)
		check_again();
	if (sip_msg_answerable(&msg))
		check_answer();
	check_sdp(octets);
	return 0;
}
