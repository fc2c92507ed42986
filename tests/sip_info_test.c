/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INFO (RFC 6086) both ways, and bodies of BYE; message by message. */

#include <stdio.h>
#include <string.h>

#include "sip_leg.h"

static void test_info(void)
{
	wire_start("INFO: of the old kind with a body that nobody takes, without; of a package");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("INFO", 2, "Content-Type: application/dtmf-relay\n\nSignal=1\n");
	rx("INFO", 3, "");
	rx("INFO", 4, "Info-Package: foo\n");
	wire_log("       Recv-Info: %s", strstr(w->last, "Recv-Info:") ? "there" : "not there");
	req_with(SIP_INFO, 0, SDP);
	wire_answer(w, 415, NULL, "");
	req_with(SIP_INFO, 0, SDP);
	wire_answer(w, 481, NULL, "");
	done();
	finish();
}

/* RFC 3398 12: they go one after the other, and none before there is a dialog */
static void test_info_order(void)
{
	wire_start("INFO: kept until there is a dialog, then one at a time; 408 ends the leg");
	invite();
	req_with(SIP_INFO, 0, SDP);
	req_with(SIP_INFO, 0, "v=0\r\no=2\r\n");
	wire_answer(w, 183, "b", "");
	req_with(SIP_INFO, 0, "v=0\r\no=3 later\r\n");
	wire_answer(w, 200, NULL, "");
	wire_answer(w, 500, NULL, "");
	wire_answer(w, 408, NULL, "");
	done();
	finish();

	wire_start("INFO: too many; BYE does not wait, and has a body, too");
	rx_invite();
	req(SIP_INVITE, 200);
	for (unsigned int i = 0; i < 33; i++) {
		w->quiet = i > 0;
		if (req_with(SIP_INFO, 0, SDP) < 0)
			printf("INFO %u\n", i);
	}
	w->quiet = false;
	req_with(SIP_INFO, 0, SDP);
	req_with(SIP_BYE, 0, SDP);
	rx("ACK", 1, "");
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("INFO without an answer");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	req_with(SIP_INFO, 0, SDP);
	w->quiet = true;
	wire_pass(31900);
	w->quiet = false;
	wire_pass(200);
	done();
	finish();
}

int main(int argc, char **argv)
{
	leg_init();
	test_info();
	test_info_order();
	leg_exit();
	return 0;
}
