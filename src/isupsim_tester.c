/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The upper tester as a program: a command a line to its stdin, an answer a line from its stdout. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "isupsim_engine.h"
#include "isupsim_tester.h"
#include "log_cats.h"

struct program {
	struct sim_tester tester;	/* first */
	struct osmo_fd fd;
	pid_t pid;
	char line[1024];
	size_t len;
};

static int command(struct sim_tester *tester, const char *text, char *err, size_t err_size)
{
	struct program *program = (struct program *)tester;
	char *line = talloc_asprintf(OTC_SELECT, "%s\n", text);
	size_t len = strlen(line);

	if (program->fd.fd < 0) {
		snprintf(err, err_size, "it has ended");
		return -EPIPE;
	}
	/* a command is far shorter than what the socket takes */
	if (send(program->fd.fd, line, len, MSG_NOSIGNAL) == (ssize_t)len) {
		tester->n_unanswered++;
		return -EINPROGRESS;
	}
	snprintf(err, err_size, "%s", strerror(errno));
	return -EPIPE;
}

static void rx_told(struct program *program, const char *text)
{
	struct isup_msg msg;
	char err[160];

	if (isup_msg_scan(&msg, &isup_dialect_itu, text, err, sizeof(err)) < 0) {
		LOGP(DSIM, LOGL_ERROR, "upper tester: '%s': %s\n", text, err);
		return;
	}
	program->tester.indicates = true;
	sim_tester_told(&program->tester, &msg);
}

static void rx_line(struct program *program, const char *line)
{
	if (strcmp(line, "ok") == 0)
		sim_tester_done(&program->tester, NULL);
	else if (strcmp(line, "unsupported") == 0)
		sim_tester_done(&program->tester, line);
	else if (strncmp(line, "error ", 6) == 0)
		sim_tester_done(&program->tester, line + 6);
	else if (strncmp(line, "told ", 5) == 0)
		rx_told(program, line + 5);
	else if (strcmp(line, "indicates") == 0)
		program->tester.indicates = true;
	else
		LOGP(DSIM, LOGL_ERROR, "upper tester: '%s' is none of ok, unsupported, error, told, indicates\n", line);
}

static void rx_lines(struct program *program)
{
	char *end;

	while ((end = memchr(program->line, '\n', program->len))) {
		size_t used = end + 1 - program->line;
		char line[sizeof(program->line)];

		osmo_strlcpy(line, program->line, used);
		program->len -= used;
		memmove(program->line, end + 1, program->len);
		rx_line(program, line);
	}
	if (program->len == sizeof(program->line))
		program->len = 0;
}

static int readable(struct osmo_fd *ofd, unsigned int what)
{
	struct program *program = ofd->data;
	ssize_t len = read(ofd->fd, program->line + program->len, sizeof(program->line) - program->len);

	if (len < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (len <= 0) {
		LOGP(DSIM, LOGL_ERROR, "upper tester: it has ended\n");
		osmo_fd_close(ofd);
		program->tester.n_unanswered = 0;
		sim_tester_done(&program->tester, "it has ended");
		return 0;
	}
	program->len += len;
	rx_lines(program);
	return 0;
}

static int destructor(struct program *program)
{
	if (program->fd.fd >= 0)
		osmo_fd_close(&program->fd);
	if (program->pid > 0) {
		kill(program->pid, SIGTERM);
		waitpid(program->pid, NULL, 0);
	}
	return 0;
}

static void run_child(int fd, const char *command_line)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	execl("/bin/sh", "sh", "-c", command_line, NULL);
	_exit(127);
}

struct sim_tester *sim_tester_run(void *ctx, const char *command_line, char *err, size_t err_size)
{
	struct program *program = talloc_zero(ctx, struct program);
	int fds[2];

	if (!program || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		snprintf(err, err_size, "%s: %s", command_line, strerror(errno));
		talloc_free(program);
		return NULL;
	}
	program->tester.command = command;
	osmo_fd_setup(&program->fd, fds[0], OSMO_FD_READ, readable, program, 0);
	talloc_set_destructor(program, destructor);
	program->pid = fork();
	if (program->pid == 0)
		run_child(fds[1], command_line);
	close(fds[1]);
	if (program->pid > 0 && osmo_fd_register(&program->fd) == 0)
		return &program->tester;
	snprintf(err, err_size, "%s: %s", command_line, strerror(errno));
	talloc_free(program);
	return NULL;
}
