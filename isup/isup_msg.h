/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One ISUP message: its parameters as octets, in the order received or to be sent, unknown ones too. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup_par.h"

struct isup_dialect;

/* Message type codes, Q.763 Table 4 */
enum isup_msg_type {
	ISUP_MSG_IAM = 0x01, ISUP_MSG_SAM = 0x02, ISUP_MSG_INR = 0x03, ISUP_MSG_INF = 0x04, ISUP_MSG_COT = 0x05,
	ISUP_MSG_ACM = 0x06, ISUP_MSG_CON = 0x07, ISUP_MSG_FOT = 0x08, ISUP_MSG_ANM = 0x09, ISUP_MSG_REL = 0x0c,
	ISUP_MSG_SUS = 0x0d, ISUP_MSG_RES = 0x0e, ISUP_MSG_RLC = 0x10, ISUP_MSG_CCR = 0x11, ISUP_MSG_RSC = 0x12,
	ISUP_MSG_BLO = 0x13, ISUP_MSG_UBL = 0x14, ISUP_MSG_BLA = 0x15, ISUP_MSG_UBA = 0x16, ISUP_MSG_GRS = 0x17,
	ISUP_MSG_CGB = 0x18, ISUP_MSG_CGU = 0x19, ISUP_MSG_CGBA = 0x1a, ISUP_MSG_CGUA = 0x1b, ISUP_MSG_CMR = 0x1c,
	ISUP_MSG_CMC = 0x1d, ISUP_MSG_CMRJ = 0x1e, ISUP_MSG_FAR = 0x1f, ISUP_MSG_FAA = 0x20, ISUP_MSG_FRJ = 0x21,
	ISUP_MSG_LPA = 0x24, ISUP_MSG_DRS = 0x27, ISUP_MSG_PAM = 0x28, ISUP_MSG_GRA = 0x29, ISUP_MSG_CQM = 0x2a,
	ISUP_MSG_CQR = 0x2b, ISUP_MSG_CPG = 0x2c, ISUP_MSG_USR = 0x2d, ISUP_MSG_UCIC = 0x2e, ISUP_MSG_CFN = 0x2f,
	ISUP_MSG_OLM = 0x30, ISUP_MSG_CRG = 0x31, ISUP_MSG_NRM = 0x32, ISUP_MSG_FAC = 0x33, ISUP_MSG_UPT = 0x34,
	ISUP_MSG_UPA = 0x35, ISUP_MSG_IDR = 0x36, ISUP_MSG_IRS = 0x37, ISUP_MSG_SGM = 0x38, ISUP_MSG_LOP = 0x40,
	ISUP_MSG_APM = 0x41, ISUP_MSG_PRI = 0x42, ISUP_MSG_SDM = 0x43,
};

/* One parameter where it stands: val borrows from the octets the message was decoded from, or from its store */
struct isup_par {
	uint8_t code;			/* enum isup_par_code */
	uint8_t len;			/* octets at val */
	bool optional;			/* in the optional part; a repeated mandatory code stays there */
	const uint8_t *val;
};

#define ISUP_MSG_PARS_MAX	136	/* 272 octets of MTP3 SIF hold no more */
#define ISUP_MSG_OCTETS_MAX	272	/* Q.704 2.2.8: longest SIF; the label and CIC count into it */

/* Not copied by assignment: pars may point into store. Only pars[0..n_pars) and store[0..n_store) are set. */
struct isup_msg {
	const struct isup_dialect *dialect;
	uint8_t type;			/* enum isup_msg_type, or what was received */
	uint8_t n_pars;
	uint16_t n_store;
	uint16_t cic;			/* the circuit (set by decode's caller and by isup_call_req()) */
	uint16_t octets_len;		/* as received, from the message type on; 0 on a built or changed message */
	const uint8_t *octets;
	struct isup_par pars[ISUP_MSG_PARS_MAX];
	uint8_t store[2 * ISUP_MSG_OCTETS_MAX];
};

/* What was wrong with received octets, for the log, CFN and REL of Q.764 2.9.5 */
struct isup_msg_error {
	const char *what;		/* a short sentence, static */
	uint16_t offset;		/* from the message type octet */
	uint8_t par_code;		/* the parameter at fault, ISUP_PAR_END if none */
};

/* One message type: a row of isup_q763.c */
struct isup_msg_def {
	const char *name;			/* "IAM" */
	const char *title;			/* "Initial address" */
	const char *clause;			/* table of Q.763 */
	uint8_t fixed[8];			/* enum isup_par_code, 0 ends */
	uint8_t variable[4];			/* enum isup_par_code, 0 ends */
	bool optional;				/* has an optional part */
	bool opaque;				/* content is not of this form (PAM, CRG): carried as octets */
	bool holds_message;			/* which are a message from its type on (PAM) */
	uint8_t prio;				/* of the MSU that carries it (ANSI T1.111.5) */
	uint8_t in;				/* enum isup_row_set, bits */
	uint16_t since;				/* enum isup_edition; 0: since 1988 */
};

/* What the version parameter of RFC 3204 calls messages of this dialect: "itu-t92+" */
const char *isup_mime_version(const struct isup_dialect *dialect);

/* The row of a message type; NULL where the dialect does not know it. */
const struct isup_msg_def *isup_msg_def(const struct isup_dialect *dialect, uint8_t type);
/* ITU-T's, for who needs words without a call */
extern const struct isup_dialect isup_dialect_itu;

/* The short name; "MSG-0x.." for an unknown type lies in a talloc'ed OTC_SELECT string. */
const char *isup_msg_name(const struct isup_dialect *dialect, uint8_t type);

/* Starts an empty message of the given type. */
void isup_msg_init(struct isup_msg *msg, const struct isup_dialect *dialect, uint8_t type);

/* Decodes from the message type octet on; msg borrows octets. An unknown or opaque type keeps its octets and has no
 * parameters. A missing end of optional parameters octet, a missing pointer to an absent optional part, and octets
 * after the end are let pass: nothing is lost by them.
 * Returns 0; -EBADMSG with *err (may be NULL) filled where a mandatory part or a length is broken: msg has type and
 * octets then, but its parameters are not to be used. */
int isup_msg_decode(struct isup_msg *msg, const struct isup_dialect *dialect, const uint8_t *octets, size_t len,
		    struct isup_msg_error *err);

/* Encodes from the message type octet on. A message as received, nothing put into it, gives the received octets.
 * Returns octets written, -EINVAL where a mandatory parameter is missing or has a wrong length, -EMSGSIZE where a
 * pointer cannot reach (above 255), -ENOSPC where buf is too small. */
int isup_msg_encode(const struct isup_msg *msg, uint8_t *buf, size_t size);

/* The same from the parameters, in canonical layout, however it was received; -EINVAL for a type without a row. */
int isup_msg_encode_pars(const struct isup_msg *msg, uint8_t *buf, size_t size);

/* Appends a parameter from its struct (const struct isup_number *, const uint8_t * for single-field ones, …). It
 * goes to its mandatory place if the type has one that is still free, else to the optional part.
 * Returns 0, -EINVAL (a member out of range), -ENOSPC. */
int isup_msg_put(struct isup_msg *msg, uint8_t code, const void *par);
/* The same in the place of the first one with this code, where there is one. */
int isup_msg_replace(struct isup_msg *msg, uint8_t code, const void *par);

/* The same from octets (copied into the store). A code the dialect does not know is fine. */
int isup_msg_put_octets(struct isup_msg *msg, uint8_t code, const uint8_t *val, size_t len);
int isup_msg_replace_octets(struct isup_msg *msg, uint8_t code, const uint8_t *val, size_t len);

/* The first parameter with this code, NULL if there is none. */
const struct isup_par *isup_msg_find(const struct isup_msg *msg, uint8_t code);

/* Decodes the first parameter with this code into its struct: 0, -ENOENT, -EBADMSG; -EINVAL: it has no struct. */
int isup_msg_get(const struct isup_msg *msg, uint8_t code, void *par);

/* The medium that an IAM asks for, enum isup_tmr: its TMR, or in a dialect that has none what its user service
 * information says. Both return as isup_msg_get(), isup_msg_put() do; -EINVAL: another medium than these words have. */
int isup_msg_get_tmr(const struct isup_msg *msg, uint8_t *tmr);
int isup_msg_put_tmr(struct isup_msg *msg, uint8_t tmr);

/* Is a call of this calling party's category (Q.763 3.11) kept back by congestion, or not? */
bool isup_category_has_priority(const struct isup_dialect *dialect, uint8_t category);

/* Shorthand for messages with a single cause: REL, CFN. A value above 127, which no cause has, becomes 31. */
void isup_msg_init_cause(struct isup_msg *msg, const struct isup_dialect *dialect, uint8_t type,
			 uint8_t cause_value, uint8_t location);

/* The cause value of REL, CFN or any message with cause indicators; 31 (normal, unspecified) if it has none or
 * a broken one. */
uint8_t isup_msg_cause(const struct isup_msg *msg);

/* Prints "IAM cic=3 nci(…) fci(…) … called(noa=national digits=201234567)"; adds "octets=0xHEX", all after the
 * message type, where the parameters do not say all (unknown type, unusual layout), and a message inside in brackets.
 * Returns what snprintf() would. */
int isup_msg_print_buf(char *buf, size_t size, const struct isup_msg *msg);

/* The message that another one holds (PAM), if it decodes; one that holds another in turn is not gone into. Returns 0,
 * -ENOENT. */
int isup_msg_inner(struct isup_msg *inner, const struct isup_msg *msg);

/* Do the parameters say all that the octets say? */
bool isup_msg_says_all(const struct isup_msg *msg);

/* Reads the text form that print writes, and its short forms: "IAM called=201234567 calling=301112222",
 * "REL cause=17", "ACM bci(called_status=subscriber-free)", "param0x7f=0x0102", "MSG-0x99 octets=0x0102". Members that
 * are not named get the row's usual value (national, ISDN plan, location LN …), so do mandatory parameters that are
 * not named. "octets=0xHEX" overrides all before it and may be as broken as one likes. What is in brackets is passed
 * over. The reverse of print.
 * Returns 0, or with a sentence in err -ENOENT: there is no such message, parameter or field; -EINVAL. */
int isup_msg_scan(struct isup_msg *msg, const struct isup_dialect *dialect, const char *text,
		  char *err, size_t err_size);

/* ---- From one dialect to another ---- */

/* A built-in one by its name; "itu-2000" is "itu". NULL if there is none. */
const struct isup_dialect *isup_dialect_find(const char *name);

/* What a message of the other dialect cannot say: "bci(holding) charge_number …", words of the first dialect's rows;
 * cut where it is too long */
struct isup_lost {
	uint8_t type;			/* of the message, where the other dialect has none such; else 0 */
	unsigned int n;			/* parameters, whole or in part */
	uint8_t codes[16];		/* the first ones */
	char text[128];
};

/* Do both write messages of this type in the same way? Then nothing needs to be converted. A dialect made of a built-in
 * one does as that does, but for messages that it gives another layout. */
bool isup_same_message(const struct isup_dialect *a, const struct isup_dialect *b, uint8_t type);

/* from, whose parameters may be used, in another dialect. Parameters that both have by the same row go over octet for
 * octet, those that they write differently field by field, by the words of their values; parameters that the other
 * dialect does not know are lost, as nobody there could say what is to be done with them (Q.764 2.9.5.3).
 * Returns 0; -ENOENT where it has no such message, -EINVAL where a mandatory parameter is missing then. */
int isup_msg_convert(struct isup_msg *to, const struct isup_dialect *dialect, const struct isup_msg *from,
		     struct isup_lost *lost);

/* Adds to a message the parameters of another one of its dialect, but those that it has already. What its type does
 * not have is lost; parameters that nobody knows go with the others. */
void isup_msg_add(struct isup_msg *to, const struct isup_msg *from, struct isup_lost *lost);
