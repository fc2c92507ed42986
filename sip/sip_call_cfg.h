/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a peer's configuration says about its calls: extensions of SIP that are used with it. */
#pragma once

#include <stdbool.h>

enum sip_rel100 { SIP_REL100_OFF, SIP_REL100_SUPPORTED, SIP_REL100_REQUIRED };
enum sip_precond_use { SIP_PRECOND_OFF, SIP_PRECOND_SUPPORTED, SIP_PRECOND_REQUIRED };
enum sip_refresh_by { SIP_REFRESH_BY_ANY, SIP_REFRESH_BY_LOCAL, SIP_REFRESH_BY_REMOTE };

/* RFC 4028 4, 5 */
#define SIP_SESSION_EXPIRES_S 1800
#define SIP_MIN_SE_S 90

struct sip_call_cfg {
	enum sip_rel100 rel100;			/* RFC 3262 */
	enum sip_precond_use precond;		/* RFC 3312; not without 100rel */
	/* As configured; the user of the peer's calls may want more */
	enum sip_rel100 rel100_said;
	enum sip_precond_use precond_said;
	unsigned int session_expires_s;		/* RFC 4028; 0: neither asked for nor supported */
	unsigned int min_se_s;
	enum sip_refresh_by refresher;		/* whom we ask to refresh, where that is ours to say */
};
