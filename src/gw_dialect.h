/* SPDX-License-Identifier: GPL-3.0-or-later */
/* National variants of ISUP from files: doc/schema/isup-dialect.xsd. */
#pragma once

#include <stddef.h>

struct isup_dialect_own;

/* Reads a variant. Returns NULL, nothing being half done, with a sentence in err: file, line, column, what would be
 * right. */
struct isup_dialect_own *gw_dialect_load(void *ctx, const char *name, const char *path, char *err, size_t err_size);
