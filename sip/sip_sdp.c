/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placeholder. */

typedef int not_empty;
