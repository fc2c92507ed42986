/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of numbers, row by row: what an IAM becomes in an INVITE, and back; each case says which rows it is for. */

#include "map_cases.h"

static const struct map_numbers only_diversion = { .diversion = MAP_DIVERSION_DIVERSION };
static const struct map_numbers only_history = { .diversion = MAP_DIVERSION_HISTORY_INFO };

static const struct map_iam_env diversion = ENV(.trusted = true, .peer = &only_diversion);
static const struct map_iam_env diversion_untrusted = ENV(.trusted = false, .peer = &only_diversion);
static const struct map_iam_env history = ENV(.trusted = true, .peer = &only_history);
static const struct map_iam_env history_untrusted = ENV(.trusted = false, .peer = &only_history);

static const struct map_numbers additional = { .additional = MAP_ADDITIONAL_ON };
static const struct map_iam_env two = ENV(.trusted = true, .peer = &additional);
static const struct map_iam_env two_untrusted = ENV(.trusted = false, .peer = &additional);

#define PORTED(way) (&(const struct map_iam_env)ENV(.group = &(const struct map_numbers){ .portability = way }))
#define CARRIED(way) (&(const struct map_iam_env)ENV(.group = &(const struct map_numbers){ .carrier = way }))
#define ASKING (&(const struct map_iam_env)ENV(.peer = &(const struct map_numbers){ .ask_connected = true }))
#define FACTOR(n) (&(const struct map_iam_env)ENV(.peer = &(const struct map_numbers){ .hop_factor = n }, \
						   .group = &(const struct map_numbers){ .hop_counter = true }))
static const struct map_numbering routing4 = {
	.country_code = "33", .national_prefix = "0", .international_prefix = "00", .routing_digits = 4,
};
static const struct map_iam_env to_trunk = ENV(.peer = &(const struct map_numbers){ .tgrp = "TG-1@example.com" });
static const struct map_numbering nowhere;
static const struct map_iam_env split = {
	.profile = &map_profile_rfc3398, .numbering = &routing4, .local = "gw", .remote = "pbx",
};
/* The circuits lead to Britain, the peer is in France */
static const struct map_numbering britain = { .country_code = "44", .national_prefix = "0" };
static const struct map_iam_env to_britain = {
	.profile = &map_profile_rfc3398, .numbering = &britain, .sip_numbering = &france, .trusted = true,
};
static const struct map_iam_env no_country = {
	.profile = &map_profile_rfc3398, .numbering = &nowhere, .local = "gw", .remote = "pbx",
};

static const struct isup_dialect *ansi;

/* ---- IAM to INVITE ---- */

#define REDIRECTED(counter, orig, reason) \
	" redirection_info(indicator=diverted original_reason=" orig " counter=" counter " reason=" reason ")"
#define BOB	"redirecting(digits=301112222)"
#define HIDDEN_BOB "redirecting(digits=301112222 apri=restricted)"
#define ALICE	" original_called(digits=309998888)"
#define TARGET(cause, privacy) \
	"History-Info: <sip:+33201234567@pbx;user=phone;cause=" cause privacy ">"

static const struct to_invite diverted[] = {
	{ "one diversion", &diversion, IAM BOB REDIRECTED("1", "unknown", "user-busy"), 0,
	  "Diversion: <sip:+33301112222@gw;user=phone>;reason=user-busy;counter=1;privacy=off\r\n|!History-Info" },
	{ "two", &diversion, IAM BOB ALICE REDIRECTED("2", "unconditional", "no-reply"), 0,
	  "Diversion: <sip:+33301112222@gw;user=phone>;reason=no-answer;counter=1;privacy=off\r\n"
	  "Diversion: <sip:+33309998888@gw;user=phone>;reason=unconditional;counter=1;privacy=off\r\n" },
	{ "five", &diversion, IAM BOB ALICE REDIRECTED("5", "user-busy", "deflection-alerting"), 0,
	  ";reason=deflection;counter=4;|;reason=user-busy;counter=1;" },
	{ "not reachable", &diversion, IAM BOB REDIRECTED("1", "unknown", "not-reachable"), 0, ";reason=unavailable;" },
	{ "reason not known", &diversion, IAM BOB REDIRECTED("1", "unknown", "15"), 0, ";reason=unknown;" },
	{ "hidden, trusted", &diversion, IAM HIDDEN_BOB REDIRECTED("1", "unknown", "unconditional"), 0,
	  "Diversion: <sip:+33301112222@gw;user=phone>;reason=unconditional;counter=1;privacy=full\r\n" },
	{ "hidden, not trusted", &diversion_untrusted, IAM HIDDEN_BOB REDIRECTED("1", "unknown", "unconditional"), 0,
	  "Diversion: <sip:anonymous@anonymous.invalid>;reason=unconditional;counter=1;privacy=full\r\n|!33301112222" },
	{ "all hidden by the indicator", &diversion_untrusted,
	  IAM BOB " redirection_info(indicator=diverted-all-restricted counter=1)", 0, "<sip:anonymous@|!33301112222" },
	{ "no redirection information", &diversion, IAM BOB, 0, ";reason=unknown;counter=1;privacy=off" },
	{ "original called number alone", &diversion, IAM ALICE REDIRECTED("1", "unknown", "user-busy"), 0,
	  "Diversion: <sip:+33309998888@gw;user=phone>;reason=user-busy" },
	{ "number not available", &diversion, IAM REDIRECTED("1", "unknown", "user-busy"), 0,
	  "Diversion: <sip:unknown@unknown.invalid>;reason=user-busy" },
	{ "not diverted", &trusted, IAM ALICE, 0, "!Diversion|!History-Info" },
	{ "both headers", &trusted, IAM BOB REDIRECTED("1", "unknown", "user-busy"), 0, "Diversion: |History-Info: " },
	{ "one, History-Info", &history, IAM BOB REDIRECTED("1", "unknown", "user-busy"), 0,
	  "History-Info: <sip:+33301112222@gw;user=phone>;index=1\r\n" TARGET("486", "") ";index=1.1;mp=1\r\n"
	  "|!Diversion" },
	{ "two, History-Info", &history, IAM BOB ALICE REDIRECTED("2", "unconditional", "no-reply"), 0,
	  "History-Info: <sip:+33309998888@gw;user=phone>;index=1\r\n"
	  "History-Info: <sip:+33301112222@gw;user=phone;cause=302>;index=1.1;mp=1\r\n"
	  TARGET("408", "") ";index=1.1.1;mp=1.1\r\n" },
	{ "four, History-Info", &history, IAM BOB ALICE REDIRECTED("4", "user-busy", "deflection-immediate"), 0,
	  "History-Info: <sip:+33309998888@gw;user=phone>;index=1\r\n"
	  "History-Info: <sip:unknown@unknown.invalid;cause=486>;index=1.1;mp=1\r\n"
	  "History-Info: <sip:unknown@unknown.invalid;cause=404>;index=1.1.1;mp=1.1\r\n"
	  "History-Info: <sip:+33301112222@gw;user=phone;cause=404>;index=1.1.1.1;mp=1.1.1\r\n"
	  TARGET("480", "") ";index=1.1.1.1.1;mp=1.1.1.1\r\n" },
	{ "hidden, History-Info", &history, IAM HIDDEN_BOB REDIRECTED("1", "unknown", "deflection-alerting"), 0,
	  "History-Info: <sip:+33301112222@gw;user=phone?Privacy=history>;index=1\r\n"
	  TARGET("487", "") ";index=1.1;mp=1\r\n" },
	{ "hidden, History-Info, not trusted", &history_untrusted,
	  IAM HIDDEN_BOB REDIRECTED("1", "unknown", "not-reachable"), 0,
	  "History-Info: <sip:anonymous@anonymous.invalid>;index=1\r\n" TARGET("503", "") ";index=1.1;mp=1\r\n"
	  "|!33301112222" },
	{ "redirection number hidden", &history,
	  IAM BOB " redirection_info(indicator=diverted-number-restricted counter=1 reason=unconditional)", 0,
	  TARGET("302", "?Privacy=history") ";index=1.1;mp=1\r\n" },
};

/* ---- who calls ---- */

#define GENERIC(how) " generic_number(qualifier=additional-calling digits=309998888 " how ")"
#define FROM_BOB "From: <sip:+33301112222@gw;user=phone>\r\n"
#define FROM_ALICE "From: <sip:+33309998888@gw;user=phone>\r\n"
#define ANONYMOUS "From: \"Anonymous\" <sip:anonymous@anonymous.invalid>\r\n"
#define PAI(par) "P-Asserted-Identity: <sip:+33301112222" par "@gw;user=phone>\r\n"

static const struct to_invite callers[] = {
	{ "CLIP", &two, CALLER(""), 0, FROM_BOB PAI("") "|!Privacy" },
	{ "CLIP, not trusted", &two_untrusted, CALLER(""), 0, FROM_BOB "|!P-Asserted|!Privacy" },
	{ "CLIR", &two, CALLER("apri=restricted"), 0, ANONYMOUS PAI("") "Privacy: id\r\n" },
	{ "CLIR, not trusted", &two_untrusted, CALLER("apri=restricted"), 0, ANONYMOUS "Privacy: id\r\n|!301112222" },
	{ "CLI not available", &two, IAM "calling(apri=not-available)", 0, "From: <sip:gw>\r\n|!P-Asserted|!Privacy" },
	{ "no CLI", &two, IAM, 0, "From: <sip:gw>\r\n|!P-Asserted|!Privacy" },
	{ "user provided, verified", &two, CALLER("screening=user-passed"), 0, FROM_BOB PAI("") },
	{ "user provided, not verified", &two, CALLER("screening=0"), 0, FROM_BOB "|!P-Asserted" },
	{ "incomplete", &two, CALLER("ni=1"), 0, FROM_BOB "|!P-Asserted" },
	{ "two numbers", &two, CALLER("") GENERIC(""), 0, FROM_ALICE PAI("") "|!Privacy" },
	{ "two numbers, not trusted", &two_untrusted, CALLER("") GENERIC(""), 0, FROM_ALICE "|!301112222" },
	{ "two numbers, the network's hidden", &two, CALLER("apri=restricted") GENERIC(""), 0,
	  FROM_ALICE PAI("") "Privacy: id\r\n" },
	{ "two numbers, the user's hidden", &two, CALLER("") GENERIC("apri=restricted"), 0, ANONYMOUS PAI("") },
	{ "two numbers, both hidden", &two, CALLER("apri=restricted") GENERIC("apri=restricted"), 0,
	  ANONYMOUS PAI("") "Privacy: id\r\n" },
	{ "two numbers, none of the user's", &two, CALLER("") GENERIC("apri=not-available"), 0, FROM_BOB PAI("") },
	{ "the user's number alone", &two, IAM GENERIC(""), 0, FROM_ALICE "|!P-Asserted" },
	{ "another generic number", &two, CALLER("") " generic_number(qualifier=additional-called digits=309998888)", 0,
	  FROM_BOB "|!309998888" },
	{ "behind another generic number", &two, CALLER("")
	  " generic_number(qualifier=additional-called digits=308887777)" GENERIC(""), 0, FROM_ALICE "|!308887777" },
	{ "one number by the profile", &trusted, CALLER("") GENERIC(""), 0, FROM_BOB "|!309998888" },
	{ "operator, French", &trusted, CALLER("") " cpc=operator-french", 0,
	  PAI(";cpc=operator") "|Accept-Language: fr\r\n" },
	{ "operator, German, not trusted", &untrusted, CALLER("") " cpc=operator-german", 0, "!cpc|!Accept-Language" },
	{ "national operator", &trusted, CALLER("") " cpc=operator-national", 0, ";cpc=operator@|!Accept-Language" },
	{ "payphone", &trusted, CALLER("") " cpc=payphone", 0, PAI(";cpc=payphone") },
	{ "test call", &trusted, CALLER("") " cpc=test", 0, PAI(";cpc=test") },
	{ "unknown", &trusted, CALLER("") " cpc=unknown", 0, PAI(";cpc=unknown") },
	{ "priority", &trusted, CALLER("") " cpc=priority", 0, PAI(";cpc=priority") "|!Resource" },
	{ "ordinary", &trusted, CALLER("") " cpc=ordinary", 0, "!cpc" },
	{ "data: no word", &trusted, CALLER("") " cpc=data", 0, "!cpc" },
	{ "a code without a row", &trusted, CALLER("") " cpc=99", 0, "!cpc" },
};

static const struct to_invite ansi_callers[] = {
	{ "name", &trusted, CALLER("") " generic_name(type=calling content=0x4a4f484e20444f45)", 0,
	  "From: \"JOHN DOE\" <sip:+33301112222@gw;user=phone>\r\n"
	  "P-Asserted-Identity: \"JOHN DOE\" <sip:+33301112222@gw;user=phone>\r\n" },
	{ "name with odd characters", &trusted, CALLER("") " generic_name(type=calling content=0x20225c0d0affe96120)",
	  0, "From: \"\\\"\\\\????a\" <sip:" },
	{ "name restricted", &trusted, CALLER("") " generic_name(type=calling presentation=restricted content=0x4a)",
	  0, FROM_BOB "P-Asserted-Identity: \"J\" <|Privacy: id\r\n" },
	{ "name restricted, not trusted", &untrusted,
	  CALLER("") " generic_name(type=calling presentation=restricted content=0x4a)", 0, "!\"J\"" },
	{ "number restricted", &untrusted, CALLER("apri=restricted") " generic_name(type=calling content=0x4a)", 0,
	  ANONYMOUS "|!\"J\"" },
	{ "name not available", &trusted, CALLER("") " generic_name(type=calling not_available=yes)", 0, FROM_BOB },
	{ "another's name", &trusted, CALLER("") " generic_name(type=redirecting content=0x4a)", 0, FROM_BOB },
	{ "name without number", &trusted, IAM " generic_name(type=calling content=0x4a)", 0,
	  "From: \"J\" <sip:gw>\r\n" },
	{ "supplemental user provided", &two,
	  CALLER("") " generic_address(qualifier=supplemental-not-screened digits=309998888)", 0, FROM_ALICE PAI("") },
	{ "emergency", &trusted, CALLER("") " cpc=emergency", 0, PAI(";cpc=emergency") },
	{ "NS/EP", &trusted, CALLER("") " cpc=ns-ep", 0, "Resource-Priority: ets.0\r\n|!cpc" },
	{ "NS/EP, not trusted", &untrusted, CALLER("") " cpc=ns-ep", 0, "!Resource-Priority" },
};

/* ---- who is called ---- */

#define NRN(how) " network_routing(digits=12C4 " how ")"
#define TRANSLATED " fci(number_translated=yes)"
#define RN ";rn=12C4;rn-context=+33"

static const struct to_invite ported[] = {
	{ "M bit", &trusted, IAM TRANSLATED, 0, "INVITE sip:+33201234567;npdi=yes@pbx;user=phone\r\n" },
	{ "routing number", &trusted, IAM TRANSLATED NRN(""), 0,
	  "INVITE sip:+33201234567;npdi=yes" RN "@pbx;user=phone\r\n|"
	  "To: <sip:+33201234567;npdi=yes" RN "@pbx;user=phone>" },
	{ "routing number without M bit", &trusted, IAM NRN(""), 0, "INVITE sip:+33201234567;npdi=yes" RN "@pbx" },
	{ "routing number of the network", &trusted, IAM NRN("noa=network-specific"), 0, ";npdi=yes;rn=12C4@pbx" },
	{ "trunk group of the peer, RFC 4904 5", &to_trunk, IAM NRN(""), 0,
	  ";npdi=yes;rn=12C4;rn-context=+33;tgrp=TG-1;trunk-context=example.com@pbx" },
	{ "no country", &no_country, IAM NRN(""), 0, "INVITE sip:201234567;npdi=yes;rn=12C4@pbx" },
	{ "directory number", &trusted,
	  "IAM called(digits=12C4 noa=nrn-national) called_directory(digits=201234567)", 0,
	  "INVITE sip:+33201234567;npdi=yes" RN "@pbx" },
	{ "directory number, network specific", &trusted,
	  "IAM called(digits=12C4 noa=nrn-network-specific) called_directory(digits=201234567)", 0, ";rn=12C4@pbx" },
	{ "concatenated", &split, "IAM called(digits=12C4201234567 noa=nrn-concatenated)", 0,
	  "INVITE sip:+33201234567;npdi=yes" RN "@pbx" },
	{ "concatenated, how is not known", &trusted, "IAM called(digits=1234201234567 noa=nrn-concatenated)", 0,
	  "INVITE sip:1234201234567@pbx" },
	{ "carrier", &trusted, IAM "tns(digits=288)", 0, "INVITE sip:+33201234567;cic=288;cic-context=+33@pbx" },
	{ "carrier, CCITT", &trusted, IAM "tns(digits=288 type=0)", 0, "INVITE sip:+33201234567@pbx" },
	{ "carrier, not wanted", CARRIED(MAP_CARRIER_NONE), IAM "tns(digits=288)", 0, "INVITE sip:+33201234567@pbx" },
};

static const struct to_invite hops[] = {
	{ "hop counter", &trusted, IAM "hop_counter=20", 0, "Max-Forwards: 57\r\n" },
	{ "largest hop counter", &trusted, IAM "hop_counter=31", 0, "Max-Forwards: 90\r\n" },
	{ "factor", FACTOR(5), IAM "hop_counter=20", 0, "Max-Forwards: 95\r\n" },
	{ "last exchange", &trusted, IAM "hop_counter=2", 0, "Max-Forwards: 3\r\n" },
	{ "too many", &trusted, IAM "hop_counter=1", 25, "" },
	{ "COLP", &trusted, IAM "opt_fci(connected_line=yes)", 0, "Supported: from-change\r\n" },
	{ "no COLP", &trusted, IAM "opt_fci(cug_call=outgoing-allowed)", 0, "!from-change" },
	{ "none", &trusted, IAM, 0, "Max-Forwards: 0\r\n" },
};

static const struct to_invite ansi_ported[] = {
	{ "generic address", &trusted, "IAM called=5125550110" TRANSLATED
	  " generic_address(qualifier=ported digits=201234567)", 0,
	  "INVITE sip:+33201234567;npdi=yes;rn=5125550110;rn-context=+33@pbx" },
	{ "generic address, no query", &trusted,
	  "IAM called=5125550110 generic_address(qualifier=ported digits=201234567)", 0,
	  "INVITE sip:+335125550110@pbx" },
	{ "carrier", &trusted, IAM "tns(digits=028800)", 0, ";cic=0288;cic-context=+33@pbx" },
	{ "carrier identification", &trusted, IAM "carrier(digits=5062)", 0, ";cic=5062;cic-context=+33@pbx" },
};

/* ---- INVITE to IAM ---- */

#define REDIRECTION(indicator, orig, counter, reason) \
	"redirection_info(indicator=" indicator " original_reason=" orig " counter=" counter " reason=" reason ")"
#define NUMBER(par, digits, apri) par "(noa=national npi=isdn apri=" apri " digits=" digits ")"
#define BASE "History-Info: <sip:+33309998888@pbx;user=phone>;index=1\r\n"

static const struct to_iam diversions[] = {
	{ "one Diversion", &trusted, RURI, FROM, "Diversion: <sip:+33309998888@pbx>;reason=user-busy\r\n", 0,
	  NUMBER("redirecting", "309998888", "allowed") "|" NUMBER("original_called", "309998888", "allowed") "|"
	  REDIRECTION("diverted", "user-busy", "1", "user-busy") },
	{ "two Diversions, two counters", &trusted, RURI, FROM,
	  "Diversion: <tel:+33305556666>;reason=no-answer;counter=2;privacy=off,\r\n"
	  " <sip:0309998888@pbx>;reason=unconditional;counter=1;privacy=full\r\n", 0,
	  NUMBER("redirecting", "305556666", "allowed") "|" NUMBER("original_called", "309998888", "restricted") "|"
	  REDIRECTION("diverted", "unconditional", "3", "no-reply") },
	{ "counter too large", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=away;counter=99\r\n", 0,
	  REDIRECTION("diverted", "unknown", "5", "unknown") },
	{ "Diversion, hidden", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=deflection;privacy=uri\r\n",
	  0, NUMBER("redirecting", "305556666", "restricted") "|"
	  REDIRECTION("diverted-all-restricted", "unknown", "1", "deflection-immediate") },
	{ "Diversion, unavailable", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=\"unavailable\"\r\n", 0,
	  REDIRECTION("diverted", "unknown", "1", "not-reachable") },
	{ "Diversion that names nobody", &trusted, RURI, FROM, "Diversion: <sip:bob@pbx>;reason=follow-me\r\n", 0,
	  "!redirecting(|!original_called|" REDIRECTION("diverted", "unknown", "1", "unknown") },
	{ "Diversion, not trusted", &untrusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=user-busy\r\n", 0,
	  "!redirecti|!original_called" },
	{ "one of History-Info", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;user=phone;cause=302>;index=1.1;mp=1\r\n", 0,
	  NUMBER("redirecting", "309998888", "allowed") "|" NUMBER("original_called", "309998888", "allowed") "|"
	  REDIRECTION("diverted", "unconditional", "1", "unconditional") },
	{ "two of History-Info, RFC 7544 7.2", &trusted, RURI, FROM,
	  "History-Info: <sip:+33309998888@pbx?Privacy=history>;index=1,"
	  "<sip:+33305556666@pbx;cause=302?Privacy=none>;index=1.1;mp=1,<sip:+33201234567@gw;cause=486>;"
	  "index=1.1.1;mp=1.1\r\n", 0,
	  NUMBER("redirecting", "305556666", "allowed") "|" NUMBER("original_called", "309998888", "restricted") "|"
	  REDIRECTION("diverted", "unconditional", "2", "user-busy") },
	{ "mp names an earlier entry", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33305556666@pbx>;index=1.1;rc=1,"
	  "<sip:+33201234567@gw;cause=408>;index=1.2;mp=1\r\n", 0,
	  NUMBER("redirecting", "309998888", "allowed") "|" REDIRECTION("diverted", "no-reply", "1", "no-reply") },
	{ "no mp: the entry before", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33305556666@pbx>;index=1.1, <sip:+33201234567@gw;cause=480>;index=1.2\r\n", 0,
	  NUMBER("redirecting", "305556666", "allowed") "|"
	  REDIRECTION("diverted", "unknown", "1", "deflection-immediate") },
	{ "deflection during alerting", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=487>;index=1.1;mp=1\r\n", 0, "reason=deflection-alerting)" },
	{ "not reachable", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=503>;index=1.1;mp=1\r\n", 0, "reason=not-reachable)" },
	{ "the target hidden", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=404?Privacy=history>;index=1.1;mp=1\r\n", 0,
	  REDIRECTION("diverted-number-restricted", "unknown", "1", "unknown") },
	{ "Privacy: history", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=404>;index=1.1;mp=1\r\nPrivacy: history\r\n", 0,
	  "indicator=diverted-all-restricted|calling(noa=national ni=0 npi=isdn apri=allowed" },
	{ "not diverted", &trusted, RURI, FROM, BASE "History-Info: <sip:+33201234567@gw>;index=1.1;rc=1\r\n", 0,
	  "!redirecti|!original_called" },
	{ "History-Info before Diversion", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=302>;index=1.1;mp=1\r\n"
	  "Diversion: <tel:+33305556666>;reason=user-busy\r\n", 0, "reason=unconditional)|!305556666" },
	{ "encapsulated ISUP says as much", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=user-busy\r\n",
	  0, "reason=no-reply)|!305556666", IAM BOB REDIRECTED("1", "unknown", "no-reply") },
	{ "headers say more", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=user-busy;counter=2\r\n", 0,
	  "reason=user-busy)|redirecting(noa=national npi=isdn apri=allowed digits=305556666",
	  IAM BOB REDIRECTED("1", "unknown", "no-reply") },
};

#define PAI_BOB "P-Asserted-Identity: <sip:+33305556666@pbx>\r\n"
#define CALLING(digits, apri) \
	"calling(noa=national ni=0 npi=isdn apri=" apri " screening=network digits=" digits ")"
#define ADDITIONAL(digits, apri) "generic_number(qualifier=additional-calling noa=national ni=0 npi=isdn apri=" apri \
	" screening=user-not-verified digits=" digits ")"

static const struct to_iam identities[] = {
	{ "COLP", &trusted, RURI, FROM, "Supported: from-change\r\n", 0, "opt_fci(|connected_line=yes" },
	{ "precedence", &trusted, RURI, FROM, "Resource-Priority: q735.1\r\n", 0,
	  "cpc=ordinary|mlpp(lfb=not-allowed level=flash ni1=0 ni2=3 ni3=3 ni4=0 domain=0)" },
	{ "precedence of the second value, any case", &trusted, RURI, FROM,
	  "Resource-Priority: foo.bar, DSN.Flash-Override\r\n", 0, "mlpp(|level=flash-override" },
	{ "precedence: drsn has a level more", &trusted, RURI, FROM,
	  "Resource-Priority: drsn.flash-override-override\r\n", 0, "mlpp(|level=flash-override" },
	{ "precedence and category", &trusted, RURI, FROM, "Resource-Priority: ets.3\r\nResource-Priority: q735.4\r\n",
	  0, "cpc=priority|mlpp(|level=routine" },
	{ "emergency", &trusted, RURI, FROM, "Resource-Priority: esnet.1\r\n", 0, "cpc=priority|!mlpp" },
	{ "no such priority", &trusted, RURI, FROM, "Resource-Priority: q735.5, ets.x, q735\r\n", 0,
	  "cpc=ordinary|!mlpp" },
	{ "precedence, not trusted", &untrusted, RURI, FROM, "Resource-Priority: q735.1, ets.0\r\n", 0,
	  "cpc=ordinary|!mlpp" },
	{ "COLP, not trusted", &untrusted, RURI, FROM, "Supported: from-change\r\n", 0, "!opt_fci" },
	{ "COLP by the peer", ASKING, RURI, FROM, "", 0, "connected_line=yes" },
	{ "no COLP", &trusted, RURI, FROM, "", 0, "!opt_fci" },
	{ "From alone", &two, RURI, FROM, "", 0, CALLING("301112222", "allowed") "|!generic" },
	{ "identity and From", &two, RURI, FROM, PAI_BOB, 0,
	  CALLING("305556666", "allowed") "|" ADDITIONAL("301112222", "allowed") },
	{ "the same twice", &two, RURI, "<tel:+33305556666>", PAI_BOB, 0, CALLING("305556666", "allowed") "|!generic" },
	{ "From is no number", &two, RURI, "<sip:bob@pbx>", PAI_BOB, 0, CALLING("305556666", "allowed") "|!generic" },
	{ "not trusted", &two_untrusted, RURI, FROM, PAI_BOB, 0, CALLING("301112222", "allowed") "|!generic" },
	{ "one number by the profile", &trusted, RURI, FROM, PAI_BOB, 0, CALLING("305556666", "allowed") "|!generic" },
	{ "neither", &two, RURI, "<sip:anonymous@anonymous.invalid>", "", 0, "!calling|!generic" },
	{ "Privacy: id", &two, RURI, FROM, PAI_BOB "Privacy: id\r\n", 0,
	  CALLING("305556666", "restricted") "|" ADDITIONAL("301112222", "restricted") },
	{ "Privacy: header", &two, RURI, FROM, PAI_BOB "Privacy: header\r\n", 0, CALLING("305556666", "restricted") },
	{ "Privacy: user", &two, RURI, FROM, PAI_BOB "Privacy: user\r\n", 0, CALLING("305556666", "restricted") },
	{ "Privacy: session", &two, RURI, FROM, PAI_BOB "Privacy: session\r\n", 0, CALLING("305556666", "allowed") },
	{ "Privacy: none", &two, RURI, FROM, PAI_BOB "Privacy: none\r\n", 0, CALLING("305556666", "allowed") },
	{ "Privacy: id;critical", &two, RURI, FROM, PAI_BOB "Privacy: id;critical\r\n", 0,
	  CALLING("305556666", "restricted") },
	{ "Privacy: odd;critical", &two, RURI, FROM, PAI_BOB "Privacy: odd;critical\r\n", 500, "" },
	{ "Privacy: odd", &two, RURI, FROM, PAI_BOB "Privacy: odd\r\n", 0, CALLING("305556666", "allowed") },
	{ "Privacy in two lines", &two, RURI, FROM, PAI_BOB "Privacy: session\r\nPrivacy: id\r\n", 0,
	  CALLING("305556666", "restricted") },
	{ "a number too long", &two, RURI, "<tel:+33301112222333344445555>", "", 0, "!calling" },
	{ "the body's additional number is the same", &two, RURI, FROM, PAI_BOB, 0,
	  "generic_number(qualifier=additional-calling noa=national ni=0 npi=isdn apri=allowed screening=user-passed "
	  "digits=301112222)|!user-not-verified",
	  IAM "generic_number(qualifier=additional-calling screening=user-passed digits=301112222)" },
	{ "the body has other ones", &two, RURI, FROM, PAI_BOB, 0,
	  ADDITIONAL("301112222", "allowed") "|generic_number(qualifier=additional-called|!309990000",
	  IAM "generic_number(qualifier=additional-called digits=308887777) "
	  "generic_number(qualifier=additional-calling digits=309990000)" },
	{ "operator, French", &trusted, RURI, FROM,
	  "P-Asserted-Identity: <sip:+33305556666;cpc=operator@pbx>\r\nAccept-Language: fr-CH;q=0.9, de\r\n", 0,
	  "cpc=operator-french" },
	{ "operator, Spanish", &trusted, RURI, FROM,
	  "P-Asserted-Identity: <tel:+33305556666;cpc=operator>\r\nAccept-Language: ES\r\n", 0,
	  "cpc=operator-spanish" },
	{ "operator", &trusted, RURI, FROM, "P-Asserted-Identity: <tel:+33305556666;cpc=operator>\r\n", 0,
	  "cpc=operator-english" },
	{ "category of From", &trusted, RURI, "<sip:+33301112222;cpc=payphone@pbx>", "", 0, "cpc=payphone" },
	{ "category, not trusted", &untrusted, RURI, "<sip:+33301112222;cpc=payphone@pbx>", "", 0, "cpc=ordinary" },
	{ "no such category", &trusted, RURI, "<sip:+33301112222;cpc=hotel@pbx>", "", 0, "cpc=ordinary" },
	{ "emergency", &trusted, RURI, "<sip:+33301112222;cpc=emergency@pbx>", "", 0, "cpc=priority" },
	{ "ETS", &trusted, RURI, FROM, "Resource-Priority: ets.2\r\n", 0, "cpc=priority" },
};

#define NAME(hex, presentation) \
	"generic_name(type=calling not_available=no presentation=" presentation " content=0x" hex ")"

static const struct to_iam names[] = {
	{ "name", &trusted, RURI, "\"John D\\oe\" " FROM, "", 0, NAME("4a6f686e20446f65", "allowed") },
	{ "name of the identity", &trusted, RURI, "\"X\" " FROM, "P-Asserted-Identity: Joe <tel:+33305556666>\r\n", 0,
	  NAME("4a6f65", "allowed") },
	{ "restricted", &trusted, RURI, "\"Joe\" " FROM, "Privacy: id\r\n", 0, NAME("4a6f65", "restricted") },
	{ "no ASCII", &trusted, RURI, "\"J\303\266e\"" FROM, "", 0, NAME("4a3f65", "allowed") },
	{ "too long", &trusted, RURI, "\"  0123456789abcdef \"" FROM, "", 0,
	  NAME("303132333435363738396162636465", "allowed") },
	{ "anonymous", &trusted, RURI, "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "", 0, "!generic_name" },
	{ "not trusted", &untrusted, RURI, "\"Joe\" " FROM, "", 0, "!generic_name" },
	{ "none", &trusted, RURI, FROM, "", 0, "!generic_name" },
	{ "emergency", &trusted, RURI, "<sip:+33301112222;cpc=emergency@pbx>", "", 0, "cpc=emergency" },
	{ "ETS", &trusted, RURI, FROM, "Resource-Priority: ets.2\r\n", 0, "cpc=ns-ep" },
	{ "two numbers", &two, RURI, FROM, PAI_BOB, 0, "generic_address(qualifier=supplemental-not-screened " },
};

#define CALLED(digits) "called(noa=national inn=1 npi=isdn digits=" digits ")"
#define NRN_PAR "network_routing(npi=isdn noa=national digits=12C4)"

static const struct to_iam porting[] = {
	{ "rn", &trusted, RURI ";npdi;rn=12c4;rn-context=+33", FROM, "", 0,
	  CALLED("201234567") "|" NRN_PAR "|number_translated=yes" },
	{ "rn with '+'", &trusted, "sip:+33201234567;npdi;rn=+33-12C4@gw;user=phone", FROM, "", 0, NRN_PAR },
	{ "rn alone", &trusted, RURI ";rn=12C4", FROM, "", 0, NRN_PAR "|number_translated=yes" },
	{ "rn of a domain", &trusted, RURI ";npdi;rn=12C4;rn-context=example.com", FROM, "", 0,
	  "network_routing(npi=isdn noa=network-specific digits=12C4)" },
	{ "rn of the group's country, not the peer's", &to_britain, "tel:+442012345678;npdi;rn=+44-7C1", FROM, "", 0,
	  "network_routing(npi=isdn noa=national digits=7C1)|number_translated=yes" },
	{ "by its context", &to_britain, "tel:+442012345678;npdi;rn=7C1;rn-context=+44", FROM, "", 0,
	  "network_routing(npi=isdn noa=national digits=7C1)|number_translated=yes" },
	{ "rn of the peer's country, not the group's", &to_britain, RURI ";npdi;rn=+33123", FROM, "", 0,
	  "!network_routing|number_translated=no" },
	{ "rn of the peer's plan", &to_britain, RURI ";npdi;rn=123", FROM, "", 0,
	  "!network_routing|number_translated=no" },
	{ "rn of a network", &to_britain, RURI ";npdi;rn=123;rn-context=example.com", FROM, "", 0,
	  "network_routing(npi=isdn noa=network-specific|number_translated=yes" },
	{ "rn of another country", &trusted, RURI ";npdi;rn=+44123", FROM, "", 0,
	  "!network_routing|number_translated=no|" CALLED("201234567") },
	{ "rn of another country's context", &trusted, RURI ";npdi;rn=123;rn-context=+44", FROM, "", 0,
	  "!network_routing|number_translated=no" },
	{ "npdi alone", &trusted, RURI ";npdi", FROM, "", 0, "!network_routing|number_translated=yes" },
	{ "none", PORTED(MAP_PORTABILITY_NONE), RURI ";npdi;rn=12C4", FROM, "", 0,
	  "!network_routing|number_translated=no|" CALLED("201234567") },
	{ "directory number", PORTED(MAP_PORTABILITY_DIRECTORY_NUMBER), RURI ";npdi;rn=12C4", FROM, "", 0,
	  "!network_routing|number_translated=yes|called(noa=nrn-national inn=1 npi=isdn digits=12C4)|"
	  "called_directory(noa=national inn=1 npi=isdn digits=201234567)" },
	{ "concatenated", PORTED(MAP_PORTABILITY_CONCATENATED), RURI ";npdi;rn=12C4", FROM, "", 0,
	  "number_translated=yes|called(noa=nrn-concatenated inn=1 npi=isdn digits=12C4201234567)" },
	{ "prefix", PORTED(MAP_PORTABILITY_PREFIX), RURI ";npdi;rn=12C4", FROM, "", 0,
	  "number_translated=yes|" CALLED("12C4201234567") },
	{ "cic", &trusted, RURI ";cic=+33-288", FROM, "", 0, "tns(type=national plan=unknown digits=288)" },
	{ "cic with context", &trusted, RURI ";cic=288;cic-context=+33", FROM, "", 0, "tns(type=national " },
	{ "cic of another country", &trusted, RURI ";cic=+1-0288", FROM, "", 0, "!tns" },
	{ "cic, not wanted", CARRIED(MAP_CARRIER_NONE), RURI ";cic=+33-288", FROM, "", 0, "!tns" },
	{ "cic, no carrier identification here", CARRIED(MAP_CARRIER_CIP), RURI ";cic=+33-288", FROM, "", 0, "!tns" },
};

static const struct to_iam abroad[] = {
	{ "their own country", &to_britain, "tel:+442079460000", "<sip:0301112222@pbx>", "", 0,
	  "called(noa=national inn=1 npi=isdn digits=2079460000)|calling(noa=international ni=0 npi=isdn apri=allowed "
	  "screening=network digits=33301112222)" },
	{ "the peer's country", &to_britain, "sip:0201234567@gw", FROM,
	  "Diversion: <sip:0309998888@pbx>;reason=user-busy\r\n", 0,
	  "called(noa=international inn=1 npi=isdn digits=33201234567)|"
	  "redirecting(noa=international npi=isdn apri=allowed digits=33309998888)" },
	{ "a short code stays", &to_britain, "sip:112@gw;user=phone", FROM, "", 0,
	  "called(noa=unknown inn=1 npi=isdn digits=112)" },
};

/* Max-Forwards is 70 */
static const struct to_iam forwards[] = {
	{ "no hop counter here", &trusted, RURI, FROM, "", 0, "!hop_counter" },
	{ "Max-Forwards", FACTOR(0), RURI, FROM, "", 0, "hop_counter=23" },
	{ "at most 31", FACTOR(1), RURI, FROM, "", 0, "hop_counter=31" },
	{ "nothing is left", FACTOR(71), RURI, FROM, "", 483, "" },
	{ "encapsulated", &trusted, RURI, FROM, "", 0, "hop_counter=29", IAM "hop_counter=30" },
	{ "encapsulated, the less", FACTOR(0), RURI, FROM, "", 0, "hop_counter=23", IAM "hop_counter=30" },
	{ "encapsulated, the other the less", FACTOR(0), RURI, FROM, "", 0, "hop_counter=9", IAM "hop_counter=10" },
	{ "encapsulated, too many", FACTOR(0), RURI, FROM, "", 483, "", IAM "hop_counter=1" },
};

static const struct to_iam ansi_porting[] = {
	{ "rn", &trusted, RURI ";npdi;rn=+33-5125550110", FROM, "", 0,
	  "number_translated=yes|" CALLED("5125550110") "|generic_address(qualifier=ported noa=national npi=isdn "
	  "apri=allowed screening=user-not-verified digits=201234567)" },
	{ "cic", &trusted, RURI ";cic=+33-288", FROM, "", 0, "carrier(type=national plan=4-digit digits=0288)|!tns" },
	{ "cic, abroad", &trusted, "tel:+442079460000;cic=+33-0288", FROM, "", 0,
	  "tns(type=national plan=4-digit digits=028800)|!carrier(" },
	{ "cic as TNS", CARRIED(MAP_CARRIER_TNS), RURI ";cic=+33-5062", FROM, "", 0,
	  "tns(type=national plan=4-digit digits=506200)" },
	{ "cic too long", &trusted, RURI ";cic=+33-50622", FROM, "", 0, "!tns|!carrier(" },
};

int main(void)
{
	ansi = isup_dialect_find("ansi");
	TO_INVITE(diverted, &isup_dialect_itu);
	TO_IAM(diversions, &isup_dialect_itu);
	TO_IAM(diversions, ansi);
	TO_INVITE(callers, &isup_dialect_itu);
	TO_INVITE(ansi_callers, ansi);
	TO_INVITE(ported, &isup_dialect_itu);
	TO_INVITE(hops, &isup_dialect_itu);
	TO_IAM(forwards, &isup_dialect_itu);
	TO_IAM(abroad, &isup_dialect_itu);
	TO_INVITE(ansi_ported, ansi);
	TO_IAM(porting, &isup_dialect_itu);
	TO_IAM(ansi_porting, ansi);
	TO_IAM(identities, &isup_dialect_itu);
	TO_IAM(names, ansi);
	return expect_failures ? 1 : 0;
}
