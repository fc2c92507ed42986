/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a SIP or an ISUP message through the tables and rules of the mapping room, and what comes out back. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isup/isup_dialect.h"
#include "mapping/map_cause.h"
#include "mapping/map_iam.h"
#include "mapping/map_profile.h"
#include "mapping/mapping.h"
#include "fuzz.h"

static const struct map_numbering numbering = {
	.country_code = "33", .national_prefix = "0", .international_prefix = "00", .area_code = "1",
};
static const struct map_iam_env env = {
	.profile = &map_profile_rfc3398, .numbering = &numbering, .local = "h", .remote = "r:5070", .trusted = true,
	.tmr = 3,
};

/* What is written makes a SIP message: nothing of ISUP can break out of a header. */
static void check_invite(const struct sip_prim *invite)
{
	static struct sip_msg msg;
	struct sip_parse_error err;
	struct map_called called;
	char text[6000];
	int len;

	len = snprintf(text, sizeof(text), "INVITE %.*s SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
		       "From: %.*s;tag=1\r\nTo: %.*s\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 9\r\n%.*s"
		       "Content-Length: 0\r\n\r\n", SIP_STR_ARG(invite->ruri), SIP_STR_ARG(invite->from),
		       SIP_STR_ARG(invite->to), SIP_STR_ARG(invite->headers));
	CHECK(len < (int)sizeof(text));
	CHECK(sip_msg_parse(&msg, text, len, &err) == 0);
	/* A telephone number, if maybe one that is nothing but a prefix */
	CHECK(map_called_from_invite(&called, &msg, &numbering) != 404);
	CHECK(msg.n_hdrs <= 32);
}

static void from_iam(const struct isup_msg *iam)
{
	struct sip_prim invite = {};
	struct map_called called;
	struct sip_buf buf;
	char mem[3000];
	uint8_t cause = map_called_from_iam(&called, iam, &numbering);

	sip_buf_init(&buf, mem, sizeof(mem));
	cause = cause ? cause : map_iam_to_invite(&invite, &buf, iam, &called, &env);
	CHECK(cause <= 127 && cause != ISUP_CAUSE_RESOURCE_UNAVAILABLE);
	if (!cause)
		check_invite(&invite);
}

static void from_cause(const struct isup_msg *msg)
{
	struct isup_cause cause;
	struct sip_buf buf;
	char mem[512];
	uint16_t status;

	if (isup_msg_get(msg, ISUP_PAR_CAUSE, &cause))
		return;
	status = map_cause_to_status(&map_profile_rfc3398, &cause);
	CHECK(status >= 300 && status <= 699);
	sip_buf_init(&buf, mem, sizeof(mem) - 1);
	map_put_reason(&buf, &cause);
	map_put_new_number(&buf, &cause, &numbering, "h");
	CHECK(!buf.full);
	*buf.p = '\0';
	CHECK(!!strstr(mem, "Contact") == (status == 301));
}

static void from_invite(const struct sip_msg *invite)
{
	static struct isup_msg iam, again, isup, passed;
	struct map_iam_env with_isup = env;
	struct isup_lost lost = {};
	char mem[MAP_SIPI_MEM];
	struct map_called called;
	uint8_t octets[300];
	uint16_t status = map_called_from_invite(&called, invite, &numbering);
	int len;

	if (status) {
		CHECK(status == 404 || status == 484);
		return;
	}
	isup_msg_init(&iam, &isup_dialect_itu, ISUP_MSG_IAM);
	/* RFC 3323 5: privacy that is critical, and cannot be given */
	status = map_invite_to_iam(&iam, invite, &called, &env);
	if (status) {
		CHECK(status == 500);
		return;
	}
	if (map_sipi_read(&isup, invite, isup_dialect_find("ansi"), mem, sizeof(mem), &lost) == MAP_SIPI_READ)
		CHECK(isup_msg_encode(&isup, octets, sizeof(octets)) > 0);
	if (map_sipi_read(&isup, invite, &isup_dialect_itu, mem, sizeof(mem), &lost) == MAP_SIPI_READ) {
		map_sipi_pass(&passed, &isup);
		isup_msg_encode(&passed, octets, sizeof(octets));
		with_isup.isup = &isup;
		isup_msg_init(&again, &isup_dialect_itu, ISUP_MSG_IAM);
		if (isup.type == ISUP_MSG_IAM && map_invite_to_iam(&again, invite, &called, &with_isup) == 0)
			CHECK(isup_msg_find(&again, ISUP_PAR_CALLED_NUMBER));
	}
	len = isup_msg_encode(&iam, octets, sizeof(octets));
	CHECK(len > 0);
	CHECK(isup_msg_decode(&again, &isup_dialect_itu, octets, len, NULL) == 0);
	from_iam(&again);
}

static void from_sip(const char *text, size_t size)
{
	static struct sip_msg msg;
	struct sip_parse_error err;
	struct isup_cause cause;

	if (sip_msg_parse(&msg, text, size, &err))
		return;
	if (msg.is_request) {
		map_request_to_cause(&map_profile_rfc3398, &cause, msg.method, &msg, ISUP_LOC_LN);
		from_invite(&msg);
	} else {
		map_status_to_cause(&map_profile_rfc3398, &cause, msg.status, &msg, ISUP_LOC_LN);
	}
	CHECK(cause.value >= 1 && cause.value <= 127 && cause.location <= 15 && !cause.n_diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct isup_msg msg;

	from_sip((const char *)data, size);
	if (isup_msg_decode(&msg, &isup_dialect_itu, data, size, NULL))
		return 0;
	from_cause(&msg);
	if (msg.type == ISUP_MSG_IAM)
		from_iam(&msg);
	return 0;
}
