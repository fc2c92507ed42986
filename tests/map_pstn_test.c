/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PSTN XML: every octet both ways, what is broken, what has no words, and what becomes of it in ISUP. */

#include <osmocom/core/utils.h>

#include "expect.h"
#include "isup/isup_dialect.h"
#include "mapping/map_pstn_xml.h"

#define PSTN(text) "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n" \
	"<PSTN xmlns=\"http://uri.etsi.org/ngn/params/xml/simservs/pstn\">" text "</PSTN>\r\n"
#define F(name, bits) "<" name ">" bits "</" name ">"
#define BC3(capability) \
	"<BCoctet3>" F("CodingStandard", "00") F("InformationTransferCabability", capability) "</BCoctet3>"
#define BC4 "<BCoctet4>" F("TransferMode", "00") F("InformationTransferRate", "10000") "</BCoctet4>"
#define BC5(protocol) "<BCoctet5>" F("Layer1Identification", "01") F("UserInfoLayer1Protocol", protocol) "</BCoctet5>"
#define HL3 \
	"<HLOctet3>" F("CodingStandard", "00") F("Interpretation", "100") F("PresentationMethod", "01") "</HLOctet3>"
#define HL4 "<HLOctet4>" F("HighLayerCharacteristics", "0000100") "</HLOctet4>"
#define PROGRESS(location, description) "<ProgressIndicator><ProgressOctet3>" F("CodingStandard", "00") \
	F("Location", location) "</ProgressOctet3><ProgressOctet4>" F("ProgressDescription", description) \
	"</ProgressOctet4></ProgressIndicator>"

static const char *hex(const struct map_pstn_element *element)
{
	return element->len ? osmo_hexdump_nospc(element->octets, element->len) : "";
}

/* The document, and what each of its elements is in octets */
static const struct {
	const char *xml, *bearer, *hlc, *llc, *progress[2];
} cases[] = {
	{ PSTN("<BearerInfoElement>" BC3("10000") BC4 BC5("00011") "</BearerInfoElement>"),
	  "9090a3", "", "", { "", "" } },
	{ PSTN("<BearerInfoElement>" BC3("01000") BC4 "</BearerInfoElement>"), "8890", "", "", { "", "" } },
	/* V.110, 9.6 kbit/s, asynchronous: octets 5 to 5d */
	{ PSTN("<BearerInfoElement>" BC3("01000") BC4 BC5("00001")
	       "<BCoctet5a>" F("SynchronousAsynchronous", "1") F("Negotiation", "0") F("UserRate", "01000")
	       "</BCoctet5a><BCoctet5bV110>" F("IntermediateRate", "10") F("NIConTX", "0") F("NIConRX", "0")
	       F("FlowControlOnTX", "1") F("FlowControlOnRX", "0") "</BCoctet5bV110>"
	       "<BCoctet5c>" F("NumberOfStopBits", "01") F("NumberOfDataBits", "11") F("Parity", "011") "</BCoctet5c>"
	       "<BCoctet5d>" F("DuplexMode", "1") F("ModemType", "000000") "</BCoctet5d>"
	       "<BCoctet6>" F("Layer2Identification", "10") F("UserInfoLayer2Protocol", "00010") "</BCoctet6>"
	       "<BCoctet7>" F("Layer3Identification", "11") F("UserInfoLayer3Protocol", "00010") "</BCoctet7>"
	       "</BearerInfoElement>"), "88902148443bc0c2e2", "", "", { "", "" } },
	{ PSTN("<HighLayerCompatibility>" HL3 HL4 "</HighLayerCompatibility>"), "", "9184", "", { "", "" } },
	{ PSTN("<LowLayerCompatibility><LLOctet3>" F("CodingStandard", "00") F("InformationTransferCapability", "01000")
	       "</LLOctet3><LLOctet3a>" F("NegotiationIndicator", "1") "</LLOctet3a><LLOctet4>" F("TransferMode", "00")
	       F("InformationTransferRate", "10000") "</LLOctet4></LowLayerCompatibility>"),
	  "", "", "08c090", { "", "" } },
	{ PSTN(PROGRESS("0001", "0000011") PROGRESS("1010", "0001000")), "", "", "", { "8183", "8a88" } },
	{ PSTN("<BearerInfoElement>" BC3("00000") BC4 BC5("00011") "</BearerInfoElement>"
	       "<HighLayerCompatibility>" HL3 HL4 "</HighLayerCompatibility>" PROGRESS("0000", "0000011")),
	  "8090a3", "9184", "", { "8083", "" } },
};

static void test_round_trip(void)
{
	char err[160] = "", text[2048];
	struct map_pstn pstn;
	struct sip_buf buf;

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_INT(cases[i].xml, map_pstn_read(&pstn, cases[i].xml, strlen(cases[i].xml), err, sizeof(err)), 0);
		EXPECT_STR(cases[i].xml, hex(&pstn.bearer), cases[i].bearer);
		EXPECT_STR(cases[i].xml, hex(&pstn.hlc), cases[i].hlc);
		EXPECT_STR(cases[i].xml, hex(&pstn.llc), cases[i].llc);
		EXPECT_STR(cases[i].xml, hex(&pstn.progress[0]), cases[i].progress[0]);
		EXPECT_STR(cases[i].xml, hex(&pstn.progress[1]), cases[i].progress[1]);
		sip_buf_init(&buf, text, sizeof(text) - 1);
		map_pstn_write(&buf, &pstn);
		*buf.p = '\0';
		EXPECT_STR("written", text, cases[i].xml);
	}
}

static void test_broken(void)
{
	static const struct {
		const char *xml, *err;
	} broken[] = {
		{ "<PSTN", "application/vnd.etsi.pstn+xml:1:6: " },
		{ "<XML/>", "application/vnd.etsi.pstn+xml:1:1: 'XML' is not PSTN" },
		{ "<!DOCTYPE PSTN><PSTN/>", "application/vnd.etsi.pstn+xml:1:1: no DOCTYPE is allowed here" },
		{ PSTN("<BearerInfoElement>" BC3("100000") BC4 "</BearerInfoElement>"),
		  "application/vnd.etsi.pstn+xml:2:128: BCoctet3: InformationTransferCabability of 5 bits is wanted" },
		{ PSTN("<BearerInfoElement>" BC3("1000x") BC4 "</BearerInfoElement>"),
		  "application/vnd.etsi.pstn+xml:2:128: BCoctet3: InformationTransferCabability of 5 bits is wanted" },
		{ PSTN("<HighLayerCompatibility><HLOctet3/>" HL4 "</HighLayerCompatibility>"),
		  "application/vnd.etsi.pstn+xml:2:88: HLOctet3: CodingStandard of 2 bits is wanted" },
		{ PSTN("<BearerInfoElement>" BC4 "</BearerInfoElement>"),
		  "application/vnd.etsi.pstn+xml:2:64: BearerInfoElement needs its octets 3 and 4" },
		{ PSTN("<BearerInfoElement/>"),
		  "application/vnd.etsi.pstn+xml:2:64: BearerInfoElement needs its octets 3 and 4" },
	};
	struct map_pstn pstn;
	char err[160];

	for (unsigned int i = 0; i < ARRAY_SIZE(broken); i++) {
		err[0] = '\0';
		EXPECT_INT(broken[i].xml,
			   map_pstn_read(&pstn, broken[i].xml, strlen(broken[i].xml), err, sizeof(err)) < 0, 1);
		if (strlen(err) > strlen(broken[i].err))
			err[strlen(broken[i].err)] = '\0';
		EXPECT_STR(broken[i].xml, err, broken[i].err);
	}
	EXPECT_INT("unknown is passed over", map_pstn_read(&pstn, PSTN("<Display>x</Display>"),
							   strlen(PSTN("<Display>x</Display>")), err, sizeof(err)), 0);
}

/* What has no words is left out whole; nothing at all is no document. */
static void test_no_words(void)
{
	static const struct map_pstn_element odd[] = {
		{ 1, { 0x88 } }, { 3, { 0x08, 0x88, 0x90 } }, { 3, { 0x88, 0x90, 0x80 } },
		{ 5, { 0x88, 0x90, 0x28, 0x48, 0xc4 } },	/* V.120 */
	};
	char text[1024];
	struct sip_buf buf;

	for (unsigned int i = 0; i < ARRAY_SIZE(odd); i++) {
		sip_buf_init(&buf, text, sizeof(text));
		map_pstn_write(&buf, &(struct map_pstn){ .bearer = odd[i] });
		EXPECT_INT("odd", sip_buf_len(&buf), 0);
	}
}

static void test_isup(void)
{
	struct isup_msg iam, other;
	struct map_pstn pstn, again;
	char err[160];

	EXPECT_INT("scan", isup_msg_scan(&iam, &isup_dialect_itu, "IAM called=1 usi(octets=0x9090a3) "
					 "user_teleservice(octets=0x9184) "
					 "access_transport(octets=0x7c028890a01e0281837d029181)", err, sizeof(err)), 0);
	map_pstn_of_isup(&pstn, &iam);
	EXPECT_STR("bearer", hex(&pstn.bearer), "9090a3");
	EXPECT_STR("hlc", hex(&pstn.hlc), "9184");
	EXPECT_STR("llc", hex(&pstn.llc), "8890");
	EXPECT_STR("progress", hex(&pstn.progress[0]), "8183");
	isup_msg_init(&other, &isup_dialect_itu, ISUP_MSG_IAM);
	EXPECT_INT("to IAM", map_pstn_to_isup(&other, &pstn), 0);
	map_pstn_of_isup(&again, &other);
	EXPECT_INT("same", memcmp(&pstn, &again, sizeof(pstn)), 0);
	/* nothing but the access transport in what goes back */
	isup_msg_init(&other, &isup_dialect_itu, ISUP_MSG_CPG);
	EXPECT_INT("to CPG", map_pstn_to_isup(&other, &pstn), 0);
	EXPECT_INT("CPG", other.n_pars, 1);
	/* an element that is longer than its parameter */
	EXPECT_INT("scan", isup_msg_scan(&iam, &isup_dialect_itu, "CPG access_transport(octets=0x1e098183)", err,
					 sizeof(err)), 0);
	map_pstn_of_isup(&pstn, &iam);
	EXPECT_STR("cut", hex(&pstn.progress[0]), "");
}

int main(void)
{
	test_round_trip();
	test_broken();
	test_no_words();
	test_isup();
	return expect_failures ? 1 : 0;
}
