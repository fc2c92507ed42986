/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things stand in the text of an XML document: lines and columns, which libxml2's tree does not have. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both from 1; a column counts characters, a tab is one. */
struct map_xml_place {
	uint32_t line, column;
};

/* A walk over a text in UTF-8 that is known to be well-formed. No '<' stands in an attribute's value, so every one
 * begins a tag, a comment, an instruction or a CDATA section. */
struct map_xml_scan {
	const char *p, *end;
	struct map_xml_place place;	/* of p */
	bool in_tag;			/* p is what map_xml_scan_tag() found */
};

/* A byte order mark takes no column. */
void map_xml_scan_init(struct map_xml_scan *scan, const char *text, size_t len);
/* To the next '<' of a start tag, or of a document type, behind the one that it stands at. false: there is none */
bool map_xml_scan_tag(struct map_xml_scan *scan);
/* From the '<' of a start tag to the name of one of its attributes. false: it has no such; the walk is where it was */
bool map_xml_scan_attr(struct map_xml_scan *scan, const char *name);
/* To the one behind the first max ones. false: there are no more. For texts that may not be well-formed, too */
bool map_xml_scan_attrs(struct map_xml_scan *scan, unsigned int max);
/* From the '<' of a start tag to what stands in the element, behind blanks. false: nothing, or elements only */
bool map_xml_scan_text(struct map_xml_scan *scan);
