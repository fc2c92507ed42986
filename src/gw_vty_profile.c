/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of mapping profiles: for the gateway, for a SIP peer, for a circuit group; from files; show mapping …. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "isup/isup_dialect.h"
#include "mapping/map_overlay.h"
#include "mapping/map_profile_own.h"
#include "sip/sip_peer.h"

#include "gw.h"
#include "gw_profile.h"
#include "gw_vty.h"

/* ---- Configuration ---- */

static const struct map_profile *find_profile(struct vty *vty, const char *name)
{
	const struct map_profile *profile = mapping_find_profile(g_gw->mapping, name);

	if (!profile)
		gw_config_refuse(vty, "there is no profile '%s': 'show mapping profiles' lists them", name);
	return profile;
}

/* In a file the profile may come later, for node gateway stands behind the peers: gw_profile_check() looks again. */
static int set_profile(struct vty *vty, const void *owner, const char **profile_name, const char *name)
{
	if (vty->type != VTY_FILE && !find_profile(vty, name))
		return CMD_WARNING;
	talloc_free((char *)*profile_name);
	*profile_name = talloc_strdup(owner, name);
	gw_profile_apply(g_gw);
	return CMD_SUCCESS;
}

/* What the peer or circuit group has of ours; made where there is none yet */
static struct map_end_cfg *end_cfg(void *owner, void **user)
{
	if (!*user)
		*user = talloc_zero(owner, struct map_end_cfg);
	return *user;
}

struct map_end_cfg *gw_vty_end_cfg(struct vty *vty)
{
	if (vty->node == GROUP_NODE)
		return end_cfg(vty->index, &isup_group_cfg(vty->index)->user);
	return end_cfg(vty->index, &sip_peer_cfg(vty->index)->user);
}

#define PROFILE_STR	"Interworking of calls from now on\n" "Set of tables\n"

DEFUN_ATTR(cfg_end_profile, cfg_end_profile_cmd,
      "mapping profile NAME", PROFILE_STR "Its name: 'show mapping profiles' lists them\n",
      CMD_ATTR_IMMEDIATE)
{
	struct map_end_cfg *cfg = gw_vty_end_cfg(vty);

	return set_profile(vty, cfg, &cfg->profile_name, argv[0]);
}

DEFUN_ATTR(cfg_end_no_profile, cfg_end_no_profile_cmd,
      "no mapping profile", NO_STR PROFILE_STR,
      CMD_ATTR_IMMEDIATE)
{
	struct map_end_cfg *cfg = gw_vty_end_cfg(vty);

	talloc_free((char *)cfg->profile_name);
	cfg->profile_name = NULL;
	gw_profile_apply(g_gw);
	return CMD_SUCCESS;
}

/* The SIP room lets bodies pass that the user says it reads. */
static int set_sipi(struct vty *vty, enum map_sipi sipi)
{
	gw_vty_end_cfg(vty)->sipi = sipi;
	sip_peer_cfg(vty->index)->isup = sipi != MAP_SIPI_OFF;
	return CMD_SUCCESS;
}

static const struct value_string sipi_words[] = {
	{ MAP_SIPI_OPTIONAL, "optional" },
	{ MAP_SIPI_REQUIRED, "required" },
	{}
};

DEFUN_ATTR(cfg_group_precondition, cfg_group_precondition_cmd,
      "precondition (continuity|wait)", "Calls from SIP whose preconditions (RFC 3312) are not met yet\n"
      "The IAM goes out at once, and COT when they are met: where the exchange knows COT\n"
      "The IAM goes out when they are met\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->precondition_wait = argv[0][0] == 'w';
	return CMD_SUCCESS;
}

#define SIPI_STR \
	"ISUP messages in SIP messages (SIP-T, SIP-I): only with a trusted peer, and a profile that has them\n"

DEFUN_ATTR(cfg_peer_sipi, cfg_peer_sipi_cmd,
      "encapsulated-isup (optional|required)", SIPI_STR
      "The peer may pass them over (handling=optional)\n"
      "It must read them, or refuse the call (handling=required)\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_sipi(vty, get_string_value(sipi_words, argv[0]));
}

DEFUN_ATTR(cfg_peer_no_sipi, cfg_peer_no_sipi_cmd,
      "no encapsulated-isup", NO_STR "Send none, read none\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_sipi(vty, MAP_SIPI_OFF);
}

#define PSTN_STR \
	"PSTN XML (3GPP TS 29.163 Annex F): bearer capability, compatibility, progress; only with a trusted peer\n"

DEFUN_ATTR(cfg_peer_pstn_xml, cfg_peer_pstn_xml_cmd,
      "pstn-xml", PSTN_STR,
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->pstn_xml = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_pstn_xml, cfg_peer_no_pstn_xml_cmd,
      "no pstn-xml", NO_STR "Send none, read none\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->pstn_xml = false;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_sipi_version, cfg_peer_sipi_version_cmd,
      "encapsulated-isup version VERSION", SIPI_STR
      "What is sent: said in another dialect where it is not that of the circuit\n"
      "Version as RFC 3204 has it: itu-t88, itu-t92+, etsi356, ansi00 ...\n",
      CMD_ATTR_IMMEDIATE)
{
	const struct map_sipi_version *version = map_sipi_version_find(sip_str_from(argv[0]));

	if (!version)
		return gw_config_refuse(vty, "there is no version '%s': 'show mapping encapsulated-isup' lists them",
					argv[0]);
	gw_vty_end_cfg(vty)->sipi_version = version;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_sipi_version, cfg_peer_no_sipi_version_cmd,
      "no encapsulated-isup version", NO_STR SIPI_STR "As the dialect of the circuit says\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->sipi_version = NULL;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_profile, cfg_profile_cmd,
      "mapping profile NAME", PROFILE_STR "Its name: 'show mapping profiles' lists them\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_config_note(vty, "mapping profile");
	return set_profile(vty, g_gw->mapping, &g_gw->mapping->cfg.profile_name, argv[0]);
}

/* ---- Profiles from files ---- */

static void print_note(const char *text, void *data)
{
	gw_config_warn(data, "%s", text);
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !strcmp(a, b) || (stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

static const struct map_profile_own *find_file(const char *path)
{
	const struct map_profile_own *own = NULL;

	while ((own = mapping_next_profile(g_gw->mapping, own))) {
		if (is_same_file(own->path, path))
			break;
	}
	return own;
}

/* A file is one profile: the one that it was before, under another name, goes. Who is configured with that would have
 * another one without a word. */
static int drop_former(struct vty *vty, const struct map_profile_own *own)
{
	const struct map_profile_own *former = find_file(own->path);
	char by[128];

	if (!former || !strcmp(former->profile.name, own->profile.name))
		return CMD_SUCCESS;
	if (gw_profile_is_named(g_gw, former->profile.name, by, sizeof(by)))
		return gw_config_refuse(vty, "%s has profile '%s' now, and was '%s', which %s has: 'mapping profile' "
					"gives it another one", own->path, own->profile.name, former->profile.name, by);
	map_profile_own_unregister(g_gw->mapping, former->profile.name);
	return CMD_SUCCESS;
}

/* The file is read whole before anything changes; name: that it must have, NULL: any. */
static int load(struct vty *vty, const char *path, const char *name)
{
	const struct map_overlay_env env = { .dialect = &isup_dialect_itu, .note = print_note, .data = vty };
	char err[512] = "";
	struct map_profile_own *own = map_overlay_load(g_gw, path, &env, err, sizeof(err));

	if (!own)
		return gw_config_refuse(vty, "mapping profile-file: %s", err);
	if (name && strcmp(own->profile.name, name)) {
		gw_config_refuse(vty, "%s has profile '%s' now, not '%s'", path, own->profile.name, name);
		talloc_free(own);
		return CMD_WARNING;
	}
	if (drop_former(vty, own) != CMD_SUCCESS) {
		talloc_free(own);
		return CMD_WARNING;
	}
	map_profile_own_register(g_gw->mapping, own);
	gw_profile_apply(g_gw);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_profile_file, cfg_profile_file_cmd,
      "mapping profile-file PATH", "Interworking of calls from now on\n"
      "A profile of your own, as XML (doc/schema/mapping-profile.xsd); read again, it takes the former one's place\n"
      "Its path\n",
      CMD_ATTR_IMMEDIATE)
{
	return load(vty, argv[0], NULL);
}

/* Who is configured with it would have another one without a word. */
DEFUN_ATTR(cfg_no_profile_file, cfg_no_profile_file_cmd,
      "no mapping profile-file PATH", NO_STR "Interworking of calls from now on\n"
      "A profile of your own: calls that have it keep it; nothing may be configured with it any more\n"
      "Its path\n",
      CMD_ATTR_IMMEDIATE)
{
	const struct map_profile_own *own = find_file(argv[0]);
	char by[128];

	if (!own)
		return gw_config_refuse(vty, "no profile was read from %s: 'show mapping profiles' lists them",
					argv[0]);
	if (gw_profile_is_named(g_gw, own->profile.name, by, sizeof(by)))
		return gw_config_refuse(vty, "%s has profile '%s': 'mapping profile' gives it another one", by,
					own->profile.name);
	map_profile_own_unregister(g_gw->mapping, own->profile.name);
	return CMD_SUCCESS;
}

static const struct map_profile_own *find_own(const char *name)
{
	const struct map_profile_own *own = NULL;

	while ((own = mapping_next_profile(g_gw->mapping, own))) {
		if (!strcmp(own->profile.name, name))
			break;
	}
	return own;
}

#define NAMED_STR "Interworking\n" "A set of tables\n" "Its name\n"

DEFUN(profile_reload, profile_reload_cmd,
      "mapping profile NAME reload", NAMED_STR
      "Read its file again, for calls to come; calls that there are keep what they began with\n")
{
	const struct map_profile_own *own = find_own(argv[0]);

	if (!own)
		return gw_config_refuse(vty, "no profile '%s' was read from a file: 'show mapping profiles' lists "
					"them", argv[0]);
	return load(vty, own->path, argv[0]);
}

DEFUN(profile_export, profile_export_cmd,
      "mapping profile NAME export NEWNAME PATH", NAMED_STR
      "Write it whole as XML, for 'mapping profile-file' to read\n"
      "The name that it has there: not that of a built-in one\n" "Path of the file\n")
{
	const struct map_profile *profile = find_profile(vty, argv[0]);
	FILE *file;
	int rc;

	if (!profile)
		return CMD_WARNING;
	if (!osmo_identifier_valid(argv[1]) || strlen(argv[1]) > 40 || map_profile_by_name(argv[1]))
		return gw_config_refuse(vty, "'%s': up to 40 letters, digits, '-', '_', '.' are wanted, no name of a "
					"built-in profile", argv[1]);
	file = fopen(argv[2], "wxe");
	if (!file)
		return gw_config_refuse(vty, "%s: %s", argv[2], strerror(errno));
	map_overlay_write(file, profile, argv[1], &isup_dialect_itu);
	rc = ferror(file);
	if (fclose(file) || rc)
		return gw_config_refuse(vty, "%s: could not be written whole", argv[2]);
	return CMD_SUCCESS;
}

/* ---- Writing the configuration ---- */

void gw_vty_profile_write_gateway(struct vty *vty)
{
	const struct map_profile_own *own = NULL;

	while ((own = mapping_next_profile(g_gw->mapping, own)))
		vty_out(vty, " mapping profile-file %s%s", own->path, VTY_NEWLINE);
	vty_out(vty, " mapping profile %s%s",
		g_gw->mapping->cfg.profile_name ?: g_gw->mapping->cfg.profile->name, VTY_NEWLINE);
}

void gw_vty_profile_write(struct vty *vty, const struct map_end_cfg *cfg)
{
	if (cfg && cfg->profile_name)
		vty_out(vty, "  mapping profile %s%s", cfg->profile_name, VTY_NEWLINE);
	if (cfg && cfg->sipi)
		vty_out(vty, "  encapsulated-isup %s%s", get_value_string(sipi_words, cfg->sipi), VTY_NEWLINE);
	if (cfg && cfg->sipi_version)
		vty_out(vty, "  encapsulated-isup version %s%s", cfg->sipi_version->word, VTY_NEWLINE);
	if (cfg && cfg->pstn_xml)
		vty_out(vty, "  pstn-xml%s", VTY_NEWLINE);
	gw_vty_number_write(vty, cfg ? cfg->rules : NULL);
	if (cfg && cfg->precondition_wait)
		vty_out(vty, "  precondition wait%s", VTY_NEWLINE);
	if (!cfg)
		return;
	gw_vty_redirection_write(vty, cfg);
	gw_vty_cug_write(vty, cfg);
	gw_vty_overlap_write(vty, cfg);
	gw_vty_numbers_write(vty, &cfg->numbers);
}

/* For a program that knows circuit groups, but not what is mapped on them */
static void write_group(struct vty *vty, const struct isup_group *group)
{
	gw_vty_profile_write(vty, isup_group_user(group));
}

/* ---- show mapping … ---- */

#define MAPPING_STR SHOW_STR "Interworking\n"

static void show_table(struct vty *vty, const struct map_table *table)
{
	char line[256];

	vty_out(vty, "%s%s", table->title, VTY_NEWLINE);
	for (const struct map_row *row = table->rows; row->clause; row++) {
		map_row_print_buf(line, sizeof(line), table, row);
		vty_out(vty, "%s%s", line, VTY_NEWLINE);
	}
}

DEFUN(show_mapping_tables, show_mapping_tables_cmd,
      "show mapping tables", MAPPING_STR "Names of the value tables that are built in\n")
{
	for (const struct map_table *const *table = map_tables; *table; table++)
		vty_out(vty, "%-24s %s%s", (*table)->name, (*table)->title, VTY_NEWLINE);
	return CMD_SUCCESS;
}

#define TABLE_STR MAPPING_STR "One value table: the first row that suits is used\n" "Its name\n"

DEFUN(show_mapping_table, show_mapping_table_cmd,
      "show mapping table NAME", TABLE_STR)
{
	const struct map_table *table = map_table_by_name(argv[0]);

	if (!table)
		return gw_config_refuse(vty, "there is no table '%s': 'show mapping tables' lists them", argv[0]);
	show_table(vty, table);
	return CMD_SUCCESS;
}

DEFUN(show_mapping_table_of, show_mapping_table_of_cmd,
      "show mapping table NAME profile PROFILE", TABLE_STR "As a profile has it\n"
      "Name of the profile: 'show mapping profiles' lists them\n")
{
	const struct map_profile *profile = find_profile(vty, argv[1]);
	int use = map_table_use_by_name(argv[0]);

	if (!profile)
		return CMD_WARNING;
	if (use < 0)
		return gw_config_refuse(vty, "a profile has no table '%s': 'show mapping profile %s' lists those it "
					"has", argv[0], argv[1]);
	show_table(vty, profile->tables[use]);
	return CMD_SUCCESS;
}

DEFUN(show_mapping_profiles, show_mapping_profiles_cmd,
      "show mapping profiles", MAPPING_STR "Names of the profiles\n")
{
	const struct map_profile_own *own = NULL;

	for (const struct map_profile *const *p = map_profiles; *p; p++)
		vty_out(vty, "%-24s %s%s", (*p)->name, (*p)->title, VTY_NEWLINE);
	while ((own = mapping_next_profile(g_gw->mapping, own)))
		vty_out(vty, "%-24s %s, from %s%s", own->profile.name, own->profile.title, own->path, VTY_NEWLINE);
	return CMD_SUCCESS;
}

static void show_rules(struct vty *vty, const struct map_profile *profile)
{
	char line[256];

	vty_out(vty, "IAM to INVITE:%s", VTY_NEWLINE);
	for (const struct map_iam_to_invite_rule *r = profile->iam_to_invite; r->clause; r++) {
		map_iam_to_invite_rule_print_buf(line, sizeof(line), r, &isup_dialect_itu);
		vty_out(vty, " %s%s", line, VTY_NEWLINE);
	}
	vty_out(vty, "INVITE to IAM:%s", VTY_NEWLINE);
	for (const struct map_invite_to_iam_rule *r = profile->invite_to_iam; r->clause; r++) {
		map_invite_to_iam_rule_print_buf(line, sizeof(line), r, &isup_dialect_itu);
		vty_out(vty, " %s%s", line, VTY_NEWLINE);
	}
}

static void show_switches(struct vty *vty, const struct map_profile *profile)
{
	char text[512];

	vty_out(vty, "Options:%s", VTY_NEWLINE);
	for (const struct map_profile_option *o = map_profile_options; o->name; o++)
		vty_out(vty, " %-14s %-10s %s%s", o->name,
			get_value_string(o->words, ((const uint8_t *)profile)[o->offset]), o->what, VTY_NEWLINE);
	vty_out(vty, "Parameters where nothing better is known:%s", VTY_NEWLINE);
	for (const struct map_profile_par *row = map_profile_par_rows; row->clause; row++) {
		map_profile_par_print_buf(text, sizeof(text), profile, row, &isup_dialect_itu);
		vty_out(vty, " %-4s %s (%s)%s", isup_par_def(&isup_dialect_itu, row->code)->name, text, row->clause,
			VTY_NEWLINE);
	}
}

DEFUN(show_mapping_profile, show_mapping_profile_cmd,
      "show mapping profile NAME", MAPPING_STR "One profile: its tables, and its rules in their order\n" "Its name\n")
{
	const struct map_profile *profile = find_profile(vty, argv[0]);

	if (!profile)
		return CMD_WARNING;
	vty_out(vty, "%s%sTables:%s", profile->title, VTY_NEWLINE, VTY_NEWLINE);
	for (unsigned int i = 0; i < ARRAY_SIZE(profile->tables); i++)
		vty_out(vty, " %-24s %s%s", profile->tables[i]->name, profile->tables[i]->title, VTY_NEWLINE);
	show_switches(vty, profile);
	show_rules(vty, profile);
	return CMD_SUCCESS;
}

DEFUN(show_mapping_sipi, show_mapping_sipi_cmd,
      "show mapping encapsulated-isup", MAPPING_STR
      "ISUP messages in SIP messages: versions, and which message stands where\n")
{
	vty_out(vty, "Versions:%s", VTY_NEWLINE);
	for (const struct map_sipi_version *v = map_sipi_versions; v->word; v++)
		vty_out(vty, " %-10s read as %s (%s)%s", v->word, v->dialect, v->clause, VTY_NEWLINE);
	vty_out(vty, "Messages:%s", VTY_NEWLINE);
	for (const struct map_sipi_place *p = map_sipi_places; p->clause; p++) {
		vty_out(vty, " %-4s in %.*s", p->type == MAP_SIPI_UNKNOWN_TYPE ? "unknown types" :
			isup_msg_name(&isup_dialect_itu, p->type),
			SIP_STR_ARG(sip_method_name(p->method)));
		if (p->status_from)
			vty_out(vty, " %u to %u", p->status_from, p->status_to);
		vty_out(vty, " (%s)%s", p->clause, VTY_NEWLINE);
	}
	vty_out(vty, "Messages that go as the one that is due:%s", VTY_NEWLINE);
	for (const struct map_sipi_turn *t = map_sipi_turns; t->clause; t++)
		vty_out(vty, " %-14s %s as %s%s (%s)%s", get_value_string(map_sipi_stage_names, t->stage),
			isup_msg_name(&isup_dialect_itu, t->type), t->acm_first ? "ACM and " : "",
			isup_msg_name(&isup_dialect_itu, t->as), t->clause, VTY_NEWLINE);
	return CMD_SUCCESS;
}

void gw_vty_profile_init(struct gw_isup *gi)
{
	gi->write_group = write_group;
	install_element(GATEWAY_NODE, &cfg_profile_cmd);
	install_element(GATEWAY_NODE, &cfg_profile_file_cmd);
	install_element(GATEWAY_NODE, &cfg_no_profile_file_cmd);
	install_element(ENABLE_NODE, &profile_reload_cmd);
	install_element(ENABLE_NODE, &profile_export_cmd);
	install_element_ve(&show_mapping_tables_cmd);
	install_element_ve(&show_mapping_table_cmd);
	install_element_ve(&show_mapping_table_of_cmd);
	install_element(GROUP_NODE, &cfg_end_profile_cmd);
	install_element(GROUP_NODE, &cfg_end_no_profile_cmd);
	install_element(GROUP_NODE, &cfg_group_precondition_cmd);
	install_element(PEER_NODE, &cfg_end_profile_cmd);
	install_element(PEER_NODE, &cfg_end_no_profile_cmd);
	install_element(PEER_NODE, &cfg_peer_sipi_cmd);
	install_element(PEER_NODE, &cfg_peer_no_sipi_cmd);
	install_element(PEER_NODE, &cfg_peer_sipi_version_cmd);
	install_element(PEER_NODE, &cfg_peer_no_sipi_version_cmd);
	install_element_ve(&show_mapping_sipi_cmd);
	install_element(PEER_NODE, &cfg_peer_pstn_xml_cmd);
	install_element(PEER_NODE, &cfg_peer_no_pstn_xml_cmd);
	install_element_ve(&show_mapping_profiles_cmd);
	install_element_ve(&show_mapping_profile_cmd);
}
