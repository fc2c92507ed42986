/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests that compare with literal values: says what was there, counts, and goes on. */
#pragma once

#include <stdio.h>
#include <string.h>

static int expect_failures;

#define EXPECT(cond) do { \
	if (!(cond)) { \
		printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #cond); \
		expect_failures++; \
	} \
} while (0)

/* what: the row or case that is being looked at */
#define EXPECT_INT(what, is, should) do { \
	long is_ = (is), should_ = (should); \
	if (is_ != should_) { \
		printf("%s:%d: %s: %s is %ld, should be %ld\n", __FILE__, __LINE__, what, #is, is_, should_); \
		expect_failures++; \
	} \
} while (0)

/* Only its first characters are compared. */
#define EXPECT_BEGIN(what, is, begin) do { \
	const char *begins_ = (is), *begin_ = (begin); \
	if (strncmp(begins_, begin_, strlen(begin_))) { \
		printf("%s:%d: %s: %s is\n  %s\nshould begin with\n  %s\n", __FILE__, __LINE__, what, #is, \
		       begins_, begin_); \
		expect_failures++; \
	} \
} while (0)

#define EXPECT_STR(what, is, should) do { \
	const char *is_ = (is), *should_ = (should); \
	if (strcmp(is_, should_)) { \
		printf("%s:%d: %s: %s is\n  %s\nshould be\n  %s\n", __FILE__, __LINE__, what, #is, is_, should_); \
		expect_failures++; \
	} \
} while (0)
