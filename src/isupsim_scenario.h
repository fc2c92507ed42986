/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario of isupsim: what an XML file says, read into a list of steps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "mapping/map_xml_place.h"

struct isup_dialect;

#define SIM_ROLES_MAX	4		/* circuits of one scenario */
#define SIM_VARS_MAX	24
#define SIM_LOOPS_MAX	4		/* <repeat> */
#define SIM_TYPES_MAX	8		/* message types of one <recv> */
#define SIM_TEXT_MAX	2048		/* a text with its variables put in */

/* A span of time as written: "500ms", "5s", "2min", "T7", "T7.max+1s", "2*T12.min" */
enum sim_bound { SIM_BOUND_USUAL, SIM_BOUND_MIN, SIM_BOUND_MAX };
struct sim_time {
	bool set;
	uint32_t ms;			/* all that is no timer */
	uint8_t n_terms;
	struct { uint8_t timer, times; uint8_t bound; } terms[3];
};

/* Reads one; -EINVAL where the text is none. */
int sim_time_scan(struct sim_time *time, const char *text);

/* Puts variables, $name or ${name}, into a text. lookup gives the value of a name, NULL where there is none. Returns 0,
 * -ENOENT with *name, *name_len the unknown one, -ENOSPC. */
typedef const char *sim_lookup_cb(void *data, const char *name, size_t len);
int sim_text_expand(char *buf, size_t size, const char *text, sim_lookup_cb *lookup, void *data, const char **name,
		    size_t *name_len);

/* What is held against a parameter of a received message */
struct sim_expect {
	struct map_xml_place place;
	const char *parameter;
	const char *field;		/* NULL: the parameter as octets, or (value NULL) its presence */
	const char *value;		/* words or numbers, with | between them; may have variables */
	bool differs;			/* it must be none of them */
	bool absent;			/* there must be no such parameter */
};

/* What is kept of a received message */
struct sim_save {
	const char *parameter;
	const char *field;		/* NULL: octets as 0xHEX */
	uint8_t var;
};

enum sim_op_type {
	SIM_OP_SEND, SIM_OP_RECV, SIM_OP_QUIET, SIM_OP_PAUSE, SIM_OP_GOTO, SIM_OP_LOOP, SIM_OP_TESTER,
	SIM_OP_INDICATION, SIM_OP_SET, SIM_OP_ADD, SIM_OP_LOG, SIM_OP_ALARM, SIM_OP_COUNT, SIM_OP_PASS, SIM_OP_FAIL,
	_SIM_OP_TYPES
};

/* One step. Which members are used depends on the type. */
struct sim_op {
	enum sim_op_type type;
	struct map_xml_place place;	/* of its element in the file */
	const char *text;		/* SEND: message; TESTER: command; LOG …: sentence; SET, ADD: value */
	uint8_t *octets;		/* SEND: from the message type on; NULL where the text has variables */
	uint16_t n_octets;
	int cic;			/* SEND: a CIC of its own, -1: that of the circuit */
	uint8_t role;			/* SEND, RECV, index of sim_scenario.roles */
	bool any_role;			/* RECV: on whichever circuit of the scenario */
	uint8_t n_types;		/* RECV, INDICATION: 0: any */
	uint8_t types[SIM_TYPES_MAX];
	bool optional;			/* RECV */
	uint16_t target;		/* GOTO, LOOP: where to go; RECV: where to go on if it did not come */
	bool timeout_jumps;		/* RECV: a timeout is no failure: it goes on at on_timeout */
	uint16_t on_timeout;
	struct sim_time time;		/* PAUSE, QUIET: how long; RECV, INDICATION: timeout */
	struct sim_time after;		/* RECV: not before */
	bool rtd_start, rtd_stop;	/* the response time begins (SEND), ends (RECV) */
	uint8_t var;			/* SET, ADD, GOTO with a condition, LOOP (index of the loop) */
	const char *equals, *differs;	/* GOTO: the condition */
	uint32_t count;			/* LOOP */
	const char *name;		/* COUNT */
	const struct sim_expect *expects;
	const struct sim_save *saves;
	uint8_t n_expects, n_saves;
};

/* Where the circuit of a role comes from */
enum sim_bind {
	SIM_BIND_FREE,			/* a free one is taken at the start */
	SIM_BIND_RECEIVED,		/* the one on which the first message for it comes */
	SIM_BIND_UNEQUIPPED,		/* one that the far end does not have */
	SIM_BIND_CIC,			/* this one, whether it is configured or not */
};
enum sim_parity { SIM_PARITY_ANY, SIM_PARITY_EVEN, SIM_PARITY_ODD };

struct sim_role {
	const char *name;
	enum sim_bind bind;
	enum sim_parity parity;
	uint16_t cic;			/* SIM_BIND_CIC */
};

enum sim_unexpected { SIM_UNEXPECTED_FAIL, SIM_UNEXPECTED_IGNORE, SIM_UNEXPECTED_ANSWER };

struct sim_scenario {
	const char *file;
	const char *name, *title;
	const char *purpose;		/* the number of a test purpose, "1.2.1"; NULL if it is none */
	const struct isup_dialect *dialect;
	enum sim_unexpected unexpected;
	struct sim_time timeout;	/* of each <recv> that has none of its own */
	bool silent;			/* what belongs to no scenario is not answered either */
	bool tested;			/* has <tester> or <indication> */
	uint8_t n_roles, n_vars, n_loops, n_ignored;
	uint8_t n_fields;		/* $field0 up to this one less are used */
	struct sim_role roles[SIM_ROLES_MAX];
	const char *vars[SIM_VARS_MAX];	/* names */
	uint8_t ignored[SIM_TYPES_MAX];	/* message types that may come at any time */
	uint16_t n_ops;
	struct sim_op *ops;
};

/* Reads a file: NULL with "FILE:LINE…: what" in err. The scenario is one talloc chunk with children. */
struct sim_scenario *sim_scenario_load(void *ctx, const char *path, const struct isup_dialect *dialect, char *err,
				       size_t err_size);
/* The same of the octets of a file that is called so */
struct sim_scenario *sim_scenario_parse(void *ctx, const char *name, const char *text, size_t len,
					const struct isup_dialect *dialect, char *err, size_t err_size);
/* Does it begin with a message from the far end? */
bool sim_scenario_is_answering(const struct sim_scenario *scenario);
/* The first step that needs an upper tester, -1 where none does */
int sim_scenario_tester(const struct sim_scenario *scenario);
/* The index of a variable, -1 where there is none of this name. */
int sim_scenario_var(const struct sim_scenario *scenario, const char *name, size_t len);
int sim_scenario_role(const struct sim_scenario *scenario, const char *name, size_t len);

