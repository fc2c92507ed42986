/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PSTN XML in a call: what goes out beside the session description, what came in with it. */

#include <osmocom/core/logging.h>

#include "mapping/iwu.h"
#include "sip/sip_body.h"

/* TS 29.163 F.2: only where the operator says so, and of peers that are trusted */
bool iwu_pstn_is_used(const struct iwu *iwu)
{
	const struct map_end_cfg *peer = iwu_peer_cfg(iwu);

	return peer && peer->pstn_xml && iwu_sip_trusted(iwu);
}

bool iwu_pstn_has(const struct iwu *iwu, uint8_t par)
{
	return (par == ISUP_PAR_USI || par == ISUP_PAR_USER_TELESERVICE || par == ISUP_PAR_ACCESS_TRANSPORT) &&
	       iwu_pstn_is_used(iwu);
}

void iwu_put_pstn(const struct iwu *iwu, struct sip_prim *prim, struct iwu_pstn_part *mem, const struct isup_msg *msg)
{
	struct map_pstn pstn;
	struct sip_buf buf;

	if (!msg || !iwu_pstn_is_used(iwu))
		return;
	map_pstn_of_isup(&pstn, msg);
	sip_buf_init(&buf, mem->text, sizeof(mem->text));
	map_pstn_write(&buf, &pstn);
	if (buf.full || !sip_buf_len(&buf) || prim->n_parts >= ARRAY_SIZE(mem->parts))
		return;
	for (unsigned int i = 0; i < prim->n_parts; i++)
		mem->parts[i] = prim->parts[i];
	mem->parts[prim->n_parts++] = (struct sip_part){
		.type = SIP_STR(MAP_PSTN_TYPE),
		.disposition = SIP_STR("signal;handling=optional"),
		.content = { .p = mem->text, .len = sip_buf_len(&buf) },
	};
	prim->parts = mem->parts;
}

static bool is_data(uint8_t tmr)
{
	return tmr == ISUP_TMR_64K_UNRESTRICTED;
}

/* Q.931 4.5.5 octet 3: what is no medium of ours counts as nothing said. */
static bool tmr_of(const struct map_pstn_element *bearer, uint8_t *tmr)
{
	switch (bearer->octets[0] & 0x1f) {
	case 0:
		*tmr = ISUP_TMR_SPEECH;
		return true;
	case 8:
		*tmr = ISUP_TMR_64K_UNRESTRICTED;
		return true;
	case 16:
		*tmr = ISUP_TMR_3K1_AUDIO;
		return true;
	default:
		return false;
	}
}

bool iwu_read_pstn(const struct iwu *iwu, struct map_pstn *pstn, const struct sip_msg *msg, uint8_t *tmr)
{
	char mem[IWU_PSTN_MAX], err[160];
	struct sip_body_part part;
	struct sip_body body;
	struct sip_str text;
	uint8_t said;

	if (!iwu_pstn_is_used(iwu) || !msg->body.len)
		return false;
	sip_body_init(&body, msg);
	do {
		if (sip_body_next(&body, &part))
			return false;
	} while (part.multipart || !sip_media_type_is(&part.type, MAP_PSTN_TYPE));
	if (sip_body_decode(&part, mem, sizeof(mem), &text) < 0 ||
	    map_pstn_read(pstn, text.p, text.len, err, sizeof(err)) < 0) {
		LOGPFSML(iwu->fi, LOGL_INFO, "PSTN XML passed over: %s\n", text.len ? err : "cannot be decoded");
		return false;
	}
	/* The medium is that of the session description; the body may only say more of it. */
	if (pstn->bearer.len && tmr_of(&pstn->bearer, &said) && is_data(said) == is_data(*tmr))
		*tmr = said;
	else
		pstn->bearer.len = 0;
	return true;
}

void iwu_pstn_back(const struct iwu *iwu, struct isup_msg *msg, const struct sip_msg *said)
{
	uint8_t tmr = iwu->profile->pars.tmr;
	struct map_pstn pstn;

	if (said && iwu_read_pstn(iwu, &pstn, said, &tmr) && map_pstn_to_isup(msg, &pstn) < 0)
		LOGPFSML(iwu->fi, LOGL_NOTICE, "no room for what PSTN XML says\n");
}
