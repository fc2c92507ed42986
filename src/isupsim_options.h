/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of a run. */
#pragma once

#include "isupsim_run.h"

/* Returns 0, 1 where help is wanted, or -EINVAL with a sentence in err. opt points into argv. */
int sim_options_parse(struct sim_run_options *opt, int argc, char **argv, char *err, size_t err_size);
void sim_options_help(FILE *out);
/* The path of a scenario file or of a suite's directory: as it is, where it is one; else that of the shipped one. */
const char *sim_options_path(void *ctx, const struct sim_run_options *opt, const char *name, bool file);
