/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fake SIP room notes of a message: " name=value", or nothing; returns what snprintf() would. */
#pragma once

#include "sip/sip_msg.h"

/* The user part of a header's URI, or '@' and its host */
int fake_print_user(char *buf, size_t size, const char *name, const struct sip_msg *msg, enum sip_hdr_id id);
/* A header's value up to its parameters */
int fake_print_first(char *buf, size_t size, const char *name, const struct sip_msg *msg, enum sip_hdr_id id);
/* A header without an id: the user part of its URI, or its first word */
int fake_print_named(char *buf, size_t size, const char *name, const struct sip_msg *msg, const char *hdr_name);
/* Each line's value, with commas between */
int fake_print_all(char *buf, size_t size, const char *name, const struct sip_msg *msg, enum sip_hdr_id id);
