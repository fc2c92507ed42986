/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of the live screen, as SIPp users know them. */

#include <termios.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/utils.h>

#include "isupsim_run.h"

static struct termios as_found;
static struct osmo_fd keyboard = { .fd = -1 };

static void change_rate(struct sim_run *run, double change)
{
	sim_run_set_rate(run, run->opt.rate + change);
}

static void toggle_pause(struct sim_run *run, double change)
{
	sim_run_pause(run, !run->paused);
}

static void stop(struct sim_run *run, double change)
{
	sim_run_stop(run, false);
}

static void stop_at_once(struct sim_run *run, double change)
{
	sim_run_stop(run, true);
}

static const struct key_row {
	char key;
	void (*cb)(struct sim_run *run, double change);
	double change;			/* of the rate */
} key_rows[] = {
	{ '+', change_rate, 1 },
	{ '-', change_rate, -1 },
	{ '*', change_rate, 10 },
	{ '/', change_rate, -10 },
	{ 'p', toggle_pause, 0 },
	{ 'q', stop, 0 },
	{ 'Q', stop_at_once, 0 },
};

static int readable(struct osmo_fd *ofd, unsigned int what)
{
	struct sim_run *run = ofd->data;
	char keys[16];
	ssize_t n = read(ofd->fd, keys, sizeof(keys));

	if (n <= 0)
		osmo_fd_unregister(ofd);
	for (ssize_t at = 0; at < n; at++) {
		for (size_t i = 0; i < ARRAY_SIZE(key_rows); i++) {
			if (key_rows[i].key == keys[at])
				key_rows[i].cb(run, key_rows[i].change);
		}
	}
	if (n > 0)
		sim_screen_show(run);
	return 0;
}

void sim_keys_begin(struct sim_run *run)
{
	struct termios wanted;

	if (!sim_screen_is_live(run) || tcgetattr(STDIN_FILENO, &as_found) < 0 ||
	    tcgetpgrp(STDIN_FILENO) != getpgrp())
		return;
	wanted = as_found;
	wanted.c_lflag &= ~(ICANON | ECHO);
	wanted.c_cc[VMIN] = 1;
	wanted.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &wanted);
	osmo_fd_setup(&keyboard, STDIN_FILENO, OSMO_FD_READ, readable, run, 0);
	osmo_fd_register(&keyboard);
}

void sim_keys_end(void)
{
	if (keyboard.fd < 0)
		return;
	osmo_fd_unregister(&keyboard);
	tcsetattr(STDIN_FILENO, TCSANOW, &as_found);
}
