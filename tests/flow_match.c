/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For flow_test: is what the gateway sent what a line says? */
#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "flow_match.h"
#include "ladder_words.h"

void flow_show_buf(char *buf, size_t size, const struct isup_dialect *dialect, const struct gw_sent *sent)
{
	const uint8_t *octets = (const uint8_t *)sent->octets;
	struct isup_msg msg;
	int n = snprintf(buf, size, "%s%u.%03u ", sent->again ? "again, " : "", sent->ms / 1000, sent->ms % 1000);

	if (!dialect) {
		snprintf(buf + n, size - n, "%s", sent->octets);
		return;
	}
	n += snprintf(buf + n, size - n, "cic=%u ", octets[0] | octets[1] << 8);
	if (isup_msg_decode(&msg, dialect, octets + 2, sent->len - 2, NULL) < 0)
		snprintf(buf + n, size - n, "(cannot be decoded)");
	else
		isup_msg_print_buf(buf + n, size - n, &msg);
}

/* ---- SIP ---- */

static bool start_line_is(const struct sip_msg *msg, const char *what)
{
	char status[8];

	if (!strcmp(what, "any"))
		return true;
	if (msg->is_request)
		return sip_str_eq(msg->method_name, sip_str_from(what));
	snprintf(status, sizeof(status), "%u", msg->status);
	if (strstr(what, "xx"))
		return status[0] == what[0] || (strchr(what, '+') && status[0] > what[0]);
	if (strchr(what, 'x'))
		return !strncmp(status, what, 2);
	return !strcmp(status, what);
}

static bool has(struct sip_str s, const char *text)
{
	return memmem(s.p, s.len, text, strlen(text));
}

/* Some header line of this name has the text in its value. */
static bool header_has(const struct sip_msg *msg, const char *name, size_t len, const char *text)
{
	for (unsigned int i = 0; i < msg->n_hdrs; i++) {
		if (msg->hdrs[i].name.len == len && !strncasecmp(msg->hdrs[i].name.p, name, len) &&
		    has(msg->hdrs[i].value, text))
			return true;
	}
	return false;
}

static bool sip_word_holds(struct ua *ua, const struct sip_msg *msg, const char *word)
{
	const char *tilde = strchr(word, '~');
	struct ua_call *call;
	unsigned int cause;

	if (!strncmp(word, "of=", 3))
		return sip_str_eq(sip_method_name(msg->method), sip_str_from(word + 3));
	if (!strncmp(word, "reason=", 7))
		return sip_msg_reason_cause(msg, "Q.850", &cause) == 0 && cause == strtoul(word + 7, NULL, 10);
	if (!strncmp(word, "call=", 5)) {
		call = ua_call(ua, strtoul(word + 5, NULL, 10));
		return call && sip_str_eq(msg->call_id, sip_str_from(call->call_id));
	}
	if (!strncmp(word, "ruri=", 5))
		return has(msg->ruri, word + 5);
	if (!strcmp(word, "sdp"))
		return has(msg->body, "m=audio");
	if (!strcmp(word, "isup"))
		return has(msg->octets, "application/ISUP");
	if (!strncmp(word, "no-", 3))
		return !strcmp(word, "no-sdp") ? !has(msg->body, "m=audio") :
		       !header_has(msg, word + 3, strlen(word + 3), "");
	return tilde && header_has(msg, word, tilde - word, tilde + 1);
}

bool flow_sip_is(struct ua *ua, const struct gw_sent *sent, const char *expected)
{
	const char *rest = expected;
	struct sip_parse_error err;
	bool again = false;
	struct sip_msg msg;
	char word[512];

	if (sip_msg_parse(&msg, sent->octets, sent->len, &err) < 0)
		return false;
	if (!ladder_take_item(&rest, word, sizeof(word)) || !start_line_is(&msg, word))
		return false;
	while (ladder_take_item(&rest, word, sizeof(word))) {
		if (!strcmp(word, "again"))
			again = true;
		else if (!sip_word_holds(ua, &msg, word))
			return false;
	}
	return again == sent->again;
}

/* ---- ISUP ---- */

bool flow_isup_is(const struct isup_dialect *dialect, const struct gw_sent *sent, const char *expected)
{
	const uint8_t *octets = (const uint8_t *)sent->octets;
	unsigned int cic = octets[0] | octets[1] << 8;
	const char *rest = expected;
	char word[256], text[4096];
	struct isup_msg msg;
	size_t len;

	if (isup_msg_decode(&msg, dialect, octets + 2, sent->len - 2, NULL) < 0)
		return false;
	isup_msg_print_buf(text, sizeof(text), &msg);
	ladder_take_item(&rest, word, sizeof(word));
	len = strlen(word);
	if (strcmp(word, "any") && (strncmp(text, word, len) || (text[len] && text[len] != ' ')))
		return false;
	while (ladder_take_item(&rest, word, sizeof(word))) {
		bool good = !strncmp(word, "no-", 3) ? !ladder_has_name(text, word + 3) :
			    !strncmp(word, "cic=", 4) ? cic == strtoul(word + 4, NULL, 10) :
			    ladder_isup_item_is(&msg, word);

		if (!good)
			return false;
	}
	return true;
}
