/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that an operator names. */
#pragma once

#include <stddef.h>

/* The octets of a regular file of at most max; what is no file is not waited for. Returns a talloc chunk, NULL with
 * "FILE: what" in err. */
char *map_file_read(void *ctx, const char *path, size_t max, size_t *len, char *err, size_t err_size);
/* The same, and what pipes and devices give until they end, if it is no more than max: who calls has time to wait for
 * that. */
char *map_file_read_pipe(void *ctx, const char *path, size_t max, size_t *len, char *err, size_t err_size);
