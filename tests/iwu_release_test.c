/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole calls: every cause of RFC 3398 7.2.4.1 and every status of 8.2.6.1, as literal rows out of the RFC's text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "fakes.h"

/* RFC 3398 7.2.4.1 before an answer; 16 has no status there (Q.1912.5: 480), all others not listed are 500. 44 leads to
 * another attempt instead: ladder/sip_isup_repeat. */
static const struct {
	unsigned int cause, status;
} causes[] = {
	{ 1, 404 }, { 2, 404 }, { 3, 404 }, { 16, 480 }, { 17, 486 }, { 18, 408 }, { 19, 480 }, { 20, 480 },
	{ 21, 403 }, { 22, 410 }, { 23, 410 }, { 26, 404 }, { 27, 502 }, { 28, 484 }, { 29, 501 }, { 31, 480 },
	{ 34, 503 }, { 38, 503 }, { 41, 503 }, { 42, 503 }, { 47, 503 },
	{ 55, 403 }, { 57, 403 }, { 58, 503 },
	{ 65, 488 }, { 70, 488 }, { 79, 501 },
	{ 87, 403 }, { 88, 503 },
	{ 102, 504 }, { 111, 500 }, { 127, 500 },
	/* not listed */
	{ 4, 500 }, { 5, 500 }, { 25, 500 }, { 30, 500 }, { 39, 500 }, { 43, 500 }, { 50, 500 }, { 63, 500 },
	{ 69, 500 }, { 90, 500 }, { 95, 500 }, { 96, 500 }, { 97, 500 }, { 99, 500 }, { 103, 500 }, { 110, 500 },
};

/* RFC 3398 8.2.6.1; 487 has no mapping, and all others not listed are 31, as 488 and 606 are without a Warning that
 * says more. */
static const struct {
	unsigned int status, cause;
} statuses[] = {
	{ 400, 41 }, { 401, 21 }, { 402, 21 }, { 403, 21 }, { 404, 1 }, { 405, 63 }, { 406, 79 }, { 407, 21 },
	{ 408, 102 }, { 410, 22 }, { 413, 127 }, { 414, 127 }, { 415, 79 }, { 416, 127 }, { 420, 127 }, { 421, 127 },
	{ 423, 127 }, { 480, 18 }, { 481, 41 }, { 482, 25 }, { 483, 25 }, { 484, 28 }, { 485, 1 }, { 486, 17 },
	{ 487, 31 }, { 488, 31 }, { 500, 41 }, { 501, 79 }, { 502, 38 }, { 503, 41 }, { 504, 102 }, { 505, 127 },
	{ 513, 127 }, { 600, 17 }, { 603, 21 }, { 604, 1 }, { 606, 31 },
	/* not listed */
	{ 300, 31 }, { 301, 31 }, { 302, 31 }, { 305, 31 }, { 380, 31 }, { 409, 31 }, { 422, 31 }, { 429, 31 },
	{ 433, 31 }, { 489, 31 }, { 491, 31 }, { 493, 31 }, { 499, 31 }, { 580, 31 }, { 599, 31 }, { 607, 31 },
	{ 699, 31 },
};

#define INVITE "INVITE ruri=+33201234567 from=+33301112222 sdp=192.0.2.1:4000"
#define IAM "IAM called=212345678 calling=301112222"

static void isup(const char *text)
{
	char err[256];

	if (fake_isup_ind("TRUNK1", text, false, err, sizeof(err)) != FAKE_DELIVERED)
		fake_die("%s was not delivered: %s", text, err);
}

static void sip(const char *text)
{
	char err[4096];

	if (fake_sip_ind("PBX", text, err, sizeof(err)) != FAKE_DELIVERED)
		fake_die("%s was not delivered: %s", text, err);
}

/* The oldest thing sent begins so; its text is left in a static-lifetime talloc chunk of the world */
static const char *sent(const char *start)
{
	struct fake_out *out = fake_out_next();

	if (!out || strncmp(out->text, start, strlen(start)))
		fake_die("expected %s, but it was %s", start, out ? out->text : "nothing");
	return out->text;
}

static unsigned int cause_sent(uint8_t *location)
{
	struct fake_out *out = fake_out_next();
	struct isup_cause cause;
	struct isup_msg msg;

	if (!out || strncmp(out->text, "REL", 3))
		fake_die("expected REL, but it was %s", out ? out->text : "nothing");
	OSMO_ASSERT(isup_msg_decode(&msg, isup_call_dialect(NULL), out->octets, out->octets_len, NULL) == 0);
	OSMO_ASSERT(isup_msg_get(&msg, ISUP_PAR_CAUSE, &cause) == 0);
	*location = cause.location;
	return cause.value;
}

/* REL before ACM, and after it */
static void test_cause(unsigned int cause, unsigned int status, const char *location, bool after_acm)
{
	char rel[64], expected[64], what[64];

	snprintf(what, sizeof(what), "cause %u %s", cause, location);
	snprintf(rel, sizeof(rel), "REL cause(value=%u location=%s)", cause, location);
	sip(INVITE);
	sent("IAM");
	if (after_acm) {
		isup("ACM bci(called_status=subscriber-free)");
		sent("180");
	}
	isup(rel);
	/* congestion: and when again */
	snprintf(expected, sizeof(expected), "%u reason=%u%s", status, cause, cause == 42 ? " retry-after=5" : "");
	EXPECT_STR(what, sent(""), expected);
	fake_advance(0);
}

static void test_causes(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(causes); i++) {
		test_cause(causes[i].cause, causes[i].status, "ln", false);
		test_cause(causes[i].cause, causes[i].status, "ln", true);
		/* (+): 403 becomes 603 where the user says it */
		test_cause(causes[i].cause, causes[i].cause == 21 ? 603 : causes[i].status, "user", false);
	}
}

/* After an answer every cause is a BYE */
static void test_causes_answered(void)
{
	char rel[64], expected[64];

	for (unsigned int i = 0; i < ARRAY_SIZE(causes); i++) {
		sip(INVITE);
		sent("IAM");
		isup("CON");
		sent("200");
		sip("ACK");
		snprintf(rel, sizeof(rel), "REL cause=%u", causes[i].cause);
		isup(rel);
		snprintf(expected, sizeof(expected), "BYE reason=%u", causes[i].cause);
		EXPECT_STR(rel, sent(""), expected);
		fake_advance(0);
	}
}

static void test_status(unsigned int status, unsigned int cause, bool after_18x)
{
	char text[16];
	uint8_t location;

	snprintf(text, sizeof(text), "%u", status);
	isup(IAM);
	sent("INVITE");
	if (after_18x) {
		sip("180");
		sent("ACM");
	}
	sip(text);
	EXPECT_INT(text, cause_sent(&location), cause);
	/* 6xx are the user's, all others the network's */
	EXPECT_INT(text, location, status >= 600 ? ISUP_LOC_USER : ISUP_LOC_BI);
	fake_advance(0);
}

static void test_statuses(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(statuses); i++) {
		test_status(statuses[i].status, statuses[i].cause, false);
		test_status(statuses[i].status, statuses[i].cause, true);
	}
}

/* 8.2.6.1: 488 and 606 by Warning: 65 where it speaks of the bearer */
static void test_warning(const char *text, unsigned int cause)
{
	uint8_t location;

	isup(IAM);
	sent("INVITE");
	sip(text);
	EXPECT_INT(text, cause_sent(&location), cause);
	fake_advance(0);
}

int main(int argc, char **argv)
{
	struct route_end pbx = { .kind = ROUTE_PEER, .name = "PBX" }, trunk = { .kind = ROUTE_GROUP, .name = "TRUNK1" };
	void *ctx = talloc_named_const(NULL, 0, "test");
	struct mapping *m;
	char err[128];

	fake_process_init();
	m = fake_init(ctx);
	fake_group("TRUNK1");
	fake_peer("PBX");
	OSMO_ASSERT(route_add(m->routes, "", &pbx, &trunk, 0, err, sizeof(err)) == 0);
	OSMO_ASSERT(route_add(m->routes, "", &trunk, &pbx, 0, err, sizeof(err)) == 0);
	test_causes();
	test_causes_answered();
	test_statuses();
	test_warning("488 | Warning: 304 gw.example \"Media type not available\"", 65);
	test_warning("606 | Warning: 305 gw.example \"Incompatible media format\"", 65);
	test_warning("488 | Warning: 399 gw.example \"Miscellaneous\"", 31);
	EXPECT_INT("calls", m->n_calls, 0);
	fake_finish();
	talloc_free(ctx);
	return expect_failures ? 1 : 0;
}
