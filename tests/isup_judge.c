/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays our reading of ISUP messages beside that of tshark: helper of tshark_check.
 *
 * isup_judge DIALECT pcap VECTORS > FILE      writes the messages as MTP3 packets
 * isup_judge DIALECT fields                   prints the tshark options that name the fields to compare
 * isup_judge DIALECT options                   prints those that tshark needs anyway
 * isup_judge DIALECT compare VECTORS < TABLE   TABLE is tshark's output; prints the differences, exits 1 if any */

#include <stdlib.h>

#include <osmocom/core/byteswap.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "expect.h"
#include "isup_judge.h"

static const struct isup_dialect *dialect;
#define LINKTYPE_MTP3 141
#define FIELD_SEPARATOR '|'

/* ---- The vectors' lines of octets ---- */

typedef void message_cb(const uint8_t *octets, size_t len);

static void for_each_message(const char *path, message_cb *cb)
{
	static char line[8192];
	FILE *file = fopen(path, "r");
	uint8_t octets[300];
	int len;

	EXPECT(file);
	while (file && fgets(line, sizeof(line), file)) {
		len = strchr("#\t\n", line[0]) ? -1 : osmo_hexparse(line, octets, sizeof(octets));
		if (len > 0)
			cb(octets, len);
	}
	if (file)
		fclose(file);
}

/* ---- Generated messages: each type, each field of each parameter with each of its values ---- */

static void give_message(const struct isup_msg *msg, message_cb *cb)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	int len = isup_msg_encode(msg, octets, sizeof(octets));

	EXPECT(len > 0);
	if (len > 0)
		cb(octets, len);
}

static void give_type(unsigned int type, message_cb *cb)
{
	const struct isup_msg_def *def = isup_msg_def(dialect, type);
	struct isup_msg msg;
	char err[128] = "";

	if (!def || def->opaque)
		return;
	EXPECT_INT(def->name, isup_msg_scan(&msg, dialect, def->name, err, sizeof(err)), 0);
	/* tshark 4.0 knows no messages that are withdrawn */
	if (strcmp(def->clause, "1988"))
		give_message(&msg, cb);
}

/* The octets of the group up to this one are there, and what says that they are. */
static void make_present(const struct isup_par_def *def, unsigned int octet, union isup_par_any *par)
{
	const struct isup_octet *row = &def->octets[octet];
	uint8_t *present = isup_par_item(def, par, 0);

	if (row->of)
		par->usi.rate = row->value;
	if (strncmp(row->name, "5", 1) == 0 && row->kind == ISUP_OCTET_NEXT)
		par->usi.layer1 = 1;	/* V.110: of others tshark reads them otherwise */
	for (; octet < def->head && row->kind != ISUP_OCTET_MUST; row--, octet--) {
		present[octet] = 1;
		if (row->kind == ISUP_OCTET_MAY && row->mask)
			break;
	}
}

/* Where tshark reads more octets than must be there */
static const struct {
	uint8_t code;
	const char *text;
} bases[] = {
	{ ISUP_PAR_APPLICATION_TRANSPORT, "new_sequence=new content=0x0000" },	/* two lengths of addresses */
	{ ISUP_PAR_CIRCUIT_ASSIGNMENT_MAP, "type=2048k content=0x0000000000" },	/* one too many */
	{ ISUP_PAR_ACCESS_TRANSPORT, "element=progress" },	/* it looks into what it knows */
	{ ISUP_PAR_GENERIC_NUMBER, "digits=12" },
	{ ISUP_PAR_CONNECTION_REQUEST, "reference=1 protocol_class=2 credit=1" },
};

static void base_value(uint8_t code, const struct isup_par_def *def, union isup_par_any *par)
{
	char err[128] = "";

	isup_par_usual(def, par);
	for (size_t i = 0; i < ARRAY_SIZE(bases); i++) {
		if (bases[i].code == code)
			EXPECT_INT(err, isup_par_scan(def, bases[i].text, par, err, sizeof(err)), 0);
	}
}

static void give_value(uint8_t code, const struct isup_field *field, unsigned int value, message_cb *cb)
{
	const struct isup_par_def *def = isup_par_def(dialect, code);
	union isup_par_any par;
	struct isup_msg msg;
	uint16_t half = value;
	uint8_t *item;

	if (code == ISUP_PAR_ACCESS_TRANSPORT && !value)
		return;		/* an element that tshark stumbles over */
	base_value(code, def, &par);
	if (def->octets)
		make_present(def, field->octet, &par);
	item = isup_par_item(def, &par, 0);
	if (field->width > 16)
		memcpy(item + field->offset, &value, sizeof(value));
	else if (field->width > 8)
		memcpy(item + field->offset, &half, sizeof(half));
	else
		item[field->offset] = value;
	isup_msg_init(&msg, dialect, ISUP_MSG_ANM);
	if (isup_msg_put(&msg, code, &par) == 0)
		give_message(&msg, cb);
	else	/* a value that another octet must follow */
		EXPECT(def->octets);
}

/* tshark 4.0 knows no octets after the instructions that are defined, nor those of 1988 in the bearer
 * capability, and takes octet 5d of the latter for octet 6 or 7. */
static bool is_given(uint8_t code, const struct isup_field *field)
{
	if (code == ISUP_PAR_USI || code == ISUP_PAR_USI_PRIME)
		return field->octet != ISUP_USI_4A && field->octet != ISUP_USI_4B && field->octet != ISUP_USI_5D;
	return code != ISUP_PAR_PARAMETER_COMPAT || field->octet < 3;
}

/* All values of a narrow field; of a wide one those with a name, each bit, none and all */
static void give_field(uint8_t code, const struct isup_field *field, message_cb *cb)
{
	unsigned int all = (1u << field->width) - 1;

	if (field->width <= 7) {
		for (unsigned int value = 0; value <= all; value++)
			give_value(code, field, value, cb);
		return;
	}
	for (const struct isup_value *value = field->values; value && value->title; value++)
		give_value(code, field, value->value, cb);
	for (unsigned int bit = 0; bit < field->width; bit++)
		give_value(code, field, 1u << bit, cb);
	give_value(code, field, 0, cb);
	give_value(code, field, all, cb);
}

static void give_digits(uint8_t code, message_cb *cb)
{
	const struct isup_par_def *def = isup_par_def(dialect, code);
	struct isup_number number;
	struct isup_msg msg;

	isup_par_usual(def, &number);
	for (number.n_digits = 1; number.n_digits <= 16; number.n_digits++) {
		number.digits[number.n_digits - 1] = "0123456789ABCDE1"[number.n_digits - 1];
		isup_msg_init(&msg, dialect, ISUP_MSG_ANM);
		EXPECT_INT(def->name, isup_msg_put(&msg, code, &number), 0);
		give_message(&msg, cb);
	}
}

static void for_each_generated(message_cb *cb)
{
	for (unsigned int code = 0; code < 256; code++)
		give_type(code, cb);
	for (unsigned int code = 0; code < 256; code++) {
		const struct isup_par_def *def = isup_par_def(dialect, code);

		for (const struct isup_field *field = def ? def->fields : NULL; field && field->name; field++) {
			if (is_given(code, field))
				give_field(code, field, cb);
		}
		if (def && def->form == ISUP_FORM_NUMBER)
			give_digits(code, cb);
	}
}

/* ---- Write ---- */

static void put(const void *octets, size_t len)
{
	fwrite(octets, len, 1, stdout);
}

/* SIO 85 (national, ISUP), DPC 1, OPC 2, SLS 5, CIC 1; a label of 14 or of 24 bits */
static void write_packet(const uint8_t *octets, size_t len)
{
	static const uint8_t head[] = { 0x85, 0x01, 0x80, 0x00, 0x50, 0x01, 0x00 };
	static const uint8_t head_24[] = { 0x85, 0x01, 0x00, 0x00, 0x02, 0x00, 0x00, 0x05, 0x01, 0x00 };
	bool wide = dialect->pc_bits == 24;
	uint32_t head_len = wide ? sizeof(head_24) : sizeof(head);
	const uint32_t record[] = { 0, 0, head_len + len, head_len + len };

	put(record, sizeof(record));
	put(wide ? head_24 : head, head_len);
	put(octets, len);
}

static void write_pcap(const char *path)
{
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, sigfigs, snaplen, linktype;
	} head = { 0xa1b2c3d4, 2, 4, 0, 0, 65535, LINKTYPE_MTP3 };

	put(&head, sizeof(head));
	for_each_message(path, write_packet);
	if (dialect == &isup_dialect_itu)
		for_each_generated(write_packet);
}

static void write_options(void)
{
	if (dialect->pc_bits == 24)
		printf("-o mtp3.standard:ANSI ");
}

static void write_fields(void)
{
	write_options();
	printf("-T fields -E separator=%c -E occurrence=a -E aggregator=, -e isup.message_type", FIELD_SEPARATOR);
	printf(" -e isup.parameter_type");
	for (const struct judged *judged = judgeds; judged->field; judged++)
		printf(" -e %s", judged->field);
	printf("\n");
}

/* ---- Compare ---- */

static const struct isup_field *find_field(const struct isup_par_def *def, const char *name)
{
	for (const struct isup_field *field = def->fields; field && field->name; field++) {
		if (strcmp(field->name, name) == 0)
			return field;
	}
	return NULL;
}

/* The word that tshark should have for this parameter, without numbers of another base */
static void append_value(struct osmo_strbuf *sb, const struct judged *judged, const struct isup_par *par)
{
	const struct isup_par_def *def = isup_par_def(dialect, par->code);
	const struct isup_field *field = find_field(def, judged->member);
	const char *comma = sb->chars_needed ? "," : "";
	union isup_par_any any;

	EXPECT(isup_par_decode(def, par->val, par->len, &any) == 0);
	if (strcmp(judged->member, "digits") == 0) {
		if (any.number.n_digits)
			OSMO_STRBUF_PRINTF(*sb, "%s%s", comma, any.number.digits);
		return;
	}
	if (!field) {
		EXPECT_STR(def->name, judged->member, "a field");
		return;
	}
	for (unsigned int i = 0; i < isup_par_n_items(def, &any); i++) {
		int value = isup_field_get(field, isup_par_item(def, &any, i));

		if (!isup_field_present(def, field, isup_par_item(def, &any, i)))
			continue;

		/* of a circuit that is transient or unequipped it shows nothing else */
		if (par->code == ISUP_PAR_CIRCUIT_STATE_IND && strcmp(judged->member, "maintenance") &&
		    !any.circuit_states.circuits[i].call)
			continue;
		if (judged->add)
			value = (value + judged->add) & 0xff;
		OSMO_STRBUF_PRINTF(*sb, "%s%d", sb->chars_needed ? "," : "", value);
	}
}

/* Of another coding standard than ITU-T's, or another presentation method than a profile, nothing is compared. */
static bool is_foreign(const struct isup_par *par, const union isup_par_any *any)
{
	if (par->code == ISUP_PAR_USI || par->code == ISUP_PAR_USI_PRIME)
		return any->usi.coding;
	if (par->code == ISUP_PAR_USER_TELESERVICE)
		return any->teleservice.coding || any->teleservice.presentation != 1;
	return par->code == ISUP_PAR_CAUSE && any->cause.coding;
}

static bool is_judged(const struct judged *judged, const struct isup_par *par)
{
	union isup_par_any any;

	if (judged->dialect && strcmp(judged->dialect, dialect->name))
		return false;
	if (!memchr(judged->pars, par->code, sizeof(judged->pars)) || !par->len || !isup_par_def(dialect, par->code))
		return false;
	if (isup_par_decode(isup_par_def(dialect, par->code), par->val, par->len, &any) < 0)
		return false;
	/* tshark shows a response only where the type says that it is one */
	if (par->code == ISUP_PAR_LOOP_PREVENTION && strcmp(judged->member, "response") == 0)
		return any.loop_prevention.type;
	return !is_foreign(par, &any);
}

/* Does tshark have this field from elsewhere in the message, too? */
static bool is_mixed(const struct judged *judged, const struct isup_msg *msg)
{
	const struct isup_par *cause = isup_msg_find(msg, ISUP_PAR_CAUSE);
	union isup_par_any any;

	if (judged->pars[0] == ISUP_PAR_CAUSE && cause && isup_msg_get(msg, ISUP_PAR_CAUSE, &any) == 0 &&
	    is_foreign(cause, &any))
		return true;
	if (strncmp(judged->field, "q931.", 5) == 0 && isup_msg_find(msg, ISUP_PAR_ACCESS_TRANSPORT))
		return true;
	return judged->alone && (msg->n_pars > 1 || !memchr(judged->pars, msg->pars[0].code, sizeof(judged->pars)) ||
				 !is_judged(judged, &msg->pars[0]));
}

/* tshark writes some numbers as 0x…, and truth as 1, True or true, by its version. */
static void normalize(char *buf, size_t size, const char *column, bool is_text)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	char copy[1024], *save = NULL;

	osmo_strlcpy(copy, column, sizeof(copy));
	buf[0] = '\0';
	for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		const char *comma = sb.chars_needed ? "," : "";

		if (is_text)
			OSMO_STRBUF_PRINTF(sb, "%s%s", comma, word);
		else if (word[0] == 'T' || word[0] == 't')
			OSMO_STRBUF_PRINTF(sb, "%s1", comma);
		else
			OSMO_STRBUF_PRINTF(sb, "%s%lu", comma, strtoul(word, NULL, 0));
	}
}

static char *next_column(char **line)
{
	static char none[] = "";
	char *column = *line ? strsep(line, "|\n") : NULL;

	return column ? : none;
}

/* What only the layout says: message type and parameter codes in their order; 0 is the end of optional parameters */
static void judge_layout(const struct isup_msg *msg, const char *what, char **line)
{
	char theirs[512], ours[512];
	struct osmo_strbuf sb = { .buf = ours, .len = sizeof(ours) };
	bool optional = false;

	normalize(theirs, sizeof(theirs), next_column(line), false);
	EXPECT_INT(what, msg->type, atol(theirs));
	ours[0] = '\0';
	for (unsigned int i = 0; i < msg->n_pars; i++) {
		OSMO_STRBUF_PRINTF(sb, "%s%u", sb.chars_needed ? "," : "", msg->pars[i].code);
		optional |= msg->pars[i].optional;
	}
	if (optional)
		OSMO_STRBUF_PRINTF(sb, ",0");
	normalize(theirs, sizeof(theirs), next_column(line), false);
	EXPECT_STR(what, ours, theirs);
}

static int n_values;

static void judge_message(const uint8_t *octets, size_t len)
{
	static char buf[16384], what[256];
	char *line = fgets(buf, sizeof(buf), stdin);
	char text[8192];
	struct isup_msg msg;

	EXPECT(isup_msg_decode(&msg, dialect, octets, len, NULL) == 0);
	if (isup_msg_def(dialect, msg.type) && isup_msg_def(dialect, msg.type)->opaque)
		return;
	isup_msg_print_buf(text, sizeof(text), &msg);
	judge_layout(&msg, text, &line);
	for (const struct judged *judged = judgeds; judged->field; judged++) {
		char theirs[512], ours[512] = "";
		struct osmo_strbuf sb = { .buf = ours, .len = sizeof(ours) };

		for (unsigned int i = 0; i < msg.n_pars; i++) {
			if (is_judged(judged, &msg.pars[i]))
				append_value(&sb, judged, &msg.pars[i]);
		}
		normalize(theirs, sizeof(theirs), next_column(&line), strcmp(judged->member, "digits") == 0);
		if (is_mixed(judged, &msg) || (judged->dialect && strcmp(judged->dialect, dialect->name)))
			continue;
		snprintf(what, sizeof(what), "%s of %.160s", judged->field, text);
		EXPECT_STR(what, ours, theirs);
		n_values += ours[0] != '\0';
	}
}

int main(int argc, char **argv)
{
	dialect = argc > 2 ? isup_dialect_find(argv[1]) : NULL;
	if (!dialect)
		return 2;
	if (argc == 4 && strcmp(argv[2], "pcap") == 0) {
		write_pcap(argv[3]);
	} else if (argc == 3 && strcmp(argv[2], "fields") == 0) {
		write_fields();
	} else if (argc == 3 && strcmp(argv[2], "options") == 0) {
		write_options();
	} else if (argc == 4 && strcmp(argv[2], "compare") == 0) {
		for_each_message(argv[3], judge_message);
		if (dialect == &isup_dialect_itu)
			for_each_generated(judge_message);
		EXPECT(!fgets((char[8]){}, 8, stdin));
		printf("%d values compared\n", n_values);
		EXPECT(n_values > (dialect == &isup_dialect_itu ? 20000 : 150));
	} else {
		return 2;
	}
	return expect_failures != 0;
}
