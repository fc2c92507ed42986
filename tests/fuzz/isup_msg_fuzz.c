/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: an ISUP message from the message type octet on. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isup/isup_dialect.h"
#include "isup/isup_msg.h"
#include "fuzz.h"

/* What the structs can say is said again by encode: decode of that gives the same struct. */
static void check_par(const struct isup_msg *msg, const struct isup_par *par)
{
	const struct isup_par_def *def = isup_par_def(msg->dialect, par->code);
	union isup_par_any any, again;
	uint8_t buf[300];
	int len;

	if (!def || isup_par_decode(def, par->val, par->len, &any) < 0)
		return;
	len = isup_par_encode(def, &any, buf, sizeof(buf));
	CHECK(len >= 0);
	CHECK(isup_par_decode(def, buf, len, &again) == 0);
	CHECK(memcmp(&any, &again, def->size) == 0);
}

/* Canonical layout holds the same parameters. */
static void check_canonical(const struct isup_msg *msg)
{
	static uint8_t buf[70000];
	struct isup_msg again;
	int len = isup_msg_encode_pars(msg, buf, sizeof(buf));

	if (len < 0)	/* unknown type, or a pointer that does not reach */
		return;
	CHECK(isup_msg_decode(&again, msg->dialect, buf, len, NULL) == 0);
	CHECK(again.n_pars == msg->n_pars);
	for (unsigned int i = 0; i < msg->n_pars; i++) {
		CHECK(again.pars[i].code == msg->pars[i].code);
		CHECK(again.pars[i].len == msg->pars[i].len);
		CHECK(memcmp(again.pars[i].val, msg->pars[i].val, msg->pars[i].len) == 0);
	}
}

/* The text says all: scan gives the same octets. */
static void check_text(const struct isup_msg *msg, const uint8_t *data, size_t size)
{
	static char text[300000];
	static uint8_t buf[70000];
	struct isup_msg again;
	char err[200];

	CHECK(isup_msg_print_buf(text, sizeof(text), msg) < (int)sizeof(text));
	if (size > ISUP_MSG_OCTETS_MAX)
		return;
	if (isup_msg_scan(&again, msg->dialect, text, err, sizeof(err)) < 0) {
		fprintf(stderr, "%s\n%s\n", text, err);
		abort();
	}
	CHECK(again.cic == msg->cic);
	CHECK(isup_msg_encode(&again, buf, sizeof(buf)) == (int)size);
	CHECK(memcmp(buf, data, size) == 0);
}

static void check_message(const struct isup_dialect *dialect, const uint8_t *data, size_t size)
{
	struct isup_msg_error err;
	struct isup_msg msg;

	if (isup_msg_decode(&msg, dialect, data, size, &err) < 0) {
		CHECK(err.what && err.offset <= size);
		return;
	}
	msg.cic = 4095;
	for (unsigned int i = 0; i < msg.n_pars; i++)
		check_par(&msg, &msg.pars[i]);
	isup_msg_cause(&msg);
	check_canonical(&msg);
	check_text(&msg, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_message(&isup_dialect_itu, data, size);
	check_message(isup_dialect_find("ansi"), data, size);
	return 0;
}
