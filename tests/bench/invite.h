/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The INVITE that the benches of SIP parsing read: the same for us and for other libraries. */
#pragma once

#define INVITE_BODY \
	"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" \
	"m=audio 49170 RTP/AVP 8\r\na=ptime:20\r\n"

/* 644 octets, as a PBX sends them */
static const char invite[] =
	"INVITE sip:+33123456789@gw.example.com:5060;user=phone SIP/2.0\r\n"
	"Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK-524287-1---3ab7d2f1c9;rport\r\n"
	"Max-Forwards: 70\r\n"
	"Contact: <sip:+33987654321@192.0.2.1:5070;transport=UDP>\r\n"
	"To: <sip:+33123456789@gw.example.com;user=phone>\r\n"
	"From: \"Alice\" <sip:+33987654321@example.com;user=phone>;tag=62dc4e06\r\n"
	"Call-ID: 84710OTYzZjA2NWZkNWZlZDQzMzc0ZTYwNGY4ZTY4ZjE5NzU0MDY4Z.pbx1\r\n"
	"CSeq: 1 INVITE\r\n"
	"Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n"
	"Content-Type: application/sdp\r\n"
	"Supported: 100rel, timer\r\n"
	"Content-Length: 100\r\n"
	"\r\n" INVITE_BODY;
