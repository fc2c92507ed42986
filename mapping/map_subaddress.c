/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subaddresses: elements of Q.931 in an access transport parameter to isub and isub-encoding (RFC 4715), and back. */

#include <ctype.h>
#include <string.h>

#include "mapping/map_subaddress.h"

#define OCTETS_MAX	20		/* Q.931 4.5.9, 4.5.11: behind octet 3 */
#define EXTENSION	0x80		/* octet 3 is the last one of its group */
#define TYPE_MASK	0x70		/* NSAP is 0 */
#define ODD		0x08		/* an odd number of address signals */
#define AFI_BCD		0x48		/* X.213 A.5.2: local, decimal */
#define AFI_IA5		0x50		/* local, ISO/IEC 646 characters */
#define FILLER		0xf		/* X.213 A.5.3, behind an odd number of digits */

/* ---- Access transport ---- */

void map_access_init(struct map_access *access, const struct isup_msg *msg)
{
	const struct isup_par *par = isup_msg_find(msg, ISUP_PAR_ACCESS_TRANSPORT);

	*access = (struct map_access){ .p = par ? par->val : NULL, .end = par ? par->val + par->len : NULL };
}

bool map_access_next(struct map_access *access)
{
	const uint8_t *p = access->p;

	if (p == access->end)
		return false;
	access->tag = *p;
	access->len = 0;
	access->contents = p + 1;
	access->p = p + 1;
	if (*p & 0x80)
		return true;
	if (access->end - p < 2 || p[1] > access->end - p - 2)
		return false;
	access->len = p[1];
	access->contents = p + 2;
	access->p = p + 2 + p[1];
	return true;
}

bool map_access_has(const struct isup_msg *msg, uint8_t tag)
{
	struct map_access access;

	map_access_init(&access, msg);
	while (map_access_next(&access)) {
		if (access.tag == tag)
			return true;
	}
	return false;
}

/* ---- To SIP ---- */

/* RFC 3966 3: unreserved stands as it is, whatever else with an escape */
static bool ia5_to_text(char *text, const uint8_t *octets, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n; i++) {
		uint8_t c = octets[i];

		if (c < ' ' || c >= 0x7f)
			return false;
		if (isalnum(c) || strchr("-_.!~*'()", c)) {
			*text++ = c;
			continue;
		}
		*text++ = '%';
		*text++ = hex[c >> 4];
		*text++ = hex[c & 15];
	}
	*text = '\0';
	return n;
}

/* RFC 4715 6.1: each half octet is a digit. An odd one ends with a filler, or the indicator says so. */
static bool bcd_to_text(char *text, const uint8_t *octets, size_t n, bool odd)
{
	size_t digits = 2 * n;

	if (n && (odd || (octets[n - 1] & 15) == FILLER))
		digits--;
	for (size_t i = 0; i < digits; i++) {
		uint8_t digit = i % 2 ? octets[i / 2] & 15 : octets[i / 2] >> 4;

		if (digit > 9)
			return false;
		text[i] = '0' + digit;
	}
	text[digits] = '\0';
	return digits;
}

static void octets_to_text(char *text, const uint8_t *octets, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n; i++) {
		*text++ = hex[octets[i] >> 4];
		*text++ = hex[octets[i] & 15];
	}
	*text = '\0';
}

/* RFC 4715 6.1: of the user specified type there is none. */
static void isub_of_element(struct map_isub *isub, const uint8_t *contents, size_t len)
{
	const uint8_t *nsap = contents + 1;
	size_t n = len - 1;

	if (len < 2 || n > OCTETS_MAX || (contents[0] & TYPE_MASK))
		return;
	if (nsap[0] == AFI_IA5 && ia5_to_text(isub->text, nsap + 1, n - 1)) {
		isub->encoding = "nsap-ia5";
	} else if (nsap[0] == AFI_BCD && bcd_to_text(isub->text, nsap + 1, n - 1, contents[0] & ODD)) {
		isub->encoding = "nsap-bcd";
	} else {
		octets_to_text(isub->text, nsap, n);
		isub->encoding = "nsap";
	}
}

void map_isub_of_isup(struct map_isub *isub, const struct isup_msg *msg, enum map_subaddress which)
{
	struct map_access access;

	isub->text[0] = '\0';
	isub->encoding = NULL;
	map_access_init(&access, msg);
	while (!isub->encoding && map_access_next(&access)) {
		if (access.tag == which)
			isub_of_element(isub, access.contents, access.len);
	}
}

void map_put_isub(struct sip_buf *buf, const struct map_isub *isub)
{
	if (!isub->encoding)
		return;
	sip_put_lit(buf, ";isub=");
	sip_put_z(buf, isub->text);
}

void map_put_isub_encoding(struct sip_buf *buf, const struct map_isub *isub)
{
	if (!isub->encoding)
		return;
	sip_put_lit(buf, ";isub-encoding=");
	sip_put_z(buf, isub->encoding);
}

/* ---- To ISUP ---- */

/* RFC 4715 6.2. Each returns how many octets of NSAP address there are; 0: it is none of this encoding. */
static size_t ia5_to_nsap(uint8_t *nsap, const char *text, size_t n)
{
	if (n > OCTETS_MAX - 1)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (text[i] & 0x80)
			return 0;
	}
	nsap[0] = AFI_IA5;
	memcpy(nsap + 1, text, n);
	return 1 + n;
}

static size_t bcd_to_nsap(uint8_t *nsap, const char *text, size_t n)
{
	if (n > 2 * (OCTETS_MAX - 1))
		return 0;
	nsap[0] = AFI_BCD;
	for (size_t i = 0; i < n + n % 2; i++) {
		uint8_t digit = i < n ? text[i] - '0' : FILLER, *octet = &nsap[1 + i / 2];

		if (i < n && (text[i] < '0' || text[i] > '9'))
			return 0;
		*octet = i % 2 ? *octet | digit : digit << 4;
	}
	return 1 + (n + 1) / 2;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t hex_to_nsap(uint8_t *nsap, const char *text, size_t n)
{
	if (n % 2 || n > 2 * OCTETS_MAX)
		return 0;
	for (size_t i = 0; i < n; i += 2) {
		int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

		if (high < 0 || low < 0)
			return 0;
		nsap[i / 2] = high << 4 | low;
	}
	return n / 2;
}

static const struct encoding {
	const char *name;
	size_t (*to_nsap)(uint8_t *nsap, const char *text, size_t n);
} encodings[] = {
	{ "nsap-ia5", ia5_to_nsap },	/* also where none is said, RFC 4715 6 */
	{ "nsap-bcd", bcd_to_nsap },
	{ "nsap", hex_to_nsap },
	{}
};

/* An element whole: 0 where there is none */
static size_t element_of_tel(uint8_t *element, const struct sip_tel *tel, enum map_subaddress which)
{
	const struct encoding *encoding = encodings;
	char text[2 * OCTETS_MAX];
	int n = tel->isub.len ? sip_unescape(tel->isub, text, sizeof(text)) : 0;
	size_t len;

	while (encoding->name && tel->isub_encoding.len &&
	       !sip_str_ieq(tel->isub_encoding, sip_str_from(encoding->name)))
		encoding++;
	len = n > 0 && encoding->name ? encoding->to_nsap(element + 3, text, n) : 0;
	element[0] = which;
	element[1] = 1 + len;
	element[2] = EXTENSION;
	/* the indicator is for user specified ones, but some go by it here */
	if (encoding->to_nsap == bcd_to_nsap && n % 2)
		element[2] |= ODD;
	return len ? 3 + len : 0;
}

static bool add_element(struct isup_msg *msg, const uint8_t *element, size_t len)
{
	const struct isup_par *par = isup_msg_find(msg, ISUP_PAR_ACCESS_TRANSPORT);
	size_t before = par ? par->len : 0;
	uint8_t octets[UINT8_MAX];

	if (before + len > sizeof(octets))
		return false;
	if (before)
		memcpy(octets, par->val, before);
	memcpy(octets + before, element, len);
	return isup_msg_replace_octets(msg, ISUP_PAR_ACCESS_TRANSPORT, octets, before + len) == 0;
}

bool map_isub_to_isup(struct isup_msg *msg, struct sip_str uri_text, enum map_subaddress which)
{
	uint8_t element[3 + OCTETS_MAX];
	struct sip_uri uri;
	struct sip_tel tel;
	size_t len;

	/* Most have no parameter, and parsing takes a thousand instructions */
	if (!memchr(uri_text.p, ';', uri_text.len) || sip_uri_parse(&uri, uri_text) || !uri.user_params.len ||
	    sip_tel_parse(&tel, &uri) || !isup_par_def(msg->dialect, ISUP_PAR_ACCESS_TRANSPORT))
		return false;
	len = element_of_tel(element, &tel, which);
	return len && add_element(msg, element, len);
}
