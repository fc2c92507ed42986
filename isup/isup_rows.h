/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short forms in which tables of ISUP fields and parameters are written; no code. */
#pragma once

#include "isup/isup_par.h"

/* A field of a parameter's struct, and of a parameter that is a single field */
#define BITS(type, member, letters_, values_) { \
	.name = #member, .letters = letters_, .width = sizeof(letters_) - 1, \
	.offset = offsetof(struct type, member), .values = values_ }
#define SINGLE(name_, letters_, values_) { \
	.name = name_, .letters = letters_, .width = sizeof(letters_) - 1, .values = values_ }

/* A field in one of octets that may be missing */
#define BITS_OF(octet_, type, member, letters_, values_) { \
	.name = #member, .letters = letters_, .width = sizeof(letters_) - 1, .octet = octet_, \
	.offset = offsetof(struct type, member), .values = values_ }

/* A string beside the fields: the member and its n_… */
#define REST(type, member, digits_) { \
	.name = #member, .n_offset = offsetof(struct type, n_##member), .offset = offsetof(struct type, member), \
	.max = sizeof(((struct type *)0)->member) - digits_, .digits = digits_ }

/* The members that all rows of a form share */
#define BITS_ROW(type, fields_, head_) \
	.form = ISUP_FORM_BITS, .fields = fields_, .size = sizeof(type), .head = head_
#define NUMBER_ROW(fields_, head_, odd_) \
	.form = ISUP_FORM_NUMBER, .fields = fields_, .rests = isup_number_rests, .size = sizeof(struct isup_number), \
	.head = head_, .odd = odd_
#define HEADED_ROW(fields_, head_) \
	.form = ISUP_FORM_HEADED, .fields = fields_, .rests = isup_headed_rests, .size = sizeof(struct isup_headed), \
	.head = head_
#define CHAIN_ROW(type, octets_, fields_) \
	.form = ISUP_FORM_CHAIN, .octets = octets_, .fields = fields_, .size = sizeof(type), \
	.head = ARRAY_SIZE(octets_) - 1
#define LIST_ROW(list, item, fields_, head_) \
	.form = ISUP_FORM_LIST, .fields = fields_, .size = sizeof(list), .item_size = sizeof(item), .head = head_
#define ELEMENTS_ROW(form_, octets_, fields_) \
	.form = form_, .octets = octets_, .fields = fields_, .rests = isup_element_rests, \
	.head = ARRAY_SIZE(octets_) - 1, .size = sizeof(struct isup_elements), \
	.item_size = sizeof(struct isup_element)
#define OCTET_ROW(fields_) BITS_ROW(uint8_t, fields_, 1), .min_len = 1, .max_len = 1

/* In isup_q763.c */
extern const struct isup_octet isup_usi_octets[ISUP_USI_7B + 2];
extern const struct isup_field isup_usi_fields[];
extern const struct isup_rest isup_number_rests[], isup_headed_rests[], isup_element_rests[];
