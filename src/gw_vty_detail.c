/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY: one call in detail, and what was lost between SIP and ISUP. */

#include <inttypes.h>
#include <stdio.h>

#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "isup/isup_dialect.h"
#include "isup/isup_timer.h"
#include "mapping/map_loss.h"
#include "sip/sip_call_info.h"

#include "gw.h"
#include "gw_vty.h"

/* ---- show call detail ---- */

static void show_timer(enum isup_timer_id id, uint32_t left_ms, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "  Timer %s: %u.%u s left%s", isup_timer_defs[id].name, left_ms / 1000, left_ms % 1000 / 100,
		VTY_NEWLINE);
}

static void show_circuit(struct vty *vty, const struct isup_call *call)
{
	const struct isup_group *group = isup_call_group(call);

	vty_out(vty, " Circuit %s, %s%s", isup_call_name(call), isup_call_state_text(call), VTY_NEWLINE);
	if (!group)
		return;
	vty_out(vty, "  Dialect %s%s", isup_group_dialect(group)->name, VTY_NEWLINE);
	isup_circuit_for_each_timer(group, isup_call_cic(call), show_timer, vty);
}

static void show_text(struct vty *vty, const char *what, struct sip_str text)
{
	if (text.len)
		vty_out(vty, "  %s %.*s%s", what, SIP_STR_ARG(text), VTY_NEWLINE);
}

static const struct value_string preconds[] = {
	{ SIP_PRECOND_NONE, "none" },
	{ SIP_PRECOND_PENDING, "pending" },
	{ SIP_PRECOND_MET, "met" },
	{ SIP_PRECOND_CONFIRM, "met" },
	{}
};

static void show_leg(struct vty *vty, const struct sip_call *call)
{
	struct sip_call_info info;

	sip_call_info(call, &info);
	vty_out(vty, " Peer %s, %s%s, requests to %s%s", sip_peer_name(sip_call_peer(call)), info.state,
		info.ack_wait ? ", waits for ACK" : info.modifying ? ", waits for an answer" : "", info.to,
		VTY_NEWLINE);
	show_text(vty, "Call-ID", info.call_id);
	show_text(vty, "Local", info.local);
	show_text(vty, "Local tag", info.local_tag);
	show_text(vty, "Remote", info.remote);
	show_text(vty, "Target", info.target);
	show_text(vty, "Route", info.routes);
	vty_out(vty, "  CSeq local %u remote %u, UPDATE %s, 100rel %s, preconditions %s", info.local_cseq,
		info.remote_cseq, info.updates ? "yes" : "no", info.rel100,
		get_value_string(preconds, info.precond));
	if (info.n_forks)
		vty_out(vty, ", %u other early dialogs", info.n_forks);
	vty_out(vty, "%s", VTY_NEWLINE);
	if (info.session_s)
		vty_out(vty, "  Session timer %u s, refreshed by %s, %u s left%s", info.session_s,
			info.session_ours ? "us" : "the peer", info.session_left_s, VTY_NEWLINE);
	else
		vty_out(vty, "  No session timer%s", VTY_NEWLINE);
}

static void show_losses(struct vty *vty, const struct iwu_detail *detail)
{
	const struct map_losses *losses = detail->losses;
	char line[160];

	if (!losses) {
		vty_out(vty, " Nothing is lost%s", VTY_NEWLINE);
		return;
	}
	vty_out(vty, " Lost%s", VTY_NEWLINE);
	for (unsigned int i = 0; i < losses->n; i++) {
		map_loss_print_buf(line, sizeof(line), &losses->rows[i], detail->dialect);
		vty_out(vty, "  %s%s", line, VTY_NEWLINE);
	}
	if (losses->more)
		vty_out(vty, "  … and more than is kept%s", VTY_NEWLINE);
}

static void show_interworking(struct vty *vty, const struct iwu_detail *d)
{
	vty_out(vty, " Calling %s, called %s%s", *d->info.calling ? d->info.calling : "-",
		*d->info.called ? d->info.called : "-", VTY_NEWLINE);
	vty_out(vty, " Age %" PRIu64 " s, answered %" PRIu64 " s ago%s", d->info.age_ms / 1000,
		d->info.answered_ms / 1000, VTY_NEWLINE);
	vty_out(vty, " Profile %s%s%s%s%s%s", d->profile, d->sipi ? ", encapsulated ISUP" : "",
		d->delayed_offer ? ", offer without answer" : "", d->held ? ", held by ISUP" : "",
		d->peer_holds ? ", held by SIP" : "", VTY_NEWLINE);
	vty_out(vty, " Attempts %u, repeated %u, redirected %u%s", d->attempts, d->repeats, d->redirects, VTY_NEWLINE);
	if (d->route) {
		gw_vty_route_line(vty, " Route ", d->route);
		vty_out(vty, "%s", VTY_NEWLINE);
	}
	if (d->timer)
		vty_out(vty, " Timer %s%d: %" PRIu64 ".%" PRIu64 " s left%s", d->timer < 0 ? "X" : "T", abs(d->timer),
			d->timer_left_ms / 1000, d->timer_left_ms % 1000 / 100, VTY_NEWLINE);
}

static void show_detail(const struct iwu_detail *d, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "Call %u, %s, %s%s", d->info.id, d->info.direction, d->info.state, VTY_NEWLINE);
	show_interworking(vty, d);
	if (d->isup)
		show_circuit(vty, d->isup);
	if (d->sip)
		show_leg(vty, d->sip);
	if (*d->media)
		vty_out(vty, " Media %s%s%s%s", d->media, *d->remote_media ? ", the peer's " : "", d->remote_media,
			VTY_NEWLINE);
	show_losses(vty, d);
}

DEFUN(show_call_detail, show_call_detail_cmd,
      "show call detail <0-4294967295>", SHOW_STR "A call\n"
      "All that is known of it: both sides, numbers, media, timers, what was lost\n"
      "Id of the call, as in 'show calls'\n")
{
	if (mapping_show_call(g_gw->mapping, strtoul(argv[0], NULL, 10), show_detail, vty))
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "there is no call %s: 'show calls' lists those that are up", argv[0]);
}

/* ---- show mapping losses ---- */

/* As any dialect calls it, or by its number */
static const char *name_elsewhere(const struct map_loss *loss)
{
	const struct isup_dialect *dialect;

	for (unsigned int i = 0; loss->kind == MAP_LOSS_DIALECT || loss->kind == MAP_LOSS_PARAMETER; i++) {
		dialect = isup_dialect_builtin(i);
		if (!dialect)
			break;
		if (isup_par_def(dialect, loss->what))
			return map_loss_name(loss, dialect);
	}
	return map_loss_name(loss, &isup_dialect_itu);
}

/* As the dialects of the circuit groups call it; the same name once */
static const char *names_of(char *buf, size_t size, const struct map_loss *loss)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	struct isup_group *group = NULL;
	const char *last = NULL;

	buf[0] = '\0';
	while (loss->kind < MAP_LOSS_HEADER && (group = isup_group_next(g_gw->isup, group))) {
		const struct isup_dialect *dialect = isup_group_dialect(group);
		const char *name;

		if (loss->kind == MAP_LOSS_MESSAGE ? !isup_msg_def(dialect, loss->what) :
						     !isup_par_def(dialect, loss->what))
			continue;
		name = map_loss_name(loss, dialect);
		if ((last && !strcmp(last, name)) || strstr(buf, name))
			continue;
		OSMO_STRBUF_PRINTF(sb, "%s%s", last ? "/" : "", name);
		last = name;
	}
	if (!last)
		OSMO_STRBUF_PRINTF(sb, "%s", name_elsewhere(loss));
	return buf;
}

static unsigned int show_kind(struct vty *vty, enum map_loss_kind kind)
{
	const uint64_t *n = g_gw->mapping->losses->n[kind];
	unsigned int rows = 0;

	for (unsigned int what = 0; what < 256; what++) {
		const struct map_loss loss = { .kind = kind, .what = what };
		char names[128];

		if (!n[what])
			continue;
		vty_out(vty, "%-10s %-34s %12" PRIu64 "  %s%s", get_value_string(map_loss_kinds, kind),
			names_of(names, sizeof(names), &loss), n[what], get_value_string(map_loss_reasons, kind),
			VTY_NEWLINE);
		rows++;
	}
	return rows;
}

static void show_ends(struct vty *vty)
{
	const struct map_loss_totals *totals = g_gw->mapping->losses;

	vty_out(vty, "%-40s", "From");
	for (unsigned int kind = 0; kind < _MAP_LOSS_KINDS; kind++)
		vty_out(vty, " %12s", get_value_string(map_loss_kinds, kind));
	vty_out(vty, "%s", VTY_NEWLINE);
	for (unsigned int i = 0; i < MAP_LOSS_ENDS; i++) {
		for (const struct map_loss_end *end = totals->ends[i]; end; end = end->next) {
			vty_out(vty, "%s %-*s", end->group ? "circuit-group" : "peer", end->group ? 26 : 35,
				end->name);
			for (unsigned int kind = 0; kind < _MAP_LOSS_KINDS; kind++)
				vty_out(vty, " %12" PRIu64, end->n[kind]);
			vty_out(vty, "%s", VTY_NEWLINE);
		}
	}
}

DEFUN(show_mapping_losses, show_mapping_losses_cmd,
      "show mapping losses", SHOW_STR "Interworking\n"
      "What did not cross between SIP and ISUP since the start, by what it was and where it came from\n")
{
	unsigned int rows = 0;

	for (unsigned int kind = 0; kind < _MAP_LOSS_KINDS; kind++)
		rows += show_kind(vty, kind);
	if (rows)
		show_ends(vty);
	else
		vty_out(vty, "Nothing was lost so far%s", VTY_NEWLINE);
	return CMD_SUCCESS;
}

void gw_vty_detail_init(void)
{
	install_element_ve(&show_call_detail_cmd);
	install_element_ve(&show_mapping_losses_cmd);
}
