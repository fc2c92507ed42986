/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One ISUP parameter: decode, encode, print and scan by the rows of isup_q763.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup_par_code.h"
#include "isup/isup_par_types.h"

struct isup_dialect;

/* The word and the Recommendation's own name of one value of a field: a row of isup_q763.c */
struct isup_value {
	uint8_t value;
	const char *word;		/* one word for print and scan; NULL: printed as a number */
	const char *title;		/* as the Recommendation spells it */
};

/* One field of a parameter: a row of isup_q763.c */
struct isup_field {
	const char *name;
	const char *letters;		/* its bits as Q.763 prints them: A-H octet 1, I-P 2; Q-X 3, a-x 4 to 6 */
	uint8_t width;			/* number of letters */
	uint8_t offset;			/* of the member: uint8_t, above 8 bits uint16_t, above 16 uint32_t */
	uint8_t octet;			/* that A-H mean, if not 0, the first: index into the row's octets */
	const struct isup_value *values;	/* ends with a row without title; NULL: a number */
};

/* An octet of a parameter whose octets are not all there always: a row of isup_q763.c. It begins a group, or goes on
 * with one where the extension indicator (bit 8) of the octet before is 0. */
struct isup_octet {
	const char *name;		/* as the Recommendation numbers it: "5a"; NULL ends */
	enum {
		ISUP_OCTET_MUST,	/* always there */
		ISUP_OCTET_MAY,		/* if octets are left and mask has value; mask 0: after the one above */
		ISUP_OCTET_NEXT,	/* there if the one above is extended */
	} kind;
	bool extended;			/* its bit 8 is an extension indicator */
	uint8_t mask, value;
	uint8_t of;			/* ISUP_OCTET_MAY: these are bits of the octet of this index; 0: of itself */
};

/* A member that is a string of digits or octets, with its length in a member of its own */
struct isup_rest {
	const char *name;		/* NULL ends */
	uint16_t n_offset, offset;	/* of the length, of the first octet or digit */
	uint8_t max;
	bool digits;			/* printed as such, even if it is empty; else as 0xHEX */
};

/* How the octets are read */
enum isup_par_form {
	ISUP_FORM_OCTETS,		/* no struct: raw octets only */
	ISUP_FORM_BITS,			/* bit fields only */
	ISUP_FORM_NUMBER,		/* struct isup_number */
	ISUP_FORM_CAUSE,		/* struct isup_cause */
	ISUP_FORM_RANGE_STATUS,		/* struct isup_range_status */
	ISUP_FORM_HEADED,		/* struct isup_headed */
	ISUP_FORM_CHAIN,		/* uint8_t present[], fields in octets that may be missing; or content */
	ISUP_FORM_NSF,			/* struct isup_nsf */
	ISUP_FORM_GVNS,			/* struct isup_gvns */
	ISUP_FORM_LIST,			/* uint8_t n, then n items of item_size with the bit fields */
	ISUP_FORM_ELEMENTS,		/* struct isup_elements: of Q.931; tags from 128 on stand alone */
	ISUP_FORM_TAGGED,		/* struct isup_elements: tag, length, content */
	ISUP_FORM_COMPONENTS,		/* struct isup_elements: remote operations */
};

/* One parameter: a row of isup_q763.c */
struct isup_par_def {
	const char *name;		/* word used by print and scan: "called", "fci", "cause" */
	const char *title;		/* as Q.763 Table 5 prints it */
	const char *clause;		/* of Q.763 */
	const char *usual;		/* what scan starts from, in scan's own form; NULL: all members 0 */
	const struct isup_field *fields;	/* ends with a row without name */
	const struct isup_octet *octets;	/* some may be missing, as present[] says; NULL: none is */
	const struct isup_rest *rests;	/* members beside the fields, of a list of each item; NULL: none */
	enum isup_par_form form;
	uint8_t min_len, max_len;	/* octets of the value; max_len 0: up to 255 */
	uint8_t head;			/* octets that hold the bit fields */
	uint8_t item_size;		/* lists: of the struct that holds them */
	char odd;			/* ISUP_FORM_NUMBER: letter of the odd/even indicator, 0: always even */
	char ones;			/* letter of a bit always sent as 1 (extension indicator), 0 if none */
	bool chained;			/* ISUP_FORM_LIST: ones is 1 in the last item only, which ends the list */
	uint16_t size;			/* of the struct that decode fills; 0 for ISUP_FORM_OCTETS */
	uint16_t since;			/* enum isup_edition; 0: since 1988 */
	uint8_t in;			/* enum isup_row_set, bits */
};

/* The row of a parameter code; NULL where the dialect does not know it. */
const struct isup_par_def *isup_par_def(const struct isup_dialect *dialect, uint8_t code);

/* The row with this short name, its code in *code; NULL if there is none. */
const struct isup_par_def *isup_par_def_by_name(const struct isup_dialect *dialect, const char *name, uint8_t *code);

/* The name of a parameter in this dialect, else in the first one built in that has it; "?" */
const char *isup_par_name(const struct isup_dialect *dialect, uint8_t code);
/* Back: 0, -ENOENT */
int isup_par_code(const struct isup_dialect *dialect, const char *name, uint8_t *code);

/* Returns 0, or -EBADMSG where the octets are too short or not of the form; *out is then undefined. Octets beyond
 * those that the row knows are left alone (a later version of the parameter). */
int isup_par_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out);

/* Returns the octets written, -EINVAL where a member does not fit its bits, -ENOSPC where buf is too small. */
int isup_par_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size);

/* Prints "name(field=word field=word)", "name=word" where there is but one field, "name=0xHEX" where it cannot
 * decode; adds "octets=0xHEX" where the fields do not say all. def may be NULL. Returns what snprintf() would. */
int isup_par_print_buf(char *buf, size_t size, const struct isup_par_def *def, uint8_t code,
		       const uint8_t *octets, size_t len);

/* Fills the struct with the row's usual values. */
void isup_par_usual(const struct isup_par_def *def, void *out);

/* Do the members repeat? How often are they there (once, but for lists), and the i-th struct of them */
bool isup_par_is_list(const struct isup_par_def *def);
unsigned int isup_par_n_items(const struct isup_par_def *def, const void *par);
void *isup_par_item(const struct isup_par_def *def, const void *par, unsigned int i);

/* Is the octet there in which the field stands? item is the struct, of a list that of the item. */
bool isup_field_present(const struct isup_par_def *def, const struct isup_field *field, const void *item);

/* Reads what print writes inside the parentheses or after "=": "field=word field=word", a bare word for the
 * principal field (digits, cause value, else the first), or "0xHEX". Members not named keep *inout's value; of a
 * list nothing is kept: each word for the first field begins an item.
 * Returns 0 and the struct in *inout, or -ENOENT (no such field), -EINVAL with a sentence in err naming the word. */
int isup_par_scan(const struct isup_par_def *def, const char *text, void *inout, char *err, size_t err_size);

/* Reads the same from a piece of text into octets, starting from the row's usual values (without octets and strings
 * that may be missing, if the text is not empty); octets given as such ("0xHEX", "octets=0xHEX") stay as they are. def
 * may be NULL. Returns the octets written, or -ENOENT, -EINVAL as above. */
int isup_par_scan_octets(const struct isup_par_def *def, const char *text, size_t text_len,
			 uint8_t *buf, size_t size, char *err, size_t err_size);

/* "PARAMETER has no field 'NAME', it has …" */
void isup_par_say_no_field(char *err, size_t err_size, const struct isup_par_def *def, const char *name, size_t len);

/* Reads "0xHEX". Returns the octets written, -EINVAL. */
int isup_par_scan_hex(const char *text, size_t text_len, uint8_t *buf, size_t size);

/* Prints "0xHEX"; returns what snprintf() would. */
int isup_par_print_hex(char *buf, size_t size, const uint8_t *octets, size_t len);

/* Prints the value of a member as isup_par_print_buf() does, nothing where it is empty; item is the struct, of a list
 * that of the item. Returns what snprintf() would. */
int isup_par_print_rest_buf(char *buf, size_t size, const struct isup_par_def *def, const struct isup_rest *rest,
			    const void *par, const void *item);

/* Do the fields of the row say all that the octets, of which par was decoded, say? */
bool isup_par_says_all(const struct isup_par_def *def, const void *par, const uint8_t *octets, size_t len);

/* The value of a field in a decoded parameter, and the row of a value; NULL if it has none */
unsigned int isup_field_get(const struct isup_field *field, const void *par);
const struct isup_value *isup_field_value(const struct isup_field *field, unsigned int number);

/* The Recommendation's name for a value, "?" where it has none: for logs and VTY */
const char *isup_cause_name(uint8_t cause_value);
