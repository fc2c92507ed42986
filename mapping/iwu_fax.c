/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fax relay (T.38) and audio in one call: the change that the media gateway asks for, and what comes of it. */

#include <errno.h>

#include <osmocom/core/logging.h>

#include "mapping/iwu_out.h"
#include "mapping/map_service.h"

static const struct media_ops *ops_of(const struct iwu *iwu)
{
	return iwu->mapping->media->ops;
}

enum media_kind iwu_media_kind(const struct iwu *iwu)
{
	return iwu->media && ops_of(iwu)->kind ? ops_of(iwu)->kind(iwu->media) : MEDIA_AUDIO;
}

/* What the media gateway wants may have come by itself, as the peer's wish. */
void iwu_media_agreed(struct iwu *iwu)
{
	enum media_kind kind = iwu_media_kind(iwu);

	if (kind == iwu->media_wanted)
		iwu->media_due = false;
	if (kind == iwu->media_kind)
		return;
	iwu->media_kind = kind;
	LOGPFSML(iwu->fi, LOGL_INFO, "the medium is %s now\n", kind == MEDIA_T38 ? "T.38" : "audio");
	if (kind == MEDIA_T38)
		iwu_count(iwu, MAP_CTR_FAX);
}

/* ---- The media gateway asks ---- */

/* T.38 D.2: who hears a fax machine sends the re-INVITE; here, once the call is answered. */
void iwu_media_wants(struct iwu *iwu, enum media_kind kind)
{
	if (!iwu->media || !ops_of(iwu)->offer_as)
		return;
	iwu->media_wanted = kind;
	iwu->media_due = iwu->leg.media_asked || kind != iwu_media_kind(iwu);
	iwu_hold_update(iwu);
}

bool iwu_media_is_due(const struct iwu *iwu)
{
	return iwu->media_due && iwu->answered_us;
}

uint8_t iwu_media_ask(struct iwu *iwu)
{
	if (!iwu_media_is_due(iwu))
		return 0;
	iwu->media_due = ops_of(iwu)->offer_as(iwu->media, iwu->media_wanted) == 0;
	return iwu->media_due ? 1 + iwu->media_wanted : 0;
}

/* Until then, what we offer is what there is. */
void iwu_media_unask(struct iwu *iwu)
{
	if (iwu->leg.media_asked && iwu->media)
		ops_of(iwu)->offer_as(iwu->media, iwu_media_kind(iwu));
	iwu->leg.media_asked = 0;
}

/* RFC 3261 14.2: a refusal leaves all as it was. One who accepts the re-INVITE, but not the stream in it, has ended the
 * former stream with it: that is offered again. */
bool iwu_media_answered(struct iwu *iwu, const struct sip_prim *prim, int rc)
{
	enum media_kind kind = iwu_media_kind(iwu);
	bool asked = iwu->leg.media_asked, other = iwu->leg.media_asked != 1 + kind;

	iwu_media_unask(iwu);
	if (!asked || rc == 0 || rc == -EINPROGRESS)
		return false;
	LOGPFSML(iwu->fi, LOGL_INFO, "change of the medium refused: %u\n", prim->status);
	iwu->media_wanted = kind;
	iwu->media_due = other && prim->status < 300;
	return true;
}

/* ---- The exchange says ---- */

static bool is_fax(const struct isup_msg *iam)
{
	struct isup_teleservice hlc;

	return isup_msg_get(iam, ISUP_PAR_USER_TELESERVICE, &hlc) == 0 && !hlc.coding &&
	       hlc.characteristics == MAP_HLC_FAX;
}

/* TS 29.163 7.2.3.2: by the operator's choice, since a fax machine may answer as a telephone does. */
void iwu_fax_first(struct iwu *iwu, const struct isup_msg *iam)
{
	const struct media_ops *ops = ops_of(iwu);

	if (!iwu->mapping->cfg.fax_first || !ops->offer_as)
		return;
	iwu->fax_first = !iwu->fax_refused && is_fax(iam) && ops->offer_as(iwu->media, MEDIA_T38) == 0;
	if (!iwu->fax_first)
		ops->offer_as(iwu->media, MEDIA_AUDIO);
}

/* RFC 3261 13.3.1.3, 21.4.13, 21.6.4: it may have been the medium. Then the same route, or target of a redirection, is
 * tried with audio. */
bool iwu_fax_refused(struct iwu *iwu, uint16_t status)
{
	if (!iwu->fax_first || (status != 415 && status != 488 && status != 606))
		return false;
	if (!iwu->route) {
		iwu->fax_refused = iwu_out_redirect_again(iwu);
		return false;
	}
	iwu->n_route--;
	iwu->fax_refused = true;
	return true;
}
