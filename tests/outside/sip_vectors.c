/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses the SIP messages and header values that somebody else made: 01-sip-torture and 07-fuzz of the vectors. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "../expect.h"
#include "../sip_text.h"
#include "csv.h"
#include "sip/sip_msg.h"

#define COLS 10

static char top[512];
static struct sip_msg msg;

static struct sip_str read_file(const char *name)
{
	static char buf[65536];
	char path[1024];
	size_t len = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	file = fopen(path, "rb");
	EXPECT(file);
	if (file) {
		len = fread(buf, 1, sizeof(buf), file);
		fclose(file);
	}
	return exact(buf, len);
}

/* What the parser says is among what the manifest would have an endpoint answer */
static bool is_expected(unsigned int status, const char *cols[COLS])
{
	char text[8];

	snprintf(text, sizeof(text), "%u", status);
	if (!strcmp(cols[7], "accept"))
		return !status;
	if (!strcmp(cols[7], "drop"))
		return true;
	if (!strcmp(cols[4], "response"))
		return status;
	if (!status)
		return !strcmp(cols[7], "either");
	return strstr(cols[8], text) || strstr(cols[9], text);
}

/* file,rfc,section,title,kind,method_or_status,validity,parser_expectation,expected_response_as_endpoint,… */
static void check_torture(char *line)
{
	struct sip_parse_error err;
	struct sip_str octets;
	const char *cols[COLS];
	char name[256];

	csv_split(line, cols, COLS);
	if (!strcmp(cols[0], "file"))
		return;
	snprintf(name, sizeof(name), "01-sip-torture/%.200s", cols[0]);
	octets = read_file(name);
	sip_msg_parse(&msg, octets.p, octets.len, &err);
	if (!is_expected(err.status, cols)) {
		printf("%s: %s expected, is %u %s\n", cols[0], cols[7], err.status, err.what ? err.what : "");
		expect_failures++;
	}
	if (err.status && !strcmp(cols[4], "request"))
		EXPECT_INT(cols[0], sip_msg_answerable(&msg), 1);
	free((void *)octets.p);
}

static bool is_valid_cseq(struct sip_str value)
{
	struct sip_cseq cseq;

	return !sip_cseq_parse(&cseq, value);
}

static bool is_valid_via(struct sip_str value)
{
	struct sip_via via;

	while (!sip_via_take(&via, &value)) {
		if (!value.len)
			return true;
	}
	return false;
}

static bool is_valid_addr(struct sip_str value)
{
	struct sip_addr addr;
	struct sip_uri uri;

	while (!sip_addr_take(&addr, &value) && !sip_uri_parse(&uri, addr.uri_text)) {
		if (!value.len)
			return true;
	}
	return false;
}

static bool is_valid_request_line(struct sip_str value)
{
	static char text[65536];
	struct sip_parse_error err;
	int len;

	len = snprintf(text, sizeof(text), "%.*s\r\n\r\n", (int)value.len, value.p);
	sip_msg_parse(&msg, text, len, &err);
	/* RFC 3261 19.1.1 does not allow headers there, which its grammar does */
	if (msg.uri.headers.p)
		return err.status == 400 && !strcmp(err.what, "Malformed Request-URI");
	return err.what && !strcmp(err.what, "Missing Via");
}

/* Made from the grammar: every line is a valid value, but what the text of the standards takes back */
static void check_corpus(const char *name, bool (*is_valid)(struct sip_str value))
{
	struct sip_str octets = read_file(name), line;
	const char *p = octets.p, *end = p + octets.len, *lf;
	unsigned int n = 0, refused = 0;

	for (; p < end; p = lf + 1) {
		lf = memchr(p, '\n', end - p);
		if (!lf)
			lf = end;
		line = exact(p, lf - p - (lf > p && lf[-1] == '\r'));
		n++;
		if (line.len && !is_valid(line)) {
			printf("%s: refused: %.*s\n", name, SIP_STR_ARG(line));
			refused++;
		}
		free((void *)line.p);
	}
	free((void *)octets.p);
	printf("%s: %u lines, %u refused\n", name, n, refused);
	EXPECT(n > 1 && !refused);
}

static void for_each_line(const char *name, void (*check)(char *line))
{
	static char line[65536];
	unsigned int n = 0;
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	file = fopen(path, "r");
	for (; file && fgets(line, sizeof(line), file); n++)
		check(line);
	if (file)
		fclose(file);
	printf("%s: %u lines\n", name, n);
	EXPECT(n > 1);
}

int main(int argc, char **argv)
{
	FILE *readme;
	char path[600];

	snprintf(top, sizeof(top), "%s", argc > 1 ? argv[1] : "");
	snprintf(path, sizeof(path), "%s/README.md", top);
	readme = fopen(path, "r");
	if (!readme) {
		printf("skipped: no vectors at %s\n", argc > 1 ? argv[1] : "(no directory given)");
		return 77;
	}
	fclose(readme);
	for_each_line("01-sip-torture/manifest.csv", check_torture);
	check_corpus("07-fuzz/abnf_corpus/cseq.txt", is_valid_cseq);
	check_corpus("07-fuzz/abnf_corpus/via.txt", is_valid_via);
	check_corpus("07-fuzz/abnf_corpus/pai.txt", is_valid_addr);
	check_corpus("07-fuzz/abnf_corpus/refer-to.txt", is_valid_addr);
	check_corpus("07-fuzz/abnf_corpus/request-line.txt", is_valid_request_line);
	return expect_failures ? 1 : 0;
}
