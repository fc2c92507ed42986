/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS answers (RFC 1035 4.1): records A, AAAA, SRV (RFC 2782), NAPTR (RFC 3403), and how long they are good. */
#pragma once

#include "sip/sip_transport.h"

enum sip_dns_type { SIP_DNS_A = 1, SIP_DNS_AAAA = 28, SIP_DNS_SRV = 33, SIP_DNS_NAPTR = 35 };

#define SIP_DNS_NAME_SIZE 256
#define SIP_DNS_RECORDS_MAX 32

struct sip_dns_record {
	uint16_t order, preference;		/* NAPTR; SRV: priority, weight */
	uint16_t port;				/* SRV */
	char flags[4], service[16];		/* NAPTR, in lower case */
	char name[SIP_DNS_NAME_SIZE];		/* NAPTR: replacement; SRV: target */
	union sip_sockaddr addr;		/* A, AAAA */
};
struct sip_dns_answer {
	struct sip_dns_record all[SIP_DNS_RECORDS_MAX];
	unsigned int n;
	uint32_t ttl_s;				/* the least; without records: of the SOA, 0 if there is none */
};
/* 0, also where it has no such records; -EBADMSG */
int sip_dns_parse(struct sip_dns_answer *answer, enum sip_dns_type type, const uint8_t *octets, size_t len);
