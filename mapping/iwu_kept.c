/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that a call keeps: the one that began it, for further attempts; the one of the answer, for later. */
#include <errno.h>
#include <string.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>

#include "mapping/iwu.h"

struct iwu_kept *iwu_kept_alloc(void *ctx, const void *octets, size_t len)
{
	struct iwu_kept *kept = talloc_size(ctx, sizeof(*kept) + len);

	if (!kept)
		return NULL;
	kept->len = len;
	memcpy(kept->octets, octets, len);
	return kept;
}

bool iwu_kept_decode(const struct iwu *iwu, struct isup_msg *msg, const struct iwu_kept *kept)
{
	return kept && iwu->isup &&
	       isup_msg_decode(msg, isup_call_dialect(iwu->isup), kept->octets, kept->len, NULL) == 0;
}

int iwu_setup_keep(struct iwu *iwu, const void *octets, size_t len)
{
	if (!iwu->setup)
		iwu->setup = iwu_kept_alloc(iwu, octets, len);
	if (iwu->setup)
		return 0;
	LOGPFSML(iwu->fi, LOGL_ERROR, "no memory to keep the first message\n");
	return -ENOMEM;
}

int iwu_setup_replace(struct iwu *iwu, const void *octets, size_t len)
{
	TALLOC_FREE(iwu->setup);
	return iwu_setup_keep(iwu, octets, len);
}

void iwu_setup_drop(struct iwu *iwu)
{
	TALLOC_FREE(iwu->setup);
	iwu_routes_drop(iwu);
}

void iwu_keep_isup(struct iwu *iwu, const struct isup_msg *msg)
{
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
	int len = isup_msg_encode(msg, octets, sizeof(octets));

	if (len > 0)
		iwu_setup_keep(iwu, octets, len);
}
