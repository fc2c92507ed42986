/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user part of a program and the MTPs below it: check, start and stop of its circuit groups; for both programs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup.h"
#include "isup/isup_circuit.h"
#include "isup/isup_mtp.h"

#include "gw_config.h"

#define GW_CS7_INSTANCES 16

/* isup_mtp_sigtran_alloc() fits. */
typedef struct isup_mtp *gw_mtp_alloc_cb(void *ctx, unsigned int cs7_instance);

/* The number under which a program shows the call of this user (isup_call_user()). */
typedef uint32_t gw_call_id_cb(const void *user);

struct gw_isup {
	struct isup *isup;
	gw_call_id_cb *call_id;
	gw_mtp_alloc_cb *mtp_alloc;
	/* More lines of a circuit group's configuration, of what the program has beside; NULL: none */
	void (*write_group)(struct vty *vty, const struct isup_group *group);
	bool running;			/* started: a new group starts when its node is left */
	struct llist_head shut;		/* struct gw_shut: groups that are shut down by configuration */
	struct isup_mtp *mtps[GW_CS7_INSTANCES];	/* those in use, one for each cs7 instance */
};

struct gw_isup *gw_isup_alloc(void *ctx, struct isup *isup, gw_mtp_alloc_cb *mtp_alloc, gw_call_id_cb *call_id);

/* Gives one problem of a circuit group to cb. */
void gw_group_problem(gw_problem_cb *cb, void *data, const struct isup_group *group, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Gives each problem of the groups to cb: destination, circuits, cs7 instance missing, circuits in two groups … */
void gw_isup_check(struct gw_isup *gi, gw_problem_cb *cb, void *data);

/* After the configuration is loaded: starts every group that is not shut down. Problems go to cb; returns how many
 * groups could not be started. */
unsigned int gw_isup_start_all(struct gw_isup *gi, gw_problem_cb *cb, void *data);
/* Starts one group. Returns 0 or negative errno with a sentence in err. */
int gw_isup_start_group(struct gw_isup *gi, struct isup_group *group, char *err, size_t err_size);

/* "shutdown" of a group: it is stopped and stays so. */
bool gw_isup_is_shut(const struct gw_isup *gi, const struct isup_group *group);
void gw_isup_set_shut(struct gw_isup *gi, struct isup_group *group, bool shut);

/* VTY: nodes isup and circuit-group, show isup …, isup block|unblock|reset|query … (gw_vty_isup.c) */
void gw_vty_isup_init(struct gw_isup *gi);
/* isup block|unblock|reset|query …; called by the one above (gw_vty_circuit.c) */
void gw_vty_circuit_init(void);
/* show isup alarms, destinations, circuit; congestion; called by the one above (gw_vty_supervise.c) */
void gw_vty_supervise_init(struct gw_isup *gi);
void gw_vty_supervise_write(struct vty *vty);
void gw_vty_supervise_write_group(struct vty *vty, const struct isup_group_cfg *cfg);
/* A point code as its cs7 instance writes it; "maintenance", "hardware", "both", "-" */
const char *gw_vty_pc_name(const struct isup_group *group, uint32_t pc);
const char *gw_vty_blocked_name(bool maintenance, bool hardware);
/* The group of a command; NULL and a message to the operator where there is none */
struct isup_group *gw_vty_isup_group(struct vty *vty, const char *name);
/* How the calls of a group are processed; called by gw_vty_isup_init() (gw_vty_call.c) */
void gw_vty_call_init(void);
void gw_vty_call_write(struct vty *vty, const struct isup_group_cfg *cfg);
/* Compatibility, echo control, hop counter; called by gw_vty_isup_init() (gw_vty_compat.c) */
void gw_vty_compat_init(void);
void gw_vty_compat_write(struct vty *vty, const struct isup_group_cfg *cfg);

/* Circuit reservation, exit message, circuit validation; called by gw_vty_isup_init() (gw_vty_ansi.c) */
void gw_vty_ansi_init(struct gw_isup *gi);
void gw_vty_ansi_write(struct vty *vty, const struct isup_group_cfg *cfg);
/* Continuity check; called by gw_vty_isup_init() (gw_vty_cot.c) */
void gw_vty_cot_init(struct gw_isup *gi);
void gw_vty_cot_write(struct vty *vty, const struct isup_group_cfg *cfg);
/* National variants from files, and what a dialect is; called by gw_vty_isup_init() (gw_vty_dialect.c) */
void gw_vty_dialect_init(struct gw_isup *gi);
void gw_vty_dialect_write(struct vty *vty);
/* What the circuits are bound to may not change under them: true, and a message to the operator. */
bool gw_vty_isup_refuse_started(struct vty *vty, const struct isup_group *group);
/* To be called by the program's go_parent_cb */
void gw_vty_isup_go_parent(struct vty *vty);
