/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes of calls that name a trunk group, RFC 4904. */

#include <string.h>
#include <strings.h>

#include "mapping/route.h"

/* A label alone suits in any context. They are compared as parameters of URIs are, whatever the case. */
static bool suits(const char *wanted, const char *is)
{
	size_t len = strlen(wanted);

	return !*wanted || (is && !strncasecmp(wanted, is, len) && (!is[len] || (is[len] == '@' &&
								    !strchr(wanted, '@'))));
}

bool route_trunks_suit(const struct route_trunks *trunks, const struct route_query *query)
{
	return suits(trunks->called, query->tgrp) && suits(trunks->contact, query->contact_tgrp);
}

bool route_trunks_same(const struct route_trunks *a, const struct route_trunks *b)
{
	return a && b ? !strcasecmp(a->called, b->called) && !strcasecmp(a->contact, b->contact) : a == b;
}
