/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calling party's name: generic name of ANSI T1.113 to display name, and back (RFC 3398 12.1). */

#include <string.h>

#include "isup/isup_t113.h"
#include "mapping/map_name.h"

#define TYPE_CALLING	1		/* T1.113.3 generic name: type of name */

static void add(struct map_caller_name *name, char c)
{
	size_t len = strlen(name->text);

	if (len < MAP_NAME_MAX && (len || c != ' '))
		name->text[len] = c;
}

static void trim(struct map_caller_name *name)
{
	for (size_t len = strlen(name->text); len && name->text[len - 1] == ' '; len--)
		name->text[len - 1] = '\0';
}

void map_name_from_isup(struct map_caller_name *name, const struct isup_msg *iam)
{
	struct isup_headed par;

	if (!isup_msg_find(iam, ISUP_PAR_GENERIC_NAME) || isup_msg_get(iam, ISUP_PAR_GENERIC_NAME, &par) ||
	    par.type != TYPE_CALLING || par.encoding)
		return;
	*name = (struct map_caller_name){ .restricted = par.presentation != ISUP_APRI_ALLOWED };
	for (size_t i = 0; i < par.n_content; i++)
		add(name, par.content[i] >= ' ' && par.content[i] < 0x7f ? par.content[i] : '?');
	trim(name);
}

/* A character of UTF-8 has one octet that does not go on with another: below 0x80 or from 0xc0 on. */
void map_name_from_display(struct map_caller_name *name, struct sip_str display)
{
	*name = (struct map_caller_name){};
	for (size_t i = 0; i < display.len; i++) {
		unsigned char c = display.p[i];

		if (c == '\\' && i + 1 < display.len)
			c = display.p[++i];
		if (c >= ' ' && c < 0x7f)
			add(name, c);
		else if (c >= 0xc0)
			add(name, '?');
		else if (c == '\t' || c == '\r' || c == '\n')
			add(name, ' ');
	}
	trim(name);
}

int map_name_put(struct isup_msg *iam, const struct map_caller_name *name)
{
	struct isup_headed par = {
		.type = TYPE_CALLING,
		.presentation = name->restricted ? ISUP_APRI_RESTRICTED : ISUP_APRI_ALLOWED,
		.n_content = strlen(name->text),
	};

	if (!par.n_content || !isup_par_def(iam->dialect, ISUP_PAR_GENERIC_NAME))
		return 0;
	memcpy(par.content, name->text, par.n_content);
	return isup_msg_put(iam, ISUP_PAR_GENERIC_NAME, &par);
}
