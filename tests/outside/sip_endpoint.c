/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an endpoint answers to the torture messages of RFC 4475 and RFC 5118, beside what their manifest expects. */

#include <stdio.h>
#include <stdlib.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/utils.h>

#include "../expect.h"
#include "../sip_wire.h"
#include "csv.h"
#include "sip/sip_msg.h"
#include "sip/sip_peer.h"

/* The manifest's columns */
enum { FILE_NAME, EXPECTED = 8, ALSO = 9, COLS };

static struct wire *w;
static struct sip_peer *peer;

/* A user that knows no number */
static void user_cb(struct sip_call *call, const struct sip_prim *prim, void *user)
{
	EXPECT(prim->method == SIP_INVITE && !prim->status);
	sip_call_release(call, 404, SIP_STR(""));
}

static void send_file(const char *top, const char *name)
{
	static char octets[SIP_MSG_MAX];
	union sip_sockaddr src;
	char path[1024], *exact;
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/01-sip-torture/%s", top, name);
	file = fopen(path, "rb");
	EXPECT(file);
	if (!file)
		return;
	len = fread(octets, 1, sizeof(octets), file);
	fclose(file);
	exact = malloc(len);
	memcpy(exact, octets, len);
	sip_sockaddr_from_host(&src, SIP_STR("192.0.2.2"), false, 5060);
	sip_rx(w->sock, &src, exact, len);
	free(exact);
}

/* "400", "405 if …", "200|415", "liberal accept": a status that is named, or none, or any but a parser's */
static bool is_expected(const struct sip_msg *answer, const char *words)
{
	char status[8];

	if (!strncmp(words, "no response", 11) || !strncmp(words, "drop", 4))
		return !answer;
	if (!answer)
		return false;
	snprintf(status, sizeof(status), "%u", answer->status);
	if (!strncmp(words, "any non-parse", 13) || !strncmp(words, "liberal", 7))
		return answer->status != 400 && answer->status != 505;
	return strstr(words, status);
}

static void check(const char *top, const char *cols[COLS])
{
	struct sip_parse_error err;
	struct sip_msg msg;
	unsigned int sent;

	w = wire_alloc(user_cb, NULL);
	w->quiet = true;
	peer = sip_peer_alloc(w->sip, "P");
	sip_peer_cfg(peer)->remote.u.sin = w->sock->local.in4;
	sip_peer_cfg(peer)->remote.u.sin.sin_addr.s_addr = htonl(0xc0000202);
	sip_peer_cfg(peer)->remote_set = true;
	sip_peer_update(peer);

	sent = w->n_sent;
	send_file(top, cols[FILE_NAME]);
	if (w->n_sent > sent)
		sip_msg_parse(&msg, w->last, w->last_len, &err);
	if (!is_expected(w->n_sent > sent ? &msg : NULL, cols[EXPECTED]) &&
	    !is_expected(w->n_sent > sent ? &msg : NULL, cols[ALSO])) {
		printf("%s: %.*s, expected: %s; also: %s\n", cols[FILE_NAME],
		       w->n_sent > sent ? (int)strcspn(w->last, "\r") : 7, w->n_sent > sent ? w->last : "nothing",
		       cols[EXPECTED], cols[ALSO]);
		expect_failures++;
	}
	wire_free(w);
}

int main(int argc, char **argv)
{
	const char *top = argc > 1 ? argv[1] : ".", *cols[COLS];
	char line[4096], path[1024];
	unsigned int n = 0;
	FILE *manifest;

	snprintf(path, sizeof(path), "%s/01-sip-torture/manifest.csv", top);
	manifest = fopen(path, "r");
	if (!manifest) {
		printf("no vectors in %s: nothing done\n", top);
		return 77;
	}
	wire_init();
	log_set_log_level(osmo_stderr_target, LOGL_ERROR);
	if (!fgets(line, sizeof(line), manifest))
		return 1;
	while (fgets(line, sizeof(line), manifest)) {
		csv_split(line, cols, COLS);
		check(top, cols);
		n++;
	}
	fclose(manifest);
	EXPECT(n > 30);
	return expect_failures ? 1 : 0;
}
