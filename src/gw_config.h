/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading a configuration file with its line numbers kept, and saying what is wrong in it; for both programs. */
#pragma once

#include <stddef.h>

#include <osmocom/vty/command.h>
#include <osmocom/vty/vty.h>

/* Reads the file through the VTY. Returns 0 or negative errno; what is wrong is on stderr, with file and line. */
int gw_config_load(void *ctx, const char *path);

/* A command cannot be obeyed: says why, as "FILE:LINE: …" while a file is loaded, as "% …" on a console.
 * Returns CMD_WARNING for the command to return. */
int gw_config_refuse(struct vty *vty, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A command is obeyed, but perhaps not meant so. */
void gw_config_warn(struct vty *vty, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Sets *text (a talloc child of ctx) to the words of a command, or to nothing. */
void gw_config_set_text(const void *ctx, char **text, const char **argv, int argc);

/* Remembers the line that is being read as the place of an object ("circuit-group TRUNK1"). */
void gw_config_note(struct vty *vty, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "FILE:LINE", or "FILE" where the object was not noted, or "configuration" without a file. */
const char *gw_config_where_buf(char *buf, size_t size, const char *object);

/* Takes a configuration apart for its meaning: each problem is given to this callback. */
typedef void gw_problem_cb(const char *object, const char *text, void *data);
/* One that prints it on stderr with file and line, and counts in *data (unsigned int) if that is not NULL */
gw_problem_cb gw_config_print_problem;
