/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record of messages as a pcap file: packets of link type MTP3. */

#include <string.h>
#include <time.h>

#include <osmocom/core/bit32gen.h>
#include <osmocom/core/timer.h>

#include "isupsim_pcap.h"

#define LINKTYPE_MTP3	141
#define SI_ISUP		5		/* Q.704 14.2.1 */
#define SIO_NI_SHIFT	6
#define ANSI_PC_BITS	24

FILE *sim_pcap_open(const char *path)
{
	static const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, sigfigs, snaplen, linktype;
	} head = { 0xa1b2c3d4, 2, 4, 0, 0, 65535, LINKTYPE_MTP3 };
	FILE *file = fopen(path, "wbe");

	if (file)
		fwrite(&head, sizeof(head), 1, file);
	return file;
}

/* SIO and routing label: Q.704 figure 3; ANSI T1.111.4 figure 3A. Returns their octets. */
static size_t put_head(uint8_t *buf, uint8_t pc_bits, uint8_t network_indicator, const struct isup_mtp_label *label)
{
	buf[0] = SI_ISUP | network_indicator << SIO_NI_SHIFT;
	if (pc_bits < ANSI_PC_BITS) {
		osmo_store32le((label->dpc & 0x3fff) | (label->opc & 0x3fff) << 14 | (uint32_t)(label->sls & 0xf) << 28,
			       buf + 1);
		return 5;
	}
	buf[0] |= (label->prio & 3) << 4;
	osmo_store32le(label->dpc, buf + 1);
	osmo_store32le(label->opc, buf + 4);
	buf[7] = label->sls;
	return 8;
}

void sim_pcap_write(FILE *file, const struct sim_peer *peer, const struct isup_mtp_label *label, const uint8_t *octets,
		    size_t len)
{
	uint8_t head[9];
	size_t head_len = put_head(head, peer->dialect->pc_bits, peer->mtp->network_indicator, label);
	struct timespec now;
	uint32_t record[4];

	osmo_clock_gettime(CLOCK_REALTIME, &now);
	record[0] = now.tv_sec;
	record[1] = now.tv_nsec / 1000;
	record[2] = record[3] = head_len + len;
	fwrite(record, sizeof(record), 1, file);
	fwrite(head, head_len, 1, file);
	fwrite(octets, len, 1, file);
}
