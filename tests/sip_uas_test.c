/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of requests that go no further than RFC 3261 8.2, each with its answer; a call must work after each. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip/sip_body.h"
#include "sip_leg.h"

#define VIA "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK"
#define REST "Max-Forwards: 70\nFrom: <sip:a@192.0.2.2>;tag=t\nTo: <sip:1@192.0.2.1>\nCall-ID: x\n"
#define IN_DIALOG "Max-Forwards: 70\nFrom: <sip:a@192.0.2.2>;tag=t\nTo: <sip:1@192.0.2.1>;tag=none\nCall-ID: x\n"
#define CONTACT "Contact: <sip:a@192.0.2.2>\n"
#define MIXED "Content-Type: multipart/mixed;boundary=b\n"
#define INVITE(branch) "INVITE sip:1@192.0.2.1 SIP/2.0\n" VIA branch "\n" REST "CSeq: 1 INVITE\n"

static const struct row {
	const char *what, *request;
	unsigned int status;		/* 0: no answer; 100: it comes up */
	enum sip_hdr_id hdr;		/* that the answer has … */
	const char *value;		/* … with this value */
} rows[] = {
	{ "unknown method", "FROB sip:1@192.0.2.1 SIP/2.0\n" VIA "1\n" REST "CSeq: 1 FROB\n\n",
	  501, SIP_HDR_ALLOW, SIP_ALLOW },
	{ "REGISTER", "REGISTER sip:192.0.2.1 SIP/2.0\n" VIA "2\n" REST "CSeq: 1 REGISTER\n\n",
	  405, SIP_HDR_ALLOW, SIP_ALLOW },
	{ "SUBSCRIBE", "SUBSCRIBE sip:192.0.2.1 SIP/2.0\n" VIA "3\n" REST "CSeq: 1 SUBSCRIBE\n\n",
	  405, SIP_HDR_ALLOW, SIP_ALLOW },
	{ "MESSAGE", "MESSAGE sip:192.0.2.1 SIP/2.0\n" VIA "4\n" REST "CSeq: 1 MESSAGE\n\n",
	  405, SIP_HDR_ALLOW, SIP_ALLOW },
	{ "REFER", "REFER sip:192.0.2.1 SIP/2.0\n" VIA "5\n" IN_DIALOG "CSeq: 1 REFER\n\n",
	  405, SIP_HDR_ALLOW, SIP_ALLOW },
	{ "INFO", "INFO sip:192.0.2.1 SIP/2.0\n" VIA "6\n" IN_DIALOG "CSeq: 1 INFO\n\n",
	  481 },
	{ "PRACK", "PRACK sip:192.0.2.1 SIP/2.0\n" VIA "7\n" IN_DIALOG "CSeq: 1 PRACK\n\n",
	  481 },
	{ "UPDATE", "UPDATE sip:192.0.2.1 SIP/2.0\n" VIA "8\n" IN_DIALOG "CSeq: 1 UPDATE\n\n",
	  481 },
	{ "scheme", "INVITE nobodyKnows:this SIP/2.0\n" VIA "9\n" REST "CSeq: 1 INVITE\n" CONTACT "\n", 416 },
	{ "http scheme", "INVITE http://192.0.2.1/ SIP/2.0\n" VIA "10\n" REST "CSeq: 1 INVITE\n" CONTACT "\n", 416 },
	{ "Require", INVITE("11") CONTACT "Require: nothingSupportsThis, nothingSupportsThisEither\n\n",
	  420, SIP_HDR_UNSUPPORTED, "nothingSupportsThis, nothingSupportsThisEither" },
	{ "Require of OPTIONS", "OPTIONS sip:192.0.2.1 SIP/2.0\n" VIA "12\n" REST "CSeq: 1 OPTIONS\nRequire: x\n\n",
	  420, SIP_HDR_UNSUPPORTED, "x" },
	{ "Proxy-Require is not ours", INVITE("13") CONTACT "Proxy-Require: x\n\n", 100 },
	{ "Content-Type", INVITE("14") CONTACT "Content-Type: text/plain\nContent-Length: 2\n\nhi",
	  415, SIP_HDR_ACCEPT, SIP_ACCEPT },
	{ "no Content-Type", INVITE("15") CONTACT "Content-Length: 2\n\nhi", 415, SIP_HDR_ACCEPT, SIP_ACCEPT },
	{ "Content-Type, optional", INVITE("16") CONTACT "Content-Type: text/plain\n"
	  "Content-Disposition: render;handling=optional\nContent-Length: 2\n\nhi", 100 },
	{ "Content-Encoding", INVITE("17") CONTACT "Content-Type: application/sdp\nContent-Encoding: gzip\n"
	  "Content-Length: 2\n\nv=", 415 },
	{ "Content-Type of a part", INVITE("40") CONTACT MIXED "\n--b\nContent-Type: application/sdp\n\nv=0\n"
	  "--b\nContent-Type: application/ISUP;version=itu-t92+\n\n.\n--b--\n", 415, SIP_HDR_ACCEPT, SIP_ACCEPT },
	{ "Content-Type of a part, optional", INVITE("41") CONTACT MIXED "\n--b\nContent-Type: application/sdp\n\n"
	  "v=0\n--b\nContent-Type: application/ISUP;version=itu-t92+\n"
	  "Content-Disposition: signal;handling=optional\n\n.\n--b--\n", 100 },
	{ "Content-Encoding of a part", INVITE("42") CONTACT MIXED "\n--b\nContent-Type: application/sdp\n"
	  "Content-Encoding: gzip\n\nv=0\n--b--\n", 415, SIP_HDR_ACCEPT, SIP_ACCEPT },
	{ "boundary that is not there", INVITE("43") CONTACT MIXED "\n--c\n\nhi\n--c--\n", 400 },
	{ "early session", INVITE("44") CONTACT "Content-Type: application/sdp\n"
	  "Content-Disposition: early-session\nContent-Length: 2\n\nv=", 415, SIP_HDR_ACCEPT, SIP_ACCEPT },
	{ "Accept", INVITE("38") CONTACT "Accept: text/plain, application/isup\n\n", 406 },
	{ "Accept anything", INVITE("39") CONTACT "Accept: text/plain, application/*\n\n", 100 },
	{ "no Contact", INVITE("18") "\n", 400 },
	{ "Contact not readable", INVITE("19") "Contact: <sip:a@\n\n", 400 },
	{ "Contact: tel", INVITE("20") "Contact: <tel:+331>\n\n", 400 },
	{ "Record-Route not readable", INVITE("21") CONTACT "Record-Route: <sip:a>, ,\n\n", 400 },
	{ "no such dialog: BYE", "BYE sip:1@192.0.2.1 SIP/2.0\n" VIA "22\n" IN_DIALOG "CSeq: 1 BYE\n\n", 481 },
	{ "no such dialog: INVITE", "INVITE sip:1@192.0.2.1 SIP/2.0\n" VIA "23\n" IN_DIALOG "CSeq: 1 INVITE\n"
	  CONTACT "\n", 481 },
	{ "no such dialog: OPTIONS", "OPTIONS sip:1@192.0.2.1 SIP/2.0\n" VIA "24\n" IN_DIALOG "CSeq: 1 OPTIONS\n\n",
	  481 },
	{ "no such dialog: ACK", "ACK sip:1@192.0.2.1 SIP/2.0\n" VIA "25\n" IN_DIALOG "CSeq: 1 ACK\n\n", 0 },
	{ "BYE without To tag", "BYE sip:1@192.0.2.1 SIP/2.0\n" VIA "26\n" REST "CSeq: 1 BYE\n\n", 481 },
	{ "CANCEL of nothing", "CANCEL sip:1@192.0.2.1 SIP/2.0\n" VIA "27\n" REST "CSeq: 1 CANCEL\n\n", 481 },
	{ "OPTIONS", "OPTIONS sip:192.0.2.1 SIP/2.0\n" VIA "28\n" REST "CSeq: 1 OPTIONS\n\n",
	  200, SIP_HDR_ACCEPT, SIP_ACCEPT },
	{ "Max-Forwards 0 (RFC 4475 3.3.11)", "OPTIONS sip:192.0.2.1 SIP/2.0\n" VIA "29\nMax-Forwards: 0\n"
	  "From: <sip:a@192.0.2.2>;tag=t\nTo: <sip:1@192.0.2.1>\nCall-ID: x\nCSeq: 1 OPTIONS\n\n", 200 },
	{ "version", "OPTIONS sip:192.0.2.1 SIP/7.0\n" VIA "30\n" REST "CSeq: 1 OPTIONS\n\n", 505 },
	{ "CSeq of another method", "OPTIONS sip:192.0.2.1 SIP/2.0\n" VIA "31\n" REST "CSeq: 1 BYE\n\n", 400 },
	{ "no Call-ID", "OPTIONS sip:192.0.2.1 SIP/2.0\n" VIA "32\nMax-Forwards: 70\n"
	  "From: <sip:a@192.0.2.2>;tag=t\nTo: <sip:1@192.0.2.1>\nCSeq: 1 OPTIONS\n\n", 400 },
	{ "body shorter than Content-Length", INVITE("33") CONTACT "Content-Length: 200\n\nhi", 400 },
	{ "no Via", "OPTIONS sip:192.0.2.1 SIP/2.0\n" REST "CSeq: 1 OPTIONS\n\n", 0 },
	{ "ACK that cannot be read", "ACK sip:192.0.2.1 SIP/2.0\n" VIA "34\nCSeq: x\n\n", 0 },
	{ "response that cannot be read", "SIP/2.0 200 OK\n" VIA "35\n\n", 0 },
	{ "response to nothing", "SIP/2.0 200 OK\n" VIA "36\n" REST "CSeq: 1 INVITE\n\n", 0 },
	{ "keep-alive", "\n\n", 0 },
	{ "noise", "hello", 0 },
	{ "tel scheme", "INVITE tel:+33123456789 SIP/2.0\n" VIA "37\n" REST "CSeq: 1 INVITE\n" CONTACT "\n", 100 },
	{ "no From tag (RFC 2543)", "INVITE sip:1@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2\n"
	  "From: <sip:a@192.0.2.2>\nTo: <sip:1@192.0.2.1>\nCall-ID: x\nCSeq: 1 INVITE\n" CONTACT "\n", 100 },
};

/* The INVITEs here are alike but for what they are about: another branch does not make them merged ones. */
static void forget_seen(void)
{
	memset(w->sip->seen, 0, sizeof(w->sip->seen));
}

static void check(const struct row *row)
{
	struct sip_parse_error err;
	struct sip_msg msg;
	unsigned int sent = w->n_sent;

	forget_seen();
	wire_rx_from(w, "192.0.2.2", 5060, row->request);
	EXPECT_INT(row->what, w->n_sent - sent, row->status ? 1 : 0);
	EXPECT_INT(row->what, call ? 1 : 0, row->status == 100 ? 1 : 0);
	if (w->n_sent == sent)
		return;
	sip_msg_parse(&msg, w->last, w->last_len, &err);
	EXPECT_INT(row->what, msg.status, row->status);
	EXPECT_INT(row->what, msg.to.tag.p ? 1 : 0, row->status == 100 ? 0 : 1);
	if (row->hdr)
		EXPECT_STR(row->what, wire_sent_hdr(w, row->hdr), row->value);
	if (call)
		sip_call_release(call, 480, SIP_STR(""));
	call = NULL;
}

/* 8.2.7: the same request again, without a transaction, gets the very same answer */
static void check_again(const struct row *row)
{
	char first[SIP_MSG_MAX];
	size_t len = w->last_len;

	if (row->status < 200)
		return;
	memcpy(first, w->last, len);
	wire_rx_from(w, "192.0.2.2", 5060, row->request);
	EXPECT_INT(row->what, w->last_len == len && !memcmp(first, w->last, len), 1);
}

/* 8.2.2.2 */
static void test_merged(void)
{
	unsigned int sent;

	forget_seen();
	wire_rx_from(w, "192.0.2.2", 5060, INVITE("merged1") CONTACT "\n");
	EXPECT(call != NULL);
	sent = w->n_sent;
	wire_rx_from(w, "192.0.2.2", 5060, INVITE("merged2") CONTACT "\n");
	EXPECT_INT("merged", w->n_sent - sent, 1);
	EXPECT(!strncmp(w->last, "SIP/2.0 482 ", 12));
	sip_call_release(call, 480, SIP_STR(""));
	call = NULL;
	sent = w->n_sent;
	wire_rx_from(w, "192.0.2.2", 5060, INVITE("merged3") CONTACT "\n");
	EXPECT_INT("merged after the refusal", w->n_sent - sent, 1);
	EXPECT(!strncmp(w->last, "SIP/2.0 482 ", 12));
	EXPECT(!call);
	wire_rx_from(w, "192.0.2.2", 5060, "INVITE sip:2@192.0.2.1 SIP/2.0\n" VIA "merged4\n" REST "CSeq: 1 INVITE\n"
		     CONTACT "\n");
	EXPECT(call != NULL);		/* another number of ours, one after the other */
	sip_call_release(call, 480, SIP_STR(""));
	call = NULL;
	wire_pass(32000);
	wire_rx_from(w, "192.0.2.2", 5060, INVITE("merged5") CONTACT "\n");
	EXPECT(call != NULL);
	sip_call_release(call, 480, SIP_STR(""));
	call = NULL;
}

/* 16.3: our own INVITE comes back, as it was, or to somebody else */
static void test_loop(void)
{
	char text[1024], own_via[256];
	unsigned int n;

	invite();
	snprintf(own_via, sizeof(own_via), "%s", wire_sent_hdr(w, SIP_HDR_VIA));
	for (n = 0; n < 2; n++) {
		snprintf(text, sizeof(text), "INVITE %s SIP/2.0\n" VIA "loop%u\nVia: %s\nMax-Forwards: 69\n"
			 "From: <sip:1@192.0.2.1>;tag=t%u\nTo: <sip:2@192.0.2.2>\nCall-ID: loop\nCSeq: 1 INVITE\n"
			 CONTACT "\n", n ? "sip:3@192.0.2.2" : "sip:2@192.0.2.2;user=phone", n, own_via, n);
		wire_rx_from(w, "192.0.2.2", 5060, text);
		EXPECT(!strncmp(w->last, n ? "SIP/2.0 100 " : "SIP/2.0 482 ", 12));
	}
	sip_call_release(call, 480, SIP_STR(""));
	call = NULL;
	wire_answer_to_invite(w, 486, "b", NULL);
	done();
}

/* A peer that gives all its calls one Call-ID does not put them into one chain. */
static void test_one_call_id(void)
{
	struct sip_call *first;

	forget_seen();
	wire_rx_from(w, "192.0.2.2", 5060, INVITE("same1") CONTACT "\n");
	first = call;
	wire_rx_from(w, "192.0.2.2", 5060, "INVITE sip:1@192.0.2.1 SIP/2.0\n" VIA "same2\n"
		     "From: <sip:a@192.0.2.2>;tag=u\nTo: <sip:1@192.0.2.1>\nCall-ID: x\nCSeq: 1 INVITE\n" CONTACT "\n");
	EXPECT(call != first);
	EXPECT(call->dialog.hash != first->dialog.hash);
	sip_call_release(first, 480, SIP_STR(""));
	sip_call_release(call, 480, SIP_STR(""));
	call = NULL;
}

/* A body and more than that: one multipart, whose session description is found again */
static void test_parts(void)
{
	const struct sip_part isup = {
		.type = SIP_STR("application/ISUP;version=itu-t92+"),
		.disposition = SIP_STR("signal;handling=optional"),
		.content = SIP_STR("\x09\0\r\n"),
	};
	const struct sip_prim answer = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE, .status = 183,
		.content_type = SIP_STR("application/sdp"), .body = SIP_STR("v=0\r\n"), .parts = &isup, .n_parts = 1,
	};
	struct sip_parse_error err;
	struct sip_body_part part;
	struct sip_body body;
	struct sip_msg msg;

	forget_seen();
	wire_rx_from(w, "192.0.2.2", 5060, INVITE("parts") CONTACT "Content-Type: application/sdp\n\nv=0\n");
	EXPECT_INT("parts", sip_call_req(call, &answer), 0);
	EXPECT_INT("parts", sip_msg_parse(&msg, w->last, w->last_len, &err), 0);
	EXPECT_INT("parts", msg.octets.len, w->last_len);
	EXPECT(sip_str_eq(sip_msg_sdp(&msg, NULL, 0), answer.body));
	sip_body_init(&body, &msg);
	EXPECT(!sip_body_next(&body, &part) && !sip_body_next(&body, &part) && !sip_body_next(&body, &part));
	EXPECT(sip_str_eq(part.content, isup.content) && part.optional);
	sip_call_release(call, 480, SIP_STR(""));
	call = NULL;
}

/* A message of the largest size, whose answer does not fit, and others that are too much */
static void test_large(void)
{
	static char text[SIP_MSG_MAX];
	unsigned int n_trans = w->sip->n_trans;
	size_t len, i;

	len = snprintf(text, sizeof(text), "OPTIONS sip:192.0.2.1 SIP/2.0\n" VIA "l\n" REST "CSeq: 1 OPTIONS\n"
		       "Timestamp: ");
	memset(text + len, '1', sizeof(text) - len);
	memcpy(text + sizeof(text) - 40, "\n\n", 3);
	wire_rx_from(w, "192.0.2.2", 5060, text);

	/* 40 proxies */
	forget_seen();
	len = snprintf(text, sizeof(text), INVITE("m") CONTACT);
	for (i = 0; i < 40; i++)
		len += snprintf(text + len, sizeof(text) - len, "Record-Route: <sip:192.0.2.%zu;lr>\n", i);
	snprintf(text + len, sizeof(text) - len, "\n");
	wire_rx_from(w, "192.0.2.2", 5060, text);
	EXPECT(!strncmp(w->last, "SIP/2.0 400 ", 12));
	EXPECT(!call);

	/* an answer that repeats so much has no room for what the user adds: nobody could ever answer */
	forget_seen();
	len = snprintf(text, sizeof(text), INVITE("n") CONTACT "Timestamp: ");
	memset(text + len, '1', 60000);
	memcpy(text + len + 60000, "\n\n", 3);
	wire_rx_from(w, "192.0.2.2", 5060, text);
	EXPECT(!strncmp(w->last, "SIP/2.0 513 ", 12));
	EXPECT(!call);
	EXPECT_INT("60000 octets repeated", w->sip->n_trans, n_trans);
}

static unsigned int n_lines;

static void count_line(struct log_target *target, unsigned int level, const char *line)
{
	n_lines++;
}

/* From anywhere, by no more than a domain in From */
static void log_wrong_credentials(void)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(pbx);
	unsigned int i;

	cfg->challenge_user = "u";
	cfg->challenge_password = "p";
	cfg->from_domain = "192.0.2.2";
	for (i = 0; i < 20; i++) {
		forget_seen();
		wire_rx_from(w, "203.0.113.9", 5060, INVITE("q") CONTACT "Authorization: Digest username=\"u\", "
			     "realm=\"isupgw\", nonce=\"n\", uri=\"sip:1@192.0.2.1\", response=\"0\", "
			     "cnonce=\"c\", nc=00000001, qop=auth\n\n");
		EXPECT(!strncmp(w->last, "SIP/2.0 401 ", 12));
	}
	cfg->challenge_user = cfg->challenge_password = cfg->from_domain = NULL;
}

/* What anybody can cause with every datagram may not fill the log of a gateway at its default level */
static void test_log_flood(void)
{
	static char text[SIP_MSG_MAX];
	struct log_target *target = log_target_create();
	size_t len;

	target->output = count_line;
	log_set_all_filter(target, 1);
	log_set_log_level(target, LOGL_NOTICE);
	log_add_target(target);
	wire_rx_from(w, "192.0.2.2", 5060, "INVITE sip:1@192.0.2.1 SIP/2.0\n\n");
	wire_rx_from(w, "192.0.2.2", 5060, "SIP/2.0 200 OK\n" VIA "o\n" REST "CSeq: 1 INVITE\n\n");
	len = snprintf(text, sizeof(text), "OPTIONS sip:1@192.0.2.1 SIP/2.0\n" VIA "p\n" REST "CSeq: 1 OPTIONS\n"
		       "Timestamp: ");
	memset(text + len, '1', 65400 - len);
	memcpy(text + 65400, "\n\n", 3);
	wire_rx_from(w, "192.0.2.2", 5060, text);
	EXPECT_INT("lines at NOTICE", n_lines, 0);
	log_wrong_credentials();
	EXPECT_INT("lines of 20 wrong credentials at once", n_lines, 1);
	log_target_destroy(target);
}

/* What the user gives must not be too much either: the leg stays as it was. */
static void test_too_large_to_send(void)
{
	static char lines[SIP_MSG_MAX];
	struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE, .status = 200,
		.headers = { lines, sizeof(lines) },
	};

	memset(lines, 'x', sizeof(lines));
	rx_invite();
	EXPECT_INT("200", sip_call_req(call, &prim), -EMSGSIZE);
	prim.status = 486;
	EXPECT_INT("486", sip_call_req(call, &prim), -EMSGSIZE);
	sip_call_release(call, 486, prim.headers);
	EXPECT(!strncmp(w->last, "SIP/2.0 486 ", 12));
	call = sip_call_alloc(pbx, NULL, &(uint16_t){ 0 });
	prim.status = 0;
	EXPECT_INT("INVITE", sip_call_req(call, &prim), -EMSGSIZE);
	prim.headers = SIP_STR("");
	prim.from = (struct sip_str){ lines, sizeof(lines) };
	EXPECT_INT("From", sip_call_req(call, &prim), -EMSGSIZE);
	prim.from = (struct sip_str){};
	EXPECT_INT("INVITE", sip_call_req(call, &prim), 0);
	sip_call_release(call, 0, SIP_STR(""));
	call = NULL;
}

/* RFC 3204 6: of a peer whose user reads it, ISUP is understood, whatever its disposition. */
static void test_isup(void)
{
	static const char *const text = INVITE("15") CONTACT "Content-Type: multipart/mixed;boundary=b\n\n"
		"--b\nContent-Type: application/ISUP;version=itu-t92+\n\n.\n--b--\n";

	sip_peer_cfg(pbx)->isup = true;
	forget_seen();
	wire_rx_from(w, "192.0.2.2", 5060, text);
	EXPECT(call);
	sip_call_release(call, 486, SIP_STR(""));
	EXPECT(!strncmp(w->last, "SIP/2.0 486 ", 12));
	call = NULL;
	wire_pass(40000);

	/* also where it is known by a range of addresses */
	OSMO_ASSERT(sip_sockaddr_from_host(&sip_peer_cfg(pbx)->accepts[0].net, SIP_STR("198.51.100.0"), false, 0) == 0);
	sip_peer_cfg(pbx)->accepts[0].bits = 24;
	sip_peer_cfg(pbx)->n_accepts = 1;
	forget_seen();
	wire_rx_from(w, "198.51.100.7", 5060, text);
	EXPECT(call);
	if (call)
		sip_call_release(call, 486, SIP_STR(""));
	call = NULL;
	sip_peer_cfg(pbx)->n_accepts = 0;
	sip_peer_cfg(pbx)->isup = false;
	wire_pass(40000);
}

int main(int argc, char **argv)
{
	unsigned int i;

	leg_init();
	log_set_log_level(osmo_stderr_target, LOGL_ERROR);
	w->quiet = true;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		check(&rows[i]);
		check_again(&rows[i]);
		wire_pass(40000);
	}
	test_merged();
	test_loop();
	test_parts();
	test_one_call_id();
	test_large();
	test_too_large_to_send();
	test_isup();
	test_log_flood();
	finish();
	leg_exit();
	return expect_failures ? 1 : 0;
}
