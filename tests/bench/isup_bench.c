/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints what decoding, reading, building and encoding an IAM costs; judges nothing. */

#include <stdio.h>
#include <time.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#define RUNS 2000000u

/* called 201234567, calling 301112222, user service information, propagation delay, hop counter */
static const uint8_t iam[] = {
	0x01, 0x00, 0x20, 0x01, 0x0a, 0x00, 0x02, 0x09, 0x07, 0x03, 0x90, 0x02, 0x21, 0x43, 0x65, 0xf7,
	0x0a, 0x07, 0x83, 0x13, 0x03, 0x11, 0x21, 0x22, 0x02, 0x1d, 0x03, 0x80, 0x90, 0xa3,
	0x31, 0x02, 0x00, 0x64, 0x3d, 0x01, 0x14, 0x00,
};

static struct isup_msg received, built;
static volatile unsigned int sink;

static void decode(void)
{
	sink += isup_msg_decode(&received, &isup_dialect_itu, iam, sizeof(iam), NULL);
}

static void get_numbers(void)
{
	struct isup_number number;

	sink += isup_msg_get(&received, ISUP_PAR_CALLED_NUMBER, &number);
	sink += isup_msg_get(&received, ISUP_PAR_CALLING_NUMBER, &number);
}

static void build(void)
{
	const struct isup_number called = {
		.noa = ISUP_NOA_NATIONAL, .npi = ISUP_NPI_ISDN, .n_digits = 9, .digits = "201234567",
	};
	const struct isup_number calling = {
		.noa = ISUP_NOA_NATIONAL, .npi = ISUP_NPI_ISDN, .screening = ISUP_SCREENING_NETWORK,
		.n_digits = 9, .digits = "301112222",
	};
	const struct isup_fci fci = { .isup_all_the_way = 1, .isdn_access = 1 };
	const uint8_t cpc = ISUP_CPC_ORDINARY, tmr = ISUP_TMR_SPEECH;
	const struct isup_nci nci = {};

	isup_msg_init(&built, &isup_dialect_itu, ISUP_MSG_IAM);
	sink += isup_msg_put(&built, ISUP_PAR_NCI, &nci);
	sink += isup_msg_put(&built, ISUP_PAR_FCI, &fci);
	sink += isup_msg_put(&built, ISUP_PAR_CPC, &cpc);
	sink += isup_msg_put(&built, ISUP_PAR_TMR, &tmr);
	sink += isup_msg_put(&built, ISUP_PAR_CALLED_NUMBER, &called);
	sink += isup_msg_put(&built, ISUP_PAR_CALLING_NUMBER, &calling);
}

static void encode(void)
{
	uint8_t buf[ISUP_MSG_OCTETS_MAX];

	sink += isup_msg_encode_pars(&built, buf, sizeof(buf));
}

static void print(void)
{
	char buf[2048];

	sink += isup_msg_print_buf(buf, sizeof(buf), &received);
}

static void scan(void)
{
	static struct isup_msg msg;

	sink += isup_msg_scan(&msg, &isup_dialect_itu, "IAM called=201234567 calling=301112222", NULL, 0);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

int main(void)
{
	static const struct {
		const char *what;
		void (*run)(void);
		unsigned int runs;
	} rows[] = {
		{ "decode an IAM of 38 octets", decode, RUNS },
		{ "get called and calling number", get_numbers, RUNS },
		{ "put the six parameters of an IAM", build, RUNS },
		{ "encode that", encode, RUNS },
		{ "print an IAM", print, RUNS / 20 },
		{ "scan a short IAM", scan, RUNS / 20 },
	};

	decode();
	build();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		double start = now();

		for (unsigned int n = 0; n < rows[i].runs; n++)
			rows[i].run();
		printf("%-36s %8.1f ns\n", rows[i].what, (now() - start) / rows[i].runs);
	}
	printf("%-36s %8zu octets\n", "struct isup_msg", sizeof(struct isup_msg));
	return 0;
}
