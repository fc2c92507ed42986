/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim --sip: the ISUP messages in a SIP message or a body, and what is around them, as a JSON object. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "sip/sip_body.h"
#include "sip/sip_msg.h"

#include "isupsim_json.h"
#include "isupsim_sip.h"

#define ISUP_OCTETS_MAX (2 * ISUP_MSG_OCTETS_MAX)	/* the codec's store */

/* Goes before a body that stands alone */
static const char head[] =
	"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a.invalid;branch=z9hG4bK1\r\nFrom: <sip:a.invalid>;tag=1\r\n"
	"To: <sip:a.invalid>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n";

struct walk {
	const struct isup_dialect *dialect;
	FILE *out;
	const char **what;
	int *offset;
	const char *octets, *end;	/* of what was given */
	const char *at;			/* first of them that is not printed */
	unsigned int n_isup;
};

static int refuse(struct walk *walk, const char *what, size_t offset)
{
	*walk->what = what;
	*walk->offset = offset;
	return -EINVAL;
}

/* ---- Pieces ---- */

static bool is_text(const char *octets, size_t len)
{
	if (len >= 2 && octets[0] == '0' && (octets[1] == 'x' || octets[1] == 'X'))
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((octets[i] < ' ' || octets[i] > '~') && !strchr("\r\n\t", octets[i]))
			return false;
		if (!octets[i])
			return false;
	}
	return true;
}

static void print_hex(FILE *out, const char *octets, size_t len)
{
	fputs("\"0x", out);
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%02x", (uint8_t)octets[i]);
	fputc('"', out);
}

static void print_text(FILE *out, const char *octets, size_t len)
{
	fputc('"', out);
	for (size_t i = 0; i < len; i++) {
		if (octets[i] == '\r' || octets[i] == '\n' || octets[i] == '\t')
			fprintf(out, "\\%c", octets[i] == '\r' ? 'r' : octets[i] == '\n' ? 'n' : 't');
		else if (octets[i] == '"' || octets[i] == '\\')
			fprintf(out, "\\%c", octets[i]);
		else
			fputc(octets[i], out);
	}
	fputc('"', out);
}

/* What comes before to, if anything does */
static void print_up_to(struct walk *walk, const char *to)
{
	size_t len = to - walk->at;

	if (len) {
		fputs(walk->at > walk->octets ? ", " : "", walk->out);
		(is_text(walk->at, len) ? print_text : print_hex)(walk->out, walk->at, len);
	}
	walk->at = to;
}

/* ---- Parts ---- */

static int print_isup(struct walk *walk, const struct sip_body_part *part)
{
	static char mem[SIM_SIP_OCTETS_MAX];
	size_t offset = part->content.p - walk->octets;
	bool plain = part->transfer == SIP_BODY_IDENTITY && !part->encoded;
	struct isup_msg_error error;
	struct sip_str content;
	struct isup_msg msg;

	if (sip_body_decode(part, mem, sizeof(mem), &content) < 0)
		return refuse(walk, "the encoding of the ISUP part is broken or not known", offset);
	/* a message of unknown type is taken whole, however long it is */
	if (content.len > ISUP_OCTETS_MAX)
		return refuse(walk, "too many octets for a message", plain ? offset + ISUP_OCTETS_MAX : offset);
	if (isup_msg_decode(&msg, walk->dialect, (const uint8_t *)content.p, content.len, &error) < 0)
		return refuse(walk, error.what, plain ? offset + error.offset : offset);
	print_up_to(walk, part->content.p);
	fputs(walk->at > walk->octets ? ", " : "", walk->out);
	if (!plain) {
		fputs("{\"encoded\": ", walk->out);
		print_hex(walk->out, part->content.p, part->content.len);
		fputs(", \"isup\": ", walk->out);
	}
	sim_json_print(walk->out, &msg, false);
	fputs(plain ? "" : "}", walk->out);
	walk->at = part->content.p + part->content.len;
	walk->n_isup++;
	return 0;
}

static int print_parts(struct walk *walk, const struct sip_msg *msg)
{
	struct sip_body_part part;
	struct sip_body body;
	int rc;

	for (sip_body_init(&body, msg); !(rc = sip_body_next(&body, &part)); ) {
		if (!part.multipart && sip_media_type_is(&part.type, "application/ISUP") &&
		    print_isup(walk, &part) < 0)
			return -EINVAL;
	}
	if (rc != -ENOENT)
		return refuse(walk, "too many parts", walk->at - walk->octets);
	if (!walk->n_isup)
		return refuse(walk, "there is no application/ISUP part", walk->end - walk->octets);
	print_up_to(walk, walk->end);
	return 0;
}

/* ---- A message, or what is made one ---- */

/* Content-Type of a multipart whose first delimiter is the first line; 0 if there is none */
static size_t put_type(char *buf, size_t size, const char *octets, size_t len)
{
	const char *eol = memchr(octets, '\r', OSMO_MIN(len, SIP_BODY_BOUNDARY_MAX + 3));
	int n;

	if (!eol)
		eol = memchr(octets, '\n', OSMO_MIN(len, SIP_BODY_BOUNDARY_MAX + 3));
	if (!eol || memchr(octets, '"', eol - octets) || memchr(octets, '\\', eol - octets))
		return 0;
	n = snprintf(buf, size, "Content-Type: multipart/mixed;boundary=\"%.*s\"\r\n\r\n", (int)(eol - octets - 2),
		     octets + 2);
	return n < (int)size ? n : 0;
}

static bool begins(const uint8_t *octets, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(octets, with, strlen(with)) == 0;
}

int sim_sip_print(FILE *out, const struct isup_dialect *dialect, const uint8_t *octets, size_t len,
		  const char **what, int *offset)
{
	static char buf[sizeof(head) + 256 + SIM_SIP_OCTETS_MAX];
	static struct sip_msg msg;
	struct walk walk = { .dialect = dialect, .out = out, .what = what, .offset = offset };
	struct sip_parse_error error = {};
	size_t before = 0;

	if (len > SIM_SIP_OCTETS_MAX)
		return refuse(&walk, "too many octets for a SIP message", SIM_SIP_OCTETS_MAX);
	if (begins(octets, len, "--") || begins(octets, len, "Content-") || begins(octets, len, "MIME-")) {
		before = sizeof(head) - 1;
		memcpy(buf, head, before);
		if (octets[0] == '-')
			before += put_type(buf + before, 256, (const char *)octets, len);
	}
	memcpy(buf + before, octets, len);
	walk.octets = walk.at = buf + before;
	walk.end = walk.octets + len;
	if (sip_msg_parse(&msg, buf, before + len, &error) < 0)
		return refuse(&walk, error.what, error.offset > before ? error.offset - before : 0);
	fputs("{\"sip\": [", out);
	if (print_parts(&walk, &msg) < 0)
		return -EINVAL;
	fputs("]}", out);
	return 0;
}
