/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of a run. */
#pragma once

#include "isupsim_run.h"

/* Returns 0, 1 where all is done (help), or -EINVAL having said what is wrong. */
int sim_options_parse(struct sim_run_options *opt, int argc, char **argv);
/* The path of a scenario file or of a suite's directory: as it is, where it is one; else that of the shipped one. */
const char *sim_options_path(void *ctx, const struct sim_run_options *opt, const char *name, bool file);
