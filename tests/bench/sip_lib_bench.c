/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One SIP library at the same work: reads an INVITE, and makes a 180 to it; one program is built for each library.
 *
 * Usage: sip_NAME_bench parse|build RUNS; tests/bench/sip_compare runs them all and prints a table.
 *
 * parse: until Request-URI, the topmost Via's branch, From's and To's tag, Call-ID, CSeq and the URI of Contact can be
 * read. build: a 180 with the request's Via, From, To (with a tag), Call-ID and CSeq, and a Contact, as text. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "invite.h"

#define INVITE_LEN (sizeof(invite) - 1)
#define TAG "1928301774"
#define CONTACT "<sip:192.0.2.9:5060>"

/* A figure for something that does not work is none */
static void must(int ok, const char *what)
{
	if (ok)
		return;
	printf("failed: %s\n", what);
	exit(1);
}

#if defined(WITH_ISUPGW)

#include "sip/sip_build.h"

static struct sip_msg msg;

static void begin(void)
{
}

static void parse(void)
{
	struct sip_parse_error err;
	struct sip_addr contact;
	struct sip_uri uri;

	must(!sip_msg_parse(&msg, invite, INVITE_LEN, &err), "parse");
	must(msg.uri.user.len && msg.via.branch.len && msg.from.tag.len && !msg.to.tag.p && msg.call_id.len &&
	     msg.cseq.number == 1 && msg.body.len == 100, "values");
	must(!sip_msg_addr_uri(&msg, SIP_HDR_CONTACT, &contact, &uri) && uri.port == 5070, "Contact");
}

static void build(void)
{
	char mem[2048];
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_status_line(&b, 180, (struct sip_str){});
	sip_put_hdrs_of(&b, &msg, SIP_HDR_VIA);
	sip_put_hdrs_of(&b, &msg, SIP_HDR_FROM);
	sip_put_lit(&b, "To: ");
	sip_put_str(&b, sip_msg_hdr(&msg, SIP_HDR_TO)->value);
	sip_put_lit(&b, ";tag=" TAG "\r\n");
	sip_put_hdrs_of(&b, &msg, SIP_HDR_CALL_ID);
	sip_put_hdrs_of(&b, &msg, SIP_HDR_CSEQ);
	sip_put_hdr(&b, SIP_STR("Contact"), SIP_STR(CONTACT));
	sip_put_body(&b, (struct sip_str){}, (struct sip_str){});
	must(!b.full && sip_buf_len(&b) > 300, "build");
}

#elif defined(WITH_OSIP)

#include <osipparser2/osip_parser.h>

static osip_message_t *sip;

static void begin(void)
{
	must(!parser_init(), "parser_init");
}

static void parse(void)
{
	osip_generic_param_t *tag, *branch;
	osip_contact_t *contact;
	osip_via_t *via;

	osip_message_free(sip);
	must(!osip_message_init(&sip) && !osip_message_parse(sip, invite, INVITE_LEN), "parse");
	must(!osip_from_get_tag(sip->from, &tag) && !osip_message_get_via(sip, 0, &via), "From, Via");
	must(!osip_via_param_get_byname(via, (char *)"branch", &branch), "branch");
	must(sip->req_uri->username && sip->call_id->number && sip->cseq->number, "values");
	must(!osip_message_get_contact(sip, 0, &contact) && contact->url->port, "Contact");
}

static void build(void)
{
	osip_message_t *rsp;
	osip_via_t *via, *copy;
	char *text;
	size_t len;

	must(!osip_message_init(&rsp), "init");
	osip_message_set_version(rsp, osip_strdup("SIP/2.0"));
	osip_message_set_status_code(rsp, 180);
	osip_message_set_reason_phrase(rsp, osip_strdup("Ringing"));
	osip_message_get_via(sip, 0, &via);
	must(!osip_via_clone(via, &copy), "Via");
	osip_list_add(&rsp->vias, copy, -1);
	must(!osip_from_clone(sip->from, &rsp->from) && !osip_to_clone(sip->to, &rsp->to), "From, To");
	osip_to_set_tag(rsp->to, osip_strdup(TAG));
	must(!osip_call_id_clone(sip->call_id, &rsp->call_id) && !osip_cseq_clone(sip->cseq, &rsp->cseq), "clone");
	osip_message_set_contact(rsp, CONTACT);
	must(!osip_message_to_str(rsp, &text, &len) && len > 300, "build");
	osip_free(text);
	osip_message_free(rsp);
}

#elif defined(WITH_RE)

#include <re/re.h>

static struct mbuf *mb;
static struct sip_msg *msg;

static void begin(void)
{
	mb = mbuf_alloc(INVITE_LEN);
	must(mb && !mbuf_write_mem(mb, (const uint8_t *)invite, INVITE_LEN), "mbuf");
}

static void parse(void)
{
	const struct sip_hdr *contact;
	struct sip_addr addr;

	mem_deref(msg);
	mb->pos = 0;
	must(!sip_msg_decode(&msg, mb), "parse");
	must(msg->uri.user.l && msg->via.branch.l && msg->from.tag.l && !msg->to.tag.l && msg->callid.l &&
	     msg->cseq.num == 1, "values");
	contact = sip_msg_hdr(msg, SIP_HDR_CONTACT);
	must(contact && !sip_addr_decode(&addr, &contact->val) && addr.uri.port == 5070, "Contact");
}

/* What its sip_treplyf() does */
static void build(void)
{
	struct mbuf *rsp = mbuf_alloc(1024);
	const struct sip_hdr *via = sip_msg_hdr(msg, SIP_HDR_VIA), *from = sip_msg_hdr(msg, SIP_HDR_FROM);
	const struct sip_hdr *cseq = sip_msg_hdr(msg, SIP_HDR_CSEQ), *to = sip_msg_hdr(msg, SIP_HDR_TO);

	must(!mbuf_printf(rsp, "SIP/2.0 %u %s\r\nVia: %r\r\nFrom: %r\r\nTo: %r;tag=%s\r\nCall-ID: %r\r\n"
			  "CSeq: %r\r\nContact: %s\r\nContent-Length: %u\r\n\r\n", 180, "Ringing", &via->val,
			  &from->val, &to->val, TAG, &msg->callid, &cseq->val, CONTACT, 0U), "build");
	must(rsp->end > 300, "build");
	mem_deref(rsp);
}

#elif defined(WITH_SOFIA)

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/su_alloc.h>

static msg_t *msg;
static sip_t *sip;

static void begin(void)
{
}

static void parse(void)
{
	msg_destroy(msg);
	msg = msg_make(sip_default_mclass(), 0, invite, INVITE_LEN);
	sip = msg ? sip_object(msg) : NULL;
	must(sip && !sip->sip_error, "parse");
	must(sip->sip_request->rq_url->url_user && sip->sip_via->v_branch && sip->sip_from->a_tag &&
	     !sip->sip_to->a_tag && sip->sip_call_id->i_id && sip->sip_cseq->cs_seq == 1, "values");
	must(sip->sip_contact && sip->sip_contact->m_url->url_port, "Contact");
}

static void build(void)
{
	msg_t *rsp = msg_create(sip_default_mclass(), 0);
	su_home_t *home = msg_home(rsp);
	sip_t *r = sip_object(rsp);
	size_t len = 0;
	char *text;

	must(!sip_add_dup(rsp, r, (sip_header_t *)sip_status_create(home, 180, "Ringing", NULL)) &&
	     !sip_add_dup(rsp, r, (sip_header_t *)sip->sip_via) &&
	     !sip_add_dup(rsp, r, (sip_header_t *)sip->sip_from) &&
	     !sip_add_dup(rsp, r, (sip_header_t *)sip->sip_to) && !sip_to_tag(home, r->sip_to, TAG) &&
	     !sip_add_dup(rsp, r, (sip_header_t *)sip->sip_call_id) &&
	     !sip_add_dup(rsp, r, (sip_header_t *)sip->sip_cseq) &&
	     !sip_add_make(rsp, r, sip_contact_class, CONTACT) && !sip_complete_message(rsp), "headers");
	text = msg_as_string(home, rsp, NULL, 0, &len);
	must(text && len > 300, "build");
	msg_destroy(rsp);
}

#endif

int main(int argc, char **argv)
{
	unsigned long runs = argc == 3 ? strtoul(argv[2], NULL, 10) : 0, i;

	if (!runs || (strcmp(argv[1], "parse") && strcmp(argv[1], "build")))
		return 2;
	begin();
	parse();
	for (i = 0; i < runs; i++)
		(argv[1][0] == 'p' ? parse : build)();
	return 0;
}
