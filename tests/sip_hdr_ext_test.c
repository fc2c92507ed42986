/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structured headers of extensions: good and bad values, cut at every octet; what is built is read back the same. */

#include <errno.h>

#include "expect.h"
#include "sip/sip_build.h"
#include "sip_text.h"

/* Each takes one value and writes it down; 0, or a negative errno */
typedef int take_cb(struct out *o, struct sip_str *list);

static int take_reason(struct out *o, struct sip_str *list)
{
	struct sip_reason r;
	int rc = sip_reason_take(&r, list);

	if (rc)
		return rc;
	out(o, "%.*s", SIP_STR_ARG(r.protocol));
	if (r.has_cause)
		out(o, " %u", r.cause);
	if (r.has_location)
		out(o, " location=%u", r.location);
	out_str(o, "text", r.text);
	return 0;
}

static int take_diversion(struct out *o, struct sip_str *list)
{
	struct sip_diversion d;
	int rc = sip_diversion_take(&d, list);

	if (rc)
		return rc;
	out(o, "<%.*s>", SIP_STR_ARG(d.addr.uri_text));
	out_str(o, "display", d.addr.display);
	out_str(o, "reason", d.reason);
	if (d.has_counter)
		out(o, " counter=%u", d.counter);
	if (d.has_limit)
		out(o, " limit=%u", d.limit);
	out_str(o, "privacy", d.privacy);
	out_str(o, "screen", d.screen);
	return 0;
}

static int take_history(struct out *o, struct sip_str *list)
{
	struct sip_history h;
	int rc = sip_history_take(&h, list);

	if (rc)
		return rc;
	out(o, "<%.*s>", SIP_STR_ARG(h.addr.uri_text));
	out_str(o, "index", h.index);
	if (h.target)
		out(o, " %c=%.*s", h.target, SIP_STR_ARG(h.target_index));
	if (h.cause)
		out(o, " cause=%u", h.cause);
	out_str(o, "reason", h.reason);
	out_str(o, "privacy", h.privacy);
	return 0;
}

static int take_uui(struct out *o, struct sip_str *list)
{
	uint8_t octets[8];
	struct sip_uui u;
	int rc = sip_uui_take(&u, list), i;

	if (rc)
		return rc;
	out(o, "%.*s", SIP_STR_ARG(u.data));
	out_str(o, "purpose", u.purpose);
	out_str(o, "content", u.content);
	out_str(o, "encoding", u.encoding);
	rc = sip_uui_octets(&u, octets, sizeof(octets));
	out(o, rc == -ENOTSUP ? " other" : rc == -ENOSPC ? " long" : rc < 0 ? " odd" : " =");
	for (i = 0; i < rc; i++)
		out(o, "%02x", octets[i]);
	return 0;
}

static int take_resource(struct out *o, struct sip_str *list)
{
	struct sip_resource r;
	int rc = sip_resource_take(&r, list);

	if (!rc)
		out(o, "%.*s - %.*s", SIP_STR_ARG(r.namespace), SIP_STR_ARG(r.priority));
	return rc;
}

static int take_early_media(struct out *o, struct sip_str *list)
{
	enum sip_early_media em;
	int rc = sip_early_media_take(&em, list);

	if (!rc)
		out(o, "%u", em);
	return rc;
}

static int take_q(struct out *o, struct sip_str *list)
{
	struct sip_addr addr;
	int rc = sip_addr_take(&addr, list), q;

	if (rc)
		return rc;
	q = sip_q(addr.params);
	out(o, q < 0 ? "none" : "%d", q);
	return 0;
}

/* Not lists: everything is taken at once */
static int take_session_expires(struct out *o, struct sip_str *list)
{
	struct sip_session_expires se;
	int rc = list->p ? sip_session_expires_parse(&se, *list) : -ENOENT;

	*list = (struct sip_str){};
	if (!rc)
		out(o, "%u%s", se.seconds, se.refresher == SIP_REFRESHER_UAC ? " uac" : se.refresher ? " uas" : "");
	return rc;
}

static int take_session_id(struct out *o, struct sip_str *list)
{
	struct sip_session_id id;
	int rc = list->p ? sip_session_id_parse(&id, *list) : -ENOENT;

	*list = (struct sip_str){};
	if (!rc)
		out(o, "%02x..%02x%s %02x..%02x%s%s", id.local.octets[0], id.local.octets[15],
		    sip_uuid_is_nil(&id.local) ? " nil" : "", id.remote.octets[0], id.remote.octets[15],
		    sip_uuid_is_nil(&id.remote) ? " nil" : "", id.has_remote ? "" : " (none)");
	return rc;
}

static int take_privacy(struct out *o, struct sip_str *list)
{
	unsigned int set = 0;
	int rc = list->p ? sip_privacy_parse(&set, *list) : -ENOENT;

	*list = (struct sip_str){};
	if (!rc)
		out(o, "%#x", set);
	return rc;
}

#define UUID_A "ab30317f1a784dc48ff824d0d3715d86"
#define UUID_B "47755a9de7794ba387653f2099600ef2"
#define NIL "00000000000000000000000000000000"

/* Values are joined by " | "; how it ended is the last word: nothing for -ENOENT, "bad", or "range" */
static const struct {
	take_cb *take;
	const char *text, *expected;
} rows[] = {
	/* RFC 8606 4, RFC 6432 */
	{ take_reason, "Q.850;cause=17;text=\"User busy\";location=RLN", "Q.850 17 location=4 text=User busy" },
	{ take_reason, "Q.850 ;cause=16 ;location=U, SIP;cause=200;location=ln",
	  "Q.850 16 location=0 | SIP 200 location=2" },
	{ take_reason, "Q.850;cause=1;location=LOC-15", "Q.850 1 location=15" },
	{ take_reason, "Q.850;cause=1;location=MOON", "Q.850 1" }, { take_reason, "Q.850;location", "Q.850" },
	{ take_reason, "Q.850;cause=1;location=", "bad" },

	/* RFC 5806 4, 9 */
	{ take_diversion, "<sip:+19195551002>;reason=user-busy;privacy=\"full\";counter=4",
	  "<sip:+19195551002> reason=user-busy counter=4 privacy=full" },
	{ take_diversion, "\"Bob\" <sip:bob@b>;reason=unconditional;screen=yes;limit=9,\r\n <tel:+1>; Reason = \"x y\"",
	  "<sip:bob@b> display=Bob reason=unconditional limit=9 screen=yes | <tel:+1> reason=x y" },
	{ take_diversion, "<sip:a@b>;counter=100;limit=x", "<sip:a@b>" },
	{ take_diversion, "sip:a@b;reason=away", "<sip:a@b> reason=away" },
	{ take_diversion, "", "" }, { take_diversion, "<sip:a@b>;reason=", "bad" }, { take_diversion, "x", "bad" },
	{ take_diversion, "<sip:a@b>;;", "bad" },

	/* RFC 7044 5.1, RFC 7544 */
	{ take_history, "<sip:bob@example.com?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1,"
	  " <sip:bob@192.0.2.4?Privacy=history>;index=1.2;mp=1.1, <sip:x@y>;index=1.2.1 ;np=1.2",
	  "<sip:bob@example.com?Reason=SIP%3Bcause%3D302> index=1.1 r=1 reason=SIP%3Bcause%3D302 | "
	  "<sip:bob@192.0.2.4?Privacy=history> index=1.2 m=1.1 privacy=history | <sip:x@y> index=1.2.1 n=1.2" },
	{ take_history, "\"Bob\" <sip:+1@b;user=phone;cause=408>;index=1",
	  "<sip:+1@b;user=phone;cause=408> index=1 cause=408" },
	{ take_history, "<sip:a@b;cause=x>;index=1.", "<sip:a@b;cause=x>" },
	{ take_history, "<tel:+33;cause=486>;index=10.2", "<tel:+33;cause=486> index=10.2 cause=486" },
	{ take_history, "<urn:x>;index=a", "<urn:x>" }, { take_history, "<sip:a@b>;index", "<sip:a@b>" },
	{ take_history, "<sip:a@b", "bad" }, { take_history, "", "" },

	/* RFC 7433 4.1 */
	{ take_uui, "56a390f3d2b7310023a2;encoding=hex;purpose=foo;content=bar",
	  "56a390f3d2b7310023a2 purpose=foo content=bar encoding=hex long" },
	{ take_uui, "04c81031;purpose=isdn-uui", "04c81031 purpose=isdn-uui =04c81031" },
	{ take_uui, "\"00FF\" ;encoding=hex , 04", "00FF encoding=hex =00ff | 04 =04" },
	{ take_uui, "hello;encoding=text", "hello encoding=text other" },
	{ take_uui, "04;purpose=foo", "04 purpose=foo other" },
	{ take_uui, "041", "041 odd" }, { take_uui, "zz", "zz odd" }, { take_uui, "\"\"", " =" },
	{ take_uui, "", "" }, { take_uui, ";encoding=hex", "bad" }, { take_uui, "\"04", "bad" },
	{ take_uui, "a b", "bad" },

	/* RFC 4412 3.1 */
	{ take_resource, "dsn.flash , wps.3", "dsn - flash | wps - 3" }, { take_resource, "", "" },
	{ take_resource, "dsn", "bad" }, { take_resource, ".flash", "bad" }, { take_resource, "dsn.", "bad" },
	{ take_resource, "a.b.c", "bad" }, { take_resource, "a.b,", "bad" },

	/* RFC 5009 8 */
	{ take_early_media, "supported", "6" }, { take_early_media, "SendRecv, gated", "1 | 5" },
	{ take_early_media, "sendonly,recvonly,inactive,foo", "2 | 3 | 4 | 0" }, { take_early_media, "", "" },
	{ take_early_media, "a;b", "bad" }, { take_early_media, ",", "bad" },

	{ take_q, "<sip:a>;q=0.7, <sip:b>, <sip:c>;q=1.000, <sip:d>;q=0.05, <sip:e>;q=0",
	  "700 | 1000 | 1000 | 50 | 0" },
	{ take_q, "<sip:a>;q=1.001", "none" }, { take_q, "<sip:a>;q=2", "none" }, { take_q, "<sip:a>;q", "none" },
	{ take_q, "<sip:a>;q=0.1234", "none" }, { take_q, "<sip:a>;q=1.", "1000" },

	/* RFC 4028 4, 5 */
	{ take_session_expires, "4000;refresher=uac", "4000 uac" },
	{ take_session_expires, "90 ; Refresher = UAS;x", "90 uas" },
	{ take_session_expires, "1800", "1800" }, { take_session_expires, "4294967295", "4294967295" },
	{ take_session_expires, "4294967296", "range" }, { take_session_expires, "", "bad" },
	{ take_session_expires, "-1", "bad" }, { take_session_expires, "90 uac", "bad" },
	{ take_session_expires, "90;refresher=me", "bad" }, { take_session_expires, "90;refresher", "bad" },
	{ take_session_expires, "90;", "bad" },

	/* RFC 7989 5 */
	{ take_session_id, UUID_A ";remote=" UUID_B, "ab..86 47..f2" },
	{ take_session_id, UUID_A " ; x=y ; remote = " NIL, "ab..86 00..00 nil" },
	{ take_session_id, UUID_A, "ab..86 00..00 nil (none)" },
	{ take_session_id, NIL, "00..00 nil 00..00 nil (none)" },
	{ take_session_id, "AB30317F1A784DC48FF824D0D3715D86", "ab..86 00..00 nil (none)" },
	{ take_session_id, UUID_A "0", "bad" }, { take_session_id, "ab30", "bad" },
	{ take_session_id, UUID_A ";remote=" UUID_B "0", "bad" }, { take_session_id, UUID_A ";remote", "bad" },
	{ take_session_id, UUID_A ";remote=" UUID_B ";remote=" UUID_B, "bad" },
	{ take_session_id, "ab30317f-1a78-4dc4-8ff8-24d0d3715d86", "bad" },
	{ take_session_id, UUID_A ", " UUID_B, "bad" },

	/* RFC 3323 4.2, RFC 3325 9.3, RFC 7044 */
	{ take_privacy, "id", "0x8" }, { take_privacy, "user; Header ;session;critical", "0x27" },
	{ take_privacy, "none", "0x40" }, { take_privacy, "history,id", "0x18" }, { take_privacy, "id;foo", "0x88" },
	{ take_privacy, "", "bad" }, { take_privacy, "id;", "bad" }, { take_privacy, "id user", "bad" },
};

static void take_all(struct out *o, take_cb *take, struct sip_str list)
{
	size_t start, bound = list.len + 2;
	int rc;

	do {
		start = o->len;
		out(o, "%s", start ? " | " : "");
		rc = take(o, &list);
	} while (!rc && --bound);
	EXPECT(bound);
	if (rc == -ENOENT)
		o->text[o->len = start] = '\0';
	else
		out(o, "%s", rc == -EBADMSG ? "bad" : rc == -ERANGE ? "range" : "?");
}

/* One bad value in a list is all there is to say of it */
static const char *last_word(const char *text)
{
	const char *bar = strrchr(text, '|');

	return bar && !strcmp(bar + 2, "bad") ? bar + 2 : text;
}

static void test_rows(void)
{
	struct sip_str list;
	struct out o;
	size_t i, len;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (len = 0; len <= strlen(rows[i].text); len++) {
			list = exact(rows[i].text, len);
			o = (struct out){};
			take_all(&o, rows[i].take, list);
			free((void *)list.p);
		}
		EXPECT_STR(rows[i].text, last_word(o.text), rows[i].expected);
	}
}

/* ---- Built ---- */

static char mem[512];

static const char *built(struct sip_buf *b)
{
	sip_put_char(b, '\0');
	EXPECT(!b->full);
	return mem;
}

static void test_put(void)
{
	static const uint8_t uui[] = { 0x04, 0xc8, 0xff };
	struct sip_session_id id;
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_uui(&b, uui, sizeof(uui));
	EXPECT_STR("User-to-User", built(&b),
		   "User-to-User: 04c8ff;purpose=isdn-uui;content=isdn-uui;encoding=hex\r\n");

	EXPECT(!sip_session_id_parse(&id, SIP_STR(UUID_A ";remote=" NIL)));
	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_session_id(&b, &id.local, &id.remote);
	EXPECT_STR("Session-ID", built(&b), "Session-ID: " UUID_A ";remote=" NIL "\r\n");
}

static void test_locations(void)
{
	struct sip_reason r;
	struct sip_str list;
	struct sip_buf b;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		sip_buf_init(&b, mem, sizeof(mem));
		sip_put_lit(&b, "Q.850;location=");
		sip_put_str(&b, sip_location_name(i));
		list = sip_str_span(mem, b.p);
		EXPECT(!sip_reason_take(&r, &list) && r.has_location);
		EXPECT_INT("location", r.location, i);
	}
	EXPECT(!sip_location_name(16).p);
}

int main(void)
{
	test_rows();
	test_put();
	test_locations();
	return expect_failures ? 1 : 0;
}
