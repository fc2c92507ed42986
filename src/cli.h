/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both programs have in common as processes: command line, logging, VTY, signals, the select loop. */
#pragma once

#include <stdbool.h>

#include <osmocom/vty/vty.h>

#include "log_cats.h"

/* One program: constants, given by its main() */
struct cli_program {
	const char *what;			/* one sentence for --help and --version */
	const char *more_help;			/* lines at the end of --help; may be NULL */
	const char *config_file;		/* default of -c */
	int vty_port;				/* default of line vty / bind */
	const struct log_cats_part *log_cats;
	struct vty_app_info *vty;		/* name, go_parent_cb, config_is_consistent */
	void (*reload)(void);			/* SIGHUP after logs are open again; may be NULL */
	void (*stop)(bool at_once);		/* SIGTERM, SIGINT; at_once for the second one */
};

/* What the command line says */
struct cli {
	const char *config_file;
	bool daemonize;
	bool check;				/* --check-config: load, check, exit */
};

/* Logging, VTY and libosmo-sigtran; nodes of the program are to be installed after. */
void cli_init(void *ctx, const struct cli_program *program);
/* Reads the command line, after all nodes are installed; may exit (--help, --version, --vty-ref-xml). */
void cli_parse(struct cli *cli, int argc, char **argv);
/* Opens the VTY to the network, goes to the background if told so, takes signals from the select loop.
 * Returns 0 or negative errno; what is wrong has been said. */
int cli_open(const struct cli *cli);
/* Sends what is queued, for a second at most: the last act before the process ends. */
void cli_flush(void);
