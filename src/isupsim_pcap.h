/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record of messages as a pcap file of MTP3 packets, as tshark and Wireshark read them. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "isupsim_engine.h"

/* Opens the file and writes its head; NULL with errno. */
FILE *sim_pcap_open(const char *path);
/* Appends one message; octets from the CIC on. The peer says how long point codes are, and in which network. */
void sim_pcap_write(FILE *file, const struct sim_peer *peer, const struct isup_mtp_label *label, const uint8_t *octets,
		    size_t len);
