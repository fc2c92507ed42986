/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operator says of the telephone numbers of one SIP peer or circuit group. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "mapping/mapping.h"

/* SIP peer: the header that tells who diverted a call. Both are read. */
enum map_diversion_as { MAP_DIVERSION_BOTH, MAP_DIVERSION_HISTORY_INFO, MAP_DIVERSION_DIVERSION, MAP_DIVERSION_NONE };

/* SIP peer: From beside P-Asserted-Identity is an additional calling party number, and back */
enum map_additional { MAP_ADDITIONAL_BY_PROFILE, MAP_ADDITIONAL_ON, MAP_ADDITIONAL_OFF };

/* Circuit group: how a ported number and its routing number (rn) are written. USUAL: as the dialect has it */
enum map_portability {
	MAP_PORTABILITY_USUAL, MAP_PORTABILITY_NONE,
	MAP_PORTABILITY_ROUTING_NUMBER,		/* Q.769.1: network routing number beside the called number */
	MAP_PORTABILITY_DIRECTORY_NUMBER,	/* it is the called number; that is the called directory number */
	MAP_PORTABILITY_CONCATENATED,		/* both in the called number, whose nature says so */
	MAP_PORTABILITY_PREFIX,			/* both in the called number, as a prefix */
	MAP_PORTABILITY_GENERIC_ADDRESS,	/* T1.113: it is the called number; that is in a generic address */
};

/* Circuit group: where the carrier (cic) is. USUAL: as RFC 3398 7.2.1.1 says */
enum map_carrier { MAP_CARRIER_USUAL, MAP_CARRIER_NONE, MAP_CARRIER_TNS, MAP_CARRIER_CIP };

/* 31, the largest hop counter, is more than the 70 of RFC 3261 8.1.1.6 */
#define MAP_HOP_FACTOR 3

/* What of a numbering is the peer's or group's own; the rest is the gateway's. */
enum map_numbering_own {
	MAP_OWN_COUNTRY_CODE = 1 << 0, MAP_OWN_NATIONAL_PREFIX = 1 << 1, MAP_OWN_INTERNATIONAL_PREFIX = 1 << 2,
	MAP_OWN_AREA_CODE = 1 << 3, MAP_OWN_ROUTING_DIGITS = 1 << 4,
};

/* 0 everywhere: what is usual */
struct map_numbers {
	uint8_t own;			/* enum map_numbering_own */
	struct map_numbering numbering;
	uint8_t diversion;		/* enum map_diversion_as */
	uint8_t additional;		/* enum map_additional */
	uint8_t hop_factor;		/* SIP peer: Max-Forwards for each exchange; 0: usual */
	bool ask_connected;		/* SIP peer: its calls ask for the connected line identity (COLP) */
	char tgrp[64];			/* SIP peer: "LABEL@CONTEXT", where calls are to go there; "": not said */
	bool hop_counter;		/* circuit group: the IAM gets one, by Max-Forwards */
	uint8_t portability;		/* enum map_portability */
	uint8_t carrier;		/* enum map_carrier */
	uint32_t mlpp_domain;		/* circuit group: of calls with precedence, Q.763 3.34 */
};

/* The numbering of a side: the gateway's, or in *mem what own makes of it; own NULL: nothing is said */
const struct map_numbering *map_numbering_of(struct map_numbering *mem, const struct map_numbering *gateway,
					     const struct map_numbers *own);
