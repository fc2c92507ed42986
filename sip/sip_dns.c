/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS answers (RFC 1035 4.1): records A, AAAA, SRV (RFC 2782), NAPTR (RFC 3403), and how long they are good. */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <osmocom/core/bit16gen.h>
#include <osmocom/core/bit32gen.h>
#include <osmocom/core/utils.h>

#include "sip/sip_dns.h"

#define CLASS_IN 1
#define TYPE_SOA 6

/* Where a reader stands; never beyond end */
struct dns_scan {
	const uint8_t *start, *p, *end;
};

static bool take_u16(struct dns_scan *s, uint16_t *n)
{
	if (s->end - s->p < 2)
		return false;
	*n = osmo_load16be(s->p);
	s->p += 2;
	return true;
}

static bool take_u32(struct dns_scan *s, uint32_t *n)
{
	if (s->end - s->p < 4)
		return false;
	*n = osmo_load32be(s->p);
	s->p += 4;
	return true;
}

/* One label, or a pointer, of a name; *at is where the next one is. Appends to name, whose length is *n. */
static int take_label(const struct dns_scan *s, const uint8_t **at, char *name, size_t *n)
{
	const uint8_t *p = *at;
	size_t len = p < s->end ? *p : 0xff;

	if (len > 63 || (size_t)(s->end - p) <= len || *n + len + 2 > SIP_DNS_NAME_SIZE)
		return -EBADMSG;
	if (len && *n)
		name[(*n)++] = '.';
	memcpy(name + *n, p + 1, len);
	*n += len;
	name[*n] = '\0';
	*at = p + 1 + len;
	return memchr(p + 1, 0, len) ? -EBADMSG : (int)len;
}

/* RFC 1035 4.1.4: a pointer leads back only, hence there is an end. s->end may be that of one record's data, pointers
 * lead out of it. */
static bool take_name(struct dns_scan *s, char *name)
{
	const uint8_t *at = s->p, *after = NULL, *before = s->p;
	char unused[SIP_DNS_NAME_SIZE];
	struct dns_scan whole = *s;
	size_t n = 0;
	int rc = 1;

	name = name ? name : unused;
	name[0] = '\0';
	while (rc > 0) {
		if (at < whole.end && (*at & 0xc0) == 0xc0) {
			if (whole.end - at < 2)
				return false;
			after = after ? after : at + 2;
			at = s->start + (osmo_load16be(at) & 0x3fff);
			if (at >= before)
				return false;
			before = at;
			continue;
		}
		rc = take_label(&whole, &at, name, &n);
	}
	s->p = after ? after : at;
	return rc == 0;
}

/* character-string of RFC 1035 3.3, in lower case; what is too long is cut: it is none that we know */
static bool take_text(struct dns_scan *s, char *text, size_t size)
{
	size_t len, i;

	if (s->p >= s->end || (len = *s->p) >= (size_t)(s->end - s->p))
		return false;
	for (i = 0; i < len && i < size - 1; i++)
		text[i] = tolower(s->p[1 + i]);
	text[i] = '\0';
	s->p += 1 + len;
	return true;
}

static bool take_rdata(struct dns_scan *s, enum sip_dns_type type, struct sip_dns_record *rec)
{
	char regexp[4];

	switch (type) {
	case SIP_DNS_A:
		if (s->end - s->p != 4)
			return false;
		rec->addr.in4.sin_family = AF_INET;
		memcpy(&rec->addr.in4.sin_addr, s->p, 4);
		return true;
	case SIP_DNS_AAAA:
		if (s->end - s->p != 16)
			return false;
		rec->addr.in6.sin6_family = AF_INET6;
		memcpy(&rec->addr.in6.sin6_addr, s->p, 16);
		return true;
	case SIP_DNS_SRV:
		return take_u16(s, &rec->order) && take_u16(s, &rec->preference) && take_u16(s, &rec->port) &&
		       take_name(s, rec->name);
	case SIP_DNS_NAPTR:
		return take_u16(s, &rec->order) && take_u16(s, &rec->preference) &&
		       take_text(s, rec->flags, sizeof(rec->flags)) &&
		       take_text(s, rec->service, sizeof(rec->service)) &&
		       take_text(s, regexp, sizeof(regexp)) && take_name(s, rec->name);
	}
	return false;
}

/* RFC 2308 5: the least of the SOA's own TTL and its last number */
static void read_soa(struct sip_dns_answer *answer, struct dns_scan rdata, uint32_t ttl)
{
	uint32_t minimum;

	if (rdata.end - rdata.p < 4)
		return;
	rdata.p = rdata.end - 4;
	if (take_u32(&rdata, &minimum))
		answer->ttl_s = OSMO_MIN(ttl, minimum);
}

static bool take_record(struct sip_dns_answer *answer, struct dns_scan *s, enum sip_dns_type wanted, bool authority)
{
	struct dns_scan rdata;
	uint16_t type, class, len;
	uint32_t ttl;

	if (!take_name(s, NULL) || !take_u16(s, &type) || !take_u16(s, &class) || !take_u32(s, &ttl) ||
	    !take_u16(s, &len) || len > s->end - s->p)
		return false;
	rdata = (struct dns_scan){ s->start, s->p, s->p + len };
	s->p += len;
	if (class != CLASS_IN)
		return true;
	if (authority) {
		if (type == TYPE_SOA && !answer->n)
			read_soa(answer, rdata, ttl);
		return true;
	}
	/* also of the aliases on the way */
	answer->ttl_s = OSMO_MIN(answer->ttl_s, ttl);
	if (type != wanted || answer->n == SIP_DNS_RECORDS_MAX)
		return true;
	memset(&answer->all[answer->n], 0, sizeof(answer->all[0]));
	if (!take_rdata(&rdata, wanted, &answer->all[answer->n]))
		return false;
	answer->n++;
	return true;
}

int sip_dns_parse(struct sip_dns_answer *answer, enum sip_dns_type type, const uint8_t *octets, size_t len)
{
	struct dns_scan s = { octets, octets, octets + len };
	uint16_t head[6], unused;
	unsigned int i;

	answer->n = 0;
	answer->ttl_s = UINT32_MAX;
	for (i = 0; i < ARRAY_SIZE(head); i++) {
		if (!take_u16(&s, &head[i]))
			return -EBADMSG;
	}
	for (i = 0; i < head[2]; i++) {
		if (!take_name(&s, NULL) || !take_u16(&s, &unused) || !take_u16(&s, &unused))
			return -EBADMSG;
	}
	for (i = 0; i < head[3]; i++) {
		if (!take_record(answer, &s, type, false))
			return -EBADMSG;
	}
	if (!answer->n)
		answer->ttl_s = 0;
	for (i = 0; i < head[4] && !answer->n; i++) {
		if (!take_record(answer, &s, type, true))
			return -EBADMSG;
	}
	return 0;
}
