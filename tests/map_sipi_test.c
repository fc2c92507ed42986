/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encapsulated ISUP: its tables, and bodies written and read back in every dialect. */

#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "isup/isup_dialect.h"
#include "isup/isup_dialect_own.h"
#include "mapping/map_sipi.h"
#include "sip/sip_build.h"

/* Words are unique, each place is found, and nothing beside it */
static void test_tables(void)
{
	for (const struct map_sipi_version *v = map_sipi_versions; v->word; v++) {
		EXPECT_INT(v->word, v->clause != NULL, 1);
		for (const struct map_sipi_version *w = map_sipi_versions; w != v; w++)
			EXPECT_INT(v->word, strcmp(v->word, w->word) != 0, 1);
	}
	for (const struct map_sipi_place *p = map_sipi_places; p->clause; p++) {
		EXPECT_INT(p->clause, map_sipi_fits(&isup_dialect_itu, p->type, p->method, p->status_from), 1);
		EXPECT_INT(p->clause, map_sipi_fits(&isup_dialect_itu, p->type, p->method, p->status_to), 1);
		EXPECT_INT(p->clause, map_sipi_fits(&isup_dialect_itu, p->type, p->method, p->status_to + 1), 0);
		EXPECT_INT(p->clause, map_sipi_fits(&isup_dialect_itu, p->type, SIP_CANCEL, p->status_from), 0);
	}
	EXPECT(!map_sipi_fits(&isup_dialect_itu, ISUP_MSG_RSC, SIP_INVITE, 0));
	EXPECT(map_sipi_fits(&isup_dialect_itu, 0xf0, SIP_INFO, 0));
	EXPECT(!map_sipi_fits(&isup_dialect_itu, 0xf0, SIP_BYE, 0));
}

/* An INVITE with this part alone, read in that dialect */
static enum map_sipi_result read_part(struct isup_msg *isup, const struct sip_part *part,
				      const struct isup_dialect *dialect)
{
	static char octets[2048], mem[MAP_SIPI_MEM];
	struct isup_lost lost = {};
	static struct sip_msg msg;
	struct sip_parse_error err;
	struct sip_buf b;

	sip_buf_init(&b, octets, sizeof(octets));
	sip_put_lit(&b, "INVITE sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:h>;tag=1\r\n"
		    "To: <sip:h>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:h>\r\n");
	sip_put_hdr(&b, SIP_STR("Content-Disposition"), part->disposition);
	sip_put_body(&b, part->type, part->content);
	EXPECT_INT("parse", sip_msg_parse(&msg, octets, sip_buf_len(&b), &err), 0);
	return map_sipi_read(isup, &msg, dialect, mem, sizeof(mem), &lost);
}

/* What is written for a circuit of one dialect is read for one of each other; also if it is said in that already. */
static void test_dialects(void)
{
	const struct isup_dialect *from, *to;
	struct isup_msg rel, again;

	for (unsigned int i = 0; (from = isup_dialect_builtin(i)); i++) {
		isup_msg_init_cause(&rel, from, ISUP_MSG_REL, 17, 0);
		for (unsigned int k = 0; (to = isup_dialect_builtin(k)); k++) {
			const struct map_sipi_version *version =
				map_sipi_version_find(sip_str_from(isup_mime_version(to)));
			struct map_sipi_part body;
			struct sip_prim prim = {};
			struct isup_lost lost = {};

			map_sipi_put(&prim, &body, &rel, MAP_SIPI_REQUIRED, NULL, &lost);
			EXPECT_INT(from->name, prim.n_parts, 1);
			EXPECT(strstr(body.type, isup_mime_version(from)));
			EXPECT_INT(to->name, read_part(&again, prim.parts, to), MAP_SIPI_READ);
			EXPECT(again.dialect == to);
			EXPECT_INT(to->name, isup_msg_cause(&again), 17);
			map_sipi_put(&prim, &body, &rel, MAP_SIPI_OPTIONAL, version, &lost);
			EXPECT(strstr(body.type, isup_mime_version(to)));
			EXPECT_INT(to->name, read_part(&again, prim.parts, to), MAP_SIPI_READ);
			EXPECT_INT(to->name, lost.n, 0);
		}
	}
}

/* There and back: as it came, or converted */
static void check_national(const struct isup_dialect *national, const char *text, bool as_it_came)
{
	uint8_t octets[300], octets_again[300];
	struct isup_msg msg, again;
	struct map_sipi_part body;
	struct sip_prim prim = {};
	struct isup_lost lost = {};
	char err[200];
	int len, len_again;

	EXPECT_INT(text, isup_msg_scan(&msg, national, text, err, sizeof(err)), 0);
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	map_sipi_put(&prim, &body, &msg, MAP_SIPI_REQUIRED, map_sipi_version_find(SIP_STR("itu-t92+")), &lost);
	EXPECT_INT(text, prim.n_parts, 1);
	EXPECT_INT(text, (int)body.part.content.len == len && !memcmp(body.octets, octets, len), as_it_came);
	EXPECT_INT(text, read_part(&again, prim.parts, national), MAP_SIPI_READ);
	len_again = isup_msg_encode(&again, octets_again, sizeof(octets_again));
	EXPECT_INT(text, len_again == len && !memcmp(octets_again, octets, len), true);
	EXPECT_INT(text, lost.n, 0);
	EXPECT(again.dialect == national);
}

/* RFC 3204 3.1: what a national variant has more than its base goes as it is. */
static void test_national(void)
{
	struct isup_dialect_own *own = isup_dialect_own_alloc(NULL, "national", &isup_dialect_itu);

	own->pars[0xfe] = (struct isup_par_def){ .name = "nfci", .title = "t", .clause = "c", .max_len = 255 };
	own->msgs[0xe0] = (struct isup_msg_def){ .name = "NAT", .title = "t", .clause = "c", .optional = true };
	own->msgs[ISUP_MSG_SUS].variable[0] = ISUP_PAR_CAUSE;
	check_national(&own->dialect, "IAM called=1 nfci=0x0102 param0xf0=0x01", true);
	check_national(&own->dialect, "CRG octets=0x0102", true);
	check_national(&own->dialect, "MSG-0xe1 octets=0x0138018000", true);
	check_national(&own->dialect, "NAT nfci=0x01", true);
	check_national(&own->dialect, "SUS suspend_resume=network cause(value=16)", false);
	talloc_free(own);
}

/* What comes of each, and what of that is lost; NULL: there is no such message */
static void test_convert(void)
{
	static const struct {
		const char *from, *text, *to, *said, *lost;
	} *row, rows[] = {
		{ "itu", "IAM nci(satellite=1) fci(isdn_access=yes) cpc=payphone tmr=3k1-audio "
		  "called(noa=national digits=2125551234) calling(noa=national digits=2125550000 apri=restricted)",
		  "ansi", "IAM cic=0 nci(satellite=one", "" },
		{ "ansi", "IAM called(noa=national digits=2125551234)", "itu", "tmr=", "" },
		{ "itu", "IAM cpc=230 tmr=speech called=1 param0xf0=0x01", "ansi", "cpc=ordinary", "cpc(230) 0xf0" },
		{ "ansi", "IAM cpc=emergency called=1", "itu", "cpc=ordinary", "cpc(emergency)" },
		{ "itu", "ACM bci(called_status=subscriber-free isdn_access=yes)", "ansi", "subscriber-free", "" },
		{ "itu", "REL cause(value=17 location=user)", "ansi", "value=17", "" },
		{ "itu", "ANM generic_number(qualifier=additional-calling digits=123)", "ansi", "ANM cic=0",
		  "generic_number" },
		{ "itu", "ANM generic_number(qualifier=dialled digits=123)", "ansi",
		  "generic_address(qualifier=dialled", "" },
		{ "itu", "FAC tns(type=national digits=123)", "ansi", "FAC cic=0", "tns" },
		{ "itu", "FAC tns(type=national digits=1234)", "ansi", "digits=1234", "" },
		{ "itu", "FAC tmr=speech", "ansi", "FAC cic=0", "tmr" },
		{ "itu", "CON", "ansi", NULL, "" },
		{ "itu", "CRG octets=0x0102", "ansi", NULL, "" },
		{ "itu", "ANM connected(noa=national digits=123)", "itu-1992", "digits=123", "" },
		{}
	};

	for (row = rows; row->from; row++) {
		struct isup_msg from, to;
		struct isup_lost lost = {};
		char err[200], text[2000];
		int rc;

		EXPECT_INT(row->text, isup_msg_scan(&from, isup_dialect_find(row->from), row->text, err, sizeof(err)),
			   0);
		rc = isup_msg_convert(&to, isup_dialect_find(row->to), &from, &lost);
		EXPECT_INT(row->text, rc == 0, row->said != NULL);
		EXPECT_STR(row->text, lost.text, row->lost);
		EXPECT_INT(row->text, lost.n != 0, row->lost[0] != 0);
		if (rc < 0)
			continue;
		isup_msg_print_buf(text, sizeof(text), &to);
		if (!strstr(text, row->said))
			EXPECT_STR(row->text, text, row->said);
	}
}

static void test_parameters(void)
{
	static const struct {
		const char *type;
		enum map_sipi_result result;
	} *row, rows[] = {
		{ "application/ISUP", MAP_SIPI_READ },
		{ "application/isup; version=ITU-T92+", MAP_SIPI_READ },
		{ "application/ISUP;version=nxv3;base=etsi121", MAP_SIPI_READ },
		{ "application/ISUP;version=itu-t92+;base=ansi88", MAP_SIPI_READ },
		{ "application/ISUP;version=ansi88", MAP_SIPI_READ },
		{ "application/ISUP;version=nxv3", MAP_SIPI_VERSION },
		{ "application/ISUP;version=gr317;base=ansi88", MAP_SIPI_READ },
		{ "application/QSIG", MAP_SIPI_NONE },
		{}
	};
	struct isup_msg isup;

	for (row = rows; row->type; row++)
		EXPECT_INT(row->type, read_part(&isup, &(struct sip_part){
			.type = sip_str_from(row->type), .disposition = SIP_STR("session"),
			.content = { "\x0c\x02\x00\x02\x80\x91", 6 },
		}, &isup_dialect_itu), row->result);
}

/* All goes on but what is of one signalling relation */
static void test_pass(void)
{
	struct isup_msg rel, passed;
	char err[128];

	EXPECT_INT("scan", isup_msg_scan(&rel, &isup_dialect_itu, "REL cause=17 param0x27=0x01 param0xf0=0x0102", err,
					 sizeof(err)), 0);
	map_sipi_pass(&passed, &rel);
	EXPECT(isup_msg_find(&rel, ISUP_PAR_ACL) && !isup_msg_find(&passed, ISUP_PAR_ACL));
	EXPECT(isup_msg_find(&passed, 0xf0) && isup_msg_cause(&passed) == 17);
}

/* A message that is two on the circuit (Q.764 2.1.12) is one here; longer ones there are none. */
static void test_long(void)
{
	struct isup_msg iam, again;
	struct map_sipi_part body;
	struct sip_prim prim = {};
	struct isup_lost lost = {};
	static const char too_long[MAP_SIPI_OCTETS_MAX + 1] = { ISUP_MSG_REL };
	uint8_t octets[250] = { 1, 2, 3 };
	char err[128];

	EXPECT_INT("scan", isup_msg_scan(&iam, &isup_dialect_itu, "IAM called=1", err, sizeof(err)), 0);
	isup_msg_put_octets(&iam, ISUP_PAR_ACCESS_TRANSPORT, octets, 250);
	isup_msg_put_octets(&iam, 0xf0, octets, 200);
	map_sipi_put(&prim, &body, &iam, MAP_SIPI_REQUIRED, NULL, &lost);
	EXPECT_INT("sent", prim.n_parts, 1);
	EXPECT(body.part.content.len > ISUP_MSG_OCTETS_MAX);
	EXPECT_INT("read", read_part(&again, prim.parts, &isup_dialect_itu), MAP_SIPI_READ);
	EXPECT(isup_msg_find(&again, 0xf0) && isup_msg_find(&again, 0xf0)->len == 200);
	body.part.content = (struct sip_str){ too_long, sizeof(too_long) };
	EXPECT_INT("too long", read_part(&again, prim.parts, &isup_dialect_itu), MAP_SIPI_BROKEN);
}

int main(void)
{
	test_tables();
	test_dialects();
	test_convert();
	test_national();
	test_long();
	test_parameters();
	test_pass();
	return expect_failures ? 1 : 0;
}
