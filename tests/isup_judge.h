/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which field of tshark says what our codec says: for isup_judge.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Where a field of tshark comes from: the member of any of these parameters, in the order of the message */
struct judged {
	const char *field;
	const char *member;	/* "digits" and "odd" of a number too */
	uint8_t pars[12];
	int add;		/* to our value */
	const char *dialect;	/* tshark has it there only; NULL: everywhere */
	bool alone;		/* other parameters have this field of tshark too: only where none is there */
};

/* Ends with a row without field. */
extern const struct judged judgeds[];
