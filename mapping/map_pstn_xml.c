/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PSTN XML: rows of octets and their bits, read and written by one walk over them. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/map_pstn_xml.h"
#include "mapping/map_subaddress.h"
#include "mapping/map_xml.h"

#define NAMESPACE "http://uri.etsi.org/ngn/params/xml/simservs/pstn"
#define FIELDS_MAX 6
#define TEXT_MAX 8192

/* One octet: its element, and its fields from the highest bit behind the extension bit on; a field without name is
 * spare. An octet is followed by others of its group where its extension bit is 0 (Q.931 4.5.1). */
struct octet_row {
	const char *name;
	uint8_t group;
	uint8_t protocol;		/* of octet 5 that it is for; 0: any */
	struct {
		const char *name;
		uint8_t bits;
	} fields[FIELDS_MAX];
};

/* Q.931 4.5.5; the names as in TS 29.163 Annex F, with their spelling */
static const struct octet_row bearer_rows[] = {
	{ "BCoctet3", 3, 0, { { "CodingStandard", 2 }, { "InformationTransferCabability", 5 } } },
	{ "BCoctet4", 4, 0, { { "TransferMode", 2 }, { "InformationTransferRate", 5 } } },
	{ "BCoctet5", 5, 0, { { "Layer1Identification", 2 }, { "UserInfoLayer1Protocol", 5 } } },
	{ "BCoctet5a", 5, 0, { { "SynchronousAsynchronous", 1 }, { "Negotiation", 1 }, { "UserRate", 5 } } },
	{ "BCoctet5bV110", 5, 1, { { "IntermediateRate", 2 }, { "NIConTX", 1 }, { "NIConRX", 1 },
				{ "FlowControlOnTX", 1 }, { "FlowControlOnRX", 1 }, { NULL, 1 } } },
	{ "BCoctet5c", 5, 0, { { "NumberOfStopBits", 2 }, { "NumberOfDataBits", 2 }, { "Parity", 3 } } },
	{ "BCoctet5d", 5, 0, { { "DuplexMode", 1 }, { "ModemType", 6 } } },
	{ "BCoctet6", 6, 0, { { "Layer2Identification", 2 }, { "UserInfoLayer2Protocol", 5 } } },
	{ "BCoctet7", 7, 0, { { "Layer3Identification", 2 }, { "UserInfoLayer3Protocol", 5 } } },
	{}
};

/* Q.931 4.5.17 */
static const struct octet_row hlc_rows[] = {
	{ "HLOctet3", 3, 0, { { "CodingStandard", 2 }, { "Interpretation", 3 }, { "PresentationMethod", 2 } } },
	{ "HLOctet4", 4, 0, { { "HighLayerCharacteristics", 7 } } },
	{}
};

/* Q.931 4.5.19 */
static const struct octet_row llc_rows[] = {
	{ "LLOctet3", 3, 0, { { "CodingStandard", 2 }, { "InformationTransferCapability", 5 } } },
	{ "LLOctet3a", 3, 0, { { "NegotiationIndicator", 1 }, { NULL, 6 } } },
	{ "LLOctet4", 4, 0, { { "TransferMode", 2 }, { "InformationTransferRate", 5 } } },
	{ "LLOctet5", 5, 0, { { "Layer1Identification", 2 }, { "UserInfoLayer1Protocol", 5 } } },
	{ "LLOctet6", 6, 0, { { "Layer2Identification", 2 }, { "UserInfoLayer2Protocol", 5 } } },
	{ "LLOctet7", 7, 0, { { "Layer3Identification", 2 }, { "UserInfoLayer3Protocol", 5 } } },
	{}
};

/* Q.931 4.5.23 */
static const struct octet_row progress_rows[] = {
	{ "ProgressOctet3", 3, 0, { { "CodingStandard", 2 }, { NULL, 1 }, { "Location", 4 } } },
	{ "ProgressOctet4", 4, 0, { { "ProgressDescription", 7 } } },
	{}
};

/* One element; tag: of Q.931, in an access transport parameter, 0: a parameter of its own; also: the tag by which it is
 * read there, too, where that parameter is not (Q.699: the one is what the network goes by, the other the user's) */
static const struct kind_row {
	const char *name;
	const struct octet_row *octets;
	uint8_t tag, par, also;
} kinds[] = {
	[MAP_PSTN_BEARER] = { "BearerInfoElement", bearer_rows, 0, ISUP_PAR_USI },
	[MAP_PSTN_HLC] = { "HighLayerCompatibility", hlc_rows, 0, ISUP_PAR_USER_TELESERVICE, 0x7d },
	[MAP_PSTN_LLC] = { "LowLayerCompatibility", llc_rows, 0x7c, ISUP_PAR_ACCESS_TRANSPORT },
	[MAP_PSTN_PROGRESS] = { "ProgressIndicator", progress_rows, 0x1e, ISUP_PAR_ACCESS_TRANSPORT },
};
osmo_static_assert(ARRAY_SIZE(kinds) == _MAP_PSTN_KINDS, kinds_complete);

/* The n-th element of a kind; NULL where there is no place for one more */
static struct map_pstn_element *element_of(struct map_pstn *pstn, enum map_pstn_kind kind, unsigned int n)
{
	switch (kind) {
	case MAP_PSTN_BEARER:
		return n ? NULL : &pstn->bearer;
	case MAP_PSTN_HLC:
		return n ? NULL : &pstn->hlc;
	case MAP_PSTN_LLC:
		return n ? NULL : &pstn->llc;
	default:
		return n < MAP_PSTN_PROGRESS_MAX ? &pstn->progress[n] : NULL;
	}
}

static struct map_pstn_element *free_element(struct map_pstn *pstn, enum map_pstn_kind kind)
{
	struct map_pstn_element *element;

	for (unsigned int n = 0; (element = element_of(pstn, kind, n)); n++) {
		if (!element->len)
			return element;
	}
	return NULL;
}

/* ---- Rows of octets ---- */

/* The row of the octet behind one in row last (NULL: the first): the next of its group where that goes on, else one of
 * a later group, which says its number in two of its bits from 5 on. NULL: there is none */
static const struct octet_row *next_row(const struct octet_row *rows, const struct octet_row *last, bool goes_on,
					uint8_t octet)
{
	unsigned int group;

	if (!last)
		return rows;
	if (goes_on)
		return last[1].name && last[1].group == last->group ? last + 1 : NULL;
	group = last->group == 3 ? 4 : 4 + (octet >> 5 & 3);
	for (last++; last->name; last++) {
		if (last->group == group)
			return last;
	}
	return NULL;
}

/* Which row each octet has. Returns how many have one, up to the first that has none. */
static unsigned int find_rows(const struct octet_row *rows, const struct map_pstn_element *element,
			      const struct octet_row **found)
{
	const struct octet_row *row = NULL;
	uint8_t layer1 = 0;
	unsigned int i;

	for (i = 0; i < element->len; i++) {
		row = next_row(rows, row, i && !(element->octets[i - 1] & 0x80), element->octets[i]);
		if (!row || (row->protocol && row->protocol != layer1))
			break;
		if (row->group == 5 && (!i || found[i - 1]->group != 5))
			layer1 = element->octets[i] & 0x1f;
		found[i] = row;
	}
	return i;
}

/* ---- Read ---- */

struct reader {
	char *err;
	size_t err_size;
};

/* A field's bits, as characters: 0, -EINVAL */
static int read_field(const struct reader *r, const struct map_xml_node *octet, const char *name, unsigned int bits,
		      uint8_t *value)
{
	const struct map_xml_node *node = map_xml_first(octet, name);
	const char *text = node ? map_xml_text(node) : "";

	if (strlen(text) != bits || strspn(text, "01") != bits)
		return map_xml_fail(node ? : octet, r->err, r->err_size, "%s: %s of %u bits is wanted",
				    map_xml_name(octet), name, bits);
	for (*value = 0; *text; text++)
		*value = *value << 1 | (*text - '0');
	return 0;
}

static int read_octet(const struct reader *r, const struct map_xml_node *node, const struct octet_row *row,
		      uint8_t *octet)
{
	unsigned int shift = 7;
	uint8_t value = 0;

	*octet = 0;
	for (unsigned int i = 0; i < FIELDS_MAX && row->fields[i].bits; i++) {
		shift -= row->fields[i].bits;
		if (!row->fields[i].name)
			continue;
		if (read_field(r, node, row->fields[i].name, row->fields[i].bits, &value) < 0)
			return -EINVAL;
		*octet |= value << shift;
	}
	return 0;
}

/* What is read is what the octets say: octet 5a behind octet 5, 5b for its protocol, each with its own number. */
static int check_octets(const struct reader *r, const struct map_xml_node *const *nodes,
			const struct octet_row *const *read, const struct octet_row *rows,
			const struct map_pstn_element *element)
{
	const struct octet_row *found[MAP_PSTN_OCTETS_MAX];
	unsigned int n = find_rows(rows, element, found);

	for (unsigned int i = 0; i < element->len; i++) {
		if (i >= n || found[i] != read[i])
			return map_xml_fail(nodes[i], r->err, r->err_size, "%s cannot be here, or says that it is "
					    "another", read[i]->name);
	}
	return 0;
}

/* Octets in their order, whatever that of the document; the last of each group has its extension bit. */
static int read_element(const struct reader *r, const struct map_xml_node *node, const struct octet_row *rows,
			struct map_pstn_element *element)
{
	const struct map_xml_node *nodes[MAP_PSTN_OCTETS_MAX];
	const struct octet_row *read[MAP_PSTN_OCTETS_MAX];
	bool has_4 = false;
	unsigned int n = 0;

	for (const struct octet_row *row = rows; row->name; row++) {
		nodes[n] = map_xml_first(node, row->name);
		if (!nodes[n])
			continue;
		if (read_octet(r, nodes[n], row, &element->octets[n]) < 0)
			return -EINVAL;
		has_4 |= row->group == 4;
		read[n++] = row;
	}
	for (unsigned int i = 0; i < n; i++)
		element->octets[i] |= i + 1 == n || read[i]->group != read[i + 1]->group ? 0x80 : 0;
	if (!has_4 || read[0] != rows)
		return map_xml_fail(node, r->err, r->err_size, "%s needs its octets 3 and 4", map_xml_name(node));
	element->len = n;
	return check_octets(r, nodes, read, rows, element);
}

static int read_root(const struct reader *r, const struct map_xml_node *root, struct map_pstn *pstn)
{
	const struct map_xml_node *node;
	struct map_pstn_element *element;

	if (!map_xml_is(root, "PSTN"))
		return map_xml_fail(root, r->err, r->err_size, "'%s' is not PSTN", map_xml_name(root));
	for (node = map_xml_first(root, NULL); node; node = map_xml_next(node, NULL)) {
		for (enum map_pstn_kind kind = 0; kind < _MAP_PSTN_KINDS; kind++) {
			if (!map_xml_is(node, kinds[kind].name) || !(element = free_element(pstn, kind)))
				continue;
			if (read_element(r, node, kinds[kind].octets, element) < 0)
				return -EINVAL;
			break;
		}
	}
	return 0;
}

int map_pstn_read(struct map_pstn *pstn, const char *text, size_t len, char *err, size_t err_size)
{
	const struct reader r = { .err = err, .err_size = err_size };
	struct map_xml *doc = NULL;
	int rc = -EINVAL;

	memset(pstn, 0, sizeof(*pstn));
	if (len <= TEXT_MAX)
		doc = map_xml_parse(NULL, MAP_PSTN_TYPE, text, len, NULL, err, err_size);
	else
		snprintf(err, err_size, "%zu octets are too many", len);
	if (doc)
		rc = read_root(&r, map_xml_root(doc), pstn);
	talloc_free(doc);
	return rc < 0 ? -EBADMSG : 0;
}

/* ---- Write ---- */

static void put_tag(struct sip_buf *buf, const char *open, const char *name)
{
	sip_put_z(buf, open);
	sip_put_z(buf, name);
	sip_put_char(buf, '>');
}

static void put_octet(struct sip_buf *buf, const struct octet_row *row, uint8_t octet)
{
	unsigned int shift = 7;

	put_tag(buf, "<", row->name);
	for (unsigned int i = 0; i < FIELDS_MAX && row->fields[i].bits; i++) {
		unsigned int bits = row->fields[i].bits;

		shift -= bits;
		if (!row->fields[i].name)
			continue;
		put_tag(buf, "<", row->fields[i].name);
		while (bits--)
			sip_put_char(buf, octet >> (shift + bits) & 1 ? '1' : '0');
		put_tag(buf, "</", row->fields[i].name);
	}
	put_tag(buf, "</", row->name);
}

static void put_element(struct sip_buf *buf, const struct kind_row *kind, const struct map_pstn_element *element)
{
	const struct octet_row *rows[MAP_PSTN_OCTETS_MAX];

	if (element->len < 2 || find_rows(kind->octets, element, rows) < element->len)
		return;
	put_tag(buf, "<", kind->name);
	for (unsigned int i = 0; i < element->len; i++)
		put_octet(buf, rows[i], element->octets[i]);
	put_tag(buf, "</", kind->name);
}

void map_pstn_write(struct sip_buf *buf, const struct map_pstn *pstn)
{
	struct sip_buf start = *buf;
	const char *head;

	sip_put_lit(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<PSTN xmlns=\"" NAMESPACE "\">");
	head = buf->p;
	for (enum map_pstn_kind kind = 0; kind < _MAP_PSTN_KINDS; kind++) {
		const struct map_pstn_element *element;

		for (unsigned int n = 0; (element = element_of((struct map_pstn *)pstn, kind, n)); n++)
			put_element(buf, &kinds[kind], element);
	}
	if (buf->p == head)
		*buf = start;
	else
		sip_put_lit(buf, "</PSTN>\r\n");
}

/* ---- ISUP ---- */

static void take(struct map_pstn_element *element, const uint8_t *octets, size_t len)
{
	if (!element || !len || len > sizeof(element->octets))
		return;
	memcpy(element->octets, octets, len);
	element->len = len;
}

static bool is_kind(const struct kind_row *kind, uint8_t tag)
{
	return (kind->tag && kind->tag == tag) || (kind->also && kind->also == tag);
}

bool map_pstn_has_element(uint8_t tag)
{
	for (enum map_pstn_kind kind = 0; kind < _MAP_PSTN_KINDS; kind++) {
		if (is_kind(&kinds[kind], tag))
			return true;
	}
	return false;
}

static void take_access_transport(struct map_pstn *pstn, const struct isup_msg *msg)
{
	struct map_access access;

	map_access_init(&access, msg);
	while (map_access_next(&access)) {
		for (enum map_pstn_kind kind = 0; kind < _MAP_PSTN_KINDS; kind++) {
			if (is_kind(&kinds[kind], access.tag))
				take(free_element(pstn, kind), access.contents, access.len);
		}
	}
}

void map_pstn_of_isup(struct map_pstn *pstn, const struct isup_msg *msg)
{
	const struct isup_par *par;

	memset(pstn, 0, sizeof(*pstn));
	for (enum map_pstn_kind kind = 0; kind < _MAP_PSTN_KINDS; kind++) {
		par = kinds[kind].tag ? NULL : isup_msg_find(msg, kinds[kind].par);
		if (par)
			take(element_of(pstn, kind, 0), par->val, par->len);
	}
	take_access_transport(pstn, msg);
}

static int put_access_transport(struct isup_msg *msg, const struct map_pstn *pstn)
{
	uint8_t octets[(1 + MAP_PSTN_PROGRESS_MAX) * (2 + MAP_PSTN_OCTETS_MAX)], *p = octets;
	const struct map_pstn_element *element;

	for (enum map_pstn_kind kind = 0; kind < _MAP_PSTN_KINDS; kind++) {
		for (unsigned int n = 0; kinds[kind].tag && (element = element_of((struct map_pstn *)pstn, kind, n));
		     n++) {
			if (!element->len)
				continue;
			*p++ = kinds[kind].tag;
			*p++ = element->len;
			memcpy(p, element->octets, element->len);
			p += element->len;
		}
	}
	return p == octets || isup_msg_find(msg, ISUP_PAR_ACCESS_TRANSPORT) ? 0 :
	       isup_msg_put_octets(msg, ISUP_PAR_ACCESS_TRANSPORT, octets, p - octets);
}

int map_pstn_to_isup(struct isup_msg *msg, const struct map_pstn *pstn)
{
	for (enum map_pstn_kind kind = 0; msg->type == ISUP_MSG_IAM && kind < _MAP_PSTN_KINDS; kind++) {
		const struct map_pstn_element *element = element_of((struct map_pstn *)pstn, kind, 0);

		if (kinds[kind].tag || !element->len || isup_msg_find(msg, kinds[kind].par))
			continue;
		if (isup_msg_put_octets(msg, kinds[kind].par, element->octets, element->len) < 0)
			return -ENOSPC;
	}
	return put_access_transport(msg, pstn);
}
