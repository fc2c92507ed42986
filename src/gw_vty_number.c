/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of what is done to numbers that come from a SIP peer or a circuit group, before a route is looked for. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "mapping/map_profile.h"
#include "mapping/route.h"
#include "sip/sip_peer.h"

#include "gw.h"
#include "gw_vty.h"

/* The words of a rule behind its prefix */
static int set_word(struct route_rule *rule, const char *name, const char *value)
{
	char err[160];
	struct route_draft draft;
	char word[32];
	int rc;

	if (!strcmp(name, "if-noa"))
		return route_noa_scan(&rule->noa, value);
	route_draft_init(&draft);
	draft.called_change = rule->change;
	snprintf(word, sizeof(word), "called-%s", name);
	rc = route_draft_set(&draft, word, value, err, sizeof(err));
	rule->change = draft.called_change;
	return rc;
}

static int read_rule(struct vty *vty, struct route_rule *rule, int argc, const char *argv[])
{
	const char *prefix = strcmp(argv[1], "any") ? argv[1] : "";
	size_t len = strlen(prefix);

	*rule = (struct route_rule){ .calling = !strcmp(argv[0], "calling") };
	if (len > ROUTE_PREFIX_MAX || strspn(prefix + (*prefix == '+'), "0123456789") != len - (*prefix == '+'))
		return gw_config_refuse(vty, "incoming %s prefix %s: decimal digits are needed, after a '+' where it "
					"is E.164, or 'any'", argv[0], argv[1]);
	memcpy(rule->prefix, prefix, len + 1);
	for (int i = 2; i < argc; i += 2) {
		if (i + 1 == argc || set_word(rule, argv[i], argv[i + 1]) < 0)
			return gw_config_refuse(vty, "incoming … %s %s: if-noa NATURE, strip 0-32, prepend DIGITS, "
						"noa NATURE are what may be said; natures: subscriber, unknown, "
						"national, international, network-specific", argv[i],
						i + 1 < argc ? argv[i + 1] : "");
	}
	return CMD_SUCCESS;
}

static bool same_rule(const struct route_rule *a, const struct route_rule *b)
{
	return a->calling == b->calling && a->noa == b->noa && !strcmp(a->prefix, b->prefix);
}

/* The one that says more goes before. */
static bool before(const struct route_rule *a, const struct route_rule *b)
{
	size_t a_len = strlen(a->prefix), b_len = strlen(b->prefix);

	return a_len != b_len ? a_len > b_len : a->noa && !b->noa;
}

static void remove_rule(struct route_rules *rules, const struct route_rule *rule)
{
	for (unsigned int i = 0; rules && i < rules->n; i++) {
		if (same_rule(&rules->rules[i], rule)) {
			memmove(rules->rules + i, rules->rules + i + 1, (--rules->n - i) * sizeof(*rule));
			return;
		}
	}
}

static void insert_rule(struct route_rules *rules, const struct route_rule *rule)
{
	unsigned int i = 0;

	while (i < rules->n && !before(rule, &rules->rules[i]))
		i++;
	memmove(rules->rules + i + 1, rules->rules + i, (rules->n++ - i) * sizeof(*rule));
	rules->rules[i] = *rule;
}

DEFUN_ATTR(cfg_incoming, cfg_incoming_cmd,
      "incoming (called|calling) prefix PREFIX .CHANGE", "What is done to numbers of calls from there, before a "
      "route is looked for: by the longest prefix\n" "Called numbers\n" "Calling numbers\n" "That begin so\n"
      "Digits, '+' first where E.164, as SIP writes the number; 'any'\n"
      "Names and values in turn: if-noa NATURE (only such ones), strip 0-32, prepend DIGITS, noa NATURE\n",
      CMD_ATTR_IMMEDIATE)
{
	struct map_end_cfg *cfg;
	struct route_rules *rules;
	struct route_rule rule;

	if (read_rule(vty, &rule, argc, argv) != CMD_SUCCESS)
		return CMD_WARNING;
	cfg = gw_vty_end_cfg(vty);
	remove_rule(cfg->rules, &rule);
	if (cfg->rules && cfg->rules->n == ROUTE_RULES_MAX)
		return gw_config_refuse(vty, "there are up to %u such rules", ROUTE_RULES_MAX);
	rules = talloc_realloc_size(cfg, cfg->rules, sizeof(*rules) +
				    (cfg->rules ? cfg->rules->n + 1 : 1) * sizeof(rule));
	if (!rules)
		return gw_config_refuse(vty, "no memory for the rule");
	if (!cfg->rules)
		rules->n = 0;
	cfg->rules = rules;
	insert_rule(rules, &rule);
	return CMD_SUCCESS;
}

static int no_incoming(struct vty *vty, int argc, const char *argv[])
{
	struct map_end_cfg *cfg = gw_vty_end_cfg(vty);
	struct route_rule rule;

	if (read_rule(vty, &rule, argc, argv) != CMD_SUCCESS)
		return CMD_WARNING;
	remove_rule(cfg->rules, &rule);
	if (cfg->rules && !cfg->rules->n)
		TALLOC_FREE(cfg->rules);
	return CMD_SUCCESS;
}

#define NO_INCOMING_STR NO_STR "Leave numbers of calls from there as they are\n" "Called numbers\n" \
	"Calling numbers\n" "That begin so\n" "Digits, or 'any'\n"

DEFUN_ATTR(cfg_no_incoming, cfg_no_incoming_cmd,
      "no incoming (called|calling) prefix PREFIX", NO_INCOMING_STR,
      CMD_ATTR_IMMEDIATE)
{
	return no_incoming(vty, argc, argv);
}

DEFUN_ATTR(cfg_no_incoming_noa, cfg_no_incoming_noa_cmd,
      "no incoming (called|calling) prefix PREFIX .CHANGE", NO_INCOMING_STR
      "if-noa NATURE: the rule of such ones\n",
      CMD_ATTR_IMMEDIATE)
{
	return no_incoming(vty, argc, argv);
}

void gw_vty_number_write(struct vty *vty, const struct route_rules *rules)
{
	for (unsigned int i = 0; rules && i < rules->n; i++) {
		const struct route_rule *rule = &rules->rules[i];

		vty_out(vty, "  incoming %s prefix %s", rule->calling ? "calling" : "called",
			rule->prefix[0] ? rule->prefix : "any");
		if (rule->noa)
			vty_out(vty, " if-noa %s", route_noa_name(rule->noa));
		vty_out(vty, " strip %u", rule->change.strip);
		if (rule->change.prepend[0])
			vty_out(vty, " prepend %s", rule->change.prepend);
		if (rule->change.noa)
			vty_out(vty, " noa %s", route_noa_name(rule->change.noa));
		vty_out(vty, "%s", VTY_NEWLINE);
	}
}

void gw_vty_number_init(void)
{
	install_element(GROUP_NODE, &cfg_incoming_cmd);
	install_element(GROUP_NODE, &cfg_no_incoming_cmd);
	install_element(GROUP_NODE, &cfg_no_incoming_noa_cmd);
	install_element(PEER_NODE, &cfg_incoming_cmd);
	install_element(PEER_NODE, &cfg_no_incoming_cmd);
	install_element(PEER_NODE, &cfg_no_incoming_noa_cmd);
}
