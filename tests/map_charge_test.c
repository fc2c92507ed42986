/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of who pays, what line it is, how the carrier was chosen and where the caller is, row by row. */

#include "map_cases.h"

static const struct to_invite charged[] = {
	{ "charge number, originating line", &trusted, CALLER("screening=network")
	  " charge_number(noa=calling-national digits=5551234) oli=61", 0,
	  "P-Asserted-Identity: <sip:+33301112222;oli=61@gw;user=phone>\r\n|"
	  "P-Charge-Info: <sip:+335551234@gw;user=phone>;npi=1;noa=3\r\n" },
	{ "the called party pays", &trusted, CALLER("screening=network")
	  " charge_number(noa=called-national digits=5551234) oli=ordinary", 0, ";oli=00@|;npi=1;noa=7\r\n" },
	{ "no number", &trusted, CALLER("screening=network") " charge_number(noa=not-available digits=)", 0,
	  "!P-Charge-Info|!oli" },
	{ "charge number, not trusted", &untrusted,
	  CALLER("") " charge_number(noa=calling-national digits=5551234) oli=61", 0, "!P-Charge-Info|!oli" },
	{ "the caller's switch", &trusted, CALLER("screening=network") " jurisdiction(digits=830660) oli=00", 0,
	  ";oli=00;rn=830660;rn-context=+33@gw;user=phone>" },
	{ "the caller's switch, nobody vouches for the caller", &trusted,
	  CALLER("ni=1") " jurisdiction(digits=830660)", 0, "!rn=" },
	{ "the caller's switch, not trusted", &untrusted, CALLER("screening=network") " jurisdiction(digits=830660)", 0,
	  "!rn=" },
	{ "the caller's switch, other digits", &trusted, CALLER("screening=network") " jurisdiction(digits=8306A0)", 0,
	  "!rn=" },
	{ "the caller's switch, too few", &trusted, CALLER("screening=network") " jurisdiction(digits=8306)", 0,
	  "!rn=" },
	{ "how the carrier was chosen", &trusted, CALLER("") " tns(type=national plan=4-digit digits=028800)"
	  " carrier_selection=presubscribed-undetermined", 0, ";cic=0288;cic-context=+33;dai=presub-daUnkwn@" },
	{ "of no carrier", &trusted, CALLER("") " carrier_selection=input", 0, "!dai" },
	{ "no indication", &trusted, CALLER("") " tns(type=national plan=4-digit digits=028800)"
	  " carrier_selection=no-indication", 0, ";cic=0288;cic-context=+33;dai=no-ind@" },
	{ "presubscription unknown", &trusted, CALLER("") " tns(type=national plan=4-digit digits=028800)"
	  " carrier_selection=unknown-input", 0, ";dai=presubUnkwn-da@" },
	{ "spare", &trusted, CALLER("") " tns(type=national plan=4-digit digits=028800) carrier_selection=77", 0,
	  ";dai=no-ind@" },
	{ "nothing said", &trusted, CALLER("") " tns(type=national plan=4-digit digits=028800)", 0, ";cic=0288|!dai" },
};

static const struct to_iam charges[] = {
	{ "charge number, originating line", &trusted, RURI, FROM,
	  "P-Asserted-Identity: <sip:+33301112222;oli=61@pbx>\r\nP-Charge-Info: <sip:+335551234@pbx>\r\n", 0,
	  "charge_number(noa=calling-national npi=isdn digits=5551234)|oli=wireless-1" },
	{ "the called party pays", &trusted, RURI, FROM,
	  "P-Asserted-Identity: <sip:+33301112222;oli=00@pbx>\r\n"
	  "P-Charge-Info: <sip:+335551234@pbx>;npi=1;noa=7\r\n", 0,
	  "charge_number(noa=called-national npi=isdn digits=5551234)|oli=ordinary" },
	{ "abroad, odd lines", &trusted, RURI, "<sip:+33301112222;oli=6a@pbx>",
	  "P-Charge-Info: <sip:+445551234@pbx>\r\n", 0, "!charge_number|!oli" },
	{ "charge number, not trusted", &untrusted, RURI, "<sip:+33301112222;oli=61@pbx>",
	  "P-Charge-Info: <sip:+335551234@pbx>\r\n", 0, "!charge_number|!oli" },
	{ "the caller's switch", &trusted, RURI, FROM,
	  "P-Asserted-Identity: <sip:+33301112222;rn=+33830660@pbx>\r\n", 0, "jurisdiction(digits=830660)" },
	{ "the caller's switch, in another form, of the second identity", &trusted, RURI, FROM,
	  "P-Asserted-Identity: <sip:x@pbx>, <tel:+33301112222;rn=830-660;rn-context=+33>\r\n", 0,
	  "jurisdiction(digits=830660)" },
	{ "abroad", &trusted, RURI, FROM, "P-Asserted-Identity: <sip:+33301112222;rn=+1830660@pbx>\r\n", 0,
	  "!jurisdiction" },
	{ "of a network's own", &trusted, RURI, FROM,
	  "P-Asserted-Identity: <sip:+33301112222;rn=830660;rn-context=example.net@pbx>\r\n", 0, "!jurisdiction" },
	{ "a whole routing number", &trusted, RURI, FROM,
	  "P-Asserted-Identity: <sip:+33301112222;rn=+338306601234@pbx>\r\n", 0, "!jurisdiction" },
	{ "the caller's switch, not trusted", &untrusted, RURI, FROM,
	  "P-Asserted-Identity: <sip:+33301112222;rn=+33830660@pbx>\r\n", 0, "!jurisdiction" },
	{ "carrier chosen, not trusted", &untrusted, RURI ";cic=0288;dai=presub", FROM, "", 0, "!carrier_selection" },
	{ "how the carrier was chosen", &trusted, RURI ";cic=0288;dai=presub-da", FROM, "", 0,
	  "carrier_selection=presubscribed-input" },
	{ "presubscription unknown", &trusted, RURI ";cic=0288;dai=presubUnkwn-da", FROM, "", 0,
	  "carrier_selection=unknown-input" },
	{ "no indication", &trusted, RURI ";cic=0288;dai=no-ind", FROM, "", 0, "carrier_selection=no-indication" },
	{ "in words that ISUP has not", &trusted, RURI ";cic=0288;dai=operator", FROM, "", 0,
	  "carrier_selection=no-indication" },
	{ "nothing said", &trusted, RURI ";cic=0288", FROM, "", 0, "!carrier_selection" },
	{ "in a way nobody knows", &trusted, RURI ";cic=0288;dai=guessed", FROM, "", 0,
	  "carrier_selection=no-indication" },
	{ "no carrier", &trusted, RURI ";dai=da", FROM, "", 0, "!carrier_selection" },
};

static const struct to_invite located[] = {
	{ "location number", &trusted, CALLER("") " location_number(noa=national inn=1 npi=isdn screening=network"
	  " digits=8030048660)", 0,
	  "P-Access-Network-Info: GSTN;gstn-location=\"03930803406806\";network-provided\r\n" },
	{ "location number, not trusted", &untrusted, CALLER("") " location_number(digits=8030048660)", 0,
	  "!P-Access-Network-Info" },
};

static const struct to_iam locations[] = {
	{ "location number", &trusted, RURI, FROM,
	  "P-Access-Network-Info: GSTN;gstn-location=\"03930803406806\";network-provided\r\n", 0,
	  "location_number(noa=national inn=1 npi=isdn apri=allowed screening=network digits=8030048660)" },
	{ "of several networks", &trusted, RURI, FROM,
	  "P-Access-Network-Info: 3GPP-GERAN;cgi-3gpp=1, GSTN;gstn-location=8393214305\r\n", 0,
	  "location_number(noa=national inn=1 npi=isdn apri=allowed screening=network digits=12345)" },
	{ "broken", &trusted, RURI, FROM, "P-Access-Network-Info: GSTN;gstn-location=\"0393080\"\r\n", 0,
	  "!location_number" },
	{ "no hex", &trusted, RURI, FROM, "P-Access-Network-Info: GSTN;gstn-location=\"somewhere\"\r\n", 0,
	  "!location_number" },
	{ "too long", &trusted, RURI, FROM,
	  "P-Access-Network-Info: GSTN;gstn-location=\"039308034068060102030405\"\r\n", 0, "!location_number" },
	{ "another access", &trusted, RURI, FROM, "P-Access-Network-Info: 3GPP-GERAN;cgi-3gpp=0393\r\n", 0,
	  "!location_number" },
	{ "location number, not trusted", &untrusted, RURI, FROM,
	  "P-Access-Network-Info: GSTN;gstn-location=\"03930803406806\"\r\n", 0, "!location_number" },
};

int main(void)
{
	const struct isup_dialect *ansi = isup_dialect_find("ansi");

	TO_INVITE(charged, ansi);
	TO_IAM(charges, ansi);
	TO_INVITE(located, &isup_dialect_itu);
	TO_IAM(locations, &isup_dialect_itu);
	return expect_failures ? 1 : 0;
}
