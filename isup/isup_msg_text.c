/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Print and scan one ISUP message. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "isup/isup_msg.h"

/* ---- Print ---- */

bool isup_msg_says_all(const struct isup_msg *msg)
{
	uint8_t again[ISUP_MSG_OCTETS_MAX];
	int rc;

	if (!msg->octets_len)
		return true;
	rc = isup_msg_encode_pars(msg, again, sizeof(again));
	return rc == msg->octets_len && memcmp(again, msg->octets, rc) == 0;
}

static int print_par(char *buf, size_t size, const struct isup_msg *msg, const struct isup_par *par)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	OSMO_STRBUF_PRINTF(sb, " ");
	OSMO_STRBUF_APPEND(sb, isup_par_print_buf, isup_par_def(msg->dialect, par->code), par->code,
			   par->val, par->len);
	return sb.chars_needed;
}

static int print_outer(char *buf, size_t size, const struct isup_msg *msg)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	const struct isup_msg_def *def = isup_msg_def(msg->dialect, msg->type);

	if (def)
		OSMO_STRBUF_PRINTF(sb, "%s", def->name);
	else
		OSMO_STRBUF_PRINTF(sb, "MSG-0x%02x", msg->type);
	OSMO_STRBUF_PRINTF(sb, " cic=%u", msg->cic);
	for (const struct isup_par *par = msg->pars; par < msg->pars + msg->n_pars; par++)
		OSMO_STRBUF_APPEND(sb, print_par, msg, par);
	if (!isup_msg_says_all(msg)) {
		OSMO_STRBUF_PRINTF(sb, " octets=");
		OSMO_STRBUF_APPEND(sb, isup_par_print_hex, msg->octets + 1, msg->octets_len - 1);
	}
	return sb.chars_needed;
}

int isup_msg_print_buf(char *buf, size_t size, const struct isup_msg *msg)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	struct isup_msg inner;

	OSMO_STRBUF_APPEND(sb, print_outer, msg);
	if (isup_msg_inner(&inner, msg) == 0) {
		OSMO_STRBUF_PRINTF(sb, " [");
		OSMO_STRBUF_APPEND(sb, print_outer, &inner);
		OSMO_STRBUF_PRINTF(sb, "]");
	}
	return sb.chars_needed;
}

/* ---- Scan ---- */

/* One item of the text: "name=value" or "name(value)" */
struct item {
	char name[32];
	const char *value;
	size_t value_len;
};

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* Reads one item at *text, which is not empty. */
static int take_item(const char **text, struct item *item, char *err, size_t err_size)
{
	size_t len = strcspn(*text, "=( \t");
	const char *sep = *text + len;

	if (len == 0 || len >= sizeof(item->name) || (*sep != '=' && *sep != '(')) {
		snprintf(err, err_size, "'%.*s' is neither name=value nor name(…)", (int)len, *text);
		return -EINVAL;
	}
	osmo_strlcpy(item->name, *text, len + 1);
	item->value = sep + 1;
	item->value_len = *sep == '=' ? strcspn(item->value, " \t") : strcspn(item->value, ")");
	*text = item->value + item->value_len;
	if (*sep == '(' && *(*text)++ != ')') {
		snprintf(err, err_size, "%s( is not closed", item->name);
		return -EINVAL;
	}
	return 0;
}

/* A decimal or 0x… number up to max, -EINVAL if it is none */
static int scan_number(const char *text, size_t len, unsigned long max)
{
	char digits[12], *end;
	unsigned long number;

	if (len == 0 || len >= sizeof(digits) || text[0] < '0' || text[0] > '9')
		return -EINVAL;
	osmo_strlcpy(digits, text, len + 1);
	number = strtoul(digits, &end, 0);
	return *end || number > max ? -EINVAL : (int)number;
}

static int scan_name(const struct isup_dialect *dialect, const char *name, size_t len)
{
	for (unsigned int type = 0; type < 256; type++) {
		const struct isup_msg_def *def = isup_msg_def(dialect, type);
		if (def && strlen(def->name) == len && strncasecmp(def->name, name, len) == 0)
			return type;
	}
	if (len > 4 && strncmp(name, "MSG-", 4) == 0)
		return scan_number(name + 4, len - 4, UINT8_MAX);
	return -EINVAL;
}

/* "octets=0xHEX": everything after the message type, as it is; parameters only if it can be decoded */
static int scan_octets(struct isup_msg *msg, const struct item *item, char *err, size_t err_size)
{
	uint16_t cic = msg->cic;
	int rc = isup_par_scan_hex(item->value, item->value_len, msg->store + 1, sizeof(msg->store) - 1);

	if (rc < 0) {
		snprintf(err, err_size, "octets: '%.*s' is no 0xHEX", (int)item->value_len, item->value);
		return rc;
	}
	msg->store[0] = msg->type;
	if (isup_msg_decode(msg, msg->dialect, msg->store, rc + 1, NULL) < 0)
		msg->n_pars = 0;
	msg->n_store = rc + 1;
	msg->cic = cic;
	return 0;
}

static int scan_par(struct isup_msg *msg, const struct item *item, char *err, size_t err_size)
{
	uint8_t code, val[UINT8_MAX];
	const struct isup_par_def *def = isup_par_def_by_name(msg->dialect, item->name, &code);
	int rc;

	if (!def) {
		rc = -EINVAL;
		if (strncmp(item->name, "param", 5) == 0)
			rc = scan_number(item->name + 5, strlen(item->name + 5), UINT8_MAX);
		if (rc < 0) {
			snprintf(err, err_size, "no parameter is called '%s'", item->name);
			return -ENOENT;
		}
		code = rc;
	}
	rc = isup_par_scan_octets(def, item->value, item->value_len, val, sizeof(val), err, err_size);
	if (rc < 0)
		return rc;
	rc = isup_msg_put_octets(msg, code, val, rc);
	if (rc < 0)
		snprintf(err, err_size, "%s does not fit into this message", item->name);
	return rc < 0 ? -EINVAL : 0;
}

static int scan_item(struct isup_msg *msg, const struct item *item, char *err, size_t err_size)
{
	int rc;

	if (strcmp(item->name, "octets") == 0)
		return scan_octets(msg, item, err, err_size);
	if (strcmp(item->name, "cic") != 0)
		return scan_par(msg, item, err, err_size);
	rc = scan_number(item->value, item->value_len, UINT16_MAX);
	if (rc < 0)
		snprintf(err, err_size, "cic takes a number");
	else
		msg->cic = rc;
	return rc < 0 ? rc : 0;
}

/* Puts the usual value of each mandatory parameter that is not there. */
static int put_usual(struct isup_msg *msg, const uint8_t *codes, char *err, size_t err_size)
{
	for (; *codes; codes++) {
		const struct isup_par_def *def = isup_par_def(msg->dialect, *codes);
		union isup_par_any par;

		if (isup_msg_find(msg, *codes))
			continue;
		if (def->form == ISUP_FORM_OCTETS) {
			snprintf(err, err_size, "%s is missing", def->name);
			return -EINVAL;
		}
		isup_par_usual(def, &par);
		if (isup_msg_put(msg, *codes, &par) < 0)
			return -EINVAL;
	}
	return 0;
}

/* Mandatory parameters first, in the order of the row, as decode gives them */
static void sort_pars(struct isup_msg *msg, const struct isup_msg_def *def)
{
	const uint8_t *const lists[] = { def->fixed, def->variable };
	unsigned int n = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(lists); i++) {
		for (const uint8_t *code = lists[i]; *code; code++, n++) {
			unsigned int at = n;
			struct isup_par par;

			while (msg->pars[at].code != *code || msg->pars[at].optional)
				at++;
			par = msg->pars[at];
			memmove(&msg->pars[n + 1], &msg->pars[n], (at - n) * sizeof(par));
			msg->pars[n] = par;
		}
	}
}

int isup_msg_scan(struct isup_msg *msg, const struct isup_dialect *dialect, const char *text,
		  char *err, size_t err_size)
{
	const struct isup_msg_def *def;
	struct item item;
	int type, rc;
	size_t len;

	text = skip_blanks(text);
	len = strcspn(text, " \t");
	type = scan_name(dialect, text, len);
	if (type < 0) {
		snprintf(err, err_size, "no message is called '%.*s'", (int)len, text);
		return -ENOENT;
	}
	isup_msg_init(msg, dialect, type);
	for (text = skip_blanks(text + len); *text && *text != '['; text = skip_blanks(text)) {
		rc = take_item(&text, &item, err, err_size);
		if (rc == 0)
			rc = scan_item(msg, &item, err, err_size);
		if (rc < 0)
			return rc;
	}
	if (msg->octets_len)
		return 0;
	def = isup_msg_def(dialect, type);
	if (!def || def->opaque)
		return scan_octets(msg, &(struct item){ .value = "0x", .value_len = 2 }, err, err_size);
	if (put_usual(msg, def->fixed, err, err_size) < 0 || put_usual(msg, def->variable, err, err_size) < 0)
		return -EINVAL;
	sort_pars(msg, def);
	return 0;
}
