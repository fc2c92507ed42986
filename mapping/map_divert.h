/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diverted calls: redirecting number, original called number and redirection information to Diversion and
 * History-Info, and back: RFC 5806 9, RFC 7544, 3GPP TS 29.163 7.5.4. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "sip/sip_build.h"
#include "sip/sip_msg.h"

struct map_numbering;
struct map_profile;
struct map_table;

extern const struct map_table map_diversion_to_reason_table;
extern const struct map_table map_history_to_reason_table;
extern const struct map_table map_reason_to_diversion_table;
extern const struct map_table map_reason_to_history_table;
extern const struct map_table map_redirect_to_reason_table;

/* Q.763 3.45 d: "between 1 and 5" */
#define MAP_DIVERSIONS_MAX 5

/* What ISUP can say of the diversions of a call: the first, the last, and how many there were */
struct map_diversions {
	uint8_t n;			/* 0: not diverted; else all below is set */
	bool target_hidden;		/* who it was diverted to, at last, is not to be shown */
	struct isup_number target;	/* that; of a SIP message only; n_digits 0: not known */
	struct map_diverter {
		struct isup_number number;	/* n_digits 0: not known */
		bool hidden;			/* not to be shown */
		uint8_t reason;			/* Q.763 3.45 e */
	} first, last;			/* of one diversion both are the same */
};

/* Of an IAM. False where it has not been diverted. */
bool map_diversions_from_isup(struct map_diversions *d, const struct isup_msg *iam);
/* Of an INVITE: History-Info, else Diversion. False where it has not been diverted. */
bool map_diversions_from_sip(struct map_diversions *d, const struct sip_msg *invite,
			     const struct map_profile *profile, const struct map_numbering *numbering);

/* Why a 3xx redirects (Q.763 3.45 e): what its sender says, in the cause of the Contact's URI (RFC 4458; 0: none) or in
 * Diversion (RFC 5806; where trusted), else what the status means; alerted: after a 180 */
struct map_redirect_why {
	uint16_t status, cause;
	bool alerted, trusted;
};
uint8_t map_redirect_reason(const struct sip_msg *response, const struct map_redirect_why *why,
			    const struct map_profile *profile);
/* Privacy of a response asks to hide where the call goes (RFC 7044 10.1.2, RFC 3323 4.2) */
bool map_history_is_private(const struct sip_msg *msg);

/* How they are written as headers */
struct map_diversions_env {
	const struct map_profile *profile;
	const struct map_numbering *numbering;
	const char *local;		/* the host of who diverted */
	struct sip_str target;		/* the Request-URI */
	bool trusted;			/* hidden numbers may be sent, marked as such (RFC 7544 3.2) */
};
void map_put_diversion(struct sip_buf *mem, const struct map_diversions *d, const struct map_diversions_env *env);
void map_put_history(struct sip_buf *mem, const struct map_diversions *d, const struct map_diversions_env *env);

/* The parameters of an IAM. indicator and reasons of the redirection information; numbers where they are known. */
void map_redirection_info(struct isup_redirection_info *info, const struct map_diversions *d);
