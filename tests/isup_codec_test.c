/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decode, encode, print and scan of ISUP messages against vectors and against damage. */

#include <errno.h>
#include <stdlib.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "expect.h"

#define ITU (&isup_dialect_itu)

static const struct isup_dialect *dialect = ITU;	/* of the vectors that are being read */

static char text[8192], err[256];

static size_t read_hex(const char *line, uint8_t *octets, size_t size)
{
	int rc = osmo_hexparse(line, octets, size);
	return rc < 0 ? 0 : rc;
}

static void expect_octets(const char *what, const uint8_t *octets, int len, const uint8_t *should, int should_len)
{
	EXPECT_INT(what, len, should_len);
	if (len == should_len)
		EXPECT_INT(what, memcmp(octets, should, len), 0);
}

/* ---- Vectors: pairs of a line of octets and an indented line ---- */

typedef void vector_cb(const uint8_t *octets, size_t len, const char *line);

static void for_each_vector(const char *dir, const char *name, vector_cb *cb)
{
	static char path[1024], line[8192];
	uint8_t octets[1024];
	size_t len = 0;
	FILE *file;
	int n = 0;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	EXPECT(file);
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\t') {
			cb(octets, len, line + 1);
			n++;
		} else if (line[0] && line[0] != '#') {
			len = read_hex(line, octets, sizeof(octets));
			EXPECT(len);
		}
	}
	if (file)
		fclose(file);
	printf("%s: %d vectors\n", name, n);
}

/* Every parameter with a struct: decode, encode gives the octets back, or print says that it does not. */
static void check_pars(const struct isup_msg *msg, const char *line)
{
	for (unsigned int i = 0; i < msg->n_pars; i++) {
		const struct isup_par *par = &msg->pars[i];
		const struct isup_par_def *def = isup_par_def(dialect, par->code);
		uint8_t buf[256];
		union isup_par_any any;
		int rc;

		if (!def || isup_par_decode(def, par->val, par->len, &any) < 0)
			continue;
		rc = isup_par_encode(def, &any, buf, sizeof(buf));
		if (rc == par->len && memcmp(buf, par->val, rc) == 0)
			continue;
		isup_par_print_buf(text, sizeof(text), def, par->code, par->val, par->len);
		if (!strstr(text, "0x"))
			EXPECT_STR(line, text, "something with octets");
	}
}

static void check_message(const uint8_t *octets, size_t len, const char *line)
{
	uint8_t buf[ISUP_MSG_OCTETS_MAX];
	struct isup_msg_error error;
	struct isup_msg msg;
	int rc = isup_msg_decode(&msg, dialect, octets, len, &error);

	EXPECT_STR(line, rc < 0 ? error.what : "ok", "ok");
	if (rc < 0)
		return;
	isup_msg_print_buf(text, sizeof(text), &msg);
	EXPECT_STR("print", text, line);
	check_pars(&msg, line);
	expect_octets(line, buf, isup_msg_encode(&msg, buf, sizeof(buf)), octets, len);
	if (isup_msg_def(dialect, msg.type) && !isup_msg_def(dialect, msg.type)->opaque)
		expect_octets(line, buf, isup_msg_encode_pars(&msg, buf, sizeof(buf)), octets, len);
	if (isup_msg_scan(&msg, dialect, line, err, sizeof(err)) < 0)
		EXPECT_STR(line, err, "no error");
	else
		expect_octets(line, buf, isup_msg_encode(&msg, buf, sizeof(buf)), octets, len);
}

static void check_malformed(const uint8_t *octets, size_t len, const char *line)
{
	struct isup_msg_error error = { .what = "ok" };
	struct isup_msg msg;
	int rc = isup_msg_decode(&msg, dialect, octets, len, &error);

	EXPECT_STR(line, error.what, line);
	EXPECT_INT(line, rc, strcmp(line, "ok") ? -EBADMSG : 0);
	EXPECT(isup_msg_decode(&msg, dialect, octets, len, NULL) == rc);
}

/* ---- Damage: nothing may crash (the sanitizers judge), and what decodes must print and encode ---- */

static void try_octets(const uint8_t *octets, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1), buf[1024];
	struct isup_msg_error error;
	union isup_par_any any;
	struct isup_msg msg;

	memcpy(exact, octets, len);
	if (isup_msg_decode(&msg, dialect, exact, len, &error) == 0) {
		EXPECT(isup_msg_encode(&msg, buf, sizeof(buf)) == (int)len);
		EXPECT(isup_msg_print_buf(text, sizeof(text), &msg) < (int)sizeof(text));
		for (unsigned int code = 0; code < 256; code++)
			isup_msg_get(&msg, code, &any);
		isup_msg_cause(&msg);
	} else {
		EXPECT(error.offset <= len && error.what);
	}
	free(exact);
}

static void damage(const uint8_t *octets, size_t len, const char *line)
{
	uint8_t changed[1024];

	for (size_t cut = 0; cut <= len; cut++)
		try_octets(octets, cut);
	memcpy(changed, octets, len);
	for (size_t at = 0; at < len; at++) {
		for (unsigned int value = 0; value < 256; value++) {
			changed[at] = value;
			try_octets(changed, len);
		}
		changed[at] = octets[at];
	}
}

/* ---- Layouts that are legal but not ours: the octets come back, and so do the parameters ---- */

static void test_layouts(void)
{
	static const struct {
		const char *what, *hex, *par_text;
	} rows[] = {
		{ "variable parameters in the other order", "2b0501020c1f0101", "range(range=1)" },
		{ "a gap before the variable part", "0c0400aabb028291", "cause(coding=itu location=ln value=17)" },
		{ "the optional part before the variable one", "0c 07 01 12 02 82 90 00 02 82 91",
		  "cause(coding=itu location=ln value=17) cause(coding=itu location=ln value=16)" },
		{ "optional pointer to an end octet", "09 01 00", "ANM cic=0 octets=" },
		{ "no end of optional parameters octet", "09 01 2d 02 00 01", "call_history=1" },
		{ "no pointer to the optional part", "10", "RLC cic=0" },
		{ "octets after the end", "09 01 2d 02 00 01 00 de ad", "call_history=1" },
		{ "more instruction octets", "09 01 38 02 12 80 00",
		  "message_compat(transit=transit release=yes notify=no discard_msg=no not_possible=discard "
		  "broadband=pass-on more_1a=0)" },
		{ "more instruction octets than rows", "09 01 38 04 12 01 02 83 00",
		  "broadband=pass-on more_1a=1 more_1b=2 octets=0x12010283)" },
		{ "no last instruction octet", "09 01 38 01 12 00", "broadband=pass-on octets=0x12)" },
		{ "more instruction octets", "09 01 39 05 e7 12 83 31 91 00",
		  "not_possible=release broadband=discard-parameter code=49 transit=end-node" },
		{ "bearer capability without order", "09 01 1d 05 88 90 21 8f c2 00",
		  "usi(coding=itu capability=unrestricted mode=circuit rate=64k layer1=v110 synchronous=synchronous "
		  "negotiation=no user_rate=15 layer2=q921)" },
		{ "multirate", "09 01 1d 03 88 98 86 00", "rate=multirate multiplier=6)" },
		{ "layer 3 before layer 2", "09 01 1d 04 80 90 e6 c2 00", "rate=64k layer3=x25 octets=0x8090e6c2)" },
		{ "notifications", "09 01 2c 02 60 fb 00",
		  "notification(notification=call-waiting notification=diverting)" },
		{ "element without content", "09 01 03 03 a1 28 00 00",
		  "access_transport(element=sending-complete element=display)" },
		{ "element cut short", "09 01 03 03 1e 02 85 00", "access_transport=0x1e0285" },
		{ "invoke", "09 01 32 0c 91 a1 09 02 01 05 02 01 22 30 01 ff 00",
		  "remote_operations(component=invoke invoke=5 operation=34 content=0x3001ff)" },
		{ "linked invoke", "09 01 32 0c 91 a1 09 02 01 05 80 01 04 02 01 22 00",
		  "remote_operations(component=invoke invoke=5 linked=4 operation=34)" },
		{ "result and reject", "09 01 32 13 91 a2 08 02 01 05 30 03 02 01 22 a4 06 02 01 06 81 01 00 00",
		  "component=result invoke=5 operation=34 component=reject invoke=6 content=0x810100)" },
		{ "length in the long form", "09 01 32 06 91 a1 81 02 05 00 00",
		  "remote_operations(component=invoke content=0x0500 octets=0x91a181020500)" },
		{ "length without end", "09 01 32 05 91 a1 80 00 00 00", "remote_operations=0x91a1800000" },
		{ "GVNS", "09 01 4c 09 82 21 03 01 54 13 03 76 08 00",
		  "forward_gvns(npi=isdn noa=national opsp=123 gug=45 tnrn=6780)" },
		{ "NSF", "09 01 2f 05 02 a1 31 07 08 00",
		  "nsf(type=national plan=1 identification=0x31 content=0x0708)" },
		{ "NSF without network", "09 01 2f 02 00 07 00", "nsf(content=0x07)" },
		{ "location not available", "09 01 81 01 0b 00",
		  "calling_geodetic(presentation=not-available screening=network)" },
		{ "location", "09 01 81 04 03 81 11 22 00", "shape=point-uncertainty content=0x1122)" },
		{ "connection request", "09 01 0d 05 01 02 03 04 05 00",
		  "connection_request(reference=66051 pc=1284)" },
		{ "connection request with all", "09 01 0d 07 01 02 03 04 05 02 09 00",
		  "connection_request(reference=66051 pc=1284 protocol_class=2 credit=9)" },
		{ "segmented APM", "41 01 78 06 85 83 43 8a aa bb 00",
		  "application_transport(context=bat release=yes notify=yes new_sequence=new segments=3 reference=10 "
		  "content=0xaabb)" },
		{ "APM of a context above 127", "41 01 78 06 01 82 80 c0 aa bb 00",
		  "application_transport(context=pss1 context_1a=2 release=no notify=no new_sequence=new segments=0 "
		  "content=0xaabb)" },
		{ "pivot information", "09 01 88 07 02 02 11 22 03 01 83 00",
		  "pivot_forward(information=call-identifier content=0x1122 information=performing content=0x83)" },
		{ "half an item", "09 01 39 03 e7 92 31 00", "parameter_compat=0xe79231" },
		{ "octets after a message without parameters", "12 00", "RSC cic=0 octets=0x00" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t octets[64], buf[64];
		size_t len = read_hex(rows[i].hex, octets, sizeof(octets));
		struct isup_msg msg;

		EXPECT_INT(rows[i].what, isup_msg_decode(&msg, ITU, octets, len, NULL), 0);
		expect_octets(rows[i].what, buf, isup_msg_encode(&msg, buf, sizeof(buf)), octets, len);
		isup_msg_print_buf(text, sizeof(text), &msg);
		if (!strstr(text, rows[i].par_text))
			EXPECT_STR(rows[i].what, text, rows[i].par_text);
		EXPECT_INT(text, isup_msg_scan(&msg, ITU, text, err, sizeof(err)), 0);
		expect_octets(rows[i].what, buf, isup_msg_encode(&msg, buf, sizeof(buf)), octets, len);
	}
}

/* ---- Building ---- */

static void test_build(void)
{
	static const uint8_t should[] = {
		0x01, 0x00, 0x20, 0x01, 0x0a, 0x00, 0x02, 0x05, 0x03, 0x03, 0x10, 0x21, 0x04, 0x03, 0x84, 0x10, 0x03, 0,
	};
	const struct isup_number called = { .noa = ISUP_NOA_NATIONAL, .npi = 1, .n_digits = 2, .digits = "12" };
	const struct isup_number again = { .noa = ISUP_NOA_INTERNATIONAL, .npi = 1, .n_digits = 1, .digits = "3" };
	const struct isup_fci fci = { .isup_all_the_way = 1, .isdn_access = 1 };
	const uint8_t cpc = ISUP_CPC_ORDINARY, tmr = ISUP_TMR_SPEECH;
	const struct isup_nci nci = {};
	struct isup_number got;
	struct isup_usi usi;
	struct isup_msg msg;
	uint8_t buf[64], octet;

	isup_msg_init(&msg, ITU, ISUP_MSG_IAM);
	EXPECT(isup_msg_encode(&msg, buf, sizeof(buf)) == -EINVAL);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_CALLED_NUMBER, &called) == 0);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_CALLED_NUMBER, &again) == 0);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_TMR, &tmr) == 0);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_CPC, &cpc) == 0);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_FCI, &fci) == 0);
	EXPECT(isup_msg_encode(&msg, buf, sizeof(buf)) == -EINVAL);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_NCI, &nci) == 0);
	expect_octets("built IAM", buf, isup_msg_encode(&msg, buf, sizeof(buf)), should, sizeof(should));
	for (size_t size = 0; size < sizeof(should); size++)
		EXPECT_INT("size", isup_msg_encode(&msg, buf, size), -ENOSPC);
	EXPECT(isup_msg_get(&msg, ISUP_PAR_CALLED_NUMBER, &got) == 0);
	EXPECT_STR("called", got.digits, "12");
	EXPECT(isup_msg_get(&msg, ISUP_PAR_CPC, &octet) == 0 && octet == ISUP_CPC_ORDINARY);
	EXPECT(isup_msg_get(&msg, ISUP_PAR_CALLING_NUMBER, &got) == -ENOENT);
	EXPECT(isup_msg_put_octets(&msg, ISUP_PAR_USI, (const uint8_t[]){ 0x80, 0x90, 0xa3 }, 3) == 0);
	EXPECT(isup_msg_get(&msg, ISUP_PAR_USI, &usi) == 0 && usi.layer1 == 3 && usi.present[ISUP_USI_5]);
	EXPECT(isup_msg_put_octets(&msg, 0xfe, (const uint8_t[]){ 1 }, 1) == 0);
	EXPECT(isup_msg_get(&msg, 0xfe, &got) == -EINVAL);
}

/* What is received can be added to: the rest keeps its octets. */
static void test_change(void)
{
	static const uint8_t received[] = { 0x0c, 0x04, 0x00, 0xaa, 0xbb, 0x02, 0x82, 0x91 };
	static const uint8_t should[] = { 0x0c, 0x02, 0x04, 0x02, 0x82, 0x91, 0x27, 0x01, 0x01, 0x00 };
	const uint8_t level = 1;
	struct isup_msg msg;
	uint8_t buf[64];

	EXPECT(isup_msg_decode(&msg, ITU, received, sizeof(received), NULL) == 0);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_ACL, &level) == 0);
	expect_octets("changed REL", buf, isup_msg_encode(&msg, buf, sizeof(buf)), should, sizeof(should));
}

static void test_limits(void)
{
	const struct isup_cause cause = { .value = 128 };
	const struct isup_number bad = { .n_digits = 1, .digits = "x" };
	const struct isup_range_status rs = { .range = 8, .n_status = 1 };
	uint8_t long_val[255] = { 0x03, 0x10 }, buf[1024];
	struct isup_msg msg;
	int rc;

	isup_msg_init(&msg, ITU, ISUP_MSG_REL);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_CAUSE, &cause) == -EINVAL);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_CALLING_NUMBER, &bad) == -EINVAL);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_RANGE_AND_STATUS, &rs) == -EINVAL);
	EXPECT(isup_msg_put(&msg, 0xfe, &rs) == -EINVAL);
	EXPECT(isup_msg_put_octets(&msg, ISUP_PAR_END, buf, 1) == -EINVAL);
	EXPECT(isup_msg_put_octets(&msg, 0xfe, buf, 256) == -EINVAL);
	EXPECT(msg.n_pars == 0 && isup_msg_find(&msg, ISUP_PAR_CAUSE) == NULL);
	EXPECT(isup_msg_cause(&msg) == ISUP_CAUSE_NORMAL_UNSPECIFIED);

	/* the pointer to the optional part is 255 at most */
	EXPECT(isup_msg_put_octets(&msg, ISUP_PAR_CAUSE, long_val, 253) == 0);
	EXPECT(isup_msg_put_octets(&msg, 0xfe, long_val, 255) == 0);
	rc = isup_msg_encode(&msg, buf, sizeof(buf));
	EXPECT_INT("253 octets", rc, 1 + 2 + 254 + 257 + 1);
	EXPECT_INT("pointer", buf[2], 255);
	EXPECT(isup_msg_put_octets(&msg, 0xfe, long_val, 40) == -ENOSPC);
	isup_msg_init(&msg, ITU, ISUP_MSG_REL);
	EXPECT(isup_msg_put_octets(&msg, ISUP_PAR_CAUSE, long_val, 254) == 0);
	EXPECT_INT("no optional part", isup_msg_encode(&msg, buf, sizeof(buf)), 1 + 2 + 255);
	EXPECT(isup_msg_put_octets(&msg, 0xfe, long_val, 1) == 0);
	EXPECT_INT("254 octets", isup_msg_encode(&msg, buf, sizeof(buf)), -EMSGSIZE);

	/* a wrong length in the mandatory fixed part; no place for more than the mandatory ones */
	isup_msg_init(&msg, ITU, ISUP_MSG_COT);
	EXPECT(isup_msg_put_octets(&msg, ISUP_PAR_CONTINUITY_IND, buf, 2) == 0);
	EXPECT(isup_msg_encode(&msg, buf, sizeof(buf)) == -EINVAL);
	EXPECT(isup_msg_put_octets(&msg, ISUP_PAR_CONTINUITY_IND, buf, 1) == -EINVAL);
	isup_msg_init(&msg, ITU, 0x99);
	EXPECT(isup_msg_put_octets(&msg, ISUP_PAR_CAUSE, buf, 2) == -EINVAL);
	EXPECT(isup_msg_encode(&msg, buf, sizeof(buf)) == -EINVAL);

	isup_msg_init(&msg, ITU, ISUP_MSG_ANM);
	for (unsigned int i = 0; i < ISUP_MSG_PARS_MAX; i++)
		EXPECT(isup_msg_put_octets(&msg, 0xfe, NULL, 0) == 0);
	EXPECT(isup_msg_put_octets(&msg, 0xfe, NULL, 0) == -ENOSPC);
	EXPECT_INT("full", isup_msg_encode(&msg, buf, sizeof(buf)), 3 + 2 * ISUP_MSG_PARS_MAX);
	memset(buf + 2, 0xfe, sizeof(buf) - 2);
	for (size_t i = 3; i < sizeof(buf); i += 2)
		buf[i] = 0;
	EXPECT(isup_msg_decode(&msg, ITU, buf, sizeof(buf), NULL) == -EBADMSG);
}

/* Q.850 2.1: octet 1a, missing octets, diagnostics; the value must not be lost */
static void test_causes(void)
{
	static const struct {
		const char *hex;
		int value, n_diagnostics;
	} rows[] = {
		{ "0c 02 00 02 82 91", 17, 0 },
		{ "0c 02 00 03 02 80 91", 17, 0 },
		{ "0c 02 00 04 02 00 91 01", 17, 1 },
		{ "0c 02 00 02 82 11", 17, 0 },
		{ "0c 02 00 05 85 95 01 02 ff", 21, 3 },
		{ "0c 02 00 02 02 91", 31, -1 },
		{ "0c 02 00 01 82", 31, -1 },
		{ "0c 02 00 00", 31, -1 },
	};
	const struct isup_cause long_cause = { .value = 99, .n_diagnostics = 32, .diagnostics = { [31] = 1 } };
	struct isup_cause cause;
	struct isup_msg msg;
	uint8_t buf[64];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t octets[64];
		size_t len = read_hex(rows[i].hex, octets, sizeof(octets));

		EXPECT_INT(rows[i].hex, isup_msg_decode(&msg, ITU, octets, len, NULL), 0);
		EXPECT_INT(rows[i].hex, isup_msg_cause(&msg), rows[i].value);
		if (isup_msg_get(&msg, ISUP_PAR_CAUSE, &cause) == 0)
			EXPECT_INT(rows[i].hex, cause.n_diagnostics, rows[i].n_diagnostics);
		else
			EXPECT_INT(rows[i].hex, rows[i].n_diagnostics, -1);
	}
	isup_msg_init_cause(&msg, ITU, ISUP_MSG_REL, ISUP_CAUSE_USER_BUSY, ISUP_LOC_LN);
	expect_octets("REL 17", buf, isup_msg_encode(&msg, buf, sizeof(buf)),
		      (const uint8_t[]){ 0x0c, 0x02, 0x00, 0x02, 0x82, 0x91 }, 6);
	isup_msg_init(&msg, ITU, ISUP_MSG_CFN);
	EXPECT(isup_msg_put(&msg, ISUP_PAR_CAUSE, &long_cause) == 0);
	EXPECT(isup_msg_get(&msg, ISUP_PAR_CAUSE, &cause) == 0);
	EXPECT(cause.n_diagnostics == 32 && cause.diagnostics[31] == 1);
}

static void test_scan_errors(void)
{
	static const struct {
		const char *text, *err;
	} rows[] = {
		{ "", "no message is called ''" },
		{ "FOO", "no message is called 'FOO'" },
		{ "MSG-300", "no message is called 'MSG-300'" },
		{ "IAM x=3", "no parameter is called 'x'" },
		{ "IAM called", "'called' is neither name=value nor name(…)" },
		{ "IAM called(digits=1", "called( is not closed" },
		{ "IAM called(foo=1)", "called has no field 'foo', it has noa inn npi digits" },
		{ "IAM called=12x", "called: '12x' is no digits" },
		{ "IAM called(noa=128)", "called: '128' is no noa" },
		{ "IAM called(noa=natonal)", "called: 'natonal' is no noa" },
		{ "IAM cic=70000", "cic takes a number" },
		{ "REL cause=128", "cause: '128' is no value" },
		{ "REL cause(diagnostics=0x1)", "cause: '0x1' is no diagnostics" },
		{ "GRA range(range=9 status=0x01)", "range(range=9 status=0x01) cannot be encoded" },
		{ "ANM usi=8090a3", "usi: '8090a3' is no coding" },
		{ "ANM usi(more_6a=1)", "usi(more_6a=1) cannot be encoded" },
		{ "ANM usi(rate=multirate layer1=v110)", "usi(rate=multirate layer1=v110) cannot be encoded" },
		{ "ANM usi(multiplier=6)", "usi(multiplier=6) cannot be encoded" },
		{ "ANM access_transport(content=0x00)", "access_transport: '0x00' is no content" },
		{ "ANM access_transport(element=5 content=0x00 content=0x01)",
		  "access_transport: '0x01' is no content" },
		{ "ANM access_transport(element=161 content=0x00)",
		  "access_transport(element=161 content=0x00) cannot be encoded" },
		{ "ANM remote_operations(component=invoke operation=1)",
		  "remote_operations(component=invoke operation=1) cannot be encoded" },
		{ "ANM nsf(identification=0x01)", "nsf(identification=0x01) cannot be encoded" },
		{ "ANM forward_gvns(tnrn=12345678901234567890123456789)",
		  "forward_gvns(tnrn=12345678901234567890123456789) cannot be encoded" },
		{ "ANM param0x100=0x00", "no parameter is called 'param0x100'" },
		{ "RSC cause=16", "cause does not fit into this message" },
		{ "ANM octets=0x0", "octets: '0x0' is no 0xHEX" },
		{ "ANM parameter_compat(transit=end-node)", "parameter_compat: 'end-node' is no transit" },
		{ "ANM mlpp(domain=16777216)", "mlpp: '16777216' is no domain" },
	};
	struct isup_msg msg;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool unknown = strstr(rows[i].err, " is called ") || strstr(rows[i].err, " has no field ");
		int rc = unknown ? -ENOENT : -EINVAL;

		err[0] = '\0';
		EXPECT_INT(rows[i].text, isup_msg_scan(&msg, ITU, rows[i].text, err, sizeof(err)), rc);
		EXPECT_STR(rows[i].text, err, rows[i].err);
		EXPECT(isup_msg_scan(&msg, ITU, rows[i].text, NULL, 0) == rc);
	}
}

/* A scanned message prints as the same one received, whatever the order of its words was. */
static void expect_same_print(const struct isup_msg *msg, const uint8_t *octets, size_t len)
{
	static char received_text[sizeof(text)];
	struct isup_msg received;

	isup_msg_print_buf(text, sizeof(text), msg);
	if (isup_msg_decode(&received, ITU, octets, len, NULL) < 0)
		return;
	isup_msg_print_buf(received_text, sizeof(received_text), &received);
	EXPECT_STR("print", text, received_text);
}

static void test_short_forms(void)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{ "IAM called=201234567 calling=301112222",
		  "010020010a00020907831002214365070a078313031121220200" },
		{ "  rel   cause=17  ", "0c0200028291" },
		{ "REL", "0c0200028290" },
		{ "REL cause=0x8291", "0c0200028291" },
		{ "REL octets=0x0003", "0c0003" },
		{ "ACM bci(called_status=subscriber-free)", "06061400" },
		{ "CPG event=alerting", "2c0100" },
		{ "CPG event=2", "2c0200" },
		{ "CPG obci(inband_info=yes) event=inband", "2c030129010100" },
		{ "ANM param0x7e=0x0102", "09017e02010200" },
		{ "GRS range=30", "1701011e" },
		{ "CQR", "2b0203010102" "0c0c" },
		{ "CQR range=0 circuit_state=outgoing", "2b02030100" "0108" },
		{ "ANM parameter_compat(code=1 code=2 transit=end-node)", "090139" "04018002" "8100" },
		{ "ANM message_compat(release=yes)", "090138019e" "00" },
		{ "ANM generic_digits(encoding=ia5 content=0x31)", "0901c1" "02403100" },
		{ "ANM service_activation=1", "090133" "010100" },
		{ "ANM circuit_assignment_map=2048k", "090125" "010200" },
		{ "ANM usi()", "09011d" "038090a300" },
		{ "ANM usi(capability=3k1-audio)", "09011d" "02909000" },
		{ "ANM nsf=national", "09012f" "0201a000" },
		{ "ANM display()", "090173" "010000" },
		{ "ANM circuit_assignment_map(type=1544k content=0x000003)", "090125" "040100000300" },
		{ "ANM tns=123", "090123" "03a0210300" },
		{ "MSG-0x99 octets=0x0102", "990102" },
		{ "MSG-153", "99" },
		{ "CRG", "31" },
		{ "IAM called=12 called(digits=123F)", "010020010a000205030310210404031021f300" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t should[64], buf[64];
		size_t len = read_hex(rows[i].hex, should, sizeof(should));
		struct isup_msg msg;

		err[0] = '\0';
		isup_msg_scan(&msg, ITU, rows[i].text, err, sizeof(err));
		EXPECT_STR(rows[i].text, err, "");
		expect_octets(rows[i].text, buf, isup_msg_encode(&msg, buf, sizeof(buf)), should, len);
		expect_same_print(&msg, should, len);
	}
}

/* print returns what snprintf() would, into any size */
static void test_print_sizes(void)
{
	struct isup_msg msg;
	char *small;
	int len;

	EXPECT(isup_msg_scan(&msg, ITU, "IAM called=123 usi=0x8090a3 cic=7 param0xfe=0x01", err, sizeof(err)) == 0);
	len = isup_msg_print_buf(text, sizeof(text), &msg);
	EXPECT_INT("length", len, strlen(text));
	EXPECT(isup_msg_print_buf(NULL, 0, &msg) == len);
	for (int size = 1; size <= len + 1; size++) {
		small = malloc(size);
		EXPECT_INT("size", isup_msg_print_buf(small, size, &msg), len);
		EXPECT_INT("length", strlen(small), size - 1);
		free(small);
	}
	EXPECT_STR("name", isup_msg_name(ITU, 0x99), "MSG-0x99");
	EXPECT_STR("name", isup_msg_name(ITU, ISUP_MSG_IAM), "IAM");
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		printf("usage: %s VECTOR-DIRECTORY\n", argv[0]);
		return 2;
	}
	for_each_vector(argv[1], "messages.txt", check_message);
	for_each_vector(argv[1], "malformed.txt", check_malformed);
	for_each_vector(argv[1], "messages.txt", damage);
	for_each_vector(argv[1], "malformed.txt", damage);
	dialect = isup_dialect_find("ansi");
	for_each_vector(argv[1], "ansi.txt", check_message);
	for_each_vector(argv[1], "ansi.txt", damage);
	test_layouts();
	test_build();
	test_change();
	test_limits();
	test_causes();
	test_scan_errors();
	test_short_forms();
	test_print_sizes();
	return expect_failures != 0;
}
