/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: isupsim --sip. The first line of the input is a Content-Type, the rest a body; what --decode makes an
 * object of comes back by --encode. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "isup/isup_dialect.h"

#include "../src/isupsim_codec.h"
#include "fuzz.h"

static const struct sim_codec codec = { .dialect = &isup_dialect_itu, .sip = true };

static char *hex_of(const uint8_t *data, size_t size)
{
	static const char type[] = "Content-Type: ";
	const uint8_t *eol = memchr(data, '\n', size);
	char *hex = NULL;
	size_t hex_len;
	FILE *file = open_memstream(&hex, &hex_len);

	for (const char *c = type; *c; c++)
		fprintf(file, "%02x", *c);
	for (size_t i = 0; i < size; i++)
		fprintf(file, data + i == eol ? "0a0d0a" : "%02x", data[i]);
	fclose(file);
	return hex;
}

static char *there_and_back(const char *hex)
{
	char *json = NULL, *again = NULL;
	size_t json_len, again_len;
	FILE *file = open_memstream(&json, &json_len);
	int rc = sim_codec_decode(&codec, hex, strlen(hex), file);

	fclose(file);
	CHECK((rc < 0) == (strncmp(json, "{\"error\": \"", 11) == 0));
	if (rc == 0) {
		json[json_len - 1] = '\0';
		file = open_memstream(&again, &again_len);
		CHECK(sim_codec_encode(&codec, json, strlen(json), file) == 0);
		fclose(file);
	}
	free(json);
	return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *hex = hex_of(data, size), *again = there_and_back(hex);

	CHECK(!again || strncmp(again, hex, strlen(hex)) == 0);
	free(again);
	free(hex);
	return 0;
}
