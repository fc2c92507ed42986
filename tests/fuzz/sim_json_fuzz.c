/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a line for isupsim --encode; what it makes octets of comes back by --decode and --encode. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "isup/isup_dialect.h"

#include "../src/isupsim_codec.h"
#include "fuzz.h"

static const struct sim_codec codec = { .dialect = &isup_dialect_itu, .with_cic = true };

typedef int line_cb(const struct sim_codec *codec, const char *line, size_t len, FILE *out);

/* The one line that comes of a line, without its end, to be freed; NULL if it is an error */
static char *convert(line_cb *cb, const char *line, size_t len)
{
	char *out = NULL;
	size_t out_len = 0;
	FILE *file = open_memstream(&out, &out_len);
	int rc = cb(&codec, line, len, file);

	fclose(file);
	CHECK(out_len > 0 && strchr(out, '\n') == out + out_len - 1);
	CHECK((rc < 0) == (strncmp(out, "{\"error\": \"", 11) == 0));
	out[out_len - 1] = '\0';
	if (rc == 0)
		return out;
	free(out);
	return NULL;
}

static void there_and_back(const char *hex)
{
	char *json = convert(sim_codec_decode, hex, strlen(hex)), *again;

	if (!json)
		return;
	again = convert(sim_codec_encode, json, strlen(json));
	CHECK(again && strcmp(again, hex) == 0);
	free(again);
	free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = strndup((const char *)data, size);
	char *hex = convert(sim_codec_encode, line, strlen(line));

	if (hex)
		there_and_back(hex);
	free(hex);
	free(line);
	return 0;
}
