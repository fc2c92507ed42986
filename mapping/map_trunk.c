/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trunk groups of URIs, RFC 4904: as routes and the operator write them, "LABEL@CONTEXT". */

#include <stdio.h>
#include <string.h>

#include "mapping/map_trunk.h"

/* RFC 4904 5: unreserved and trunk-group-unreserved, without escapes; a domain, or a number */
#define LABEL_CHARS	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()/&+$"
#define CONTEXT_CHARS	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.+()"

static bool of_uri(char *buf, size_t size, const struct sip_uri *uri)
{
	struct sip_tel tel;
	int label, context;

	if (!uri->user_params.len || sip_tel_parse(&tel, uri) || !tel.tgrp.len)
		return false;
	label = sip_unescape(tel.tgrp, buf, size);
	if (label <= 0 || (size_t)label + 2 > size)
		return false;
	buf[label++] = '@';
	context = sip_unescape(tel.trunk_context, buf + label, size - label);
	if (context <= 0 || (size_t)label + context >= size)
		return false;
	buf[label + context] = '\0';
	return true;
}

bool map_trunk_of_ruri(char *buf, size_t size, const struct sip_msg *invite)
{
	return of_uri(buf, size, &invite->uri);
}

bool map_trunk_of_contact(char *buf, size_t size, const struct sip_msg *invite)
{
	struct sip_values v;
	struct sip_addr addr;
	struct sip_uri uri;

	sip_values_init(&v, invite, SIP_HDR_CONTACT);
	return !sip_values_next_addr(&v, &addr) && !sip_uri_parse(&uri, addr.uri_text) && of_uri(buf, size, &uri);
}

bool map_trunk_scan(char *buf, size_t size, const char *label, const char *context)
{
	return *label && *context && !label[strspn(label, LABEL_CHARS)] && !context[strspn(context, CONTEXT_CHARS)] &&
	       (size_t)snprintf(buf, size, "%s@%s", label, context) < size;
}

void map_put_trunk(struct sip_buf *buf, const char *trunk)
{
	const char *context = strchr(trunk, '@');

	if (!context)
		return;
	sip_put_lit(buf, ";tgrp=");
	sip_put_mem(buf, trunk, context - trunk);
	sip_put_lit(buf, ";trunk-context=");
	sip_put_z(buf, context + 1);
}
