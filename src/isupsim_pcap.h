/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record of messages as a pcap file of MTP3 packets, as tshark and Wireshark read them. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "isup/isup_mtp.h"

/* Opens the file and writes its head; NULL with errno. */
FILE *sim_pcap_open(const char *path);
/* Appends one message; octets from the CIC on; pc_bits as in the dialect. */
void sim_pcap_write(FILE *file, uint8_t pc_bits, const struct isup_mtp_label *label, const uint8_t *octets, size_t len);
