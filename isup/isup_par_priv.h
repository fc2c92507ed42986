/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the parameter codec share. */
#pragma once

#include "isup/isup_par.h"

#define ISUP_HEAD_MAX 16	/* octets that fields can lie in */

/* All fields of the row from and into its head; encode sets bits in a head of zeros, -EINVAL where one does not fit. */
void isup_fields_decode(const struct isup_par_def *def, const uint8_t *head, void *out);
int isup_fields_encode(const struct isup_par_def *def, const void *in, uint8_t *head);
unsigned int isup_bit_get(const uint8_t *octets, char letter);

/* Digits into nibbles, the first in the low one; -EINVAL where one is no digit. And back, with a final 0. */
int isup_digits_encode(const char *digits, unsigned int n, uint8_t *buf);
void isup_digits_decode(const uint8_t *octets, unsigned int n, char *digits);

/* How a form is decoded and encoded: as isup_par_decode() and isup_par_encode() */
typedef int isup_form_decode_fn(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out);
typedef int isup_form_encode_fn(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size);

/* isup_par_chain.c: octets that may be missing, and lists; isup_par_elements.c: tag, length, content */
isup_form_decode_fn isup_chain_decode, isup_list_decode, isup_nsf_decode, isup_gvns_decode, isup_elements_decode;
isup_form_encode_fn isup_chain_encode, isup_list_encode, isup_nsf_encode, isup_gvns_encode, isup_elements_encode;
