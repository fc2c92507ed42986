/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY: show isup message and show isup parameter, the rows of the codec; for both programs. */

#include <string.h>
#include <strings.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect_own.h"

#include "gw_config.h"
#include "gw_isup.h"
#include "gw_vty.h"

#define SHOW_ISUP_STR SHOW_STR "ISUP\n"
#define DIALECT_STR "Of this dialect; ITU-T's of 1999 if not given\n" "Its name: 'show isup dialects' lists them\n"

static struct gw_isup *gi;

/* NULL, and the operator is told, where there is none. */
static const struct isup_dialect *find_dialect(struct vty *vty, const char *name)
{
	const struct isup_dialect *dialect = isup_find_dialect(gi->isup, name);

	if (!dialect)
		gw_config_refuse(vty, "there is no dialect '%s': 'show isup dialects' lists them", name);
	return dialect;
}

/* Most clauses are numbers of Q.763; others say themselves whose they are. */
static const char *recommendation(const char *clause)
{
	return strncmp(clause, "T1.113", 6) == 0 ? "" : "Q.763 ";
}

/* ---- Messages ---- */

static int find_message(const struct isup_dialect *dialect, const char *name)
{
	for (unsigned int type = 0; type < 256; type++) {
		const struct isup_msg_def *def = isup_msg_def(dialect, type);
		if (def && strcasecmp(def->name, name) == 0)
			return type;
	}
	return -1;
}

static void show_messages(struct vty *vty, const struct isup_dialect *dialect)
{
	for (unsigned int type = 0; type < 256; type++) {
		const struct isup_msg_def *def = isup_msg_def(dialect, type);
		if (def)
			vty_out(vty, "0x%02x  %-4s  %-9s %s%s", type, def->name, def->clause, def->title, VTY_NEWLINE);
	}
}

static void show_codes(struct vty *vty, const struct isup_dialect *dialect, const char *head, const uint8_t *codes)
{
	for (; *codes; codes++, head = "") {
		const struct isup_par_def *def = isup_par_def(dialect, *codes);
		vty_out(vty, "%-20s %-20s %-5s  %s%s", head, def->name, def->clause, def->title, VTY_NEWLINE);
	}
}

static void show_message(struct vty *vty, const struct isup_dialect *dialect, unsigned int type)
{
	const struct isup_msg_def *def = isup_msg_def(dialect, type);

	vty_out(vty, "%s, %s: 0x%02x, %s%s%s", def->name, def->title, type, recommendation(def->clause), def->clause,
		VTY_NEWLINE);
	show_codes(vty, dialect, "mandatory fixed", def->fixed);
	show_codes(vty, dialect, "mandatory variable", def->variable);
	if (def->optional)
		vty_out(vty, "%-20s any%s", "optional", VTY_NEWLINE);
	if (def->opaque)
		vty_out(vty, "carried as octets%s", VTY_NEWLINE);
}

/* name NULL: all of them */
static int message_cmd(struct vty *vty, const struct isup_dialect *dialect, const char *name)
{
	int type;

	if (!dialect)
		return CMD_WARNING;
	if (!name) {
		show_messages(vty, dialect);
		return CMD_SUCCESS;
	}
	type = find_message(dialect, name);
	if (type < 0)
		return gw_config_refuse(vty, "no message is called '%s': 'show isup message' lists them", name);
	show_message(vty, dialect, type);
	return CMD_SUCCESS;
}

DEFUN(show_isup_message, show_isup_message_cmd,
      "show isup message [NAME]", SHOW_ISUP_STR "Messages that the codec knows\n"
      "One of them, its parameters: IAM, REL and so on\n")
{
	return message_cmd(vty, &isup_dialect_itu, argc ? argv[0] : NULL);
}

DEFUN(show_isup_message_dialect, show_isup_message_dialect_cmd,
      "show isup message dialect NAME [MESSAGE]", SHOW_ISUP_STR "Messages that the codec knows\n" DIALECT_STR
      "One of them, its parameters: IAM, REL and so on\n")
{
	return message_cmd(vty, find_dialect(vty, argv[0]), argc > 1 ? argv[1] : NULL);
}

/* ---- Parameters ---- */

static void show_length(struct vty *vty, const struct isup_par_def *def)
{
	if (def->min_len == def->max_len)
		vty_out(vty, "%u", def->min_len);
	else if (def->max_len)
		vty_out(vty, "%u to %u", def->min_len, def->max_len);
	else
		vty_out(vty, "%u or more", def->min_len);
	vty_out(vty, def->max_len == 1 ? " octet" : " octets");
}

static void show_parameters(struct vty *vty, const struct isup_dialect *dialect)
{
	for (unsigned int code = 0; code < 256; code++) {
		const struct isup_par_def *def = isup_par_def(dialect, code);
		if (def)
			vty_out(vty, "0x%02x  %-24s  %-5s  %s%s", code, def->name, def->clause, def->title,
				VTY_NEWLINE);
	}
}

static void show_field(struct vty *vty, const struct isup_par_def *def, const struct isup_field *field)
{
	vty_out(vty, "%s (bits %s", field->name, field->letters);
	if (def->octets && (field->octet || def->octets[0].kind != ISUP_OCTET_MUST))
		vty_out(vty, " of octet %s%s", def->octets[field->octet].name,
			def->octets[field->octet].kind == ISUP_OCTET_MUST ? "" : ", if it is there");
	vty_out(vty, ")");
	if (!field->values)
		vty_out(vty, ": a number");
	vty_out(vty, "%s", VTY_NEWLINE);
	for (const struct isup_value *value = field->values; value && value->title; value++)
		vty_out(vty, "  %3u  %-24s  %s%s", value->value, value->word ? : "", value->title, VTY_NEWLINE);
}

static void show_parameter(struct vty *vty, const struct isup_par_def *def, uint8_t code)
{
	vty_out(vty, "%s, %s: 0x%02x, %s%s, ", def->name, def->title, code, recommendation(def->clause), def->clause);
	show_length(vty, def);
	vty_out(vty, "%s", VTY_NEWLINE);
	for (const struct isup_field *field = def->fields; field && field->name; field++)
		show_field(vty, def, field);
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++)
		vty_out(vty, "%s (%s)%s", rest->name, rest->digits ? "digits" : "octets", VTY_NEWLINE);
	if (isup_par_is_list(def))
		vty_out(vty, "all of these any number of times%s", VTY_NEWLINE);
	if (def->form == ISUP_FORM_OCTETS)
		vty_out(vty, "octets, not taken apart%s", VTY_NEWLINE);
	if (def->usual)
		vty_out(vty, "usual: %s%s", def->usual, VTY_NEWLINE);
}

static int parameter_cmd(struct vty *vty, const struct isup_dialect *dialect, const char *name)
{
	const struct isup_par_def *def;
	uint8_t code;

	if (!dialect)
		return CMD_WARNING;
	if (!name) {
		show_parameters(vty, dialect);
		return CMD_SUCCESS;
	}
	def = isup_par_def_by_name(dialect, name, &code);
	if (!def)
		return gw_config_refuse(vty, "no parameter is called '%s': 'show isup parameter' lists them", name);
	show_parameter(vty, def, code);
	return CMD_SUCCESS;
}

DEFUN(show_isup_parameter, show_isup_parameter_cmd,
      "show isup parameter [NAME]", SHOW_ISUP_STR "Parameters that the codec knows\n"
      "One of them, its fields and their values: called, cause and so on\n")
{
	return parameter_cmd(vty, &isup_dialect_itu, argc ? argv[0] : NULL);
}

DEFUN(show_isup_parameter_dialect, show_isup_parameter_dialect_cmd,
      "show isup parameter dialect NAME [PARAMETER]", SHOW_ISUP_STR "Parameters that the codec knows\n" DIALECT_STR
      "One of them, its fields and their values: called, cause and so on\n")
{
	return parameter_cmd(vty, find_dialect(vty, argv[0]), argc > 1 ? argv[1] : NULL);
}

void gw_vty_codec_init(struct gw_isup *program_gi)
{
	gi = program_gi;
	install_element_ve(&show_isup_message_cmd);
	install_element_ve(&show_isup_message_dialect_cmd);
	install_element_ve(&show_isup_parameter_cmd);
	install_element_ve(&show_isup_parameter_dialect_cmd);
}
