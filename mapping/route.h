/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes: who calls whom from where and when → circuit group or SIP peer, with load share and failover. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <osmocom/core/linuxlist.h>

struct isup_number;
struct map_numbering;

/* A source or a destination of calls: one of the two, named; resolved when it is used, so that the order of
 * configuration does not matter */
enum route_kind { ROUTE_ANY, ROUTE_GROUP, ROUTE_PEER };
struct route_end {
	enum route_kind kind;
	const char *name;		/* NULL for ROUTE_ANY */
};

/* A day or some days: 10000 * year + 100 * month + day; without year those of each year, which may go past its end */
struct route_dates {
	uint32_t from, to;		/* both inclusive */
};

#define ROUTE_HOLIDAYS_NAME_SIZE 16
#define ROUTE_ZONE_SIZE	40

/* When a route is there: any of the windows, by the clock on the wall, but none of those that say not then. One that
 * ends before it begins goes past midnight, and is of the day that it begins on. */
#define ROUTE_WINDOWS_MAX 8
struct route_times {
	unsigned int n;			/* 0: always */
	char zone[ROUTE_ZONE_SIZE];	/* of the clock; "": that of the table */
	struct route_window {
		struct route_dates dates;	/* from 0: any */
		char holidays[ROUTE_HOLIDAYS_NAME_SIZE];	/* on those of this list; "": on any day */
		uint16_t from, to;	/* minutes since midnight; to: the first one outside, at most 1440 */
		uint8_t days;		/* bit 0: Sunday, as in struct tm */
		bool not_then;
	} windows[ROUTE_WINDOWS_MAX];	/* n of them in a table */
};

/* When clocks of a time zone change, as far as it is known: one that changes later is looked up again then. */
#define ROUTE_ZONE_CHANGES_MAX 16
struct route_zone {
	struct llist_head entry;	/* in route_calendar.zones */
	char name[ROUTE_ZONE_SIZE];
	time_t from, until;
	unsigned int n;
	struct route_zone_change {
		time_t at;		/* of the first one: from */
		long offset;		/* seconds east of UTC from then on */
	} changes[ROUTE_ZONE_CHANGES_MAX];
};

/* What times of a table need besides: lists of holidays, and the time zone */
#define ROUTE_HOLIDAYS_MAX 64
struct route_holidays {
	struct llist_head entry;	/* in route_calendar.holidays */
	char name[ROUTE_HOLIDAYS_NAME_SIZE];
	uint8_t file;			/* index of the file that it is from, from 1 on; 0: of none */
	unsigned int n;
	struct route_dates dates[ROUTE_HOLIDAYS_MAX];
};
struct route_calendar {
	struct llist_head holidays;
	struct llist_head zones;
	char zone[ROUTE_ZONE_SIZE];	/* "": the machine's */
};

/* What is done to a number on its way: taken off at its front, put there, another nature of address. It works on the
 * number as routes write it ("+33201234567", or digits as dialled). */
#define ROUTE_PREPEND_MAX 20
struct route_change {
	uint8_t strip;			/* characters, '+' is one */
	uint8_t noa;			/* enum isup_noa of the digits then; 0: what they say themselves */
	char prepend[ROUTE_PREPEND_MAX + 1];
};

/* Trunk groups that a call has to name, RFC 4904: "LABEL@CONTEXT", or "LABEL" in any context; "": none */
#define ROUTE_TRUNK_SIZE 64
struct route_trunks {
	char called[ROUTE_TRUNK_SIZE];	/* of the Request-URI */
	char contact[ROUTE_TRUNK_SIZE];	/* of Contact: where it came in */
};

/* One row of the routing table; also what route_insert() is given, with what strings it likes. */
struct route {
	struct llist_head entry;	/* in route_table.routes */
	struct route *next_key;		/* of the first row of a prefix and source: the next in the bucket */
	struct route *next;		/* of the same prefix and source, in the order they are tried in */
	const char *prefix;		/* digits, '+' first where E.164; "" suits every number */
	struct route_end from, to;
	const char *calling;		/* prefix of the calling number; NULL: whoever calls */
	const struct route_times *times;	/* NULL: always */
	const struct route_trunks *trunks;	/* NULL: whatever trunk group is named, or none */
	const struct route_change *called_change, *calling_change;	/* NULL: none */
	uint32_t hash;			/* of prefix and source */
	uint32_t line;			/* of the file that it is from; 0: of none */
	uint16_t from_column, to_column;	/* where its line names them; 0: not known */
	uint16_t weight;		/* share of calls among rows that suit equally; 0: none, in the order of rows */
	uint8_t priority;		/* 0 is tried first */
	uint8_t category;		/* calling party's category, enum isup_cpc; 0: any */
	uint8_t prefix_len, calling_len;
	uint8_t file;			/* index of that file */
	char text[];			/* of prefix */
};

#define ROUTE_PREFIX_MAX 32
#define ROUTE_WEIGHT_MAX 1000
#define ROUTE_ROWS_MAX 1024		/* of one prefix and source */
#define ROUTE_TRIES_MAX 64		/* routes of one call */

/* A table may be had by several: the gateway's present one, and calls that began with it. */
struct route_name;
#define ROUTE_NAMES_BUCKETS 256
struct route_table {
	struct llist_head routes;	/* struct route, as configured: to write and show */
	unsigned int refs;
	unsigned int n_routes, n_keys, n_buckets;
	struct route **buckets;		/* hash of prefix and source */
	struct route_name *names[ROUTE_NAMES_BUCKETS];
	struct route_calendar *calendar;
	uint64_t lengths[2];		/* from anywhere, from a named source: bit n: a prefix of n characters */
	bool by_calling, by_category, by_trunk;	/* there was a row that asks for it */
};

struct route_table *route_table_alloc(void *ctx);	/* with one reference */
struct route_table *route_table_get(struct route_table *table);
void route_table_put(struct route_table *table);	/* the last one frees it; NULL is none */
/* A table that only *table refers to, so that it may be changed: a copy, where calls have it. NULL: no memory. */
struct route_table *route_table_own(struct route_table **table);

/* Returns 0; -EEXIST where a row with the same prefix, from, to and conditions is there already, -EINVAL, -ENOMEM: with
 * a sentence in err. What row points to is copied. */
int route_insert(struct route_table *table, const struct route *row, char *err, size_t err_size);
int route_add(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to,
	      unsigned int priority, char *err, size_t err_size);
/* Removes the row with the same prefix, from, to and conditions. Returns 0, or -ENOENT. */
int route_remove(struct route_table *table, const struct route *row);
int route_del(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to);
/* The rows of table that are of no file (files false), or of one, into another. Returns as route_insert(). */
int route_copy_rows(struct route_table *to, const struct route_table *from, bool files, char *err, size_t err_size);

/* What is asked of a table */
struct route_query {
	const char *called;		/* map_called.key */
	const char *calling;		/* the same of the calling number; NULL: not known */
	const char *tgrp, *contact_tgrp;	/* "LABEL@CONTEXT"; NULL: none */
	const char *from_name;
	enum route_kind from_kind;
	uint8_t category;		/* 0: not known */
	uint32_t draw;			/* the call's own number out of the hat: load share */
	time_t now;			/* 0: by the clock, where a row asks */
	unsigned int steps;		/* counted: rows and keys looked at */
};

/* The n-th (0, 1, 2 …: failover) route of a call; NULL where there is none left. A call that names a trunk group goes
 * by the rows of that, where some suit, else by all others. The longest prefix that has a row which suits wins; there,
 * rows that name the source hide those from anywhere. What is left is tried by priority; then who asks for more of the
 * calling number, for a category, for a time goes first; then rows with a weight, drawn by it, then those without, as
 * configured. Rows that lead to the kind where the call comes from never suit: SIP goes to ISUP,
 * ISUP to SIP. */
const struct route *route_find(const struct route_table *table, struct route_query *query, unsigned int n);

/* Every row of a prefix of the number, from the longest one on; why: it is not tried; NULL: it is. */
typedef void route_explain_cb(const struct route *route, const char *why, void *data);
void route_explain(const struct route_table *table, struct route_query *query, route_explain_cb *cb, void *data);

/* ---- route_trunk.c ---- */

bool route_trunks_suit(const struct route_trunks *trunks, const struct route_query *query);
bool route_trunks_same(const struct route_trunks *a, const struct route_trunks *b);

/* ---- route_times.c ---- */

/* "mon-fri/08:00-18:00,sat/09:00-12:00", "sun", "22:00-06:00", "2026-12-24..26", "08-01..31/mon-fri/08:00-12:00",
 * "holiday:national", "!holiday:national"; 0 or -EINVAL with a sentence in err */
int route_times_scan(struct route_times *times, const char *text, char *err, size_t err_size);
int route_times_print_buf(char *buf, size_t size, const struct route_times *times);
/* calendar NULL: the machine's clock, no lists */
bool route_times_suit(const struct route_times *times, time_t now, struct route_calendar *calendar);

/* ---- route_calendar.c ---- */

/* "2026-12-24", "2026-12-24..26", "2026-12-24..2027-01-06", of each year "12-24..01-06", off the front */
bool route_dates_take(struct route_dates *dates, const char **text);
int route_dates_print_buf(char *buf, size_t size, const struct route_dates *dates);
bool route_dates_suit(const struct route_dates *dates, uint32_t date);

struct route_calendar *route_calendar_alloc(void *ctx);
/* Zone and lists, those of files only where they are wanted; 0, -ENOMEM */
int route_calendar_copy(struct route_calendar *to, const struct route_calendar *from, bool files);
/* A list, or more dates of one: 0; negative errno with a sentence in err, nothing has changed then. */
int route_holidays_add(struct route_calendar *calendar, const char *name, const char *dates, uint8_t file, char *err,
		       size_t err_size);
struct route_holidays *route_holidays_find(const struct route_calendar *calendar, const char *name);
void route_holidays_remove(struct route_calendar *calendar, const char *name);
bool route_holidays_name_valid(const char *name);
/* Is it a day of this list? No where there is no such list. */
bool route_calendar_has(const struct route_calendar *calendar, uint32_t date, const char *name);
/* The name of a list that a row asks for, and that is not there; NULL: none */
const char *route_times_missing(const struct route_times *times, const struct route_calendar *calendar);

/* 0; -EINVAL with a sentence in err */
int route_zone_check(const char *zone, char *err, size_t err_size);
/* What is known of a zone is found out now, not when the first call asks for it. */
void route_zone_prepare(struct route_calendar *calendar, const char *zone);
/* What a clock shows; zone "": that of the calendar */
bool route_clock(struct tm *tm, time_t now, const char *zone, struct route_calendar *calendar);

/* ---- route_change.c ---- */

/* Changes a number: its key, as map_called has it, in a buffer of size octets, and what ISUP has of it, whose
 * presentation and the like stay. Returns 0, or -EINVAL where nothing is left that is a number. */
int route_change_apply(const struct route_change *change, char *key, size_t size, struct isup_number *number,
		       const struct map_numbering *numbering);

/* What is done to numbers that come from a SIP peer or a circuit group, before a route is looked for: the first rule
 * that suits. */
struct route_rule {
	bool calling;			/* of the calling number; else of the called one */
	uint8_t noa;			/* only where ISUP has this nature of address; 0: any */
	char prefix[ROUTE_PREFIX_MAX + 1];
	struct route_change change;
};
#define ROUTE_RULES_MAX 64
struct route_rules {			/* a talloc chunk */
	unsigned int n;
	struct route_rule rules[];
};
const struct route_rule *route_rule_find(const struct route_rules *rules, bool calling, const char *key, uint8_t noa);

/* ---- route_row.c ---- */

/* A row from words, the same for console, CSV and XML: route_words has their names; those that can be printed are
 * options on the console. The draft owns what they say. */
struct route_draft {
	char prefix[ROUTE_PREFIX_MAX + 1], calling[ROUTE_PREFIX_MAX + 1], from[64], to[64];
	struct route_times times;
	struct route_trunks trunks;
	struct route_change called_change, calling_change;
	struct route row;		/* last, for its text */
};
struct route_word {
	const char *name;		/* "weight" */
	const char *what;
	int (*scan)(struct route_draft *draft, const char *value, char *err, size_t err_size);
	/* Nothing where the row says nothing */
	int (*print)(char *buf, size_t size, const struct route *row);
};
extern const struct route_word route_words[];
#define ROUTE_VALUE_SIZE 640		/* of what is printed: eight windows of times */
void route_draft_init(struct route_draft *draft);
/* Sets what the word means. 0; -ENOENT: there is no such word; -EINVAL; with a sentence in err. */
int route_draft_set(struct route_draft *draft, const char *name, const char *value, char *err, size_t err_size);
/* The draft's row, as route_insert() wants it */
const struct route *route_draft_row(struct route_draft *draft);
/* " weight 10 calling +331", as options behind a console command; returns what snprintf() would. */
int route_options_print_buf(char *buf, size_t size, const struct route *row);

/* Names of natures of address, and of the calling party's categories; 0 or negative errno. */
int route_noa_scan(uint8_t *noa, const char *word);
const char *route_noa_name(uint8_t noa);
int route_category_scan(uint8_t *category, const char *word);
const char *route_category_name_buf(char *buf, size_t size, uint8_t category);

/* ---- route_write.c ---- */

/* What a word's column has of a row: "" where that says nothing; as snprintf() */
int route_word_print_buf(char *buf, size_t size, const struct route_word *word, const struct route *row);
/* All rows; the lists of holidays in XML only, CSV has no place for them. ferror() tells of what went wrong. */
void route_table_write(FILE *file, const struct route_table *table, bool xml);

/* ---- route_file.c ---- */

bool route_file_is_xml(const char *path);

/* Adds the rows of a file, CSV or XML (by its name: *.xml) to a table; file: their mark, from 1 on. 0; negative errno
 * with "FILE:LINE:COLUMN: what" in err: the table is of no use then. */
int route_file_load(struct route_table *table, const char *path, uint8_t file, char *err, size_t err_size);
/* The same of octets in memory; name stands for the file. */
int route_csv_parse(struct route_table *table, const char *name, const char *text, size_t len, uint8_t file, char *err,
		    size_t err_size);
int route_xml_parse(struct route_table *table, const char *name, const char *text, size_t len, uint8_t file, char *err,
		    size_t err_size);
