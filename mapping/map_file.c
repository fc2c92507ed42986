/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a file whole. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/map_file.h"

#define PIPE_FIRST 4096			/* room for what a pipe gives; then twice as much, and so on */

/* The sentence that says why not, NULL where there is none */
static const char *look(int fd, size_t max, struct stat *st)
{
	if (fd < 0 || fstat(fd, st) < 0)
		return strerror(errno);
	if (S_ISDIR(st->st_mode))
		return strerror(EISDIR);
	if (!S_ISREG(st->st_mode))
		return "is no file, but a device or pipe";
	return st->st_size > (off_t)max ? "" : NULL;
}

static int take(int fd, char *text, size_t size, size_t *len)
{
	ssize_t n;

	for (*len = 0; *len < size; *len += n) {
		n = read(fd, text + *len, size - *len);
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
	}
	return 0;
}

static void tell_too_long(const char *path, size_t max, char *err, size_t err_size)
{
	snprintf(err, err_size, "%s: longer than %zu MiB", path, max / 1024 / 1024);
}

/* O_NONBLOCK: opening a pipe that nobody writes into does not wait. */
char *map_file_read(void *ctx, const char *path, size_t max, size_t *len, char *err, size_t err_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;
	struct stat st;
	const char *why = look(fd, max, &st);
	char *text = NULL;

	if (why && !*why)
		tell_too_long(path, max, err, err_size);
	else if (why)
		snprintf(err, err_size, "%s: %s", path, why);
	else
		text = talloc_size(ctx, st.st_size + 1);
	rc = text ? take(fd, text, st.st_size, len) : 0;
	if (rc < 0) {
		snprintf(err, err_size, "%s: %s", path, strerror(-rc));
		TALLOC_FREE(text);
	}
	if (fd >= 0)
		close(fd);
	return text;
}

/* All up to the end; one octet more than max is too long. Returns the text, NULL with errno. */
static char *take_all(void *ctx, int fd, size_t max, size_t *len)
{
	size_t size = 0, n = 0;
	char *text = NULL;
	int rc = 0;

	for (*len = 0; rc == 0 && *len == size && *len <= max; *len += n) {
		size = OSMO_MIN(size ? 2 * size : PIPE_FIRST, max + 1);
		text = talloc_realloc_size(ctx, text, size + 1);
		rc = take(fd, text + *len, size - *len, &n);
	}
	if (rc == 0 && *len <= max)
		return text;
	talloc_free(text);
	errno = rc < 0 ? -rc : EFBIG;
	return NULL;
}

char *map_file_read_pipe(void *ctx, const char *path, size_t max, size_t *len, char *err, size_t err_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text = fd < 0 ? NULL : take_all(ctx, fd, max, len);

	if (!text && errno == EFBIG)
		tell_too_long(path, max, err, err_size);
	else if (!text)
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return text;
}
