/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupgw, the daemon: start, select loop, end. */

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup.h"
#include "mapping/mapping.h"
#include "sip/sip.h"

#include "cli.h"
#include "gw.h"
#include "gw_config.h"
#include "gw_vty.h"

static struct gw *gw;

static void stop(bool at_once)
{
	if (at_once)
		gw_stop_at_once(gw);
	else
		gw_stop(gw);
}

static void reload(void)
{
	gw_reload(gw);
}

static const struct log_cats_part log_cats[] = {
	{ 0, isup_log_cats, _ISUP_LOG_COUNT },
	{ LOG_BASE_SIP, sip_log_cats, _SIP_LOG_END - DSIP },
	{ LOG_BASE_MAPPING, map_log_cats, _MAP_LOG_END - DIWU },
	{}
};

static struct vty_app_info vty_info = {
	.name = "isupgw",
	.go_parent_cb = gw_vty_go_parent,
	.config_is_consistent = gw_vty_is_consistent,
};

static const struct cli_program program = {
	.what = "SIP-ISUP signalling gateway",
	.config_file = "isupgw.cfg",
	.vty_port = GW_VTY_PORT,
	.log_cats = log_cats,
	.vty = &vty_info,
	.reload = reload,
	.stop = stop,
};

int main(int argc, char **argv)
{
	void *ctx = talloc_named_const(NULL, 0, "isupgw");
	struct cli cli;

	cli_init(ctx, &program);
	gw = gw_alloc(ctx);
	gw_vty_init(gw);
	cli_parse(&cli, argc, argv);
	if (gw_config_load(ctx, cli.config_file) < 0 || gw_check(gw, gw_config_print_problem, NULL) > 0)
		return 1;
	if (cli.check)
		return 0;
	if (cli_open(&cli) < 0 || gw_start(gw, gw_config_print_problem, NULL) < 0)
		return 1;
	while (gw->state != GW_STOPPED)
		osmo_select_main_ctx(0);
	cli_flush();
	return 0;
}
