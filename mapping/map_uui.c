/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User-to-user information: the parameter of Q.763 3.61 and the header User-to-User (RFC 7433, RFC 7434). */
#include "mapping/map_iam_priv.h"
#include "mapping/map_uui.h"
#include "sip/sip_msg.h"

#define UUI_MAX	129			/* Q.763 3.61: protocol discriminator and 128 octets */

/* RFC 7434 7: hex, the protocol discriminator first */
void map_put_uui(struct sip_buf *mem, const struct isup_msg *msg)
{
	const struct isup_par *par = msg ? isup_msg_find(msg, ISUP_PAR_UUI) : NULL;

	if (par && par->len && par->len <= UUI_MAX)
		sip_put_uui(mem, par->val, par->len);
}

/* RFC 7433 4.1: what is of other packages, contents or encodings is ignored. RFC 7434 7: of several that are the ISDN's
 * nobody knows which is meant: none counts. Returns 0 where there is one. */
static int find_uui(struct sip_uui *uui, const struct sip_msg *msg)
{
	const struct sip_hdr *hdr;
	unsigned int n = 0;

	for (hdr = sip_msg_hdr(msg, SIP_HDR_USER_TO_USER); hdr; hdr = sip_msg_hdr_next(msg, hdr)) {
		struct sip_str list = hdr->value;
		struct sip_uui next;

		while (sip_uui_take(&next, &list) == 0) {
			if (!sip_uui_is_isdn(&next))
				continue;
			*uui = next;
			n++;
		}
	}
	return n == 1 ? 0 : -1;
}

void map_uui_from_sip(struct isup_msg *to, const struct sip_msg *from)
{
	uint8_t octets[UUI_MAX];
	struct sip_uui uui;
	int len;

	if (!from || !isup_par_def(to->dialect, ISUP_PAR_UUI) || find_uui(&uui, from) < 0)
		return;
	len = sip_uui_octets(&uui, octets, sizeof(octets));
	if (len > 0)
		isup_msg_put_octets(to, ISUP_PAR_UUI, octets, len);
}

uint8_t map_uui_to_header(struct map_to_invite *m)
{
	const struct isup_par *par = isup_msg_find(m->iam, ISUP_PAR_UUI);

	map_put_uui(m->mem, m->iam);
	if (par && par->len && par->len <= UUI_MAX)
		map_to_invite_tell(m, ISUP_PAR_UUI);
	return 0;
}

uint16_t map_header_to_uui(struct map_to_iam *m)
{
	map_uui_from_sip(m->iam, m->invite);
	return 0;
}
