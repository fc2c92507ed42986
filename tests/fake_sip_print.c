/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fake SIP room notes of a message, word by word. */
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "fake_sip_print.h"

int fake_print_user(char *buf, size_t size, const char *name, const struct sip_msg *msg, enum sip_hdr_id id)
{
	struct sip_addr addr;
	struct sip_uri uri;

	if (sip_msg_addr_uri(msg, id, &addr, &uri) < 0)
		return 0;
	if (uri.user.len)
		return snprintf(buf, size, " %s=%.*s", name, SIP_STR_ARG(uri.user));
	return snprintf(buf, size, " %s=@%.*s", name, SIP_STR_ARG(uri.host));
}

int fake_print_first(char *buf, size_t size, const char *name, const struct sip_msg *msg, enum sip_hdr_id id)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, id);

	return hdr ? snprintf(buf, size, " %s=%.*s", name, (int)strcspn(hdr->value.p, ";\r"), hdr->value.p) : 0;
}

int fake_print_named(char *buf, size_t size, const char *name, const struct sip_msg *msg, const char *hdr_name)
{
	const struct sip_hdr *hdr = sip_msg_hdr_named(msg, sip_str_from(hdr_name));
	const char *start = hdr ? hdr->value.p : NULL;

	if (start && *start == '<')
		start += strcspn(start, ":") + 1;
	return start ? snprintf(buf, size, " %s=%.*s", name, (int)strcspn(start, "@;\r"), start) : 0;
}

int fake_print_all(char *buf, size_t size, const char *name, const struct sip_msg *msg, enum sip_hdr_id id)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	const struct sip_hdr *first = sip_msg_hdr(msg, id), *hdr;

	for (hdr = first; hdr; hdr = sip_msg_hdr_next(msg, hdr))
		OSMO_STRBUF_PRINTF(sb, "%s%s%s%.*s", hdr == first ? " " : ",", hdr == first ? name : "",
				   hdr == first ? "=" : "", SIP_STR_ARG(hdr->value));
	return sb.chars_needed;
}
