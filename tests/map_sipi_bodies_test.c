/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of INVITEs with encapsulated ISUP, as others may make them: what is read of each, and what is refused. */

#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "expect.h"
#include "mapping/map_sipi.h"
#include "sip/sip_build.h"
#include "sip/sip_msg.h"

#define IAM "\x01\x00\x20\x01\x0a\x00\x02\x06\x04\x83\x10\x02\x01\x00"
#define IAM_64 "AQAgAQoAAgYEgxACAQA="
#define SDP "Content-Type: application/sdp\r\n\r\nv=0\r\n"
#define MIXED "Content-Type: multipart/mixed;boundary=b\r\n"
#define ISUP "Content-Type: application/ISUP;version=itu-t92+;base=itu-t92+\r\n"
#define NXV3 "Content-Type: application/ISUP;version=nxv3\r\n"
#define OPTIONAL "Content-Disposition: signal;handling=optional\r\n"
#define REQUIRED "Content-Disposition: signal;handling=required\r\n"
#define END "\r\n--b--\r\n"
/* One part in a multipart, beside an SDP: its header lines, its content */
#define BESIDE(headers, content) MIXED, TEXT("--b\r\n" SDP "\r\n--b\r\n" headers "\r\n" content END)
#define TEXT(literal) { "" literal, sizeof(literal) - 1 }

/* Are the types understood (SIP room), and what is read (mapping) */
static const struct row {
	const char *what, *headers;
	struct sip_str body;
	unsigned int status;
	enum map_sipi_result result;
} rows[] = {
	/* RFC 3204 3.1: type, version, base */
	{ "as we write it", BESIDE(ISUP OPTIONAL, IAM), 0, MAP_SIPI_READ },
	{ "alone", ISUP REQUIRED, TEXT(IAM), 0, MAP_SIPI_READ },
	{ "alone, no disposition", ISUP, TEXT(IAM), 0, MAP_SIPI_READ },
	{ "alone, compact", "c: application/isup;version=itu-t92+\r\n", TEXT(IAM), 0, MAP_SIPI_READ },
	{ "lower case", BESIDE("Content-Type: application/isup; version=itu-t92+\r\n", IAM), 0, MAP_SIPI_READ },
	{ "upper case", BESIDE("CONTENT-TYPE: APPLICATION/ISUP; VERSION=ITU-T92+\r\n", IAM), 0, MAP_SIPI_READ },
	{ "blanks", BESIDE("Content-Type :  application/ISUP ; version = itu-t92+ ; base = itu-t92+\r\n", IAM), 0,
	  MAP_SIPI_READ },
	{ "folded", BESIDE("Content-Type: application/ISUP;\r\n version=itu-t92+;\r\n\tbase=itu-t92+\r\n", IAM), 0,
	  MAP_SIPI_READ },
	{ "quoted version", BESIDE("Content-Type: application/ISUP;version=\"itu-t92+\"\r\n", IAM), 0, MAP_SIPI_READ },
	{ "no version", BESIDE("Content-Type: application/ISUP\r\n", IAM), 0, MAP_SIPI_READ },
	{ "other parameters", BESIDE("Content-Type: application/ISUP;x=y;version=itu-t92+;z\r\n", IAM), 0,
	  MAP_SIPI_READ },
	{ "a semicolon over", BESIDE("Content-Type: application/ISUP;version=itu-t92+;\r\n", IAM), 0, MAP_SIPI_READ },
	{ "itu-t", BESIDE("Content-Type: application/ISUP;version=itu-t\r\n", IAM), 0, MAP_SIPI_READ },
	{ "itu-t88", BESIDE("Content-Type: application/ISUP;version=itu-t88\r\n", IAM), 0, MAP_SIPI_READ },
	{ "etsi121", BESIDE("Content-Type: application/ISUP;version=etsi121\r\n", IAM), 0, MAP_SIPI_READ },
	{ "etsi356", BESIDE("Content-Type: application/ISUP;version=etsi356\r\n", IAM), 0, MAP_SIPI_READ },
	{ "unknown, base known", BESIDE("Content-Type: application/ISUP;version=nxv3;base=etsi121\r\n", IAM), 0,
	  MAP_SIPI_READ },
	{ "known, base unknown", BESIDE("Content-Type: application/ISUP;version=itu-t92+;base=nxv3\r\n", IAM), 0,
	  MAP_SIPI_READ },
	{ "no version, base known", BESIDE("Content-Type: application/ISUP;base=itu-t92+\r\n", IAM), 0,
	  MAP_SIPI_READ },
	/* RFC 3204 6: handling of what cannot be read; the default is required */
	{ "unknown, required", BESIDE(NXV3 REQUIRED, IAM), 0, MAP_SIPI_VERSION },
	{ "unknown, optional", BESIDE(NXV3 OPTIONAL, IAM), 0, MAP_SIPI_UNREAD },
	{ "unknown, nothing said", BESIDE(NXV3, IAM), 0, MAP_SIPI_VERSION },
	{ "unknown, disposition only", BESIDE(NXV3 "Content-Disposition: signal\r\n", IAM), 0, MAP_SIPI_VERSION },
	{ "unknown, other handling", BESIDE(NXV3 "Content-Disposition: signal;handling=x\r\n", IAM), 0,
	  MAP_SIPI_VERSION },
	{ "unknown, case", BESIDE(NXV3 "content-disposition: SIGNAL ; HANDLING = Optional\r\n", IAM), 0,
	  MAP_SIPI_UNREAD },
	{ "unknown, quoted", BESIDE(NXV3 "Content-Disposition: signal;handling=\"optional\"\r\n", IAM), 0,
	  MAP_SIPI_UNREAD },
	{ "session;handling=optional", BESIDE(ISUP "Content-Disposition: session;handling=optional\r\n", IAM), 0,
	  MAP_SIPI_READ },
	{ "ttc87", BESIDE("Content-Type: application/ISUP;version=ttc87\r\n" OPTIONAL, IAM), 0, MAP_SIPI_UNREAD },
	{ "gr317", BESIDE("Content-Type: application/ISUP;version=gr317\r\n" REQUIRED, IAM), 0, MAP_SIPI_VERSION },
	{ "nothing in it", BESIDE(ISUP REQUIRED, ""), 0, MAP_SIPI_BROKEN },
	{ "nothing in it, optional", BESIDE(ISUP OPTIONAL, ""), 0, MAP_SIPI_UNREAD },
	{ "cut", BESIDE(ISUP REQUIRED, "\x01\x00\x20\x01"), 0, MAP_SIPI_BROKEN },
	{ "cut, optional", BESIDE(ISUP OPTIONAL, "\x01\x00\x20\x01"), 0, MAP_SIPI_UNREAD },
	{ "a length too long", BESIDE(ISUP REQUIRED, "\x01\x00\x20\x01\x0a\x00\x02\x00\x44\x83\x10"), 0,
	  MAP_SIPI_BROKEN },
	{ "octets after the end", BESIDE(ISUP REQUIRED, IAM "\xff\xff"), 0, MAP_SIPI_READ },
	{ "an unknown type", BESIDE(ISUP REQUIRED, "\xf0\x01\x38\x01\x80\x00"), 0, MAP_SIPI_READ },
	/* RFC 2045 6 */
	{ "binary", BESIDE(ISUP "Content-Transfer-Encoding: binary\r\n", IAM), 0, MAP_SIPI_READ },
	{ "8bit", BESIDE(ISUP "Content-Transfer-Encoding: 8BIT\r\n", IAM), 0, MAP_SIPI_READ },
	{ "base64", BESIDE(ISUP "Content-Transfer-Encoding: base64\r\n", IAM_64), 0, MAP_SIPI_READ },
	{ "base64 in lines", BESIDE(ISUP "Content-Transfer-Encoding: Base64\r\n", "AQAgAQoA\r\nAgYEgxACAQA=\r\n"), 0,
	  MAP_SIPI_READ },
	{ "no base64", BESIDE(ISUP OPTIONAL "Content-Transfer-Encoding: base64\r\n", "@@@@"), 0, MAP_SIPI_UNREAD },
	{ "no base64, required", BESIDE(ISUP "Content-Transfer-Encoding: base64\r\n", "@@@@"), 0, MAP_SIPI_BROKEN },
	{ "unknown encoding", BESIDE(ISUP "Content-Transfer-Encoding: x-uue\r\n", IAM), 415, MAP_SIPI_BROKEN },
	{ "unknown encoding, optional", BESIDE(ISUP OPTIONAL "Content-Transfer-Encoding: x-uue\r\n", IAM), 0,
	  MAP_SIPI_UNREAD },
	{ "content encoding", BESIDE(ISUP "Content-Encoding: gzip\r\n", IAM), 415, MAP_SIPI_BROKEN },
	/* RFC 2046 5.1 */
	{ "isup first", MIXED, TEXT("--b\r\n" ISUP "\r\n" IAM "\r\n--b\r\n" SDP END), 0, MAP_SIPI_READ },
	{ "preamble and epilogue", MIXED,
	  TEXT("this is\r\na preamble\r\n--b\r\n" ISUP "\r\n" IAM END "epilogue\r\n"), 0, MAP_SIPI_READ },
	{ "quoted boundary", "Content-Type: multipart/mixed;boundary=\"x y'()+_,-./:=?\"\r\n",
	  TEXT("--x y'()+_,-./:=?\r\n" ISUP "\r\n" IAM "\r\n--x y'()+_,-./:=?--\r\n"), 0, MAP_SIPI_READ },
	{ "blanks after the boundary", MIXED, TEXT("--b \t\r\n" ISUP "\r\n" IAM "\r\n--b-- \r\n"), 0, MAP_SIPI_READ },
	{ "no close delimiter", MIXED, TEXT("--b\r\n" ISUP "\r\n" IAM), 0, MAP_SIPI_READ },
	{ "a delimiter in the content", BESIDE(ISUP, IAM "--b--b\r\n--bb"), 0, MAP_SIPI_READ },
	{ "wrong boundary", MIXED, TEXT("--c\r\n" ISUP "\r\n" IAM "\r\n--c--\r\n"), 400, MAP_SIPI_NONE },
	{ "no boundary", "Content-Type: multipart/mixed\r\n", TEXT("--b\r\n" ISUP "\r\n" IAM END), 400, MAP_SIPI_NONE },
	{ "no headers", MIXED, TEXT("--b\r\n\r\n" IAM END), 415, MAP_SIPI_NONE },
	{ "part of unknown type, optional", MIXED,
	  TEXT("--b\r\nContent-Type: a/b\r\n" OPTIONAL "\r\nx\r\n--b\r\n" ISUP "\r\n" IAM END), 0, MAP_SIPI_READ },
	{ "part of unknown type", MIXED, TEXT("--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b\r\n" ISUP "\r\n" IAM END), 415,
	  MAP_SIPI_READ },
	{ "two, both readable", BESIDE(ISUP "\r\n" IAM "\r\n--b\r\n" ISUP, "\x0c\x02\x00\x02\x80\x91"), 0,
	  MAP_SIPI_READ },
	{ "two, the first optional", BESIDE(NXV3 OPTIONAL "\r\n" IAM "\r\n--b\r\n" ISUP, IAM), 0, MAP_SIPI_READ },
	{ "two, the first required", BESIDE(NXV3 "\r\n" IAM "\r\n--b\r\n" ISUP, IAM), 0, MAP_SIPI_VERSION },
	{ "related", "Content-Type: multipart/related;boundary=b\r\n",
	  TEXT("--b\r\n" SDP "\r\n--b\r\n" ISUP "\r\n" IAM END), 0, MAP_SIPI_READ },
	{ "alternatives", "Content-Type: multipart/alternative;boundary=b\r\n",
	  TEXT("--b\r\n" NXV3 "\r\n" IAM "\r\n--b\r\n" ISUP "\r\n" IAM END), 0, MAP_SIPI_READ },
	{ "alternatives, none known", "Content-Type: multipart/alternative;boundary=b\r\n",
	  TEXT("--b\r\n" NXV3 "\r\n" IAM "\r\n--b\r\n" NXV3 OPTIONAL "\r\n" IAM END), 0, MAP_SIPI_VERSION },
	{ "alternatives within", MIXED,
	  TEXT("--b\r\n" SDP "\r\n--b\r\nContent-Type: multipart/alternative;boundary=c\r\n\r\n"
	       "--c\r\n" NXV3 "\r\n" IAM "\r\n--c\r\n" ISUP "\r\n" IAM "\r\n--c--" END), 0, MAP_SIPI_READ },
	{ "after alternatives", MIXED, TEXT("--b\r\nContent-Type: multipart/alternative;boundary=c\r\n\r\n--c\r\n" SDP
	  "\r\n--c--\r\n--b\r\n" NXV3 "\r\n" IAM "\r\n--b\r\n" ISUP "\r\n" IAM END), 0, MAP_SIPI_VERSION },
	{ "nested", MIXED, TEXT("--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\n" ISUP "\r\n" IAM
	  "\r\n--c--\r\n--b\r\n" SDP END), 0, MAP_SIPI_READ },
	/* none */
	{ "sdp only", "Content-Type: application/sdp\r\n", TEXT("v=0\r\n"), 0, MAP_SIPI_NONE },
	{ "qsig", BESIDE("Content-Type: application/QSIG;version=iso\r\n" OPTIONAL, "x"), 0, MAP_SIPI_NONE },
	{ "nothing", "", TEXT(""), 0, MAP_SIPI_NONE },
};

static const struct sip_body_type understood[] = {
	{ "application/isup", NULL }, { "application/sdp", "session" }, {}
};

static void check(const struct row *row)
{
	static char octets[4096], mem[MAP_SIPI_MEM];
	const struct map_sipi_version *version;
	struct isup_lost lost = {};
	struct isup_number called;
	struct sip_parse_error err;
	static struct sip_msg msg;
	struct isup_msg isup;
	struct sip_buf b;

	sip_buf_init(&b, octets, sizeof(octets));
	sip_put_lit(&b, "INVITE sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:h>;tag=1\r\n"
		    "To: <sip:h>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:h>\r\n");
	sip_put_z(&b, row->headers);
	sip_put_lit(&b, "\r\n");
	sip_put_str(&b, row->body);
	EXPECT_INT(row->what, sip_msg_parse(&msg, octets, sip_buf_len(&b), &err), 0);
	EXPECT_INT(row->what, sip_body_verdict(&msg, understood).status, row->status);
	EXPECT_INT(row->what, map_sipi_read(&isup, &msg, &isup_dialect_itu, mem, sizeof(mem), &lost), row->result);
	EXPECT_INT(row->what, map_sipi_has(&msg, &version), row->result != MAP_SIPI_NONE);
	if (row->result == MAP_SIPI_READ && isup.type == ISUP_MSG_IAM) {
		EXPECT_INT(row->what, isup_msg_get(&isup, ISUP_PAR_CALLED_NUMBER, &called), 0);
		EXPECT_STR(row->what, called.digits, "201");
	}
}

int main(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		check(&rows[i]);
	printf("%zu bodies\n", ARRAY_SIZE(rows));
	return expect_failures ? 1 : 0;
}
