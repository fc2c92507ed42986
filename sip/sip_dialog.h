/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dialog (RFC 3261 12): who is talking to whom, in which order, over which route; and the requests within it. */
#pragma once

#include <osmocom/core/linuxlist.h>

#include "sip/sip_endpoint.h"
#include "sip/sip_offer.h"
#include "sip/sip_trans.h"

enum sip_dialog_part {
	SIP_DLG_CALL_ID,
	SIP_DLG_LOCAL,			/* our From or To, without the tag that we added */
	SIP_DLG_LOCAL_TAG,
	SIP_DLG_REMOTE,			/* theirs, with their tag */
	SIP_DLG_REMOTE_TAG,
	SIP_DLG_TARGET,			/* URI of their Contact; before an INVITE is answered, its Request-URI */
	SIP_DLG_ROUTES,			/* in the order of a Route header of ours, "<sip:…;lr>, <sip:…>" */
	_SIP_DLG_PARTS
};

/* All text is in one piece of memory, which its owner puts behind the dialog; only where that becomes too small, by a
 * longer target or route, the text moves to memory of its own. */
struct sip_dialog {
	struct hlist_node node;		/* of sip->calls, while requests may find it */
	uint32_t hash;
	struct sip_call *call;		/* whose it is; NULL: nobody's */
	uint32_t local_cseq, remote_cseq;
	uint32_t rseq;			/* of their latest reliable response; 0: none came */
	uint8_t offer;			/* enum sip_offer */
	bool has_remote_cseq;
	uint8_t note;			/* the user's (sip_call_note()) */
	uint16_t size, used;		/* of text */
	struct { uint16_t at, len; } parts[_SIP_DLG_PARTS];
	struct sip_uuid session;	/* theirs, of Session-ID; nil: not known */
	char *text, *own;		/* own: NULL, or text where it is a talloc chunk */
};

/* What a dialog is to be filled with, borrowed */
struct sip_dialog_text {
	struct sip_str parts[_SIP_DLG_PARTS];
	struct sip_uuid session;	/* nil: as it is */
};
size_t sip_dialog_text_len(const struct sip_dialog_text *text);
/* UAS (12.1.1), UAC (12.1.2): from a request that has no To tag yet; from a response that has one. The routes are
 * written into the endpoint's send buffer. -EBADMSG where Contact or Record-Route cannot be read; Contact must be there
 * in a request only. */
int sip_dialog_text_uas(struct sip *sip, struct sip_dialog_text *text, const struct sip_msg *msg, struct sip_str tag);
int sip_dialog_text_uac(struct sip *sip, struct sip_dialog_text *text, const struct sip_msg *msg);
/* The URI of Contact. 0, -ENOENT, or -EBADMSG, also where no SIP request can go to it. */
int sip_dialog_text_target(struct sip_str *target, const struct sip_msg *msg);

void sip_dialog_init(struct sip_dialog *d, char *mem, size_t size);
/* Replaces one part; ctx is the talloc parent if the text has to move. -EMSGSIZE: nothing was changed. */
int sip_dialog_set(struct sip_dialog *d, void *ctx, enum sip_dialog_part part, struct sip_str s);
/* A copy with text of its own in mem, not hashed */
void sip_dialog_copy(struct sip_dialog *d, char *mem, const struct sip_dialog *from);
/* What it needs there */
size_t sip_dialog_size(const struct sip_dialog *d);
/* All parts that are present in text */
int sip_dialog_set_all(struct sip_dialog *d, void *ctx, const struct sip_dialog_text *text);

static inline struct sip_str sip_dialog_get(const struct sip_dialog *d, enum sip_dialog_part part)
{
	return (struct sip_str){ d->text + d->parts[part].at, d->parts[part].len };
}

/* By Call-ID and remote tag: to be done again where either is set. */
void sip_dialog_hash(struct sip *sip, struct sip_dialog *d);
void sip_dialog_unhash(struct sip_dialog *d);
/* 12.2.2: by Call-ID, To tag and From tag of a request */
struct sip_dialog *sip_dialog_find(struct sip *sip, const struct sip_msg *msg);
/* The one that a request of ours was sent in */
struct sip_dialog *sip_dialog_find_sent(struct sip *sip, const struct sip_msg *msg);
/* 8.2.2.2: by Call-ID, From tag and CSeq of a request without To tag */
struct sip_dialog *sip_dialog_find_merged(struct sip *sip, const struct sip_msg *msg);

/* A request within the dialog up to CSeq (12.2.1.1); the caller puts more and ends with sip_put_body(). */
struct sip_dialog_request {
	enum sip_method method;
	uint32_t cseq;
	const struct sip_branch *branch;
	const char *via;		/* "UDP" */
	const char *sent_by;
	const struct sip *sip;		/* NULL: of no leg, without Session-ID */
	uint8_t max_forwards;		/* 0: 70 (RFC 3261 8.1.1.6) */
	bool alias;			/* over TLS: the connection may be used the other way, too (RFC 5923) */
};
void sip_dialog_put_request(struct sip_buf *b, const struct sip_dialog *d, const struct sip_dialog_request *req);
/* The URI it goes to: 0, or -EINVAL. *proto: what is used if it does not say */
int sip_dialog_next_uri(const struct sip_dialog *d, struct sip_uri *uri, enum sip_proto *proto);
/* Where it goes, if that is a numeric address: 0, or -EINVAL. *proto: what is used if the URI does not say */
int sip_dialog_next_hop(const struct sip_dialog *d, union sip_sockaddr *addr, enum sip_proto *proto);
