/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For ladder_test and flow_test: the words of a line, and what is wrong there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "isup/isup_msg.h"

/* Ends the test. */
void ladder_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4), noreturn));

/* Takes a word, or name(…) with the words in it, off the front. */
bool ladder_take_item(const char **text, char *item, size_t size);
/* Is there "NAME=" or "NAME(" as a word in text? */
bool ladder_has_name(const char *text, const char *name);
bool ladder_has_word(const char *text, const char *word);
/* "called=201234567", "cause(value=17 location=user)": are these fields of the parameter as named? */
bool ladder_isup_item_is(const struct isup_msg *msg, const char *item);
/* ladder_media.c: does what a line "media …" says; false: it says nothing that is known. */
bool ladder_media(char **arg);
