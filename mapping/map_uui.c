/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User-to-user information: the parameter of Q.763 3.61 and the header User-to-User (RFC 7433, RFC 7434). */
#include "mapping/map_iam_priv.h"
#include "mapping/map_uui.h"
#include "sip/sip_msg.h"

#define UUI_MAX	131			/* Q.763 3.61: protocol discriminator and 130 octets */

/* RFC 7434 7: hex, the protocol discriminator first */
void map_put_uui(struct sip_buf *mem, const struct isup_msg *msg)
{
	const struct isup_par *par = msg ? isup_msg_find(msg, ISUP_PAR_UUI) : NULL;

	if (par && par->len && par->len <= UUI_MAX)
		sip_put_uui(mem, par->val, par->len);
}

/* RFC 7434 7: only what is the ISDN's; the first one counts. */
void map_uui_from_sip(struct isup_msg *to, const struct sip_msg *from)
{
	const struct sip_hdr *hdr = from ? sip_msg_hdr(from, SIP_HDR_USER_TO_USER) : NULL;
	uint8_t octets[UUI_MAX];
	struct sip_uui uui;
	struct sip_str list;
	int len;

	if (!hdr || !isup_par_def(to->dialect, ISUP_PAR_UUI))
		return;
	list = hdr->value;
	if (sip_uui_take(&uui, &list) || !sip_uui_is_isdn(&uui))
		return;
	len = sip_uui_octets(&uui, octets, sizeof(octets));
	if (len > 0)
		isup_msg_put_octets(to, ISUP_PAR_UUI, octets, len);
}

uint8_t map_uui_to_header(struct map_to_invite *m)
{
	map_put_uui(m->mem, m->iam);
	return 0;
}

uint16_t map_header_to_uui(struct map_to_iam *m)
{
	map_uui_from_sip(m->iam, m->invite);
	return 0;
}
