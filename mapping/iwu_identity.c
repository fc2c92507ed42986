/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected identity in a call (RFC 4916): the connected number told after the answer, and identities that change. */
#include <string.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>

#include "mapping/iwu_identity.h"
#include "mapping/iwu_out.h"
#include "mapping/map_connected.h"
#include "mapping/map_loss.h"

/* What is yet to be told, or has been heard last */
struct iwu_identity {
	struct map_identity heard;	/* of the peer */
	size_t from_len, headers_len;	/* for it, in text; 0: nothing */
	char *text;			/* talloc child */
};

#define TEXT_MAX (2 * IWU_NUMBERS_MAX)

/* ---- To the peer ---- */

void iwu_keep_connected(struct iwu *iwu, const struct isup_msg *answer)
{
	struct iwu_numberings mem;
	struct map_connected_env env;
	enum sip_method method;
	char text[TEXT_MAX];
	struct sip_buf b;
	size_t from_len, len;

	if (!answer || !isup_msg_find(answer, ISUP_PAR_CONNECTED_NUMBER) ||
	    !sip_call_takes_identity(iwu->sip, &method))
		return;
	env = iwu_connected_env(iwu, &mem);
	sip_buf_init(&b, text, sizeof(text));
	map_connected_to_from(&b, answer, &env);
	from_len = sip_buf_len(&b);
	map_connected_to_identity(&b, answer, &env);
	len = sip_buf_len(&b);
	if (!from_len || b.full)
		return;
	if (!iwu->leg.identity)
		iwu->leg.identity = talloc_zero(iwu, struct iwu_identity);
	if (!iwu->leg.identity)
		return;
	talloc_free(iwu->leg.identity->text);
	iwu->leg.identity->text = talloc_memdup(iwu->leg.identity, text, len);
	iwu->leg.identity->from_len = iwu->leg.identity->text ? from_len : 0;
	iwu->leg.identity->headers_len = len - from_len;
}

/* RFC 4916 4.2: after the answer, at the latest; 4.3: by UPDATE, if the peer has that. Kept until the final response:
 * one that meets theirs is said again (RFC 3261 14.1). */
void iwu_tell_connected(struct iwu *iwu)
{
	const struct iwu_identity *identity = iwu->leg.identity;
	struct sip_prim prim = {};
	char sdp[IWU_SDP_MAX];

	if (!identity || !identity->from_len || !iwu->sip || iwu->leg.modifying || iwu->leg.telling ||
	    !sip_call_takes_identity(iwu->sip, &prim.method) || sip_call_may_modify(iwu->sip, prim.method) < 0)
		return;
	prim.from = (struct sip_str){ .p = identity->text, .len = identity->from_len };
	prim.headers = (struct sip_str){ .p = identity->text + identity->from_len, .len = identity->headers_len };
	if (prim.method == SIP_INVITE && iwu_media_local(iwu, MEDIA_SDP_OFFER, &prim, sdp, sizeof(sdp)) < 0)
		return;
	if (iwu_to_sip(iwu, &prim) < 0) {
		iwu_connected_told(iwu);
		return;
	}
	iwu->leg.telling = true;
	iwu->leg.modifying = prim.method == SIP_INVITE ? SIP_INVITE : 0;
	iwu->leg.hold_asked = iwu->held_by;
}

void iwu_connected_told(struct iwu *iwu)
{
	struct iwu_identity *identity = iwu->leg.identity;

	iwu->leg.telling = false;
	if (!identity)
		return;
	TALLOC_FREE(identity->text);
	identity->from_len = 0;
	if (!identity->heard.key[0])
		TALLOC_FREE(iwu->leg.identity);
}

/* ---- Of the peer ---- */

static bool is_known(const struct iwu *iwu, const char *key)
{
	const char *known = iwu->leg.identity && iwu->leg.identity->heard.key[0] ? iwu->leg.identity->heard.key :
			    iwu->fi->fsm == &iwu_out_fsm ? iwu->called : iwu->calling;

	return !strncmp(key, known, IWU_NUMBER_SIZE - 1);
}

static void remember(struct iwu *iwu, const struct map_identity *heard)
{
	if (!iwu->leg.identity)
		iwu->leg.identity = talloc_zero(iwu, struct iwu_identity);
	if (iwu->leg.identity)
		iwu->leg.identity->heard = *heard;
}

/* RFC 4916 4.4.2. The callee's goes into ANM or CON if that is yet to come; no other message has a place for it. */
void iwu_peer_identity(struct iwu *iwu, const struct sip_prim *prim)
{
	bool out = iwu->fi->fsm == &iwu_out_fsm;
	struct iwu_numberings mem;
	struct map_connected_env env;
	struct map_identity heard;

	if (!prim->msg || !iwu->isup || !iwu->sip || !iwu_sip_trusted(iwu))
		return;
	env = iwu_connected_env(iwu, &mem);
	if (!map_identity_read(&heard, prim->msg, &env) || is_known(iwu, heard.key))
		return;
	remember(iwu, &heard);
	if (out && iwu->fi->state < OUT_ST_CONNECTED)
		return;
	iwu_lost_header(iwu, prim, SIP_STR(MAP_LOSS_IDENTITY));
}

const struct map_identity *iwu_heard_identity(const struct iwu *iwu)
{
	return iwu->leg.identity && iwu->leg.identity->heard.key[0] ? &iwu->leg.identity->heard : NULL;
}
