/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ladder files: what they say of the media gateway. */
#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "fakes.h"
#include "ladder_words.h"

static int errno_by_name(const char *name)
{
	static const struct value_string names[] = {
		{ -EBADMSG, "EBADMSG" },
		{ -EPROTONOSUPPORT, "EPROTONOSUPPORT" },
		{ -EIO, "EIO" },
		{ -ENOSPC, "ENOSPC" },
		{}
	};

	return get_string_value(names, name);
}

bool ladder_media(char **arg)
{
	if (!strcmp(arg[1], "async") || !strcmp(arg[1], "sync"))
		fake_media_set_async(arg[1][0] == 'a');
	else if (!strcmp(arg[1], "data"))
		fake_media_set_data(true);
	else if (!strcmp(arg[1], "fax"))
		fake_media_set_fax(true);
	else if (!strcmp(arg[1], "wants"))
		fake_media_event(arg[2] && !strcmp(arg[2], "t38") ? MEDIA_EV_WANTS_T38 : MEDIA_EV_WANTS_AUDIO);
	else if (!strcmp(arg[1], "trace"))
		fake_media_set_trace(true);
	else if (!strcmp(arg[1], "done"))
		fake_media_event(MEDIA_EV_DONE);
	else if (!strcmp(arg[1], "failed"))
		fake_media_event(MEDIA_EV_FAILED);
	else if (!strcmp(arg[1], "fail") && arg[3])
		fake_media_fail(arg[2], errno_by_name(arg[3]));
	else
		return false;
	return true;
}
