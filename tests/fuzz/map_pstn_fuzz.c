/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: PSTN XML of any octets; what is written of it reads the same. The octets as ISUP parameters, too. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isup/isup_dialect.h"
#include "mapping/map_pstn_xml.h"
#include "fuzz.h"

/* Elements without words are left out: of what is written first nothing is lost any more. */
static void round_trip(const struct map_pstn *pstn)
{
	char first[4096], second[4096], err[100];
	struct map_pstn again;
	struct sip_buf a, b;

	sip_buf_init(&a, first, sizeof(first));
	map_pstn_write(&a, pstn);
	CHECK(!a.full);
	if (!sip_buf_len(&a))
		return;
	CHECK(map_pstn_read(&again, first, sip_buf_len(&a), err, sizeof(err)) == 0);
	sip_buf_init(&b, second, sizeof(second));
	map_pstn_write(&b, &again);
	CHECK(sip_buf_len(&a) == sip_buf_len(&b) && !memcmp(first, second, sip_buf_len(&a)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct isup_msg msg;
	struct map_pstn pstn;
	char err[100] = "";

	if (map_pstn_read(&pstn, (const char *)data, size, err, sizeof(err)) == 0)
		round_trip(&pstn);
	else
		CHECK(err[0]);
	isup_msg_init(&msg, &isup_dialect_itu, ISUP_MSG_IAM);
	if (size > 100 || isup_msg_put_octets(&msg, ISUP_PAR_ACCESS_TRANSPORT, data, size) < 0 ||
	    isup_msg_put_octets(&msg, ISUP_PAR_USI, data, size) < 0)
		return 0;
	map_pstn_of_isup(&pstn, &msg);
	round_trip(&pstn);
	return 0;
}
