/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both programs have in common as processes: command line, logging, VTY, signals, the select loop. */

#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/select.h>
#include <osmocom/core/stats.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <osmocom/sigtran/osmo_ss7.h>
#include <osmocom/vty/command.h>
#include <osmocom/vty/cpu_sched_vty.h>
#include <osmocom/vty/logging.h>
#include <osmocom/vty/misc.h>
#include <osmocom/vty/stats.h>
#include <osmocom/vty/telnet_interface.h>

#include "cli.h"

/* The process's own */
static struct {
	void *ctx;
	const struct cli_program *program;
	bool stop_asked;
} self;

void cli_init(void *ctx, const struct cli_program *program)
{
	self.ctx = ctx;
	self.program = program;
	msgb_talloc_ctx_init(ctx, 0);
	osmo_init_ignore_signals();
	osmo_init_logging2(ctx, log_cats_assemble(ctx, program->log_cats));
	log_set_print_category_hex(osmo_stderr_target, 0);
	log_set_print_category(osmo_stderr_target, 1);
	log_set_print_level(osmo_stderr_target, 1);
	log_set_print_filename2(osmo_stderr_target, LOG_FILENAME_NONE);
	osmo_fsm_log_timeouts(true);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	osmo_fsm_log_addr(false);	/* the names of ours say which one it is */
	osmo_stats_init(ctx);
	rate_ctr_init(ctx);

	program->vty->tall_ctx = ctx;
	program->vty->version = PACKAGE_VERSION;
	program->vty->copyright = "Free software, GPL-3.0-or-later; there is no warranty\n";
	vty_init(program->vty);
	logging_vty_add_cmds();
	osmo_talloc_vty_add_cmds();
	osmo_stats_vty_add_cmds();
	osmo_fsm_vty_add_cmds();
	osmo_cpu_sched_vty_init(ctx);
	osmo_ss7_init();
	osmo_ss7_vty_init_sg(ctx);
}

static void print_help(void)
{
	const struct cli_program *program = self.program;

	printf("%s: %s\n"
	       "  -c, --config-file FILE   configuration (%s)\n"
	       "  -T, --check-config       load and check the configuration, say what is wrong, exit\n"
	       "  -D, --daemonize          go to the background\n"
	       "  -d, --debug CAT,level    log categories and levels to stderr, such as DISUP,1:DSIP,3\n"
	       "  -V, --version            print the version\n"
	       "  -h, --help               print this\n"
	       "      --vty-ref-xml        print the reference of all VTY commands as XML\n"
	       "      --vty-ref-mode MODE  for --vty-ref-xml: which commands (default, expert)\n"
	       "%s",
	       program->vty->name, program->what, program->config_file, program->more_help ? : "");
}

static const struct option options[] = {
	{ "config-file", required_argument, NULL, 'c' },
	{ "check-config", no_argument, NULL, 'T' },
	{ "daemonize", no_argument, NULL, 'D' },
	{ "debug", required_argument, NULL, 'd' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ "vty-ref-mode", required_argument, NULL, 'm' },
	{ "vty-ref-xml", no_argument, NULL, 'x' },
	{}
};

static enum vty_ref_gen_mode parse_ref_mode(const char *name)
{
	int mode = get_string_value(vty_ref_gen_mode_names, name);

	if (mode >= 0)
		return mode;
	fprintf(stderr, "%s: --vty-ref-mode '%s' is not known\n", self.program->vty->name, name);
	exit(2);
}

/* Returns false where the option is not known. */
static bool take_option(struct cli *cli, int option, enum vty_ref_gen_mode *mode)
{
	switch (option) {
	case 'c':
		cli->config_file = optarg;
		return true;
	case 'T':
		cli->check = true;
		return true;
	case 'D':
		cli->daemonize = true;
		return true;
	case 'd':
		log_parse_category_mask(osmo_stderr_target, optarg);
		return true;
	case 'V':
		printf("%s %s\n%s\n", self.program->vty->name, PACKAGE_VERSION, self.program->what);
		exit(0);
	case 'h':
		print_help();
		exit(0);
	case 'm':
		*mode = parse_ref_mode(optarg);
		return true;
	case 'x':
		vty_dump_xml_ref_mode(stdout, *mode);
		exit(0);
	default:
		return false;
	}
}

void cli_parse(struct cli *cli, int argc, char **argv)
{
	enum vty_ref_gen_mode mode = VTY_REF_GEN_MODE_DEFAULT;
	int option;

	*cli = (struct cli){ .config_file = self.program->config_file };
	while ((option = getopt_long(argc, argv, "c:TDd:Vh", options, NULL)) != -1) {
		if (!take_option(cli, option, &mode))
			exit(2);
	}
	if (optind < argc) {
		fprintf(stderr, "%s: '%s' is not an option; --help lists them\n", self.program->vty->name,
			argv[optind]);
		exit(2);
	}
}

static void signal_cb(struct osmo_signalfd *osfd, const struct signalfd_siginfo *info)
{
	switch (info->ssi_signo) {
	case SIGTERM:
	case SIGINT:
		self.program->stop(self.stop_asked);
		self.stop_asked = true;
		break;
	case SIGHUP:
		log_targets_reopen();
		if (self.program->reload)
			self.program->reload();
		break;
	case SIGUSR1:
		talloc_report_full(self.ctx, stderr);
		break;
	}
}

static int take_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	return osmo_signalfd_setup(self.ctx, set, signal_cb, NULL) ? 0 : -EIO;
}

int cli_open(const struct cli *cli)
{
	int rc = telnet_init_default(self.ctx, NULL, self.program->vty_port);

	if (rc < 0) {
		/* rc is no errno; the library has logged it */
		fprintf(stderr, "%s: the VTY cannot listen on %s port %d: 'line vty / bind' sets another one\n",
			self.program->vty->name, vty_get_bind_addr(), vty_get_bind_port(self.program->vty_port));
		return rc;
	}
	if (cli->daemonize && osmo_daemonize() < 0) {
		rc = -errno;
		fprintf(stderr, "%s: cannot go to the background: %s\n", self.program->vty->name, strerror(-rc));
		return rc;
	}
	rc = take_signals();
	if (rc < 0)
		fprintf(stderr, "%s: cannot take signals: %s\n", self.program->vty->name, strerror(-rc));
	return rc;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

void cli_flush(void)
{
	double end = now() + 1;

	osmo_select_shutdown_request();
	while (!osmo_select_shutdown_done() && now() < end)
		osmo_select_main_ctx(1);
}
