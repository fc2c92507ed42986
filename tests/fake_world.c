/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fakes share: the notes of what the gateway did, time, logging, the world of one test. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "fakes.h"
#include "hand_clock.h"

static LLIST_HEAD(outs);
void *fake_ctx;
struct mapping *fake_m;
bool fake_lenient;
const char *fake_what = "";

void fake_die(const char *format, ...)
{
	va_list ap;

	printf("%s%s", fake_what, *fake_what ? ": " : "");
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	exit(1);
}

/* ---- notes ---- */

static struct fake_out *out_alloc(enum fake_side side)
{
	struct fake_out *out = talloc_zero(fake_ctx, struct fake_out);

	out->side = side;
	llist_add_tail(&out->entry, &outs);
	return out;
}

void fake_note(enum fake_side side, const char *format, ...)
{
	struct fake_out *out = out_alloc(side);
	va_list ap;

	va_start(ap, format);
	vsnprintf(out->text, sizeof(out->text), format, ap);
	va_end(ap);
}

void fake_note_isup(const struct isup_msg *msg, uint16_t cic)
{
	struct fake_out *out = out_alloc(FAKE_ISUP);
	struct isup_msg again;

	out->octets_len = isup_msg_encode(msg, out->octets, sizeof(out->octets));
	if (out->octets_len < 0)
		fake_die("a message of type 0x%02x that cannot be encoded: %d", msg->type, out->octets_len);
	if (isup_msg_decode(&again, msg->dialect, out->octets, out->octets_len, NULL) < 0)
		fake_die("a message of type 0x%02x that cannot be decoded", msg->type);
	again.cic = cic;
	isup_msg_print_buf(out->text, sizeof(out->text), &again);
}

struct fake_out *fake_out_next(void)
{
	struct fake_out *out = llist_first_entry_or_null(&outs, struct fake_out, entry);

	if (out)
		llist_del(&out->entry);
	return out;
}

/* ---- the world ---- */

static void fake_log_init(void)
{
	static struct log_info_cat cats[_MAP_LOG_END];
	static const struct log_info info = { .cat = cats, .num_cat = ARRAY_SIZE(cats) };

	for (unsigned int i = 0; i < DIWU; i++)
		cats[i] = (struct log_info_cat){ .name = "DOTHER", .loglevel = LOGL_NOTICE, .enabled = 1 };
	for (unsigned int i = DIWU; i < ARRAY_SIZE(cats); i++)
		cats[i] = map_log_cats[i - DIWU];
	osmo_init_logging2(talloc_named_const(NULL, 0, "logging"), &info);
	log_set_print_filename2(osmo_stderr_target, LOG_FILENAME_NONE);
	log_set_print_category(osmo_stderr_target, 1);
	if (getenv("FAKE_LOG"))
		log_parse_category_mask(osmo_stderr_target, getenv("FAKE_LOG"));
}

void fake_process_init(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	fake_log_init();
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	hand_clock_start();
}

/* Timers first, then what the select loop cleans up */
void fake_advance(unsigned long ms)
{
	hand_clock_move(ms);
	osmo_timers_prepare();
	osmo_timers_update();
	osmo_select_main_ctx(1);
}

struct mapping *fake_init(void *ctx)
{
	struct mapping *m = mapping_alloc(ctx);

	osmo_strlcpy(m->cfg.numbering.country_code, "33", sizeof(m->cfg.numbering.country_code));
	osmo_strlcpy(m->cfg.numbering.national_prefix, "0", sizeof(m->cfg.numbering.national_prefix));
	fake_ctx = ctx;
	fake_m = m;
	/* never looked into */
	m->isup = ctx;
	m->sip = ctx;
	m->media = fake_media_alloc(ctx);
	return m;
}

void fake_finish(void)
{
	if (!llist_empty(&outs))
		fake_die("left over: %s", fake_out_next()->text);
	fake_isup_finish();
	fake_sip_finish();
	fake_media_finish();
}
