/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a test that a SIP peer says, read, and written as the message it stands for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "fake_sip_line.h"
#include "fakes.h"
#include "fakes.h"
#include "isup/isup_dialect.h"
#include "mapping/map_pstn_xml.h"
#include "sip/sip_body.h"
#include "sip/sip_build.h"

static void put_hdr(struct fake_line *line, const char *name, const char *before, const char *value, const char *after)
{
	size_t len = strlen(line->headers);

	snprintf(line->headers + len, sizeof(line->headers) - len, "%s: %s%s%s\r\n", name, before, value, after);
}

static int line_take_word(struct fake_line *line, const char *key, const char *value)
{
	if (!strcmp(key, "ruri"))
		osmo_strlcpy(line->ruri, value, sizeof(line->ruri));
	else if (!strcmp(key, "from"))
		osmo_strlcpy(line->from, value, sizeof(line->from));
	else if (!strcmp(key, "sdp"))
		osmo_strlcpy(line->sdp, value, sizeof(line->sdp));
	else if (!strcmp(key, "leg"))
		line->leg = strtoul(value, NULL, 10);
	else if (!strcmp(key, "fork"))
		line->fork = strtoul(value, NULL, 10);
	else if (!strcmp(key, "pstn"))
		osmo_strlcpy(line->pstn, value, sizeof(line->pstn));
	else if (!strcmp(key, "digits"))
		osmo_strlcpy(line->digits, value, sizeof(line->digits));
	else if (!strcmp(key, "dir"))
		osmo_strlcpy(line->dir, value, sizeof(line->dir));
	else if (!strcmp(key, "uui"))
		put_hdr(line, "User-to-User", "", value, ";purpose=isdn-uui;content=isdn-uui;encoding=hex");
	else if (!strcmp(key, "resource"))
		put_hdr(line, "Resource-Priority", "", value, "");
	else if (!strcmp(key, "pem"))
		put_hdr(line, "P-Early-Media", "", value, "");
	else if (!strcmp(key, "precond"))
		osmo_strlcpy(line->precond, value, sizeof(line->precond));
	else if (!strcmp(key, "of"))
		osmo_strlcpy(line->of, value, sizeof(line->of));
	else if (!strcmp(key, "version"))
		osmo_strlcpy(line->version, value, sizeof(line->version));
	else if (!strcmp(key, "handling"))
		osmo_strlcpy(line->handling, value, sizeof(line->handling));
	else if (!strcmp(key, "isup"))
		line->isup = true;
	else if (!strcmp(key, "pai"))
		put_hdr(line, "P-Asserted-Identity", "<sip:", value, "@peer.example>");
	else if (!strcmp(key, "privacy"))
		put_hdr(line, "Privacy", "", value, "");
	else if (!strcmp(key, "reason"))
		put_hdr(line, "Reason", "Q.850;cause=", value, "");
	else
		return -1;
	return 0;
}

int fake_line_parse(struct fake_line *line, const char *text, char *err, size_t err_size)
{
	char words[1024], *save = NULL, *raw;
	struct isup_msg isup;

	*line = (struct fake_line){ .from = "anonymous", .version = "itu-t92+", .handling = "optional" };
	osmo_strlcpy(words, text, sizeof(words));
	raw = strstr(words, " || ");
	if (raw)
		*raw = '\0';
	for (char *next; raw && line->n_isups < ARRAY_SIZE(line->isups); raw = next) {
		struct fake_line_isup *to = &line->isups[line->n_isups++];

		next = strstr(raw + 4, " || ");
		if (next)
			*next = '\0';
		if (isup_msg_scan(&isup, &isup_dialect_itu, raw + 4, err, err_size) < 0)
			return -1;
		to->n_octets = isup_msg_encode(&isup, to->octets, sizeof(to->octets));
	}
	raw = strstr(words, " | ");
	if (raw) {
		*raw = '\0';
		snprintf(line->headers, sizeof(line->headers), "%s\r\n", raw + 3);
		while ((raw = strstr(line->headers, " | "))) {
			memcpy(raw, "\r\n", 2);
			memmove(raw + 2, raw + 3, strlen(raw + 3) + 1);
		}
	}
	for (char *word = strtok_r(words, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
		char *equals = strchr(word, '=');

		if (!equals) {
			osmo_strlcpy(line->start, word, sizeof(line->start));
			continue;
		}
		*equals = '\0';
		if (line_take_word(line, word, equals + 1) < 0) {
			snprintf(err, err_size, "unknown word '%s='", word);
			return -1;
		}
	}
	return 0;
}

/* "192.0.2.1:4000", "192.0.2.1:4000/18" (payload type), "192.0.2.1:4000/t38", or "bad" */
static void print_sdp(char *buf, size_t size, const char *word, const char *dir)
{
	unsigned int port = 0, codec = 8;
	char address[64] = "";
	bool fax = strstr(word, "/t38");

	if (sscanf(word, "%63[^:]:%u/%u", address, &port, &codec) < 2)
		snprintf(buf, size, "v=0\r\nthis is no session description\r\n");
	else
		snprintf(buf, size, "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
			 "m=%s %u %s%u\r\n%s%s%s%s", address, address, fax ? "image" : "audio", port,
			 fax ? "udptl t" : "RTP/AVP ", fax ? 38 : codec,
			 codec == 97 ? "a=rtpmap:97 CLEARMODE/8000\r\n" : "",
			 dir[0] ? "a=" : "", dir, dir[0] ? "\r\n" : "");
}

/* Content-Type, Content-Length and body */
static size_t print_received_body(char *buf, size_t size, const struct fake_line *line)
{
	const struct sip_part isup = {
		.type = SIP_STR("application/ISUP;version=itu-t92+;base=itu-t92+"),
		.disposition = SIP_STR("signal;handling=optional"), .content = SIP_STR("\x10 c=IN IP4 9"),
	};
	char sdp[512] = "", type[80], disposition[40];
	struct sip_buf b;

	if (line->sdp[0])
		print_sdp(sdp, sizeof(sdp), line->sdp, line->dir);
	sip_buf_init(&b, buf, size - 1);
	if (line->digits[0]) {
		snprintf(sdp, sizeof(sdp), "SubsequentDigit: %s\r\n", line->digits);
		sip_put_body(&b, SIP_STR("application/x-session-info"), sip_str_from(sdp));
		return sip_buf_len(&b);
	}
	if (line->pstn[0]) {
		sip_put_parts(&b, (struct sip_part[]){
			{ .type = SIP_STR("application/sdp"), .content = sip_str_from(sdp) },
			{ .type = SIP_STR("application/vnd.etsi.pstn+xml"),
			  .disposition = SIP_STR("signal;handling=optional"), .content = sip_str_from(line->pstn) },
		}, 2);
		return sip_buf_len(&b);
	}
	if (line->n_isups) {
		struct sip_part parts[1 + ARRAY_SIZE(line->isups)] = {
			{ .type = SIP_STR("application/sdp"), .content = sip_str_from(sdp) },
		};

		snprintf(type, sizeof(type), "application/ISUP;version=%s", line->version);
		snprintf(disposition, sizeof(disposition), "signal;handling=%s", line->handling);
		for (unsigned int i = 0; i < line->n_isups; i++)
			parts[1 + i] = (struct sip_part){
				.type = sip_str_from(type), .disposition = sip_str_from(disposition),
				.content = { (const char *)line->isups[i].octets, line->isups[i].n_octets },
			};
		sip_put_parts(&b, parts, 1 + line->n_isups);
		return sip_buf_len(&b);
	}
	sip_put_parts(&b, (struct sip_part[]){
		isup, { .type = SIP_STR("application/sdp"), .content = sip_str_from(sdp) }, isup,
	} + !line->isup, line->isup ? 3 : 1);
	return sip_buf_len(&b);
}

/* The message in octets, as a room would have received it */
size_t fake_line_print(char *buf, size_t size, const struct fake_line *line, const char *method)
{
	char ruri[256];
	size_t len;

	snprintf(ruri, sizeof(ruri), strchr(line->ruri, ':') ? "%s" : "sip:%s@gw.example;user=phone", line->ruri);
	if (!line->ruri[0])
		snprintf(ruri, sizeof(ruri), "sip:gw.example");
	if (line->start[0] >= '1' && line->start[0] <= '6')
		snprintf(buf, size, "SIP/2.0 %s X\r\n", line->start);
	else
		snprintf(buf, size, "%s %s SIP/2.0\r\nMax-Forwards: 70\r\n", method, ruri);
	snprintf(buf + strlen(buf), size - strlen(buf),
		 "Via: SIP/2.0/UDP peer.example;branch=z9hG4bK-1\r\nFrom: <sip:%s@peer.example>;tag=f\r\n"
		 "To: <%s>\r\nCall-ID: 1@peer.example\r\nCSeq: 1 %s\r\n%s%s",
		 line->from, ruri, method, line->start[0] == '3' ? "" : "Contact: <sip:peer.example>\r\n",
		 line->headers);
	len = strlen(buf);
	return len + print_received_body(buf + len, size - len, line);
}

static int print_element(char *buf, size_t size, char letter, const struct map_pstn_element *element)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	if (element->len)
		OSMO_STRBUF_PRINTF(sb, "%c%s", letter, osmo_hexdump_nospc(element->octets, element->len));
	return sb.chars_needed;
}

int fake_print_pstn(char *buf, size_t size, const struct sip_part *part)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	struct map_pstn pstn;
	char err[160];

	if (map_pstn_read(&pstn, part->content.p, part->content.len, err, sizeof(err)) < 0)
		fake_die("PSTN XML: %s", err);
	OSMO_STRBUF_PRINTF(sb, " pstn=");
	OSMO_STRBUF_APPEND(sb, print_element, 'b', &pstn.bearer);
	OSMO_STRBUF_APPEND(sb, print_element, 'h', &pstn.hlc);
	OSMO_STRBUF_APPEND(sb, print_element, 'l', &pstn.llc);
	OSMO_STRBUF_APPEND(sb, print_element, 'p', &pstn.progress[0]);
	OSMO_STRBUF_APPEND(sb, print_element, 'p', &pstn.progress[1]);
	return sb.chars_needed;
}

/* The encapsulated messages: their names, and all of them in hex */
int fake_print_isup(char *buf, size_t size, const struct sip_part *part, unsigned int n)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	struct isup_msg isup;

	for (unsigned int i = 0; i < n; i++) {
		if (isup_msg_decode(&isup, &isup_dialect_itu, (const uint8_t *)part[i].content.p, part[i].content.len,
				    NULL) < 0)
			fake_die("encapsulated ISUP cannot be decoded");
		OSMO_STRBUF_PRINTF(sb, "%s%s", i ? "+" : " isup=", isup_msg_name(isup.dialect, isup.type));
	}
	for (unsigned int i = 0; i < n; i++)
		OSMO_STRBUF_PRINTF(sb, "%s%s", i ? "+" : " octets=",
				   osmo_hexdump_nospc((const uint8_t *)part[i].content.p, part[i].content.len));
	OSMO_STRBUF_PRINTF(sb, " %s", strchr(part->disposition.p, 'h'));
	OSMO_STRBUF_PRINTF(sb, " %s", strchr(part->type.p, ';') + 1);
	return sb.chars_needed;
}
