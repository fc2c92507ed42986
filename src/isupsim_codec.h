/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim --decode and --encode: ISUP messages from hex to JSON and back, a line each, instead of an exchange. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct isup_dialect;

/* Lines of --help */
#define SIM_CODEC_HELP \
	"\nISUP messages, one a line, from stdin to stdout instead of an exchange:\n" \
	"      --decode             hex to JSON\n" \
	"      --encode             JSON, or text such as 'REL cause=17', to hex\n" \
	"      --with-cic           the octets begin with the CIC, else with the message type\n" \
	"      --sip                they are SIP messages or bodies with application/ISUP in them\n" \
	"      --dialect NAME       of the messages (itu)\n"

struct sim_codec {
	const struct isup_dialect *dialect;
	bool with_cic;
	bool sip;
};

/* Does the command line ask for this? */
bool sim_codec_wanted(int argc, char **argv);

/* Does what it asks for. Returns the exit status: 0, 1 where a line could not be done, 2 for a bad command line. */
int sim_codec_main(int argc, char **argv);

/* One line without its end, but zero terminated: prints one line, the result or an error. Returns 0 or -EINVAL. */
int sim_codec_decode(const struct sim_codec *codec, const char *line, size_t len, FILE *out);
int sim_codec_encode(const struct sim_codec *codec, const char *line, size_t len, FILE *out);
