/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of both sides turned into each other, by literal rows of RFC 3398 12.1 and 12.2 and of dialling plans. */

#include <errno.h>

#include <osmocom/core/utils.h>

#include "expect.h"
#include "mapping/map_number.h"
#include "mapping/map_subaddress.h"
#include "mapping/mapping.h"

static const struct map_numbering plain;	/* nothing configured */
static const struct map_numbering france = {
	.country_code = "33", .national_prefix = "0", .international_prefix = "00",
};
static const struct map_numbering austin = {
	.country_code = "1", .national_prefix = "1", .international_prefix = "011", .area_code = "512",
};
static const struct map_numbering spain = { .country_code = "34", .international_prefix = "00" };

#define SUB ISUP_NOA_SUBSCRIBER
#define UNK ISUP_NOA_UNKNOWN
#define NAT ISUP_NOA_NATIONAL
#define INT ISUP_NOA_INTERNATIONAL
#define NET ISUP_NOA_NETWORK_SPECIFIC

static void test_from_uri(void)
{
	static const struct {
		const char *uri;
		const struct map_numbering *numbering;
		int rc;
		uint8_t noa;
		const char *digits;
	} cases[] = {
		/* RFC 3398 12.2: own country, other country */
		{ "tel:+33201234567", &france, 0, NAT, "201234567" },
		{ "sip:+33201234567@gw.example.com", &france, 0, NAT, "201234567" },
		{ "sip:+33201234567@gw.example.com;user=phone", &france, 0, NAT, "201234567" },
		{ "sips:+33201234567@gw.example.com;user=phone", &france, 0, NAT, "201234567" },
		{ "tel:+442079460000", &france, 0, INT, "442079460000" },
		{ "sip:+442079460000@192.0.2.1:5070", &france, 0, INT, "442079460000" },
		{ "tel:+33201234567", &plain, 0, INT, "33201234567" },
		{ "tel:+15125550110", &austin, 0, NAT, "5125550110" },
		/* RFC 3966 3: visual separators, parameters */
		{ "tel:+33-2.01(23)45-67", &france, 0, NAT, "201234567" },
		{ "tel:+33201234567;isub=1234;npdi", &france, 0, NAT, "201234567" },
		{ "sip:+33201234567;npdi=yes@gw;user=phone", &france, 0, NAT, "201234567" },
		/* RFC 3261 25.1: escapes */
		{ "sip:%2B33201234567@gw", &france, 0, NAT, "201234567" },
		/* Without '+': our own plan */
		{ "sip:0201234567@gw", &france, 0, NAT, "201234567" },
		{ "sip:00442079460000@gw;user=phone", &france, 0, INT, "442079460000" },
		{ "sip:0033201234567@gw;user=phone", &france, 0, NAT, "201234567" },
		{ "tel:112;phone-context=+33", &france, 0, UNK, "112" },
		{ "sip:201234567@gw", &france, 0, UNK, "201234567" },
		{ "sip:201234567@gw", &plain, 0, NAT, "201234567" },
		{ "sip:911234567@gw", &spain, 0, NAT, "911234567" },
		{ "sip:5550110@gw;user=phone", &austin, 0, SUB, "5550110" },
		{ "sip:15125550110@gw;user=phone", &austin, 0, NAT, "5125550110" },
		{ "sip:01144207946@gw;user=phone", &austin, 0, INT, "44207946" },
		/* RFC 3966 5.1.5: local to somewhere */
		{ "tel:0201234567;phone-context=+33", &france, 0, NAT, "201234567" },
		{ "tel:201234567;phone-context=+33", &spain, 0, INT, "33201234567" },
		{ "tel:863-1234;phone-context=+1-914-555", &france, 0, INT, "19145558631234" },
		{ "tel:4567;phone-context=+33-20-123", &france, 0, NAT, "201234567" },
		{ "sip:4567;phone-context=%2B4420@gw;user=phone", &france, 0, INT, "44204567" },
		{ "sip:0201234567;phone-context=example.com@gw;user=phone", &france, 0, NAT, "201234567" },
		{ "tel:+33201234567;phone-context=+44", &france, 0, NAT, "201234567" },
		{ "tel:1;phone-context=+0123456789012345678901234567890123456789012345678901234567890123456789",
		  &france, -EINVAL, 0, "" },
		/* Telephone numbers that cannot be understood */
		{ "tel:+33", &france, -EINVAL, 0, "" },
		{ "tel:+", &france, -EINVAL, 0, "" },
		{ "sip:0@gw", &france, -EINVAL, 0, "" },
		{ "sip:*21*0123#@gw", &france, -EINVAL, 0, "" },
		{ "sip:12A4@gw;user=phone", &france, -EINVAL, 0, "" },
		{ "sip:alice@gw;user=phone", &france, -EINVAL, 0, "" },
		{ "sip:1+2@gw", &france, -EINVAL, 0, "" },
		{ "sip:01234567890123456789012345678901234567890123456789012345678901234567@gw", &france, -EINVAL, 0,
		  "" },
		/* Not telephone numbers */
		{ "sip:alice@gw", &france, -ENOENT, 0, "" },
		{ "sip:j.doe3@gw", &france, -ENOENT, 0, "" },
		{ "sip:dead@gw", &france, -ENOENT, 0, "" },
		{ "sip:gw.example.com", &france, -ENOENT, 0, "" },
		{ "sip:gw.example.com;user=phone", &france, -ENOENT, 0, "" },
		{ "mailto:33201234567@example.com", &france, -ENOENT, 0, "" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct isup_number number = {};
		struct sip_uri uri;

		EXPECT_INT(cases[i].uri, sip_uri_parse(&uri, sip_str_from(cases[i].uri)), 0);
		EXPECT_INT(cases[i].uri, map_number_from_uri(&number, &uri, cases[i].numbering), cases[i].rc);
		if (cases[i].rc)
			continue;
		EXPECT_INT(cases[i].uri, number.noa, cases[i].noa);
		EXPECT_INT(cases[i].uri, number.npi, ISUP_NPI_ISDN);
		EXPECT_INT(cases[i].uri, number.n_digits, strlen(cases[i].digits));
		EXPECT_STR(cases[i].uri, number.digits, cases[i].digits);
	}
}

static void test_to_key(void)
{
	static const struct {
		uint8_t noa, npi;
		const char *digits;
		const struct map_numbering *numbering;
		int rc;
		const char *key;
	} cases[] = {
		/* RFC 3398 12.1 */
		{ INT, 1, "442079460000", &france, 0, "+442079460000" },
		{ NAT, 1, "201234567", &france, 0, "+33201234567" },
		{ NAT, 1, "201234567", &plain, 0, "201234567" },
		{ INT, 1, "33201234567", &plain, 0, "+33201234567" },
		{ SUB, 1, "5550110", &austin, 0, "+15125550110" },
		{ SUB, 1, "234567", &france, 0, "234567" },
		{ NET, 1, "83000", &france, 0, "83000" },
		{ ISUP_NOA_NRN_NATIONAL, 1, "201234567", &france, 0, "201234567" },
		/* Unknown: as dialled */
		{ UNK, 1, "0201234567", &france, 0, "+33201234567" },
		{ UNK, 1, "00442079460000", &france, 0, "+442079460000" },
		{ UNK, 1, "112", &france, 0, "112" },
		{ UNK, 1, "911", &austin, 0, "911" },
		{ UNK, 1, "0", &france, 0, "0" },
		{ UNK, 1, "00442079460000", &plain, 0, "00442079460000" },
		/* ST; a plan that is not E.164; odd address signals; none */
		{ NAT, 1, "201234567F", &france, 0, "+33201234567" },
		{ INT, ISUP_NPI_PRIVATE, "1234", &france, 0, "1234" },
		{ NAT, 1, "20B4", &france, -EINVAL, "" },
		{ NAT, 1, "2F4", &france, -EINVAL, "" },
		{ NAT, 1, "F", &france, -EINVAL, "" },
		{ NAT, 1, "", &france, -EINVAL, "" },
	};
	char key[MAP_KEY_SIZE];

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct isup_number number = { .noa = cases[i].noa, .npi = cases[i].npi };

		number.n_digits = strlen(cases[i].digits);
		memcpy(number.digits, cases[i].digits, number.n_digits);
		EXPECT_INT(cases[i].digits, map_number_to_key(key, sizeof(key), &number, cases[i].numbering),
			   cases[i].rc);
		if (!cases[i].rc)
			EXPECT_STR(cases[i].digits, key, cases[i].key);
	}
}

/* The longest number with the longest of everything before it fits the key; a small buffer is not written past. */
static void test_sizes(void)
{
	struct map_numbering most = { .country_code = "123", .area_code = "1234567" };
	struct isup_number number = { .noa = SUB, .npi = 1, .n_digits = ISUP_DIGITS_MAX };
	char key[MAP_KEY_SIZE], small[4] = "xyz";

	memset(number.digits, '7', ISUP_DIGITS_MAX);
	EXPECT_INT("longest", map_number_to_key(key, sizeof(key), &number, &most), 0);
	EXPECT_INT("longest", strlen(key), 1 + 3 + 7 + ISUP_DIGITS_MAX);
	EXPECT_INT("small", map_number_to_key(small, 3, &number, &plain), -ENOSPC);
	EXPECT_INT("small", small[3], 0);
	EXPECT_INT("exact", map_number_to_key(small, 4, &(struct isup_number){ .noa = NAT, .npi = 1, .n_digits = 3,
		   .digits = "123" }, &plain), 0);
	EXPECT_STR("exact", small, "123");
}

/* What goes to the exchange as a number comes back as the same key. */
static void test_round_trip(void)
{
	static const char *const keys[] = { "+33201234567", "+442079460000", "112", "+3312" };
	char key[MAP_KEY_SIZE];

	for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++) {
		struct isup_number number;

		EXPECT_INT(keys[i], map_number_from_text(&number, keys[i], strlen(keys[i]), &france), 0);
		EXPECT_INT(keys[i], map_number_to_key(key, sizeof(key), &number, &france), 0);
		EXPECT_STR(keys[i], key, keys[i]);
	}
}

static void test_put(void)
{
	const struct map_isub isub = { .text = "12%20", .encoding = "nsap-ia5" };
	char text[128];
	struct sip_buf buf;

	sip_buf_init(&buf, text, sizeof(text) - 1);
	map_put_number_uri(&buf, "+33201234567", NULL, "192.0.2.1:5070");
	*buf.p = '\0';
	EXPECT_STR("uri", text, "sip:+33201234567@192.0.2.1:5070;user=phone");
	sip_buf_init(&buf, text, sizeof(text) - 1);
	map_put_number_uri(&buf, "+33201234567", &isub, "[2001:db8::1]");
	*buf.p = '\0';
	EXPECT_STR("uri", text, "sip:+33201234567;isub=12%20;isub-encoding=nsap-ia5@[2001:db8::1];user=phone");
}

int main(void)
{
	test_from_uri();
	test_to_key();
	test_sizes();
	test_round_trip();
	test_put();
	return expect_failures ? 1 : 0;
}
