/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints a generated section of doc/CONFORMANCE.md from the tables of the codec: isup-messages, isup-parameters. */

#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#define ITU (&isup_dialect_itu)

/* ---- Messages ---- */

static void print_codes(const uint8_t *codes)
{
	for (const uint8_t *code = codes; *code; code++)
		printf("%s%s", code > codes ? ", " : "", isup_par_def(ITU, *code)->name);
}

static void print_message(unsigned int type)
{
	const struct isup_msg_def *def = isup_msg_def(ITU, type);

	if (!def)
		return;
	printf("| 0x%02x | %s | %s | %s | ", type, def->name, def->title, def->clause);
	print_codes(def->fixed);
	printf(" | ");
	print_codes(def->variable);
	printf(" | %s | %s |\n", def->optional ? "yes" : "no", def->opaque ? "as octets" : "by parameters");
}

static void print_messages(void)
{
	printf("| Code | Message | Title | Q.763 | Mandatory fixed | Mandatory variable | Optional part | Carried |\n");
	printf("|---|---|---|---|---|---|---|---|\n");
	for (unsigned int type = 0; type < 256; type++)
		print_message(type);
	printf("\nA message of any other type is carried as octets.\n");
}

/* ---- Parameters ---- */

static void print_length(const struct isup_par_def *def)
{
	if (def->min_len == def->max_len)
		printf("%u", def->min_len);
	else if (def->max_len)
		printf("%u to %u", def->min_len, def->max_len);
	else
		printf("%u or more", def->min_len);
}

static void print_field(const struct isup_par_def *def, const struct isup_field *field)
{
	printf("%s (%s", field->name, field->letters);
	if (def->octets && def->octets[field->octet].kind != ISUP_OCTET_MUST)
		printf(" of %s, if there", def->octets[field->octet].name);
	else if (field->octet)
		printf(" of %s", def->octets[field->octet].name);
	printf(")");
}

static void print_fields(const struct isup_par_def *def)
{
	const char *sep = "";

	for (const struct isup_field *field = def->fields; field && field->name; field++) {
		printf("%s", sep);
		print_field(def, field);
		sep = ", ";
	}
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++) {
		printf("%s%s", sep, rest->name);
		sep = ", ";
	}
	if (isup_par_is_list(def))
		printf("%sany number of times", sep);
	if (def->form == ISUP_FORM_OCTETS)
		printf("octets");
}

static void print_parameter(unsigned int code)
{
	const struct isup_par_def *def = isup_par_def(ITU, code);

	if (!def)
		return;
	printf("| 0x%02x | %s | %s | %s | ", code, def->title, def->clause, def->name);
	print_length(def);
	printf(" | ");
	print_fields(def);
	printf(" |\n");
}

static void print_parameters(void)
{
	printf("| Code | Parameter | Q.763 | Name in text | Octets | ");
	printf("Fields (bits A to H octet 1, I to P 2, Q to X 3, a to x 4 to 6) |\n");
	printf("|---|---|---|---|---|---|\n");
	for (unsigned int code = 0; code < 256; code++)
		print_parameter(code);
	printf("\nA parameter of any other code is kept as octets, in its place.\n");
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "isup-messages") == 0)
		print_messages();
	else if (argc == 2 && strcmp(argv[1], "isup-parameters") == 0)
		print_parameters();
	else
		return 2;
	return 0;
}
