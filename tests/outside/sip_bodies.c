/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies that others have made: messages with encapsulated ISUP, and RFC 4475's multipart, beside their manifest. */

#include <stdlib.h>

#include <osmocom/core/utils.h>

#include "../expect.h"
#include "../sip_text.h"
#include "csv.h"
#include "sip/sip_body.h"
#include "sip/sip_msg.h"

/* The manifest's columns */
enum { FILE_NAME, EXPECTED = 3, LAYERS = 7, ISUP_TYPES = 8, COLS };

static const struct sip_body_type understood[] = { { "application/sdp", "session" }, { "application/ISUP" }, {} };
static struct sip_msg msg;
static const char *top;

/* To be freed with free((void *)octets.p) */
static struct sip_str read_file(const char *dir, const char *name)
{
	static char octets[65536];
	size_t len = 0;
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/%s", top, dir, name);
	file = fopen(path, "rb");
	if (file) {
		len = fread(octets, 1, sizeof(octets), file);
		fclose(file);
	}
	EXPECT(len);
	return exact(octets, len);
}

/* First octet of the first ISUP message, -1 if there is none */
static int isup_type(void)
{
	struct sip_body_part part;
	struct sip_body body;

	for (sip_body_init(&body, &msg); !sip_body_next(&body, &part);) {
		if (!sip_body_understood(&part, understood + 1) || !part.content.len)
			continue;
		EXPECT(!part.multipart);
		return (unsigned char)*part.content.p;
	}
	return -1;
}

static void check_verdict(const char *what, const char *expected)
{
	unsigned int status = sip_body_verdict(&msg, understood).status;

	if (!strncmp(expected, "accept", 6) || !strncmp(expected, "ignore it", 9))
		EXPECT_INT(what, status, 0);
	else if (!strcmp(expected, "400"))
		EXPECT_INT(what, status, 400);
	else
		EXPECT(status == 0 || status == 415 || status == 400);
}

static void check(const char *cols[COLS])
{
	struct sip_str octets = read_file("03-sipi", cols[FILE_NAME]);
	struct sip_parse_error err;
	char mem[1024];
	int rc;

	rc = sip_msg_parse(&msg, octets.p, octets.len, &err);
	EXPECT_INT(cols[FILE_NAME], rc, 0);
	if (!rc) {
		check_verdict(cols[FILE_NAME], cols[EXPECTED]);
		EXPECT_INT(cols[FILE_NAME], sip_msg_sdp(&msg, mem, sizeof(mem)).len > 0,
			   strstr(cols[LAYERS], ":sdp") ? 1 : 0);
		if (cols[ISUP_TYPES][0])
			EXPECT_INT(cols[FILE_NAME], isup_type(), atoi(cols[ISUP_TYPES]));
	}
	free((void *)octets.p);
}

/* RFC 4475 3.1.1.11: the second part is binary, with zeros */
static void check_mpart01(void)
{
	struct sip_str octets = read_file("01-sip-torture/rfc4475", "mpart01.dat");
	struct sip_parse_error err;
	struct sip_body_part part;
	struct sip_body body;

	EXPECT_INT("mpart01", sip_msg_parse(&msg, octets.p, octets.len, &err), 0);
	sip_body_init(&body, &msg);
	EXPECT(!sip_body_next(&body, &part) && part.multipart);
	EXPECT(!sip_body_next(&body, &part) && sip_str_eq(part.content, SIP_STR("Hello")));
	EXPECT(!sip_body_next(&body, &part) && sip_str_ieq(part.type.subtype, SIP_STR("octet-stream")));
	EXPECT_INT("mpart01", part.content.len, 4 + 0x152);
	EXPECT(!memcmp(part.content.p, "\x30\x82\x01\x52", 4));
	EXPECT(sip_body_next(&body, &part) < 0);
	free((void *)octets.p);
}

int main(int argc, char **argv)
{
	const char *cols[COLS];
	char line[4096], path[1024];
	unsigned int n = 0;
	FILE *manifest;

	top = argc > 1 ? argv[1] : ".";
	snprintf(path, sizeof(path), "%s/03-sipi/manifest.csv", top);
	manifest = fopen(path, "r");
	if (!manifest || !fgets(line, sizeof(line), manifest)) {
		printf("skipped: no vectors in %s\n", top);
		return 77;
	}
	for (; fgets(line, sizeof(line), manifest); n++) {
		csv_split(line, cols, COLS);
		check(cols);
	}
	fclose(manifest);
	EXPECT(n > 30);
	check_mpart01();
	return expect_failures ? 1 : 0;
}
