/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The media SAP with the context of a call at hand, and what comes of it. */
#include <errno.h>

#include "mapping/iwu.h"
#include "sip/sip_body.h"

static void media_event_cb(struct media_ctx *ctx, enum media_event event, void *user)
{
	static const struct {
		enum iwu_event event;
		enum media_kind kind;
	} rows[] = {
		[MEDIA_EV_DONE] = { IWU_EV_MEDIA_DONE },
		[MEDIA_EV_FAILED] = { IWU_EV_MEDIA_FAILED },
		[MEDIA_EV_WANTS_T38] = { IWU_EV_MEDIA_WANTS, MEDIA_T38 },
		[MEDIA_EV_WANTS_AUDIO] = { IWU_EV_MEDIA_WANTS, MEDIA_AUDIO },
	};

	iwu_dispatch(user, rows[event].event, &rows[event].kind);
}

int iwu_media_all(int a, int b)
{
	if (a < 0 && a != -EINPROGRESS)
		return a;
	if (b < 0 && b != -EINPROGRESS)
		return b;
	return a < 0 || b < 0 ? -EINPROGRESS : 0;
}

int iwu_media_open(struct iwu *iwu, uint8_t tmr)
{
	struct media *media = iwu->mapping->media;
	const struct media_bearer bearer = {
		.group = isup_group_name(isup_call_group(iwu->isup)),
		.cic = isup_call_cic(iwu->isup),
		.tmr = tmr,
	};
	int rc = media->ops->open(media, &bearer, media_event_cb, iwu, &iwu->media);

	if (rc < 0 && rc != -EINPROGRESS)
		iwu->media = NULL;
	return rc;
}

int iwu_media_take_sdp(struct iwu *iwu, const struct sip_msg *msg)
{
	char mem[IWU_SDP_MAX];
	struct sip_str sdp = {};
	int rc;

	if (msg)
		sdp = sip_msg_sdp(msg, mem, sizeof(mem));
	rc = sdp.p ? iwu->mapping->media->ops->set_remote(iwu->media, sdp.p, sdp.len) : -ENOMSG;
	if (rc == 0 || rc == -EINPROGRESS)
		iwu_media_agreed(iwu);
	return rc;
}

int iwu_media_through(struct iwu *iwu, enum media_through through)
{
	return iwu->mapping->media->ops->through(iwu->media, through);
}

int iwu_media_local(struct iwu *iwu, enum media_sdp kind, struct sip_prim *prim, char *buf, size_t size)
{
	int len = iwu->mapping->media->ops->local_sdp(iwu->media, kind, buf, size);

	if (len < 0)
		return len;
	prim->content_type = SIP_STR("application/sdp");
	prim->body = (struct sip_str){ .p = buf, .len = len };
	return 0;
}

void iwu_media_close(struct iwu *iwu)
{
	if (iwu->media)
		iwu->mapping->media->ops->close(iwu->media);
	iwu->media = NULL;
}

int mapping_ask_medium(struct mapping *m, uint32_t id, bool fax)
{
	struct iwu *iwu;

	llist_for_each_entry(iwu, &m->calls, entry) {
		if (iwu->id != id)
			continue;
		if (!iwu->media || !m->media->ops->relays_fax || !m->media->ops->relays_fax(m->media))
			return -ENOTSUP;
		media_event_cb(iwu->media, fax ? MEDIA_EV_WANTS_T38 : MEDIA_EV_WANTS_AUDIO, iwu);
		return 0;
	}
	return -ENOENT;
}
