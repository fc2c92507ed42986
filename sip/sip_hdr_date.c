/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Date (RFC 3261 20.17) and Warning (20.43). */

#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* 3ALPHA of a row of such words, any case; its number, or -1 */
static int find_word(const char *words, struct sip_str word)
{
	int i;

	for (i = 0; words[3 * i]; i++) {
		if (sip_str_ieq(word, (struct sip_str){ words + 3 * i, 3 }))
			return i;
	}
	return -1;
}

/* Days from 1970-01-01 to the first of this month of the Gregorian calendar; month 0 to 11 */
static int64_t days_before(unsigned int year, unsigned int month)
{
	static const uint16_t days[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	unsigned int past = year - (month < 2);		/* leap days up to here */

	return 365 * ((int64_t)year - 1970) + (past / 4 - past / 100 + past / 400) - 477 + days[month];
}

static int take_number(struct sip_scan *s, unsigned int digits, uint32_t max, uint32_t *n)
{
	const char *start = s->p;
	int rc = sip_take_uint(s, max, n);

	return rc < 0 || s->p - start != digits ? -EBADMSG : 0;
}

/* time = 2DIGIT ":" 2DIGIT ":" 2DIGIT SP "GMT", the last second of a day may be a leap second */
static int take_time(struct sip_scan *s, int64_t *seconds)
{
	uint32_t h, m, sec;

	if (take_number(s, 2, 23, &h) < 0 || !sip_take_char(s, ':') || take_number(s, 2, 59, &m) < 0 ||
	    !sip_take_char(s, ':') || take_number(s, 2, 60, &sec) < 0 || !sip_take_char(s, ' '))
		return -EBADMSG;
	if (!sip_str_ieq(sip_take_class(s, SIP_C_ALPHA), SIP_STR("GMT")))
		return -EBADMSG;
	*seconds = h * 3600 + m * 60 + sec;
	return 0;
}

/* SIP-date = wkday "," SP date1 SP time SP "GMT", date1 = 2DIGIT SP month SP 4DIGIT */
static int take_date(struct sip_scan *s, int64_t *seconds)
{
	uint32_t day, year;
	int month;

	if (find_word("MonTueWedThuFriSatSun", sip_take_class(s, SIP_C_ALPHA)) < 0 || !sip_take_char(s, ',') ||
	    !sip_take_char(s, ' ') || take_number(s, 2, 31, &day) < 0 || !day || !sip_take_char(s, ' '))
		return -EBADMSG;
	month = find_word(months, sip_take_class(s, SIP_C_ALPHA));
	if (month < 0 || !sip_take_char(s, ' ') || take_number(s, 4, 9999, &year) < 0 || !year ||
	    !sip_take_char(s, ' ') || take_time(s, seconds) < 0)
		return -EBADMSG;
	*seconds += (days_before(year, month) + day - 1) * 86400;
	return sip_at_end(s) ? 0 : -EBADMSG;
}

int sip_date_parse(int64_t *seconds, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);

	return take_date(&s, seconds);
}

/* warning-value = warn-code SP warn-agent SP warn-text, warn-code = 3DIGIT, warn-agent = hostport / pseudonym */
static int take_warning(struct sip_scan *s, struct sip_warning *warning)
{
	uint32_t code;

	if (take_number(s, 3, 999, &code) < 0 || !sip_is(sip_peek(s), SIP_C_LWS))
		return -EBADMSG;
	warning->code = code;
	sip_take_lws(s);
	warning->agent = sip_take_class(s, SIP_C_GEN);
	if (!warning->agent.len || !sip_is(sip_peek(s), SIP_C_LWS))
		return -EBADMSG;
	sip_take_lws(s);
	return sip_take_quoted(s, &warning->text);
}

int sip_warning_take(struct sip_warning *warning, struct sip_str *list)
{
	struct sip_scan s;

	*warning = (struct sip_warning){};
	if (!sip_list_begin(&s, list))
		return -ENOENT;
	return sip_list_end(&s, list, take_warning(&s, warning));
}
