/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O-IWU: redirection by the called side, RFC 3398 8.2.5: followed to a peer or route that is configured, or told. */
#include <errno.h>
#include <string.h>

#include <osmocom/core/logging.h>

#include "mapping/iwu_out.h"
#include "mapping/map_cause.h"
#include "mapping/map_redirect.h"

/* RFC 3261 21.3: another number, for now or for good; 305 and 380 are other things */
static bool is_redirection(uint16_t status)
{
	return status >= 300 && status <= 302;
}

static struct sip_peer *peer_at(const struct iwu *iwu, struct sip_str hostport)
{
	struct sip_peer *peer = NULL;

	while ((peer = sip_peer_next(iwu->mapping->sip, peer))) {
		if (hostport.len && sip_str_ieq(hostport, sip_str_from(sip_peer_hostport(peer))))
			break;
	}
	return peer;
}

/* The kept IAM becomes that of the new call. */
static int divert(struct iwu *iwu, struct isup_msg *iam, const struct map_called *to, uint16_t status)
{
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
	int rc = map_redirect_iam(iam, to, status), len;

	if (rc < 0)
		return rc;
	len = isup_msg_encode(iam, octets, sizeof(octets));
	if (len < 0)
		return len;
	return iwu_setup_replace(iwu, octets, len);
}

/* The Contact's number is of the peer's plan; as the exchange, and so the routes, have it */
static bool new_target(const struct iwu *iwu, struct map_called *to, struct sip_str *hostport,
		       const struct sip_msg *response)
{
	struct map_numbering peer, group;
	const struct map_numbering *theirs = iwu_peer_numbering(iwu, &peer), *ours = iwu_group_numbering(iwu, &group);

	if (map_redirect_target(to, hostport, response, theirs) < 0)
		return false;
	map_number_renumber(&to->number, theirs, ours);
	return map_number_to_key(to->key, sizeof(to->key), &to->number, ours) == 0;
}

bool iwu_out_redirect(struct iwu *iwu, const struct sip_prim *prim, struct isup_cause *cause)
{
	const struct mapping *m = iwu->mapping;
	struct map_called was, to;
	struct sip_peer *peer;
	struct isup_msg iam;
	struct sip_str hostport;
	bool same;

	if (m->cfg.redirection != MAP_REDIRECT_FOLLOW || !is_redirection(prim->status) || iwu->overlap ||
	    iwu->n_redirects >= m->cfg.redirects_max || iwu->n_attempts >= m->cfg.attempts_max ||
	    !iwu_out_reread(iwu, &iam, &was) || !new_target(iwu, &to, &hostport, prim->msg))
		return false;
	peer = peer_at(iwu, hostport);
	same = !strcmp(was.key, to.key);
	/* the same number by the same routes would come back */
	if (same ? !peer : divert(iwu, &iam, &to, prim->status) < 0)
		return false;
	LOGPFSML(iwu->fi, LOGL_INFO, "%u to %s followed\n", prim->status, to.key);
	iwu->n_redirects++;
	iwu->n_route = same ? iwu->n_route : 0;
	iwu->diverted |= !same;
	iwu_done_sip(iwu);
	if (!iwu_out_reread(iwu, &iam, &to))
		return false;
	iwu_count(iwu, MAP_CTR_REDIRECTED);
	return (peer && iwu_out_attempt_peer(iwu, peer, &iam, &to)) || iwu_out_attempt(iwu, &iam, &to, cause);
}

bool iwu_out_redirect_rel(const struct iwu *iwu, struct isup_msg *rel, struct isup_cause *cause,
			  const struct sip_prim *prim)
{
	const struct mapping *m = iwu->mapping;
	struct sip_str hostport;
	struct map_called to;

	if (m->cfg.redirection != MAP_REDIRECT_RELEASE || !is_redirection(prim->status) || !iwu->isup ||
	    !new_target(iwu, &to, &hostport, prim->msg))
		return false;
	isup_msg_init(rel, isup_call_dialect(iwu->isup), ISUP_MSG_REL);
	map_redirect_rel(rel, &to, m->cfg.location);
	isup_msg_get(rel, ISUP_PAR_CAUSE, cause);
	return true;
}
