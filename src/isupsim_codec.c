/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim --decode and --encode: ISUP messages from hex to JSON and back, a line each, instead of an exchange. */

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/bit16gen.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect_own.h"

#include "gw_dialect.h"
#include "isupsim_codec.h"
#include "isupsim_json.h"
#include "isupsim_sip.h"

#define CIC_OCTETS 2
#define OCTETS_MAX (CIC_OCTETS + 2 * ISUP_MSG_OCTETS_MAX)	/* the codec's store; no MTP carries half of that */

static int refuse(FILE *out, const char *what, int offset)
{
	sim_json_print_error(out, what, offset);
	fputc('\n', out);
	return -EINVAL;
}

/* ---- Decode ---- */

static int hex_digit(char c)
{
	if (!isxdigit((unsigned char)c))
		return -EINVAL;
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Reads hex, blanks between the octets being let pass. Returns the octets, -EINVAL with what is wrong, *n being the
 * octets before it. */
static int read_hex(const char *line, size_t len, uint8_t *octets, size_t size, size_t *n, const char **what)
{
	*n = 0;
	for (size_t i = 0; i < len; i += 2) {
		while (i < len && isblank((unsigned char)line[i]))
			i++;
		if (i == len)
			return *n;
		*what = "too many octets for a message";
		if (*n == size)
			return -EINVAL;
		*what = "half an octet at the end";
		if (i + 1 == len && hex_digit(line[i]) >= 0)
			return -EINVAL;
		*what = "not hexadecimal";
		if (hex_digit(line[i]) < 0 || hex_digit(line[i + 1]) < 0)
			return -EINVAL;
		octets[(*n)++] = hex_digit(line[i]) << 4 | hex_digit(line[i + 1]);
	}
	return *n;
}

/* The object is printed as far as all is well, so it goes to memory first. */
static int decode_sip(const struct sim_codec *codec, const char *line, size_t len, FILE *out)
{
	static uint8_t octets[SIM_SIP_OCTETS_MAX];
	const char *what;
	char *text = NULL;
	size_t n, size;
	int rc, offset;
	FILE *file;

	if (read_hex(line, len, octets, sizeof(octets), &n, &what) < 0)
		return refuse(out, what, n);
	file = open_memstream(&text, &size);
	if (!file)
		return refuse(out, "out of memory", -1);
	rc = sim_sip_print(file, codec->dialect, octets, n, &what, &offset);
	if (fclose(file) == 0 && rc == 0)
		fprintf(out, "%s\n", text);
	free(text);
	return rc < 0 ? refuse(out, what, offset) : 0;
}

int sim_codec_decode(const struct sim_codec *codec, const char *line, size_t len, FILE *out)
{
	size_t n, head = codec->with_cic ? CIC_OCTETS : 0;
	struct isup_msg_error error;
	uint8_t octets[OCTETS_MAX];
	struct isup_msg msg;
	const char *what;

	if (codec->sip)
		return decode_sip(codec, line, len, out);
	if (read_hex(line, len, octets, sizeof(octets), &n, &what) < 0)
		return refuse(out, what, n);
	if (n < head)
		return refuse(out, "CIC is cut short", n);
	if (isup_msg_decode(&msg, codec->dialect, octets + head, n - head, &error) < 0)
		return refuse(out, error.what, head + error.offset);
	msg.cic = head ? osmo_load16le(octets) : 0;
	sim_json_print(out, &msg, codec->with_cic);
	fputc('\n', out);
	return 0;
}

/* ---- Encode ---- */

/* The first octet that is no printable ASCII, len if there is none */
static size_t find_unprintable(const char *line, size_t len)
{
	size_t i = 0;

	while (i < len && (isprint((unsigned char)line[i]) || line[i] == '\t'))
		i++;
	return i;
}

static void print_hex(FILE *out, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%02x", octets[i]);
}

static int encode_sip(const struct sim_codec *codec, const char *line, size_t len, FILE *out)
{
	static uint8_t octets[SIM_SIP_OCTETS_MAX];
	struct sim_json_error error = { .offset = -1 };
	int n = sim_json_scan_sip(octets, sizeof(octets), codec->dialect, line, len, &error);

	if (n < 0)
		return refuse(out, error.what, error.offset);
	print_hex(out, octets, n);
	fputc('\n', out);
	return 0;
}

int sim_codec_encode(const struct sim_codec *codec, const char *line, size_t len, FILE *out)
{
	struct sim_json_error error = { .offset = -1 };
	size_t bad = find_unprintable(line, len);
	uint8_t octets[OCTETS_MAX];
	struct isup_msg msg;
	int rc;

	if (bad < len)
		return refuse(out, "neither JSON nor text: a character that is not printable ASCII", bad);
	if (codec->sip)
		return encode_sip(codec, line, len, out);
	if (line[strspn(line, " \t")] == '{')
		rc = sim_json_scan(&msg, codec->dialect, line, len, &error);
	else
		rc = isup_msg_scan(&msg, codec->dialect, line, error.what, sizeof(error.what));
	if (rc < 0)
		return refuse(out, error.what, error.offset);
	rc = isup_msg_encode(&msg, octets + CIC_OCTETS, sizeof(octets) - CIC_OCTETS);
	if (rc < 0)
		return refuse(out, sim_json_encode_error(rc), -1);
	osmo_store16le(msg.cic, octets);
	print_hex(out, octets + (codec->with_cic ? 0 : CIC_OCTETS), rc + (codec->with_cic ? CIC_OCTETS : 0));
	fputc('\n', out);
	return 0;
}

/* ---- Command line ---- */

typedef int line_cb(const struct sim_codec *codec, const char *line, size_t len, FILE *out);

bool sim_codec_wanted(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--decode") == 0 || strcmp(argv[i], "--encode") == 0)
			return true;
	}
	return false;
}

/* Every line gives one line; each is flushed, so that a program at the other end of both pipes can wait for it. */
static int run(const struct sim_codec *codec, line_cb *cb)
{
	size_t size = 0;
	char *line = NULL;
	bool bad = false;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) >= 0) {
		while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			line[--len] = '\0';
		bad |= cb(codec, line, len, stdout) < 0;
		if (fflush(stdout) < 0)
			break;
	}
	free(line);
	if (ferror(stdin) || ferror(stdout)) {
		fprintf(stderr, "isupsim: cannot read stdin or write stdout\n");
		return 1;
	}
	return bad;
}

/* One that is built in, or from a file, which has a point or a slash in its name. */
static const struct isup_dialect *find_dialect(void *ctx, const char *name)
{
	const struct isup_dialect *dialect = isup_dialect_find(name);
	struct isup_dialect_own *own;
	char err[512];

	if (dialect || !strpbrk(name, "./"))
		return dialect;
	own = gw_dialect_load(ctx, name, name, err, sizeof(err));
	if (!own)
		fprintf(stderr, "isupsim: %s\n", err);
	return own ? &own->dialect : NULL;
}

static int bad_usage(void)
{
	fprintf(stderr, "isupsim: either --decode or --encode, with --with-cic or --sip, and --dialect NAME; "
		"--help lists all\n");
	return 2;
}

static int codec_main(void *ctx, int argc, char **argv)
{
	static const struct option options[] = {
		{ "decode", no_argument, NULL, 'd' },
		{ "encode", no_argument, NULL, 'e' },
		{ "sip", no_argument, NULL, 's' },
		{ "with-cic", no_argument, NULL, 'w' },
		{ "dialect", required_argument, NULL, 'n' },
		{}
	};
	struct sim_codec codec = { .dialect = &isup_dialect_itu };
	line_cb *cb = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?' || (cb && (option == 'd' || option == 'e')))
			return bad_usage();
		if (option == 'w')
			codec.with_cic = true;
		else if (option == 's')
			codec.sip = true;
		else if (option == 'n')
			codec.dialect = find_dialect(ctx, optarg);
		else
			cb = option == 'd' ? sim_codec_decode : sim_codec_encode;
		if (!codec.dialect) {
			fprintf(stderr, "isupsim: there is no dialect '%s'\n", optarg);
			return 2;
		}
	}
	return cb && optind == argc && !(codec.sip && codec.with_cic) ? run(&codec, cb) : bad_usage();
}

int sim_codec_main(int argc, char **argv)
{
	void *ctx = talloc_named_const(NULL, 0, "isupsim");
	int rc = codec_main(ctx, argc, argv);

	talloc_free(ctx);
	return rc;
}
