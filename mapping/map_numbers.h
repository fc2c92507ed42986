/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operator says of the telephone numbers of one SIP peer or circuit group. */
#pragma once

#include <stdint.h>

/* SIP peer: the header that tells who diverted a call. Both are read. */
enum map_diversion_as { MAP_DIVERSION_BOTH, MAP_DIVERSION_HISTORY_INFO, MAP_DIVERSION_DIVERSION, MAP_DIVERSION_NONE };

/* SIP peer: From beside P-Asserted-Identity is an additional calling party number, and back */
enum map_additional { MAP_ADDITIONAL_BY_PROFILE, MAP_ADDITIONAL_ON, MAP_ADDITIONAL_OFF };

/* 0 everywhere: what is usual */
struct map_numbers {
	uint8_t diversion;		/* enum map_diversion_as */
	uint8_t additional;		/* enum map_additional */
};
