/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session-Expires and Min-SE (RFC 4028 4, 5), Session-ID (RFC 7989 5). */

#include "sip/sip_build.h"
#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

/* refresher-param = "refresher" EQUAL ("uas" / "uac") */
static int use_se_param(void *data, const struct sip_param *param)
{
	struct sip_session_expires *se = data;

	if (!sip_str_ieq(param->name, SIP_STR("refresher")))
		return 0;
	if (sip_str_ieq(param->value, SIP_STR("uac")))
		se->refresher = SIP_REFRESHER_UAC;
	else if (sip_str_ieq(param->value, SIP_STR("uas")))
		se->refresher = SIP_REFRESHER_UAS;
	else
		return -EBADMSG;
	return 0;
}

/* delta-seconds *(SEMI se-params), se-params = refresher-param / generic-param */
int sip_session_expires_parse(struct sip_session_expires *se, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	struct sip_str params;
	int rc;

	*se = (struct sip_session_expires){};
	rc = sip_take_uint(&s, UINT32_MAX, &se->seconds);
	if (!rc)
		rc = sip_take_params(&s, &params, use_se_param, se);
	return !rc && !sip_at_end(&s) ? -EBADMSG : rc;
}

/* sess-uuid = 32(DIGIT / %x61-66); capitals are let pass */
static int take_uuid(struct sip_scan *s, struct sip_uuid *uuid)
{
	unsigned int i;

	for (i = 0; i < sizeof(uuid->octets); i++) {
		if (sip_take_hex_octet(s, &uuid->octets[i]) < 0)
			return -EBADMSG;
	}
	return 0;
}

/* remote-param = "remote" EQUAL remote-uuid */
static int use_id_param(void *data, const struct sip_param *param)
{
	struct sip_scan s = sip_scan_of(param->value);
	struct sip_session_id *id = data;

	if (!sip_str_ieq(param->name, SIP_STR("remote")))
		return 0;
	if (id->has_remote || take_uuid(&s, &id->remote) < 0)
		return -EBADMSG;
	id->has_remote = true;
	return sip_at_end(&s) ? 0 : -EBADMSG;
}

/* session-id-value = local-uuid *(SEMI sess-id-param) */
int sip_session_id_parse(struct sip_session_id *id, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	struct sip_str params;

	*id = (struct sip_session_id){};
	if (take_uuid(&s, &id->local) < 0 || sip_take_params(&s, &params, use_id_param, id) < 0)
		return -EBADMSG;
	return sip_at_end(&s) ? 0 : -EBADMSG;
}

bool sip_uuid_is_nil(const struct sip_uuid *uuid)
{
	static const struct sip_uuid nil;

	return !memcmp(uuid, &nil, sizeof(nil));
}

/* RFC 7989 5: both of them always, nil where the other end's is not known */
void sip_put_session_id(struct sip_buf *b, const struct sip_uuid *local, const struct sip_uuid *remote)
{
	sip_put_lit(b, "Session-ID: ");
	sip_put_hex(b, local->octets, sizeof(local->octets));
	sip_put_lit(b, ";remote=");
	sip_put_hex(b, remote->octets, sizeof(remote->octets));
	sip_put_lit(b, "\r\n");
}
