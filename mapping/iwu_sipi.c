/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encapsulated ISUP in a call: whether there is any, what goes out with a SIP message, what came in with one. */
#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "mapping/iwu_in.h"
#include "mapping/iwu_out.h"
#include "mapping/map_progress.h"

/* RFC 3398 15: bodies only where the operator says so, and of peers that are trusted */
enum map_sipi iwu_sipi(const struct iwu *iwu)
{
	const struct map_end_cfg *peer = iwu_peer_cfg(iwu);

	return peer && peer->sipi && iwu->profile->sipi && iwu_sip_trusted(iwu) ? peer->sipi : MAP_SIPI_OFF;
}

/* RFC 3204 3.1: what the operator says, else what the caller has shown that he reads; NULL: that of the circuit */
static const struct map_sipi_version *version_of(const struct iwu *iwu)
{
	const struct map_sipi_version *version = iwu_peer_cfg(iwu)->sipi_version;

	return version ? version : iwu->leg.sipi_version;
}

static void note_unused(const struct iwu *iwu, const char *what)
{
	iwu_count(iwu, MAP_CTR_UNUSED_BODIES);
	LOGPFSML(iwu->fi, LOGL_INFO, "encapsulated ISUP passed over: %s\n", what);
}

/* RFC 3398 7.2.4: who called without ISUP gets none back. 10: CANCEL has no body; the Reason header says the cause. */
void iwu_put_isup(struct iwu *iwu, struct sip_prim *prim, struct map_sipi_part *part,
		  const struct isup_msg *msg)
{
	enum map_sipi mode = iwu_sipi(iwu);
	struct isup_lost lost = {};

	if (!msg)
		return;
	if (mode && (iwu->fi->fsm == &iwu_out_fsm || iwu->leg.sipi) &&
	    map_sipi_fits(msg->dialect, msg->type, prim->method, prim->status)) {
		map_sipi_put(prim, part, msg, mode, version_of(iwu), &lost);
		iwu_lost_dialect(iwu, msg->type, &lost, true);
	}
	if (!prim->n_parts && prim->method != SIP_INFO)
		iwu_lost_parameters(iwu, msg);
	/* what the IAM asks for is answered by the exchange beyond */
	if (msg->type == ISUP_MSG_IAM && prim->n_parts)
		isup_call_user_answers(iwu->isup);
}

/* Q.1912.5 5.4: also where there is no circuit; then as the peer reads it, or as ITU-T has it. */
void iwu_put_own_rel(struct iwu *iwu, struct sip_prim *prim, struct map_sipi_part *part,
		     const struct isup_cause *cause)
{
	const struct isup_dialect *dialect = &isup_dialect_itu;
	const struct map_sipi_version *version;
	struct isup_msg rel;

	if (!iwu_sipi(iwu))
		return;
	if (iwu->isup)
		dialect = isup_call_dialect(iwu->isup);
	else if ((version = version_of(iwu)))
		dialect = isup_dialect_find(version->dialect);
	isup_msg_init(&rel, dialect, ISUP_MSG_REL);
	isup_msg_put(&rel, ISUP_PAR_CAUSE, cause);
	iwu_put_isup(iwu, prim, part, &rel);
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
		iwu->leg.sipi |= result == MAP_SIPI_READ;
	return result;
}

/* RFC 3204 6. Another message than IAM counts as none. */
uint16_t iwu_read_iam(struct iwu *iwu, struct isup_msg *iam, const struct sip_msg *invite, char *mem)
{
	enum map_sipi_result result = read_isup(iwu, iam, invite, mem);

	iwu->leg.sipi = result == MAP_SIPI_READ && iam->type == ISUP_MSG_IAM;
	if (result == MAP_SIPI_READ && !iwu->leg.sipi)
		note_unused(iwu, isup_msg_name(iam->dialect, iam->type));
	else if (result == MAP_SIPI_UNREAD)
		note_unused(iwu, "not read");
	return result == MAP_SIPI_VERSION ? 415 : result == MAP_SIPI_BROKEN ? 400 : 0;
}

/* The body of a message, where it belongs there; borrowed. What is required, but cannot be read, is passed over in all
 * but INVITE: nobody can be told. */
static bool take_isup(struct iwu *iwu, struct isup_msg *isup, const struct sip_prim *ind, enum sip_method method,
		      char *mem)
{
	enum map_sipi_result result = read_isup(iwu, isup, ind->msg, mem);

	if (result == MAP_SIPI_NONE)
		return false;
	if (result == MAP_SIPI_READ && map_sipi_fits(isup->dialect, isup->type, method, ind->status))
		return true;
	note_unused(iwu, result == MAP_SIPI_READ ? isup_msg_name(isup->dialect, isup->type) : "not read");
	return false;
}

/* The ISUP message that came with a SIP message, as the exchange gets it; false where there is none that fits */
static bool isup_of(struct iwu *iwu, struct isup_msg *to, const struct sip_prim *ind)
{
	struct isup_msg isup;
	char mem[MAP_SIPI_MEM];

	if (!take_isup(iwu, &isup, ind, ind->method, mem))
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

	if (!iwu->isup || !iwu->leg.sipi)
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
	if (!iwu->isup || !isup_of(iwu, &rel, bye) ||
	    (sip_msg_hdr(bye->msg, SIP_HDR_REASON) && isup_msg_cause(&rel) != cause->value))
		return;
	iwu_media_close(iwu);
	iwu_to_isup(iwu, &rel);
}

/* RFC 3398 8.2.6.1 */
bool iwu_rel_of_refusal(struct iwu *iwu, struct isup_msg *rel, struct isup_cause *cause,
			const struct sip_prim *refusal)
{
	if (!isup_of(iwu, rel, refusal))
		return false;
	isup_msg_get(rel, ISUP_PAR_CAUSE, cause);
	return true;
}

/* ---- Progress and answer of a call to SIP ---- */

/* Has the circuit a use for it now? Q.764 2.1.2: no digits after the first backward message; 2.1.6: no CPG before
 * ACM. What is not known is passed on (2.9.5.2). */
static bool is_due(const struct iwu *iwu, uint8_t type)
{
	bool in = iwu->fi->fsm == &iwu_in_fsm;
	uint32_t state = iwu->fi->state;

	if (isup_msg_def(isup_call_dialect(iwu->isup), type) && !isup_call_allows(iwu->isup, type))
		return false;
	if (type == ISUP_MSG_SAM)
		return in && (state == IN_ST_TRYING || state == IN_ST_CONTINUITY);
	if (type == ISUP_MSG_CPG)
		return in ? state >= IN_ST_NOT_ALERTING : state >= OUT_ST_PROGRESSING && state != OUT_ST_CONNECTING;
	return true;
}

static void turn(struct iwu *iwu, struct isup_msg *to, const struct map_sipi_turn *turn,
		 const struct isup_msg *from)
{
	struct isup_lost lost = {};

	map_sipi_turn_msg(to, turn->as, from, iwu->profile, &lost);
	iwu_lost_dialect(iwu, from->type, &lost, false);
}

static int send_acm_first(struct iwu *iwu)
{
	struct isup_msg acm;

	map_acm_init(&acm, isup_call_dialect(iwu->isup), iwu->profile, ISUP_CALLED_NO_INDICATION, false);
	iwu_bearer_put_tmu(iwu, &acm);
	return iwu_to_isup(iwu, &acm);
}

/* RFC 3398 12: of a message that is no progress the response is but the cover. */
static uint16_t send_covered(struct iwu *iwu, const struct sip_prim *ind, const struct isup_msg *isup)
{
	struct isup_msg msg;

	if (!is_due(iwu, isup->type)) {
		note_unused(iwu, isup_msg_name(isup->dialect, isup->type));
		return 0;
	}
	map_sipi_pass(&msg, isup);
	if (iwu_to_isup(iwu, &msg) < 0)
		return 0;
	return ind->status == 183 ? IWU_COVER : 0;
}

/* RFC 3398 8.2.3 */
uint16_t iwu_progress_by_body(struct iwu *iwu, const struct sip_prim *ind, bool acm_sent)
{
	const struct map_sipi_turn *due;
	struct isup_msg isup, msg;
	char mem[MAP_SIPI_MEM];

	if (!take_isup(iwu, &isup, ind, ind->method, mem))
		return 0;
	due = map_sipi_turn_find(acm_sent ? MAP_SIPI_PROGRESS_AFTER_ACM : MAP_SIPI_PROGRESS, isup.type);
	if (!due)
		return send_covered(iwu, ind, &isup);
	turn(iwu, &msg, due, &isup);
	iwu_put_diverted(iwu, &msg);
	if ((due->acm_first && send_acm_first(iwu) < 0) || iwu_to_isup(iwu, &msg) < 0)
		return due->acm_first ? 183 : 0;
	return (msg.type == ISUP_MSG_CPG ? map_cpg_to_18x(iwu->profile, &msg)
					 : map_acm_to_18x(iwu->profile, &msg)).status;
}

/* RFC 3398 8.2.4; a dialect without CON gets ACM and ANM. */
bool iwu_answer_by_body(struct iwu *iwu, struct isup_msg *to, const struct sip_prim *ind, bool acm_sent)
{
	bool has_con = iwu->isup && isup_msg_def(isup_call_dialect(iwu->isup), ISUP_MSG_CON);
	const struct map_sipi_turn *due;
	struct isup_msg isup;
	char mem[MAP_SIPI_MEM];

	if (!take_isup(iwu, &isup, ind, ind->method, mem))
		return false;
	due = map_sipi_turn_find(acm_sent || !has_con ? MAP_SIPI_ANSWER_AFTER_ACM : MAP_SIPI_ANSWER, isup.type);
	if (due)
		turn(iwu, to, due, &isup);
	return due;
}

/* ---- Messages that mean nothing to SIP, RFC 3398 12 ---- */

/* 9.1: none in INFO to a peer of whom it is not known that it reads it. RFC 3262 5: the first reliable response has our
 * offer where the INVITE had none. */
bool iwu_carry_isup(struct iwu *iwu, const struct isup_msg *msg)
{
	bool first = iwu->fi->fsm == &iwu_in_fsm && iwu->fi->state == IN_ST_TRYING;
	struct sip_prim prim = { .method = first ? SIP_INVITE : SIP_INFO, .status = first ? 183 : 0 };
	struct map_sipi_part body;
	char sdp[IWU_SDP_MAX];

	if (!iwu->sip || (!iwu->leg.sipi && iwu_sipi(iwu) != MAP_SIPI_REQUIRED))
		return false;
	if (first && iwu->leg.delayed_offer && sip_call_reliable(iwu->sip) &&
	    iwu_media_local(iwu, MEDIA_SDP_OFFER, &prim, sdp, sizeof(sdp)) == 0)
		iwu_setup_drop(iwu);
	iwu_put_isup(iwu, &prim, &body, msg);
	if (!prim.n_parts || iwu_to_sip(iwu, &prim) < 0)
		return false;
	isup_call_user_answers(iwu->isup);
	return true;
}

/* Messages that came before the IAM could go, the first one first */
struct iwu_waiting {
	struct iwu_waiting *next;
	size_t len;
	uint8_t octets[];
};
#define WAITING_MAX 32

static int keep_waiting(struct iwu *iwu, const struct isup_msg *msg)
{
	struct iwu_waiting **end = &iwu->waiting;
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
	int len = isup_msg_encode(msg, octets, sizeof(octets));
	unsigned int n = 0;

	if (len < 0)
		return len;
	for (; *end; end = &(*end)->next)
		n++;
	if (n == WAITING_MAX)
		return -EBUSY;
	*end = talloc_size(iwu, sizeof(**end) + len);
	if (!*end)
		return -ENOMEM;
	(*end)->next = NULL;
	(*end)->len = len;
	memcpy((*end)->octets, octets, len);
	return 0;
}

static bool is_before_iam(const struct iwu *iwu)
{
	return iwu->fi->fsm == &iwu_in_fsm && iwu->fi->state == IN_ST_PRECONDITIONS;
}

int iwu_after_iam(struct iwu *iwu, const struct isup_msg *msg)
{
	return is_before_iam(iwu) ? keep_waiting(iwu, msg) : iwu_to_isup(iwu, msg);
}

/* What was kept of the INVITE has not the whole number any more, so no other route can be tried. */
void iwu_digits_follow(struct iwu *iwu)
{
	if (!is_before_iam(iwu))
		iwu_setup_drop(iwu);
}

void iwu_send_waiting(struct iwu *iwu)
{
	struct iwu_waiting *first;
	struct isup_msg msg;

	while ((first = iwu->waiting)) {
		iwu->waiting = first->next;
		if (isup_msg_decode(&msg, isup_call_dialect(iwu->isup), first->octets, first->len, NULL) < 0 ||
		    !is_due(iwu, msg.type) || iwu_to_isup(iwu, &msg) < 0)
			note_unused(iwu, "not sent after the IAM");
		talloc_free(first);
	}
}

bool iwu_carry_info(struct iwu *iwu, const struct sip_prim *info)
{
	struct sip_prim answer = { .method = SIP_INFO, .status = 200 };
	struct isup_msg msg;

	/* nothing goes before the IAM, and there is no dialog that it could have come in */
	if (iwu->fi->fsm == &iwu_in_fsm && iwu->fi->state < IN_ST_PRECONDITIONS)
		return false;
	if (!isup_of(iwu, &msg, info))
		return false;
	if (msg.type == ISUP_MSG_SAM && is_due(iwu, msg.type))
		iwu_digits_follow(iwu);
	/* RFC 6086 4.2.2: it was understood */
	if (!is_before_iam(iwu) && !is_due(iwu, msg.type))
		note_unused(iwu, isup_msg_name(msg.dialect, msg.type));
	else if (iwu_after_iam(iwu, &msg) < 0)
		note_unused(iwu, "not sent");
	iwu_to_sip(iwu, &answer);
	return true;
}

/* Hold and suspension, said by the far exchange in what its gateway does of them; RFC 3398 9 */
bool iwu_carry_modification(struct iwu *iwu, const struct sip_prim *ind)
{
	struct isup_msg isup, msg;
	char mem[MAP_SIPI_MEM];

	if (!take_isup(iwu, &isup, ind, SIP_UPDATE, mem) || !is_due(iwu, isup.type))
		return false;
	map_sipi_pass(&msg, &isup);
	return iwu_to_isup(iwu, &msg) == 0;
}
