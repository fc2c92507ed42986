/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encapsulated ISUP in a call: whether there is any, what goes out with a SIP message, what came in with one. */
#include <errno.h>

#include "mapping/iwu_in.h"
#include "mapping/map_progress.h"

/* RFC 3398 15: bodies only where the operator says so, and of peers that are trusted */
enum map_sipi iwu_sipi(const struct iwu *iwu)
{
	const struct map_end_cfg *peer = iwu->sip ? sip_peer_user(sip_call_peer(iwu->sip)) : NULL;

	return peer && peer->sipi && iwu->profile->sipi && iwu_sip_trusted(iwu) ? peer->sipi : MAP_SIPI_OFF;
}

static const struct map_end_cfg *peer_cfg(const struct iwu *iwu)
{
	return sip_peer_user(sip_call_peer(iwu->sip));
}

/* RFC 3398 7.2.4: who called without ISUP gets none back. 10: CANCEL has no body; the Reason header says the cause. */
void iwu_put_isup(struct iwu *iwu, struct sip_prim *prim, struct map_sipi_part *part,
		  const struct isup_msg *msg)
{
	enum map_sipi mode = iwu_sipi(iwu);
	struct isup_lost lost = {};

	if (!msg)
		return;
	if (mode && (iwu->fi->fsm == &iwu_out_fsm || iwu->sipi) &&
	    map_sipi_fits(msg->type, prim->method, prim->status)) {
		map_sipi_put(prim, part, msg, mode, peer_cfg(iwu)->sipi_version, &lost);
		iwu_lost_dialect(iwu, msg->type, &lost, true);
	}
	if (!prim->n_parts && prim->method != SIP_INFO)
		iwu_lost_parameters(iwu, msg);
	/* what the IAM asks for is answered by the exchange beyond */
	if (msg->type == ISUP_MSG_IAM && prim->n_parts)
		isup_call_user_answers(iwu->isup);
}

static enum map_sipi_result read_isup(struct iwu *iwu, struct isup_msg *isup, const struct sip_msg *msg, char *mem)
{
	enum map_sipi_result result;
	struct isup_lost lost = {};

	if (!iwu->isup || !iwu_sipi(iwu))
		return MAP_SIPI_NONE;
	result = map_sipi_read(isup, msg, isup_call_dialect(iwu->isup), mem, MAP_SIPI_MEM, &lost);
	iwu_lost_dialect(iwu, result == MAP_SIPI_READ ? isup->type : 0, &lost, false);
	if (iwu->fi->fsm == &iwu_out_fsm)
		iwu->sipi |= result == MAP_SIPI_READ;
	return result;
}

/* RFC 3204 6. Another message than IAM counts as none. */
uint16_t iwu_read_iam(struct iwu *iwu, struct isup_msg *iam, const struct sip_msg *invite, char *mem)
{
	enum map_sipi_result result = read_isup(iwu, iam, invite, mem);

	iwu->sipi = result == MAP_SIPI_READ && iam->type == ISUP_MSG_IAM;
	return result == MAP_SIPI_VERSION ? 415 : result == MAP_SIPI_BROKEN ? 400 : 0;
}

/* What is required, but cannot be read, is passed over in all but INVITE: nobody can be told. */
bool iwu_isup_of(struct iwu *iwu, struct isup_msg *to, const struct sip_prim *ind)
{
	struct isup_msg isup;
	char mem[MAP_SIPI_MEM];

	if (read_isup(iwu, &isup, ind->msg, mem) != MAP_SIPI_READ ||
	    !map_sipi_fits(isup.type, ind->method, ind->status))
		return false;
	map_sipi_pass(to, &isup);
	return true;
}

/* Who reads ISUP gets RLC in the response. */
static void answer_bye(struct iwu *iwu)
{
	struct sip_prim answer = { .method = SIP_BYE, .status = 200 };
	struct map_sipi_part body;
	struct isup_msg rlc;

	if (!iwu->isup || !iwu->sipi)
		return;
	isup_msg_init(&rlc, isup_call_dialect(iwu->isup), ISUP_MSG_RLC);
	iwu_put_isup(iwu, &answer, &body, &rlc);
	iwu_to_sip(iwu, &answer);
}

/* RFC 3398 7.2.3: of the body and a Reason header, the header counts; the body has more to say of the same cause. */
void iwu_release_isup_by_bye(struct iwu *iwu, const struct sip_prim *bye, const struct isup_cause *cause)
{
	struct isup_msg rel;

	if (bye->method == SIP_BYE)
		answer_bye(iwu);
	if (!iwu->isup || !iwu_isup_of(iwu, &rel, bye) ||
	    (sip_msg_hdr(bye->msg, SIP_HDR_REASON) && isup_msg_cause(&rel) != cause->value))
		return;
	iwu_media_close(iwu);
	iwu_to_isup(iwu, &rel);
}

/* RFC 3398 8.2.6.1 */
bool iwu_rel_of_refusal(struct iwu *iwu, struct isup_msg *rel, struct isup_cause *cause,
			const struct sip_prim *refusal)
{
	if (!iwu_isup_of(iwu, rel, refusal))
		return false;
	isup_msg_get(rel, ISUP_PAR_CAUSE, cause);
	return true;
}

/* RFC 3398 8.2.3; 12: of a message that is no progress the response is but the cover. */
uint16_t iwu_progress_by_body(struct iwu *iwu, const struct sip_prim *ind, bool acm_sent)
{
	struct isup_msg msg;
	bool cover;

	if (!iwu_isup_of(iwu, &msg, ind))
		return 0;
	cover = msg.type != ISUP_MSG_ACM && msg.type != ISUP_MSG_CPG;
	if (!cover)
		iwu_put_diverted(iwu, &msg);
	if ((!cover && msg.type != (acm_sent ? ISUP_MSG_CPG : ISUP_MSG_ACM)) || iwu_to_isup(iwu, &msg) < 0)
		return 0;
	if (cover)
		return ind->status == 183 ? IWU_COVER : 0;
	return (acm_sent ? map_cpg_to_18x(iwu->profile, &msg) : map_acm_to_18x(iwu->profile, &msg)).status;
}

/* ---- Messages that mean nothing to SIP, RFC 3398 12 ---- */

/* 9.1: none in INFO to a peer of whom it is not known that it reads it */
bool iwu_carry_isup(struct iwu *iwu, const struct isup_msg *msg)
{
	bool first = iwu->fi->fsm == &iwu_in_fsm && iwu->fi->state == IN_ST_TRYING;
	struct sip_prim prim = { .method = first ? SIP_INVITE : SIP_INFO, .status = first ? 183 : 0 };
	struct map_sipi_part body;

	if (!iwu->sip || (!iwu->sipi && iwu_sipi(iwu) != MAP_SIPI_REQUIRED))
		return false;
	iwu_put_isup(iwu, &prim, &body, msg);
	if (!prim.n_parts || iwu_to_sip(iwu, &prim) < 0)
		return false;
	isup_call_user_answers(iwu->isup);
	return true;
}

bool iwu_carry_info(struct iwu *iwu, const struct sip_prim *info)
{
	struct sip_prim answer = { .method = SIP_INFO, .status = 200 };
	struct isup_msg msg;

	/* nothing goes before the IAM */
	if (iwu->fi->fsm == &iwu_in_fsm && iwu->fi->state < IN_ST_TRYING)
		return false;
	if (!iwu_isup_of(iwu, &msg, info) || iwu_to_isup(iwu, &msg) < 0)
		return false;
	iwu_to_sip(iwu, &answer);
	return true;
}

void iwu_keep_isup(struct iwu *iwu, const struct isup_msg *msg)
{
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
	int len = isup_msg_encode(msg, octets, sizeof(octets));

	if (len > 0)
		iwu_setup_keep(iwu, octets, len);
}

bool iwu_kept_isup(const struct iwu *iwu, struct isup_msg *msg)
{
	return iwu->setup && iwu->isup &&
	       isup_msg_decode(msg, isup_call_dialect(iwu->isup), (const uint8_t *)iwu->setup->octets, iwu->setup->len,
			       NULL) == 0;
}
