/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An operator's own profiles as XML: doc/schema/mapping-profile.xsd. */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "mapping/map_profile.h"

struct isup_dialect;
struct map_profile_own;

/* What the reader needs beside the file */
struct map_overlay_env {
	const struct isup_dialect *dialect;	/* that has all parameters: ITU-T */
	/* What is not wrong, but surely not meant: "FILE:LINE:COLUMN: row is never reached …"; may be NULL */
	void (*note)(const char *text, void *data);
	void *data;
};

/* Reads a profile. Returns NULL, nothing being half done, with a sentence in err: file, line, column, what would be
 * right. */
struct map_profile_own *map_overlay_load(void *ctx, const char *path, const struct map_overlay_env *env, char *err,
					 size_t err_size);
/* The same of len octets in memory; name stands for the file in errors. */
struct map_profile_own *map_overlay_parse(void *ctx, const char *name, const char *text, size_t len,
					  const struct map_overlay_env *env, char *err, size_t err_size);

/* Writes a profile whole, under a name: reading it gives an equal one, whatever becomes of the built-in ones. */
void map_overlay_write(FILE *file, const struct map_profile *profile, const char *name,
		       const struct isup_dialect *dialect);
