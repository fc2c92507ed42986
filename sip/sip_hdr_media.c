/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content-Type, Accept and Content-Disposition (RFC 3261 20.1, 20.11, 20.15). */

#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

/* media-type = m-type SLASH m-subtype *( SEMI m-parameter ) */
static int take_media_type(struct sip_scan *s, struct sip_media_type *mt)
{
	mt->type = sip_take_class(s, SIP_C_TOKEN);
	if (!mt->type.len)
		return -EBADMSG;
	if (sip_take_sep(s, '/')) {
		mt->subtype = sip_take_class(s, SIP_C_TOKEN);
		if (!mt->subtype.len)
			return -EBADMSG;
	}
	return sip_take_params(s, &mt->params, NULL, NULL);
}

int sip_media_type_take(struct sip_media_type *mt, struct sip_str *list)
{
	struct sip_scan s;

	*mt = (struct sip_media_type){};
	if (!sip_list_begin(&s, list))
		return -ENOENT;
	return sip_list_end(&s, list, take_media_type(&s, mt));
}

static bool matches(struct sip_str pattern, struct sip_str s)
{
	return sip_str_eq(pattern, SIP_STR("*")) || sip_str_ieq(pattern, s);
}

bool sip_media_type_is(const struct sip_media_type *mt, const char *type)
{
	const char *slash = strchr(type, '/');

	if (!slash)
		return !mt->subtype.p && sip_str_ieq(mt->type, sip_str_from(type));
	return mt->subtype.p && matches(mt->type, sip_str_span(type, slash)) &&
	       matches(mt->subtype, sip_str_from(slash + 1));
}
