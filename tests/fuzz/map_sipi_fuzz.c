/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: encapsulated ISUP of any octets, for circuits of all dialects; what is read is written, and read back.
 * The first line of the input is the Content-Type, the rest the body. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isup/isup_dialect.h"
#include "mapping/map_sipi.h"
#include "sip/sip_build.h"
#include "fuzz_body.h"

#define START "INFO sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=t\r\n" \
	"To: <sip:1@h>;tag=u\r\nCall-ID: x\r\nCSeq: 1 INFO\r\n"

static struct sip_msg msg, again;

static void check_lost(const struct isup_lost *lost)
{
	CHECK(memchr(lost->text, '\0', sizeof(lost->text)));
	CHECK(!lost->text[0] || lost->n);
}

/* As the next gateway gets it: in a message of its own, the same octets. A type that one edition does not know may be
 * broken by the other's. */
static void check_again(const struct isup_msg *isup, const struct map_sipi_version *version)
{
	static char text[4096];
	const struct isup_dialect *dialect = isup_dialect_find(version->dialect);
	struct isup_lost lost = {}, lost_again = {};
	enum map_sipi_result result;
	struct map_sipi_part body;
	struct sip_prim prim = {};
	struct sip_parse_error err;
	char mem[MAP_SIPI_MEM];
	struct isup_msg read;
	struct sip_buf b;

	map_sipi_put(&prim, &body, isup, MAP_SIPI_REQUIRED, version, &lost);
	check_lost(&lost);
	if (!prim.n_parts)
		return;
	CHECK(prim.n_parts == 1 && body.part.content.len <= sizeof(body.octets));
	sip_buf_init(&b, text, sizeof(text));
	sip_put_lit(&b, START);
	sip_put_parts(&b, prim.parts, prim.n_parts);
	CHECK(!b.full && !sip_msg_parse(&again, b.start, sip_buf_len(&b), &err));
	result = map_sipi_read(&read, &again, dialect, mem, sizeof(mem), &lost_again);
	if (result == MAP_SIPI_BROKEN && !isup_msg_def(isup->dialect, isup->type))
		return;
	CHECK(result == MAP_SIPI_READ);
	CHECK(!lost_again.n && !lost_again.type);
	CHECK(read.octets_len == body.part.content.len && !memcmp(read.octets, body.octets, read.octets_len));
}

static void check_read(const struct isup_dialect *dialect)
{
	uint8_t octets[2 * MAP_SIPI_OCTETS_MAX];
	char mem[MAP_SIPI_MEM];
	const struct map_sipi_version *version;
	struct isup_lost lost = {};
	struct isup_msg isup, passed;
	enum map_sipi_result result = map_sipi_read(&isup, &msg, dialect, mem, sizeof(mem), &lost);

	check_lost(&lost);
	CHECK(result == MAP_SIPI_NONE || map_sipi_has(&msg, &version));
	if (result != MAP_SIPI_READ)
		return;
	CHECK(isup.dialect == dialect);
	CHECK(isup_msg_encode(&isup, octets, sizeof(octets)) > 0);
	map_sipi_fits(dialect, isup.type, SIP_INFO, 0);
	map_sipi_pass(&passed, &isup);
	isup_msg_encode(&passed, octets, sizeof(octets));
	for (const struct map_sipi_version *v = map_sipi_versions; v->word; v++)
		check_again(&isup, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct isup_dialect *dialect;
	char *exact;

	if (fuzz_body_msg(&msg, &exact, SIP_STR(START), data, size)) {
		map_sipi_has_st(&msg, &isup_dialect_itu);
		for (unsigned int i = 0; (dialect = isup_dialect_builtin(i)); i++)
			check_read(dialect);
	}
	free(exact);
	return 0;
}
