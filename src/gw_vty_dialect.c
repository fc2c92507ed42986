/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The console of dialects, for both programs: national variants from files, and what a dialect is. */

#include <osmocom/core/talloc.h>

#include "isup/isup_dialect_own.h"

#include "gw_config.h"
#include "gw_dialect.h"
#include "gw_isup.h"
#include "gw_vty.h"

static struct gw_isup *gi;

#define DIALECT_STR "A national variant of ISUP\n" "Its name, which circuit groups give as their dialect\n"

/* The file is read whole before anything changes. */
static int load(struct vty *vty, const char *name, const char *path)
{
	char err[512] = "";
	struct isup_dialect_own *own = gw_dialect_load(gi, name, path, err, sizeof(err));

	if (!own)
		return gw_config_refuse(vty, "dialect %s: %s", name, err);
	own->path = talloc_strdup(own, path);
	if (isup_dialect_own_register(gi->isup, own, err, sizeof(err)) == 0)
		return CMD_SUCCESS;
	talloc_free(own);
	return gw_config_refuse(vty, "dialect %s: %s", name, err);
}

DEFUN_ATTR(cfg_isup_dialect, cfg_isup_dialect_cmd,
      "dialect NAME file PATH", DIALECT_STR "Read it from a file\n" "Its path\n",
      CMD_ATTR_IMMEDIATE)
{
	return load(vty, argv[0], argv[1]);
}

static const struct isup_dialect_own *find_own(const char *name)
{
	const struct isup_dialect_own *own = NULL;

	while ((own = isup_next_own_dialect(gi->isup, own))) {
		if (!strcmp(own->dialect.name, name))
			break;
	}
	return own;
}

DEFUN(isup_dialect_reload, isup_dialect_reload_cmd,
      "isup dialect NAME reload", "ISDN user part\n" DIALECT_STR
      "Read its file again, for calls to come; calls that there are keep what they began with\n")
{
	const struct isup_dialect_own *own = find_own(argv[0]);

	if (!own) {
		vty_out(vty, "%% no dialect '%s' was read from a file%s", argv[0], VTY_NEWLINE);
		return CMD_WARNING;
	}
	return load(vty, argv[0], own->path);
}

/* ---- Show ---- */

static void show_row(struct vty *vty, const struct isup_dialect *dialect, const char *path)
{
	vty_out(vty, "%-12s %s%s%s%s", dialect->name, dialect->title, path ? ", from " : "", path ? : "", VTY_NEWLINE);
}

DEFUN(show_isup_dialects, show_isup_dialects_cmd,
      "show isup dialects", SHOW_STR "ISDN user part\n" "The dialects of ISUP that circuit groups can have\n")
{
	const struct isup_dialect_own *own = NULL;
	const struct isup_dialect *dialect;
	unsigned int i;

	for (i = 0; (dialect = isup_dialect_builtin(i)); i++)
		show_row(vty, dialect, NULL);
	while ((own = isup_next_own_dialect(gi->isup, own)))
		show_row(vty, &own->dialect, own->path);
	return CMD_SUCCESS;
}

static void show_options(struct vty *vty, const struct isup_dialect *dialect)
{
	const struct isup_dialect_option *option;

	for (option = isup_dialect_options; option->name; option++)
		vty_out(vty, "  option %-16s %3u  %s%s", option->name, ((const uint8_t *)dialect)[option->offset],
			option->what, VTY_NEWLINE);
}

static void show_messages(struct vty *vty, const struct isup_dialect *dialect)
{
	unsigned int i;

	for (i = 0; i < 256; i++) {
		const struct isup_msg_def *def = isup_msg_def(dialect, i);

		if (def)
			vty_out(vty, "  message 0x%02x %-5s %s%s", i, def->name, def->title, VTY_NEWLINE);
	}
}

DEFUN(show_isup_dialect, show_isup_dialect_cmd,
      "show isup dialect NAME", SHOW_STR "ISDN user part\n" "A dialect of ISUP: its options and messages\n"
      "Its name\n")
{
	const struct isup_dialect *dialect = isup_find_dialect(gi->isup, argv[0]);

	if (!dialect) {
		vty_out(vty, "%% there is no dialect '%s': 'show isup dialects' lists them%s", argv[0], VTY_NEWLINE);
		return CMD_WARNING;
	}
	vty_out(vty, "%s: %s%s", dialect->name, dialect->title, VTY_NEWLINE);
	show_options(vty, dialect);
	show_messages(vty, dialect);
	return CMD_SUCCESS;
}

/* ---- For gw_vty_isup.c ---- */

void gw_vty_dialect_write(struct vty *vty)
{
	const struct isup_dialect_own *own = NULL;

	while ((own = isup_next_own_dialect(gi->isup, own)))
		vty_out(vty, " dialect %s file %s%s", own->dialect.name, own->path, VTY_NEWLINE);
}

void gw_vty_dialect_init(struct gw_isup *isup)
{
	gi = isup;
	install_element(ISUP_NODE, &cfg_isup_dialect_cmd);
	install_element(ENABLE_NODE, &isup_dialect_reload_cmd);
	install_element_ve(&show_isup_dialects_cmd);
	install_element_ve(&show_isup_dialect_cmd);
}
