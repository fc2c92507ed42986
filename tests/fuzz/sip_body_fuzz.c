/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a body. The first line of the input is its Content-Type, the rest its octets; and its parts written
 * again and read back. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "sip/sip_body.h"
#include "sip/sip_build.h"
#include "fuzz_body.h"

#define START "INVITE sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=t\r\n" \
	"To: <sip:1@h>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"

static const struct sip_body_type understood[] = { { "application/sdp", "session" }, { "application/ISUP" }, {} };
static struct sip_msg msg;
static char decoded[70000];

static void check_within(struct sip_str s, struct sip_str whole)
{
	CHECK(!s.p ? !s.len : s.p >= whole.p && s.len <= whole.len && s.p + s.len <= whole.p + whole.len);
}

static void check_part(const struct sip_body_part *part, unsigned int last_depth)
{
	struct sip_str content = {};
	int rc;

	CHECK(part->depth <= SIP_BODY_DEPTH_MAX && part->depth <= last_depth + 1);
	CHECK(!part->multipart || (!part->malformed && !part->cut));
	check_within(part->content, msg.body);
	check_within(part->type.params, msg.octets);
	check_within(part->disposition.params, msg.octets);
	check_within(part->id, msg.octets);
	check_within(part->language, msg.octets);
	sip_body_understood(part, understood);
	rc = sip_body_decode(part, decoded, part->content.len, &content);
	CHECK(rc != -ENOSPC && (rc || content.len <= part->content.len));
}

/* Whatever octets parts have, they are written as a multipart that reads as they do */
static void check_again(const struct sip_part *parts, unsigned int n)
{
	static char mem[140000];
	struct sip_parse_error err;
	struct sip_body_part part;
	struct sip_body body;
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_lit(&b, START);
	sip_put_parts(&b, parts, n);
	CHECK(!b.full);
	CHECK(!sip_msg_parse(&msg, b.start, sip_buf_len(&b), &err) && msg.octets.len == sip_buf_len(&b));
	sip_body_init(&body, &msg);
	CHECK(!sip_body_next(&body, &part) && part.multipart);
	for (unsigned int i = 0; i < n; i++) {
		CHECK(!sip_body_next(&body, &part) && part.depth == 1 && !part.cut);
		CHECK(sip_str_eq(part.content, parts[i].content) && part.optional);
	}
	CHECK(sip_body_next(&body, &part) == -ENOENT);
}

static void check_msg(void)
{
	struct sip_part parts[SIP_PUT_PARTS_MAX];
	unsigned int depth = 0, n = 0, n_parts = 0;
	struct sip_body_verdict verdict;
	struct sip_body_part part;
	struct sip_body body;

	for (sip_body_init(&body, &msg); !sip_body_next(&body, &part); depth = part.depth) {
		check_part(&part, depth);
		CHECK(n++ == 0 ? !part.depth : part.depth);
		if (part.content.len && n_parts < ARRAY_SIZE(parts)) {
			parts[n_parts++] = (struct sip_part){
				.type = SIP_STR("application/octet-stream"),
				.disposition = SIP_STR("render;handling=optional"), .content = part.content,
			};
		}
	}
	CHECK(n <= SIP_BODY_PARTS_MAX && (n || !msg.body.len));
	verdict = sip_body_verdict(&msg, understood);
	CHECK(verdict.status == 0 || verdict.status == 400 || verdict.status == 415);
	sip_msg_sdp(&msg, decoded, sizeof(decoded));
	if (n_parts > 1)
		check_again(parts, n_parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact;

	if (fuzz_body_msg(&msg, &exact, SIP_STR(START), data, size))
		check_msg();
	free(exact);
	return 0;
}
