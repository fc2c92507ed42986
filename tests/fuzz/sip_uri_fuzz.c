/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a URI: what is asked of it lies within it, and what is written down from its parts reads the same. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/sip_build.h"
#include "sip/sip_uri.h"
#include "fuzz.h"

static char mem[70000], plain[70000];

static void check_within(struct sip_str s, struct sip_str whole)
{
	CHECK(!s.p ? !s.len : s.p >= whole.p && s.len <= whole.len && s.p + s.len <= whole.p + whole.len);
}

static void check_list(struct sip_str list, char sep)
{
	struct sip_str whole = list;
	struct sip_uri_par par;
	size_t last = list.len + 1;

	while (sip_uri_par_take(&par, &list, sep)) {
		CHECK(list.len < last);
		last = list.len;
		check_within(par.name, whole);
		check_within(par.value, whole);
	}
}

static void check_digits(struct sip_str text)
{
	char digits[32];
	int len = sip_phone_digits(text, digits, sizeof(digits));

	CHECK(len < 0 || ((size_t)len < sizeof(digits) && (size_t)len == strlen(digits)));
	len = sip_unescape(text, plain, sizeof(plain));
	CHECK(len <= (int)text.len);
}

static void check_tel(const struct sip_uri *uri, struct sip_str text)
{
	const struct sip_str *part;
	struct sip_tel tel;
	char number[40];
	int len = sip_uri_number(uri, number, sizeof(number));

	CHECK(len < 0 || (size_t)len == strlen(number));
	if (sip_tel_parse(&tel, uri) < 0)
		return;
	const struct sip_str parts[] = {
		tel.number, tel.context, tel.isub, tel.isub_encoding, tel.ext, tel.cpc, tel.oli, tel.rn, tel.rn_context,
		tel.cic, tel.cic_context, tel.tgrp, tel.trunk_context,
	};
	for (part = parts; part < parts + sizeof(parts) / sizeof(parts[0]); part++) {
		check_within(*part, text);
		check_digits(*part);
	}
	CHECK(tel.number.len && !tel.tgrp.p == !tel.trunk_context.p && !(tel.isub.p && tel.ext.p));
}

/* sip and sips: the same again from its parts */
static void check_again(const struct sip_uri *uri)
{
	struct sip_uri again;
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_str(&b, uri->scheme_name);
	sip_put_lit(&b, ":");
	if (uri->user.p) {
		sip_put_str(&b, uri->user);
		if (uri->password.p) {
			sip_put_lit(&b, ":");
			sip_put_str(&b, uri->password);
		}
		sip_put_lit(&b, "@");
	}
	sip_put_str(&b, uri->host_is_ipv6 ? SIP_STR("[") : SIP_STR(""));
	sip_put_str(&b, uri->host);
	sip_put_str(&b, uri->host_is_ipv6 ? SIP_STR("]") : SIP_STR(""));
	if (uri->port) {
		sip_put_lit(&b, ":");
		sip_put_uint(&b, uri->port);
	}
	if (uri->params.len) {
		sip_put_lit(&b, ";");
		sip_put_str(&b, uri->params);
	}
	if (uri->headers.len) {
		sip_put_lit(&b, "?");
		sip_put_str(&b, uri->headers);
	}
	CHECK(!b.full && sip_uri_parse(&again, sip_buf_str(&b)) == 0);
	CHECK(again.scheme == uri->scheme && sip_str_eq(again.user, uri->user) && sip_str_eq(again.host, uri->host));
	CHECK(sip_str_eq(again.params, uri->params) && sip_str_eq(again.headers, uri->headers));
}

static void check_one(struct sip_str text)
{
	struct sip_uri mem, *uri = &mem;
	struct sip_str value;

	if (sip_uri_parse(uri, text) < 0)
		return;
	check_within(uri->scheme_name, text);
	check_within(uri->user, text);
	check_within(uri->user_params, text);
	check_within(uri->password, text);
	check_within(uri->host, text);
	check_within(uri->params, text);
	check_within(uri->headers, text);
	check_list(uri->params, ';');
	check_list(uri->headers, '&');
	if (sip_uri_param(uri, "transport", &value))
		check_within(value, text);
	if (sip_uri_header(uri, "Reason", &value))
		check_within(value, text);
	check_digits(uri->user);
	check_tel(uri, text);
	if (uri->scheme == SIP_SCHEME_SIP || uri->scheme == SIP_SCHEME_SIPS)
		check_again(uri);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= 60000)
		check_one((struct sip_str){ .p = (const char *)data, .len = size });
	return 0;
}
