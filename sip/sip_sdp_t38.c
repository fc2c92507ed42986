/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fax relay in session descriptions: T.38 over UDPTL, Annex D: what is negotiated, and what is only declared. */

#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"
#include "sip/sip_sdp_t38.h"

#define DEFAULT_BIT_RATE 14400	/* V.17 */

/* T.38 D.2.3: names of values, by enum sip_t38_rate and enum sip_t38_ec; the last two of which may be left out */
static const char *const rates[] = { "transferredTCF", "localTCF" };
static const char *const corrections[] = { "t38UDPNoEC", "t38UDPRedundancy", "t38UDPFEC" };

/* Media type and subtype are of no case (RFC 2045 5.1); nor should the transport be, which is written either way. */
bool sip_t38_is(const struct sip_sdp_media *media)
{
	struct sip_scan s = sip_scan_of(media->fmts);

	if (!sip_str_ieq(media->type, SIP_STR("image")) || !sip_str_ieq(media->proto, SIP_STR("udptl")))
		return false;
	do {
		if (sip_str_ieq(sip_take_class(&s, SIP_C_TOKEN), SIP_STR("t38")))
			return true;
	} while (sip_take_char(&s, ' '));
	return false;
}

/* What cannot be read is as good as not said. */
static uint8_t word_of(struct sip_str value, const char *const *words, unsigned int n, uint8_t otherwise)
{
	for (unsigned int i = 0; i < n; i++) {
		if (sip_str_ieq(value, sip_str_from(words[i])))
			return i;
	}
	return otherwise;
}

static uint32_t uint_of(struct sip_str value, uint32_t max, uint32_t otherwise)
{
	uint32_t n;

	return sip_uint_parse(&n, value, max) ? otherwise : n;
}

/* Attribute names have a case, but in the field these have several. */
static void read_attr(struct sip_t38 *t38, struct sip_str name, struct sip_str value)
{
	value = sip_str_trim(value);
	if (sip_str_ieq(name, SIP_STR("T38FaxVersion")))
		t38->version = uint_of(value, UINT8_MAX, t38->version);
	else if (sip_str_ieq(name, SIP_STR("T38MaxBitRate")))
		t38->max_bit_rate = uint_of(value, UINT32_MAX, t38->max_bit_rate);
	else if (sip_str_ieq(name, SIP_STR("T38FaxMaxBuffer")))
		t38->max_buffer = uint_of(value, UINT16_MAX, t38->max_buffer);
	else if (sip_str_ieq(name, SIP_STR("T38FaxMaxDatagram")))
		t38->max_datagram = uint_of(value, UINT16_MAX, t38->max_datagram);
	else if (sip_str_ieq(name, SIP_STR("T38FaxRateManagement")))
		t38->rate = word_of(value, rates, 2, t38->rate);
	else if (sip_str_ieq(name, SIP_STR("T38FaxUdpEC")))
		t38->ec = word_of(value, corrections, 3, t38->ec);
}

void sip_t38_read(struct sip_t38 *t38, const struct sip_sdp_media *media)
{
	struct sip_str lines = media->lines, name, value;

	*t38 = (struct sip_t38){ .rate = SIP_T38_TRANSFERRED_TCF, .ec = SIP_T38_EC_NONE };
	while (sip_sdp_next_attr(&lines, &name, &value))
		read_attr(t38, name, value);
	if (!t38->max_bit_rate)
		t38->max_bit_rate = DEFAULT_BIT_RATE;
}

/* Version, rate management and error correction are negotiated: who has FEC has redundancy. Buffer and datagram are of
 * each one's own receiver. The rate is so, too, but it is of no use to say more than the other one has. */
bool sip_t38_agree(struct sip_t38 *agreed, const struct sip_t38 *ours, const struct sip_t38 *theirs)
{
	*agreed = *ours;
	if (theirs->version < ours->version)
		agreed->version = theirs->version;
	if (theirs->max_bit_rate < ours->max_bit_rate)
		agreed->max_bit_rate = theirs->max_bit_rate;
	if (theirs->ec < ours->ec)
		agreed->ec = theirs->ec;
	return theirs->rate == ours->rate;
}

static void put_number(struct sip_buf *b, const char *name, uint32_t n)
{
	sip_put_z(b, name);
	sip_put_uint(b, n);
	sip_put_lit(b, "\r\n");
}

static void put_word(struct sip_buf *b, const char *name, const char *word)
{
	sip_put_z(b, name);
	sip_put_z(b, word);
	sip_put_lit(b, "\r\n");
}

void sip_t38_put(struct sip_buf *b, const struct sip_t38 *t38)
{
	put_number(b, "a=T38FaxVersion:", t38->version);
	put_number(b, "a=T38MaxBitRate:", t38->max_bit_rate);
	put_word(b, "a=T38FaxRateManagement:", rates[t38->rate]);
	if (t38->max_buffer)
		put_number(b, "a=T38FaxMaxBuffer:", t38->max_buffer);
	if (t38->max_datagram)
		put_number(b, "a=T38FaxMaxDatagram:", t38->max_datagram);
	/* that there is none could not be said before version 4: it is said by silence */
	if (t38->ec)
		put_word(b, "a=T38FaxUdpEC:", corrections[t38->ec]);
}
